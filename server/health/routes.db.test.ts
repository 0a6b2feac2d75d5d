import request from 'supertest';
import { expect, it } from 'vitest';
import { makeApp } from '../testing/app.ts';
import { breakDatabase } from '../testing/break-database.ts';
import { openTestDatabase } from '../testing/database.ts';

it('answers 503 with a remedy while the database is away, and 200 by itself once it is back', async () => {
  const db = await openTestDatabase();
  try {
    const app = makeApp({ db });
    expect((await request(app).get('/api/health')).status).toBe(200);
    const mend = await breakDatabase(db);
    const away = await request(app).get('/api/health');
    expect([away.status, away.type]).toEqual([503, 'application/problem+json']);
    expect(away.headers['retry-after']).toBe('5');
    expect(away.body.remedy).toBeTruthy();
    await mend();
    await expect
      .poll(async () => (await request(app).get('/api/health')).status, { timeout: 60_000, interval: 250 })
      .toBe(200);
  } finally {
    await db.close();
  }
});

it('names the database and says whether data are simulated; an unknown address is a problem without a word of the inside', async () => {
  const db = await openTestDatabase();
  try {
    const app = makeApp({ db });
    const { body } = await request(app).get('/api/health');
    expect(body).toMatchObject({ status: 'ok', demo: false, database: { engine: db.engine } });
    expect(body.database.postgis).toMatch(/^3\.\d/);
    const unknown = await request(app).get('/api/nothing');
    expect([unknown.status, unknown.type, unknown.body.where]).toEqual([
      404,
      'application/problem+json',
      '/api/nothing',
    ]);
  } finally {
    await db.close();
  }
});
