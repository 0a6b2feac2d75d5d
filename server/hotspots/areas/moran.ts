import { normalTwoSided, normalUpperTail } from '../normal-distribution.ts';
import { type SpatialWeights, spatialLag, weightBetween } from './weights.ts';

/**
 * Global Moran's I with its moments under randomisation (Cliff & Ord 1981, Spatial Processes, 21; the same as spdep's
 * moran.test with adjust.n = FALSE): E = −1/(n − 1), the variance from S0, S1, S2 and the kurtosis of the values.
 * The weights may be asymmetric. Areas without neighbours stay in n and in the mean: their values are known, and only
 * with them are the permutation moments exact.
 *
 * `p` is two-sided, `pGreater` the chance of more clustering than seen. Needs n ≥ 4, some neighbours and values that
 * are not all equal; else the reason why not.
 */
export type GlobalMoran = {
  i: number;
  expected: number;
  variance: number;
  z: number;
  p: number;
  pGreater: number;
};

export function globalMoran(values: Float64Array, weights: SpatialWeights): GlobalMoran | { reason: string } {
  const n = values.length;
  if (n < 4) return { reason: `fewer than 4 areas have a value (${n})` };
  const { deviations, sumOfSquares, sumOfFourths } = deviationsOf(values);
  if (sumOfSquares === 0) return { reason: 'all values are equal' };
  const { s0, s1, s2 } = weightSums(weights);
  if (s0 === 0) return { reason: 'no area has a neighbour' };
  const lag = spatialLag(weights, deviations);
  let cross = 0;
  for (let i = 0; i < n; i++) cross += deviations[i]! * lag[i]!;
  const i = (n / s0) * (cross / sumOfSquares);
  const kurtosis = (n * sumOfFourths) / (sumOfSquares * sumOfSquares);
  const expected = -1 / (n - 1);
  const first = n * (s1 * (n * n - 3 * n + 3) - n * s2 + 3 * s0 * s0);
  const second = kurtosis * (s1 * (n * n - n) - 2 * n * s2 + 6 * s0 * s0);
  const variance = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0 * s0) - expected * expected;
  if (!(variance > 1e-12 * expected * expected)) {
    return { reason: 'the weights leave I no variance (every area is a neighbour of every other)' };
  }
  const z = (i - expected) / Math.sqrt(variance);
  return { i, expected, variance, z, p: normalTwoSided(z), pGreater: normalUpperTail(z) };
}

/** S0 = Σw, S1 = ½ΣΣ(w_ij + w_ji)², S2 = Σ_i(w_i. + w_.i)². */
export function weightSums(weights: SpatialWeights): { s0: number; s1: number; s2: number } {
  const { count, offsets, neighbours, values } = weights;
  const rowPlusColumn = new Float64Array(count);
  let s0 = 0;
  let s1 = 0;
  for (let i = 0; i < count; i++) {
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
      const w = values[at]!;
      const j = neighbours[at]!;
      s0 += w;
      rowPlusColumn[i]! += w;
      rowPlusColumn[j]! += w;
      // ½(w_ij + w_ji)² summed over ordered pairs; where w_ji = 0 the pair (j, i) is not stored, so it is counted here.
      const back = weightBetween(weights, j, i);
      s1 += back === 0 ? w * w : ((w + back) * (w + back)) / 2;
    }
  }
  let s2 = 0;
  for (let i = 0; i < count; i++) s2 += rowPlusColumn[i]! * rowPlusColumn[i]!;
  return { s0, s1, s2 };
}

export type Quadrant = 'high-high' | 'low-low' | 'high-low' | 'low-high';

/**
 * Local Moran's I_i = (z_i / m2)·Σ_j w_ij z_j with z the deviations from the mean and m2 = Σz²/n (Anselin 1995), and
 * two sets of moments for its z:
 * - `conditional`: x_i held, the others permuted (Sokal, Oden & Thomson 1998, eq. A3; spdep's default);
 * - `total`: all values permuted (Anselin 1995; Sokal et al. 1998, eq. A2).
 * NaN in `z` where `reasons` says why; everywhere else finite. The quadrant is Anselin's: the sign of the deviation and that of its
 * lag (spdep's "mean" column compares the lag with the mean of the lags, which moves with the number of neighbours).
 */
export type LocalMoran = {
  statistic: Float64Array;
  expected: Float64Array;
  variance: Float64Array;
  z: Float64Array;
  quadrants: Quadrant[];
  reasons: (string | null)[];
};

export function localMoran(
  values: Float64Array,
  weights: SpatialWeights,
  moments: 'conditional' | 'total',
): LocalMoran {
  const n = values.length;
  const { deviations, sumOfSquares, sumOfFourths } = deviationsOf(values);
  const m2 = sumOfSquares / n;
  const lag = spatialLag(weights, deviations);
  const result: LocalMoran = {
    statistic: new Float64Array(n),
    expected: new Float64Array(n),
    variance: new Float64Array(n),
    z: new Float64Array(n).fill(Number.NaN),
    quadrants: [],
    reasons: [],
  };
  const b2 = (n * sumOfFourths) / (sumOfSquares * sumOfSquares);
  for (let i = 0; i < n; i++) {
    const deviation = deviations[i]!;
    result.quadrants.push(quadrantOf(deviation, lag[i]!));
    const reason = reasonAgainst(n, sumOfSquares, weights, i);
    if (reason) {
      result.reasons.push(reason);
      continue;
    }
    let sum = 0;
    let squares = 0;
    for (let at = weights.offsets[i]!; at < weights.offsets[i + 1]!; at++) {
      const w = weights.values[at]!;
      sum += w;
      squares += w * w;
    }
    result.statistic[i] = (deviation / m2) * lag[i]!;
    // How much the weights of the row leave to chance: 0 when all others are neighbours with equal weight.
    const spread = squares - (sum * sum) / (n - 1);
    if (moments === 'conditional') {
      const own = deviation * deviation;
      const others = m2 - own / (n - 1);
      result.expected[i] = -(own * sum) / ((n - 1) * m2);
      result.variance[i] = (own / (m2 * m2)) * (n / (n - 2)) * spread * others;
      if (own <= 1e-28 * m2) {
        result.reasons.push('its value equals the mean, so the conditional variance is zero');
        continue;
      }
      if (others <= 1e-13 * m2) {
        result.reasons.push('all other areas have the same value');
        continue;
      }
    } else {
      result.expected[i] = -sum / (n - 1);
      const a = (n - b2) / (n - 1);
      const b = (2 * b2 - n) / ((n - 1) * (n - 2));
      result.variance[i] = a * squares + b * (sum * sum - squares) - (sum * sum) / ((n - 1) * (n - 1));
    }
    if (spread <= 1e-12 * squares || !(result.variance[i]! > 0)) {
      result.reasons.push(
        'all other areas are its neighbours with equal weight, so nothing is left to chance',
      );
      continue;
    }
    result.reasons.push(null);
    result.z[i] = (result.statistic[i]! - result.expected[i]!) / Math.sqrt(result.variance[i]!);
  }
  return result;
}

function quadrantOf(deviation: number, lag: number): Quadrant {
  if (deviation > 0) return lag > 0 ? 'high-high' : 'high-low';
  return lag > 0 ? 'low-high' : 'low-low';
}

/** Why area i has no local statistic at all, or null. Shared by Moran and Gi. */
export function reasonAgainst(
  n: number,
  sumOfSquares: number,
  weights: SpatialWeights,
  i: number,
): string | null {
  if (n < 3) return `fewer than 3 areas have a value (${n})`;
  if (sumOfSquares === 0) return 'all values are equal';
  if (weights.offsets[i] === weights.offsets[i + 1]) return 'it has no neighbours';
  return null;
}

/**
 * Deviations from the mean with their sums of squares and fourth powers. Values that are all equal give exactly zero,
 * which the rounding of their mean would not.
 */
export function deviationsOf(values: Float64Array): {
  mean: number;
  deviations: Float64Array;
  sumOfSquares: number;
  sumOfFourths: number;
} {
  const n = values.length;
  const deviations = new Float64Array(n);
  let low = Infinity;
  let high = -Infinity;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
    sum += value;
  }
  if (low === high) return { mean: low, deviations, sumOfSquares: 0, sumOfFourths: 0 };
  let mean = sum / n;
  let rest = 0;
  for (let i = 0; i < n; i++) rest += values[i]! - mean;
  mean += rest / n;
  let sumOfSquares = 0;
  let sumOfFourths = 0;
  for (let i = 0; i < n; i++) {
    const deviation = values[i]! - mean;
    const square = deviation * deviation;
    deviations[i] = deviation;
    sumOfSquares += square;
    sumOfFourths += square * square;
  }
  return { mean, deviations, sumOfSquares, sumOfFourths };
}
