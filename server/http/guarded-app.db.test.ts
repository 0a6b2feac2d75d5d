import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertSquareCommunes } from '../testing/province.ts';
import { guardsOf } from './guards.ts';

// The guards as `npm start` puts them before the whole app; what each does by itself is in guards.test.ts.

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002']);
});
afterAll(() => db.close());

const app = (rateLimitFactor: number) =>
  makeApp({
    db,
    log: pino({ level: 'silent' }),
    config: { baseUrl: 'https://diaban.example', checkResponses: true },
    guards: guardsOf({
      baseUrl: 'https://diaban.example',
      host: '127.0.0.1',
      rateLimitFactor,
      requestTimeoutSeconds: 30,
      trustedProxies: [],
    }),
  });

it('another host gets nothing of any address, tiles and pages too', async () => {
  const guarded = app(1);
  for (const path of ['/', '/api/health', '/ogc', '/tiles/communes/8/203/112.mvt', '/nowhere']) {
    const own = await request(guarded).get(path).set('Host', 'diaban.example');
    expect(own.status, path).not.toBe(421);
    const foreign = await request(guarded).get(path).set('Host', 'evil.example');
    expect([foreign.status, foreign.type], path).toEqual([421, 'application/problem+json']);
  }
});

it('an account that asks too often waits, wherever it asks; a page of the client is not counted', async () => {
  const guarded = app(0.0025); // 6 ordinary requests, 15 tiles
  const statuses: number[] = [];
  for (let at = 0; at < 7; at += 1)
    statuses.push((await request(guarded).get('/api/coverage/indicators').set('Host', 'localhost')).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429]);
  const refused = await request(guarded).get('/ogc').set('Host', 'localhost');
  expect([refused.status, refused.type]).toEqual([429, 'application/problem+json']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await request(guarded).get('/tiles/communes.json').set('Host', 'localhost')).status).toBe(200);
  expect((await request(guarded).get('/').set('Host', 'localhost')).status).toBe(404);
});

it('every answer, a refusal too, has the security headers, and keeps browsers with TLS', async () => {
  for (const path of ['/api/health', '/nowhere', '/api/activities/reports/x']) {
    const { headers } = await request(app(1)).get(path).set('Host', 'localhost');
    expect(headers, path).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'strict-transport-security': 'max-age=15552000',
      'x-content-type-options': 'nosniff',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  }
});
