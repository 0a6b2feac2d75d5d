import type { IncomingMessage } from 'node:http';
import express from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { problems } from '../http/problem.ts';
import { mount } from '../http/route.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { createIdentification } from './identification.ts';
import { sessionRoutes } from './session-routes.ts';
import {
  appWithSignIn,
  goodPassword,
  hashing,
  insertAccount,
  newAccountName,
  signedIn,
} from './testing/signing-in.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const baseUrl = 'http://127.0.0.1:3000';
const asked = (headers: Record<string, string>, url = '/tiles/communes/9/406/226.mvt') =>
  ({ url, headers, socket: { remoteAddress: '10.0.0.9' } }) as unknown as IncomingMessage;

/** The database with its transactions counted, and a clock that goes when it is told. */
function watched() {
  const seen = { transactions: 0, fails: false, now: Date.parse('2026-11-01T08:00:00+07:00') };
  const counting: Database = {
    ...db,
    as: (actor) => {
      const { read, write } = db.as(actor);
      return {
        write,
        read: (work) => {
          seen.transactions += 1;
          return seen.fails ? Promise.reject(new Error('away')) : read(work);
        },
      };
    },
  };
  const identification = createIdentification({
    db: counting,
    clock: () => new Date(seen.now),
    config: { baseUrl },
  });
  return { seen, ...identification };
}

describe('who asks', () => {
  it('is looked up once for all who ask at the same time, and then known without waiting for a second', async () => {
    const account = await insertAccount(db, newAccountName());
    const tile = asked({ cookie: await signedIn(appWithSignIn(db), account) });
    const { seen, identify, known, forget } = watched();
    expect(known(tile)).toBeUndefined();
    const expected = { account, role: 'planner', commune: null, address: '10.0.0.9' };
    for (const asker of await Promise.all(Array.from({ length: 20 }, () => identify(tile))))
      expect(asker).toEqual(expected);
    expect(seen.transactions).toBe(1);
    expect(known(tile)).toEqual(expected);
    seen.now += 999;
    expect(known(tile)).toEqual(expected);
    seen.now += 1;
    expect(known(tile)).toBeUndefined();
    expect(await identify(tile)).toEqual(expected);
    expect(seen.transactions).toBe(2);
    // a clock that was set back makes nothing believed for longer
    seen.now -= 5000;
    expect(known(tile)).toBeUndefined();
    await identify(tile);
    forget();
    expect(known(tile)).toBeUndefined();
  });

  it('is not kept from a look-up that began before a sign-out', async () => {
    const account = await insertAccount(db, newAccountName());
    const cookie = await signedIn(appWithSignIn(db), account);
    const { identify, known, forget } = watched();
    const underWay = identify(asked({ cookie }));
    forget();
    expect(await underWay).toMatchObject({ account });
    expect(known(asked({ cookie }))).toBeUndefined();
  });

  it('is asked again after a failure', async () => {
    const account = await insertAccount(db, newAccountName());
    const tile = asked({ cookie: await signedIn(appWithSignIn(db), account) });
    const { seen, identify, known } = watched();
    seen.fails = true;
    await expect(identify(tile)).rejects.toThrow('away');
    expect(known(tile)).toBeUndefined();
    seen.fails = false;
    expect(await identify(tile)).toMatchObject({ account });
  });

  it.each<Record<string, string>>([
    {},
    { cookie: '' },
    { cookie: 'diaban' },
    { cookie: 'diaban=' },
    { cookie: 'diaban=%00' },
    { cookie: `diaban=${'x'.repeat(5000)}` },
    { cookie: `other=${'A'.repeat(43)}` },
    { authorization: '' },
    { authorization: 'Basic' },
    { authorization: 'Basic Og==' },
    { authorization: `Basic ${Buffer.from('no colon').toString('base64')}` },
    { authorization: `Basic ${Buffer.from(`x:diaban_${'A'.repeat(42)}`).toString('base64')}` },
    { authorization: `Bearer diaban_${'A'.repeat(43)}` },
    { authorization: `Digest username="x"` },
  ])('is nobody, without a question to the database: %j', async (headers) => {
    const { seen, identify, known } = watched();
    expect(await identify(asked(headers))).toBeNull();
    expect(known(asked(headers))).toBeUndefined();
    expect(seen.transactions).toBe(0);
  });
});

it('the same work is done for an account that is not there as for one that is', async () => {
  const there = await insertAccount(db, newAccountName());
  const closed = await insertAccount(db, newAccountName());
  await db.write((transaction) =>
    transaction.execute(sql`update accounts set disabled_at = now() where name = ${closed}`),
  );
  const hashed: { account: string; salt: number; cost: string | null }[] = [];
  let account = '';
  const app = express();
  const routes = sessionRoutes({
    db,
    config: { baseUrl, checkResponses: true },
    hashing: {
      inTurn: (work) =>
        hashing.inTurn(({ keep, proofOf }) =>
          work({
            keep,
            proofOf: (password, salt, cost) => {
              hashed.push({ account, salt: salt.length, cost });
              return proofOf(password, salt, cost);
            },
          }),
        ),
    },
    singleSignOn: null,
    forget: () => {},
    log: pino({ level: 'silent' }),
  });
  mount(app, routes, async () => null);
  app.use(problems(pino({ level: 'silent' })));
  for (account of [there, closed, newAccountName()])
    for (const password of ['không phải mật khẩu', goodPassword])
      await request(app).post('/api/session').send({ account, password });
  expect(hashed).toHaveLength(6);
  for (const { salt, cost } of hashed) {
    expect(salt).toBe(16);
    // null is what the present cost is taken for
    expect([null, 'm=19456,t=2,p=1']).toContain(cost);
  }
});
