import { z } from 'zod';
import { type IndicatorId, indicatorId } from '../../../contract/coverage-indicators.ts';
import type { Transaction } from '../../db/database.ts';
import { sql } from '../../db/sql.ts';

const counts = z.array(z.number().int());
const flags = z.array(z.boolean());
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
  exact: flags,
  numeratorsLarge: flags,
  denominatorsLarge: flags,
});
/**
 * One indicator of one commune: how it stood after the last change within each of `months` (1 to 12, ascending). Where it is
 * not `exact`, counts of 1–4 were masked before anything was computed, and the rest says whether a count of five or more is
 * within the numerator and the denominator.
 */
export type SeriesRow = z.infer<typeof seriesRow>;

export type Asked = {
  year: number;
  asOf: string;
  indicator?: IndicatorId | undefined;
  commune?: string | undefined;
};

const shownMonths = ({ year, asOf, indicator, commune }: Asked) =>
  sql`shown_indicator_months(${year}::int, ${asOf}::date, ${indicator ?? null}::text, ${commune ?? null}::text)`;

/**
 * How the indicators stood in the year up to a day, by commune and month, as the asker may have it: from the definitions in
 * migrations/0004_indicators.sql through what migrations/0016_small-numbers.sql lets out. A month without a change has no
 * entry: what stood before goes on.
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
             array_agg(central::int order by month) as central, array_agg(local::int order by month) as local,
             array_agg(exact order by month) as exact, array_agg(numerator_large order by month) as "numeratorsLarge",
             array_agg(denominator_large order by month) as "denominatorsLarge"
        from ${shownMonths(asked)}
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
  exact: z.boolean(),
});

/** How each indicator stood on a day by commune (and `province-agencies`): the last row up to it. */
export async function readIndicatorFigures(transaction: Transaction, asked: Asked) {
  return transaction.rows(
    figureRow,
    sql`
      select distinct on (indicator, commune_code)
             indicator, commune_code as "communeCode", numerator, upper_numerator as "upperNumerator", denominator, exact
        from ${shownMonths(asked)}
       order by indicator, commune_code, month desc`,
  );
}

const askerRow = z.object({ role: z.string().nullable(), commune: z.string().nullable() });
/** Whom the database knows the transaction to be of; no role for the owner. */
export const readAsker = (transaction: Transaction) =>
  transaction.row(askerRow, sql`select acting_role() as role, own_commune() as commune`, { name: 'asker' });

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

/**
 * Communes that have held outreach in the quarter that runs on a day, each 1; to the account of a commune its own, and under
 * `small-counts` how many others.
 */
export const readCommunesOfRunningQuarter = async (
  transaction: Transaction,
  asOf: string,
): Promise<Map<string, number>> =>
  new Map(
    (
      await transaction.rows(
        z.object({ communeCode: z.string(), communes: z.number().int() }),
        sql`
          select commune_code as "communeCode", communes
            from communes_in_quarter(date_trunc('quarter', ${asOf}::date)::date, ${asOf}::date)`,
      )
    ).map(({ communeCode, communes }) => [communeCode, communes]),
  );

/** Whether any row that the figures rest on is simulated. */
export const readSimulated = async (transaction: Transaction): Promise<boolean> =>
  (
    await transaction.row(
      z.object({ simulated: z.boolean() }),
      sql`select figures_are_simulated() as simulated`,
      { name: 'indicators-simulated' },
    )
  ).simulated;
