import type { IndicatorFigure } from '../../contract/coverage-indicators.ts';

/** The middle value; of an even number, the mean of the middle two. Null of none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export type NeighbourStanding = {
  /** Of those that have a value. */
  median: number | null;
  /** How many have a value of 1: for indicators that a commune has done or not. */
  done: number;
  of: number;
};

/** How the communes that share a border stand. Those without a value say nothing and are left out. */
export function neighbourStanding(
  figures: ReadonlyMap<string, IndicatorFigure>,
  neighbours: readonly string[],
): NeighbourStanding {
  const values = neighbours.flatMap((code) => figures.get(code)?.value ?? []);
  return { median: median(values), done: values.filter((value) => value === 1).length, of: values.length };
}
