import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { type CoverageClass, coverageClasses } from './coverage-classes.ts';

/**
 * How communes are coloured by an indicator: by share with the target as a class break, as done or not done, or by
 * number where it is counted of nothing.
 */
export type IndicatorClasses = { kind: 'share' | 'done' | 'count'; classes: CoverageClass[] };

// The paler ends of both sides of the choropleth: "not yet" is an observation, not an alarm.
const notDone = '#e3cd9f';
const done = '#459189';
const numbers = ['#f4ead3', '#d3eae6', '#8cc7be', '#459189'] as const;
/** Without a target there are no two sides, and one scale from pale to full says how much. */
const withoutTarget = ['#eef3f2', '#d3eae6', '#a9d4cd', '#6fb3aa', '#459189'] as const;

export function indicatorClasses({
  unit,
  target,
}: Pick<IndicatorDescription, 'unit' | 'target'>): IndicatorClasses {
  if (unit === 'communes') {
    return {
      kind: 'done',
      classes: [
        { low: 0, high: 1, side: 'below', color: notDone },
        { low: 1, high: null, side: 'at', color: done },
      ],
    };
  }
  if (unit === 'items') return { kind: 'count', classes: fromBounds([0, 1, 2, 4], numbers) };
  if (target === null) return { kind: 'share', classes: fromBounds([0, 0.2, 0.4, 0.6, 0.8], withoutTarget) };
  return { kind: 'share', classes: coverageClasses(target) };
}

/** What decides a commune's class: its share, or the number where there is none to have; null where nothing is on record. */
export function classedValue(kind: IndicatorClasses['kind'], figure: IndicatorFigure): number | null {
  return kind === 'count' ? figure.numerator : figure.value;
}

const fromBounds = (bounds: readonly number[], colors: readonly string[]): CoverageClass[] =>
  bounds.map((low, position) => ({
    low,
    high: bounds[position + 1] ?? null,
    side: 'at',
    color: colors[position]!,
  }));
