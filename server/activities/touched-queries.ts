import { z } from 'zod';
import type { ActivityKind, ActivityRecord } from '../../contract/activities.ts';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { kindsInSql } from './record-queries.ts';

// What people have done to rows that an import brings again.

const touchedRow = z.object({
  key: z.string(),
  id: z.number(),
  withdrawnAt: z.date().nullable(),
  changedAt: z.date().nullable(),
});
export type TouchedRow = z.infer<typeof touchedRow>;

/** Rows with the keys of these records that were withdrawn, or last changed by other than an import; by their key. */
export async function readTouched<Kind extends ActivityKind>(
  transaction: Transaction,
  kind: Kind,
  records: readonly ActivityRecord<Kind>[],
): Promise<Map<string, TouchedRow>> {
  const { table } = kindsInSql[kind];
  const plans = records as readonly ActivityRecord<'commune-plans'>[];
  // A plan of the same day as one that was withdrawn is that one again; of another day it is a new plan.
  const rows = await transaction.rows(
    touchedRow,
    kind === 'commune-plans'
      ? sql`
        select plan.commune_code || ' ' || plan.year as key, id, withdrawn_at as "withdrawnAt", changed_at as "changedAt"
          from unnest(${plans.map(({ communeCode }) => communeCode)}::text[], ${plans.map(({ year }) => year)}::integer[],
                      ${plans.map(({ issuedOn }) => issuedOn)}::date[]) as brought (commune_code, year, issued_on)
          join ${table} as plan on plan.commune_code = brought.commune_code and plan.year = brought.year
         where case when withdrawn_at is null then changed_by <> 'import' else plan.issued_on = brought.issued_on end
         order by withdrawn_at is null`
      : sql`
        select reference as key, id, withdrawn_at as "withdrawnAt", changed_at as "changedAt"
          from ${table}
         where reference = any(${(records as readonly ActivityRecord<'outreach'>[]).map(({ reference }) => reference)}::text[])
           and (withdrawn_at is not null or changed_by <> 'import')`,
  );
  return new Map(rows.map((row) => [row.key, row]));
}

const beforeRow = z.object({ id: z.number(), record: z.unknown() });

/** What the last import said of rows that were changed since, by id; none of rows that no import ever wrote. */
export async function readImportedBefore(
  transaction: Transaction,
  kind: ActivityKind,
  ids: readonly number[],
): Promise<Map<number, unknown>> {
  if (!ids.length) return new Map();
  const { table, joins, record } = kindsInSql[kind];
  const rows = await transaction.rows(
    beforeRow,
    sql`
      select a.id, ${record} as record
        from (
          select was.*
            from (select id, recorded_by from ${table} where id = any(${ids}::bigint[])) as present
           cross join lateral (
                   select max(written.version) as version
                     from (select 1 as version where present.recorded_by = 'import'
                           union all
                           select h.version + 1 from activity_history h
                            where h.kind = ${kind} and h.activity_id = present.id and h.changed_by = 'import') as written
                 ) as imported
            join activity_history last on last.version = imported.version
                 and last.kind = ${kind} and last.activity_id = present.id
           cross join lateral jsonb_populate_record(null::${table}, last.was) as was
        ) as a
        ${joins}`,
  );
  return new Map(rows.map((row) => [row.id, row.record]));
}
