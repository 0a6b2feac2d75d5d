import type { IndicatorFigure, IndicatorStatus } from '../../contract/coverage-indicators.ts';
import type { Rank } from './ranking.ts';
import { toldStatuses } from './standing.ts';
import { sortedBy } from './table-order.ts';

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

export const sortIndicatorRows = (
  rows: readonly IndicatorTableRow[],
  { key, descending }: IndicatorOrder,
): IndicatorTableRow[] => sortedBy(rows, sortValue[key], descending);
