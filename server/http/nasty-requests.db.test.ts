import fc from 'fast-check';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertEstablishments, insertSquareCommunes } from '../testing/province.ts';

// Whatever is asked, however badly: never a 5xx, never a word of SQL, of a file or of a stack in an answer.

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002', '10003']);
  await insertEstablishments(db, [
    { licenseNumber: 'A1', communeCode: '10001', inspections: [{ on: '2026-03-01', outcome: 'referred' }] },
  ]);
});
afterAll(() => db.close());

const nasty = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1e309',
    'NaN',
    'null',
    'undefined',
    'true',
    '[]',
    '{}',
    '../../etc/passwd',
    "' or 1=1 --",
    '"; drop table communes; --',
    '%00',
    '\u0000',
    '😀',
    'Đông Sơn',
    '2026-02-31',
    '9999-12-31',
    '0000-00-00',
    '99999999999999999999',
    'EPSG:4326',
    '$1',
    '$' + '{x}',
    '<script>',
    'a'.repeat(5000),
    '180,90,-180,-90',
    '106,20,107,21',
    '1,2,3',
    'auto',
    'gi-star',
    'queen',
    'knn:999',
    'distance:0',
    'all',
    'commune',
    'month',
    'Q3',
    'xlsx',
  ),
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.double().map(String),
  fc.integer().map(String),
);
const parameters = [
  'asOf',
  'year',
  'indicator',
  'by',
  'format',
  'period',
  'from',
  'to',
  'category',
  'stream',
  'bandwidthMeters',
  'events',
  'grid',
  'statistic',
  'measure',
  'weights',
  'p',
  'permutations',
  'seed',
  'unit',
  'model',
  'maximumShare',
  'replications',
  'timeUnit',
  'slice',
  'bbox',
  'limit',
  'datetime',
  'f',
  'skipGeometry',
  'properties',
  'code',
  'after',
  'commune',
  'withdrawn',
  'text',
  'collections',
  'placeReference',
  'token',
  'months',
  'radius',
  'population',
  'audience',
  'minPeople',
  '__proto__',
  'constructor',
];
const segment = fc.oneof(
  fc.constantFrom(
    'communes',
    'establishments',
    'schools',
    'items',
    '0',
    '9',
    '99',
    '-1',
    '1.mvt',
    '0.mvt',
    'x',
    '..',
    '%2e%2e',
    '%E0%A4%A',
    'communes,establishments',
    '.json',
  ),
  nasty.map((text) => encodeURIComponent(text.toWellFormed().slice(0, 200))),
);
const address = fc.oneof(
  fc.constantFrom(
    '/api/health',
    '/api/coverage/indicators',
    '/api/coverage/indicators/students-reached/rows',
    '/api/coverage/report',
    '/api/coverage/inspections',
    '/api/coverage/inspections/never',
    '/api/coverage/equity',
    '/api/coverage/reach',
    '/api/coverage/gaps',
    '/api/coverage/near-misses',
    '/api/hotspots/density',
    '/api/hotspots/relative-risk',
    '/api/hotspots/local',
    '/api/hotspots/scan',
    '/api/hotspots/trend',
    '/api/activities/outreach',
    '/api/activities/inspections',
    '/api/activities/reports/1',
    '/api/activities/training/1/history',
    '/api/activities/places',
    '/ogc',
    '/ogc/api',
    '/ogc/collections',
    '/ogc/collections/communes/items',
    '/ogc/collections/establishments/items',
    '/tiles/communes.json',
  ),
  fc.array(segment, { maxLength: 3 }).map((segments) => `/ogc/collections/${segments.join('/')}`),
  fc.array(segment, { maxLength: 4 }).map((segments) => `/tiles/${segments.join('/')}`),
);
const question = fc.record({
  address,
  query: fc.array(fc.tuple(fc.constantFrom(...parameters), nasty), { maxLength: 3 }),
  method: fc.constantFrom('get', 'get', 'get', 'head', 'post', 'delete') as fc.Arbitrary<
    'get' | 'head' | 'post' | 'delete'
  >,
  ifNoneMatch: fc.option(fc.constantFrom('*', '"x"', 'W/"x"', '"'.repeat(50))),
});

describe('nasty requests', () => {
  it('are told what is wrong, and the server lives on', async () => {
    const app = makeApp({ db });
    await fc.assert(
      fc.asyncProperty(question, async ({ address: path, query, method, ifNoneMatch }) => {
        const search = new URLSearchParams(query.map(([name, value]) => [name, value.toWellFormed()]));
        const asked = request(app)[method](`${path}?${search}`);
        if (ifNoneMatch) asked.set('If-None-Match', ifNoneMatch);
        const { status, text, type } = await asked.buffer(true);
        expect(status).toBeLessThan(500);
        expect(text ?? '').not.toMatch(/select |node_modules|server\/|at async|syntax error|violates/i);
        if (status >= 400 && method !== 'head') expect(type).toBe('application/problem+json');
      }),
      { seed: 20261101, numRuns: 1500, interruptAfterTimeLimit: 90_000, markInterruptAsFailure: true },
    );
    expect((await request(app).get('/api/health')).status).toBe(200);
  });
});
