import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sql } from '../../db/sql.ts';
import { makeApp } from '../../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { insertSquareCommunes } from '../../testing/province.ts';
import { insertReachPlaces, insertReachSessions } from './testing/insert-reach.ts';

// Four communes of 10 km by 11 km in a row. The window is the 12 months to 31 October 2026: from 1 November 2025, with the
// whole quarters Q1, Q2 and Q3 of 2026.
//
// 10001  A1, 10 workers, where direct talks (500 m) for establishment workers are held in each of the three quarters.
//        A2, 7 workers, 499 m east: within. A3, 5, at 501 m: out. A4, unknown, at 400 m: within. A5, 8, at 10 m, closed in
//        June: not counted. School S1, 300 students, at 100 m: within, but the talks are not for students.
// 10002  Park P1, 1,000 workers, a square; one loudspeaker session (800 m) for its workers in September. Workers' housing D1, 80
//        residents, 790 m east of its eastern side: within. D3, 40, at 810 m: out. Student dormitory D2, 60, at 100 m: within,
//        but industrial workers do not live there. School S2, 200, with a session online; S3, 150, 5 m from it: online has no
//        around. One loudspeaker session for residents of the commune at large: nobody knows where.
// 10003  School S4, 50 students, where a talk for officers was held. A6, 9 workers, with a talk on the day before the window and
//        one on the day after the day asked.
// 10004  nothing
const west = [106.05, 20.05] as const;
const middle = [106.15, 20.05] as const;
const school = [106.19, 20.02] as const;
const east = [106.25, 20.05] as const;
// the park's eastern side
const side = [middle[0] + 0.005, middle[1]] as const;

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002', '10003', '10004']);
  await db.write(async (transaction) => {
    await transaction.execute(
      sql`update communes set terrain = 'coastal', coastal = true, adjoining_provinces = '{Hà Nội}' where code = '10002'`,
    );
    await transaction.execute(sql`update communes set terrain = null where code = '10004'`);
    // 2 km in the west of 10002, which P1 and its neighbours are not in; and all of 10003
    await transaction.execute(sql`
      insert into border_areas (kind, commune_code, neighbour_province, width_meters, derivation, geom)
      values ('adjoining', '10001', 'Hà Nội', 1000, 'imported', ST_Multi(ST_MakeEnvelope(106, 20, 106.052, 20.1, 4326))),
             ('coastal', '10003', null, 1000, 'imported', ST_Multi(ST_MakeEnvelope(106.2, 20, 106.3, 20.1, 4326)))`);
  });
  const workers = { population: 'establishment-workers', communeCode: '10001' } as const;
  const residents = { population: 'dormitory-residents', communeCode: '10002' } as const;
  const students = { population: 'students', communeCode: '10002' } as const;
  await insertReachPlaces(db, [
    { ...workers, reference: 'A1', people: 10, at: { from: west } },
    { ...workers, reference: 'A2', people: 7, at: { from: west, meters: 499 } },
    { ...workers, reference: 'A3', people: 5, at: { from: west, meters: 501 } },
    { ...workers, reference: 'A4', people: null, at: { from: west, meters: 400, bearing: 200 } },
    { ...workers, reference: 'A5', people: 8, at: { from: west, meters: 10 }, activeTo: '2026-06-30' },
    { ...students, reference: 'S1', communeCode: '10001', people: 300, at: { from: west, meters: 100 } },
    {
      reference: 'P1',
      population: 'industrial-workers',
      communeCode: '10002',
      people: 1000,
      at: { from: middle },
      squareDegrees: 0.01,
    },
    { ...residents, reference: 'D1', people: 80, at: { from: side, meters: 790 } },
    { ...residents, reference: 'D2', people: 60, at: { from: side, meters: 100 }, kind: 'student-dormitory' },
    { ...residents, reference: 'D3', people: 40, at: { from: side, meters: 810 } },
    { ...students, reference: 'S2', people: 200, at: { from: school } },
    { ...students, reference: 'S3', people: 150, at: { from: school, meters: 5 } },
    { ...students, reference: 'S4', communeCode: '10003', people: 50, at: { from: east } },
    { ...workers, reference: 'A6', communeCode: '10003', people: 9, at: { from: east, meters: 3000 } },
  ]);
  const talk = { audience: 'establishment-workers', communeCode: '10001', place: 'A1' };
  await insertReachSessions(db, [
    { ...talk, on: '2026-02-10' },
    { ...talk, on: '2026-05-10' },
    { ...talk, on: '2026-08-10' },
    {
      on: '2026-09-01',
      form: 'loudspeaker',
      audience: 'industrial-workers',
      communeCode: '10002',
      place: 'P1',
    },
    { on: '2026-10-31', form: 'online', audience: 'students', communeCode: '10002', place: 'S2' },
    { on: '2026-07-01', form: 'loudspeaker', audience: 'residents', communeCode: '10002' },
    { on: '2026-03-05', audience: 'officers', communeCode: '10003', place: 'S4' },
    { ...talk, on: '2025-10-31', communeCode: '10003', place: 'A6' },
    { ...talk, on: '2026-11-01', communeCode: '10003', place: 'A6' },
  ]);
});
afterAll(() => db.close());

const asOf = 'asOf=2026-10-31';
const get = (path: string) => request(makeApp({ db })).get(`/api/coverage/${path}`);
type Figures = Record<string, unknown> & { population: string; repeated: Record<string, unknown> };
const brief = (figures: readonly Figures[]) =>
  figures.map(({ people, peopleWithinReach, placesWithinReach, placesOutOfReach }) => [
    peopleWithinReach,
    people,
    placesWithinReach,
    placesOutOfReach,
  ]);

describe('GET /api/coverage/reach', () => {
  it('agrees with the province worked out by hand', async () => {
    const { status, body } = await get(`reach?${asOf}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ asOf: '2026-10-31', by: 'commune', simulated: false });
    expect(body.method).toMatchObject({
      from: '2025-11-01',
      months: 12,
      quarters: ['2026-Q1', '2026-Q2', '2026-Q3'],
      radius: 'by-form',
      audience: 'matching',
    });
    expect(brief(body.total.populations)).toEqual([
      [17, 31, 3, 2],
      [1000, 1000, 1, 0],
      [200, 700, 1, 3],
      [80, 180, 1, 2],
    ]);
    const [workers, parks, students, residents] = body.total.populations as Figures[];
    expect(workers).toMatchObject({
      share: 17 / 31,
      unknown: null,
      unknownWithinReach: 1,
      unknownOutOfReach: 0,
    });
    expect([workers, parks, students, residents].map((figures) => figures?.repeated)).toEqual([
      { never: 2, once: 0, moreThanOnce: 0, keptUp: 3 },
      { never: 0, once: 1, moreThanOnce: 0, keptUp: 0 },
      { never: 3, once: 1, moreThanOnce: 0, keptUp: 0 },
      { never: 2, once: 1, moreThanOnce: 0, keptUp: 0 },
    ]);
    expect(body.total).toMatchObject({ sessionsAtPlaces: 6, sessionsCommuneWide: 1 });

    const groups = body.groups as { key: string; populations: Figures[]; sessionsCommuneWide: number }[];
    expect(groups.map(({ key }) => key)).toEqual(['10001', '10002', '10003', '10004']);
    expect(groups.map(({ populations }) => brief(populations)[0])).toEqual([
      [17, 22, 3, 1],
      [0, 0, 0, 0],
      [0, 9, 0, 1],
      [0, 0, 0, 0],
    ]);
    expect(groups[3]?.populations[0]).toMatchObject({ share: null, unknown: 'no-places' });
    expect(groups.map(({ sessionsCommuneWide }) => sessionsCommuneWide)).toEqual([0, 1, 0, 0]);
    expect(body.found.vi).toContain('54,8\u00a0% người lao động tại cơ sở kinh doanh dịch vụ (17/31)');
    expect(body.found.en).toContain('1 place has no number on record');
  });

  it('reaches everyone around with audience=any, but still nobody around what is online', async () => {
    const { body } = await get(`reach?${asOf}&audience=any`);
    expect(brief(body.total.populations)).toEqual([
      [17, 31, 3, 2],
      [1000, 1000, 1, 0],
      [550, 700, 3, 1],
      [140, 180, 2, 1],
    ]);
  });

  it('takes one radius for all forms that have one', async () => {
    const { body } = await get(`reach?${asOf}&radius=505`);
    expect(brief(body.total.populations)[0]).toEqual([22, 31, 4, 1]);
    expect(brief(body.total.populations)[3]).toEqual([0, 180, 0, 3]);
    expect(body.method.radius).toBe('given');
    const radii = Object.fromEntries(
      (body.method.radii as { form: string; radiusMeters: number }[]).map(({ form, radiusMeters }) => [
        form,
        radiusMeters,
      ]),
    );
    expect(radii).toMatchObject({ direct: 505, loudspeaker: 505, online: null });
  });

  it('answers for any past day with what had happened by then, and with the places of that day', async () => {
    // By 30 June: talks in February and May. A5 is open on that day: 10 + 7 + 8 of 39.
    const { body } = await get('reach?asOf=2026-06-30&months=6');
    expect(body.method).toMatchObject({ from: '2025-12-31', quarters: ['2026-Q1', '2026-Q2'] });
    expect(brief(body.total.populations)[0]).toEqual([25, 39, 4, 2]);
    expect(body.total.populations[0].repeated).toEqual({ never: 2, once: 0, moreThanOnce: 0, keptUp: 4 });
    const { body: short } = await get('reach?asOf=2026-05-10&months=1');
    expect(short.total.populations[0].repeated).toEqual({ never: 2, once: 4, moreThanOnce: 0, keptUp: null });
  });

  it('groups by terrain and by border kind, where a commune can be of two', async () => {
    const { body: terrain } = await get(`reach?${asOf}&by=terrain`);
    const students = (body: { groups: { key: string; populations: Figures[] }[] }) =>
      body.groups.map(({ key, populations }) => [key, ...brief(populations)[2]!.slice(0, 2)]);
    expect(students(terrain)).toEqual([
      ['mountainous', 0, 0],
      ['coastal', 200, 350],
      ['lowland', 0, 350],
      ['urban', 0, 0],
      ['unknown', 0, 0],
    ]);
    const { body: border } = await get(`reach?${asOf}&by=border`);
    expect(students(border)).toEqual([
      ['adjoining', 200, 350],
      ['coastal', 200, 350],
      ['neither', 0, 350],
    ]);
  });

  it('groups by the area that a place lies in', async () => {
    // In the adjoining strip (to 106.052°, 209 m east of A1): A1 and A4 south-west of it, A5 is closed, S1 100 m east. In the
    // coastal area: S4 and A6. Within 500 m of the park: itself and D2, not D1 and D3. Near a dormitory: the three, and the park,
    // 100 m from D2. Elsewhere: A2, A3, S2 and S3.
    const { body } = await get(`reach?${asOf}&by=area`);
    const groups = body.groups as { key: string; populations: Figures[]; sessionsAtPlaces: number }[];
    const counts = groups.map(({ key, populations, sessionsAtPlaces }) => [
      key,
      ...brief(populations).map((row) => Number(row[2]) + Number(row[3])),
      sessionsAtPlaces,
    ]);
    expect(counts).toEqual([
      ['adjoining-area', 2, 0, 1, 0, 3],
      ['coastal-area', 1, 0, 1, 0, 1],
      ['near-industrial-park', 0, 1, 0, 1, 1],
      ['near-dormitory', 0, 1, 0, 3, 1],
      ['elsewhere', 2, 0, 2, 0, 1],
    ]);
    expect(body.groups[0].sessionsCommuneWide).toBeNull();
  });
});

describe('GET /api/coverage/gaps', () => {
  it('gathers what is out of reach, most people first', async () => {
    const { status, body } = await get(`gaps?${asOf}&minPeople=0`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ type: 'FeatureCollection', population: null, simulated: false });
    // S1, S3, D2, S4, D3, A6 and A3, each by itself: A1, A2 and A4, which are reached, lie between S1 and A3, and D1 between
    // D2 and D3.
    expect(body.total).toMatchObject({ gaps: 7, people: 614, places: 7, unknownPlaces: 0 });
    const gaps = (body.features as { properties: Record<string, unknown> }[]).map(
      ({ properties }) => properties,
    );
    expect(gaps.map(({ people }) => people)).toEqual([300, 150, 60, 50, 40, 9, 5]);
    expect(gaps.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(gaps[0]).toMatchObject({
      places: 1,
      communes: [{ code: '10001', name: 'xã Xã 10001', people: 300, places: 1 }],
      // the only session for students was online, at another school
      nearestSession: null,
    });
    // D2 lies 100 m from the park, but the session there was for workers
    expect(gaps[2]).toMatchObject({ people: 60, nearestSession: null });
    // no place is named
    for (const reference of ['A3', 'S1', 'D2']) expect(JSON.stringify(body)).not.toContain(`"${reference}"`);
    expect(body.found.vi).toContain(
      '7 địa điểm với 614 người nằm ngoài tầm của tuyên truyền, thành 7 khoảng trống',
    );
  });

  it('tells how far the nearest session for them was, and its last day', async () => {
    const { body } = await get(`gaps?${asOf}&population=establishment-workers&minPeople=0`);
    const nearest = (body.features as { properties: { people: number; nearestSession: unknown } }[]).map(
      ({ properties }) => [properties.people, properties.nearestSession],
    );
    expect(nearest).toHaveLength(2);
    expect(nearest[1]).toEqual([5, { distanceMeters: 501, heldOn: '2026-08-10' }]);
    // A6 is 3 km east of 106.25°, A1 at 106.05°: 0.2° are 20,923 m on that parallel
    expect((nearest[0]![1] as { distanceMeters: number }).distanceMeters).toBeGreaterThan(23_900);
    expect((nearest[0]![1] as { distanceMeters: number }).distanceMeters).toBeLessThan(23_940);
    const { body: students } = await get(`gaps?${asOf}&population=students`);
    expect(students.features[0].properties.nearestSession).toBeNull();
  });

  it('leaves gaps of few people undrawn, and counts them', async () => {
    const { body } = await get(`gaps?${asOf}&population=establishment-workers&minPeople=6`);
    expect(body.features).toHaveLength(1);
    expect(body.notDrawn).toEqual({ gaps: 1, people: 5, places: 1 });
    expect(body.total).toMatchObject({ gaps: 2, people: 14, places: 2 });
  });

  it('gives the same bytes for the same data, and 304 to who holds them', async () => {
    const [first, second] = [await get(`gaps?${asOf}`), await get(`gaps?${asOf}`)];
    expect(second.text).toBe(first.text);
    const again = await get(`gaps?${asOf}`).set('If-None-Match', first.headers.etag as string);
    expect(again.status).toBe(304);
  });
});

describe('GET /api/coverage/near-misses', () => {
  it('names the communes that lack one elapsed quarter', async () => {
    // By 30 September 10001 has Q1, Q2 and Q3; 10002 has Q3 alone (July and September), 10003 Q1 alone: both lack two.
    const { body } = await get('near-misses?asOf=2026-09-30');
    expect(body).toMatchObject({
      year: 2026,
      elapsedQuarters: ['2026-Q1', '2026-Q2', '2026-Q3'],
      keptUp: 1,
      all: 4,
    });
    expect(body.communes).toEqual([]);
    // By 30 June 10003 lacks the second alone; 10002 and 10004 lack both.
    const { body: june } = await get('near-misses?asOf=2026-06-30');
    expect(june.communes).toEqual([
      {
        code: '10003',
        name: 'xã Xã 10003',
        terrain: 'lowland',
        missingQuarter: '2026-Q2',
        sessions: [
          { quarter: '2026-Q1', elapsed: true, sessions: 1 },
          { quarter: '2026-Q2', elapsed: true, sessions: 0 },
        ],
      },
    ]);
    expect(june.found.vi).toBe(
      'Đến 30/06/2026, 1/4 xã, phường duy trì tuyên truyền trong mọi quý đã qua của năm 2026; 1 nơi chỉ thiếu một quý (quý II/2026: 1).',
    );
  });

  it('takes the whole of a year that is over', async () => {
    const { body } = await get('near-misses?year=2025');
    expect(body).toMatchObject({
      year: 2025,
      asOf: '2025-12-31',
      elapsedQuarters: expect.arrayContaining(['2025-Q4']),
    });
    expect(body.keptUp).toBe(0);
  });
});

describe('what cannot be answered', () => {
  it.each([
    ['reach?radius=-1', 'query radius', /at least 50/],
    ['reach?radius=1000000000', 'query radius', /at most 20,000/],
    ['gaps?radius=-1', 'query radius', /at least 50/],
    ['gaps?radius=near', 'query radius', /50 to 20,000/],
    ['reach?months=0', 'query months', /at least 1/],
    ['reach?months=999', 'query months', /at most 36/],
    ['reach?months=1.5', 'query months', /whole number/],
    ['reach?asOf=2026-02-31', 'query asOf', /YYYY-MM-DD/],
    ['gaps?asOf=yesterday', 'query asOf', /YYYY-MM-DD/],
    ['gaps?asOf=2019-06-30', 'query asOf', /2019/],
    ['reach?asOf=2031-06-30', 'query asOf', /2031/],
    ['gaps?population=everyone', 'query population', /establishment-workers/],
    ['reach?by=province', 'query by', /commune/],
    ['reach?audience=all', 'query audience', /matching/],
    ['gaps?minPeople=-3', 'query minPeople', /at least 0/],
    ['gaps?limit=100000', 'query limit', /at most 2000/],
    ['near-misses?year=2019', 'query year', /2019/],
    ['near-misses?year=2026&asOf=2025-12-31', 'query asOf', /not in the year 2026/],
    ['near-misses?year=next', 'query year', /a year/],
    ['reach?population=students', 'query population', /.*/],
  ])('%s names %s and what is allowed', async (path, where, detail) => {
    const { status, type, body } = await get(path);
    expect([status, type, body.where]).toEqual([400, 'application/problem+json', where]);
    expect(body.detail).toMatch(detail);
    expect(body.remedy).toBeTruthy();
  });
});

describe('a withdrawn session', () => {
  it('reaches nobody', async () => {
    const before = await get(`reach?${asOf}`);
    expect(before.body.total.populations[1].peopleWithinReach).toBe(1000);
    await insertReachSessions(
      db,
      [{ on: '2026-10-05', audience: 'students', communeCode: '10003', place: 'S4' }],
      'RUT',
    );
    expect((await get(`reach?${asOf}`)).body.total.populations[2].peopleWithinReach).toBe(250);
    await db.write((transaction) =>
      transaction.execute(
        sql`update outreach_session_records set withdrawal_reason = 'mistaken' where reference = 'RUT-0'`,
      ),
    );
    expect((await get(`reach?${asOf}`)).body.total.populations[2].peopleWithinReach).toBe(200);
  });
});

describe('the radii on record', () => {
  it('can be set by the province, and every answer follows', async () => {
    const set = (meters: number) =>
      db.write((transaction) =>
        transaction.execute(sql`update outreach_forms set radius_meters = ${meters} where form = 'direct'`),
      );
    const before = await db.read((transaction) =>
      transaction.row(z.object({ version: z.number() }), sql`select version from data_version`),
    );
    await set(505);
    const { body } = await get(`reach?${asOf}`);
    expect(body.dataVersion).toBeGreaterThan(before.version);
    expect(brief(body.total.populations)[0]).toEqual([22, 31, 4, 1]);
    await set(500);
  });
});
