import express from 'express';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ActivityKind, activityKinds } from '../../contract/activities.ts';
import { sql } from '../db/sql.ts';
import { mount } from '../http/route.ts';
import { makeApp, somebody } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { eraseActivities } from '../testing/erase-activities.ts';
import { insertEstablishments, insertSquareCommunes } from '../testing/province.ts';
import { activityRoutes } from './routes.ts';

// Communes 10001 and 10002 stand side by side, 0.1° wide, from 106° E, 20° N. The clock stands at 1 November 2026, 08:00.

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002']);
  await insertEstablishments(db, [
    { licenseNumber: 'GP-1', communeCode: '10001' },
    { licenseNumber: 'GP-2', communeCode: '10002', activeFrom: '2024-01-01', activeTo: '2026-06-30' },
  ]);
  await db.write((tx) =>
    tx.execute(sql`
      insert into schools (reference, name, kind, commune_code, students, geom)
      select 'S-1', 'THPT Hoa Lư', 'upper-secondary', code, 400, label_point from communes where code = '10001'`),
  );
});
beforeEach(() => db.write(eraseActivities));
afterAll(() => db.close());

const api = () => request(makeApp({ db }));

// The cell of resolution 7 that holds 106.05° E, 20.05° N, the middle of commune 10001.
const middleCell = '874143802ffffff';

const good = {
  outreach: {
    heldOn: '2026-10-05',
    form: 'direct',
    audience: 'students',
    communeCode: '10001',
    place: { collection: 'schools', reference: 'S-1' },
    attendance: 120,
  },
  inspections: {
    inspectedOn: '2026-05-20',
    licenseNumber: 'GP-1',
    teamLevel: 'province',
    outcome: 'no-violation',
    ground: 'planned',
  },
  reports: {
    receivedOn: '2026-10-01',
    dueOn: '2026-10-21',
    status: 'received',
    resolvedOn: null,
    communeCode: '10001',
    position: [106.05, 20.05],
  },
  'commune-plans': {
    communeCode: '10001',
    year: 2026,
    issuedOn: '2026-01-15',
    integratedWith: ['hiv-aids', 'drug-control'],
  },
  training: {
    heldOn: '2026-03-03',
    communeCode: '10001',
    unit: 'UBND xã Gia Viễn',
    officersAttending: 9,
    officersInPost: 12,
  },
  'press-items': { publishedOn: '2026-02-02', outletLevel: 'local', communeCode: '10001' },
} as const satisfies Record<ActivityKind, object>;

/** What a correction changes, and what the record then says. */
const corrections: Record<ActivityKind, Record<string, unknown>> = {
  outreach: { attendance: 98 },
  inspections: { outcome: 'administrative' },
  reports: { status: 'resolved', resolvedOn: '2026-10-10' },
  'commune-plans': { integratedWith: ['drug-control', 'hiv-aids', 'social-security', 'socio-economic'] },
  training: { officersAttending: 12 },
  'press-items': { outletLevel: 'central' },
};

const path = (kind: ActivityKind, rest = '') => `/api/activities/${kind}${rest}`;
const record = (kind: ActivityKind, body: object = good[kind], key?: string) => {
  const asked = api().post(path(kind)).send(body);
  return key === undefined ? asked : asked.set('Idempotency-Key', key);
};
const recorded = async (kind: ActivityKind, body: object = good[kind]) => {
  const { status, body: answer } = await record(kind, body);
  expect([status, answer.detail]).toEqual([201, undefined]);
  return answer;
};
const change = (kind: ActivityKind, id: number, version: number | string, body: object) =>
  api()
    .put(path(kind, `/${id}`))
    .set('If-Match', typeof version === 'number' ? `"${version}"` : version)
    .send(body);
const withdraw = (kind: ActivityKind, id: number, version: number, reason = 'mistaken') =>
  api()
    .post(path(kind, `/${id}/withdrawal`))
    .set('If-Match', `"${version}"`)
    .send({ reason });
const without = <Body extends object>(body: Body, ...names: string[]) =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
const countOf = async (table: string) =>
  (
    await db.read((tx) =>
      tx.row(z.object({ n: z.number() }), sql`select count(*) as n from ${sql.identifier(table)}`),
    )
  ).n;

describe.each([...activityKinds])('%s', (kind) => {
  it('is recorded, corrected and withdrawn, and its history keeps all of it', async () => {
    const created = await record(kind);
    expect(created.status).toBe(201);
    const { id } = created.body;
    expect(created.headers.location).toBe(path(kind, `/${id}`));
    expect(created.body).toMatchObject({
      version: 1,
      recorded: { by: 'test' },
      changed: null,
      withdrawn: null,
    });
    expect(created.body.simulated).toBe(false);
    const sent = without(good[kind], 'position', 'integratedWith');
    expect(created.body.record).toMatchObject(sent);

    const read = await api().get(path(kind, `/${id}`));
    expect(read.status).toBe(200);
    expect(read.body).toEqual(created.body);
    expect(read.headers.etag).toBe(created.headers.etag);
    const again = await api()
      .get(path(kind, `/${id}`))
      .set('If-None-Match', read.headers.etag as string);
    expect(again.status).toBe(304);

    const corrected = await change(kind, id, read.headers.etag as string, {
      ...good[kind],
      ...corrections[kind],
    });
    expect(corrected.status).toBe(200);
    expect(corrected.body).toMatchObject({ version: 2, changed: { by: 'test' } });
    expect(corrected.body.record).toMatchObject(corrections[kind]);

    const withdrawn = await withdraw(kind, id, 2, 'duplicate');
    expect(withdrawn.status).toBe(200);
    expect(withdrawn.body).toMatchObject({ version: 3, withdrawn: { by: 'test', reason: 'duplicate' } });
    const twice = await withdraw(kind, id, 3);
    expect([twice.status, twice.body.version]).toEqual([409, 3]);
    const late = await change(kind, id, 3, good[kind]);
    expect(late.status).toBe(409);

    const history = await api().get(path(kind, `/${id}/history`));
    expect(
      history.body.versions.map((v: { version: number; change: string }) => [v.version, v.change]),
    ).toEqual([
      [3, 'withdrawn'],
      [2, 'corrected'],
      [1, 'recorded'],
    ]);
    expect(history.body.versions[2].record).toEqual(created.body.record);
    expect(history.body.versions[1].record).toEqual(corrected.body.record);
    expect(history.body.versions[2].withdrawn).toBeNull();

    const standing = await api().get(path(kind));
    expect([standing.body.matched, standing.body.items]).toEqual([0, []]);
    const only = await api().get(path(kind, '?withdrawn=only'));
    expect(only.body.items.map((item: { id: number }) => item.id)).toEqual([id]);
  });

  it('lets the second of two people who change it at once know', async () => {
    const { id } = await recorded(kind);
    const corrected = { ...good[kind], ...corrections[kind] };
    const [one, two] = await Promise.all([change(kind, id, 1, corrected), withdraw(kind, id, 1)]);
    expect([one.status, two.status].sort()).toEqual(one.status === 200 ? [200, 412] : [200, 409]);
    const loser = one.status === 200 ? two : one;
    expect(loser.body.version).toBe(2);
    expect(loser.body.remedy).toBeTruthy();
  });

  it('needs the version that is to be changed', async () => {
    const { id } = await recorded(kind);
    const bare = await api()
      .put(path(kind, `/${id}`))
      .send(good[kind]);
    expect([bare.status, bare.body.where]).toEqual([428, 'header If-Match']);
    expect((await change(kind, id, '*', good[kind])).status).toBe(428);
    expect((await change(kind, id, 'three', good[kind])).status).toBe(400);
    const other = await change(kind, id, '"7", "8"', { ...good[kind], ...corrections[kind] });
    expect([other.status, other.body.version]).toEqual([412, 1]);
    const bareWithdrawal = await api()
      .post(path(kind, `/${id}/withdrawal`))
      .send({ reason: 'trial' });
    expect(bareWithdrawal.status).toBe(428);
    expect((await api().get(path(kind, `/${id}`))).body.version).toBe(1);
  });

  it('takes a tag that a proxy made weak, and a list of versions', async () => {
    const { id } = await recorded(kind);
    const weak = await change(kind, id, 'W/"1-abc"', { ...good[kind], ...corrections[kind] });
    expect([weak.status, weak.body.version]).toEqual([200, 2]);
    expect((await change(kind, id, '"1", "2"', good[kind])).body.version).toBe(3);
  });

  it('makes no version of a correction that changes nothing, nor of one sent twice', async () => {
    const { id } = await recorded(kind);
    const same = await change(kind, id, 1, good[kind]);
    expect([same.status, same.body.version]).toEqual([200, 1]);
    const corrected = { ...good[kind], ...corrections[kind] };
    expect((await change(kind, id, 1, corrected)).body.version).toBe(2);
    const resent = await change(kind, id, 1, corrected);
    expect([resent.status, resent.body.version]).toEqual([200, 2]);
  });

  it('makes one row of twenty sends at once with one key, all answered alike', async () => {
    const key = `key-${kind}-twenty`;
    const app = makeApp({ db });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        request(app).post(path(kind)).set('Idempotency-Key', key).send(good[kind]),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(1);
    expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect((await api().get(path(kind))).body.matched).toBe(1);
  });

  it('refuses a key that comes with another body, and takes it again after a request that was refused', async () => {
    const key = `"key-${kind}-other"`;
    const bad = { ...good[kind], communeCode: '99999', licenseNumber: 'none' };
    const strict = without(bad, ...(kind === 'inspections' ? ['communeCode'] : ['licenseNumber']));
    expect((await record(kind, strict, key)).status).toBe(422);
    expect((await record(kind, good[kind], key)).status).toBe(201);
    const other = await record(kind, { ...good[kind], ...corrections[kind] }, key);
    expect([other.status, other.body.where]).toEqual([422, 'header Idempotency-Key']);
    expect((await api().get(path(kind))).body.matched).toBe(1);
  });

  it('forgets a key after its days', async () => {
    const key = `key-${kind}-old`;
    await record(kind, good[kind], key);
    await db.write((tx) =>
      tx.execute(
        sql`update idempotency_keys set created_at = now() - interval '7 days 1 minute' where key = ${key}`,
      ),
    );
    if (kind === 'commune-plans') {
      expect((await record(kind, good[kind], key)).status).toBe(409);
      return;
    }
    expect((await record(kind, good[kind], key)).status).toBe(201);
    expect((await api().get(path(kind))).body.matched).toBe(2);
  });

  it('takes a reference, once and for good', async () => {
    if (kind === 'commune-plans') return;
    const { id } = await recorded(kind, { ...good[kind], reference: 'SO-12/2026' });
    const twice = await record(kind, { ...good[kind], reference: 'SO-12/2026' });
    expect([twice.status, twice.body.where]).toEqual([409, 'body reference']);
    expect(twice.body.detail).toContain(`id ${id}`);
    await withdraw(kind, id, 1);
    const after = await record(kind, { ...good[kind], reference: 'SO-12/2026' });
    expect([after.status, after.body.detail]).toEqual([409, expect.stringContaining('withdrawn')]);
    const { id: unnamed, record: made } = await recorded(kind);
    expect(made.reference).toMatch(/^(TT|KT|TB|TH|BC)-2026-\d\d-\d\d-[0-9A-HJKMNP-TV-Z]{4}$/);
    const renamed = await change(kind, unnamed, 1, { ...good[kind], reference: 'SO-13' });
    expect([renamed.status, renamed.body.faults[0].rule]).toEqual([422, 'reference-is-lasting']);
  });

  it('answers 404 for what is not there, and never deletes', async () => {
    for (const asked of [
      api().get(path(kind, '/999999')),
      api().get(path(kind, '/999999/history')),
      change(kind, 999_999, 1, good[kind]),
      withdraw(kind, 999_999, 1),
    ]) {
      const { status, body } = await asked;
      expect([status, body.where]).toEqual([404, 'path id']);
    }
    const { status, body } = await api().delete(path(kind, '/1'));
    expect([status, body.remedy]).toEqual([405, expect.stringContaining('withdrawal')]);
  });
});

describe('the list', () => {
  it('pages through all of them, newest day first, and says how many there are', async () => {
    for (let day = 1; day <= 9; day += 1)
      for (const attendance of [1, 2])
        await recorded('outreach', { ...good.outreach, heldOn: `2026-09-0${day}`, attendance });
    const seen: string[] = [];
    let address: string | null = path('outreach', '?limit=5&from=2026-09-02');
    let pages = 0;
    while (address) {
      const { body } = (await api().get(address)) as {
        body: {
          matched: number;
          items: { record: { heldOn: string; attendance: number } }[];
          next: { href: string } | null;
        };
      };
      expect(body.matched).toBe(16);
      seen.push(...body.items.map(({ record: { heldOn, attendance } }) => `${heldOn} ${attendance}`));
      address = body.next?.href ?? null;
      pages += 1;
    }
    const expected = [9, 8, 7, 6, 5, 4, 3, 2].flatMap((day) => [`2026-09-0${day} 2`, `2026-09-0${day} 1`]);
    expect([pages, seen]).toEqual([4, expected]);
  });

  it.each([
    ['outreach', 'commune=10001', 1],
    ['outreach', 'commune=10002', 0],
    ['outreach', 'form=direct&audience=students', 1],
    ['outreach', 'form=leaflet', 0],
    ['outreach', 'placeCollection=schools&placeReference=S-1', 1],
    ['outreach', 'placeCollection=dormitories', 0],
    ['outreach', 'placeReference=S-2', 0],
    ['inspections', 'commune=10001', 1],
    ['inspections', 'commune=10002', 0],
    ['inspections', 'licenseNumber=GP-1&ground=planned&outcome=no-violation&teamLevel=province', 1],
    ['inspections', 'outcome=referred', 0],
    ['reports', 'status=received&from=2026-10-01&to=2026-10-01', 1],
    ['reports', 'to=2026-09-30', 0],
    ['commune-plans', 'year=2026', 1],
    ['commune-plans', 'year=2025', 0],
    ['training', 'level=commune', 1],
    ['training', 'level=province', 0],
    ['press-items', 'outletLevel=local&commune=10001', 1],
    ['press-items', 'outletLevel=central', 0],
  ] as const)('of %s by %s has %i', async (kind, query, matched) => {
    await recorded(kind);
    const { body } = await api().get(path(kind, `?${query}`));
    expect([body.matched, body.items.length]).toEqual([matched, matched]);
  });

  it.each([
    ['withdrawn=perhaps', 'query withdrawn'],
    ['commune=1', 'query commune'],
    ['from=2026-02-30', 'query from'],
    ['from=2026-03-02&to=2026-03-01', 'query to'],
    ['limit=0', 'query limit'],
    ['limit=501', 'query limit'],
    ['after=2026-02-30.1', 'query after'],
    ['after=x', 'query after'],
    ['form=smoke', 'query form'],
    ['person=x', 'query person'],
  ])('says what is wrong in ?%s', async (query, where) => {
    const { status, body } = await api().get(path('outreach', `?${query}`));
    expect([status, body.where]).toEqual([400, where]);
  });

  it('answers 304 until something is recorded', async () => {
    const first = await api().get(path('outreach'));
    const tag = first.headers.etag as string;
    expect((await api().get(path('outreach')).set('If-None-Match', tag)).status).toBe(304);
    await recorded('outreach');
    expect((await api().get(path('outreach')).set('If-None-Match', tag)).body.matched).toBe(1);
  });
});

describe('what is refused', () => {
  const plan = good['commune-plans'];
  it.each<[ActivityKind, object, number, string]>([
    ['outreach', { heldOn: '2026-11-02' }, 422, 'heldOn'],
    ['outreach', { heldOn: '2002-12-31' }, 422, 'heldOn'],
    ['outreach', { heldOn: '2026-02-30' }, 400, 'heldOn'],
    ['outreach', { heldOn: '05/10/2026' }, 400, 'heldOn'],
    ['outreach', { heldOn: '2026-10-05T10:00:00' }, 400, 'heldOn'],
    ['outreach', { heldOn: 20261005 }, 400, 'heldOn'],
    ['outreach', { communeCode: '99999' }, 422, 'communeCode'],
    ['outreach', { communeCode: 10001 }, 400, 'communeCode'],
    ['outreach', { communeCode: '10002' }, 422, 'place'],
    ['outreach', { place: { collection: 'schools', reference: 'S-9' } }, 422, 'place'],
    ['outreach', { place: { collection: 'homes', reference: 'S-1' } }, 400, 'place.collection'],
    ['outreach', { place: undefined }, 400, 'place'],
    ['outreach', { attendance: -1 }, 400, 'attendance'],
    ['outreach', { attendance: 1.5 }, 400, 'attendance'],
    ['outreach', { attendance: '12' }, 400, 'attendance'],
    ['outreach', { attendance: 1_000_001 }, 400, 'attendance'],
    ['outreach', { form: 'smoke' }, 400, 'form'],
    ['outreach', { speaker: 'Nguyễn Văn A' }, 400, 'speaker'],
    ['outreach', { reference: '' }, 400, 'reference'],
    ['outreach', { reference: 'a\u0000b' }, 400, 'reference'],
    ['outreach', { reference: 'x'.repeat(101) }, 400, 'reference'],
    ['inspections', { licenseNumber: 'GP-9' }, 422, 'licenseNumber'],
    ['inspections', { inspectedOn: '2026-11-02' }, 422, 'inspectedOn'],
    ['inspections', { outcome: 'closed' }, 400, 'outcome'],
    ['reports', { receivedOn: '2026-11-02', dueOn: '2026-11-20' }, 422, 'receivedOn'],
    ['reports', { dueOn: '2026-09-30' }, 422, 'dueOn'],
    ['reports', { dueOn: '2101-01-01' }, 422, 'dueOn'],
    ['reports', { status: 'resolved' }, 422, 'resolvedOn'],
    ['reports', { resolvedOn: '2026-10-05' }, 422, 'resolvedOn'],
    ['reports', { status: 'resolved', resolvedOn: '2026-09-30' }, 422, 'resolvedOn'],
    ['reports', { status: 'resolved', resolvedOn: '2026-11-02' }, 422, 'resolvedOn'],
    ['reports', { communeCode: '99999' }, 422, 'communeCode'],
    ['reports', { position: [106.5, 20.05] }, 422, 'h3Cell'],
    ['reports', { position: [206.05, 20.05] }, 400, 'position.0'],
    ['reports', { position: undefined }, 400, 'h3Cell'],
    ['reports', { h3Cell: middleCell }, 400, 'h3Cell'],
    ['reports', { position: undefined, h3Cell: '86415d4b7ffffff' }, 400, 'h3Cell'],
    // by its digits a cell of resolution 7, and none in the grid (base cell 127)
    ['reports', { position: undefined, h3Cell: '87fe00000ffffff' }, 422, 'h3Cell'],
    ['reports', { address: 'số 1' }, 400, 'address'],
    ['commune-plans', { year: 2002 }, 400, 'year'],
    ['commune-plans', { year: 2028 }, 422, 'issuedOn'],
    ['commune-plans', { issuedOn: '2026-11-02' }, 422, 'issuedOn'],
    ['commune-plans', { integratedWith: ['sport'] }, 400, 'integratedWith.0'],
    ['commune-plans', { communeCode: '99999' }, 422, 'communeCode'],
    ['training', { officersAttending: 13 }, 422, 'officersAttending'],
    ['training', { officersInPost: -1 }, 400, 'officersInPost'],
    ['training', { unit: ' ' }, 400, 'unit'],
    ['training', { communeCode: '99999' }, 422, 'communeCode'],
    ['training', { unit: 'Sở Y tế, đ/c Trần Thị Bưởi' }, 422, 'unit'],
    ['training', { unit: 'Sở Y tế, 0912 345 678' }, 422, 'unit'],
    ['press-items', { publishedOn: '2026-11-02' }, 422, 'publishedOn'],
    ['press-items', { outletLevel: 'world' }, 400, 'outletLevel'],
    ['press-items', { communeCode: '99999' }, 422, 'communeCode'],
  ])('%s with %j: %i at %s', async (kind, part, expected, field) => {
    const before = await countOf('activity_history');
    const { status, body, type } = await record(kind, { ...good[kind], ...part });
    expect([status, type, body.where]).toEqual([expected, 'application/problem+json', `body ${field}`]);
    expect(body.remedy).toBeTruthy();
    if (status === 422) {
      expect(body.faults[0]).toMatchObject({ field, rule: expect.any(String) });
      expect(body.faults[0].message.vi).not.toBe(body.faults[0].message.en);
    }
    expect((await api().get(path(kind))).body.matched).toBe(0);
    expect(await countOf('activity_history')).toBe(before);
  });

  it('says all that is wrong at once', async () => {
    const { body } = await record('reports', {
      ...good.reports,
      dueOn: '2026-09-01',
      status: 'resolved',
      communeCode: '99999',
    });
    expect(body.faults.map(({ field }: { field: string }) => field)).toEqual([
      'dueOn',
      'resolvedOn',
      'communeCode',
    ]);
  });

  it('says where the place lies that is not in the commune', async () => {
    const { body } = await record('outreach', { ...good.outreach, communeCode: '10002' });
    expect(body.faults[0].message.vi).toContain('thuộc xã Xã 10001');
  });

  it('holds a correction to the same rules', async () => {
    const { id } = await recorded('outreach');
    const { status, body } = await change('outreach', id, 1, { ...good.outreach, heldOn: '2026-11-02' });
    expect([status, body.faults[0].rule]).toEqual([422, 'day-in-future']);
    expect((await api().get(path('outreach', `/${id}`))).body.version).toBe(1);
  });

  it('takes one standing plan for a commune and a year', async () => {
    const { id } = await recorded('commune-plans');
    const second = await record('commune-plans', { ...plan, issuedOn: '2026-02-01' });
    expect([second.status, second.body.where]).toEqual([409, 'body year']);
    const { id: earlier } = await recorded('commune-plans', { ...plan, year: 2025, issuedOn: '2025-08-01' });
    const moved = await change('commune-plans', earlier, 1, { ...plan, issuedOn: '2025-12-20' });
    expect([moved.status, moved.body.where]).toEqual([409, 'body year']);
    expect((await withdraw('commune-plans', id, 1)).status).toBe(200);
    await recorded('commune-plans', { ...plan, issuedOn: '2026-02-01' });
  });

  it('takes one of two that come at once under one reference', async () => {
    const app = makeApp({ db });
    for (const [kind, body] of [
      ['outreach', { ...good.outreach, reference: 'SO-1' }],
      ['commune-plans', plan],
    ] as const) {
      const answers = await Promise.all([1, 2, 3, 4].map(() => request(app).post(path(kind)).send(body)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    }
  });

  it('withdraws for a reason of the list alone', async () => {
    const { id } = await recorded('outreach');
    for (const reason of ['superseded', 'vì ông A', '', null]) {
      const { status, body } = await withdraw('outreach', id, 1, reason as string);
      expect([status, body.where]).toEqual([400, 'body reason']);
    }
  });

  it('takes JSON alone, and not too much of it', async () => {
    const text = await api()
      .post(path('outreach'))
      .set('Content-Type', 'text/plain')
      .send(JSON.stringify(good.outreach));
    expect([text.status, text.body.where]).toEqual([415, 'header Content-Type']);
    const form = await api().post(path('outreach')).type('form').send({ heldOn: '2026-01-01' });
    expect(form.status).toBe(415);
    expect((await api().post(path('outreach'))).status).toBe(415);
    const broken = await api()
      .post(path('outreach'))
      .set('Content-Type', 'application/json')
      .send('{"heldOn":');
    expect([broken.status, broken.type]).toEqual([400, 'application/problem+json']);
    const large = await record('outreach', { ...good.outreach, reference: 'x'.repeat(70_000) });
    expect(large.status).toBe(413);
    for (const body of [[], [1], {}, { __proto__: null }])
      expect((await record('outreach', body)).status).toBe(400);
  });

  it.each(['short', 'x'.repeat(201), 'với dấu tiếng Việt'])('refuses the key %j', async (key) => {
    const asked = api().post(path('outreach')).send(good.outreach);
    const { status, body } = await asked.set('Idempotency-Key', Buffer.from(key).toString('latin1'));
    expect([status, body.where]).toEqual([400, 'header Idempotency-Key']);
  });
});

describe('a reference that the server makes', () => {
  it('is drawn again when it is taken', async () => {
    // Each reference takes four letters: the first two draws give 0000, the third 1111.
    const letters = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1];
    const app = express();
    mount(
      app,
      activityRoutes({
        db,
        clock: () => new Date('2026-11-01T08:00:00+07:00'),
        checkResponses: true,
        draw: () => letters.shift()!,
      }),
      async () => somebody,
    );
    const references = [];
    for (let send = 0; send < 2; send += 1)
      references.push(
        (await request(app).post(path('press-items')).send(good['press-items'])).body.record.reference,
      );
    expect(references).toEqual(['BC-2026-02-02-0000', 'BC-2026-02-02-1111']);
  });
});

describe('the day in Vietnam', () => {
  it.each([
    ['2026-03-31T16:59:30Z', '2026-03-31'],
    ['2026-03-31T17:00:00Z', '2026-04-01'],
    ['2026-03-31T23:59:00+07:00', '2026-03-31'],
    ['2026-11-01', '2026-11-01'],
  ])('of %s is %s', async (sent, day) => {
    const { record: made } = await recorded('outreach', { ...good.outreach, heldOn: sent });
    expect(made.heldOn).toBe(day);
    expect(made.reference).toContain(day);
  });

  it('decides what lies ahead', async () => {
    // 16:59 in Greenwich on 1 November is still that day in Vietnam, 17:00 is not.
    const late = makeApp({ db, clock: () => new Date('2026-11-01T16:59:59Z') });
    const next = makeApp({ db, clock: () => new Date('2026-11-01T17:00:00Z') });
    const body = { ...good.outreach, heldOn: '2026-11-02' };
    expect((await request(late).post(path('outreach')).send(body)).status).toBe(422);
    expect((await request(next).post(path('outreach')).send(body)).status).toBe(201);
  });
});

describe('a report', () => {
  it('keeps the cell of the position and nothing of the position', async () => {
    const { text, body } = await record('reports', { ...good.reports, position: [106.0512345, 20.0498765] });
    expect(body.record.h3Cell).toBe(middleCell);
    expect(text).not.toMatch(/1234|9876|position/);
    const stored = await db.read((tx) =>
      tx.row(
        z.object({ all: z.string() }),
        sql`select to_jsonb(report_records)::text as all from report_records`,
      ),
    );
    expect(stored.all).not.toMatch(/12345|98765/);
    const elsewhere = await record('reports', { ...good.reports, position: [107.1212345, 20.0498765] });
    expect([elsewhere.status, elsewhere.body.faults[0].rule]).toEqual([422, 'cell-elsewhere']);
    expect(elsewhere.text).not.toMatch(/1234|9876/);
  });

  it('is the same report for a key, wherever in its cell the position lies', async () => {
    const first = await record('reports', good.reports, 'key-of-a-cell');
    const again = await record(
      'reports',
      { ...good.reports, position: [106.0501, 20.0501] },
      'key-of-a-cell',
    );
    expect([again.status, again.text]).toEqual([201, first.text]);
  });
});

describe('notices', () => {
  const rulesOf = (answer: { notices: { rule: string }[] }) => answer.notices.map(({ rule }) => rule);

  it('say that there are more attendances than people, in both languages', async () => {
    const answer = await recorded('outreach', { ...good.outreach, attendance: 1401 });
    expect(rulesOf(answer)).toEqual(['attendance-above-people']);
    expect(answer.notices[0].message.vi).toContain('1.401');
    expect(answer.notices[0].message.en).toContain('1,401');
    expect(
      rulesOf(await recorded('outreach', { ...good.outreach, heldOn: '2026-10-06', attendance: 400 })),
    ).toEqual([]);
  });

  it('say that an establishment was not licensed on the day', async () => {
    const of = async (inspectedOn: string) =>
      rulesOf(await recorded('inspections', { ...good.inspections, licenseNumber: 'GP-2', inspectedOn }));
    expect(await of('2023-12-31')).toEqual(['before-licence']);
    expect(await of('2024-01-01')).toEqual([]);
    expect(await of('2026-06-30')).toEqual([]);
    expect(await of('2026-07-01')).toEqual(['after-licence']);
  });

  it('say that the same is on record, as long as it stands', async () => {
    const first = await recorded('outreach');
    const second = await recorded('outreach', { ...good.outreach, attendance: 7 });
    expect(rulesOf(second)).toEqual(['possible-duplicate']);
    expect(second.notices[0].message.vi).toContain(first.record.reference);
    await withdraw('outreach', first.id, 1, 'duplicate');
    expect(rulesOf((await api().get(path('outreach', `/${second.id}`))).body)).toEqual([]);
  });
});

describe('withdrawn rows', () => {
  it('vanish from the coverage of inspections, and come back with a new record', async () => {
    const inspected = async () =>
      (await api().get('/api/coverage/inspections?asOf=2026-11-01')).body.total.inspected;
    expect(await inspected()).toBe(0);
    const { id } = await recorded('inspections');
    expect(await inspected()).toBe(1);
    await withdraw('inspections', id, 1);
    expect(await inspected()).toBe(0);
    await recorded('inspections');
    expect(await inspected()).toBe(1);
  });
});

describe('the database itself', () => {
  it('keeps a real row from being deleted and history from being changed', async () => {
    const { id } = await recorded('outreach');
    await change('outreach', id, 1, { ...good.outreach, attendance: 3 });
    const run = (statement: ReturnType<typeof sql>) => db.write((tx) => tx.execute(statement));
    await expect(run(sql`delete from outreach_session_records where id = ${id}`)).rejects.toThrow(/withdraw/);
    await expect(run(sql`delete from outreach_sessions`)).rejects.toThrow(/withdraw/);
    await expect(run(sql`delete from activity_history where activity_id = ${id}`)).rejects.toThrow(
      /never changed/,
    );
    await expect(run(sql`update activity_history set was = '{}'`)).rejects.toThrow(/never changed/);
    await expect(run(sql`truncate activity_history`)).rejects.toThrow(/never changed/);
    await withdraw('outreach', id, 2);
    await expect(
      run(
        sql`update outreach_session_records set withdrawn_at = null, withdrawn_by = null, withdrawal_reason = null`,
      ),
    ).rejects.toThrow(/stays withdrawn/);
    await expect(
      run(sql`update outreach_session_records set withdrawal_reason = 'he said so'`),
    ).rejects.toThrow();
  });

  it('writes history whatever changes a row', async () => {
    const { id } = await recorded('outreach');
    await db.write((tx) => tx.execute(sql`update outreach_sessions set attendance = attendance + 1`));
    const { body } = await api().get(path('outreach', `/${id}/history`));
    expect(body.versions.map((v: { version: number; by: string }) => [v.version, v.by])).toEqual([
      [2, 'import'],
      [1, 'test'],
    ]);
  });

  it('lets what was recorded in the demo go with it', async () => {
    await db.write(async (tx) => {
      await tx.execute(sql`update communes set simulated = true where code = '10002'`);
    });
    const simulated = await recorded('outreach', { ...good.outreach, communeCode: '10002', place: null });
    expect(simulated.simulated).toBe(true);
    await change('outreach', simulated.id, 1, {
      ...good.outreach,
      communeCode: '10002',
      place: null,
      attendance: 1,
    });
    const kept = await countOf('activity_history');
    await db.write((tx) => tx.execute(sql`delete from outreach_session_records where simulated`));
    expect(await countOf('activity_history')).toBe(kept - 1);
    await db.write((tx) => tx.execute(sql`update communes set simulated = false`));
  });
});

describe('GET /api/activities/places', () => {
  const find = (query: string) => api().get(`/api/activities/places?${query}`);

  it('finds by name without diacritics, by licence number and by what kind of place it is', async () => {
    const references = async (query: string) =>
      (await find(query)).body.places.map(({ reference }: { reference: string }) => reference);
    expect(await references('commune=10001')).toEqual(['GP-1', 'S-1']);
    expect(await references('commune=10001&text=hoa lu')).toEqual(['S-1']);
    expect(await references('commune=10001&text=gp-1')).toEqual(['GP-1']);
    expect(await references('commune=10001&text=KARAOKE')).toEqual(['GP-1']);
    expect(await references('commune=10001&text=karaoke 2')).toEqual([]);
    expect(await references('commune=10001&collections=schools,dormitories')).toEqual(['S-1']);
    expect(await references('commune=10002&on=2026-06-30')).toEqual(['GP-2']);
    expect(await references('commune=10002&on=2026-07-01')).toEqual([]);
    expect(await references('commune=99999')).toEqual([]);
  });

  it('says what a form shows', async () => {
    const { body } = await find('commune=10001&text=hoa&limit=1');
    expect(body).toEqual({
      matched: 1,
      places: [
        {
          collection: 'schools',
          reference: 'S-1',
          name: 'THPT Hoa Lư',
          sort: { vi: 'Trường trung học phổ thông', en: 'Upper-secondary school' },
          position: [expect.closeTo(106.05, 6), expect.closeTo(20.05, 6)],
          people: 400,
          activeFrom: null,
          activeTo: null,
          simulated: false,
        },
      ],
    });
  });

  it.each([
    ['', 'query commune'],
    ['commune=x', 'query commune'],
    ['commune=10001&collections=homes', 'query collections.0'],
    ['commune=10001&limit=0', 'query limit'],
  ])('says what is wrong in ?%s', async (query, where) => {
    const { status, body } = await find(query);
    expect([status, body.where]).toEqual([400, where]);
  });
});
