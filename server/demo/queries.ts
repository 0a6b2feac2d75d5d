import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

/** Tables whose rows carry the mark, what leans on others first. */
const markedTables = [
  'inspections',
  'outreach_sessions',
  'reports',
  'report_month_counts',
  'commune_plans',
  'trainings',
  'press_items',
  'establishments',
  'dormitories',
  'schools',
  'industrial_parks',
  'border_areas',
  'communes',
  'neighbour_provinces',
  'data_imports',
] as const;

/** Of activities all rows count and go, the withdrawn ones too, which the tables hold and the views leave out. */
const recordTables: Readonly<Record<string, string>> = {
  inspections: 'inspection_records',
  outreach_sessions: 'outreach_session_records',
  reports: 'report_records',
  commune_plans: 'commune_plan_records',
  trainings: 'training_records',
  press_items: 'press_item_records',
};
const tableNamed = (name: string) => sql.identifier(recordTables[name] ?? name);

const tableRows = z.object({ table: z.string(), simulated: z.number(), real: z.number() });
export type TableRows = z.infer<typeof tableRows>;

/** How many rows of each table are simulated and how many are real. */
export function countMarkedRows(transaction: Transaction): Promise<TableRows[]> {
  return transaction.rows(
    tableRows,
    sql.join(
      markedTables.map(
        (table) => sql`
          select ${table}::text as "table", count(*) filter (where simulated) as simulated,
                 count(*) filter (where not simulated) as real
            from ${tableNamed(table)}`,
      ),
      ' union all ',
    ),
  );
}

const leaning = z.object({ what: z.string(), count: z.number() });

/** Real records that name a simulated place or commune, which therefore cannot go. */
export function readRealOnSimulated(transaction: Transaction) {
  const inSimulatedCommune = (table: string) => sql`
    select ${table}::text as what, count(*) as count
      from ${tableNamed(table)} as own join communes on communes.code = own.commune_code
     where not own.simulated and communes.simulated`;
  const places = [
    { table: 'industrial_parks', column: 'industrial_park_id' },
    { table: 'dormitories', column: 'dormitory_id' },
    { table: 'schools', column: 'school_id' },
    { table: 'establishments', column: 'establishment_id' },
  ];
  const counts = [
    ...[
      'establishments',
      'dormitories',
      'schools',
      'industrial_parks',
      'outreach_sessions',
      'reports',
      'report_month_counts',
      'commune_plans',
      'trainings',
      'press_items',
      'border_areas',
    ].map(inSimulatedCommune),
    ...places.map(
      ({ table, column }) => sql`
        select 'outreach_sessions' as what, count(*) as count
          from outreach_session_records as own
          join ${sql.identifier(table)} as place on place.id = ${sql.identifier(column)}
         where not own.simulated and place.simulated`,
    ),
    sql`select 'inspections' as what, count(*) as count
          from inspection_records as own join establishments on establishments.id = establishment_id
         where not own.simulated and establishments.simulated`,
  ];
  return transaction.rows(
    leaning,
    sql`select what, max(count) as count from (${sql.join(counts, ' union all ')}) as counted where count > 0 group by what order by what`,
  );
}

/** Deletes every simulated row, and provinces that no commune names any more; returns how many rows went. */
export async function deleteSimulated(transaction: Transaction): Promise<number> {
  let deleted = 0;
  for (const table of markedTables)
    deleted += await transaction.execute(sql`delete from ${tableNamed(table)} where simulated`);
  await transaction.execute(sql`
    delete from provinces where not exists (select from communes where province_code = provinces.code)`);
  return deleted;
}
