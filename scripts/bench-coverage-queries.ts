import { z } from 'zod';
import type { Transaction } from '../server/db/database.ts';
import { sql } from '../server/db/sql.ts';

// Everything is drawn from a hash of the row's number and the seed, not from random(): the same rows come out whatever
// plan the database runs, and in whatever order.

/** A number in [0, 1) of its own for each row, seed and stream. */
const drawn = (seed: number, stream: string) =>
  sql`((hashint8extended(n, hashtextextended(${stream}::text, ${seed}::bigint)) & 9007199254740991) / 9007199254740992.0)`;

/** Another day of the quarter that a day lies in, kept on or before the last day of the demo's activities. */
const dayOfSameQuarter = (day: ReturnType<typeof sql>, seed: number, stream: string) => sql`
  least(date '2026-10-31',
        date_trunc('quarter', ${day})::date
          + floor(${drawn(seed, stream)} * (least(date '2026-11-01', (date_trunc('quarter', ${day}) + interval '3 months')::date)
                                            - date_trunc('quarter', ${day})::date))::int)`;

/**
 * More establishments, each a few hundred metres from one of those there are (the offsets add up to a bell of about 600 m),
 * in the commune where it then lies; with the other's facts. One that fell outside the province stays where the other is.
 */
export const insertBenchEstablishments = (transaction: Transaction, count: number, seed: number) =>
  transaction.execute(sql`
    with template as (
      select row_number() over (order by id) - 1 as position, e.* from establishments e
    ), placed as (
      select n, t.category, t.lead_agency, t.commune_code, t.workers, t.active_from, t.active_to, t.geom,
             ST_Translate(t.geom,
                          (${drawn(seed, 'x1')} + ${drawn(seed, 'x2')} - 1) * 0.014,
                          (${drawn(seed, 'y1')} + ${drawn(seed, 'y2')} - 1) * 0.0135) as moved
        from generate_series(1, ${count}::bigint) n join template t on t.position = n % (select count(*) from template)
    )
    insert into establishments (license_number, category, lead_agency, commune_code, workers, active_from, active_to, simulated, geom)
    select 'TAI-' || lpad(n::text, 6, '0'), p.category, p.lead_agency, coalesce(c.code, p.commune_code), p.workers, p.active_from,
           p.active_to, true, case when c.code is null then p.geom else p.moved end
      from placed p
      left join lateral (select code from communes where ST_Intersects(communes.geom, p.moved) order by code limit 1) c on true
     order by n`);

/** Numbers the establishments that are open throughout the period within their communes, to be drawn from. */
export async function numberOpenEstablishments(transaction: Transaction): Promise<void> {
  await transaction.execute(sql`
    create temporary table open_establishments on commit drop as
    select id, workers, commune_code, row_number() over (partition by commune_code order by id) - 1 as position
      from establishments where active_from <= date '2025-05-01' and active_to is null`);
  await transaction.execute(sql`
    create temporary table open_counts on commit drop as
    select commune_code, count(*) as among from open_establishments group by commune_code`);
  await transaction.execute(sql`analyze open_establishments`);
  await transaction.execute(sql`analyze open_counts`);
}

/** One of the commune's open establishments for each row; joined by equal columns alone, so that the join can be hashed. */
const withAnEstablishment = (seed: number, stream: string) => sql`
  left join open_counts o on o.commune_code = r.commune_code
  left join open_establishments e on e.commune_code = r.commune_code and e.position = floor(${drawn(seed, stream)} * o.among)::bigint`;

/** More sessions, each like one of those there are, in the same commune and quarter; those at an establishment at any of the commune's. */
export const insertBenchOutreach = (transaction: Transaction, count: number, seed: number) =>
  transaction.execute(sql`
    with template as (
      select row_number() over (order by id) - 1 as position, s.* from outreach_sessions s
    ), repeated as (
      select n, t.*, ${dayOfSameQuarter(sql`t.held_on`, seed, 'held')} as other_day
        from generate_series(1, ${count}::bigint) n join template t on t.position = n % (select count(*) from template)
    )
    insert into outreach_sessions (reference, held_on, form, audience, commune_code, industrial_park_id, dormitory_id, school_id,
                                   establishment_id, attendance, simulated)
    select 'TAI-TT-' || lpad(n::text, 7, '0'), other_day, form, audience, r.commune_code, industrial_park_id, dormitory_id,
           school_id, coalesce(e.id, r.establishment_id),
           case when e.id is null then attendance else least(greatest(coalesce(e.workers, attendance), 1), attendance) end, true
      from repeated r
      ${withAnEstablishment(seed, 'establishment')} and r.establishment_id is not null
     order by n`);

export const insertBenchInspections = (transaction: Transaction, count: number, seed: number) =>
  transaction.execute(sql`
    with template as (
      select row_number() over (order by i.id) - 1 as position, i.*, e.commune_code
        from inspections i join establishments e on e.id = i.establishment_id
    ), repeated as (
      select n, t.*, ${dayOfSameQuarter(sql`t.inspected_on`, seed, 'inspected')} as other_day
        from generate_series(1, ${count}::bigint) n join template t on t.position = n % (select count(*) from template)
    )
    insert into inspections (reference, inspected_on, establishment_id, team_level, outcome, ground, simulated)
    select 'TAI-KT-' || lpad(n::text, 7, '0'), other_day, coalesce(e.id, r.establishment_id), team_level, outcome, ground, true
      from repeated r
      ${withAnEstablishment(seed, 'inspected establishment')}
     order by n`);

/** More reports; one that would be resolved after the last day is still under way. */
export const insertBenchReports = (transaction: Transaction, count: number, seed: number) =>
  transaction.execute(sql`
    with template as (
      select row_number() over (order by id) - 1 as position, r.* from reports r
    ), repeated as (
      select n, t.*, ${dayOfSameQuarter(sql`t.received_on`, seed, 'received')} - t.received_on as later
        from generate_series(1, ${count}::bigint) n join template t on t.position = n % (select count(*) from template)
    )
    insert into reports (reference, received_on, due_on, status, resolved_on, commune_code, h3_cell, simulated)
    select 'TAI-TB-' || lpad(n::text, 7, '0'), received_on + later, due_on + later,
           case when resolved_on + later > date '2026-10-31' then 'classified' else status end,
           case when resolved_on + later <= date '2026-10-31' then resolved_on + later end, commune_code, h3_cell, true
      from repeated
     order by n`);

const countRow = z.object({ establishments: z.number(), activities: z.number(), outreach: z.number() });
export const countBenchRows = (transaction: Transaction) =>
  transaction.row(
    countRow,
    sql`select (select count(*) from establishments) as establishments, (select count(*) from outreach_sessions) as outreach,
               (select count(*) from outreach_sessions) + (select count(*) from inspections) + (select count(*) from reports)
               + (select count(*) from commune_plans) + (select count(*) from trainings) + (select count(*) from press_items)
                 as activities`,
  );

export const analyseTables = (transaction: Transaction) => transaction.execute(sql`analyze`);
