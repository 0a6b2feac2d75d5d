import { z } from 'zod';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

const recordedRow = z.object({ simulatedUntil: z.string().nullable() });

const daysOf = [
  { activities: sql`outreach_sessions`, day: sql`held_on` },
  { activities: sql`inspections`, day: sql`inspected_on` },
  { activities: sql`reports`, day: sql`received_on` },
  { activities: sql`commune_plans`, day: sql`issued_on` },
  { activities: sql`trainings`, day: sql`held_on` },
  { activities: sql`press_items`, day: sql`published_on` },
];

// Each part is one step down an index on (simulated, day), however many rows there are.
const anyReal = sql.join(
  daysOf.map(({ activities }) => sql`exists (select from ${activities} where not simulated)`),
  ' or ',
);
const lastSimulated = sql.join(
  daysOf.map(({ activities, day }) => sql`(select max(${day}) from ${activities} where simulated)`),
  ', ',
);

/**
 * The day on which the records stand: today in Vietnam, or the last day of simulated activity where every activity of
 * every kind is simulated, since a demo that ends in October has nothing to say of December.
 */
export async function readAsOfDay(transaction: Transaction, now: Date): Promise<string> {
  const row = await transaction.row(
    recordedRow,
    sql`select case when not (${anyReal}) then greatest(${lastSimulated}) end as "simulatedUntil"`,
    { name: 'as-of-day' },
  );
  return row.simulatedUntil ?? dayInVietnam(now);
}
