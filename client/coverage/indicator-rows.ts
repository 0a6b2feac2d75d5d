import type { IndicatorFigure, IndicatorStatus } from '../../contract/coverage-indicators.ts';
import type { Rank } from './ranking.ts';
import { toldStatuses } from './standing.ts';

/** A commune in the table of one indicator. */
export type IndicatorTableRow = { code: string; name: string; figure: IndicatorFigure; rank: Rank | null };

export const indicatorSortKeys = [
  'name',
  'rank',
  'numerator',
  'most',
  'denominator',
  'value',
  'missing',
  'status',
] as const;
export type IndicatorSortKey = (typeof indicatorSortKeys)[number];
export type IndicatorOrder = { key: IndicatorSortKey; descending: boolean };

const statusPlace = (status: IndicatorStatus) => toldStatuses.indexOf(status);

const sortValue: Record<IndicatorSortKey, (row: IndicatorTableRow) => string | number | null> = {
  name: ({ name }) => name,
  rank: ({ rank }) => rank?.rank ?? null,
  numerator: ({ figure }) => figure.numerator,
  most: ({ figure }) => figure.upperNumerator,
  denominator: ({ figure }) => figure.denominator,
  value: ({ figure }) => figure.value,
  missing: ({ figure }) => figure.missing,
  status: ({ figure }) => statusPlace(figure.status),
};

const vietnamese = new Intl.Collator('vi');

/** Sorted by a column; what is missing comes last in either direction, and equals keep the order of the alphabet. */
export function sortIndicatorRows(
  rows: readonly IndicatorTableRow[],
  { key, descending }: IndicatorOrder,
): IndicatorTableRow[] {
  const value = sortValue[key];
  const direction = descending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const first = value(one);
    const second = value(other);
    if (first === null || second === null) {
      if (first !== second) return first === null ? 1 : -1;
    } else {
      const order =
        typeof first === 'string' ? vietnamese.compare(first, String(second)) : first - Number(second);
      if (order !== 0) return order * direction;
    }
    return vietnamese.compare(one.name, other.name) || one.code.localeCompare(other.code);
  });
}
