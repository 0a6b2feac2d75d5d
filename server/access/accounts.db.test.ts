import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertSquareCommunes } from '../testing/province.ts';
import { changeAccount, hasAdmin } from './account-queries.ts';
import {
  appWithSignIn,
  cookieHeader,
  cookiesOf,
  goodPassword,
  insertAccount,
  newAccountName,
  signedIn,
} from './testing/signing-in.ts';

let db: TestDatabase;
let admin: string;
let cookie: string;
const app = () => request(appWithSignIn(db));
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002']);
  admin = await insertAccount(db, 'quan-tri', { role: 'admin' });
  cookie = await signedIn(appWithSignIn(db), admin);
});
beforeEach(() => db.write((transaction) => transaction.execute(sql`delete from sign_in_failures`)));
afterAll(() => db.close());

const list = async () =>
  (await app().get('/api/access/accounts').set('Cookie', cookie).expect(200)).body.accounts;
const add = (body: object) => app().post('/api/access/accounts').set('Cookie', cookie).send(body);
const change = (account: string, body: object) =>
  app().patch(`/api/access/accounts/${account}`).set('Cookie', cookie).send(body);
const signIn = (account: string, password: string) => app().post('/api/session').send({ account, password });

describe('the keeper of accounts', () => {
  it('makes one, whose one-time password is given once and must be changed', async () => {
    const made = await add({ account: 'xa-gia-vien', role: 'commune', commune: '10002' });
    expect(made.status).toBe(201);
    const { account, oneTimePassword } = made.body;
    expect(account).toMatchObject({
      account: 'xa-gia-vien',
      role: 'commune',
      commune: '10002',
      communeName: 'Xã 10002',
      hasPassword: true,
      singleSignOn: false,
      mustChangePassword: true,
      disabledAt: null,
      lastSignInAt: null,
      sessions: 0,
      tokens: 0,
      slowed: false,
    });
    expect(oneTimePassword).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    const listed = await list();
    expect(listed).toContainEqual(account);
    expect(JSON.stringify(listed)).not.toMatch(/hash|verifier|salt/);
    expect((await signIn('xa-gia-vien', oneTimePassword)).body.session.mustChangePassword).toBe(true);
    expect((await list()).find((one: { account: string }) => one.account === 'xa-gia-vien')).toMatchObject({
      sessions: 1,
      lastSignInAt: expect.any(String),
    });
    expect((await add({ account: 'XA-gia-vien', role: 'planner' })).status).toBe(409);
  });

  it.each([
    'nguyenvana@tinh.vn',
    'Nguyễn Văn A',
    '0912345678',
    'so-0912345678',
    'p037091001234',
    'ng-01-02-1990',
    'ab',
    'a'.repeat(41),
    'x--y',
    '-x-',
    'token',
    'import',
    'demo-planner',
    "x';drop",
  ])('is refused the name %s', async (account) => {
    const refused = await add({ account, role: 'planner' });
    expect(refused.status).toBe(400);
    expect(refused.body.where).toBe('body account');
    // the database refuses it too
    await expect(
      db.write((transaction) =>
        transaction.execute(sql`insert into accounts (name, role) values (${account}, 'planner')`),
      ),
    ).rejects.toThrow(/violates check constraint/);
  });

  it.each([
    [{ role: 'commune' }, 400],
    [{ role: 'planner', commune: '10001' }, 400],
    [{ role: 'commune', commune: '99999' }, 422],
    [{ role: 'owner' }, 400],
    [{ role: 'planner', subject: 'x' }, 409],
    [{ role: 'planner', password: goodPassword }, 400],
  ])('is refused %j', async (body, status) => {
    expect((await add({ account: newAccountName(), ...body })).status).toBe(status);
  });

  it('closes one and opens it again, at once and for its access tokens too', async () => {
    const account = await insertAccount(db, newAccountName());
    const theirs = await signedIn(appWithSignIn(db), account);
    const server = app();
    expect((await server.get('/ogc').set('Cookie', theirs)).status).toBe(200);
    const closed = await server
      .patch(`/api/access/accounts/${account}`)
      .set('Cookie', cookie)
      .send({ disabled: true });
    expect(closed.body).toMatchObject({
      account: { disabledAt: expect.any(String), sessions: 0 },
      oneTimePassword: null,
    });
    expect((await server.get('/ogc').set('Cookie', theirs)).status).toBe(401);
    expect((await signIn(account, goodPassword)).status).toBe(401);
    expect((await change(account, { disabled: false })).body.account.disabledAt).toBeNull();
    expect((await signIn(account, goodPassword)).status).toBe(200);
  });

  it('gives another role or commune; a role for a commune has one', async () => {
    const account = await insertAccount(db, newAccountName());
    expect((await change(account, { role: 'commune' })).status).toBe(422);
    expect((await change(account, { role: 'commune', commune: '99999' })).status).toBe(422);
    expect((await change(account, { role: 'commune', commune: '10001' })).body.account).toMatchObject({
      role: 'commune',
      communeName: 'Xã 10001',
    });
    expect((await change(account, { role: 'inspector' })).body.account).toMatchObject({
      role: 'inspector',
      commune: null,
    });
    expect((await change(account, {})).status).toBe(400);
    expect((await change('khong-co', { disabled: true })).status).toBe(404);
  });

  it('makes a new password where one was forgotten; the one before and all sessions end', async () => {
    const account = await insertAccount(db, newAccountName());
    const theirs = await signedIn(appWithSignIn(db), account);
    const { oneTimePassword } = (await change(account, { resetPassword: true })).body;
    expect((await app().get('/ogc').set('Cookie', theirs)).status).toBe(401);
    expect((await signIn(account, goodPassword)).status).toBe(401);
    const first = await signIn(account, oneTimePassword);
    const chosen = await app()
      .post('/api/session/password')
      .set('Cookie', cookieHeader(cookiesOf(first)))
      .send({ password: oneTimePassword, newPassword: 'một câu chỉ mình mình viết' });
    expect(chosen.status).toBe(200);
    expect((await signIn(account, oneTimePassword)).status).toBe(401);
  });

  it('ends all sessions of an account', async () => {
    const account = await insertAccount(db, newAccountName());
    const sessions = [await signedIn(appWithSignIn(db), account), await signedIn(appWithSignIn(db), account)];
    const ended = await app().post(`/api/access/accounts/${account}/sign-out`).set('Cookie', cookie);
    expect([ended.status, ended.body.endedSessions, ended.body.account.sessions]).toEqual([200, 2, 0]);
    for (const theirs of sessions) expect((await app().get('/ogc').set('Cookie', theirs)).status).toBe(401);
    expect((await app().post('/api/access/accounts/khong-co/sign-out').set('Cookie', cookie)).status).toBe(
      404,
    );
  });

  it('cannot close or change the last admin', async () => {
    for (const body of [{ disabled: true }, { role: 'leader' }])
      expect((await change(admin, body)).body.title).toBe('The last admin stays');
    // the demo's admin goes with the demo, and does not count
    await db.write((transaction) =>
      transaction.execute(sql`insert into accounts (name, role, demo) values ('demo-admin', 'admin', true)`),
    );
    expect((await change(admin, { disabled: true })).status).toBe(409);
    expect((await change('demo-admin', { role: 'planner' })).status).toBe(409);
    // nor by way of SQL, with the owner's rights
    for (const statement of [
      sql`update accounts set disabled_at = now() where name = ${admin}`,
      sql`update accounts set password_salt = null, password_cost = null, password_verifier = null, password_set_at = null where name = ${admin}`,
    ])
      await expect(db.write((transaction) => transaction.execute(statement))).rejects.toThrow(
        /the last admin/,
      );
    await expect(
      db.write((transaction) => transaction.execute(sql`delete from accounts where name = ${admin}`)),
    ).rejects.toThrow(/never deleted/);
    const second = await insertAccount(db, newAccountName(), { role: 'admin' });
    expect((await change(second, { disabled: true })).status).toBe(200);
    expect(await db.read(hasAdmin)).toBe(true);
  });

  it('cannot lose both of two admins who close each other at once', async () => {
    const second = await insertAccount(db, newAccountName(), { role: 'admin' });
    const outcomes = await Promise.all(
      [admin, second].map((account) =>
        db.write((transaction) =>
          changeAccount(
            transaction,
            account,
            { disabled: true },
            { subject: null, password: null, oneTime: false },
          ),
        ),
      ),
    );
    expect(outcomes.toSorted()).toEqual(['changed', 'last-admin']);
    await db.write((transaction) =>
      transaction.execute(sql`update accounts set disabled_at = null where name in (${admin}, ${second})`),
    );
    await db.write((transaction) =>
      transaction.execute(sql`update accounts set disabled_at = now() where name = ${second}`),
    );
    cookie = await signedIn(appWithSignIn(db), admin);
  });

  it.each(['planner', 'inspector', 'leader', 'commune'] as const)('is not a %s', async (role) => {
    const account = await insertAccount(db, newAccountName(), {
      role,
      commune: role === 'commune' ? '10001' : null,
    });
    const theirs = await signedIn(appWithSignIn(db), account);
    const asked = [
      app().get('/api/access/accounts'),
      app().post('/api/access/accounts').send({ account: newAccountName(), role: 'admin' }),
      app().patch(`/api/access/accounts/${account}`).send({ role: 'admin' }),
      app().post(`/api/access/accounts/${admin}/sign-out`),
    ];
    for (const each of asked) expect((await each.set('Cookie', theirs)).status).toBe(403);
    const asRole = db.as({
      account,
      role,
      commune: role === 'commune' ? '10001' : null,
      address: '10.0.0.1',
    });
    for (const statement of [
      sql`select * from list_accounts(null)`,
      sql`select change_account(${account}, '{"role": "admin"}', null, null, null, null, false)`,
      sql`select make_account(${newAccountName()}, 'admin', null, null, null, null, null, false)`,
      sql`select end_sessions_of(${admin})`,
      sql`select find_session(${Buffer.alloc(32)})`,
      sql`update accounts set role = 'admin' where name = ${account}`,
      sql`select * from accounts`,
    ])
      await expect(asRole.write((transaction) => transaction.rows(z.unknown(), statement))).rejects.toThrow(
        /permission denied/,
      );
  });
});

it('an account whose commune goes is closed until somebody gives it another', async () => {
  await insertSquareCommunes(db, ['10003']);
  const account = await insertAccount(db, newAccountName(), { role: 'commune', commune: '10003' });
  const theirs = await signedIn(appWithSignIn(db), account);
  await db.write(async (transaction) => {
    await transaction.execute(sql`delete from communes where code = '10003'`);
  });
  expect((await app().get('/ogc').set('Cookie', theirs)).status).toBe(401);
  expect((await change(account, { disabled: false })).status).toBe(422);
  expect((await change(account, { disabled: false, commune: '10001' })).body.account).toMatchObject({
    commune: '10001',
    disabledAt: null,
  });
  expect((await signIn(account, goodPassword)).status).toBe(200);
});

it('what is done to accounts is on the audit log, and no password is', async () => {
  const name = newAccountName();
  const { oneTimePassword } = (await add({ account: name, role: 'leader' })).body;
  await change(name, { role: 'commune', commune: '10001' });
  const { oneTimePassword: second } = (await change(name, { resetPassword: true })).body;
  await change(name, { disabled: true, revokeTokens: true });
  const lines = await db.read((transaction) =>
    transaction.rows(
      z.object({ event: z.string(), account: z.string().nullable(), role: z.string(), facts: z.unknown() }),
      sql`select event, account, role, facts from audit_log where facts ->> 'account' = ${name} order by id`,
    ),
  );
  const by = { account: admin, role: 'admin' };
  expect(lines).toEqual([
    { ...by, event: 'account-made', facts: { account: name, accountRole: 'leader', singleSignOn: false } },
    {
      ...by,
      event: 'account-changed',
      facts: {
        account: name,
        before: { role: 'leader', singleSignOn: false },
        after: { role: 'commune', commune: '10001', singleSignOn: false },
      },
    },
    { ...by, event: 'password-changed', facts: { account: name, oneTime: true } },
    { ...by, event: 'token-revoked', facts: { account: name, tokens: 0 } },
    { ...by, event: 'account-closed', facts: { account: name } },
  ]);
  expect(JSON.stringify(lines)).not.toContain(oneTimePassword);
  expect(JSON.stringify(lines)).not.toContain(second);
});
