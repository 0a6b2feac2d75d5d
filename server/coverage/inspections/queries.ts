import { z } from 'zod';
import type { InspectionGrouping } from '../../../contract/coverage-inspections.ts';
import type { Transaction } from '../../db/database.ts';
import { type Sql, sql } from '../../db/sql.ts';
import { daysBetween } from '../pace.ts';
import type { AddedUp } from './answer.ts';
import type { InspectionSums } from './figures.ts';
import { monthsBefore } from './period.ts';

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

export type CoverageAsked = {
  from: string;
  asOf: string;
  by: InspectionGrouping;
  selection: EstablishmentSelection;
  radiusMeters: number;
};

const sumsRow = z.object({
  active: z.number(),
  inspected: z.number(),
  inspections: z.number(),
  days: z.number(),
  planned: z.number(),
  planned_inspected: z.number(),
  signs: z.number(),
  signs_inspected: z.number(),
  random_inspected: z.number(),
  repeated: z.number(),
  licensed: z.number(),
  ever_inspected: z.number(),
  over_twelve_months: z.number(),
  over_twenty_four_months: z.number(),
  outside_counted: z.number(),
  outside_not_counted: z.number(),
});
const numbers = z.array(z.number());
const had = z.array(z.object({ inspections: z.number(), establishments: z.number() }));
const coverageRow = z.object({
  answer: z.object({
    total: sumsRow,
    groups: z.array(sumsRow.extend({ key: z.string() })),
    communes: z.array(
      z.object({
        code: z.string(),
        active: z.number(),
        inspected: z.number(),
        inspections: z.number(),
        routine: z.number(),
      }),
    ),
    medianDays: z.number().nullable(),
    medianDaysByGroup: z.record(z.string(), z.number()),
    activeDays: z.object({ communes: z.array(z.string()), days: numbers, establishments: numbers }),
    had,
    hadRoutine: had,
    simulated: z.boolean(),
  }),
});

/**
 * What the coverage of inspections is made of, added up by `inspection_coverage` (migrations/0013_figures-for-roles.sql): for
 * every role the same sums, which name no establishment.
 */
export async function readCoverage(
  transaction: Transaction,
  { from, asOf, by, selection, radiusMeters }: CoverageAsked,
): Promise<{ addedUp: AddedUp; simulated: boolean }> {
  const { category, agency, commune } = selection;
  const { answer } = await transaction.row(
    coverageRow,
    sql`select inspection_coverage(${from}, ${asOf}, ${by}, ${category}, ${agency}, ${commune}, ${radiusMeters},
                                   ${daysBetween(monthsBefore(asOf, 12), asOf)}, ${daysBetween(monthsBefore(asOf, 24), asOf)}) as answer`,
    { name: 'inspection-coverage' },
  );
  const { total, groups, medianDays, medianDaysByGroup, activeDays } = answer;
  return {
    addedUp: {
      total: sumsFrom(total, medianDays),
      groups: groups.map(({ key, ...group }) => ({
        key,
        ...sumsFrom(group, by === 'area' ? null : (medianDaysByGroup[key] ?? null)),
      })),
      medianDaysByGroup,
      communes: answer.communes,
      lots: activeDays.communes.map((communeCode, index) => ({
        communeCode,
        days: activeDays.days[index]!,
        establishments: activeDays.establishments[index]!,
      })),
      had: answer.had,
      hadRoutine: answer.hadRoutine,
      outsideLicence: { counted: total.outside_counted, notCounted: total.outside_not_counted },
    },
    simulated: answer.simulated,
  };
}

const sumsFrom = (row: z.infer<typeof sumsRow>, medianDays: number | null): InspectionSums => ({
  active: row.active,
  inspected: row.inspected,
  inspections: row.inspections,
  days: row.days,
  planned: row.planned,
  plannedInspected: row.planned_inspected,
  signs: row.signs,
  signsInspected: row.signs_inspected,
  randomInspected: row.random_inspected,
  repeated: row.repeated,
  licensed: row.licensed,
  everInspected: row.ever_inspected,
  overTwelveMonths: row.over_twelve_months,
  overTwentyFourMonths: row.over_twenty_four_months,
  medianDays,
});

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
    await transaction.row(dayRow, sql`select inspections_recorded_from() as day`, {
      name: 'first-inspection',
    })
  ).day;

const licencesRow = z.object({ first: z.string().nullable(), in_force: z.boolean() });

/** The first licence on record, and whether any was in force in the period. */
export const readLicences = (transaction: Transaction, from: string, asOf: string) =>
  transaction.row(licencesRow, sql`select first, in_force from licences_on_record(${from}, ${asOf})`, {
    name: 'licences-in-force',
  });

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
