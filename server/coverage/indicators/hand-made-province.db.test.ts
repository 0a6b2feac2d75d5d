import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  IndicatorFigure,
  IndicatorId,
  IndicatorsAnswer,
} from '../../../contract/coverage-indicators.ts';
import { sql } from '../../db/sql.ts';
import { makeApp } from '../../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { insertSquareCommunes } from '../../testing/province.ts';

// A province of four communes in which every figure can be worked out on paper, as of 1 November 2026.
//
// WORKERS OF ESTABLISHMENTS (people; sessions at them)          INSPECTED in 2026
//   A1 10 people: 6, then 4          lower 6, upper 10           1 January and 31 October: once
//   A2  5 people: 9, more than work  lower 5, upper 5            in 2025 alone: not
//   A3 20 people, closed 30 June: 7  lower 7, upper 7            5 May: counts, it was open
//   A4 number unknown: 3             left out, 1 place unknown   not
//   A5 opens on 2 November           not yet                     not yet
//   10001 at large: 15               lower max(18, 15) = 18, upper min(35, 22 + 15) = 35        2 of 4
//   B1 8 people; 10002 at large: 12  lower and upper 8 of 8      on 2 November: 0 of 1
//   C1 closed in 2025                not in the year             2 February, after it closed: not
//   C2 4 people                      0 of 4                      0 of 1
//   10004 has none: missing, neither 0 % nor 100 %
//   province 26 to 43 of 47; inspected 2 of 6
// PARK of 100 workers in 10001: 40 and 60, and 30 on 2 November: 60 to 100 of 100. A session of 50 in a dormitory of
//   10002, where no park is, is of nobody: 0 of 0.
// SCHOOL of 200 in 10003: 150 and 120: 150 to 200 of 200.
// OUTREACH KEPT UP in the quarters that have ended: 10001 on 1 February, 6 May, 30 September; 10002 in the last second
//   of 31 March in Vietnam, in the second after it (1 April) and on 1 July; 10003 in the first two and in October; 10004
//   never. 2 of 4; as of 30 June 3 of 4; as of 31 January, when no quarter has ended, 0 (10001 begins on 1 February).
// PLANS: 10001 in December 2025 with all four programmes, 10002 with two, 10003 on 2 November: 2 of 4, integrated 1 of 4.
// REPORTS due by 1 November: 10001 one on its day, one a day late; 10002 one due today and open, one due tomorrow and
//   resolved already, which counts in neither; 10003 one received in 2025: 1 of 2, 0 of 1, 1 of 1; 2 of 4.
// OFFICERS: 10001 8 of 10, then 5 of 12: 8 to 12 of 12. 10002 stated 7 in 2025 and trained none in 2026: 0 of 7. The
//   province's Sở Y tế 20 of 30. 28 to 32 of 49.
// PRESS: one central item, three local ones, of which one is 10001's own.

let db: TestDatabase;
let app: ReturnType<typeof makeApp>;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002', '10003', '10004']);
  await db.write(async (transaction) => {
    await transaction.execute(
      sql`update communes set terrain = 'mountainous', adjoining_provinces = '{Hà Nội}' where code = '10002'`,
    );
    await transaction.execute(
      sql`update communes set terrain = 'coastal', coastal = true where code = '10003'`,
    );
    await transaction.execute(sql`
      insert into establishments (license_number, category, lead_agency, commune_code, workers, active_from, active_to, geom)
      select e.name, 'karaoke', 'so-van-hoa-the-thao', c.code, e.workers, e.active_from::date, e.active_to::date, c.label_point
        from (values ('A1', '10001', 10, '2020-01-01', null), ('A2', '10001', 5, '2020-01-01', null),
                     ('A3', '10001', 20, '2020-01-01', '2026-06-30'), ('A4', '10001', null, '2020-01-01', null),
                     ('A5', '10001', 50, '2026-11-02', null), ('B1', '10002', 8, '2020-01-01', null),
                     ('C1', '10003', 30, '2020-01-01', '2025-12-31'), ('C2', '10003', 4, '2020-01-01', null)
             ) e (name, commune, workers, active_from, active_to)
        join communes c on c.code = e.commune`);
    await transaction.execute(sql`
      insert into industrial_parks (reference, name, commune_code, workers, geom)
      values ('P', 'Khu công nghiệp P', '10001', 100, ST_Multi(ST_MakeEnvelope(106.01, 20.01, 106.02, 20.02, 4326)))`);
    await transaction.execute(sql`
      insert into schools (reference, name, kind, commune_code, students, geom)
      select 'S', 'Trường S', 'upper-secondary', code, 200, label_point from communes where code = '10003'`);
    await transaction.execute(sql`
      insert into dormitories (reference, name, kind, commune_code, residents, geom)
      select 'K', 'Khu trọ K', 'workers-housing', code, 300, label_point from communes where code = '10002'`);
    await transaction.execute(sql`
      insert into outreach_sessions (reference, held_on, form, audience, commune_code, establishment_id, industrial_park_id, school_id, dormitory_id, attendance)
      select o.reference, o.held_on::date, 'direct', o.audience, o.commune, e.id, p.id, s.id, d.id, o.attendance
        from (values
          ('o1', '2026-02-10', 'establishment-workers', '10001', 'A1', 6), ('o2', '2026-05-20', 'establishment-workers', '10001', 'A1', 4),
          ('o3', '2026-09-30', 'establishment-workers', '10001', 'A2', 9), ('o4', '2026-05-06', 'establishment-workers', '10001', 'A3', 7),
          ('o5', '2026-06-06', 'establishment-workers', '10001', 'A4', 3), ('o6', '2026-06-07', 'establishment-workers', '10001', null, 15),
          ('o7', '2026-07-01', 'establishment-workers', '10002', null, 12),
          ('o8', '2026-02-01', 'industrial-workers', '10001', 'P', 40), ('o9', '2026-03-01', 'industrial-workers', '10001', 'P', 60),
          ('o10', '2026-11-02', 'industrial-workers', '10001', 'P', 30), ('o11', '2026-07-02', 'industrial-workers', '10002', 'K', 50),
          ('o12', '2026-03-03', 'students', '10003', 'S', 150), ('o13', '2026-05-05', 'students', '10003', 'S', 120),
          ('o14', '2026-10-10', 'residents', '10003', null, 500), ('o15', '2025-12-31', 'residents', '10004', null, 500)
        ) o (reference, held_on, audience, commune, place, attendance)
        left join establishments e on e.license_number = o.place
        left join industrial_parks p on p.reference = o.place
        left join schools s on s.reference = o.place
        left join dormitories d on d.reference = o.place`);
    await transaction.execute(sql`
      insert into inspections (reference, inspected_on, establishment_id, team_level, outcome, ground)
      select i.reference, i.inspected_on::date, e.id, 'province', 'no-violation', 'planned'
        from (values ('i1', 'A1', '2026-01-01'), ('i2', 'A1', '2026-10-31'), ('i3', 'A2', '2025-12-31'), ('i4', 'A3', '2026-05-05'),
                     ('i5', 'B1', '2026-11-02'), ('i6', 'C1', '2026-02-02')) i (reference, license_number, inspected_on)
        join establishments e using (license_number)`);
    await transaction.execute(sql`
      insert into commune_plans (commune_code, year, issued_on, integrated_with) values
        ('10001', 2026, '2025-12-20', '{drug-control,hiv-aids,social-security,socio-economic}'),
        ('10002', 2026, '2026-02-01', '{drug-control,hiv-aids}'),
        ('10003', 2026, '2026-11-02', '{drug-control,hiv-aids,social-security,socio-economic}')`);
    await transaction.execute(sql`
      insert into reports (reference, received_on, due_on, status, resolved_on, commune_code, h3_cell)
      select r.reference, r.received_on::date, r.due_on::date, case when r.resolved_on is null then 'verified' else 'resolved' end,
             r.resolved_on::date, r.commune, '8741a8c4affffff'
        from (values ('r1', '2026-09-01', '2026-10-01', '2026-10-01', '10001'), ('r2', '2026-09-05', '2026-10-05', '2026-10-06', '10001'),
                     ('r3', '2026-10-02', '2026-11-02', '2026-10-30', '10002'), ('r4', '2026-10-01', '2026-11-01', null, '10002'),
                     ('r5', '2025-12-20', '2026-01-05', '2026-01-04', '10003')) r (reference, received_on, due_on, resolved_on, commune)`);
    await transaction.execute(sql`
      insert into trainings (reference, held_on, commune_code, unit, officers_attending, officers_in_post) values
        ('t1', '2026-03-01', '10001', 'UBND xã 10001', 8, 10), ('t2', '2026-06-01', '10001', 'UBND xã 10001', 5, 12),
        ('t3', '2025-06-01', '10002', 'UBND xã 10002', 6, 7), ('t4', '2026-04-04', null, 'Sở Y tế', 20, 30)`);
    await transaction.execute(sql`
      insert into press_items (reference, published_on, outlet_level, commune_code) values
        ('n1', '2026-05-01', 'central', null), ('n2', '2026-05-02', 'local', null), ('n3', '2026-06-02', 'local', null),
        ('n4', '2026-07-02', 'local', '10001'), ('n5', '2025-07-02', 'central', null)`);
  });
  app = makeApp({ db });
  // The quarter's last second in Vietnam, and the next one, as a client elsewhere would send them.
  for (const heldOn of ['2026-03-31T16:59:59Z', '2026-03-31T17:00:00Z']) {
    const { status } = await request(app).post('/api/activities/outreach').send({
      heldOn,
      form: 'direct',
      audience: 'residents',
      communeCode: '10002',
      place: null,
      attendance: 20,
    });
    expect(status).toBe(201);
  }
});
afterAll(() => db.close());

const ask = async (query: string): Promise<IndicatorsAnswer> => {
  const { body, status } = await request(app).get(`/api/coverage/indicators?${query}`);
  expect([status, body.detail]).toEqual([200, undefined]);
  return body;
};
/** [numerator, upper, denominator] of each group. */
const counts = (answer: IndicatorsAnswer, indicator: IndicatorId) =>
  Object.fromEntries(
    answer.figures
      .filter((figure) => figure.indicator === indicator)
      .map(({ group, numerator, upperNumerator, denominator }) => [
        group,
        upperNumerator === null ? [numerator, denominator] : [numerator, upperNumerator, denominator],
      ]),
  );
const figure = (answer: IndicatorsAnswer, indicator: IndicatorId, group = 'province'): IndicatorFigure =>
  answer.figures.find((found) => found.indicator === indicator && found.group === group)!;

const onPaper: Record<IndicatorId, Record<string, (number | null)[]>> = {
  'communes-with-outreach': {
    10001: [1, 1],
    10002: [1, 1],
    10003: [0, 1],
    10004: [0, 1],
    'province-agencies': [0, 0],
    province: [2, 4],
  },
  'establishment-workers-reached': {
    10001: [18, 35, 35],
    10002: [8, 8, 8],
    10003: [0, 0, 4],
    10004: [0, 0, 0],
    'province-agencies': [0, 0, 0],
    province: [26, 43, 47],
  },
  'industrial-workers-reached': {
    10001: [60, 100, 100],
    10002: [0, 0, 0],
    10003: [0, 0, 0],
    10004: [0, 0, 0],
    'province-agencies': [0, 0, 0],
    province: [60, 100, 100],
  },
  'students-reached': {
    10001: [0, 0, 0],
    10002: [0, 0, 0],
    10003: [150, 200, 200],
    10004: [0, 0, 0],
    'province-agencies': [0, 0, 0],
    province: [150, 200, 200],
  },
  'press-items': {
    10001: [1, null],
    10002: [0, null],
    10003: [0, null],
    10004: [0, null],
    'province-agencies': [3, null],
    province: [4, null],
  },
  'communes-with-plan': {
    10001: [1, 1],
    10002: [1, 1],
    10003: [0, 1],
    10004: [0, 1],
    'province-agencies': [0, 0],
    province: [2, 4],
  },
  'communes-integrated': {
    10001: [1, 1],
    10002: [0, 1],
    10003: [0, 1],
    10004: [0, 1],
    'province-agencies': [0, 0],
    province: [1, 4],
  },
  'reports-resolved': {
    10001: [1, 2],
    10002: [0, 1],
    10003: [1, 1],
    10004: [0, 0],
    'province-agencies': [0, 0],
    province: [2, 4],
  },
  'establishments-inspected': {
    10001: [2, 4],
    10002: [0, 1],
    10003: [0, 1],
    10004: [0, 0],
    'province-agencies': [0, 0],
    province: [2, 6],
  },
  'officers-trained': {
    10001: [8, 12, 12],
    10002: [0, 0, 7],
    10003: [0, 0, 0],
    10004: [0, 0, 0],
    'province-agencies': [20, 20, 30],
    province: [28, 32, 49],
  },
};

describe('the ten indicators of the province on paper', () => {
  it.each(Object.keys(onPaper) as IndicatorId[])('%s, by commune and for the province', async (indicator) => {
    const byCommune = counts(await ask('by=commune'), indicator);
    const province = counts(await ask(`indicator=${indicator}`), indicator);
    expect({ ...byCommune, ...province }).toEqual(onPaper[indicator]);
  });

  it('gives no share where there is nothing to count of, and says why', async () => {
    const answer = await ask('by=commune');
    for (const indicator of [
      'establishments-inspected',
      'reports-resolved',
      'establishment-workers-reached',
    ] as const) {
      const missing = figure(answer, indicator, '10004');
      expect([missing.value, missing.status]).toEqual([null, 'no-data']);
      expect(missing.reason?.vi).toMatch(/^(Không|Chưa)/);
    }
    expect(figure(answer, 'establishments-inspected', '10003').value).toBe(0);
  });

  it('holds them against the targets', async () => {
    const answer = await ask('');
    const of = (indicator: IndicatorId) => {
      const { value, missing, status, metAtUpper } = figure(answer, indicator);
      return [value, missing, status, metAtUpper];
    };
    // 70 % of 4 is 2.8: three communes are needed, and a quarter missed cannot be made up
    expect(of('communes-with-outreach')).toEqual([0.5, 1, 'behind', false]);
    // 26 of 47 is over a half for sure
    expect(of('establishment-workers-reached')).toEqual([26 / 47, 0, 'met', false]);
    expect(of('students-reached')).toEqual([0.75, 0, 'met', false]);
    expect(of('press-items')).toEqual([null, 0, 'met', false]);
    // 20 % of 6 is 1.2: two are needed
    expect(of('establishments-inspected')).toEqual([1 / 3, 0, 'met', false]);
    // 21 officers are missing; 28 in 305 days, 21 in the 60 that are left
    expect(of('officers-trained')).toEqual([28 / 49, 21, 'behind', false]);
    // Of late: 8 in March (its middle is 230.5 days old on 1 November: ½^(230.5/45) = 0.02871), 20 in April (200 days:
    // 0.04593), nothing since. Σ weight·days of the eleven months is 63.744: (8·0.02871 + 20·0.04593)/63.744 = 0.018014 a
    // day, 0.5404 in 30 days; hence 28 + 60·0.018014 = 29.08 of 49 on 31 December.
    expect(figure(answer, 'officers-trained').paceOfLate).toBeCloseTo(0.5404128, 6);
    expect(figure(answer, 'officers-trained').projected?.value).toBeCloseTo(29.080826 / 49, 6);
    // Four items: 2 in May, 1 in June, 1 in July: of late (2·0.07347 + 0.11753 + 0.18801)/63.744 a day
    expect(figure(answer, 'press-items').paceSoFar).toBeCloseTo((30 * 4) / 305, 12);
    expect(figure(answer, 'press-items').paceOfLate).toBeCloseTo(0.212953, 5);
    expect(figure(answer, 'reports-resolved').paceOfLate).toBeNull();
    expect(figure(answer, 'officers-trained').paceSoFar).toBeCloseTo((30 * 28) / 305, 12);
    expect(figure(answer, 'officers-trained').paceNeeded).toBeCloseTo((30 * 21) / 60, 12);
    expect(answer.period).toMatchObject({
      elapsedDays: 305,
      remainingDays: 60,
      elapsedQuarters: ['2026-Q1', '2026-Q2', '2026-Q3'],
    });
    expect(figure(answer, 'establishment-workers-reached').placesOfUnknownSize).toBe(1);
  });

  it('adds communes by terrain, border and former province', async () => {
    expect(counts(await ask('by=terrain'), 'establishments-inspected')).toEqual({
      mountainous: [0, 1],
      coastal: [0, 1],
      lowland: [2, 4],
      'province-agencies': [0, 0],
    });
    expect(counts(await ask('by=border'), 'students-reached')).toEqual({
      adjoining: [0, 0, 0],
      coastal: [150, 200, 200],
      none: [0, 0, 0],
      'province-agencies': [0, 0, 0],
    });
    expect(counts(await ask('by=former-province'), 'officers-trained')).toEqual({
      'not-on-record': [8, 12, 19],
      'province-agencies': [20, 20, 30],
    });
  });

  it('stands at the end of each quarter, and says what each gained', async () => {
    const answer = await ask('by=quarter');
    expect(counts(answer, 'communes-with-outreach')).toEqual({
      '2026-Q1': [3, 4],
      '2026-Q2': [3, 4],
      '2026-Q3': [2, 4],
      '2026-Q4': [2, 4],
    });
    expect(counts(answer, 'establishment-workers-reached')).toEqual({
      // A1 6 of the 43 people of the year so far; then A1, A3 and at large; then A2 and 10002
      '2026-Q1': [6, 6, 47],
      '2026-Q2': [15, 32, 47],
      '2026-Q3': [26, 43, 47],
      '2026-Q4': [26, 43, 47],
    });
    const inspected = answer.figures.filter(({ indicator }) => indicator === 'establishments-inspected');
    expect(inspected.map(({ gained }) => gained)).toEqual([1, 1, 0, 0]);
  });

  it('answers for any past day with what had happened by then', async () => {
    const outreachOn = async (day: string) =>
      counts(await ask(`asOf=${day}&indicator=communes-with-outreach`), 'communes-with-outreach').province;
    expect(await outreachOn('2026-01-31')).toEqual([0, 4]);
    expect(await outreachOn('2026-02-01')).toEqual([1, 4]);
    expect(await outreachOn('2026-03-30')).toEqual([2, 4]);
    expect(await outreachOn('2026-03-31')).toEqual([3, 4]);
    expect(await outreachOn('2026-06-30')).toEqual([3, 4]);
    const reportsOn = async (day: string) =>
      counts(await ask(`asOf=${day}&indicator=reports-resolved`), 'reports-resolved').province;
    expect(await reportsOn('2026-01-04')).toEqual([0, 0]);
    expect(await reportsOn('2026-01-05')).toEqual([1, 1]);
    expect(await reportsOn('2026-10-31')).toEqual([2, 3]);
    expect(
      counts(await ask('asOf=2026-03-31&indicator=officers-trained'), 'officers-trained').province,
    ).toEqual([8, 8, 17]);
    // A1 to A4, B1, C1 and C2 were open in 2025
    expect(
      counts(await ask('year=2025&indicator=establishments-inspected'), 'establishments-inspected').province,
    ).toEqual([1, 7]);
  });

  it('gives the same bytes for one version of the data, and 304 until it moves', async () => {
    const address = '/api/coverage/indicators?by=commune';
    const [one, other] = [await request(app).get(address), await request(makeApp({ db })).get(address)];
    expect(one.text).toBe(other.text);
    expect(
      (
        await request(app)
          .get(address)
          .set('If-None-Match', one.headers.etag as string)
      ).status,
    ).toBe(304);
  });

  it('does not change with the time zone of the machine', async () => {
    const before = await ask('by=quarter');
    const zone = process.env.TZ;
    try {
      process.env.TZ = 'America/Los_Angeles';
      expect((await request(makeApp({ db })).get('/api/coverage/indicators?by=quarter')).body).toEqual(
        before,
      );
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });
});

describe('the rows behind a figure', () => {
  it.each(Object.keys(onPaper) as IndicatorId[])(
    '%s: what they add makes the figure, in pages of two',
    async (indicator) => {
      const [numerator, second, third] = onPaper[indicator].province!;
      let address: string | null = `/api/coverage/indicators/${indicator}/rows?limit=2`;
      const rows = [];
      let totals = null;
      while (address) {
        const { body, status } = await request(app).get(address);
        expect(status).toBe(200);
        rows.push(...body.rows);
        totals = body;
        address = body.next;
      }
      expect(new Set(rows.map(({ id }) => id)).size).toBe(totals.matched);
      expect(rows.reduce((sum, { adds }) => sum + adds, 0)).toBe(numerator);
      expect(totals.total).toEqual({
        inFives: false,
        adds: numerator,
        addsToUpper: third === undefined ? null : second,
      });
      expect(rows.map(({ day }) => day)).toEqual(
        rows
          .map(({ day }) => day)
          .sort()
          .reverse(),
      );
    },
  );

  it('shows what counts and why the rest does not', async () => {
    const { body } = await request(app).get(
      '/api/coverage/indicators/establishment-workers-reached/rows?commune=10001',
    );
    expect(
      body.rows.map(({ reference, amount, adds, addsToUpper }: Record<string, unknown>) => [
        reference,
        amount,
        adds,
        addsToUpper,
      ]),
    ).toEqual([
      // A2 has 5 people. Before it the places had 13 for sure and 17 at most, 32 with the 15 at large of 35.
      ['o3', 9, 3, 3],
      // 15 at large are 2 more than the 13 of the places
      ['o6', 15, 2, 15],
      ['o5', 3, 0, 0],
      ['o2', 4, 0, 4],
      ['o4', 7, 7, 7],
      ['o1', 6, 6, 6],
    ]);
    expect(body.rows[2].note.en).toContain('not on record');
    expect(body.rows[0].place).toEqual({ collection: 'establishments', reference: 'A2', name: 'Karaoke' });
  });
});

describe('what is asked wrong', () => {
  it.each([
    ['indicator=tests', 'query indicator', 'communes-with-outreach'],
    ['by=district', 'query by', 'former-province'],
    ['year=2024', 'query year', '2025, 2026'],
    ['year=2031', 'query year', '2026'],
    ['asOf=2024-05-05', 'query asOf', '2025, 2026'],
    ['asOf=31/02/2026', 'query asOf', ''],
    ['year=2026&asOf=2025-12-31', 'query asOf', '2026'],
    ['asOf=2026-11-02', 'query asOf', '2026-11-01'],
    ['commune=99999', 'query commune', '/ogc'],
    ['commune=10001&by=terrain', 'query commune', 'quarter'],
    ['radius=-1', 'query radius', ''],
  ])('?%s names the parameter and what is allowed', async (query, where, allowed) => {
    const { status, type, body } = await request(app).get(`/api/coverage/indicators?${query}`);
    expect([status, type, body.where]).toEqual([400, 'application/problem+json', where]);
    expect(`${body.detail} ${body.remedy}`).toContain(allowed);
  });

  it('a cursor that is none', async () => {
    const { status, body } = await request(app).get(
      '/api/coverage/indicators/students-reached/rows?after=next',
    );
    expect([status, body.where]).toEqual([400, 'query after']);
  });
});

it('is given again word for word, from memory, until something is recorded', async () => {
  const address = '/api/coverage/indicators?indicator=establishments-inspected';
  const [first, again, oncemore] = [
    await request(app).get(address),
    await request(app).get(address),
    await request(app).get(address),
  ];
  expect([again.text, oncemore.text]).toEqual([first.text, first.text]);
  expect(oncemore.type).toBe('application/json');
  const inspection = {
    inspectedOn: '2026-10-01',
    licenseNumber: 'B1',
    teamLevel: 'province',
    outcome: 'no-violation',
    ground: 'planned',
  };
  expect((await request(app).post('/api/activities/inspections').send(inspection)).status).toBe(201);
  // 10002's B1 beside A1 and A3
  expect(
    counts(await ask('indicator=establishments-inspected'), 'establishments-inspected').province,
  ).toEqual([3, 6]);
});
