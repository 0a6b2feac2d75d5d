import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import type { ImportKind } from './kinds.ts';

/** The one kind that comes by the hundred thousand. */
const firstLoads: Partial<Record<ImportKind, string>> = { establishments: 'establishments' };
const begun = z.object({ ending: z.array(z.string()).nullable() });

/**
 * Makes ready for the first rows of an empty table: foreign keys, spatial indexes and the counts that tiles are made of
 * are taken off, to be made for all rows at once by what this returns (see migration 0007). Null, and nothing is changed,
 * where the table has rows or cannot be had alone.
 */
export async function beginFirstLoad(
  transaction: Transaction,
  kind: ImportKind,
): Promise<(() => Promise<void>) | null> {
  const table = firstLoads[kind];
  if (!table) return null;
  const { ending } = await transaction.row(
    begun,
    // who may write rows need not own the table, and then cannot change how it is made
    sql`select case when pg_has_role(relowner, 'usage') then begin_first_load(oid::regclass) end as ending
          from pg_class where oid = ${table}::regclass`,
  );
  return (
    ending &&
    (async () => {
      await transaction.rows(
        z.unknown(),
        sql`select end_first_load(${table}::regclass, ${ending}::text[], ${table})`,
      );
    })
  );
}
