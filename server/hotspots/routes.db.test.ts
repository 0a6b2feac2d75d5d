import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertEstablishments, insertSquareCommunes } from '../testing/province.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

describe('GET /api/hotspots/density', () => {
  it('says what to do when there is no map yet', async () => {
    const { status, type, body } = await request(makeApp({ db })).get('/api/hotspots/density');
    expect([status, type]).toEqual([409, 'application/problem+json']);
    expect(body.remedy).toContain('import communes');
  });

  it('counts violations of the year up to the day, not inspections that found nothing', async () => {
    await insertSquareCommunes(db, ['10001', '10002', '10003']);
    await insertEstablishments(db, [
      {
        licenseNumber: 'A1',
        communeCode: '10002',
        position: [106.15, 20.05],
        inspections: [
          { on: '2026-02-01', outcome: 'administrative' },
          { on: '2026-03-01', outcome: 'referred' },
          { on: '2026-04-01' },
          { on: '2025-12-31', outcome: 'administrative' },
          { on: '2026-11-02', outcome: 'administrative' },
        ],
      },
    ]);
    const { body, status } = await request(makeApp({ db })).get(
      '/api/hotspots/density?bandwidthMeters=1500&from=2026-01-01',
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      n: 2,
      outside: 0,
      from: '2026-01-01',
      to: '2026-11-01',
      unit: 'events/km²',
      simulated: false,
    });
    expect(Math.abs(body.integral - 2)).toBeLessThan(2e-4);
    const { values, stepMeters } = body.grid;
    const sum = values.reduce((total: number, value: number | null) => total + (value ?? 0), 0);
    expect((sum * stepMeters ** 2) / 1e6).toBeCloseTo(2, 3);
    expect(body.found.vi).toContain('tại xã Xã 10002');
    expect(body.contours.features.length).toBeGreaterThan(2);
  });

  it('narrows by category and period, and leaves the cells out when asked to', async () => {
    const app = makeApp({ db });
    const karaoke = await request(app).get(
      '/api/hotspots/density?category=karaoke&from=2025-12-01&to=2025-12-31&grid=none',
    );
    expect(karaoke.body).toMatchObject({ n: 1, category: 'karaoke' });
    expect(karaoke.body.grid).toBeUndefined();
    const hotel = await request(app).get('/api/hotspots/density?category=hotel&grid=none');
    expect(hotel.body).toMatchObject({ n: 0, contours: { features: [] } });
    expect(hotel.body.found.en).toContain('no inspection');
  });

  it.each([
    ['bandwidthMeters=-1', 'query bandwidthMeters'],
    ['bandwidthMeters=1e9', 'query bandwidthMeters'],
    ['bandwidthMeters=abc', 'query bandwidthMeters'],
    ['category=casino', 'query category'],
    ['from=2026-05-01&to=2026-04-01', 'query from'],
    ['to=31/02/2026', 'query to'],
    ['sigma=3', 'query sigma'],
  ])('names what is wrong in ?%s', async (query, where) => {
    const { status, body, type } = await request(makeApp({ db })).get(`/api/hotspots/density?${query}`);
    expect([status, type, body.where]).toEqual([400, 'application/problem+json', where]);
    expect(body.remedy).toBeTruthy();
  });
});

describe('an analysis asked for as an event stream', () => {
  it('ends with the result, the same as over plain JSON', async () => {
    const app = makeApp({ db });
    const address = '/api/hotspots/density?grid=none&bandwidthMeters=1700';
    const stream = await request(app)
      .get(address)
      .set('Accept', 'text/event-stream')
      .buffer(true)
      .parse(wholeText);
    expect(stream.headers['content-type']).toContain('text/event-stream');
    const events = [...(stream.body as string).matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(
      ([, name, data]) => ({ name, data }),
    );
    expect(events.at(-1)?.name).toBe('result');
    const { body } = await request(app).get(address);
    expect(JSON.parse(events.at(-1)?.data ?? '')).toEqual(body);
  });

  it('tells the result after progress was told, too', async () => {
    const app = makeApp({ db });
    const address = '/api/hotspots/scan?replications=9999&seed=11';
    const stream = await request(app)
      .get(address)
      .set('Accept', 'text/event-stream')
      .buffer(true)
      .parse(wholeText);
    const events = [...(stream.body as string).matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(
      ([, name, data]) => ({ name, data: JSON.parse(data!) }),
    );
    const told = events.filter(({ name }) => name === 'progress').map(({ data }) => data.share);
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual([...told].sort((one, other) => one - other));
    expect(stream.headers['cache-control']).toBe('no-store');
    expect(stream.headers.etag).toBeUndefined();
    const { body } = await request(app).get(address);
    expect(events.at(-1)).toEqual({ name: 'result', data: body });
  });

  it('tells a wrong parameter as problem+json, before any event', async () => {
    const { status, type } = await request(makeApp({ db }))
      .get('/api/hotspots/density?bandwidthMeters=-3')
      .set('Accept', 'text/event-stream');
    expect([status, type]).toEqual([400, 'application/problem+json']);
  });
});

function wholeText(answer: request.Response, done: (error: Error | null, text: string) => void): void {
  const response = answer as unknown as NodeJS.ReadableStream;
  let text = '';
  response.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  response.on('end', () => done(null, text));
}

describe('a period in which nothing was found, or nothing was looked at', () => {
  const nothingFound = 'from=2026-04-01&to=2026-06-30';
  const nothingLooked = 'from=2024-01-01&to=2024-12-31';
  it.each(
    [
      'density?grid=none',
      'relative-risk?',
      'local?',
      'local?measure=count',
      'local?unit=cell',
      'scan?',
      'scan?model=poisson',
      'scan?model=space-time-permutation',
      'scan?model=space-time-poisson',
      'trend?',
      'trend?measure=count',
    ].flatMap((analysis) => [
      [analysis, nothingFound],
      [analysis, nothingLooked],
    ]),
  )('%s answers with a sentence, not an error (%s)', async (analysis, period) => {
    const { status, body } = await request(makeApp({ db })).get(`/api/hotspots/${analysis}&${period}`);
    expect([status, body.detail]).toEqual([200, undefined]);
    expect(body.found.vi).toMatch(/không|Không|chưa/);
    expect(body.found.en).toMatch(/\b(no|not|none|nothing|nowhere|0)\b/i);
  });
});

it('says what to do when a period is too short to look for a cluster in time', async () => {
  const { status, body } = await request(makeApp({ db })).get(
    '/api/hotspots/scan?model=space-time-permutation&from=2026-02-01&to=2026-02-20',
  );
  expect([status, body.where]).toEqual([400, 'query timeUnit']);
  expect(body.remedy).toContain('timeUnit=week');
});
