import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

/** For how long a key is remembered (as `forget_idempotency_keys` has it): a form left open over a long weekend may still be sent again. */
export const idempotencyDays = 7;

export type KeyedRequest = {
  actor: string;
  key: string;
  /** Method and address. */
  request: string;
  /** What was asked to be recorded, after a position has become its cell: a hash of a position could be tried out. */
  record: unknown;
};

const keptRow = z.object({
  request: z.string(),
  bodyHash: z.string(),
  activityId: z.number(),
  answer: z.unknown(),
});

const hashOf = (record: unknown) => createHash('sha256').update(JSON.stringify(record)).digest('hex');

/**
 * Takes a key for this transaction. Of two that arrive at once the second waits here until the first has ended: then it
 * finds what the first was answered, or takes the key itself when the first came to nothing.
 *
 * @returns `taken`; or what was answered before to the same request; or that the key was used for another.
 */
export async function takeKey(
  transaction: Transaction,
  asked: KeyedRequest,
): Promise<'taken' | 'used-for-another' | { activityId: number; answer: unknown }> {
  const { actor, key, request } = asked;
  const bodyHash = hashOf(asked.record);
  // Those of other accounts too, which this one does not see.
  await transaction.execute(sql`select forget_idempotency_keys()`);
  const taken = await transaction.execute(sql`
    insert into idempotency_keys (actor, key, request, body_hash) values (${actor}, ${key}, ${request}, ${bodyHash})
    on conflict do nothing`);
  if (taken === 1) return 'taken';
  const kept = await transaction.row(
    keptRow,
    sql`select request, body_hash as "bodyHash", activity_id as "activityId", answer
          from idempotency_keys where actor = ${actor} and key = ${key}`,
  );
  if (kept.request !== request || kept.bodyHash !== bodyHash) return 'used-for-another';
  return { activityId: kept.activityId, answer: kept.answer };
}

/** Keeps what a key is answered, in the transaction that recorded the row. */
export const keepAnswer = (
  transaction: Transaction,
  { actor, key }: Pick<KeyedRequest, 'actor' | 'key'>,
  activityId: number,
  answer: unknown,
): Promise<number> =>
  transaction.execute(sql`
    update idempotency_keys set activity_id = ${activityId}, answer = ${JSON.stringify(answer)}::jsonb
     where actor = ${actor} and key = ${key}`);
