import type { IndicatorFigure } from '../../contract/coverage-indicators.ts';

/** A standing counted from 1 January to the end of a day. `most` is its upper bound where people are counted. */
export type TrendPoint = { day: string; value: number; most: number | null };

export type TrendQuestion = {
  points: readonly TrendPoint[];
  /** What is aimed at, in the unit of the values; null without one. */
  target: number | null;
  /** Expected on 31 December. */
  projected: { value: number; lower: number; upper: number } | null;
  year: number;
  /** The highest value that there can be: 1 for shares, null for counts. */
  ceiling: number | null;
};

export type TrendGeometry = {
  /** The value at the top edge. */
  top: number;
  x: (day: string) => number;
  y: (value: number) => number;
  /** Through all points; empty without any. */
  line: string;
  /** Between the lower and the upper bounds; empty where there are none. */
  band: string;
  /** From the last point to the projected value, and the interval that opens towards it. */
  projection: { line: string; fan: string; x: number; y: number } | null;
  last: { x: number; y: number } | null;
  targetY: number | null;
};

const millisecondsPerDay = 86_400_000;
// Each can be halved and quartered, or cut in five, without odd numbers along the axis.
const steps = [1, 2, 4, 5, 10];

/**
 * A year's line in a box: 1 January at the left edge, the end of 31 December at the right one, 0 at the bottom. The axis
 * always begins at 0, so that the height of a point is what has been done.
 */
export function trendGeometry(
  { points, target, projected, year, ceiling }: TrendQuestion,
  box: { left: number; top: number; width: number; height: number },
): TrendGeometry {
  const start = Date.UTC(year, 0, 1);
  const length = Date.UTC(year + 1, 0, 1) - start;
  const highest = Math.max(
    ...points.map(({ value, most }) => most ?? value),
    target ?? 0,
    projected?.upper ?? 0,
  );
  const top = niceTop(highest, ceiling);
  // A standing at the end of a day stands where the next day begins.
  const x = (day: string) => {
    const share = (Date.parse(`${day}T00:00:00Z`) + millisecondsPerDay - start) / length;
    return box.left + box.width * Math.min(1, Math.max(0, share));
  };
  const y = (value: number) => box.top + box.height * (1 - value / top);
  const at = (day: string, value: number) => `${round(x(day))} ${round(y(value))}`;
  const line = points.length > 0 ? `M${points.map(({ day, value }) => at(day, value)).join('L')}` : '';
  const bounded = points.filter((point): point is TrendPoint & { most: number } => point.most !== null);
  const band =
    bounded.length > 1
      ? `M${bounded.map(({ day, most }) => at(day, most)).join('L')}L${[...bounded]
          .reverse()
          .map(({ day, value }) => at(day, value))
          .join('L')}Z`
      : '';
  const lastPoint = points.at(-1) ?? null;
  const yearEnd = `${year}-12-31`;
  return {
    top,
    x,
    y,
    line,
    band,
    last: lastPoint && { x: x(lastPoint.day), y: y(lastPoint.value) },
    targetY: target === null ? null : y(target),
    projection:
      projected && lastPoint && lastPoint.day < yearEnd
        ? {
            line: `M${at(lastPoint.day, lastPoint.value)}L${at(yearEnd, projected.value)}`,
            fan: `M${at(lastPoint.day, lastPoint.value)}L${at(yearEnd, projected.upper)}L${at(yearEnd, projected.lower)}Z`,
            x: x(yearEnd),
            y: y(projected.value),
          }
        : null,
  };
}

/** The next round number above, at most the ceiling: 0.163 is 0.2, 0.48 is 0.5, 86 is 100. */
export function niceTop(highest: number, ceiling: number | null): number {
  if (highest <= 0) return ceiling ?? 1;
  const magnitude = 10 ** Math.floor(Math.log10(highest));
  // A hair of slack, or 0.2 / 0.1 = 2.0000000000000004 would be held to be above 2.
  const step = steps.find((one) => one * magnitude >= highest * (1 - 1e-9)) ?? 10;
  const top = Number((step * magnitude).toPrecision(6));
  return ceiling === null ? top : Math.min(ceiling, top);
}

/** Into how many parts an axis is cut so that all its numbers are round: 0.5 in five, 0.2 in four. */
export const axisParts = (top: number): number => (top.toExponential().startsWith('5') ? 5 : 4);

/** The days that monthly standings are of: the last of each month, and of the month under way the day asked for. */
export const dayOfMonthGroup = (key: string, asOf: string): string => {
  const [year = 0, month = 1] = key.split('-').map(Number);
  const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return last < asOf ? last : asOf;
};

/** Monthly figures as points: shares, or numbers where they are counted of nothing. Months that have not begun have none. */
export function trendPoints(
  months: ReadonlyMap<string, IndicatorFigure>,
  asOf: string,
  kind: 'share' | 'count',
): TrendPoint[] {
  return [...months.entries()]
    .filter(([key]) => `${key}-01` <= asOf)
    .sort(([one], [other]) => one.localeCompare(other))
    .flatMap(([key, figure]) => {
      const value = kind === 'count' ? figure.numerator : figure.value;
      if (value === null) return [];
      return [{ day: dayOfMonthGroup(key, asOf), value, most: kind === 'count' ? null : figure.upper }];
    });
}

const round = (value: number) => Number(value.toFixed(1));
