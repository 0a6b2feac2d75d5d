/**
 * Adjusted p of Benjamini & Hochberg (1995): among the tests whose adjusted p is at most q, at most the share q is
 * expected to be false. p_(k)·m/k over the sorted p, made monotone from the largest down and cut at 1; the same as R's
 * p.adjust(method = "BH"). NaN marks a test that was not made: it stays NaN and does not count in m.
 *
 * Valid for independent tests and for positively dependent ones, which overlapping neighbourhoods are.
 */
export function adjustedByBenjaminiHochberg(p: Float64Array): Float64Array {
  const tested: number[] = [];
  for (let i = 0; i < p.length; i++) if (!Number.isNaN(p[i]!)) tested.push(i);
  tested.sort((a, b) => p[b]! - p[a]!);
  const adjusted = new Float64Array(p.length).fill(Number.NaN);
  const m = tested.length;
  let smallest = 1;
  for (let index = 0; index < m; index++) {
    const i = tested[index]!;
    smallest = Math.min(smallest, p[i]! * (m / (m - index)));
    adjusted[i] = smallest;
  }
  return adjusted;
}

/** The confidence at which a test stands after adjustment: 99, 95 or 90 %, else null. */
export function confidenceOf(pAdjusted: number): 99 | 95 | 90 | null {
  if (pAdjusted <= 0.01) return 99;
  if (pAdjusted <= 0.05) return 95;
  return pAdjusted <= 0.1 ? 90 : null;
}
