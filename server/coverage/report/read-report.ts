import type { z } from 'zod';
import { dayInVietnam } from '../../../contract/calendar-day.ts';
import {
  type IndicatorFigure,
  type IndicatorGrouping,
  type IndicatorId,
  type IndicatorsAnswer,
  provinceAgencies,
} from '../../../contract/coverage-indicators.ts';
import type { reportEndpoint } from '../../../contract/coverage-report.ts';
import { readAsOfDay } from '../../activities/queries.ts';
import type { Transaction } from '../../db/database.ts';
import { wrongQuery } from '../../http/problem.ts';
import { type CommuneRow, readProvinces, readReportCommunes, readReportOutlines } from './queries.ts';
import type { ReportData } from './report-data.ts';
import { type PeriodOfYear, periodOfYear } from './report-period.ts';

/** The figures of the ten indicators, as the page of targets has them. */
export type ReadIndicators = (
  transaction: Transaction,
  asked: { year: number; asOf: string; by: IndicatorGrouping; commune?: string; now: Date },
) => Promise<IndicatorsAnswer>;

export type ReportQuery = z.infer<typeof reportEndpoint.query>;

/** Codes of the cities that stand directly under the government; the other 28 of 34 are provinces. */
const cityCodes = new Set(['01', '31', '46', '48', '79', '92']);

/**
 * Everything that a report says, read in one transaction, so that its tables, maps and sentences agree.
 *
 * @param ownAlone the report of a commune for that commune itself: beside its own figures it says the province's, and nothing
 *   of what another commune did.
 */
export async function readReport(
  transaction: Transaction,
  readIndicators: ReadIndicators,
  query: ReportQuery,
  now: Date,
  ownAlone = false,
): Promise<ReportData> {
  const period = periodOfYear(query.period, query.year);
  const asOf = await standingDay(transaction, period, query.asOf, now);
  const communeRows = await readReportCommunes(transaction);
  const commune = query.commune === undefined ? null : communeOf(communeRows, query.commune);

  const ask = (by: IndicatorGrouping, code?: string) =>
    readIndicators(transaction, { year: query.year, asOf, by, ...(code ? { commune: code } : {}), now });
  // The last quarter stands as of the day itself: it is the province's figures, with what the quarter gained.
  const province = await ask('quarter');
  const own = commune ? await ask('quarter', commune.code) : province;
  const byCommune = await ask('commune');

  const figuresOf = (code: string) => figureMap(byCommune.figures.filter(({ group }) => group === code));
  const provinces = await readProvinces(transaction);
  const agencies = figuresOf(provinceAgencies);
  return {
    period,
    asOf,
    dataVersion: province.dataVersion,
    simulated: [province, own, byCommune].some(({ simulated }) => simulated),
    province: {
      name: provinces.map(({ name }) => name).join(', '),
      isCity: provinces.length === 1 && cityCodes.has(provinces[0]!.code),
    },
    commune,
    ownAlone,
    indicators: province.indicators,
    own: commune ? without('press-items', standingOf(own)) : standingOf(own),
    provincial: standingOf(province),
    gained: gains(own.figures, period),
    communes: communeRows
      .map(({ code, name, type }, index) => ({
        number: index + 1,
        code,
        name: `${type} ${name}`,
        figures: figuresOf(code),
      }))
      .filter(({ code }) => !ownAlone || code === commune?.code),
    agencies: agencies.size > 0 ? agencies : null,
    outlines: ownAlone ? [] : await readReportOutlines(transaction),
    map: query.map ?? null,
  };
}

/** The earliest of the period's end, the day asked for and the last day that the records speak of. */
async function standingDay(
  transaction: Transaction,
  period: PeriodOfYear,
  asked: string | undefined,
  now: Date,
): Promise<string> {
  const recorded = await readAsOfDay(transaction, now);
  const today = dayInVietnam(now);
  // simulated records may reach beyond today, and end before it: a day asked for by name is bound by the later of both
  const known = asked === undefined ? recorded : recorded > today ? recorded : today;
  const asOf = [period.endsOn, known, ...(asked === undefined ? [] : [asked])].sort()[0]!;
  if (asOf >= period.startsOn) return asOf;
  if (asked !== undefined && asked < period.startsOn)
    throw wrongQuery(
      'asOf',
      `${asked} is before the period ${period.period} of ${period.year}, which begins on ${period.startsOn}`,
      `Give a day from ${period.startsOn} on, or leave asOf out.`,
    );
  throw wrongQuery(
    'period',
    `the period ${period.period} of ${period.year} begins on ${period.startsOn}, after the last day on record, ${known}`,
    'Ask for a period that has begun.',
  );
}

function communeOf(rows: readonly CommuneRow[], code: string): CommuneRow {
  const found = rows.find((row) => row.code === code);
  if (found) return found;
  throw wrongQuery(
    'commune',
    `no commune has the code ${code}`,
    'See /ogc/collections/communes/items for the communes on record.',
  );
}

const figureMap = (figures: readonly IndicatorFigure[]): ReadonlyMap<IndicatorId, IndicatorFigure> =>
  new Map(figures.map((figure) => [figure.indicator, figure]));

/** The figures of the last of the groups in time. */
const standingOf = ({ groups, figures }: IndicatorsAnswer) =>
  figureMap(figures.filter(({ group }) => group === groups.at(-1)?.key));

/** Items of the press belong to no commune: what a commune's figures say of them is not its own. */
const without = (
  left: IndicatorId,
  figures: ReadonlyMap<IndicatorId, IndicatorFigure>,
): ReadonlyMap<IndicatorId, IndicatorFigure> =>
  new Map([...figures].filter(([indicator]) => indicator !== left));

/** What each numerator gained over the period's quarters; null where a quarter's gain is not known. */
function gains(
  figures: readonly IndicatorFigure[],
  { quarters }: PeriodOfYear,
): ReadonlyMap<IndicatorId, number | null> {
  const sums = new Map<IndicatorId, number | null>();
  for (const { indicator, group, gained } of figures) {
    if (!quarters.includes(group)) continue;
    const before = sums.has(indicator) ? (sums.get(indicator) as number | null) : 0;
    sums.set(indicator, before === null || gained === null ? null : before + gained);
  }
  return sums;
}
