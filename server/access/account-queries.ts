import { z } from 'zod';
import { role } from '../../contract/access.ts';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import type { KeptPassword } from './password-hashing.ts';

const accountRow = z.object({
  account: z.string(),
  role,
  commune: z.string().nullable(),
  commune_name: z.string().nullable(),
  demo: z.boolean(),
  has_password: z.boolean(),
  single_sign_on: z.boolean(),
  must_change_password: z.boolean(),
  disabled_at: z.date().nullable(),
  created_at: z.date(),
  last_sign_in_at: z.date().nullable(),
  sessions: z.number().int(),
  tokens: z.number().int(),
  slowed: z.boolean(),
});
export type AccountRow = z.infer<typeof accountRow>;

/** By name; one alone where it is named. */
export const listAccounts = (
  transaction: Transaction,
  onlyName: string | null = null,
): Promise<AccountRow[]> =>
  transaction.rows(
    accountRow,
    sql`select account, role, commune, commune_name, demo, has_password, single_sign_on, must_change_password, disabled_at,
               created_at, last_sign_in_at, sessions, tokens, slowed
          from list_accounts(${onlyName})`,
  );

export type NewAccount = {
  account: string;
  role: string;
  commune: string | null;
  subject: Buffer | null;
  password: KeptPassword | null;
  oneTime: boolean;
};

export const makeAccount = async (
  transaction: Transaction,
  { account, role, commune, subject, password, oneTime }: NewAccount,
) =>
  (
    await transaction.row(
      z.object({ outcome: z.enum(['made', 'name-taken', 'unknown-commune', 'subject-taken']) }),
      sql`select make_account(${account}, ${role}, ${commune}, ${subject}, ${password?.salt ?? null}, ${password?.cost ?? null},
                              ${password?.verifier ?? null}, ${oneTime}) as outcome`,
    )
  ).outcome;

export type AccountChange = {
  role?: string | undefined;
  commune?: string | null | undefined;
  disabled?: boolean | undefined;
  unlink?: true | undefined;
  revokeTokens?: true | undefined;
};

const changeOutcome = z.object({
  outcome: z.enum([
    'changed',
    'unknown-account',
    'demo-account',
    'unknown-commune',
    'needs-commune',
    'subject-taken',
    'last-admin',
  ]),
});
export type ChangeOutcome = z.infer<typeof changeOutcome>['outcome'];

export const changeAccount = async (
  transaction: Transaction,
  account: string,
  change: AccountChange,
  given: { subject: Buffer | null; password: KeptPassword | null; oneTime: boolean },
): Promise<ChangeOutcome> =>
  (
    await transaction.row(
      changeOutcome,
      sql`select change_account(${account}, ${JSON.stringify(change)}::jsonb, ${given.subject}, ${given.password?.salt ?? null},
                                ${given.password?.cost ?? null}, ${given.password?.verifier ?? null}, ${given.oneTime}) as outcome`,
    )
  ).outcome;

export const endSessionsOf = async (transaction: Transaction, account: string): Promise<number> =>
  (
    await transaction.row(
      z.object({ ended: z.number().int() }),
      sql`select end_sessions_of(${account}) as ended`,
    )
  ).ended;

/**
 * Tells the database, with its owner's rights, what the server is started with; the functions that sign people in hold to it.
 * Outside of demo mode its accounts go.
 */
export async function writeSignInSettings(
  transaction: Transaction,
  { demo, singleSignOn }: { demo: boolean; singleSignOn: boolean },
): Promise<void> {
  await transaction.execute(
    sql`update sign_in_settings set demo = ${demo}, single_sign_on = ${singleSignOn}
         where (demo, single_sign_on) is distinct from (${demo}, ${singleSignOn})`,
  );
  if (!demo) await transaction.execute(sql`delete from accounts where demo`);
}

/** Whether anybody can sign in, and keep the others' accounts. */
export const hasAdmin = async (transaction: Transaction): Promise<boolean> =>
  (
    await transaction.row(
      z.object({ exists: z.boolean() }),
      sql`select exists (select from accounts a where may_keep_accounts(a)) as exists`,
    )
  ).exists;
