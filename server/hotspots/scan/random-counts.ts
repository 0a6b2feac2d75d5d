import { nextUniform, type Random } from '../random.ts';

/**
 * Binomial variate: inversion by sequential search for small n·p, Hörmann's transformed rejection BTRS otherwise
 * (Hörmann 1993, "The generation of binomial random variates", J. Statist. Comput. Simul. 46, 101–110).
 */
export function nextBinomial(random: Random, n: number, p: number): number {
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - nextBinomial(random, n, 1 - p);
  return n * p < 10 ? invertBinomial(random, n, p) : rejectBinomial(random, n, p);
}

function invertBinomial(random: Random, n: number, p: number): number {
  const odds = p / (1 - p);
  const none = Math.exp(n * Math.log1p(-p));
  for (;;) {
    let left = nextUniform(random);
    let mass = none;
    // Past 110 the mass left is below 1e-60: rounding, so draw again.
    for (let k = 0; k <= 110 && k <= n; k++) {
      if (left < mass) return k;
      left -= mass;
      mass *= (odds * (n - k)) / (k + 1);
    }
  }
}

function rejectBinomial(random: Random, n: number, p: number): number {
  const q = 1 - p;
  const spread = Math.sqrt(n * p * q);
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const vr = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const logOdds = Math.log(p / q);
  const mode = Math.floor((n + 1) * p);
  const h = logFactorial(mode) + logFactorial(n - mode);
  for (;;) {
    const u = nextUniform(random) - 0.5;
    const v = nextUniform(random);
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + centre);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || k > n) continue;
    const bound = Math.log((v * alpha) / (a / (us * us) + b));
    if (bound <= h - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds) return k;
  }
}

const SMALL_FACTORIALS = (() => {
  const logs = new Float64Array(128);
  for (let k = 2; k < logs.length; k++) logs[k] = logs[k - 1]! + Math.log(k);
  return logs;
})();

function logFactorial(k: number): number {
  if (k < SMALL_FACTORIALS.length) return SMALL_FACTORIALS[k]!;
  const x = k + 1;
  const x2 = 1 / (x * x);
  return (
    (x - 0.5) * Math.log(x) -
    x +
    0.9189385332046728 +
    (1 / 12 - x2 * (1 / 360 - x2 * (1 / 1260 - x2 / 1680))) / x
  );
}

/** Walker's alias table: a draw from a discrete distribution costs one uniform whatever its size (Vose 1991). */
export type AliasTable = { threshold: Float64Array; alias: Int32Array };

export function createAliasTable(weights: Float64Array): AliasTable {
  const size = weights.length;
  let total = 0;
  for (const weight of weights) total += weight;
  const threshold = new Float64Array(size).fill(1);
  const alias = Int32Array.from(threshold, (_, i) => i);
  const scaled = weights.map((weight) => (weight * size) / total);
  const small: number[] = [];
  const large: number[] = [];
  for (let i = 0; i < size; i++) (scaled[i]! < 1 ? small : large).push(i);
  while (small.length > 0 && large.length > 0) {
    const low = small.pop()!;
    const high = large.pop()!;
    threshold[low] = scaled[low]!;
    alias[low] = high;
    scaled[high] = scaled[high]! + scaled[low]! - 1;
    (scaled[high]! < 1 ? small : large).push(high);
  }
  // What rounding leaves over: full columns, unless their weight is zero.
  for (const i of small) if (weights[i] === 0) threshold[i] = 0;
  return { threshold, alias };
}

export function nextAlias(random: Random, table: AliasTable): number {
  const u = nextUniform(random) * table.threshold.length;
  const column = Math.floor(u);
  return u - column < table.threshold[column]! ? column : table.alias[column]!;
}

/**
 * Adds a multinomial sample of `count` events to `cells`. Few events to a cell: one draw each by the alias table; many:
 * a binomial for each cell given what is left.
 */
export function addMultinomial(
  random: Random,
  count: number,
  weights: Float64Array,
  table: AliasTable,
  cells: Int32Array,
): void {
  if (count <= 5 * weights.length) {
    for (let i = 0; i < count; i++) cells[nextAlias(random, table)]!++;
    return;
  }
  let weightLeft = 0;
  let last = 0;
  for (let cell = 0; cell < weights.length; cell++) {
    weightLeft += weights[cell]!;
    if (weights[cell]! > 0) last = cell;
  }
  let left = count;
  for (let cell = 0; cell < last && left > 0; cell++) {
    const drawn = nextBinomial(random, left, Math.min(1, weights[cell]! / weightLeft));
    cells[cell]! += drawn;
    left -= drawn;
    weightLeft -= weights[cell]!;
  }
  cells[last]! += left;
}
