import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { type Sql, sql } from '../db/sql.ts';

const placeTables = {
  'industrial-parks': {
    table: sql`industrial_parks`,
    reference: sql`reference`,
    session: sql`industrial_park_id`,
  },
  dormitories: { table: sql`dormitories`, reference: sql`reference`, session: sql`dormitory_id` },
  schools: { table: sql`schools`, reference: sql`reference`, session: sql`school_id` },
  establishments: {
    table: sql`establishments`,
    reference: sql`license_number`,
    session: sql`establishment_id`,
  },
} as const satisfies Record<string, { table: Sql; reference: Sql; session: Sql }>;
export type AssignedCollection = keyof typeof placeTables;
export const assignedCollections = Object.keys(placeTables) as AssignedCollection[];

const placedRow = z.object({
  id: z.number(),
  reference: z.string(),
  communeCode: z.string(),
  simulated: z.boolean(),
  lon: z.number(),
  lat: z.number(),
});
export type PlacedRow = z.infer<typeof placedRow>;

/** A page of places by id, each with a point within it. */
export function readPlaces(
  transaction: Transaction,
  collection: AssignedCollection,
  afterId: number,
  limit: number,
) {
  const { table, reference } = placeTables[collection];
  return transaction.rows(
    placedRow,
    sql`select id, ${reference} as reference, commune_code as "communeCode", simulated, ST_X(point) as lon, ST_Y(point) as lat
          from (select *, case when ST_GeometryType(geom) = 'ST_Point' then geom else ST_PointOnSurface(geom) end as point
                  from ${table} where id > ${afterId} order by id limit ${limit}) as page
         order by id`,
  );
}

/** Moves places to other communes, and with each the sessions held for it that stood in its former commune. */
export async function movePlaces(
  transaction: Transaction,
  collection: AssignedCollection,
  moves: readonly { id: number; from: string; to: string }[],
): Promise<void> {
  if (!moves.length) return;
  const { table, session } = placeTables[collection];
  const moved = sql`unnest(${moves.map(({ id }) => id)}::bigint[], ${moves.map(({ from }) => from)}::text[],
                           ${moves.map(({ to }) => to)}::text[]) as moved (place_id, former, latter)`;
  await transaction.execute(sql`update ${table} set commune_code = latter from ${moved} where id = place_id`);
  await transaction.execute(sql`
    update outreach_session_records set commune_code = latter from ${moved}
     where ${session} = place_id and commune_code = former`);
}

const leftBehind = z.object({ code: z.string(), name: z.string(), records: z.number() });

/** Communes of these provinces that are not among `codes`, with the number of activities that still name them. */
export const readLeftBehind = (transaction: Transaction, codes: readonly string[]) =>
  transaction.rows(
    leftBehind,
    sql`select code, name,
               (select count(*) from outreach_session_records where commune_code = code)
             + (select count(*) from report_records where commune_code = code)
             + (select count(*) from report_month_counts where commune_code = code)
             + (select count(*) from commune_plan_records where commune_code = code)
             + (select count(*) from training_records where commune_code = code)
             + (select count(*) from press_item_records where commune_code = code) as records
          from communes
         where code <> all(${codes}::text[])
           and province_code in (select province_code from communes where code = any(${codes}::text[]))
         order by code`,
  );

/** Gives the activities of communes that ceased to the communes that took them over. */
export async function succeed(
  transaction: Transaction,
  successors: ReadonlyMap<string, string>,
): Promise<void> {
  const succession = sql`unnest(${[...successors.keys()]}::text[], ${[...successors.values()]}::text[]) as succession (former, latter)`;
  for (const table of [
    sql`outreach_session_records`,
    sql`report_records`,
    sql`training_records`,
    sql`press_item_records`,
  ])
    await transaction.execute(
      sql`update ${table} set commune_code = latter from ${succession} where commune_code = former`,
    );
  // Of the reports whose rows went, the counts are added to the successor's.
  await transaction.execute(sql`
    insert into report_month_counts as own (commune_code, month, simulated, received, due, resolved_in_time, resolved_late)
    select latter, month, simulated, sum(received), sum(due), sum(resolved_in_time), sum(resolved_late)
      from report_month_counts join ${succession} on commune_code = former
     group by latter, month, simulated order by latter, month, simulated
        on conflict (commune_code, month, simulated) do update
       set received = own.received + excluded.received, due = own.due + excluded.due,
           resolved_in_time = own.resolved_in_time + excluded.resolved_in_time,
           resolved_late = own.resolved_late + excluded.resolved_late`);
  await transaction.execute(
    sql`delete from report_month_counts using ${succession} where commune_code = former`,
  );
  // For a year in which the successor has no plan, the first by code of its forerunners' plans becomes its own; the
  // others stay on record under it, withdrawn.
  await transaction.execute(sql`
    update commune_plan_records as moved
       set commune_code = latter,
           withdrawal_reason = case when withdrawn_at is null and not chosen then 'superseded' else withdrawal_reason end
      from (select id as plan_id, latter,
                   row_number() over (partition by latter, year, withdrawn_at is null order by former) = 1
                   and not exists (select from commune_plans as own where own.commune_code = latter and own.year = plan.year) as chosen
              from commune_plan_records as plan join ${succession} on commune_code = former) as taken
     where moved.id = plan_id`);
}

export const deleteCommunes = (transaction: Transaction, codes: readonly string[]) =>
  transaction.execute(sql`delete from communes where code = any(${codes}::text[])`);
