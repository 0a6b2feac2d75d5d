import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessPolicy } from '../../contract/access-policy.ts';
import { endingWith, RequestEnded } from '../db/request-end.ts';
import { sql } from '../db/sql.ts';
import { makeApp } from '../testing/app.ts';
import { breakDatabase } from '../testing/break-database.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertEstablishments, insertSquareCommunes } from '../testing/province.ts';

// What goes wrong inside is told to the log and never to the asker: on every address of the route table.

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002']);
  await insertEstablishments(db, [
    { licenseNumber: 'A1', communeCode: '10001', inspections: [{ on: '2026-03-01' }] },
  ]);
});
afterAll(() => db.close());

const leak =
  /node_modules|server\/|\.ts\b|\bat [\w.]+ \(|syntax error|violates|relation "|column "|permission denied|pg_|plpgsql|select .* from|diaban_|SQLSTATE|ECONN|ENOENT|secret words|zod|express/i;
const example: Readonly<Record<string, string>> = {
  ':id': '1',
  ':account': 'xa-1',
  ':indicator': 'students-reached',
  ':collectionId': 'communes',
  ':featureId': '10001',
  ':collections': 'communes',
  ':z': '8',
  ':x': '203',
};
const addresses = Object.keys(accessPolicy).map((line) => {
  const [method = '', pattern = ''] = line.split(' ');
  const path = pattern
    .split('/')
    .map((segment) =>
      segment === ':file'
        ? pattern.includes(':z')
          ? '112.mvt'
          : 'communes.json'
        : (example[segment] ?? segment),
    )
    .join('/');
  return { method: method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete', path };
});
const body = {
  receivedOn: '2026-05-04',
  dueOn: '2026-05-24',
  status: 'received',
  resolvedOn: null,
  communeCode: '10001',
  h3Cell: '87415ab20ffffff',
};

async function askEverywhere(app: ReturnType<typeof makeApp>) {
  const answers = [];
  for (const { method, path } of addresses) {
    const asked = request(app)[method](path).set('If-Match', '"1"').buffer(true);
    answers.push({
      method,
      path,
      answer: await (method === 'get' || method === 'delete' ? asked : asked.send(body)),
    });
  }
  return answers;
}

describe('every address', () => {
  it('says nothing of a query that fails: each error is a plain problem, and the log has the rest', async () => {
    const lines: string[] = [];
    const broken = await openTestDatabase();
    // what every answer begins with is not there
    await broken.write((transaction) =>
      transaction.execute(sql`alter table data_version rename to data_version_gone`),
    );
    await broken.write((transaction) =>
      transaction.execute(sql`alter table communes rename to communes_gone`),
    );
    try {
      const app = makeApp({
        db: broken,
        log: pino({ level: 'error' }, { write: (line: string) => lines.push(line) }),
      });
      const answers = await askEverywhere(app);
      for (const { method, path, answer } of answers) {
        if (answer.status < 400) continue;
        expect(answer.type, `${method} ${path}`).toBe('application/problem+json');
        expect(answer.text, `${method} ${path}`).not.toMatch(leak);
      }
      expect(answers.filter(({ answer }) => answer.status === 500).length).toBeGreaterThan(20);
      expect(lines.join('')).toMatch(/does not exist/);
    } finally {
      await broken.close();
    }
  });

  it('says nothing of an error thrown by who identifies, whatever is thrown', async () => {
    for (const thrown of [
      new Error('secret words of server/x.ts'),
      'secret words',
      null,
      undefined,
      { status: 200 },
      Object.assign(new Error('secret words'), { status: 400, type: undefined }),
    ]) {
      const app = makeApp({
        db,
        log: pino({ level: 'silent' }),
        identify: async () => {
          throw thrown;
        },
      });
      const answer = await request(app).get('/api/health');
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.text).not.toMatch(leak);
    }
  });

  it('answers 503 while the database is away, and again when it is back', async () => {
    const away = await openTestDatabase();
    const app = makeApp({ db: away, log: pino({ level: 'silent' }) });
    expect((await request(app).get('/api/health')).status).toBe(200);
    const mend = await breakDatabase(away);
    for (const path of [
      '/api/coverage/indicators',
      '/ogc/collections/communes/items',
      '/api/activities/training',
    ]) {
      const answer = await request(app).get(path);
      expect([200, 503], path).toContain(answer.status);
      expect(answer.text, path).not.toMatch(answer.status === 503 ? leak : /node_modules/);
    }
    await mend();
    await expect
      .poll(async () => (await request(app).get('/api/health')).status, { timeout: 60_000 })
      .toBe(200);
    await away.close();
  });

  it('says of what cannot be read only that', async () => {
    const app = makeApp({ db, log: pino({ level: 'silent' }) });
    const post = (text: string, type = 'application/json') =>
      request(app).post('/api/activities/reports').set('Content-Type', type).send(text);
    for (const [answer, status] of [
      [await post('{"receivedOn":'), 400],
      [await post('{"__proto__":1}'), 400],
      [await post(`{"a":"${'a'.repeat(70_000)}"}`), 413],
      [await post('{}', 'application/json; charset=klingon'), 415],
      [await post('a=1', 'application/x-www-form-urlencoded'), 415],
      [await request(app).get('/ogc/collections/%E0%A4%A'), 400],
      [await request(app).get(`/api/health?${'a'.repeat(9_000)}`), 414],
      [await request(app).get('/nowhere'), 404],
    ] as const) {
      expect([answer.status, answer.type]).toEqual([status, 'application/problem+json']);
      expect(answer.text).not.toMatch(leak);
    }
  });
});

describe('the end of a request', () => {
  it('ends its transaction: nothing more is asked, and nothing of it stays', async () => {
    const controller = new AbortController();
    const ended = endingWith(controller.signal, () =>
      db.write(async (transaction) => {
        await transaction.execute(sql`update communes set search_key = 'changed'`);
        controller.abort();
        await transaction.execute(sql`select 1`);
      }),
    );
    await expect(ended).rejects.toBeInstanceOf(RequestEnded);
    const { changed } = await db.read((transaction) =>
      transaction.row(
        z.object({ changed: z.number() }),
        sql`select count(*)::int as changed from communes where search_key = 'changed'`,
      ),
    );
    expect(changed).toBe(0);
  });

  it('cancels the statement under way, where the engine hears it', async () => {
    if (db.engine === 'embedded') return; // its process is ended instead: see database.db.test.ts
    const controller = new AbortController();
    const slow = endingWith(controller.signal, () =>
      db.read((transaction) => transaction.rows(z.unknown(), sql`select pg_sleep(25)`)),
    );
    const ended = slow.then(
      () => 'slept',
      (error: { code?: string }) => error.code,
    );
    await wait(300);
    controller.abort();
    expect(await Promise.race([ended, wait(10_000).then(() => 'still asleep')])).toBe('57014');
    // and the connection serves the next
    expect(await db.read((transaction) => transaction.rows(z.unknown(), sql`select 1 as one`))).toEqual([
      { one: 1 },
    ]);
  });

  it('is 503 for whoever shares the work too, and so is a statement that takes too long', async () => {
    for (const error of [
      new RequestEnded(),
      Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' }),
    ]) {
      const app = makeApp({
        db,
        log: pino({ level: 'silent' }),
        identify: async () => {
          throw error;
        },
      });
      const answer = await request(app).get('/api/health');
      expect([answer.status, answer.type, answer.headers['retry-after']]).toEqual([
        503,
        'application/problem+json',
        '5',
      ]);
      expect(answer.text).not.toMatch(/canceling|statement/);
    }
  });
});
