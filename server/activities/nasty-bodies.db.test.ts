import fc from 'fast-check';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ActivityKind, activityKinds } from '../../contract/activities.ts';
import { sql } from '../db/sql.ts';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertEstablishments, insertSquareCommunes } from '../testing/province.ts';

// Whatever is sent, however badly: never a 5xx, never a word of SQL or of the inside in an answer, and no row but for an
// answer of 201.

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002']);
  await insertEstablishments(db, [{ licenseNumber: 'GP-1', communeCode: '10001' }]);
});
afterAll(() => db.close());

const good: Record<ActivityKind, Record<string, unknown>> = {
  outreach: {
    heldOn: '2026-10-05',
    form: 'direct',
    audience: 'residents',
    communeCode: '10001',
    place: { collection: 'establishments', reference: 'GP-1' },
    attendance: 12,
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
    status: 'resolved',
    resolvedOn: '2026-10-02',
    communeCode: '10001',
    position: [106.05, 20.05],
  },
  'commune-plans': { communeCode: '10001', year: 2026, issuedOn: '2026-01-15', integratedWith: ['hiv-aids'] },
  training: {
    heldOn: '2026-03-03',
    communeCode: null,
    unit: 'Sở Y tế',
    officersAttending: 9,
    officersInPost: 12,
  },
  'press-items': { publishedOn: '2026-02-02', outletLevel: 'local', communeCode: null },
};

const nastyText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    'GP-1\u0000',
    '\ud800',
    '\u202egnp',
    '💥'.repeat(60),
    "'; drop table outreach_sessions; --",
    '$1',
    '%s',
    '{}',
    'null',
    '2026-02-29',
    '0000-00-00',
    '0000-01-01',
    '9999-12-31',
    '9999-12-31T23:59:59-14:00',
    '0001-01-01T00:00:00+14:00',
    '2026-03-31T24:00:00Z',
    '2026-03-31T23:59:60Z',
    '+275760-09-13',
    '99999',
    '00000',
    '87fffffffffffff',
    '870000000ffffff',
    '874143802ffffff',
    'x'.repeat(70_000),
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.date({ noInvalidDate: true }).map((day) => day.toISOString()),
);
const nastyNumber = fc.oneof(
  fc.constantFrom(-1, -0, 0.5, 1e21, 2 ** 31, 2 ** 31 - 1, 2 ** 53, 32_768, 999_999, 1_000_000, 1_000_001),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);
/** Of the right shape and often wrong: what gets past the shapes to the rules and the database. */
const plausible = fc.constantFrom<unknown>(
  '2026-11-02',
  '2026-10-30T17:00:00Z',
  '1999-01-01',
  '2100-12-31',
  '2026-01-01',
  '10002',
  '99999',
  'GP-9',
  'resolved',
  'received',
  'commune',
  0,
  13,
  2025,
  [106.15, 20.05],
  [107, 21],
  [],
  ['drug-control', 'drug-control'],
  { collection: 'schools', reference: 'GP-1' },
);
const nasty: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: plausible },
  nastyText,
  nastyNumber,
  fc.constantFrom(null, true, [], {}, [[]], [null], { collection: 'schools', reference: 'GP-1' }),
  fc.array(nastyNumber, { maxLength: 3 }),
  fc.array(nastyText, { maxLength: 3 }),
  fc.record({ collection: nastyText, reference: nastyText }),
  fc.jsonValue({ maxDepth: 4 }),
);

const sending = fc.constantFrom(...activityKinds).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    changes: fc.array(
      fc.tuple(
        fc.oneof(
          { weight: 8, arbitrary: fc.constantFrom(...Object.keys(good[kind])) },
          { weight: 1, arbitrary: fc.constantFrom('reference', 'h3Cell', 'id', 'version', '__proto__') },
          { weight: 1, arbitrary: nastyText },
        ),
        fc.oneof(nasty, fc.constant(undefined)),
      ),
      { maxLength: 3 },
    ),
    whole: fc.option(fc.oneof(nasty, fc.constant('{"broken": ')), { freq: 12 }),
    action: fc.constantFrom('create', 'create', 'create', 'correct', 'withdraw', 'withdraw-body'),
    id: fc.oneof(
      fc.integer({ min: 1, max: 40 }).map(String),
      fc.constantFrom('0', '-1', '1e3', '999999999999999', '9999999999999999', 'x', '1%00', '%F0'),
    ),
    ifMatch: fc.option(
      fc.oneof(
        fc.integer({ min: 1, max: 3 }).map((version) => `"${version}"`),
        fc.constantFrom('*', '"x"', '""', ','),
      ),
      { freq: 8 },
    ),
    key: fc.option(
      fc.oneof(
        fc.integer({ min: 1, max: 30 }).map((n) => `a-key-${n}`),
        fc.constantFrom('', '"', 'x'.repeat(5000)),
      ),
      { freq: 2 },
    ),
    type: fc.oneof(
      { weight: 20, arbitrary: fc.constant('application/json') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('text/plain', 'application/json; charset=latin9', 'application/xml', 'x'),
      },
    ),
  }),
);

function bodyOf(kind: ActivityKind, changes: readonly (readonly [string, unknown])[]): string {
  const entries = new Map(Object.entries(good[kind]));
  for (const [name, value] of changes) {
    if (value === undefined) entries.delete(name);
    else entries.set(name, value);
  }
  // Entry by entry, so that `__proto__` is sent as a name like any other.
  return `{${[...entries].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

const tables = {
  outreach: sql`outreach_session_records`,
  inspections: sql`inspection_records`,
  reports: sql`report_records`,
  'commune-plans': sql`commune_plan_records`,
  training: sql`training_records`,
  'press-items': sql`press_item_records`,
};
const countRows = async () => {
  const { n } = await db.read((tx) =>
    tx.row(
      z.object({ n: z.number() }),
      sql`select ${sql.join(
        Object.values(tables).map((table) => sql`(select count(*) from ${table})`),
        ' + ',
      )} as n`,
    ),
  );
  return n;
};

describe('nasty bodies', () => {
  it('are told what is wrong, write nothing, and the server lives on', async () => {
    const app = makeApp({ db });
    const before = await countRows();
    const created = new Set<string>();
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(sending, async ({ kind, changes, whole, action, id, ifMatch, key, type }) => {
        const path = `/api/activities/${kind}`;
        const asked =
          action === 'create'
            ? request(app).post(path)
            : action === 'correct'
              ? request(app).put(`${path}/${id}`)
              : request(app).post(`${path}/${id}/withdrawal`);
        asked.set('Content-Type', type);
        if (ifMatch !== null) asked.set('If-Match', ifMatch);
        if (key !== null && action === 'create') asked.set('Idempotency-Key', key);
        const text =
          action === 'withdraw'
            ? '{"reason":"mistaken"}'
            : whole === null
              ? bodyOf(kind, changes)
              : typeof whole === 'string'
                ? whole
                : JSON.stringify(whole);
        const { status, text: answer, type: answered, headers } = await asked.send(text).buffer(true);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        expect(status).toBeLessThan(500);
        expect(answer).not.toMatch(/select |node_modules|server\/|at async|syntax error|violates|_records/i);
        if (status >= 400) expect(answered).toBe('application/problem+json');
        if (status === 201) created.add(headers.location as string);
      }),
      { seed: 20261123, numRuns: 5000, interruptAfterTimeLimit: 280_000, markInterruptAsFailure: true },
    );
    // The fuzz reaches every kind of end, not only the first check.
    for (const status of [200, 201, 400, 404, 409, 412, 413, 415, 422, 428])
      expect([status, (statuses.get(status) ?? 0) > 0]).toEqual([status, true]);
    expect(await countRows()).toBe(before + created.size);
    expect((await request(app).get('/api/health')).status).toBe(200);
  }, 300_000);
});
