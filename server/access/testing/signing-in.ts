import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import request from 'supertest';
import type { Role } from '../../../contract/access.ts';
import type { AppParts } from '../../app.ts';
import type { Database } from '../../db/database.ts';
import { makeApp } from '../../testing/app.ts';
import { addAccount } from '../accounts.ts';
import { createIdentification } from '../identification.ts';
import { createPasswordHashing } from '../password-hashing.ts';

export const hashing = createPasswordHashing();
export const goodPassword = 'con đường làng rợp bóng tre';

type SignInApp = {
  config?: Partial<AppParts['config']>;
  clock?: () => Date;
  /** Where the requests come from; this computer unless said. */
  from?: string;
};

/** The whole app with real sessions and tokens, as one process of the server has it. */
export function appWithSignIn(db: Database, { config: other, clock, from }: SignInApp = {}): RequestListener {
  const config = { baseUrl: 'http://127.0.0.1:3000', checkResponses: true, ...other };
  const time = clock ?? (() => new Date());
  const app = makeApp({ db, config, clock: time, ...createIdentification({ db, clock: time, config }) });
  if (!from) return app;
  return (asked: IncomingMessage, response) => {
    Object.defineProperty(asked.socket, 'remoteAddress', { value: from, configurable: true });
    app(asked, response);
  };
}

/** An account with a password of its own, made by the keeper of the machine. */
export async function insertAccount(
  db: Database,
  account: string,
  { role = 'planner', commune = null }: { role?: Role; commune?: string | null } = {},
): Promise<string> {
  await addAccount(
    { transactions: db, hashing, issuer: null },
    { account, role, commune },
    { chosen: goodPassword },
  );
  return account;
}

export const newAccountName = (): string =>
  `phong-${randomBytes(5)
    .toString('hex')
    .replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!)}`;

/** Name and value of the cookies that an answer sets. */
export const cookiesOf = (response: request.Response): Record<string, string> =>
  Object.fromEntries(
    ([] as string[])
      .concat(response.headers['set-cookie'] ?? [])
      .map((line) => line.split(';', 1)[0]!)
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );

export const cookieHeader = (cookies: Record<string, string>): string =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');

/** Signs in and gives the session's and the browser's cookie, as a header. */
export async function signedIn(
  app: RequestListener,
  account: string,
  password = goodPassword,
): Promise<string> {
  const response = await request(createServer(app)).post('/api/session').send({ account, password });
  if (response.status !== 200)
    throw new Error(`${account} was not let in: ${response.status} ${response.text}`);
  return cookieHeader(cookiesOf(response));
}
