import { z } from 'zod';
import { role } from '../../contract/access.ts';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import type { KeptPassword } from './password-hashing.ts';

// Functions of migrations/0009_accounts.sql: what they hold to is written there.

const sessionRow = z.object({
  account: z.string(),
  role,
  commune: z.string().nullable(),
  commune_name: z.string().nullable(),
  demo: z.boolean(),
  way: z.enum(['password', 'single-sign-on', 'demo']),
  has_password: z.boolean(),
  must_change_password: z.boolean(),
  signed_in_at: z.date(),
  ends_at: z.date(),
  is_seen_long_ago: z.boolean(),
});
export type SessionRow = z.infer<typeof sessionRow>;

export const findSession = (transaction: Transaction, session: Buffer): Promise<SessionRow | null> =>
  transaction.maybeRow(
    sessionRow,
    sql`select account, role, commune, commune_name, demo, way, has_password, must_change_password, signed_in_at, ends_at,
               is_seen_long_ago
          from find_session(${session})`,
    { name: 'find-session' },
  );

export const touchSession = (transaction: Transaction, session: Buffer) =>
  transaction.rows(z.unknown(), sql`select touch_session(${session})`);

const tokenRow = z.object({
  account: z.string(),
  role,
  commune: z.string().nullable(),
  demo: z.boolean(),
  is_used_long_ago: z.boolean(),
});
export type TokenRow = z.infer<typeof tokenRow>;

export const findAccessToken = (transaction: Transaction, token: Buffer): Promise<TokenRow | null> =>
  transaction.maybeRow(
    tokenRow,
    sql`select account, role, commune, demo, is_used_long_ago from find_access_token(${token})`,
    { name: 'find-access-token' },
  );

export const touchAccessToken = (transaction: Transaction, token: Buffer) =>
  transaction.rows(z.unknown(), sql`select touch_access_token(${token})`);

const beginning = z.object({
  wait_seconds: z.number().int(),
  salt: z.instanceof(Buffer).nullable(),
  cost: z.string().nullable(),
});

/** How long the asker has to wait, or 0 and the salt. Counts a try. */
export const beginSignIn = (transaction: Transaction, account: string, browser: Buffer | null) =>
  transaction.row(beginning, sql`select wait_seconds, salt, cost from begin_sign_in(${account}, ${browser})`);

const outcome = <Names extends readonly [string, ...string[]]>(...names: Names) =>
  z.object({ outcome: z.enum(names) });

/** What a sign-in makes: a session and, for the browser, a new name; and what they come in place of. */
export type NewSession = { session: Buffer; former: Buffer | null };

export const signIn = async (
  transaction: Transaction,
  account: string,
  proof: Buffer,
  { session, former }: NewSession,
  { browser, newBrowser }: { browser: Buffer | null; newBrowser: Buffer },
) =>
  (
    await transaction.row(
      outcome('signed-in', 'refused'),
      sql`select sign_in(${account}, ${proof}, ${browser}, ${newBrowser}, ${session}, ${former}) as outcome`,
    )
  ).outcome;

export const signInBySubject = async (
  transaction: Transaction,
  subject: Buffer,
  { session, former }: NewSession,
) =>
  (
    await transaction.row(
      outcome('signed-in', 'refused'),
      sql`select sign_in_by_subject(${subject}, ${session}, ${former}) as outcome`,
    )
  ).outcome;

export const signInToDemo = async (
  transaction: Transaction,
  demoRole: string,
  commune: string | null,
  { session, former }: NewSession,
) =>
  (
    await transaction.row(
      outcome('signed-in', 'refused', 'unknown-commune'),
      sql`select sign_in_to_demo(${demoRole}, ${commune}, ${session}, ${former}) as outcome`,
    )
  ).outcome;

const named = z.object({ code: z.string(), name: z.string() });
export const demoCommunes = (transaction: Transaction) =>
  transaction.rows(named, sql`select code, name from demo_communes()`);

const ended = z.object({ account: z.string(), way: z.string() });
/** Null where there was no session to end. */
export const signOut = (transaction: Transaction, session: Buffer, everywhere: boolean) =>
  transaction.maybeRow(ended, sql`select account, way from sign_out(${session}, ${everywhere})`);

export const changePassword = async (
  transaction: Transaction,
  { session, newSession }: { session: Buffer; newSession: Buffer },
  proof: Buffer,
  browser: Buffer | null,
  { salt, cost, verifier }: KeptPassword,
) =>
  (
    await transaction.row(
      outcome('changed', 'refused'),
      sql`select change_password(${session}, ${proof}, ${browser}, ${salt}, ${cost}, ${verifier}, ${newSession}) as outcome`,
    )
  ).outcome;
