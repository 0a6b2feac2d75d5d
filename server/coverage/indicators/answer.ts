import { dayInVietnam } from '../../../contract/calendar-day.ts';
import {
  type IndicatorDescription,
  type IndicatorFigure,
  type IndicatorGrouping,
  type IndicatorId,
  type IndicatorsAnswer,
  indicatorIds,
  smallCounts,
} from '../../../contract/coverage-indicators.ts';
import { readAsOfDay } from '../../activities/queries.ts';
import type { Transaction } from '../../db/database.ts';
import { ProblemError, wrongQuery } from '../../http/problem.ts';
import { readDataVersion } from '../../http/versioned.ts';
import { coveragePeriod } from '../inspections/period.ts';
import { daysBetween } from '../pace.ts';
import { indicatorWords } from './descriptions.ts';
import { figuresOf, type IndicatorMaterial, lastDayOf, type Target } from './figures.ts';
import { type Group, groupsOf, remainder } from './groups.ts';
import {
  type GroupedCommune,
  readAsker,
  readCommunesOfRunningQuarter,
  readGroupedCommunes,
  readIndicatorSeries,
  readRecordedYears,
  readSimulated,
  readTargets,
} from './queries.ts';

export type IndicatorsAsked = {
  year?: number | undefined;
  asOf?: string | undefined;
  by: IndicatorGrouping;
  indicator?: IndicatorId | undefined;
  commune?: string | undefined;
  now: Date;
};

/**
 * The year and the last day that count, as the asker means them.
 *
 * @throws ProblemError for a day that has not come, or a year of which nothing is on record unless it runs now.
 */
export async function indicatorPeriod(
  transaction: Transaction,
  asked: Pick<IndicatorsAsked, 'year' | 'asOf' | 'now'>,
): Promise<{ year: number; asOf: string }> {
  const today = dayInVietnam(asked.now);
  const { year, asOf } = coveragePeriod(asked, await readAsOfDay(transaction, asked.now), today);
  const recorded = await readRecordedYears(transaction);
  if (!recorded.includes(year) && year !== Number(today.slice(0, 4)))
    throw wrongQuery(
      asked.year === undefined && asked.asOf !== undefined ? 'asOf' : 'year',
      `nothing is on record of ${year}`,
      recorded.length
        ? `Ask for one of ${recorded.join(', ')}, or for the year that runs.`
        : 'Ask for the year that runs.',
    );
  return { year, asOf };
}

/** The ten indicators, or one, for the groups asked; figures come by indicator and then by group. */
export async function indicatorsAnswer(
  transaction: Transaction,
  asked: IndicatorsAsked,
): Promise<IndicatorsAnswer> {
  const { by } = asked;
  const { year, asOf } = await indicatorPeriod(transaction, asked);
  const communes = await readGroupedCommunes(transaction);
  const commune = asked.commune === undefined ? null : communes.find(({ code }) => code === asked.commune);
  if (commune === undefined)
    throw wrongQuery(
      'commune',
      `no commune has the code ${asked.commune}`,
      'Give a code of 5 digits from /ogc/collections/communes/items.',
    );
  if (commune && !['province', 'quarter', 'month'].includes(by))
    throw wrongQuery(
      'commune',
      `one commune is not divided by ${by}`,
      'Ask by province, quarter or month, or leave the commune out.',
    );

  const asker = await readAsker(transaction);
  const isCommune = asker.role === 'commune';
  if (isCommune && !['province', 'commune', 'quarter', 'month'].includes(by))
    throw new ProblemError(403, 'These figures are of other communes', {
      where: 'query by',
      remedy: 'Ask by province, commune, quarter or month: for your own commune and the whole province.',
    });
  const quarter = Math.ceil(Number(asOf.slice(5, 7)) / 3);
  const material: IndicatorMaterial = {
    year,
    asOf,
    series: await readIndicatorSeries(transaction, {
      year,
      asOf,
      indicator: asked.indicator,
      commune: asked.commune,
    }),
    targets: new Map(
      (await readTargets(transaction, year)).map(({ indicator, ...target }) => [indicator, target]),
    ),
    securedCommunes: quarter === 4 ? await readCommunesOfRunningQuarter(transaction, asOf) : new Map(),
  };
  const indicators = asked.indicator ? [asked.indicator] : indicatorIds;
  const { groups, figures } =
    by === 'quarter' || by === 'month'
      ? inTime(by, indicators, groupsOf('province', commune ? [commune] : communes)[0]!, material)
      : inSpace(indicators, groupsShown(by, commune ? [commune] : communes, asker, material), material);
  return {
    dataVersion: await readDataVersion(transaction),
    simulated: await readSimulated(transaction),
    year,
    asOf,
    by,
    period: {
      startsOn: `${year}-01-01`,
      endsOn: `${year}-12-31`,
      elapsedDays: daysBetween(`${year}-01-01`, asOf) + 1,
      remainingDays: daysBetween(asOf, `${year}-12-31`),
      elapsedQuarters: [1, 2, 3, 4]
        .filter((n) => lastDayOf(year, 3 * n, '9999-12-31') <= asOf)
        .map((n) => `${year}-Q${n}`),
    },
    indicators: indicators.map((id) => describe(id, material.targets.get(id))),
    groups,
    figures,
  };
}

/** A commune's account has its own commune and all others in one; where a rest is told of no commune, it is a group of its own. */
function groupsShown(
  by: Exclude<IndicatorGrouping, 'quarter' | 'month'>,
  communes: readonly GroupedCommune[],
  { role, commune: own }: { role: string | null; commune: string | null },
  { series }: IndicatorMaterial,
): Group[] {
  if (by === 'province') return groupsOf(by, communes);
  if (role === 'commune')
    return [
      ...groupsOf(by, communes).filter(({ key }) => key === own),
      { ...remainder, name: { vi: 'Các xã, phường khác', en: 'All other communes' } },
    ];
  const hasRest = series.some(({ communeCode }) => communeCode === smallCounts);
  return [...groupsOf(by, communes), ...(hasRest ? [remainder] : [])];
}

type Answered = Pick<IndicatorsAnswer, 'groups' | 'figures'>;

function inSpace(
  indicators: readonly IndicatorId[],
  groups: readonly Group[],
  material: IndicatorMaterial,
): Answered {
  const month = Number(material.asOf.slice(5, 7));
  return {
    groups: groups.map(({ key, name, communes }) => ({ key, name, communes: communesIn(communes) })),
    figures: indicators.flatMap((indicator) =>
      figuresOf(indicator, groups, material).map(
        ({ group, at }): IndicatorFigure => ({ ...at(month), group: group.key, gained: null }),
      ),
    ),
  };
}

function inTime(
  by: 'quarter' | 'month',
  indicators: readonly IndicatorId[],
  whole: Group,
  material: IndicatorMaterial,
): Answered {
  const { year, asOf } = material;
  const length = by === 'quarter' ? 3 : 1;
  const last = Number(asOf.slice(5, 7));
  const periods = Array.from({ length: Math.ceil(last / length) }, (_, index) => ({
    number: index + 1,
    month: Math.min(last, (index + 1) * length),
  }));
  const named = periods.map(({ number, month }) => {
    const monthText = String(month).padStart(2, '0');
    return by === 'quarter'
      ? {
          key: `${year}-Q${number}`,
          name: { vi: `Hết quý ${roman[number]}`, en: `To the end of Q${number}` },
        }
      : {
          key: `${year}-${monthText}`,
          name: { vi: `Hết tháng ${month}`, en: `To the end of month ${month}` },
        };
  });
  return {
    groups: named.map((group) => ({ ...group, communes: communesIn(whole.communes) })),
    figures: indicators.flatMap((indicator) => {
      const [{ at } = { at: null }] = figuresOf(indicator, [whole], material);
      const atEnds = periods.map(({ month }) => at!(month));
      return atEnds.map(
        (figure, index): IndicatorFigure => ({
          ...figure,
          group: named[index]!.key,
          gained: gainedSince(atEnds[index - 1], figure),
        }),
      );
    }),
  };
}

/** Null where one of the two is not told. */
function gainedSince(
  before: Pick<IndicatorFigure, 'numerator'> | undefined,
  { numerator }: Pick<IndicatorFigure, 'numerator'>,
): number | null {
  if (numerator === null || before?.numerator === null) return null;
  return numerator - (before?.numerator ?? 0);
}

const roman = ['', 'I', 'II', 'III', 'IV'];
const communesIn = (codes: readonly string[]) => codes.filter((code) => /^\d{5}$/.test(code)).length;

export const describe = (id: IndicatorId, target: Target | undefined): IndicatorDescription => ({
  id,
  name: indicatorWords[id].name,
  definition: indicatorWords[id].definition,
  unit: indicatorWords[id].unit,
  section: target?.section ?? '',
  target: target?.share ?? null,
});
