import type {
  EquityComparison,
  EquityDifference,
  EquityGrouping,
  EquityReason,
  EquitySide,
} from '../../../contract/coverage-equity.ts';
import type { IndicatorId } from '../../../contract/coverage-indicators.ts';
import { squareAndAdd } from '../proportion-intervals.ts';
import { type ClusteredShare, clusteredShare } from './clustered-share.ts';
import { sayComparison } from './equity-sentences.ts';

/** A commune's figure of one indicator; `upperNumerator` where people are counted. */
export type CommuneFigure = {
  indicator: IndicatorId;
  /** One that is no commune's (the province's own agencies) is left out. */
  communeCode: string;
  numerator: number;
  upperNumerator: number | null;
  /** Null: counted of nothing. */
  denominator: number | null;
  /** Nothing of it was masked; true where it is not said. */
  exact?: boolean;
};

/** Null where it is not on record of the commune, which is then on neither side. */
export type CommuneFacts = { code: string } & Record<EquityGrouping, boolean | null>;

/**
 * Each indicator for the communes of each grouping against all others: docs/methods.md, "Equity".
 *
 * @param figures at most one row for a commune and indicator; a commune without a row has nothing to count of.
 * @returns for each indicator of `indicators` each grouping of `groupings`, in their order.
 */
export function equityOf(
  figures: readonly CommuneFigure[],
  communes: readonly CommuneFacts[],
  indicators: readonly IndicatorId[],
  groupings: readonly EquityGrouping[],
): EquityComparison[] {
  const byCommune = new Map(
    figures.map((figure) => [`${figure.indicator} ${figure.communeCode}`, figure] as const),
  );
  return indicators.flatMap((indicator) => {
    const ofCommunes = communes.map((facts) => ({
      facts,
      figure: byCommune.get(`${indicator} ${facts.code}`),
    }));
    return groupings.map((grouping) => {
      const figuresWhere = (belongs: boolean) =>
        ofCommunes.filter(({ facts }) => facts[grouping] === belongs).map(({ figure }) => figure);
      const group = sideOf(figuresWhere(true), indicator);
      const rest = sideOf(figuresWhere(false), indicator);
      return compare(indicator, grouping, group, rest);
    });
  });
}

/** Counted of nothing, so that there is no share to compare. */
const withoutShare: ReadonlySet<IndicatorId> = new Set(['press-items']);

type Side = { side: EquitySide; share: ClusteredShare; atUpper: ClusteredShare | null };

function sideOf(figures: readonly (CommuneFigure | undefined)[], indicator: IndicatorId): Side {
  const counted = figures.flatMap((figure) =>
    figure?.denominator ? [{ ...figure, denominator: figure.denominator }] : [],
  );
  const share = clusteredShare(counted);
  const people = counted.some(({ upperNumerator }) => upperNumerator !== null);
  const atUpper = people
    ? clusteredShare(
        counted.map(({ upperNumerator, numerator, denominator }) => ({
          numerator: upperNumerator ?? numerator,
          denominator,
        })),
      )
    : null;
  const total = (of: (figure: (typeof counted)[number]) => number) =>
    counted.reduce((sum, figure) => sum + of(figure), 0);
  const isHidden = indicator === 'reports-resolved' && figures.some((figure) => figure?.exact === false);
  const side: EquitySide = {
    communes: figures.length,
    counted: counted.length,
    numerator: total(({ numerator }) => numerator),
    upperNumerator: people ? total(({ upperNumerator, numerator }) => upperNumerator ?? numerator) : null,
    denominator: total(({ denominator }) => denominator),
    ...(isHidden
      ? { share: null, lower: null, upper: null, effectiveSize: null }
      : { share: share.share, lower: share.lower, upper: share.upper, effectiveSize: share.effectiveSize }),
    reason: withoutShare.has(indicator)
      ? 'not-a-share'
      : isHidden
        ? 'small-numbers'
        : figures.length === 0
          ? 'no-commune'
          : share.reason,
  };
  return { side, share, atUpper };
}

function compare(
  indicator: IndicatorId,
  grouping: EquityGrouping,
  group: Side,
  rest: Side,
): EquityComparison {
  const isHidden = group.side.reason === 'small-numbers' || rest.side.reason === 'small-numbers';
  const difference = isHidden ? null : differenceOf(group.share, rest.share);
  const differenceAtUpper = group.atUpper && rest.atUpper ? differenceOf(group.atUpper, rest.atUpper) : null;
  const reason: EquityReason | null = group.side.reason ?? rest.side.reason;
  const unsaid = {
    indicator,
    grouping,
    group: group.side,
    rest: rest.side,
    difference,
    differenceAtUpper,
    finding: findingOf(difference, differenceAtUpper),
    reason,
  };
  return { ...unsaid, said: sayComparison(unsaid) };
}

function differenceOf(group: ClusteredShare, rest: ClusteredShare): EquityDifference | null {
  if (group.reason !== null || rest.reason !== null) return null;
  const { difference, lower, upper } = squareAndAdd(group, rest);
  return { value: difference, lower: Math.max(-1, lower), upper: Math.min(1, upper) };
}

/** Claimed only where the interval leaves 0 out, and where people are counted only if both ways of counting agree. */
function findingOf(
  difference: EquityDifference | null,
  atUpper: EquityDifference | null,
): EquityComparison['finding'] {
  if (!difference) return 'not-comparable';
  const signs = [difference, atUpper ?? difference].map(({ lower, upper }) =>
    lower > 0 ? 'higher' : upper < 0 ? 'lower' : 'undecided',
  );
  return signs[0] === signs[1] ? signs[0]! : 'undecided';
}
