import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Asker, Role } from '../../contract/access.ts';
import { type ActivityKind, activityKinds } from '../../contract/activities.ts';
import { sql } from '../db/sql.ts';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertEstablishments, insertSquareCommunes } from '../testing/province.ts';

// Who may record, correct and read what, each under his own role's rights in the database. 10001 is the commune's own; 10002 is
// another's. Each has an establishment, a school, and an inspection by the province's team.
const own = '10001';
const other = '10002';
const askers: Record<Role, Asker> = {
  planner: { account: 'so-y-te', role: 'planner', commune: null },
  inspector: { account: 'doi-178', role: 'inspector', commune: null },
  leader: { account: 'ubnd-tinh', role: 'leader', commune: null },
  commune: { account: 'xa-10001', role: 'commune', commune: own },
  admin: { account: 'quan-tri', role: 'admin', commune: null },
};

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, [own, other]);
  await insertEstablishments(
    db,
    [own, other].map((communeCode) => ({
      licenseNumber: `GP-${communeCode}`,
      communeCode,
      inspections: [{ on: '2026-03-05' }],
    })),
  );
  await db.write(async (transaction) => {
    for (const code of [own, other])
      await transaction.execute(sql`
        insert into schools (reference, name, kind, commune_code, students, geom)
        select ${`TH-${code}`}, ${`Trường ${code}`}, 'upper-secondary', code, 800, label_point from communes where code = ${code}`);
  });
});
afterAll(() => db.close());

let day = 1;
/** A record of each kind in a commune, of another day each time. */
function recordOf(kind: ActivityKind, communeCode: string): Record<string, unknown> {
  day += 1;
  const on = new Date(Date.UTC(2026, 0, day)).toISOString().slice(0, 10);
  const records: Record<ActivityKind, Record<string, unknown>> = {
    outreach: {
      heldOn: on,
      form: 'direct',
      audience: 'students',
      communeCode,
      place: { collection: 'schools', reference: `TH-${communeCode}` },
      attendance: 30,
    },
    inspections: {
      inspectedOn: on,
      licenseNumber: `GP-${communeCode}`,
      teamLevel: 'commune',
      outcome: 'no-violation',
      ground: 'planned',
    },
    reports: {
      receivedOn: on,
      dueOn: on,
      status: 'received',
      resolvedOn: null,
      communeCode,
      position: communeCode === own ? [106.05, 20.05] : [106.15, 20.05],
    },
    'commune-plans': { communeCode, year: 2003 + day, issuedOn: `${2003 + day}-01-05`, integratedWith: [] },
    training: { heldOn: on, communeCode, unit: 'UBND', officersAttending: 12, officersInPost: 20 },
    'press-items': { publishedOn: on, outletLevel: 'local', communeCode },
  };
  // a plan's year is not ahead of the clock
  if (kind === 'commune-plans')
    records[kind] = { ...records[kind], year: 2004 + (day % 20), issuedOn: `${2004 + (day % 20)}-01-05` };
  return records[kind];
}

const as = (role: Role) => request(makeApp({ db, asker: askers[role] }));
const path = (kind: ActivityKind, rest = '') => `/api/activities/${kind}${rest}`;
const post = (role: Role, kind: ActivityKind, record: object, key?: string) => {
  const asked = as(role).post(path(kind)).send(record);
  return key ? asked.set('Idempotency-Key', key) : asked;
};
async function record(role: Role, kind: ActivityKind, communeCode = own): Promise<number> {
  for (let tries = 0; tries < 20; tries += 1) {
    const { status, body } = await post(role, kind, recordOf(kind, communeCode));
    // of a plan there is one for a commune and a year
    if (status === 409 && kind === 'commune-plans') continue;
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id;
  }
  throw new Error('no free year');
}

const tables: Record<ActivityKind, string> = {
  outreach: 'outreach_session_records',
  inspections: 'inspection_records',
  reports: 'report_records',
  'commune-plans': 'commune_plan_records',
  training: 'training_records',
  'press-items': 'press_item_records',
};
const marksOf = (kind: ActivityKind, id: number) =>
  db.read((transaction) =>
    transaction.row(
      z.object({ recorded_by: z.string(), recorded_role: z.string() }),
      sql`select recorded_by, recorded_role from ${sql.identifier(tables[kind])} where id = ${id}`,
    ),
  );

const mayRecord: Record<Role, readonly ActivityKind[]> = {
  planner: activityKinds,
  inspector: ['inspections', 'reports'],
  leader: [],
  commune: activityKinds,
  admin: [],
};

describe.each(Object.keys(askers) as Role[])('%s', (role) => {
  it.each([...activityKinds])('records %s in the own name, or is refused', async (kind) => {
    if (mayRecord[role].includes(kind)) {
      const id = await record(role, kind);
      expect(await marksOf(kind, id)).toEqual({ recorded_by: askers[role].account, recorded_role: role });
      const read = await as(role).get(path(kind, `/${id}`));
      expect([read.status, read.body.recorded.by]).toEqual([200, askers[role].account]);
      const history = await as(role).get(path(kind, `/${id}/history`));
      expect(history.body.versions).toHaveLength(1);
      const withdrawn = await as(role)
        .post(path(kind, `/${id}/withdrawal`))
        .set('If-Match', '"1"')
        .send({ reason: 'mistaken' });
      expect([withdrawn.status, withdrawn.body.withdrawn?.by]).toEqual([200, askers[role].account]);
    } else {
      const { status, body, type } = await post(role, kind, recordOf(kind, own));
      expect([status, type, body.title]).toEqual([
        403,
        'application/problem+json',
        'This is not for your role',
      ]);
    }
  });
});

describe('a commune', () => {
  it.each([...activityKinds])('records no %s of another', async (kind) => {
    const { status, body } = await post('commune', kind, recordOf(kind, other));
    // of another's establishments it does not even know that they are there
    expect([status, body.where]).toEqual(
      kind === 'inspections' ? [422, 'body licenseNumber'] : [403, 'body communeCode'],
    );
    expect(JSON.stringify(body)).not.toContain(`Xã ${other}`);
  });

  it('records no inspection by the team of the province, no session at another’s place, nothing of the province', async () => {
    const team = await post('commune', 'inspections', {
      ...recordOf('inspections', own),
      teamLevel: 'province',
    });
    expect([team.status, team.body.where]).toEqual([403, 'body teamLevel']);
    const place = { collection: 'schools', reference: `TH-${other}` };
    const elsewhere = await post('commune', 'outreach', { ...recordOf('outreach', own), place });
    expect([elsewhere.status, elsewhere.body.faults[0].rule]).toEqual([422, 'unknown-place']);
    for (const kind of ['training', 'press-items'] as const) {
      const { status } = await post('commune', kind, { ...recordOf(kind, own), communeCode: null });
      expect(status).toBe(403);
    }
  });

  it.each([...activityKinds])('reads and changes no %s of another', async (kind) => {
    const role = kind === 'inspections' ? 'inspector' : 'planner';
    const mine = kind === 'reports' ? await record('commune', kind) : await record(role, kind);
    const theirs = await record(role, kind, other);
    expect((await as('commune').get(path(kind, `/${mine}`))).status).toBe(200);
    for (const asked of [
      as('commune').get(path(kind, `/${theirs}`)),
      as('commune').get(path(kind, `/${theirs}/history`)),
      as('commune')
        .put(path(kind, `/${theirs}`))
        .set('If-Match', '"1"')
        .send(recordOf(kind, own)),
      as('commune')
        .post(path(kind, `/${theirs}/withdrawal`))
        .set('If-Match', '"1"')
        .send({ reason: 'mistaken' }),
    ])
      expect([(await asked).status, kind]).toEqual([404, kind]);
    const moved = as('commune')
      .put(path(kind, `/${mine}`))
      .set('If-Match', '"1"')
      .send(recordOf(kind, other));
    expect((await moved).status).toBe(kind === 'inspections' ? 422 : 403);
    expect((await as('commune').get(path(kind)).query({ commune: other })).status).toBe(403);
    const { body } = await as('commune').get(path(kind)).query({ limit: 200 });
    expect(body.matched).toBeGreaterThan(0);
    expect(
      body.items.map(({ about }: { about: { communeCode: string } }) => about.communeCode),
    ).not.toContain(other);
    const explicit = await as('commune').get(path(kind)).query({ limit: 200, commune: own });
    expect(explicit.body.items).toEqual(body.items);
  });

  it('reads what the province’s team found in its establishments, and changes none of it', async () => {
    const { body } = await as('commune').get(path('inspections')).query({ teamLevel: 'province' });
    const { id } = body.items.find(
      ({ record: { licenseNumber } }: { record: { licenseNumber: string } }) => licenseNumber === `GP-${own}`,
    );
    const changed = await as('commune')
      .put(path('inspections', `/${id}`))
      .set('If-Match', '"1"')
      .send(recordOf('inspections', own));
    expect([changed.status, changed.body.where]).toEqual([403, 'path id']);
    const withdrawn = await as('commune')
      .post(path('inspections', `/${id}/withdrawal`))
      .set('If-Match', '"1"')
      .send({ reason: 'mistaken' });
    expect(withdrawn.status).toBe(403);
  });

  it('is told that a reference is taken, and nothing of what is recorded under it', async () => {
    const reference = 'TH-2026-01';
    const theirs = await post('planner', 'training', { ...recordOf('training', other), reference });
    expect(theirs.status).toBe(201);
    const { status, body } = await post('commune', 'training', { ...recordOf('training', own), reference });
    expect(status).toBe(409);
    expect(body).toEqual({
      type: 'about:blank',
      title: 'It is on record already',
      status: 409,
      where: 'body reference',
      detail: `the reference ${reference} is on record`,
      remedy: 'A reference stays with what was recorded under it. Give another, or none.',
    });
    // the planner, who sees it, is told which
    const again = await post('planner', 'training', { ...recordOf('training', own), reference });
    expect([again.status, again.body.version]).toEqual([409, 1]);
  });

  it('finds its own places alone', async () => {
    const { body } = await as('commune').get('/api/activities/places').query({ commune: own });
    expect(body.places.map(({ reference }: { reference: string }) => reference).sort()).toEqual([
      `GP-${own}`,
      `TH-${own}`,
    ]);
    expect((await as('commune').get('/api/activities/places').query({ commune: other })).status).toBe(403);
  });
});

it('keeps the key of a repeated request for the account that sent it', async () => {
  const key = 'a-key-of-two-offices';
  const sent = recordOf('inspections', own);
  const first = await post('inspector', 'inspections', sent, key);
  const second = await post('commune', 'inspections', sent, key);
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body.id).not.toBe(first.body.id);
  expect(second.headers['idempotency-replayed']).toBeUndefined();
  const repeated = await post('commune', 'inspections', sent, key);
  expect([repeated.body.id, repeated.headers['idempotency-replayed']]).toEqual([second.body.id, 'true']);
});

describe('the database itself', () => {
  const inSql = (role: Role, statement: ReturnType<typeof sql>) =>
    db.as({ ...askers[role], address: '127.0.0.1' }).write(async (transaction) => {
      await transaction.rows(z.unknown(), sql`select begin_premises_reading('test', '{}')`);
      return transaction.execute(statement);
    });
  const refusedByPolicy = { code: '42501' };
  const inspection = (commune: string, team: string) => sql`
    insert into inspection_records (reference, inspected_on, establishment_id, team_level, outcome, ground)
    select ${`SQL-${commune}-${team}`}, '2026-05-05', id, ${team}, 'no-violation', 'planned' from establishments
     where license_number = ${`GP-${commune}`}`;

  it('lets a commune write for itself alone', async () => {
    expect(await inSql('commune', inspection(own, 'commune'))).toBe(1);
    // it finds no such establishment to write of
    expect(await inSql('commune', inspection(other, 'commune'))).toBe(0);
    await expect(inSql('commune', inspection(own, 'province'))).rejects.toMatchObject(refusedByPolicy);
    const session = (code: string) => sql`
      insert into outreach_session_records (reference, held_on, form, audience, commune_code, attendance)
      values (${`SQL-${code}`}, '2026-05-05', 'direct', 'residents', ${code}, 9)`;
    expect(await inSql('commune', session(own))).toBe(1);
    await expect(inSql('commune', session(other))).rejects.toMatchObject(refusedByPolicy);
    await expect(
      inSql(
        'commune',
        sql`update outreach_session_records set commune_code = ${other} where reference = ${`SQL-${own}`}`,
      ),
    ).rejects.toMatchObject(refusedByPolicy);
  });

  it('does not let a commune make an inspection of the province’s team its own', async () => {
    const taken = sql`update inspection_records set team_level = 'commune' where team_level = 'province'`;
    expect(await inSql('commune', taken)).toBe(0);
  });

  it('writes down who recorded, whatever the writer says', async () => {
    await inSql(
      'commune',
      sql`insert into press_item_records (reference, published_on, outlet_level, commune_code, recorded_by, recorded_role, recorded_at, version)
          values ('SQL-forged', '2026-05-05', 'local', ${own}, 'so-y-te', 'planner', '2001-01-01', 7)`,
    );
    const row = await db.read((transaction) =>
      transaction.row(
        z.object({
          recorded_by: z.string(),
          recorded_role: z.string(),
          version: z.number(),
          old: z.boolean(),
        }),
        sql`select recorded_by, recorded_role, version, recorded_at < '2002-01-01' as old from press_item_records where reference = 'SQL-forged'`,
      ),
    );
    expect(row).toEqual({ recorded_by: 'xa-10001', recorded_role: 'commune', version: 1, old: false });
  });

  it.each(['leader', 'admin'] as const)('lets no %s write', async (role) => {
    for (const table of Object.values(tables))
      await expect(
        db
          .as({ ...askers[role], address: '127.0.0.1' })
          .write((transaction) =>
            transaction.execute(sql`update ${sql.identifier(table)} set withdrawal_reason = 'mistaken'`),
          ),
      ).rejects.toMatchObject(refusedByPolicy);
  });

  it('gives an inspector no way to outreach', async () => {
    for (const table of [
      'outreach_session_records',
      'outreach_sessions',
      'sessions_at_places',
      'reach_events',
    ])
      await expect(
        db
          .as({ ...askers.inspector, address: '127.0.0.1' })
          .read((transaction) =>
            transaction.rows(z.unknown(), sql`select 1 from ${sql.identifier(table)} limit 1`),
          ),
      ).rejects.toMatchObject(refusedByPolicy);
  });
});
