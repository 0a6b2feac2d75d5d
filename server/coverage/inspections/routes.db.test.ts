import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp } from '../../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { insertEstablishments, insertSquareCommunes } from '../../testing/province.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002', '10003', '10004']);
  await insertEstablishments(db, [
    // 10001: three active, one inspected twice in the year and one only the year before
    {
      licenseNumber: 'A1',
      communeCode: '10001',
      inspections: [{ on: '2026-01-01' }, { on: '2026-10-31', outcome: 'administrative' }],
    },
    { licenseNumber: 'A2', communeCode: '10001', inspections: [{ on: '2025-12-31' }] },
    { licenseNumber: 'A3', communeCode: '10001' },
    // 10002: closed in mid-year after its inspection: active for a part of the year, so it counts in both
    {
      licenseNumber: 'B1',
      communeCode: '10002',
      activeTo: '2026-06-30',
      inspections: [{ on: '2026-03-05' }],
    },
    // closed before the year began, opened after the day asked: count in neither
    { licenseNumber: 'B2', communeCode: '10002', activeTo: '2025-12-31' },
    { licenseNumber: 'B3', communeCode: '10002', activeFrom: '2026-11-02' },
    // 10003: inspected on the day after the one asked
    { licenseNumber: 'C1', communeCode: '10003', inspections: [{ on: '2026-11-02' }] },
    // 10004: none
  ]);
});
afterAll(() => db.close());

describe('GET /api/coverage/inspections', () => {
  it('agrees with the province worked out by hand', async () => {
    const { body, status } = await request(makeApp({ db })).get('/api/coverage/inspections');
    expect(status).toBe(200);
    expect(body).toMatchObject({ year: 2026, asOf: '2026-11-01', target: 0.2, simulated: false });
    const figures = body.communes.map(
      ({ code, active, inspected, inspections, share, missing }: Record<string, unknown>) => [
        code,
        active,
        inspected,
        inspections,
        share,
        missing,
      ],
    );
    expect(figures).toEqual([
      ['10001', 3, 1, 2, 1 / 3, 0],
      ['10002', 1, 1, 1, 1, 0],
      ['10003', 1, 0, 0, 0, 1],
      ['10004', 0, 0, 0, null, 0],
    ]);
    expect(body.total).toMatchObject({ active: 5, inspected: 2, share: 0.4, missing: 0 });
  });

  it('answers for any past day with what had happened by then', async () => {
    const { body } = await request(makeApp({ db })).get('/api/coverage/inspections?asOf=2026-02-01');
    expect(body.total).toMatchObject({ active: 5, inspected: 1, share: 0.2, missing: 0 });
    const before = await request(makeApp({ db })).get('/api/coverage/inspections?asOf=2025-12-31');
    expect(before.body).toMatchObject({ year: 2025, total: { active: 6, inspected: 1 } });
  });

  it('takes the day in Vietnam, not in Greenwich', async () => {
    // 1 January 2027, 00:30 in Hà Nội is still 2026 in UTC
    const { body } = await request(makeApp({ db, clock: () => new Date('2026-12-31T17:30:00Z') })).get(
      '/api/coverage/inspections',
    );
    expect(body).toMatchObject({ year: 2027, asOf: '2027-01-01' });
  });

  it('answers 304 until the data or the day move', async () => {
    const app = makeApp({ db });
    const first = await request(app).get('/api/coverage/inspections');
    const tag = first.headers.etag as string;
    expect(first.headers['cache-control']).toBe('private, no-cache');
    expect((await request(app).get('/api/coverage/inspections').set('If-None-Match', tag)).status).toBe(304);
    const tomorrow = makeApp({ db, clock: () => new Date('2026-11-02T08:00:00+07:00') });
    expect((await request(tomorrow).get('/api/coverage/inspections').set('If-None-Match', tag)).status).toBe(
      200,
    );
    await insertEstablishments(db, [{ licenseNumber: 'D1', communeCode: '10004' }]);
    const moved = await request(app).get('/api/coverage/inspections').set('If-None-Match', tag);
    expect(moved.status).toBe(200);
    expect(moved.body.total.active).toBe(6);
  });

  it.each([
    ['asOf=31/02/2026', 'query asOf'],
    ['asOf=2026-02-31', 'query asOf'],
    ['asof=2026-02-01', 'query asof'],
    ['asOf=2026-02-01&asOf=2026-02-02', 'query asOf'],
  ])('names what is wrong in ?%s', async (query, where) => {
    const { status, body, type } = await request(makeApp({ db })).get(`/api/coverage/inspections?${query}`);
    expect([status, type, body.where]).toEqual([400, 'application/problem+json', where]);
    expect(body.remedy).toBeTruthy();
  });
});
