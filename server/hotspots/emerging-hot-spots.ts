import { adjustedByBenjaminiHochberg } from './false-discovery-rate.ts';
import { getisOrd } from './getis-ord.ts';
import { type MannKendall, mannKendall } from './mann-kendall.ts';
import { normalTwoSided } from './normal-distribution.ts';
import { type SpatialWeights, withSelfWeights } from './weights.ts';

const PATTERNS = [
  'intensifying',
  'diminishing',
  'persistent',
  'historical',
  'oscillating',
  'new',
  'consecutive',
  'sporadic',
] as const;
type Pattern = (typeof PATTERNS)[number];
export type EmergingClass = `${Pattern} hotspot` | `${Pattern} coldspot` | 'no pattern detected';

/**
 * The emerging class of one area from its z per time slice, oldest first, which of them are significant, and their
 * trend. The published classes overlap (several can be true of one series), so they are asked in this order:
 *
 * 1. hot in ≥ 90 % of the slices and in the last: intensifying, diminishing or persistent, by the trend of z;
 * 2. hot in ≥ 90 % but not in the last: historical;
 * 3. hot in the last, and cold in any: oscillating;
 * 4. hot in the last alone: new;
 * 5. hot in an unbroken run of two or more up to the last, and never before: consecutive;
 * 6. hot in the last and, with gaps, before: sporadic;
 * 7. otherwise none.
 *
 * Cold likewise, where a falling z intensifies. `trend` is the sign of a significant trend, else 0.
 */
export function emergingClass(
  z: ArrayLike<number>,
  significant: ArrayLike<boolean>,
  trend: number,
): EmergingClass {
  return patternOf(z, significant, trend, 1) ?? patternOf(z, significant, trend, -1) ?? 'no pattern detected';
}

function patternOf(
  z: ArrayLike<number>,
  significant: ArrayLike<boolean>,
  trend: number,
  side: 1 | -1,
): EmergingClass | null {
  const slices = z.length;
  let here = 0;
  let opposite = 0;
  let run = 0;
  for (let slice = 0; slice < slices; slice++) {
    const sign = significant[slice] ? Math.sign(z[slice]!) : 0;
    if (sign === side) here++;
    if (sign === -side) opposite++;
    run = sign === side ? run + 1 : 0;
  }
  const kind = side === 1 ? 'hotspot' : 'coldspot';
  const inLast = run > 0;
  if (slices > 1 && 10 * here >= 9 * slices) {
    if (!inLast) return `historical ${kind}`;
    if (trend === side) return `intensifying ${kind}`;
    return trend === -side ? `diminishing ${kind}` : `persistent ${kind}`;
  }
  if (!inLast) return null;
  if (opposite > 0) return `oscillating ${kind}`;
  if (here === 1) return `new ${kind}`;
  return run === here ? `consecutive ${kind}` : `sporadic ${kind}`;
}

export type EmergingArea = {
  class: EmergingClass;
  trend: MannKendall;
  z: Float64Array;
  significant: boolean[];
};

/**
 * Emerging hot spots of all areas: Gi* in each slice, adjusted for the false-discovery rate over the areas of the slice, then
 * the trend of each area's z by Mann–Kendall and its class.
 *
 * `slices[t][i]` is the value of area i in slice t, oldest first, finite. `alpha` (0.05) is both the false-discovery
 * rate of a slice and the level of the trend. An area that cannot be tested in every slice (an island; a slice whose
 * values are all equal) comes back with the reason. At least 10 slices are advised, 3 needed.
 */
export function emergingHotSpots(
  slices: readonly Float64Array[],
  weights: SpatialWeights,
  alpha = 0.05,
): (EmergingArea | { reason: string })[] {
  const count = weights.count;
  const withSelf = withSelfWeights(weights);
  const tests = slices.map((values) => {
    const { z, reasons } = getisOrd(values, withSelf, 'gi-star');
    return { z, reasons, adjusted: adjustedByBenjaminiHochberg(z.map(normalTwoSided)) };
  });
  const areas: (EmergingArea | { reason: string })[] = [];
  for (let i = 0; i < count; i++) {
    const failed = tests.findIndex((test) => test.reasons[i]);
    if (failed >= 0) {
      areas.push({ reason: `slice ${failed + 1}: ${tests[failed]!.reasons[i]}` });
      continue;
    }
    const z = Float64Array.from(tests, (test) => test.z[i]!);
    const trend = mannKendall(z);
    if ('reason' in trend) {
      areas.push(trend);
      continue;
    }
    const significant = tests.map((test) => test.adjusted[i]! <= alpha);
    const direction = trend.p <= alpha ? Math.sign(trend.s) : 0;
    areas.push({ class: emergingClass(z, significant, direction), trend, z, significant });
  }
  return areas;
}
