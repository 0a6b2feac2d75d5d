import { z } from 'zod';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

const recordedRow = z.object({ simulatedUntil: z.string().nullable() });

/**
 * The day on which the records stand: today in Vietnam, or the last day of simulated activity where every activity of
 * every kind is simulated, since a demo that ends in October has nothing to say of December.
 */
export async function readAsOfDay(transaction: Transaction, now: Date): Promise<string> {
  const row = await transaction.row(recordedRow, sql`select simulated_until() as "simulatedUntil"`, {
    name: 'as-of-day',
  });
  return row.simulatedUntil ?? dayInVietnam(now);
}
