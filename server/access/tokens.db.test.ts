import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertEstablishments, insertSquareCommunes } from '../testing/province.ts';
import { type AccountChange, changeAccount, writeSignInSettings } from './account-queries.ts';
import { hashOfSecret } from './secrets.ts';
import {
  appWithSignIn,
  cookieHeader,
  cookiesOf,
  insertAccount,
  newAccountName,
  signedIn,
} from './testing/signing-in.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002']);
  await insertEstablishments(db, [
    { licenseNumber: 'GP-1', communeCode: '10001' },
    { licenseNumber: 'GP-2', communeCode: '10002' },
  ]);
});
beforeEach(() => db.write((transaction) => transaction.execute(sql`delete from sign_in_failures`)));
afterAll(() => db.close());

const api = (options?: Parameters<typeof appWithSignIn>[1]) => request(appWithSignIn(db, options));
const inDays = (days: number) => dayInVietnam(new Date(Date.now() + days * 86_400_000));

type Holder = { account: string; cookie: string };
async function holder(who: Parameters<typeof insertAccount>[2] = {}): Promise<Holder> {
  const account = await insertAccount(db, newAccountName(), who);
  return { account, cookie: await signedIn(appWithSignIn(db), account) };
}
const make = async (app: ReturnType<typeof api>, { cookie }: Holder, body: object = {}) =>
  app
    .post('/api/access/tokens')
    .set('Cookie', cookie)
    .send({ name: 'QGIS', endsOn: inDays(30), ...body });
const alter = (account: string, change: AccountChange) =>
  db.write((transaction) =>
    changeAccount(transaction, account, change, { subject: null, password: null, oneTime: false }),
  );
const establishments = '/ogc/collections/establishments/items';
const licences = async (app: ReturnType<typeof api>, name: string, secret: string) => {
  const { status, body } = await app.get(establishments).auth(name, secret);
  return status === 200
    ? body.features.map(
        (feature: { properties: { license_number: string } }) => feature.properties.license_number,
      )
    : status;
};

describe('an access token', () => {
  it('is shown once, stored by its hash, and opens /ogc and /tiles with the rights of its account', async () => {
    const app = api();
    const whose = await holder({ role: 'commune', commune: '10002' });
    const made = await make(app, whose);
    expect(made.status).toBe(201);
    expect(made.headers['cache-control']).toBe('no-store');
    const { secret, token } = made.body;
    expect(secret).toMatch(/^diaban_[\w-]{43}$/);
    expect(token).toMatchObject({
      name: 'QGIS',
      endsOn: inDays(30),
      lastUsedAt: null,
      revokedAt: null,
      state: 'active',
    });
    const listed = await app.get('/api/access/tokens').set('Cookie', whose.cookie);
    expect(listed.body).toEqual({ tokens: [token], longestDays: 366 });
    const stored = await db.read((transaction) =>
      transaction.rows(
        z.object({ token_hash: z.instanceof(Buffer) }),
        sql`select token_hash from access_tokens where account = ${whose.account}`,
      ),
    );
    expect(stored).toEqual([{ token_hash: hashOfSecret(secret) }]);

    expect(await licences(app, whose.account, secret)).toEqual(['GP-2']);
    expect(await licences(app, whose.account.toUpperCase(), secret)).toEqual(['GP-2']);
    expect(await licences(app, 'token', secret)).toEqual(['GP-2']);
    for (const address of [
      '/ogc',
      '/ogc/collections',
      '/tiles/communes.json',
      '/tiles/communes/9/406/226.mvt',
    ])
      expect([address, (await app.get(address).auth('token', secret)).status]).toEqual([address, 200]);
    const after = await app.get('/api/access/tokens').set('Cookie', whose.cookie);
    expect(after.body.tokens[0].lastUsedAt).not.toBeNull();
  });

  it('opens nothing of the API, and changes nothing anywhere', async () => {
    const app = api();
    const whose = await holder();
    const { secret, token } = (await make(app, whose)).body;
    for (const address of [
      '/api/access/tokens',
      '/api/coverage/indicators',
      '/api/activities/inspections',
      '/api/hotspots/density',
    ])
      expect([address, (await app.get(address).auth(whose.account, secret)).status]).toEqual([address, 401]);
    expect((await app.get('/api/session').auth(whose.account, secret)).body.session).toBeNull();
    expect((await app.delete(`/api/access/tokens/${token.id}`).auth(whose.account, secret)).status).toBe(401);
    expect(
      (
        await app
          .post('/api/access/tokens')
          .auth(whose.account, secret)
          .send({ name: 'x', endsOn: inDays(1) })
      ).status,
    ).toBe(401);
    // nor as a cookie, nor as a bearer
    expect((await app.get('/ogc').set('Cookie', `diaban=${secret}`)).status).toBe(401);
    expect((await app.get('/ogc').set('Authorization', `Bearer ${secret}`)).status).toBe(401);
  });

  it('is asked for where none came, and is worth nothing in another name', async () => {
    const app = api();
    const [whose, other] = [await holder(), await holder()];
    const { secret } = (await make(app, whose)).body;
    const nobody = await app.get('/ogc');
    expect([nobody.status, nobody.headers['www-authenticate']]).toEqual([
      401,
      'Basic realm="Dia ban", charset="UTF-8"',
    ]);
    expect((await app.get('/api/access/tokens')).headers['www-authenticate']).toBeUndefined();
    for (const [name, password] of [
      [other.account, secret],
      ['', secret],
      [whose.account, `${secret}x`],
      [whose.account, secret.slice(0, -1)],
      [whose.account, secret.replace('diaban_', '')],
      [whose.account, 'con đường làng rợp bóng tre'],
      [`${whose.account}' or true --`, secret],
    ])
      expect([name, (await app.get('/ogc').auth(name!, password!)).status]).toEqual([name, 401]);
    expect((await app.get('/ogc').set('Authorization', 'Basic %%%')).status).toBe(401);
    // the token speaks for itself, also in a browser that is signed in
    expect((await app.get('/ogc').set('Cookie', other.cookie).auth(other.account, secret)).status).toBe(401);
  });

  it('ends with its last day, which is at most a year away', async () => {
    const app = api();
    const whose = await holder();
    for (const [endsOn, status] of [
      [inDays(-1), 422],
      [inDays(0), 201],
      [inDays(366), 201],
      [inDays(367), 422],
      ['2026-02-30', 400],
    ])
      expect([endsOn, (await make(app, whose, { endsOn })).status]).toEqual([endsOn, status]);
    const { secret } = (await make(app, whose)).body;
    expect((await app.get('/ogc').auth('token', secret)).status).toBe(200);
    const endOn = (day: string) =>
      db.write((transaction) =>
        transaction.execute(sql`update access_tokens set ends_on = ${day} where account = ${whose.account}`),
      );
    await endOn(inDays(0));
    expect((await api().get('/ogc').auth('token', secret)).status).toBe(200);
    await endOn(inDays(-1));
    expect((await api().get('/ogc').auth('token', secret)).status).toBe(401);
    expect((await app.get('/api/access/tokens').set('Cookie', whose.cookie)).body.tokens[0].state).toBe(
      'expired',
    );
  });

  it('is revoked at once by whose it is, and by nobody else', async () => {
    const app = api();
    const [whose, other] = [await holder(), await holder({ role: 'admin' })];
    const { secret, token } = (await make(app, whose)).body;
    expect((await app.get('/ogc').auth('token', secret)).status).toBe(200);
    const revoke = ({ cookie }: Holder, id = token.id) =>
      app.delete(`/api/access/tokens/${id}`).set('Cookie', cookie);
    expect((await revoke(other)).status).toBe(404);
    expect((await revoke(whose, 999_999)).status).toBe(404);
    expect((await app.get('/ogc').auth('token', secret)).status).toBe(200);
    const revoked = await revoke(whose);
    expect([revoked.status, revoked.body.token.state]).toEqual([200, 'revoked']);
    expect((await app.get('/ogc').auth('token', secret)).status).toBe(401);
    // once more is no mistake, and moves nothing
    expect((await revoke(whose)).body.token).toEqual(revoked.body.token);
    expect((await app.get('/api/access/tokens').set('Cookie', other.cookie)).body.tokens).toEqual([]);
  });

  it('has the role that its account has now, and none while the account is closed', async () => {
    const whose = await holder();
    const { secret } = (await make(api(), whose)).body;
    expect(await licences(api(), 'token', secret)).toEqual(['GP-1', 'GP-2']);
    await alter(whose.account, { role: 'commune', commune: '10001' });
    expect(await licences(api(), 'token', secret)).toEqual(['GP-1']);
    await alter(whose.account, { role: 'leader' });
    expect([403, 404]).toContain(await licences(api(), 'token', secret));
    await alter(whose.account, { disabled: true });
    expect(await licences(api(), 'token', secret)).toBe(401);
    await alter(whose.account, { disabled: false, role: 'planner' });
    expect(await licences(api(), 'token', secret)).toEqual(['GP-1', 'GP-2']);
    await alter(whose.account, { revokeTokens: true });
    expect(await licences(api(), 'token', secret)).toBe(401);
  });

  it.each(['', ' ', 'x'.repeat(61), 'a@b.vn', '0912 345 678', 'QGIS\u200b', '<b>QGIS</b>'])(
    'is not called %j',
    async (name) => {
      expect((await make(api(), await holder(), { name })).status).toBe(400);
    },
  );

  it('is one of twenty at most', async () => {
    const app = api();
    const whose = await holder();
    const statuses: number[] = [];
    for (let number = 1; number <= 21; number += 1)
      statuses.push((await make(app, whose, { name: `QGIS ${number}` })).status);
    expect(statuses).toEqual([...Array(20).fill(201), 409]);
  });

  it('of the demo does not leave this computer', async () => {
    await db.write((transaction) => writeSignInSettings(transaction, { demo: true, singleSignOn: false }));
    const app = api({ config: { demo: true } });
    const response = await app.post('/api/session').send({ demoRole: 'planner' });
    const { secret } = (
      await make(app, { account: 'demo-planner', cookie: cookieHeader(cookiesOf(response)) })
    ).body;
    expect((await app.get('/ogc').auth('demo-planner', secret)).status).toBe(200);
    const afar = api({ config: { demo: true }, from: '10.1.2.3' });
    expect((await afar.get('/ogc').auth('demo-planner', secret)).status).toBe(401);
    expect((await api().get('/ogc').auth('demo-planner', secret)).status).toBe(401);
  });
});
