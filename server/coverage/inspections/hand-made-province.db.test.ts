import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  EstablishmentSinceInspection,
  InspectionCoverageAnswer,
  InspectionGroup,
} from '../../../contract/coverage-inspections.ts';
import { makeApp } from '../../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { insertEstablishments, insertSquareCommunes } from '../../testing/province.ts';

// Worked out on paper, as of 31 October 2026: 304 days of 365.
//
//                 active days   in the period               last inspected (days before)
// 10001 A1        304           planned 1/1, planned 31/10   31/10/2026 (0)
//       A2        304           —  (31/12/2025; 1/11/2026)   31/12/2025 (304)
//       A3        304           planned 1/3 with a violation, planned 1/6      1/6/2026 (152)
//       A4        304           sign 1/5, random 1/7         1/7/2026 (122)
// 10002 B1 to 30/6        181   planned 5/3, random 10/7     without a licence on the day
//       B2 to 31/12/2025    0   planned 1/2: not counted
//       B3 from 1/10       31   —                            never
//       B4 from 2/11        0   —
// 10003 C1        304           —                            15/6/2024 (868)
//       C2        304           —                            15/6/2025 (503)
// 10004 none
const hotel = { category: 'hotel', leadAgency: 'so-du-lich' };
let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002', '10003', '10004']);
  await insertEstablishments(db, [
    { licenseNumber: 'A1', communeCode: '10001', inspections: [{ on: '2026-01-01' }, { on: '2026-10-31' }] },
    { licenseNumber: 'A2', communeCode: '10001', inspections: [{ on: '2025-12-31' }, { on: '2026-11-01' }] },
    {
      licenseNumber: 'A3',
      communeCode: '10001',
      inspections: [{ on: '2026-03-01', outcome: 'administrative' }, { on: '2026-06-01' }],
    },
    {
      licenseNumber: 'A4',
      communeCode: '10001',
      inspections: [
        { on: '2026-05-01', ground: 'sign-of-violation' },
        { on: '2026-07-01', ground: 'random' },
      ],
    },
    {
      ...hotel,
      licenseNumber: 'B1',
      communeCode: '10002',
      activeTo: '2026-06-30',
      inspections: [{ on: '2026-03-05' }, { on: '2026-07-10', ground: 'random' }],
    },
    {
      ...hotel,
      licenseNumber: 'B2',
      communeCode: '10002',
      activeTo: '2025-12-31',
      inspections: [{ on: '2026-02-01' }],
    },
    { ...hotel, licenseNumber: 'B3', communeCode: '10002', activeFrom: '2026-10-01' },
    { ...hotel, licenseNumber: 'B4', communeCode: '10002', activeFrom: '2026-11-02' },
    { licenseNumber: 'C1', communeCode: '10003', inspections: [{ on: '2024-06-15' }] },
    { licenseNumber: 'C2', communeCode: '10003', inspections: [{ on: '2025-06-15' }] },
  ]);
});
afterAll(() => db.close());

async function ask(query = ''): Promise<InspectionCoverageAnswer> {
  const { body, status } = await request(makeApp({ db })).get(
    `/api/coverage/inspections?asOf=2026-10-31${query}`,
  );
  expect(status).toBe(200);
  return body;
}
const month = 365.2425 / 12;
const groupOf = (answer: InspectionCoverageAnswer, key: string): InspectionGroup =>
  answer.groups.find((group) => group.key === key)!;

describe('GET /api/coverage/inspections', () => {
  it('agrees with the province worked out on paper, in all', async () => {
    const answer = await ask();
    expect(answer).toMatchObject({ year: 2026, asOf: '2026-10-31', by: 'commune', radiusMeters: null });
    // active: A1–A4, B1, B3, C1, C2; days: 6·304 + 181 + 31 = 2036; inspected: A1, A3, A4, B1
    expect(answer.total).toEqual({
      active: 8,
      inspected: 4,
      share: 0.5,
      missing: 0,
      shareReason: null,
      inspections: 8,
      byGround: {
        planned: { inspections: 5, inspected: 3 },
        'sign-of-violation': { inspections: 1, inspected: 1 },
        random: { inspections: 2, inspected: 2 },
      },
      // A1; A3's second followed the violation that its first had found
      repeatedPlanned: 1,
      establishmentYears: 2036 / 365,
      inspectionsPerEstablishmentYear: (8 * 365) / 2036,
      expectedShare: 0.5,
      // without B1, which has closed: 0, 122, 152, 304, 503, 868 days and B3 never
      sinceLast: {
        active: 7,
        medianMonths: expect.closeTo(228 / month, 10),
        medianReason: null,
        overTwelveMonths: 2,
        overTwentyFourMonths: 1,
        never: 1,
      },
    });
    expect(answer.outsideLicence).toEqual({ counted: 1, notCounted: 1 });
    expect(answer.historyFrom).toBe('2024-06-15');
    expect(answer.inSeveralAreas).toBeNull();
    expect(answer.found.vi).toBe(
      'Đến ngày 31/10/2026, đã kiểm tra 4 trong 8 cơ sở hoạt động trong năm (50,0\u00a0%); đã đạt chỉ tiêu 20,0\u00a0%. 1 cơ sở được kiểm tra theo kế hoạch quá một lần trong năm khi chưa ghi nhận dấu hiệu vi phạm.',
    );
  });

  it('agrees with it by commune', async () => {
    const answer = await ask();
    expect(
      answer.groups.map(({ key, active, inspected, inspections, share, missing }) => [
        key,
        active,
        inspected,
        inspections,
        share,
        missing,
      ]),
    ).toEqual([
      ['10001', 4, 3, 6, 0.75, 0],
      ['10002', 2, 1, 2, 0.5, 0],
      ['10003', 2, 0, 0, 0, 1],
      ['10004', 0, 0, 0, null, 0],
    ]);
    expect(answer.communes.map(({ code, active, inspected }) => [code, active, inspected])).toEqual([
      ['10001', 4, 3],
      ['10002', 2, 1],
      ['10003', 2, 0],
      ['10004', 0, 0],
    ]);
    // 4 of 8 inspected; of the time 1216, 212 and 608 of 2036 days
    expect(answer.groups.map(({ expectedShare }) => expectedShare)).toEqual([
      expect.closeTo((4 * 1216) / 2036 / 4, 12),
      expect.closeTo((4 * 212) / 2036 / 2, 12),
      expect.closeTo((4 * 608) / 2036 / 2, 12),
      null,
    ]);
    expect(groupOf(answer, '10004')).toMatchObject({
      shareReason: 'no-active-establishment',
      establishmentYears: 0,
      inspectionsPerEstablishmentYear: null,
      sinceLast: { active: 0, medianMonths: null, medianReason: 'no-active-establishment', never: 0 },
    });
    expect(groupOf(answer, '10002').sinceLast).toEqual({
      active: 1,
      medianMonths: null,
      medianReason: 'never-inspected',
      overTwelveMonths: 0,
      overTwentyFourMonths: 0,
      never: 1,
    });
  });

  it('agrees with it by category and by lead agency', async () => {
    const byCategory = await ask('&by=category');
    expect(byCategory.groups).toHaveLength(11);
    const hotels = groupOf(byCategory, 'hotel');
    expect(hotels).toMatchObject({ name: { vi: 'Khách sạn', en: 'Hotel' }, active: 2, inspected: 1 });
    expect(hotels.establishmentYears).toBeCloseTo(212 / 365, 12);
    expect(groupOf(byCategory, 'karaoke')).toMatchObject({ active: 6, inspected: 3, repeatedPlanned: 1 });
    expect(groupOf(byCategory, 'cafe')).toMatchObject({ active: 0, share: null });

    const byAgency = await ask('&by=lead-agency');
    expect(byAgency.groups.map(({ key, active }) => [key, active])).toEqual([
      ['cong-an', 0],
      ['so-y-te', 0],
      ['so-van-hoa-the-thao', 6],
      ['so-du-lich', 2],
    ]);
    expect(byAgency.total).toEqual(byCategory.total);
  });

  it('narrows everything to what is asked', async () => {
    const hotels = await ask('&category=hotel');
    expect(hotels.selection).toEqual({ category: 'hotel', agency: null, commune: null });
    expect(hotels.total).toMatchObject({ active: 2, inspected: 1, inspections: 2, expectedShare: 0.5 });
    expect(hotels.communes.map(({ active }) => active)).toEqual([0, 2, 0, 0]);
    expect(hotels.outsideLicence).toEqual({ counted: 1, notCounted: 1 });

    const commune = await ask('&commune=10001&by=category');
    expect(commune.communes.map(({ code }) => code)).toEqual(['10001']);
    expect(commune.total).toMatchObject({ active: 4, inspected: 3 });
    expect(groupOf(commune, 'hotel').active).toBe(0);

    expect((await ask('&agency=so-du-lich&commune=10001')).total).toMatchObject({
      active: 0,
      share: null,
      shareReason: 'no-active-establishment',
    });
  });

  it('says how evenly inspections are spread', async () => {
    const { spread, method } = await ask();
    // 2, 2, 2, 2, 0, 0, 0, 0
    expect(spread.all).toMatchObject({ inspections: 8, establishments: { n: 8, gini: 0.5, reason: null } });
    expect(spread.all.establishments.lorenz).toEqual([
      [0, 0],
      [0.5, 0],
      [1, 1],
    ]);
    // 1.5 for each of 4, 1 of 2, 0 of 2: (2·8·0.5 + 2·8·1.5 + 2·4·1)/(2·64·1)
    expect(spread.all.communes).toMatchObject({ n: 3, gini: expect.closeTo(0.3125, 12) });
    expect(spread.all.communes.lorenz).toEqual([
      [0, 0],
      [0.25, 0],
      [0.5, 0.25],
      [1, 1],
    ]);
    // without the sign of violation: 0, 0, 0, 0, 1, 2, 2, 2
    expect(spread.routine).toMatchObject({
      inspections: 7,
      establishments: { gini: expect.closeTo(31 / 56, 12), verdict: 'as-by-lot' },
    });
    expect(spread.all.found.en).toMatch(
      /^Counting all inspections, the Gini coefficient over establishments is 0\.50, the same number dealt by lot gives 0\.\d\d \(0\.\d\d–0\.\d\d\): not clearly different from a draw by lot; over communes is 0\.31,/,
    );
    expect(method).toEqual({
      daysOfYear: 365,
      elapsedDays: 304,
      seed: 1,
      replications: { all: 999, routine: 999 },
    });
  });

  it('has no spread of nothing, and none of one', async () => {
    const { spread } = await ask('&commune=10003');
    expect(spread.all.establishments).toMatchObject({
      n: 2,
      gini: null,
      reason: 'no-inspection',
      lorenz: [],
    });
    const none = await ask('&commune=10004');
    expect(none.spread.all.communes).toMatchObject({ n: 0, gini: null, reason: 'no-active-establishment' });
    expect(none.found.en).toContain('no establishment had a licence');
    const one = await ask('&commune=10001');
    expect(one.spread.all.communes).toMatchObject({ n: 1, gini: null, reason: 'fewer-than-two' });
  });

  it('gives the same bytes for the same question, and other days their own', async () => {
    const app = makeApp({ db });
    const address = '/api/coverage/inspections?by=category&asOf=2026-10-31';
    expect((await request(app).get(address)).text).toBe((await request(app).get(address)).text);
    const newYear = await request(app).get('/api/coverage/inspections?asOf=2026-01-01');
    // one day: A1 alone was inspected on it; B1 was still active, B3 not yet
    expect(newYear.body.total).toMatchObject({
      active: 7,
      inspected: 1,
      establishmentYears: expect.closeTo(7 / 365, 12),
    });
    const year = await request(app).get('/api/coverage/inspections?year=2025');
    expect(year.body).toMatchObject({ asOf: '2025-12-31', total: { active: 8, inspected: 2 } });
  });

  it.each([
    ['radius=-1', 'query radius', '50 to 20000'],
    ['radius=1000000000', 'query radius', '50 to 20000'],
    ['radius=far', 'query radius', '50 to 20000'],
    ['category=kara', 'query category', 'karaoke'],
    ['agency=so-la', 'query agency', 'so-y-te'],
    ['commune=99999', 'query commune', '/ogc/collections/communes'],
    ['commune=1', 'query commune', '5 digits'],
    ['by=street', 'query by', 'lead-agency'],
    ['asOf=2026-13-01', 'query asOf', 'YYYY-MM-DD'],
    ['asOf=2027-01-01', 'query asOf', '2026-11-01'],
    ['asOf=1999-06-01', 'query asOf', '2020-01-01'],
    ['year=2010', 'query year', '2020-01-01'],
    ['year=2026&asOf=2025-05-05', 'query asOf', 'of that year'],
  ])('refuses ?%s, names it and says what is allowed', async (query, where, allowed) => {
    const { status, type, body } = await request(makeApp({ db })).get(`/api/coverage/inspections?${query}`);
    expect([status, type, body.where]).toEqual([400, 'application/problem+json', where]);
    expect(`${body.detail} ${body.remedy}`).toContain(allowed);
  });
});

describe('GET /api/coverage/inspections/never', () => {
  const list = async (query: string) => {
    const { body, status } = await request(makeApp({ db })).get(
      `/api/coverage/inspections/never?asOf=2026-10-31&${query}`,
    );
    expect(status).toBe(200);
    return body;
  };
  const licences = (establishments: EstablishmentSinceInspection[]) =>
    establishments.map(({ licenseNumber }) => licenseNumber);

  it('lists the never inspected first, then the longest not inspected; closed ones not', async () => {
    const body = await list('limit=1000');
    expect(licences(body.establishments)).toEqual(['B3', 'C1', 'C2', 'A2', 'A3', 'A4', 'A1']);
    expect(body).toMatchObject({ matched: 7, never: 1, historyFrom: '2024-06-15', next: null });
    expect(body.establishments[0]).toEqual({
      licenseNumber: 'B3',
      category: 'hotel',
      communeCode: '10002',
      communeName: 'Xã 10002',
      activeFrom: '2026-10-01',
      lastInspectedOn: null,
      months: null,
    });
    expect(body.establishments[1]).toMatchObject({ lastInspectedOn: '2024-06-15', months: 28 });
  });

  it('comes in pages that hold each once', async () => {
    const seen: string[] = [];
    let after = '';
    for (let pages = 0; pages < 10; pages++) {
      const body = await list(`limit=3${after}`);
      expect(body.matched).toBe(7);
      seen.push(...licences(body.establishments));
      if (body.next === null) break;
      after = `&after=${body.next}`;
    }
    expect(seen).toEqual(['B3', 'C1', 'C2', 'A2', 'A3', 'A4', 'A1']);
  });

  it('narrows to a commune, a category, and to more than so many months', async () => {
    expect(licences((await list('commune=10003')).establishments)).toEqual(['C1', 'C2']);
    expect(licences((await list('category=hotel')).establishments)).toEqual(['B3']);
    expect(licences((await list('overMonths=16')).establishments)).toEqual(['B3', 'C1', 'C2']);
    expect(licences((await list('overMonths=17')).establishments)).toEqual(['B3', 'C1']);
    expect(await list('commune=10004')).toMatchObject({ matched: 0, establishments: [], next: null });
  });

  it.each([
    ['after=x', 'query after'],
    ['after=2026-02-31.2020-01-01.1', 'query after'],
    ['limit=0', 'query limit'],
    ['limit=5000', 'query limit'],
    ['overMonths=-1', 'query overMonths'],
    ['commune=99999', 'query commune'],
    ['asOf=2030-01-01', 'query asOf'],
  ])('refuses ?%s', async (query, where) => {
    const { status, body } = await request(makeApp({ db })).get(`/api/coverage/inspections/never?${query}`);
    expect([status, body.where]).toEqual([400, where]);
    expect(body.remedy).toBeTruthy();
  });
});
