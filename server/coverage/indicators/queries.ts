import { z } from 'zod';
import { type IndicatorId, indicatorId } from '../../../contract/coverage-indicators.ts';
import type { Transaction } from '../../db/database.ts';
import { type Sql, sql } from '../../db/sql.ts';

const counts = z.array(z.number().int());
const seriesRow = z.object({
  indicator: indicatorId,
  communeCode: z.string(),
  months: counts,
  numerators: counts,
  upperNumerators: z.array(z.number().int().nullable()),
  denominators: z.array(z.number().int().nullable()),
  unknownPlaces: counts,
  central: z.array(z.number().int().nullable()),
  local: z.array(z.number().int().nullable()),
});
/** One indicator of one commune: how it stood after the last change within each of `months` (1 to 12, ascending). */
export type SeriesRow = z.infer<typeof seriesRow>;

export type Asked = {
  year: number;
  asOf: string;
  indicator?: IndicatorId | undefined;
  commune?: string | undefined;
};

/**
 * How the indicators stood in the year up to a day, by commune and month, from the definitions in
 * migrations/0004_indicators.sql. A month without a change has no entry: what stood before goes on.
 */
export async function readIndicatorSeries(transaction: Transaction, asked: Asked): Promise<SeriesRow[]> {
  return transaction.rows(
    seriesRow,
    sql`
      select indicator, commune_code as "communeCode", array_agg(month order by month) as months,
             array_agg(numerator::int order by month) as numerators,
             array_agg(upper_numerator::int order by month) as "upperNumerators",
             array_agg(denominator::int order by month) as denominators,
             array_agg(unknown_places::int order by month) as "unknownPlaces",
             array_agg(central::int order by month) as central, array_agg(local::int order by month) as local
        from (select *, extract(month from day)::int as month, lead(day) over (partition by indicator, commune_code order by day) as next
                from ${await standingsOf(transaction, asked.year)}
               where year = ${asked.year} and day <= ${asked.asOf}::date ${narrowed(asked)}) days
       where next is null or extract(month from next) <> month
       group by indicator, commune_code
       order by indicator, commune_code`,
  );
}

const figureRow = z.object({
  indicator: indicatorId,
  communeCode: z.string(),
  numerator: z.number().int(),
  upperNumerator: z.number().int().nullable(),
  denominator: z.number().int().nullable(),
});

/** How each indicator stood on a day by commune (and `province-agencies`): the last row up to it. */
export async function readIndicatorFigures(transaction: Transaction, asked: Asked) {
  return transaction.rows(
    figureRow,
    sql`
      select distinct on (indicator, commune_code)
             indicator, commune_code as "communeCode", numerator, upper_numerator as "upperNumerator", denominator
        from ${await standingsOf(transaction, asked.year)}
       where year = ${asked.year} and day <= ${asked.asOf}::date ${narrowed(asked)}
       order by indicator, commune_code, day desc`,
  );
}

const narrowed = ({ indicator, commune }: Asked): Sql => sql`
  ${indicator ? sql`and indicator = ${indicator}` : sql.empty}
  ${commune ? sql`and commune_code = ${commune}` : sql.empty}`;

/** The database keeps the standings of years with anything on record; of another, the definitions themselves are asked. */
async function standingsOf(transaction: Transaction, year: number): Promise<Sql> {
  const years = await readRecordedYears(transaction);
  return sql.identifier(years.includes(year) ? 'indicator_days' : 'indicator_standings');
}

/** The years of which anything is on record, ascending. */
export const readRecordedYears = async (transaction: Transaction): Promise<number[]> =>
  (
    await transaction.rows(
      z.object({ year: z.number().int() }),
      sql`select year from recorded_years order by year`,
      { name: 'recorded-years' },
    )
  ).map(({ year }) => year);

const targetRow = z.object({ indicator: indicatorId, share: z.number().nullable(), section: z.string() });

/** What the plan of the year asks; an indicator without a target for it is left out. */
export const readTargets = (transaction: Transaction, year: number) =>
  transaction.rows(
    targetRow,
    sql`
      select distinct on (indicator) indicator, share, section
        from plan_targets where from_year <= ${year}
       order by indicator, from_year desc`,
    { name: 'plan-targets' },
  );

const groupedCommuneRow = z.object({
  code: z.string(),
  name: z.string(),
  type: z.string(),
  terrain: z.string().nullable(),
  coastal: z.boolean(),
  adjoining: z.boolean(),
  formerProvince: z.string().nullable(),
});
export type GroupedCommune = z.infer<typeof groupedCommuneRow>;

export const readGroupedCommunes = (transaction: Transaction) =>
  transaction.rows(
    groupedCommuneRow,
    sql`
      select code, name, type, terrain, coastal, adjoining_provinces <> '{}' as adjoining, former_province as "formerProvince"
        from communes order by code`,
    { name: 'grouped-communes' },
  );

/** Communes that have held outreach in the quarter that runs on a day. */
export const readCommunesOfRunningQuarter = async (
  transaction: Transaction,
  asOf: string,
): Promise<Set<string>> =>
  new Set(
    (
      await transaction.rows(
        z.object({ communeCode: z.string() }),
        sql`
          select commune_code as "communeCode" from commune_quarters
           where year = extract(year from ${asOf}::date)::int and quarter = extract(quarter from ${asOf}::date)::int
             and first_held_on <= ${asOf}::date`,
      )
    ).map(({ communeCode }) => communeCode),
  );

/** Whether any row that the figures rest on is simulated. */
export const readSimulated = async (transaction: Transaction): Promise<boolean> => {
  const tables = [
    'communes',
    'establishments',
    'industrial_parks',
    'schools',
    'outreach_sessions',
    'inspections',
    'reports',
    'commune_plans',
    'trainings',
    'press_items',
  ];
  const found = await transaction.row(
    z.object({ simulated: z.boolean() }),
    sql`select ${sql.join(
      tables.map((table) => sql`exists (select from ${sql.identifier(table)} where simulated)`),
      ' or ',
    )} as simulated`,
    { name: 'indicators-simulated' },
  );
  return found.simulated;
};
