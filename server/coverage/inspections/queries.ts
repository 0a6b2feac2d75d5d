import { z } from 'zod';
import type { InspectionGrouping } from '../../../contract/coverage-inspections.ts';
import type { Transaction } from '../../db/database.ts';
import { type Sql, sql } from '../../db/sql.ts';
import { areaMembership } from './area-queries.ts';
import { areaBit } from './areas.ts';
import type { InspectionCell } from './figures.ts';

export type EstablishmentSelection = {
  category: string | null;
  agency: string | null;
  commune: string | null;
};

/** Conditions on an establishment `e`. */
function selected({ category, agency, commune }: EstablishmentSelection): Sql {
  const all = [
    ...(category === null ? [] : [sql`e.category = ${category}`]),
    ...(agency === null ? [] : [sql`e.lead_agency = ${agency}`]),
    ...(commune === null ? [] : [sql`e.commune_code = ${commune}`]),
  ];
  return all.length ? sql.join(all, ' and ') : sql`true`;
}
const selectsAll = (selection: EstablishmentSelection) =>
  Object.values(selection).every((value) => value === null);

/** The group of an establishment; for areas the bits of those that it lies in. */
const groupKey: Record<InspectionGrouping, Sql> = {
  commune: sql`e.commune_code`,
  category: sql`e.category`,
  'lead-agency': sql`e.lead_agency`,
  area: sql`coalesce(membership.bits, ${areaBit.elsewhere}::int)`,
};

export type CoverageAsked = {
  from: string;
  asOf: string;
  by: InspectionGrouping;
  selection: EstablishmentSelection;
  radiusMeters: number;
};

const numbers = z.array(z.number());
const coverageRow = z.object({
  cell_communes: z.array(z.string()),
  cell_keys: z.array(z.string()),
  cell_days: numbers,
  cell_inspections: numbers,
  cell_planned: numbers,
  cell_signs: numbers,
  cell_repeated: z.array(z.boolean()),
  cell_establishments: numbers,
  cell_outside: numbers,
  cell_licensed: numbers,
  /** Of each cell, numbers parted by blanks; cells parted by semicolons: arrays of different lengths do not fit in one. */
  cell_days_since: z.string(),
  simulated: z.boolean(),
});

export type CoverageRead = { cells: InspectionCell[]; simulated: boolean };

/**
 * Establishments put together in cells of those that are alike (some 7,000 cells of 98,000 establishments), from which
 * every figure can be added up. Medians are taken from the cells too: sorting days by group in the database takes 75 ms
 * more.
 *
 * `looked_at` reads inspections in order of the index inspection_records_standing (81 ms of 356,000 against 150 by hashing),
 * which the planner would not choose by itself.
 */
export async function readCoverage(transaction: Transaction, asked: CoverageAsked): Promise<CoverageRead> {
  const { by, selection, radiusMeters } = asked;
  const from = sql`${asked.from}::date`;
  const asOf = sql`${asked.asOf}::date`;
  const chosen = selected(selection);
  const byArea = by === 'area';
  const row = await transaction.row(
    coverageRow,
    sql`
      with ${byArea ? sql`${areaMembership(radiusMeters, chosen)},` : sql.empty}
      looked_at as (
        select establishment_id,
               (count(*) filter (where inspected_on >= ${from}))::int as inspections,
               (count(*) filter (where inspected_on >= ${from} and ground = 'planned'))::int as planned,
               (count(*) filter (where inspected_on >= ${from} and ground = 'sign-of-violation'))::int as signs,
               -- from this day on a sign of violation is on record: one that brought a team, or one that a team found
               min(case when ground = 'sign-of-violation' then inspected_on
                        when outcome <> 'no-violation' then inspected_on + 1 end)
                 filter (where inspected_on >= ${from}) as sign_on,
               min(inspected_on) filter (where inspected_on >= ${from}) as first_on,
               max(inspected_on) as last_on
          from (select establishment_id, inspected_on, ground, outcome from inspections
                 where inspected_on <= ${asOf}
                   ${selectsAll(selection) ? sql.empty : sql`and establishment_id in (select e.id from establishments e where ${chosen})`}
                 order by establishment_id, inspected_on offset 0) as in_order
         group by establishment_id
      ),
      chosen as (
        select e.commune_code, ${groupKey[by]} as key, e.simulated,
               greatest(0, least(e.active_to, ${asOf}) - greatest(e.active_from, ${from}) + 1) as days,
               coalesce(l.inspections, 0) as inspections, coalesce(l.planned, 0) as planned, coalesce(l.signs, 0) as signs,
               case when coalesce(l.planned, 0) < 2 then false
                    when l.sign_on is null then true
                    else (select count(*) > 1 from inspections i
                           where i.establishment_id = e.id and i.ground = 'planned'
                             and i.inspected_on >= ${from} and i.inspected_on < l.sign_on)
               end as repeated,
               case when l.first_on < e.active_from or (l.first_on is not null and l.last_on > e.active_to)
                    then (select count(*)::int from inspections i
                           where i.establishment_id = e.id and i.inspected_on between ${from} and ${asOf}
                             and (i.inspected_on < e.active_from or i.inspected_on > e.active_to))
                    else 0
               end as outside,
               l.last_on,
               e.active_from <= ${asOf} and (e.active_to is null or e.active_to >= ${asOf}) as licensed
          from establishments e
          left join looked_at l on l.establishment_id = e.id
          ${byArea ? sql`left join membership on membership.id = e.id` : sql.empty}
         where ${chosen}
           and (e.active_from <= ${asOf} and (e.active_to is null or e.active_to >= ${from}) or l.inspections > 0)
      ),
      cells as (
        select commune_code, key, days, inspections, planned, signs, repeated,
               count(*)::int as establishments, sum(outside)::int as outside, bool_or(simulated) as simulated,
               (count(*) filter (where licensed))::int as licensed,
               array_to_string(array_agg(${asOf} - last_on) filter (where licensed and last_on is not null), ' ') as days_since
          from chosen
         group by commune_code, key, days, inspections, planned, signs, repeated
         order by commune_code, key, days, inspections, planned, signs, repeated
      )
      select cells.*,
             cells.any_simulated or coalesce((select simulated from inspections
                                           where simulated and inspected_on <= ${asOf} limit 1), false)
               ${byArea ? sql`or exists (select 1 from industrial_parks where simulated) or exists (select 1 from dormitories where simulated) or exists (select 1 from border_areas where simulated)` : sql.empty} as simulated
        from (select coalesce(array_agg(commune_code), '{}') as cell_communes, coalesce(array_agg(key::text), '{}') as cell_keys,
                     coalesce(array_agg(days), '{}') as cell_days, coalesce(array_agg(inspections), '{}') as cell_inspections,
                     coalesce(array_agg(planned), '{}') as cell_planned, coalesce(array_agg(signs), '{}') as cell_signs,
                     coalesce(array_agg(repeated), '{}') as cell_repeated,
                     coalesce(array_agg(establishments), '{}') as cell_establishments,
                     coalesce(array_agg(outside), '{}') as cell_outside, coalesce(array_agg(licensed), '{}') as cell_licensed,
                     coalesce(string_agg(coalesce(days_since, ''), ';'), '') as cell_days_since,
                     coalesce(bool_or(simulated), false) as any_simulated
                from cells) as cells`,
  );
  const daysSince = row.cell_days_since.split(';');
  const cells = row.cell_communes.map((communeCode, index) => ({
    communeCode,
    key: row.cell_keys[index]!,
    days: row.cell_days[index]!,
    inspections: row.cell_inspections[index]!,
    planned: row.cell_planned[index]!,
    signs: row.cell_signs[index]!,
    repeated: row.cell_repeated[index]!,
    establishments: row.cell_establishments[index]!,
    outsideLicence: row.cell_outside[index]!,
    licensed: row.cell_licensed[index]!,
    daysSinceLast: daysSince[index] ? daysSince[index].split(' ').map(Number) : [],
  }));
  return { cells, simulated: row.simulated };
}

const communeRow = z.object({
  code: z.string(),
  name: z.string(),
  type: z.string(),
  terrain: z.string().nullable(),
  simulated: z.boolean(),
});
export type InspectedCommune = z.infer<typeof communeRow>;

/** All communes, or the one asked for; none when there is no such. */
export const readCommunes = (transaction: Transaction, commune: string | null) =>
  transaction.rows(
    communeRow,
    sql`select code, name, type, terrain, simulated from communes
         where ${commune}::text is null or code = ${commune} order by code`,
    { name: 'inspected-communes' },
  );

const categoryRow = z.object({ code: z.string(), name_vi: z.string(), name_en: z.string() });

export const readCategoryNames = (transaction: Transaction) =>
  transaction.rows(
    categoryRow,
    sql`select code, name_vi, name_en from establishment_categories order by position`,
    { name: 'category-names' },
  );

const dayRow = z.object({ day: z.string().nullable() });

/** The first inspection on record. */
export const readFirstInspection = async (transaction: Transaction): Promise<string | null> =>
  (
    await transaction.row(dayRow, sql`select min(inspected_on) as day from inspections`, {
      name: 'first-inspection',
    })
  ).day;

const licencesRow = z.object({ first: z.string().nullable(), in_force: z.boolean() });

/** The first licence on record, and whether any was in force in the period. */
export const readLicences = (transaction: Transaction, from: string, asOf: string) =>
  transaction.row(
    licencesRow,
    sql`select min(active_from) as first,
               coalesce(bool_or(active_from <= ${asOf}::date and (active_to is null or active_to >= ${from}::date)), false) as in_force
          from establishments`,
    { name: 'licences-in-force' },
  );

/** Where a page of establishments begins: after this one. */
export type SinceKey = { lastOn: string | null; activeFrom: string; id: number };

export type SinceAsked = {
  asOf: string;
  selection: EstablishmentSelection;
  overMonths: number | null;
  after: SinceKey | null;
  limit: number;
};

const sinceRow = z.object({
  id: z.number(),
  license_number: z.string(),
  category: z.string(),
  commune_code: z.string(),
  commune_name: z.string(),
  active_from: z.string(),
  last_on: z.string().nullable(),
  simulated: z.boolean(),
});
const sinceList = z.object({
  matched: z.number(),
  never: z.number(),
  simulated: z.boolean(),
  page: z.array(sinceRow),
});

/**
 * Establishments with a licence on the day, the never inspected first (the longest active before), then by the last
 * inspection. One row more than `limit`, which says that there is a next page.
 */
export async function readSinceInspection(transaction: Transaction, asked: SinceAsked) {
  const asOf = sql`${asked.asOf}::date`;
  const { after, overMonths, limit } = asked;
  return transaction.row(
    sinceList,
    sql`
      with listed as materialized (
        select e.id, e.license_number, e.category, e.commune_code, e.active_from, e.simulated, l.last_on
          from establishments e
          left join lateral (select i.inspected_on as last_on from inspections i
                              where i.establishment_id = e.id and i.inspected_on <= ${asOf}
                              order by i.inspected_on desc limit 1) as l on true
         where e.active_from <= ${asOf} and (e.active_to is null or e.active_to >= ${asOf}) and ${selected(asked.selection)}
           ${overMonths === null ? sql.empty : sql`and (l.last_on is null or l.last_on < ${asOf} - make_interval(months => ${overMonths}::int))`}
      ),
      page as (
        select listed.*, commune.name as commune_name
          from listed join communes commune on commune.code = listed.commune_code
         ${
           after
             ? sql`where (coalesce(last_on, '-infinity'), active_from, id)
                        > (coalesce(${after.lastOn}::date, '-infinity'), ${after.activeFrom}::date, ${after.id}::bigint)`
             : sql.empty
         }
         order by coalesce(last_on, '-infinity'), active_from, id
         limit ${limit + 1}
      )
      select count(*)::int as matched, (count(*) filter (where last_on is null))::int as never,
             coalesce(bool_or(listed.simulated), false)
               or coalesce((select simulated from inspections where simulated and inspected_on <= ${asOf} limit 1), false) as simulated,
             coalesce((select json_agg(page order by coalesce(last_on, '-infinity'), active_from, id) from page), '[]') as page
        from listed`,
  );
}
