import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { roles } from '../../contract/access.ts';
import { visitor } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertSquareCommunes } from '../testing/province.ts';
import { changeAccount, writeSignInSettings } from './account-queries.ts';
import { hashOfSecret } from './secrets.ts';
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
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002']);
});
beforeEach(async () => {
  await db.write(async (transaction) => {
    await transaction.execute(sql`delete from sign_in_failures`);
    await writeSignInSettings(transaction, { demo: false, singleSignOn: false });
  });
});
afterAll(() => db.close());

const api = (
  ...[options]: Parameters<typeof appWithSignIn> extends [unknown, (infer Options)?] ? [Options?] : never
) => request(appWithSignIn(db, options));
const post = (app: request.SuperTest<request.Test> | ReturnType<typeof request>, body: object) =>
  app.post('/api/session').send(body);
const alter = (account: string, change: Parameters<typeof changeAccount>[2]) =>
  db.write((transaction) =>
    changeAccount(transaction, account, change, { subject: null, password: null, oneTime: false }),
  );
/** Whether a cookie still opens anything. */
const opens = async (app: ReturnType<typeof request>, cookie: string) =>
  (await app.get('/ogc').set('Cookie', cookie)).status;

describe('signing in with a password', () => {
  it('makes a session that is named by a cookie alone, and stored by its hash alone', async () => {
    const account = await insertAccount(db, newAccountName(), { role: 'commune', commune: '10002' });
    const app = api();
    expect((await app.get('/api/session')).body).toEqual({
      session: null,
      offered: { demo: false, communes: [], singleSignOn: null },
    });
    const response = await post(app, { account: ` ${account.toUpperCase()} `, password: goodPassword });
    expect(response.status).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.body.session).toMatchObject({
      account,
      role: 'commune',
      commune: '10002',
      communeName: 'Xã 10002',
      demo: false,
      hasPassword: true,
      mustChangePassword: false,
    });
    const lines = response.headers['set-cookie'] as unknown as string[];
    expect(lines.map((line) => line.replace(/=[^;]*/, '=…').replace(/Expires=[^;]*; /, ''))).toEqual([
      'diaban-browser=…; Max-Age=31536000; Path=/; HttpOnly; SameSite=Strict',
      'diaban=…; Path=/; HttpOnly; SameSite=Strict',
    ]);
    const { diaban = '' } = cookiesOf(response);
    expect(Buffer.from(diaban, 'base64url')).toHaveLength(32);
    const stored = await db.read((transaction) =>
      transaction.rows(
        z.object({ token_hash: z.instanceof(Buffer) }),
        sql`select token_hash from sessions where account = ${account}`,
      ),
    );
    expect(stored).toEqual([{ token_hash: hashOfSecret(diaban) }]);
    expect((await app.get('/api/session').set('Cookie', `diaban=${diaban}`)).body.session).toEqual(
      response.body.session,
    );
    expect(await opens(app, `diaban=${diaban}`)).toBe(200);
  });

  it('takes a password however the keyboard composed its diacritics', async () => {
    const account = await insertAccount(db, newAccountName());
    expect((await post(api(), { account, password: goodPassword.normalize('NFD') })).status).toBe(200);
  });

  it('behind TLS names its cookies for this very host and hides them from plain connections', async () => {
    const account = await insertAccount(db, newAccountName());
    const app = api({ config: { baseUrl: 'https://diaban.tinh.vn' } });
    const lines = (await post(app, { account, password: goodPassword })).headers[
      'set-cookie'
    ] as unknown as string[];
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatch(/^__Host-diaban(-browser)?=/);
      expect(line).toMatch(/; Path=\/; (Expires=[^;]+; )?HttpOnly; Secure; SameSite=Strict$/);
      expect(line).not.toMatch(/Domain/i);
    }
  });

  it('refuses an account that is not there, a wrong password and a closed account in the same words', async () => {
    const open = await insertAccount(db, newAccountName());
    const closed = await insertAccount(db, newAccountName());
    await alter(closed, { disabled: true });
    const app = api();
    const answers = [];
    for (const [account, password] of [
      [newAccountName(), goodPassword],
      ['nguyễn văn a@tinh.vn', goodPassword],
      [open, `${goodPassword}?`],
      [closed, goodPassword],
    ]) {
      const { status, body, headers } = await post(app, { account, password });
      answers.push({ status, body, cookies: headers['set-cookie'], caching: headers['cache-control'] });
    }
    expect(answers[0]).toMatchObject({ status: 401, body: { title: 'Account or password is wrong' } });
    expect(answers[0]!.cookies).toBeUndefined();
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it.each([
    [{}],
    [{ account: 'so-y-te' }],
    [{ account: 'so-y-te', password: '' }],
    [{ account: 'so-y-te', password: 'x'.repeat(201) }],
    [{ account: ['so-y-te'], password: 'x' }],
    [{ account: 'so-y-te', password: 'x', role: 'admin' }],
    [{ demoRole: 'owner' }],
    [{ demoRole: 'commune' }],
    [{ demoRole: 'planner', commune: '10001' }],
  ])('cannot read %j', async (body) => {
    expect((await post(api(), body)).status).toBe(400);
  });

  it('never adopts a session that the browser came with, and ends it', async () => {
    const victim = await insertAccount(db, newAccountName());
    const attacker = await insertAccount(db, newAccountName());
    const app = api();
    const planted = await signedIn(appWithSignIn(db), attacker);
    for (const cookie of [`diaban=${'A'.repeat(43)}`, planted]) {
      const response = await app
        .post('/api/session')
        .set('Cookie', cookie)
        .send({ account: victim, password: goodPassword });
      expect(response.status).toBe(200);
      const { diaban } = cookiesOf(response);
      expect(cookie).not.toContain(diaban);
      expect(await opens(app, cookie)).toBe(401);
    }
  });
});

describe('the end of a session', () => {
  it('comes with signing out, for whoever copied the cookie too', async () => {
    const account = await insertAccount(db, newAccountName());
    const app = api();
    const [here, elsewhere] = [
      await signedIn(appWithSignIn(db), account),
      await signedIn(appWithSignIn(db), account),
    ];
    expect(await opens(app, here)).toBe(200);
    const out = await app.delete('/api/session').set('Cookie', here);
    expect([out.status, out.body]).toEqual([200, { next: null }]);
    expect(out.headers['set-cookie']).toEqual([
      'diaban=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Strict',
    ]);
    expect(await opens(app, here)).toBe(401);
    expect((await app.get('/api/session').set('Cookie', here)).body.session).toBeNull();
    expect(await opens(app, elsewhere)).toBe(200);
    // for nobody it is no mistake
    expect((await app.delete('/api/session').set('Cookie', here)).body).toEqual({ next: null });
  });

  it('comes everywhere at once when asked so, and to no other account', async () => {
    const [account, other] = [
      await insertAccount(db, newAccountName()),
      await insertAccount(db, newAccountName()),
    ];
    const app = api();
    const cookies: string[] = [];
    for (let computer = 0; computer < 3; computer += 1)
      cookies.push(await signedIn(appWithSignIn(db), account));
    const others = await signedIn(appWithSignIn(db), other);
    for (const cookie of cookies) expect(await opens(app, cookie)).toBe(200);
    await app.delete('/api/session?everywhere=true').set('Cookie', cookies[0]!).expect(200);
    for (const cookie of cookies) expect(await opens(app, cookie)).toBe(401);
    expect(await opens(app, others)).toBe(200);
  });

  it('reaches another process within a second', async () => {
    const account = await insertAccount(db, newAccountName());
    let now = Date.parse('2026-11-01T08:00:00+07:00');
    const other = api({ clock: () => new Date(now) });
    const cookie = await signedIn(appWithSignIn(db), account);
    expect(await opens(other, cookie)).toBe(200);
    await api().delete('/api/session').set('Cookie', cookie).expect(200);
    now += 999;
    expect(await opens(other, cookie)).toBe(200);
    now += 1;
    expect(await opens(other, cookie)).toBe(401);
  });

  it('comes after an hour without a request, and after twelve hours in any case', async () => {
    const account = await insertAccount(db, newAccountName());
    const cookie = await signedIn(appWithSignIn(db), account);
    const move = (column: 'seen_at' | 'ends_at', by: string) =>
      db.write((transaction) =>
        transaction.execute(
          sql`update sessions set ${sql.identifier(column)} = ${sql.identifier(column)} + ${by}::interval where account = ${account}`,
        ),
      );
    await move('seen_at', '-59 minutes');
    expect(await opens(api(), cookie)).toBe(200);
    // that was a sign of life
    await move('seen_at', '-59 minutes');
    expect(await opens(api(), cookie)).toBe(200);
    await move('seen_at', '-60 minutes');
    expect(await opens(api(), cookie)).toBe(401);

    const second = await signedIn(appWithSignIn(db), account);
    await move('ends_at', '-11 hours -59 minutes');
    expect(await opens(api(), second)).toBe(200);
    await move('ends_at', '-1 minute');
    expect(await opens(api(), second)).toBe(401);
  });

  it.each([
    ['closed', { disabled: true }],
    ['given another role', { role: 'leader' }],
    ['given a commune', { role: 'commune', commune: '10001' }],
  ])('comes when the account is %s', async (_, change) => {
    const account = await insertAccount(db, newAccountName());
    const cookie = await signedIn(appWithSignIn(db), account);
    expect(await alter(account, change)).toBe('changed');
    expect(await opens(api(), cookie)).toBe(401);
  });
});

describe('from another site', () => {
  const changes = async (headers: Record<string, string>) => {
    const account = await insertAccount(db, newAccountName());
    const app = api();
    const cookie = await signedIn(appWithSignIn(db), account);
    const statuses = [
      (await app.delete('/api/session').set({ ...headers, Cookie: cookie })).status,
      (
        await app
          .post('/api/session')
          .set({ ...headers, Cookie: cookie })
          .send({ account, password: goodPassword })
      ).status,
      (
        await app
          .post('/api/access/tokens')
          .set({ ...headers, Cookie: cookie })
          .send({ name: 'x', endsOn: '2026-11-30' })
      ).status,
    ];
    // none of it did anything
    expect(await opens(app, cookie)).toBe(200);
    return statuses;
  };

  it.each([
    [{ 'Sec-Fetch-Site': 'cross-site' }],
    [{ 'Sec-Fetch-Site': 'same-site' }],
    [{ 'Sec-Fetch-Site': 'cross-site', Origin: 'http://127.0.0.1:3000' }],
    [{ Origin: 'https://evil.example' }],
    [{ Origin: 'null' }],
    // another program on this computer
    [{ Origin: 'http://127.0.0.1:8080' }],
    [{ Origin: 'https://127.0.0.1:3000.evil.example' }],
  ])('nothing is changed: %j', async (headers) => {
    expect(await changes(headers)).toEqual([403, 403, 403]);
  });

  it('a form or plain text is not read, even from here', async () => {
    const account = await insertAccount(db, newAccountName());
    const app = api();
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])
      expect(
        (
          await app
            .post('/api/session')
            .type(type)
            .send(JSON.stringify({ account, password: goodPassword }))
        ).status,
      ).toBe(415);
  });

  it.each([
    [{ 'Sec-Fetch-Site': 'same-origin', Origin: 'http://127.0.0.1:3000' }],
    // the development server in front
    [{ 'Sec-Fetch-Site': 'same-origin', Origin: 'http://localhost:5173' }],
    [{ Origin: 'http://localhost:3000' }],
    [{}],
  ])('its own pages may: %j', async (headers: Record<string, string>) => {
    const account = await insertAccount(db, newAccountName());
    await api().post('/api/session').set(headers).send({ account, password: goodPassword }).expect(200);
  });
});

describe('a one-time password', () => {
  it('opens nothing but the choice of another', async () => {
    const account = await insertAccount(db, newAccountName());
    await db.write((transaction) =>
      transaction.execute(sql`update accounts set password_is_one_time = true where name = ${account}`),
    );
    const app = api();
    const first = await post(app, { account, password: goodPassword });
    expect(first.body.session.mustChangePassword).toBe(true);
    const cookies = cookiesOf(first);
    expect(await opens(app, cookieHeader(cookies))).toBe(401);
    expect((await app.get('/api/access/tokens').set('Cookie', cookieHeader(cookies))).status).toBe(401);

    const change = (body: object) =>
      app.post('/api/session/password').set('Cookie', cookieHeader(cookies)).send(body);
    const same = await change({ password: goodPassword, newPassword: goodPassword });
    expect([same.status, same.body.faults[0].rule]).toEqual([422, 'password-as-before']);
    const short = await change({ password: goodPassword, newPassword: 'ngắn quá' });
    expect([short.status, short.body.faults[0]]).toEqual([
      422,
      {
        field: 'newPassword',
        rule: 'password-too-short',
        message: { vi: 'mật khẩu có ít nhất 12 ký tự', en: 'a password of at least 12 characters' },
      },
    ]);
    const wrong = await change({ password: 'không phải nó', newPassword: 'một câu khác của riêng mình' });
    expect(wrong.status).toBe(403);
    const done = await change({ password: goodPassword, newPassword: 'một câu khác của riêng mình' });
    expect([done.status, done.body.session.mustChangePassword]).toEqual([200, false]);
    expect(await opens(app, cookieHeader(cookies))).toBe(401);
    expect(await opens(app, cookieHeader(cookiesOf(done)))).toBe(200);
    expect((await post(app, { account, password: goodPassword })).status).toBe(401);
    expect((await post(app, { account, password: 'một câu khác của riêng mình' })).status).toBe(200);
  });

  it('is good for three days', async () => {
    const account = await insertAccount(db, newAccountName());
    const age = (interval: string) =>
      db.write((transaction) =>
        transaction.execute(
          sql`update accounts set password_is_one_time = true, password_set_at = now() - ${interval}::interval where name = ${account}`,
        ),
      );
    await age('2 days 23 hours');
    expect((await post(api(), { account, password: goodPassword })).status).toBe(200);
    await age('3 days 1 second');
    expect((await post(api(), { account, password: goodPassword })).status).toBe(401);
  });
});

describe('the roles to try', () => {
  const withDemo = (options: Parameters<typeof appWithSignIn>[1] = {}) =>
    api({ ...options, config: { demo: true, ...options?.config } });
  beforeEach(() =>
    db.write((transaction) => writeSignInSettings(transaction, { demo: true, singleSignOn: false })),
  );

  it('are each signed in to, without an account', async () => {
    const app = withDemo();
    expect((await app.get('/api/session')).body.offered).toMatchObject({
      demo: true,
      communes: [
        { code: '10001', name: 'Xã 10001' },
        { code: '10002', name: 'Xã 10002' },
      ],
    });
    for (const demoRole of roles) {
      const commune = demoRole === 'commune' ? '10002' : undefined;
      const response = await post(app, { demoRole, commune });
      expect(response.body.session).toMatchObject({
        account: commune ? 'demo-commune-10002' : `demo-${demoRole}`,
        role: demoRole,
        commune: commune ?? null,
        demo: true,
        hasPassword: false,
      });
      expect(await opens(app, cookieHeader(cookiesOf(response)))).toBe(200);
    }
    expect((await post(app, { demoRole: 'commune', commune: '99999' })).status).toBe(422);
  });

  it.each<[string, Parameters<typeof appWithSignIn>[1], Record<string, string>]>([
    ['where the server is not in demo mode', { config: { demo: false } }, {}],
    ['from another computer', { from: '10.1.2.3' }, {}],
    ['from another computer over IPv6', { from: '::ffff:10.1.2.3' }, {}],
    ['through a proxy', {}, { 'X-Forwarded-For': '127.0.0.1' }],
    ['through a proxy of the other kind', {}, { Forwarded: 'for=127.0.0.1' }],
    ['through a proxy that says only that', {}, { Via: '1.1 proxy' }],
    ['where a foreign name leads here', {}, { Host: 'evil.example:3000' }],
    ['from a page of another host', {}, { Origin: 'http://may-chu.tinh.vn' }],
    ['where the server is reached by a name', { config: { baseUrl: 'http://diaban.tinh.vn' } }, {}],
  ])('are not to be had %s', async (_, options, headers) => {
    const app = withDemo(options);
    expect((await app.get('/api/session').set(headers)).body.offered).toMatchObject({
      demo: false,
      communes: [],
    });
    const response = await app.post('/api/session').set(headers).send({ demoRole: 'admin' });
    expect([403, 404]).toContain(response.status);
    expect(response.headers['set-cookie']).toBeUndefined();
    // and a demo session that was made here is worth nothing there
    const cookie = cookieHeader(cookiesOf(await post(withDemo(), { demoRole: 'admin' })));
    expect((await app.get('/ogc').set({ ...headers, Cookie: cookie })).status).toBe(401);
    expect((await app.get('/api/session').set({ ...headers, Cookie: cookie })).body.session).toBeNull();
  });

  it('go with the demo mode, in the database too', async () => {
    const cookie = cookieHeader(cookiesOf(await post(withDemo(), { demoRole: 'planner' })));
    await db.write((transaction) => writeSignInSettings(transaction, { demo: false, singleSignOn: false }));
    expect(await opens(withDemo(), cookie)).toBe(401);
    expect((await post(withDemo(), { demoRole: 'planner' })).status).toBe(404);
    const left = await db.read((transaction) =>
      transaction.rows(z.object({ name: z.string() }), sql`select name from accounts where demo`),
    );
    expect(left).toEqual([]);
  });
});

describe('what the server may do before anyone is signed in', () => {
  const asVisitor = () => db.as({ ...visitor, address: '10.0.0.1' });

  it.each([
    'accounts',
    'sessions',
    'known_browsers',
    'sign_in_failures',
    'access_tokens',
    'sign_in_settings',
  ])('is not to look at %s', async (table) => {
    await expect(
      asVisitor().read((transaction) =>
        transaction.rows(z.unknown(), sql`select * from ${sql.identifier(table)}`),
      ),
    ).rejects.toThrow(/permission denied/);
  });

  it('is not to sign anybody in without proof, also by way of SQL', async () => {
    const account = await insertAccount(db, newAccountName());
    const secret = Buffer.alloc(32, 7);
    const none = sql`null::bytea`;
    const attempt = (query: ReturnType<typeof sql>) =>
      asVisitor().write((transaction) => transaction.rows(z.unknown(), query));
    const stored = await db.read((transaction) =>
      transaction.row(
        z.object({ password_verifier: z.instanceof(Buffer) }),
        sql`select password_verifier from accounts where name = ${account}`,
      ),
    );
    // not even with what a copy of the tables holds
    expect(
      await attempt(
        sql`select sign_in(${account}, ${stored.password_verifier}, ${none}, ${secret}, ${secret}, ${none}) as outcome`,
      ),
    ).toEqual([{ outcome: 'refused' }]);
    expect(await attempt(sql`select sign_in_to_demo('admin', null, ${secret}, ${none}) as outcome`)).toEqual([
      { outcome: 'refused' },
    ]);
    expect(await attempt(sql`select sign_in_by_subject(${secret}, ${secret}, ${none}) as outcome`)).toEqual([
      { outcome: 'refused' },
    ]);
    for (const forbidden of [
      sql`select make_session(${account}, 'password', ${secret}, ${none})`,
      sql`select forgive_try(${account}, ${none})`,
      sql`select * from list_accounts(null)`,
      sql`select end_sessions_of(${account})`,
      sql`select make_access_token('x', ${secret}, current_date)`,
      sql`select tell_audit('signed-in', '{}')`,
    ])
      await expect(attempt(forbidden)).rejects.toThrow(/permission denied/);
  });
});
