import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessPolicy } from '../../contract/access-policy.ts';
import { askersOf, insertPolicyProvince, ownCommune } from '../access/testing/two-communes.ts';
import { type Database, DatabaseAway } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { premisesCounts } from './premises-rows.ts';
import { sealAll, verifyAuditLog } from './verify.ts';

// The whole app under the rights of who asks: each answer that names premises has its line, and none leaves before it.

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertPolicyProvince(db);
});
afterAll(() => db.close());

const lineRow = z.object({
  event: z.string(),
  account: z.string().nullable(),
  address: z.string().nullable(),
  endpoint: z.string().nullable(),
  filters: z.record(z.string(), z.unknown()).nullable(),
  row_count: z.number().nullable(),
  facts: z.record(z.string(), z.unknown()).nullable(),
});
let from = 0;
beforeEach(async () => {
  const { last } = await db.read((transaction) =>
    transaction.row(z.object({ last: z.number() }), sql`select coalesce(max(id), 0) as last from audit_log`),
  );
  from = last;
});
/** What the test's requests wrote. */
const lines = () =>
  db.read((transaction) =>
    transaction.rows(
      lineRow,
      sql`select event, account, address, endpoint, filters, row_count, facts from audit_log where id > ${from} order by id`,
    ),
  );
const readings = async () => (await lines()).filter(({ event }) => event === 'premises-read');

const as = (role: keyof typeof askersOf) =>
  request(makeApp({ db, asker: { ...askersOf[role], address: '10.4.4.4' } }));

/** Addresses that name premises, each with how many rows of its answer do. */
const addresses: readonly [path: string, endpoint: string, rows: (body: never) => number][] = [
  [
    '/api/coverage/inspections/never?limit=7',
    'GET /api/coverage/inspections/never',
    ({ establishments }: { establishments: unknown[] }) => establishments.length,
  ],
  [
    '/api/coverage/indicators/establishments-inspected/rows?year=2026',
    'GET /api/coverage/indicators/:indicator/rows',
    ({ rows }: { rows: unknown[] }) => rows.length,
  ],
  [
    '/api/coverage/indicators/press-items/rows?year=2026',
    'GET /api/coverage/indicators/:indicator/rows',
    () => 0,
  ],
  ['/api/coverage/reach', 'GET /api/coverage/reach', () => 0],
  ['/api/coverage/near-misses', 'GET /api/coverage/near-misses', () => 0],
  [
    '/api/coverage/gaps?minPeople=0',
    'GET /api/coverage/gaps',
    ({ features }: { features: { properties: { places: number } }[] }) =>
      features.filter(({ properties }) => properties.places === 1).length,
  ],
  ['/api/activities/inspections?limit=20', 'GET /api/activities/inspections', () => 20],
  ['/api/activities/outreach?limit=20', 'GET /api/activities/outreach', () => 0],
  [`/api/activities/places?commune=${ownCommune}`, 'GET /api/activities/places', () => 8],
  [`/api/activities/places?commune=${ownCommune}&collections=schools`, 'GET /api/activities/places', () => 0],
  [
    '/ogc/collections/establishments/items?limit=9',
    'GET /ogc/collections/:collectionId/items',
    ({ features }: { features: unknown[] }) => features.length,
  ],
];

describe('an answer that names premises', () => {
  it.each(addresses)('%s is on the log with its rows', async (path, endpoint, rows) => {
    const { body } = await as('planner').get(path).expect(200);
    const counted = rows(body as never);
    expect(await readings()).toMatchObject([
      { account: 'so-y-te-1', address: '10.4.4.4', endpoint, row_count: counted, facts: null },
    ]);
    if (/never|inspected|items\?|inspections\?/.test(path)) expect(counted).toBeGreaterThan(6);
    const [line] = await readings();
    for (const [name, value] of new URL(path, 'http://diaban').searchParams)
      expect(line!.filters).toMatchObject({ [name]: value });
  });

  it.each(addresses)(
    '%s is on the log again when it is given from memory, and when it is held already',
    async (path, endpoint, rows) => {
      const app = as('planner');
      const first = await app.get(path).expect(200);
      const second = await app.get(path).expect(200);
      await app
        .get(path)
        .set('If-None-Match', first.headers.etag as string)
        .expect(304);
      const counted = rows(second.body as never);
      expect((await readings()).map((line) => [line.endpoint, line.row_count, line.facts])).toEqual([
        [endpoint, counted, null],
        [endpoint, counted, null],
        [endpoint, 0, { notModified: true }],
      ]);
    },
  );

  it.each(addresses)('%s does not leave when its line is not on the log', async (path) => {
    // The transaction has done all its work, and its end fails.
    const failing: Database = {
      ...db,
      as: (actor) => ({
        ...db.as(actor),
        read: async (work) => {
          await db.as(actor).read(async (transaction) => {
            await work(transaction);
            throw new DatabaseAway('the connection was lost at the commit');
          });
          throw new Error('not reached');
        },
      }),
    };
    const app = request(makeApp({ db: failing, asker: { ...askersOf.planner } }));
    for (const tag of [undefined, (await as('planner').get(path)).headers.etag as string]) {
      const answer = await app.get(path).set(tag ? { 'If-None-Match': tag } : {});
      expect(answer.status).toBe(503);
      expect(answer.text).not.toContain('GP-');
    }
  });

  it('of one commune is on the log of its own account', async () => {
    await as('commune').get(`/api/coverage/inspections/never?commune=${ownCommune}`).expect(200);
    expect(await readings()).toMatchObject([{ account: `xa-${ownCommune}`, row_count: 8 }]);
  });

  it('of one establishment, of one inspection and of its history', async () => {
    const { body } = await as('inspector').get('/ogc/collections/establishments/items?limit=1').expect(200);
    await as('inspector').get(`/ogc/collections/establishments/items/${body.features[0].id}`).expect(200);
    const list = await as('inspector').get('/api/activities/inspections?limit=1').expect(200);
    const { id } = list.body.items[0];
    await as('inspector').get(`/api/activities/inspections/${id}`).expect(200);
    await as('inspector').get(`/api/activities/inspections/${id}/history`).expect(200);
    expect(
      (await readings()).map(({ endpoint, row_count, filters }) => [
        endpoint,
        row_count,
        filters?.id ?? filters?.featureId,
      ]),
    ).toEqual([
      ['GET /ogc/collections/:collectionId/items', 1, undefined],
      ['GET /ogc/collections/:collectionId/items/:featureId', 1, String(body.features[0].id)],
      ['GET /api/activities/inspections', 1, undefined],
      ['GET /api/activities/inspections/:id', 1, String(id)],
      ['GET /api/activities/inspections/:id/history', 1, String(id)],
    ]);
  });

  it('is not logged where it is of other places', async () => {
    await as('planner').get('/ogc/collections/schools/items?limit=5').expect(200);
    await as('planner').get('/ogc/collections/communes/items?limit=1').expect(200);
    await as('planner').get('/api/coverage/indicators').expect(200);
    expect(await lines()).toEqual([]);
  });

  it('keeps no text that somebody typed to find a place', async () => {
    await as('planner')
      .get(`/api/activities/places?commune=${ownCommune}&text=${encodeURIComponent('Nguyễn Văn A')}`)
      .expect(200);
    expect((await readings())[0]!.filters).toEqual({ commune: ownCommune, text: '(12)' });
  });
});

describe('what is recorded', () => {
  it('is on the log with before and after, and its answer as a reading', async () => {
    const app = as('inspector');
    const body = {
      reference: 'KT-2026-01',
      inspectedOn: '2026-05-05',
      licenseNumber: `GP-${ownCommune}-1`,
      teamLevel: 'province',
      outcome: 'no-violation',
      ground: 'planned',
    };
    const made = await app.post('/api/activities/inspections').send(body).expect(201);
    const path = `/api/activities/inspections/${made.body.id}`;
    const corrected = await app
      .put(path)
      .set('If-Match', made.headers.etag as string)
      .send({ ...body, outcome: 'referred' })
      .expect(200);
    await app
      .post(`${path}/withdrawal`)
      .set('If-Match', corrected.headers.etag as string)
      .send({ reason: 'mistaken' })
      .expect(200);
    expect(
      (await lines()).map(({ event, endpoint, row_count, facts }) => [
        event,
        endpoint,
        row_count ?? facts?.fields,
      ]),
    ).toEqual([
      ['premises-read', 'POST /api/activities/inspections', 1],
      [
        'activity-recorded',
        'POST /api/activities/inspections',
        ['establishment_id', 'ground', 'inspected_on', 'outcome', 'reference', 'simulated', 'team_level'],
      ],
      ['premises-read', 'PUT /api/activities/inspections/:id', 1],
      ['activity-corrected', 'PUT /api/activities/inspections/:id', ['outcome']],
      ['premises-read', 'POST /api/activities/inspections/:id/withdrawal', 1],
      ['activity-withdrawn', 'POST /api/activities/inspections/:id/withdrawal', ['withdrawal_reason']],
    ]);
  });

  it('and was refused is on the log as a reading where the refusal tells of one establishment', async () => {
    const asked = {
      inspectedOn: '2026-05-05',
      teamLevel: 'province',
      outcome: 'no-violation',
      ground: 'planned',
    };
    const app = as('inspector');
    const post = (licenseNumber: string, more = {}) =>
      app.post('/api/activities/inspections').send({ ...asked, licenseNumber, ...more });
    // no such licence; a reference that is taken
    await post('none').expect(422);
    await post(`GP-${ownCommune}-1`, { reference: 'KT-2026-01' }).expect(409);
    expect((await lines()).map(({ event, endpoint, row_count }) => [event, endpoint, row_count])).toEqual(
      Array.from({ length: 2 }, () => ['premises-read', 'POST /api/activities/inspections', 1]),
    );
  });

  it('and could not be read leaves nothing: nothing was looked up', async () => {
    await as('inspector').post('/api/activities/inspections').send({ licenseNumber: 7 }).expect(400);
    expect(await lines()).toEqual([]);
  });
});

describe('the policy', () => {
  it('has a count for every address that names premises', () => {
    const naming = Object.entries(accessPolicy).flatMap(([address, { premises }]) =>
      // refused with 405 before anything is read
      premises === true && !address.startsWith('DELETE ') ? [address] : [],
    );
    expect(Object.keys(premisesCounts).sort()).toEqual(naming.sort());
  });
});

describe('a server that dies', () => {
  it('between reading and answering leaves a line of what was committed and none of what was not', async () => {
    const own = await openTestDatabase();
    try {
      await insertPolicyProvince(own);
      const asked = { endpoint: 'GET /x', filters: {}, premises: true };
      const reader = own.as({ ...askersOf.planner, address: '10.0.0.1', asked });
      const count = () =>
        own.read((transaction) =>
          transaction.row(
            z.object({ n: z.number() }),
            sql`select count(*) as n from audit_log where event = 'premises-read'`,
          ),
        );
      await reader.read(async (transaction) => {
        await transaction.rows(z.unknown(), sql`select id from establishments`);
        transaction.premisesLeft(96);
      });
      // committed, and nobody answers: the line stands
      expect(await count()).toEqual({ n: 1 });
      const dying = reader.read(async (transaction) => {
        await transaction.rows(z.unknown(), sql`select id from establishments`);
        transaction.premisesLeft(96);
        // cut off before the commit
        await transaction.rows(z.unknown(), sql`select pg_terminate_backend(pg_backend_pid())`);
      });
      await expect(dying).rejects.toThrow();
      await expect.poll(() => count().catch(() => null), { timeout: 30_000 }).toEqual({ n: 1 });
      await sealAll(own);
      expect((await verifyAuditLog(own)).faults).toEqual([]);
    } finally {
      await own.close();
    }
  });
});
