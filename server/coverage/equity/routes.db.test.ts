import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EquityAnswer,
  type EquityComparison,
  equityEndpoint,
} from '../../../contract/coverage-equity.ts';
import { sql } from '../../db/sql.ts';
import { makeApp } from '../../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { insertEstablishments, insertSquareCommunes } from '../../testing/province.ts';
import { newcombeDifference } from '../proportion-intervals.ts';

// Seven communes. 10001 and 10002 are mountainous; the terrain of 10007 is not on record, so that it is on neither side
// of that grouping. 10006 is coastal; 10001 and 10003 adjoin another province.
//
//   commune  plan issued       active establishments  inspected by 1 November
//   10001    1 February                 3                       1
//   10002    2 November                 0                       -
//   10003    5 January                  2                       0
//   10004    5 January                  4                       2
//   10005    5 January                  2                       0
//   10006    5 January                  0                       -
//   10007    none                       1                       1
const codes = ['10001', '10002', '10003', '10004', '10005', '10006', '10007'];
const establishments = {
  '10001': [3, 1],
  '10003': [2, 0],
  '10004': [4, 2],
  '10005': [2, 0],
  '10007': [1, 1],
} as const;

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, codes);
  await insertEstablishments(
    db,
    Object.entries(establishments).flatMap(([communeCode, [active, inspected]]) =>
      Array.from({ length: active }, (_, index) => ({
        licenseNumber: `${communeCode}/${index}`,
        communeCode,
        inspections: index < inspected ? [{ on: '2026-11-01' }] : [{ on: '2026-11-02' }],
      })),
    ),
  );
  await db.write(async (transaction) => {
    await transaction.execute(
      sql`update communes set terrain = 'mountainous' where code in ('10001', '10002')`,
    );
    await transaction.execute(sql`update communes set terrain = null where code = '10007'`);
    await transaction.execute(sql`update communes set coastal = true where code = '10006'`);
    await transaction.execute(
      sql`update communes set adjoining_provinces = '{Hà Nội}' where code in ('10001', '10003')`,
    );
    await transaction.execute(sql`
      insert into commune_plan_records (commune_code, year, issued_on, integrated_with)
      select code, 2026, case code when '10001' then '2026-02-01'::date when '10002' then '2026-11-02' else '2026-01-05' end,
             '{drug-control}'
        from communes where code <> '10007'`);
    await transaction.execute(sql`
      insert into press_item_records (reference, published_on, outlet_level) values ('P1', '2026-03-01', 'local')`);
  });
});
afterAll(() => db.close());

const ask = async (query: string, today = '2026-11-01') => {
  const app = makeApp({ db, clock: () => new Date(`${today}T08:00:00+07:00`) });
  const { body, status } = await request(app).get(`/api/coverage/equity${query}`);
  expect(status).toBe(200);
  return equityEndpoint.response.parse(body);
};
const pick = (answer: EquityAnswer, indicator: string, grouping: string): EquityComparison =>
  answer.comparisons.find((one) => one.indicator === indicator && one.grouping === grouping)!;

describe('GET /api/coverage/equity', () => {
  it('agrees with the province worked out by hand', async () => {
    const answer = await ask('?asOf=2026-11-01');
    expect(answer).toMatchObject({ year: 2026, asOf: '2026-11-01', simulated: false });
    expect(answer.groupings.map(({ id, communes, rest, unknown }) => [id, communes, rest, unknown])).toEqual([
      ['mountainous', 2, 4, 1],
      ['coastal', 1, 6, 0],
      ['adjoining', 2, 5, 0],
    ]);
    expect(answer.comparisons).toHaveLength(30);

    // one of two mountainous communes, all four others: 50 points less, but of so few nothing can be said
    const plans = pick(answer, 'communes-with-plan', 'mountainous');
    const newcombe = newcombeDifference({ successes: 1, trials: 2 }, { successes: 4, trials: 4 });
    expect(plans).toMatchObject({
      group: { communes: 2, counted: 2, numerator: 1, denominator: 2, share: 0.5 },
      rest: { communes: 4, counted: 4, numerator: 4, denominator: 4, share: 1, upper: 1 },
      finding: 'undecided',
      reason: null,
    });
    expect(plans.difference?.lower).toBeCloseTo(newcombe.lower!, 12);
    expect(plans.difference?.upper).toBeCloseTo(newcombe.upper!, 12);
    expect(plans.said.vi).toContain('chưa đủ căn cứ để nói có chênh lệch');

    // all mountainous establishments lie in 10001; the others are 8 with 2 inspected, 10007 left out
    expect(pick(answer, 'establishments-inspected', 'mountainous')).toMatchObject({
      group: { communes: 2, counted: 1, numerator: 1, denominator: 3, share: 1 / 3, lower: null },
      rest: { communes: 4, counted: 3, numerator: 2, denominator: 8, share: 0.25 },
      difference: null,
      finding: 'not-comparable',
      reason: 'one-commune',
    });
    expect(pick(answer, 'establishments-inspected', 'coastal')).toMatchObject({
      group: { communes: 1, counted: 0, denominator: 0, share: null },
      rest: { numerator: 4, denominator: 12 },
      reason: 'no-units',
    });
    const adjoining = pick(answer, 'establishments-inspected', 'adjoining');
    expect(adjoining).toMatchObject({
      group: { numerator: 1, denominator: 5, share: 0.2 },
      rest: { numerator: 3, denominator: 7 },
      finding: 'undecided',
    });
    expect(adjoining.rest.effectiveSize).toBeLessThan(7);
    expect(pick(answer, 'press-items', 'coastal').reason).toBe('not-a-share');
  });

  it('answers for a past day with what had happened by then', async () => {
    const january = await ask('?asOf=2026-01-31&indicator=communes-with-plan');
    expect(january.comparisons).toHaveLength(3);
    expect(pick(january, 'communes-with-plan', 'mountainous').group.numerator).toBe(0);
    const november = await ask('?asOf=2026-11-02&indicator=communes-with-plan', '2026-11-20');
    expect(pick(november, 'communes-with-plan', 'mountainous').group.numerator).toBe(2);
  });

  it('gives the same bytes for one version of the data, and 304 to who has them', async () => {
    const app = makeApp({ db });
    const [first, second] = [
      await request(app).get('/api/coverage/equity?year=2026'),
      await request(app).get('/api/coverage/equity?year=2026'),
    ];
    expect(second.text).toBe(first.text);
    const tag = first.headers.etag as string;
    const again = await request(app).get('/api/coverage/equity?year=2026').set('If-None-Match', tag);
    expect(again.status).toBe(304);
  });

  it('says on 1 January that nothing has been done yet, not that nothing is known', async () => {
    const answer = await ask('?asOf=2026-01-01');
    expect(pick(answer, 'communes-with-plan', 'mountainous')).toMatchObject({
      group: { numerator: 0, denominator: 2, share: 0 },
      rest: { numerator: 0, denominator: 4, share: 0 },
      finding: 'undecided',
    });
    expect(pick(answer, 'reports-resolved', 'mountainous')).toMatchObject({
      group: { communes: 2, counted: 0, share: null },
      reason: 'no-units',
    });
  });

  it.each([
    ['indicator=happiness', 'query indicator'],
    ['asOf=2026-02-31', 'query asOf'],
    ['year=1066', 'query year'],
    ['year=2024', 'query year'],
    ['asOf=2026-11-02', 'query asOf'],
    ['year=2026&asOf=2025-06-30', 'query asOf'],
    ['by=commune', 'query by'],
  ])('names what is wrong in ?%s', async (query, where) => {
    const { status, body, type } = await request(makeApp({ db })).get(`/api/coverage/equity?${query}`);
    expect([status, type, body.where]).toEqual([400, 'application/problem+json', where]);
    expect(body.remedy).toBeTruthy();
  });
});
