/**
 * Log-likelihood ratios of the scan statistic for high rates (Kulldorff 1997, Communications in Statistics – Theory and
 * Methods 26, 1481–1496), and the tables that let a replication pass over windows that cannot be its maximum.
 *
 * Both grow with the cases c and fall with the expected number μ while c > μ. A window counts only when c > μ and c ≥ 2.
 */
export type ScanLikelihood = {
  kind: 'poisson' | 'bernoulli';
  /** C, all cases. */
  cases: number;
  /** All individuals, cases and controls; for "bernoulli" only. */
  individuals: number;
};

export const LEAST_CASES = 2;

/** The ratio for c cases where μ are expected (μ of a Bernoulli window is C·n/N); 0 where the rate is not high. */
export function logLikelihoodRatio(likelihood: ScanLikelihood, c: number, expected: number): number {
  if (c < LEAST_CASES || c <= expected) return 0;
  const { cases } = likelihood;
  if (likelihood.kind === 'poisson') {
    const rest = cases - c;
    const inside = c * Math.log(c / expected);
    return rest === 0 ? inside : inside + rest * Math.log(rest / (cases - expected));
  }
  const { individuals } = likelihood;
  const n = (expected * individuals) / cases;
  return (
    plogp(c, n) +
    plogp(n - c, n) +
    plogp(cases - c, individuals - n) +
    plogp(individuals - n - (cases - c), individuals - n) -
    plogp(cases, individuals) -
    plogp(individuals - cases, individuals)
  );
}

/** a·log(a/b), 0 for a = 0 (or what rounding leaves of 0). */
function plogp(a: number, b: number): number {
  return a <= 0 ? 0 : a * Math.log(a / b);
}

const BINS = 2048;
const CORNERS = 64;
/** Ratios are rounded down to this step when a table is looked up, so that a few hundred tables serve all replications. */
const RATIO_STEP = 1 / 16;

export type ThresholdTables = {
  likelihood: ScanLikelihood;
  /** No window expects more than this. */
  mostExpected: number;
  leastExpected: number;
  /** By rounded ratio: the fewest cases that exceed it, at the lower end of each bin of √μ. */
  counts: (Int32Array | undefined)[];
  /** By rounded ratio: the real c at which the ratio is reached, at `corners`. Concave in μ. */
  boundaries: (Float64Array | undefined)[];
  /** μ from `leastExpected` to `mostExpected`, geometric. */
  corners: Float64Array;
};

export function createThresholdTables(
  likelihood: ScanLikelihood,
  leastExpected: number,
  mostExpected: number,
): ThresholdTables {
  const corners = new Float64Array(CORNERS);
  const ratio = mostExpected / leastExpected;
  for (let i = 0; i < CORNERS; i++) corners[i] = leastExpected * ratio ** (i / (CORNERS - 1));
  corners[CORNERS - 1] = mostExpected;
  return { likelihood, mostExpected, leastExpected, counts: [], boundaries: [], corners };
}

/** The bin of an expected number: even in √μ, since thresholds rise with √μ. */
export function expectedBin(expected: number, mostExpected: number): number {
  const bin = Math.floor(Math.sqrt(expected / mostExpected) * BINS);
  return bin < 0 ? 0 : Math.min(bin, BINS);
}

/** For each bin, the fewest cases with which a window of that bin might have a ratio above `ratio`. */
export function countThresholds(tables: ThresholdTables, ratio: number): Int32Array {
  const step = Math.floor(ratio / RATIO_STEP);
  const known = tables.counts[step];
  if (known) return known;
  const target = step * RATIO_STEP;
  const counts = new Int32Array(BINS + 1);
  let least = LEAST_CASES;
  for (let bin = 0; bin <= BINS; bin++) {
    // A hair below the bin's lower end, so that rounding cannot put a window above its own threshold.
    const expected = tables.mostExpected * (bin / BINS) ** 2 * (1 - 1e-12);
    least = fewestCases(tables.likelihood, expected, target, least);
    counts[bin] = least;
  }
  tables.counts[step] = counts;
  return counts;
}

function fewestCases(likelihood: ScanLikelihood, expected: number, target: number, least: number): number {
  if (expected <= 0) return LEAST_CASES;
  let low = Math.max(least, Math.floor(expected) + 1);
  if (logLikelihoodRatio(likelihood, low, expected) > target) return low;
  // The next bin's answer is near: a search of doubling steps takes half as many logarithms as halving the whole range.
  let stride = 1;
  let high = low + 1;
  while (high <= likelihood.cases && logLikelihoodRatio(likelihood, high, expected) <= target) {
    low = high;
    stride *= 2;
    high += stride;
  }
  high = Math.min(high, likelihood.cases + 1);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (logLikelihoodRatio(likelihood, middle, expected) > target) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The number of cases, not whole, at which the Poisson ratio reaches `ratio`, at each corner of μ. The ratio is
 * C·KL(c/C ‖ μ/C), convex in (c, μ), so this boundary is concave in μ and every chord of it lies below it.
 */
export function boundaryAtCorners(tables: ThresholdTables, ratio: number): Float64Array {
  const step = Math.floor(ratio / RATIO_STEP);
  const known = tables.boundaries[step];
  if (known) return known;
  const target = step * RATIO_STEP;
  const { cases } = tables.likelihood;
  const boundary = new Float64Array(CORNERS);
  for (let i = 0; i < CORNERS; i++) {
    const expected = tables.corners[i]!;
    let low = expected;
    let high = cases;
    for (let halving = 0; halving < 36; halving++) {
      const middle = (low + high) / 2;
      const rest = cases - middle;
      const value = middle * Math.log(middle / expected) + rest * Math.log(rest / (cases - expected));
      if (value > target) high = middle;
      else low = middle;
    }
    boundary[i] = low;
  }
  tables.boundaries[step] = boundary;
  return boundary;
}

/** The last corner at or below an expected number. */
export function cornerBelow(tables: ThresholdTables, expected: number): number {
  const { leastExpected, mostExpected } = tables;
  const place = (Math.log(expected / leastExpected) / Math.log(mostExpected / leastExpected)) * (CORNERS - 1);
  let corner = Math.max(0, Math.min(CORNERS - 1, Math.floor(place)));
  while (corner > 0 && tables.corners[corner]! > expected) corner--;
  return corner;
}
