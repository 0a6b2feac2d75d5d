import {
  type IndicatorFigure,
  type IndicatorId,
  provinceAgencies,
} from '../../../contract/coverage-indicators.ts';
import { completeMonthDays, standing } from '../pace.ts';
import { indicatorWords } from './descriptions.ts';
import type { Group } from './groups.ts';
import type { SeriesRow } from './queries.ts';

/** How something stood at the end of each month of the year so far, January first; the last on the day asked. */
export type MonthlyStanding = {
  numerators: number[];
  /** Null where no people are counted. */
  upperNumerators: number[] | null;
  /** Null where the indicator is counted of nothing. */
  denominators: number[] | null;
  unknownPlaces: number[];
  byLevel: { central: number[]; local: number[] } | null;
};

export type Target = { share: number | null; section: string };

/** What figures are made of: everything that was read, for one year up to one day. */
export type IndicatorMaterial = {
  year: number;
  asOf: string;
  series: readonly SeriesRow[];
  targets: ReadonlyMap<IndicatorId, Target>;
  /** Communes with outreach in the running quarter: if it is the last, they cannot fall out any more. */
  securedCommunes: ReadonlySet<string>;
};

const peopleCounted = new Set<IndicatorId>([
  'establishment-workers-reached',
  'industrial-workers-reached',
  'students-reached',
  'officers-trained',
]);

/**
 * The figures of one indicator for groups of communes: each month's standings are added over the group, so that the
 * province is the sum of its communes, and then held against the target.
 *
 * @returns for each group a function of the month (1 is January) whose end the figure stands for.
 */
export function figuresOf(
  indicator: IndicatorId,
  groups: readonly Group[],
  material: IndicatorMaterial,
): { group: Group; at: (month: number) => Omit<IndicatorFigure, 'group' | 'gained'> }[] {
  const months = Number(material.asOf.slice(5, 7));
  const byCommune = new Map(
    material.series
      .filter((row) => row.indicator === indicator)
      .map((row) => [row.communeCode, monthlyOf(row, months)]),
  );
  return groups.map((group) => {
    const own = group.communes.flatMap((code) => byCommune.get(code) ?? []);
    const monthly = addUp(indicator, own, months);
    const secured = group.communes.filter(
      (code) => material.securedCommunes.has(code) && byCommune.get(code)?.numerators[months - 1],
    ).length;
    return { group, at: (month) => figureAt(indicator, group, monthly, secured, month, material) };
  });
}

/** A month in which nothing changed stands as the one before it; before the first change there was nothing. */
function monthlyOf(row: SeriesRow, months: number): MonthlyStanding {
  const filled = (values: readonly (number | null)[]): number[] => {
    const standings: number[] = [];
    let last = 0;
    for (let month = 1, next = 0; month <= months; month++) {
      if (row.months[next] === month) last = values[next++] ?? 0;
      standings.push(last);
    }
    return standings;
  };
  return {
    numerators: filled(row.numerators),
    upperNumerators: row.upperNumerators[0] === null ? null : filled(row.upperNumerators),
    denominators: row.denominators[0] === null ? null : filled(row.denominators),
    unknownPlaces: filled(row.unknownPlaces),
    byLevel: row.central[0] === null ? null : { central: filled(row.central), local: filled(row.local) },
  };
}

function addUp(indicator: IndicatorId, parts: readonly MonthlyStanding[], months: number): MonthlyStanding {
  const sum = (of: (part: MonthlyStanding) => readonly number[] | null | undefined) =>
    Array.from({ length: months }, (_, month) =>
      parts.reduce((total, part) => total + (of(part)?.[month] ?? 0), 0),
    );
  const isPress = indicator === 'press-items';
  return {
    numerators: sum((part) => part.numerators),
    upperNumerators: peopleCounted.has(indicator) ? sum((part) => part.upperNumerators) : null,
    denominators: isPress ? null : sum((part) => part.denominators),
    unknownPlaces: sum((part) => part.unknownPlaces),
    byLevel: isPress
      ? { central: sum((part) => part.byLevel?.central), local: sum((part) => part.byLevel?.local) }
      : null,
  };
}

function figureAt(
  indicator: IndicatorId,
  group: Group,
  monthly: MonthlyStanding,
  secured: number,
  month: number,
  { year, asOf, targets }: IndicatorMaterial,
): Omit<IndicatorFigure, 'group' | 'gained'> {
  const words = indicatorWords[indicator];
  const index = month - 1;
  const days = { startsOn: `${year}-01-01`, endsOn: `${year}-12-31`, asOf: lastDayOf(year, month, asOf) };
  const numerator = monthly.numerators[index]!;
  const upperNumerator = monthly.upperNumerators?.[index] ?? null;
  const denominator = monthly.denominators?.[index] ?? null;
  const shareOf = (count: number | null) => (denominator && count !== null ? count / denominator : null);
  const increments = completeMonthDays(days.startsOn, days.asOf).map(
    (_, i) => monthly.numerators[i]! - (i ? monthly.numerators[i - 1]! : 0),
  );
  const target = targets.get(indicator);
  const counted = {
    indicator,
    numerator,
    upperNumerator,
    denominator,
    value: shareOf(numerator),
    lower: upperNumerator === null ? null : shareOf(numerator),
    upper: shareOf(upperNumerator),
    reason: denominator ? null : words.withoutDenominator,
    placesOfUnknownSize: monthly.unknownPlaces[index]!,
  };
  if (monthly.byLevel) {
    const byLevel = { central: monthly.byLevel.central[index]!, local: monthly.byLevel.local[index]! };
    // The plan asks the press of the whole province, not of each commune.
    const asked = target !== undefined && group.key === 'province';
    const reached = Number(byLevel.central > 0) + Number(byLevel.local > 0);
    const levels = standing({
      ...days,
      kind: 'accumulating',
      numerator: reached,
      denominator: null,
      target: asked ? { count: 2 } : null,
    });
    const items = standing({
      ...days,
      kind: 'accumulating',
      numerator,
      denominator: null,
      target: null,
      increments,
    });
    return {
      ...counted,
      byLevel,
      missing: levels.missing,
      paceSoFar: items.paceSoFar?.per30Days ?? null,
      paceOfLate: items.paceOfLate?.per30Days ?? null,
      paceNeeded: levels.paceNeeded?.per30Days ?? null,
      projected: null,
      status: levels.status,
      metAtUpper: false,
    };
  }
  const share = target?.share ?? null;
  // What no commune did is nobody's share of communes or of their places.
  const hasTarget = share !== null && !(group.key === provinceAgencies && indicator !== 'officers-trained');
  const stands = standing({
    ...days,
    kind: words.kind,
    numerator,
    upperNumerator,
    denominator,
    target: hasTarget ? { share } : null,
    increments,
    ...(words.kind === 'kept-up' && days.asOf === asOf ? { secured } : {}),
  });
  return {
    ...counted,
    byLevel: null,
    missing: stands.missing,
    paceSoFar: stands.paceSoFar?.per30Days ?? null,
    paceOfLate: stands.paceOfLate?.per30Days ?? null,
    paceNeeded: stands.paceNeeded?.per30Days ?? null,
    projected: stands.projected,
    status: stands.status,
    metAtUpper: stands.metAtUpper,
  };
}

/** The last day of a month, or the day asked where the month still runs. */
export function lastDayOf(year: number, month: number, asOf: string): string {
  const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return last < asOf ? last : asOf;
}
