import { z } from 'zod';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

const recordedRow = z.object({ simulated_until: z.string().nullable() });

/**
 * The day on which the records stand: today in Vietnam, or the last day of simulated activity where all activity is
 * simulated, since a demo that ends in October has nothing to say of December.
 */
export async function readAsOfDay(transaction: Transaction, now: Date): Promise<string> {
  const row = await transaction.row(
    recordedRow,
    sql`select case when bool_and(simulated) then max(inspected_on) end as simulated_until
          from inspections`,
    { name: 'as-of-day' },
  );
  return row.simulated_until ?? dayInVietnam(now);
}
