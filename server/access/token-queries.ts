import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

const tokenRow = z.object({
  id: z.number().int(),
  name: z.string(),
  created_at: z.date(),
  last_used_at: z.date().nullable(),
  ends_on: z.string(),
  revoked_at: z.date().nullable(),
  state: z.enum(['active', 'expired', 'revoked']),
});
export type OwnToken = z.infer<typeof tokenRow>;

// All of these are about the tokens of the account whose transaction it is.

/** The newest first. */
export const listOwnTokens = (transaction: Transaction): Promise<OwnToken[]> =>
  transaction.rows(
    tokenRow,
    sql`select id, name, created_at, last_used_at, ends_on, revoked_at, state from list_own_access_tokens()`,
  );

export const makeToken = async (transaction: Transaction, name: string, hash: Buffer, endsOn: string) =>
  (
    await transaction.row(
      z.object({ outcome: z.enum(['made', 'wrong-day', 'too-many']) }),
      sql`select make_access_token(${name}, ${hash}, ${endsOn}) as outcome`,
    )
  ).outcome;

/** False for a token that is not there, or another account's. */
export const revokeOwnToken = async (transaction: Transaction, id: number): Promise<boolean> =>
  (
    await transaction.row(
      z.object({ there: z.boolean() }),
      sql`select revoke_own_access_token(${id}) as there`,
    )
  ).there;
