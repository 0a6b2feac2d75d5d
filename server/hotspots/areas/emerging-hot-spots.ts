import { normalTwoSided } from '../normal-distribution.ts';
import { adjustedByBenjaminiHochberg } from './false-discovery-rate.ts';
import { getisOrd } from './getis-ord.ts';
import { type MannKendall, mannKendall } from './mann-kendall.ts';
import { type SpatialWeights, weightsAmong, withSelfWeights } from './weights.ts';

type Pattern =
  | 'intensifying'
  | 'diminishing'
  | 'persistent'
  | 'historical'
  | 'oscillating'
  | 'new'
  | 'consecutive'
  | 'sporadic';
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
  const hot = runsOf(z, significant, 1);
  const cold = runsOf(z, significant, -1);
  // Rules 1 and 2 are asked of both sides before the rest: hot almost throughout and cold at last is a historical hot spot.
  const lasting = lastingPattern(hot, z.length, trend);
  if (lasting) return `${lasting} hotspot`;
  const lastingCold = lastingPattern(cold, z.length, -trend);
  if (lastingCold) return `${lastingCold} coldspot`;
  if (hot.last > 0) return `${recentPattern(hot, cold)} hotspot`;
  return cold.last > 0 ? `${recentPattern(cold, hot)} coldspot` : 'no pattern detected';
}

/** In how many slices an area is significant on one side, and in how many up to the last without a break. */
type Runs = { count: number; last: number };

function runsOf(z: ArrayLike<number>, significant: ArrayLike<boolean>, side: 1 | -1): Runs {
  let count = 0;
  let last = 0;
  for (let slice = 0; slice < z.length; slice++) {
    const here = significant[slice] === true && Math.sign(z[slice]!) === side;
    if (here) count++;
    last = here ? last + 1 : 0;
  }
  return { count, last };
}

/** `trend` is 1 when z moves further out on this side. A single slice is no lasting pattern. */
function lastingPattern(runs: Runs, slices: number, trend: number): Pattern | null {
  if (slices < 2 || 10 * runs.count < 9 * slices) return null;
  if (runs.last === 0) return 'historical';
  if (trend === 1) return 'intensifying';
  return trend === -1 ? 'diminishing' : 'persistent';
}

function recentPattern(runs: Runs, opposite: Runs): Pattern {
  if (opposite.count > 0) return 'oscillating';
  if (runs.count === 1) return 'new';
  return runs.last === runs.count ? 'consecutive' : 'sporadic';
}

export type EmergingArea = {
  class: EmergingClass;
  trend: MannKendall;
  /** Over the slices in which the area was tested, oldest first; `slices` says which. */
  z: Float64Array;
  significant: boolean[];
  slices: number[];
};

/** The least share of the slices in which an area must be tested: the classes speak of "90 % of the slices". */
const LEAST_SHARE = 0.8;

/**
 * Emerging hot spots of all areas: Gi* in each slice, adjusted for the false-discovery rate over the areas of the slice, then
 * the trend of each area's z by Mann–Kendall and its class.
 *
 * `slices[t][i]` is the value of area i in slice t, oldest first; NaN where it has none, which leaves the area and its
 * links out of that slice. `alpha` (0.05) is both the false-discovery rate of a slice and the level of the trend. An area
 * is classed when it was tested in the last slice, in three at least, and in four of five; else the reason comes back
 * (no value, an island, a slice whose values are all equal). At least 10 slices are advised.
 */
export function emergingHotSpots(
  slices: readonly Float64Array[],
  weights: SpatialWeights,
  alpha = 0.05,
): (EmergingArea | { reason: string })[] {
  const tests = slices.map((values) => testSlice(values, weights));
  const areas: (EmergingArea | { reason: string })[] = [];
  for (let i = 0; i < weights.count; i++) {
    const tested = tests.flatMap((test, slice) => (test.reasons[i] === null ? [slice] : []));
    const failed = tests.findIndex((test) => test.reasons[i] !== null);
    const enough = tested.length >= LEAST_SHARE * slices.length && tested.at(-1) === slices.length - 1;
    if (failed >= 0 && !enough) {
      const telling = tested.at(-1) === slices.length - 1 ? failed : slices.length - 1;
      areas.push({ reason: `slice ${telling + 1}: ${tests[telling]!.reasons[i]}` });
      continue;
    }
    const z = Float64Array.from(tested, (slice) => tests[slice]!.z[i]!);
    const trend = mannKendall(z);
    if ('reason' in trend) {
      areas.push(trend);
      continue;
    }
    const significant = tested.map((slice) => tests[slice]!.adjusted[i]! <= alpha);
    const direction = trend.p <= alpha ? Math.sign(trend.s) : 0;
    areas.push({ class: emergingClass(z, significant, direction), trend, z, significant, slices: tested });
  }
  return areas;
}

/** Gi* of the areas that have a value in the slice; the others carry the reason. */
function testSlice(values: Float64Array, weights: SpatialWeights) {
  const kept: number[] = [];
  values.forEach((value, i) => {
    if (!Number.isNaN(value)) kept.push(i);
  });
  const among = withSelfWeights(weightsAmong(weights, Int32Array.from(kept)));
  const { z, reasons } = getisOrd(
    Float64Array.from(kept, (i) => values[i]!),
    among,
    'gi-star',
  );
  const adjusted = adjustedByBenjaminiHochberg(z.map(normalTwoSided));
  const all = {
    z: new Float64Array(values.length).fill(Number.NaN),
    adjusted: new Float64Array(values.length).fill(Number.NaN),
    reasons: Array.from<string | null>({ length: values.length }).fill('it has no value'),
  };
  kept.forEach((i, at) => {
    all.z[i] = z[at]!;
    all.adjusted[i] = adjusted[at]!;
    all.reasons[i] = reasons[at]!;
  });
  return all;
}
