import {
  type IndicatorFigure,
  type IndicatorId,
  protectedIndicators,
  provinceAgencies,
  smallCounts,
} from '../../../contract/coverage-indicators.ts';
import { completeMonthDays, standing } from '../pace.ts';
import { fewPeople, fewReports, toldPeople, toldReports } from '../small-numbers/told-counts.ts';
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
  /** Whether nothing of it was masked; where it was, whether counts of five or more are within. */
  exact: boolean;
  numeratorsLarge: boolean[];
  denominatorsLarge: boolean[];
};

/** The counts of one month as they are told: null where they are suppressed, as `suppressed` says. */
type Told = Pick<IndicatorFigure, 'numerator' | 'upperNumerator' | 'denominator' | 'suppressed'>;

export type Target = { share: number | null; section: string };

/** What figures are made of: everything that was read, for one year up to one day. */
export type IndicatorMaterial = {
  year: number;
  asOf: string;
  series: readonly SeriesRow[];
  targets: ReadonlyMap<IndicatorId, Target>;
  /** Communes with outreach in the running quarter: if it is the last, they cannot fall out any more. */
  securedCommunes: ReadonlyMap<string, number>;
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
    const secured = group.communes.reduce(
      (sum, code) =>
        sum +
        Math.min(material.securedCommunes.get(code) ?? 0, byCommune.get(code)?.numerators[months - 1] ?? 0),
      0,
    );
    return { group, at: (month) => figureAt(indicator, group, monthly, secured, month, material) };
  });
}

/** A month in which nothing changed stands as the one before it; before the first change there was nothing. */
function monthlyOf(row: SeriesRow, months: number): MonthlyStanding {
  const carried = <Value>(values: readonly Value[], before: Value): Value[] => {
    const standings: Value[] = [];
    let last = before;
    for (let month = 1, next = 0; month <= months; month++) {
      if (row.months[next] === month) last = values[next++]!;
      standings.push(last);
    }
    return standings;
  };
  const filled = (values: readonly (number | null)[]): number[] =>
    carried(values, 0).map((value) => value ?? 0);
  return {
    numerators: filled(row.numerators),
    upperNumerators: row.upperNumerators[0] === null ? null : filled(row.upperNumerators),
    denominators: row.denominators[0] === null ? null : filled(row.denominators),
    unknownPlaces: filled(row.unknownPlaces),
    byLevel: row.central[0] === null ? null : { central: filled(row.central), local: filled(row.local) },
    exact: row.exact.every(Boolean),
    numeratorsLarge: carried(row.numeratorsLarge, false),
    denominatorsLarge: carried(row.denominatorsLarge, false),
  };
}

function addUp(indicator: IndicatorId, parts: readonly MonthlyStanding[], months: number): MonthlyStanding {
  const sum = (of: (part: MonthlyStanding) => readonly number[] | null | undefined) =>
    Array.from({ length: months }, (_, month) =>
      parts.reduce((total, part) => total + (of(part)?.[month] ?? 0), 0),
    );
  const isPress = indicator === 'press-items';
  const any = (of: (part: MonthlyStanding) => readonly boolean[]) =>
    Array.from({ length: months }, (_, month) => parts.some((part) => of(part)[month]));
  return {
    exact: parts.every(({ exact }) => exact),
    numeratorsLarge: any((part) => part.numeratorsLarge),
    denominatorsLarge: any((part) => part.denominatorsLarge),
    numerators: sum((part) => part.numerators),
    upperNumerators: peopleCounted.has(indicator) ? sum((part) => part.upperNumerators) : null,
    denominators: isPress ? null : sum((part) => part.denominators),
    unknownPlaces: sum((part) => part.unknownPlaces),
    byLevel: isPress
      ? { central: sum((part) => part.byLevel?.central), local: sum((part) => part.byLevel?.local) }
      : null,
  };
}

/** What of a month's standing leaves the server: all of it where it is exact, else nothing that may be a count of 1–4. */
function toldOf(indicator: IndicatorId, monthly: MonthlyStanding, index: number): Told {
  const numerator = monthly.numerators[index]!;
  const upperNumerator = monthly.upperNumerators?.[index] ?? null;
  const denominator = monthly.denominators?.[index] ?? null;
  if (monthly.exact || !protectedIndicators.has(indicator))
    return { numerator, upperNumerator, denominator, suppressed: null };
  const isLarge = monthly.numeratorsLarge[index]!;
  const told =
    upperNumerator === null
      ? { upperNumerator, ...toldReports(numerator, denominator!) }
      : {
          numerator: toldPeople(numerator, isLarge),
          upperNumerator: toldPeople(upperNumerator, isLarge),
          denominator: toldPeople(denominator!, monthly.denominatorsLarge[index]!),
        };
  // what is done cannot be told beside a whole that is not
  if (upperNumerator !== null && told.denominator === null) told.numerator = null;
  if (told.numerator === null) told.upperNumerator = null;
  const suppressed = { numerator: told.numerator === null, denominator: told.denominator === null };
  return { ...told, suppressed: suppressed.numerator || suppressed.denominator ? suppressed : null };
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
  const told = toldOf(indicator, monthly, index);
  const { numerator, upperNumerator, denominator, suppressed } = told;
  const inFives = !monthly.exact && protectedIndicators.has(indicator);
  const shareOf = (count: number | null) => (denominator && count !== null ? count / denominator : null);
  const gains = (at: number): number => toldOf(indicator, monthly, at).numerator ?? 0;
  const increments = completeMonthDays(days.startsOn, days.asOf).map(
    (_, i) => gains(i) - (i ? gains(i - 1) : 0),
  );
  const target = targets.get(indicator);
  const counted = {
    indicator,
    ...told,
    inFives,
    value: shareOf(numerator),
    lower: upperNumerator === null ? null : shareOf(numerator),
    upper: shareOf(upperNumerator),
    reason: suppressed
      ? words.unit === 'reports'
        ? fewReports
        : fewPeople
      : denominator
        ? null
        : words.withoutDenominator,
    placesOfUnknownSize: monthly.unknownPlaces[index]!,
  };
  if (numerator === null || (suppressed && denominator === null))
    return {
      ...counted,
      byLevel: null,
      missing: null,
      paceSoFar: null,
      paceOfLate: null,
      paceNeeded: null,
      projected: null,
      status: 'suppressed',
      metAtUpper: false,
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
  const isNobodys =
    (group.key === provinceAgencies && indicator !== 'officers-trained') || group.key === smallCounts;
  const hasTarget = share !== null && !isNobodys;
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
