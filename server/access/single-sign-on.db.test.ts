import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { changeAccount, writeSignInSettings } from './account-queries.ts';
import { addAccount } from './accounts.ts';
import { type IdentityProvider, openIdentityProvider } from './testing/identity-provider.ts';
import { appWithSignIn, cookieHeader, cookiesOf, hashing, newAccountName } from './testing/signing-in.ts';

const baseUrl = 'http://127.0.0.1:3999';
const start = '/api/session/single-sign-on';

let db: TestDatabase;
let provider: IdentityProvider;
beforeAll(async () => {
  db = await openTestDatabase();
  await db.write((transaction) => writeSignInSettings(transaction, { demo: false, singleSignOn: true }));
  provider = await openIdentityProvider(`${baseUrl}${start}/return`, `${baseUrl}/`);
});
afterAll(async () => {
  provider?.close();
  await db?.close();
});

type Settings = { issuer?: string; clientSecret?: string; subjectClaim?: string };
const api = ({ issuer, clientSecret, subjectClaim = 'sub' }: Settings = {}) =>
  request(
    appWithSignIn(db, {
      config: {
        baseUrl,
        singleSignOn: {
          issuer: issuer ?? provider.issuer,
          clientId: provider.clientId,
          clientSecret: clientSecret ?? provider.clientSecret,
          label: 'Đăng nhập tỉnh',
          subjectClaim,
        },
      },
    }),
  );
const linked = async (subject: string, role: 'planner' | 'leader' = 'leader') => {
  const account = newAccountName();
  const { oneTimePassword } = await addAccount(
    { transactions: db, hashing, issuer: provider.issuer },
    { account, role, commune: null, subject },
  );
  expect(oneTimePassword).toBeNull();
  return account;
};
/** What the browser kept, and where it was sent. */
async function leave(app: ReturnType<typeof api>) {
  const response = await app.get(start);
  expect(response.status).toBe(303);
  return {
    cookie: cookieHeader(cookiesOf(response)),
    address: response.headers.location as string,
    response,
  };
}
const comeBack = async (app: ReturnType<typeof api>, returned: URL, cookie: string) => {
  const response = await app.get(returned.pathname + returned.search).set('Cookie', cookie);
  return { location: response.headers.location, cookies: cookiesOf(response), response };
};
const failed = { location: '/?signIn=failed', cookies: { 'diaban-sign-on': '' } };

describe('single sign-on', () => {
  it('signs in the account that is linked to the subject', async () => {
    const account = await linked('can-bo-1');
    const app = api();
    expect((await app.get('/api/session')).body.offered.singleSignOn).toEqual({
      address: start,
      label: 'Đăng nhập tỉnh',
    });
    const { cookie, address, response } = await leave(app);
    const asked = new URL(address);
    expect(asked.origin).toBe(provider.issuer);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      client_id: 'diaban',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${baseUrl}${start}/return`,
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    // what the return is held to leaves in a cookie that scripts cannot read, for ten minutes
    expect(response.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^diaban-sign-on=[\w-]+; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    const returned = await provider.vouch(address, 'can-bo-1');
    const back = await comeBack(app, returned, cookie);
    expect(back.location).toBe('/');
    expect(back.cookies).toMatchObject({
      'diaban-sign-on': '',
      diaban: expect.stringMatching(/^[\w-]{43}$/),
    });
    const session = `diaban=${back.cookies.diaban}`;
    expect((await app.get('/api/session').set('Cookie', session)).body.session).toMatchObject({
      account,
      role: 'leader',
      hasPassword: false,
      mustChangePassword: false,
      demo: false,
    });
    expect((await app.get('/ogc').set('Cookie', session)).status).toBe(200);

    const out = await app.delete('/api/session').set('Cookie', session);
    const leaving = new URL(out.body.next);
    expect(leaving.origin).toBe(provider.issuer);
    expect(leaving.searchParams.get('post_logout_redirect_uri')).toBe(`${baseUrl}/`);
    expect((await fetch(leaving)).status).toBe(200);
    expect((await app.get('/ogc').set('Cookie', session)).status).toBe(401);
  });

  it('keeps nothing that the issuer says of a person', async () => {
    const texts = await db.read((transaction) =>
      transaction.rows(
        z.object({ text: z.string() }),
        sql`select row_to_json(a)::text as text from accounts a union all select row_to_json(s)::text from sessions s
            union all select row_to_json(l)::text from audit_log l`,
      ),
    );
    expect(texts.length).toBeGreaterThan(2);
    for (const { text } of texts) expect(text).not.toMatch(/can-bo-1|Nguyễn|tinh\.vn/);
  });

  it('goes by another claim where it is told to', async () => {
    const account = await linked('can-bo-2@tinh.vn');
    const app = api({ subjectClaim: 'preferred_username' });
    const { cookie, address } = await leave(app);
    expect(new URL(address).searchParams.get('scope')).toBe('openid profile');
    const back = await comeBack(app, await provider.vouch(address, 'can-bo-2'), cookie);
    expect(
      (await app.get('/api/session').set('Cookie', `diaban=${back.cookies.diaban}`)).body.session.account,
    ).toBe(account);
  });

  it('makes no account of a subject that nobody linked', async () => {
    const app = api();
    const { cookie, address } = await leave(app);
    const back = await comeBack(app, await provider.vouch(address, 'nguoi-la'), cookie);
    expect(back).toMatchObject({ location: '/?signIn=unknown-account', cookies: { 'diaban-sign-on': '' } });
    expect(back.cookies.diaban).toBeUndefined();
  });

  it('lets nobody into an account that was closed', async () => {
    const account = await linked('can-bo-3');
    await db.write((transaction) =>
      changeAccount(
        transaction,
        account,
        { disabled: true },
        { subject: null, password: null, oneTime: false },
      ),
    );
    const app = api();
    const { cookie, address } = await leave(app);
    const back = await comeBack(app, await provider.vouch(address, 'can-bo-3'), cookie);
    expect(back.location).toBe('/?signIn=unknown-account');
    expect(back.cookies.diaban).toBeUndefined();
  });

  it('has no password to guess at', async () => {
    const account = await linked('can-bo-4');
    expect((await api().post('/api/session').send({ account, password: 'x' })).status).toBe(401);
  });

  it('takes no return that it did not send for', async () => {
    await linked('can-bo-5');
    const app = api();
    const { cookie, address } = await leave(app);
    const returned = await provider.vouch(address, 'can-bo-5');

    // of another browser, whose own state is another
    const other = await leave(app);
    expect(await comeBack(app, returned, other.cookie)).toMatchObject(failed);
    // of no browser that left
    expect((await comeBack(app, returned, '')).location).toBe('/?signIn=failed');
    expect((await comeBack(app, returned, 'diaban-sign-on=ZZZ')).location).toBe('/?signIn=failed');
    // with the state changed, or left out
    for (const change of [
      (url: URL) => url.searchParams.set('state', 'x'),
      (url: URL) => url.searchParams.delete('state'),
    ]) {
      const changed = new URL(returned);
      change(changed);
      expect(await comeBack(app, changed, cookie)).toMatchObject(failed);
    }
    // in another issuer's name
    const mixed = new URL(returned);
    mixed.searchParams.set('iss', 'https://evil.example');
    expect(await comeBack(app, mixed, cookie)).toMatchObject(failed);
    // with an invented code
    const invented = new URL(returned);
    invented.searchParams.set('code', 'x'.repeat(43));
    expect(await comeBack(app, invented, cookie)).toMatchObject(failed);
  });

  it('takes a code once', async () => {
    await linked('can-bo-6');
    const app = api();
    const { cookie, address } = await leave(app);
    const returned = await provider.vouch(address, 'can-bo-6');
    const first = await comeBack(app, returned, cookie);
    expect(first.location).toBe('/');
    const second = await comeBack(app, returned, cookie);
    expect(second).toMatchObject(failed);
    expect(second.cookies.diaban).toBeUndefined();
  });

  it('is held to the verifier that it began with', async () => {
    await linked('can-bo-7');
    const app = api();
    const { cookie, address } = await leave(app);
    const returned = await provider.vouch(address, 'can-bo-7');
    const kept = JSON.parse(Buffer.from(cookie.split('=')[1]!, 'base64url').toString());
    const forged = (change: object) =>
      `diaban-sign-on=${Buffer.from(JSON.stringify({ ...kept, ...change })).toString('base64url')}`;
    expect(await comeBack(app, returned, forged({ codeVerifier: 'y'.repeat(43) }))).toMatchObject(failed);
    // a code of its own for each of the two, since a provider takes none twice
    const again = await leave(app);
    const returnedAgain = await provider.vouch(again.address, 'can-bo-7');
    const keptAgain = JSON.parse(Buffer.from(again.cookie.split('=')[1]!, 'base64url').toString());
    const otherNonce = Buffer.from(JSON.stringify({ ...keptAgain, nonce: 'z'.repeat(43) })).toString(
      'base64url',
    );
    expect(await comeBack(app, returnedAgain, `diaban-sign-on=${otherNonce}`)).toMatchObject(failed);
  });

  it('says when somebody thought better of it', async () => {
    const app = api();
    const { cookie, address } = await leave(app);
    const state = new URL(address).searchParams.get('state')!;
    const returned = new URL(
      `${baseUrl}${start}/return?error=access_denied&state=${state}&iss=${encodeURIComponent(provider.issuer)}`,
    );
    expect((await comeBack(app, returned, cookie)).location).toBe('/?signIn=cancelled');
  });

  it('does not keep the server from anything where the issuer is away or knows it not', async () => {
    const away = api({ issuer: 'http://127.0.0.1:9' });
    expect((await away.get(start)).headers.location).toBe('/?signIn=failed');
    expect((await away.get('/api/session')).status).toBe(200);
    await linked('can-bo-8');
    const unknown = api({ clientSecret: 'not the secret' });
    const { cookie, address } = await leave(unknown);
    expect(await comeBack(unknown, await provider.vouch(address, 'can-bo-8'), cookie)).toMatchObject(failed);
  });

  it('is not to be had where the server has none', async () => {
    const app = request(appWithSignIn(db));
    expect((await app.get('/api/session')).body.offered.singleSignOn).toBeNull();
    expect((await app.get(start)).status).toBe(404);
    expect((await app.get(`${start}/return?code=x`)).status).toBe(404);
  });
});
