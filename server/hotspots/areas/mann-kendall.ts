import { normalTwoSided } from '../normal-distribution.ts';

/**
 * The Mann–Kendall test for a monotonic trend (Kendall 1975; Gilbert 1987, ch. 16): S counts the pairs that rise minus those that
 * fall, its variance is corrected for ties, z has a continuity correction of 1, p is two-sided, τ-b corrects for ties.
 * The normal approximation is good from about 10 values on. Successive values are taken as independent: serial
 * correlation makes p too small.
 *
 * Needs 3 values that are not all equal; else the reason why not.
 */
export type MannKendall = { n: number; s: number; variance: number; tau: number; z: number; p: number };

export function mannKendall(series: ArrayLike<number>): MannKendall | { reason: string } {
  const n = series.length;
  if (n < 3) return { reason: `fewer than 3 values (${n})` };
  const sorted = Float64Array.from(series).sort();
  if (sorted[0] === sorted[n - 1]) return { reason: 'all values are equal' };
  let s = 0;
  for (let later = 1; later < n; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      s += Math.sign(series[later]! - series[earlier]!);
    }
  }
  let varianceTimes18 = n * (n - 1) * (2 * n + 5);
  let tiedPairs = 0;
  for (let start = 0, end = 0; start < n; start = end) {
    while (end < n && sorted[end] === sorted[start]) end++;
    const t = end - start;
    varianceTimes18 -= t * (t - 1) * (2 * t + 5);
    tiedPairs += (t * (t - 1)) / 2;
  }
  const variance = varianceTimes18 / 18;
  const pairs = (n * (n - 1)) / 2;
  const z = s === 0 ? 0 : (s - Math.sign(s)) / Math.sqrt(variance);
  return { n, s, variance, tau: s / Math.sqrt(pairs * (pairs - tiedPairs)), z, p: normalTwoSided(z) };
}
