import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

const yearRow = z.object({
  year: z.number().int(),
  reports: z.number().int(),
  unresolved: z.number().int(),
  withdrawn: z.number().int(),
});
export type YearThatGoes = z.infer<typeof yearRow>;

/** What `foldOldReports` would take now, by the year in which it was due. */
export const readYearsThatGo = (transaction: Transaction, dueBefore: string): Promise<YearThatGoes[]> =>
  transaction.rows(
    yearRow,
    sql`select extract(year from due_on)::int as year,
               count(*) filter (where withdrawn_at is null)::int as reports,
               count(*) filter (where withdrawn_at is null and resolved_on is null)::int as unresolved,
               count(*) filter (where withdrawn_at is not null)::int as withdrawn
          from report_records
         where greatest(due_on, resolved_on) < ${dueBefore}::date
         group by 1 order by 1`,
  );

const runRow = z.object({ reports: z.number().int(), withdrawn: z.number().int() });
export type Folded = z.infer<typeof runRow>;

/**
 * Makes counts by commune and month of every report that was due, and resolved if it was, before this first day of a
 * month, deletes their rows and history, and writes it down: all in the transaction given.
 */
export const foldOldReports = (transaction: Transaction, dueBefore: string): Promise<Folded> =>
  transaction.row(runRow, sql`select reports, withdrawn from fold_old_reports(${dueBefore})`);
