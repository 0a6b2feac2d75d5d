import { deviationsOf, reasonAgainst } from './moran.ts';
import type { SpatialWeights } from './weights.ts';

/**
 * The local statistics of Getis and Ord as standardised z (Ord & Getis 1995, eqs. 14.1–14.3).
 *
 * Gi* counts the area itself: z = (Σ_j w_ij x_j − x̄·W) / (s·√((n·S1 − W²)/(n − 1))), with W = Σw, S1 = Σw² over the row
 * including w_ii, s² = Σx²/n − x̄². Gi leaves the area out of the row, of the mean and of the variance: n − 1 and n − 2.
 * Multiplying a row by a number changes neither. All is computed on deviations from the mean, since z does not change
 * when a constant is added to the values and the raw formula would lose digits.
 *
 * `statistic` is the ratio Σ_j w_ij x_j / Σ_j x_j (over j ≠ i for Gi), which has a meaning for values ≥ 0 only; NaN where the
 * denominator is 0 or any value is negative. `z` is NaN where `reasons` says why.
 */
export type GetisOrd = { statistic: Float64Array; z: Float64Array; reasons: (string | null)[] };

/** For Gi* `weights.self` must hold w_ii in every row: see withSelfWeights. */
export function getisOrd(values: Float64Array, weights: SpatialWeights, kind: 'gi' | 'gi-star'): GetisOrd {
  const n = values.length;
  const star = kind === 'gi-star';
  const self = weights.self;
  if (star && (!self || self.some(Number.isNaN))) throw new RangeError('Gi* needs w_ii in every row');
  const { mean, deviations, sumOfSquares } = deviationsOf(values);
  const result: GetisOrd = {
    statistic: new Float64Array(n).fill(Number.NaN),
    z: new Float64Array(n).fill(Number.NaN),
    reasons: [],
  };
  const hasShare = values.every((value) => value >= 0);
  for (let i = 0; i < n; i++) {
    const reason = reasonAgainst(n, sumOfSquares, weights, i);
    result.reasons.push(reason);
    if (reason) continue;
    const deviation = deviations[i]!;
    let lag = 0;
    let sum = 0;
    let squares = 0;
    for (let at = weights.offsets[i]!; at < weights.offsets[i + 1]!; at++) {
      const w = weights.values[at]!;
      lag += w * deviations[weights.neighbours[at]!]!;
      sum += w;
      squares += w * w;
    }
    const own = star ? self![i]! : 0;
    lag += own * deviation;
    sum += own;
    squares += own * own;
    const size = star ? n : n - 1;
    const centre = star ? 0 : -deviation / (n - 1);
    const meanSquare = star
      ? sumOfSquares / n
      : (sumOfSquares - deviation * deviation) / (n - 1) - centre * centre;
    const total = star ? n * mean : n * mean - values[i]!;
    if (hasShare && total !== 0) result.statistic[i] = (lag + mean * sum) / total;
    if (!star && meanSquare <= 1e-12 * sumOfSquares && othersAreEqual(values, i)) {
      result.reasons[i] = 'all other areas have the same value';
      continue;
    }
    const spread = (size * squares - sum * sum) / (size - 1);
    if (spread <= 1e-12 * squares) {
      result.reasons[i] = 'all areas are its neighbours with equal weight, so nothing is left to chance';
      continue;
    }
    result.z[i] = (lag - centre * sum) / Math.sqrt(meanSquare * spread);
  }
  return result;
}

function othersAreEqual(values: Float64Array, i: number): boolean {
  const first = values[i === 0 ? 1 : 0]!;
  for (let j = 0; j < values.length; j++) if (j !== i && values[j] !== first) return false;
  return true;
}
