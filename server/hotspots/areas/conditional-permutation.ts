import { createRandom, nextBelow, type Random } from '../random.ts';
import type { SpatialWeights } from './weights.ts';

/**
 * Conditional permutation of the spatial lag Σ_j w_ij x_j (Anselin 1995): x_i is held, and the k_i neighbours get values
 * drawn without replacement from the other n − 1 areas. One seeded table of R rows of max(k) draws serves every area:
 * area i uses the first k_i draws of each row.
 *
 * `high` counts the rows with a simulated lag ≥ the one seen, `low` those with ≤; sums that differ by rounding alone
 * count as equal in both. −1 for an area without neighbours. Local Moran and Gi are increasing functions of the lag (for
 * Moran with the sign of z_i), so their p follow from these counts; see permutationP.
 */
export type PermutationCounts = { permutations: number; high: Int32Array; low: Int32Array };

/** Rows of the table per random stream: a block can be computed anywhere, and the counts of blocks add up. */
const BLOCK = 1024;

export function conditionalPermutation(
  values: Float64Array,
  weights: SpatialWeights,
  permutations: number,
  seed: number,
): PermutationCounts {
  const n = values.length;
  const high = new Int32Array(n);
  const low = new Int32Array(n);
  // Counted from the first value: sums of whole numbers stay exact, and a large common offset costs no digits.
  const shifted = new Float64Array(n);
  let range = 0;
  for (let i = 0; i < n; i++) {
    shifted[i] = values[i]! - values[0]!;
    range = Math.max(range, Math.abs(shifted[i]!));
  }
  const plan = planOf(shifted, weights, range);
  if (plan.longest === 0) return { permutations, high: high.fill(-1), low: low.fill(-1) };
  for (let start = 0, block = 0; start < permutations; start += BLOCK, block++) {
    runBlock(plan, createRandom(seed, 1, block), Math.min(BLOCK, permutations - start), high, low);
  }
  for (const group of plan.groups) addHistograms(group, high, low);
  for (let i = 0; i < n; i++) if (weights.offsets[i] === weights.offsets[i + 1]) high[i] = low[i] = -1;
  return { permutations, high, low };
}

/** p = (count + 1)/(R + 1) on each side, and min(1, twice the smaller). */
export function permutationP(
  high: number,
  low: number,
  permutations: number,
): { pHigh: number; pLow: number; p: number } {
  const pHigh = (high + 1) / (permutations + 1);
  const pLow = (low + 1) / (permutations + 1);
  return { pHigh, pLow, p: Math.min(1, 2 * Math.min(pHigh, pLow)) };
}

/**
 * Areas with the same number of neighbours, all of one weight. Their simulated lags in one row of the table are the
 * same number, the sum of the row's first k draws, except for the few areas that the row itself drew. So each row is
 * looked up once in the group's sorted lags and counted in a histogram, and only the drawn areas are put right: the
 * work is R·max(k) draws and R look-ups per group, whatever the number of areas. (Summing for each area anew took 25
 * times as long at 3,321 areas.)
 */
type Group = {
  size: number;
  areas: Int32Array;
  sortedLags: Float64Array;
  tolerance: number;
  highHistogram: Int32Array;
  lowHistogram: Int32Array;
};

type Plan = {
  values: Float64Array;
  weights: SpatialWeights;
  longest: number;
  groups: Group[];
  /** For each area the number of its group, or −1: an island, or an area with unequal weights. */
  groupOf: Int32Array;
  lags: Float64Array;
  tolerances: Float64Array;
  /** Areas with unequal weights: each row of the table is summed for each of them. */
  unequal: Int32Array;
};

function planOf(values: Float64Array, weights: SpatialWeights, range: number): Plan {
  const n = values.length;
  const { offsets, neighbours } = weights;
  const groupOf = new Int32Array(n).fill(-1);
  const lags = new Float64Array(n);
  const tolerances = new Float64Array(n);
  const members = new Map<number, number[]>();
  const unequal: number[] = [];
  let longest = 0;
  for (let i = 0; i < n; i++) {
    const start = offsets[i]!;
    const end = offsets[i + 1]!;
    if (start === end) continue;
    longest = Math.max(longest, end - start);
    const equal = hasEqualWeights(weights, i);
    let lag = 0;
    let sum = 0;
    for (let at = start; at < end; at++) {
      const w = equal ? 1 : weights.values[at]!;
      lag += w * values[neighbours[at]!]!;
      sum += w;
    }
    lags[i] = lag;
    tolerances[i] = 1e-12 * range * sum;
    if (!equal) {
      unequal.push(i);
      continue;
    }
    const list = members.get(end - start) ?? [];
    list.push(i);
    members.set(end - start, list);
  }
  const groups = [...members.keys()]
    .sort((a, b) => a - b)
    .map((size, number): Group => {
      const areas = Int32Array.from(members.get(size)!.sort((a, b) => lags[a]! - lags[b]!));
      for (const area of areas) groupOf[area] = number;
      return {
        size,
        areas,
        sortedLags: Float64Array.from(areas, (area) => lags[area]!),
        tolerance: tolerances[areas[0]!]!,
        highHistogram: new Int32Array(areas.length + 1),
        lowHistogram: new Int32Array(areas.length + 1),
      };
    });
  return {
    values,
    weights,
    longest,
    groups,
    groupOf,
    lags,
    tolerances,
    unequal: Int32Array.from(unequal),
  };
}

/** Row-standardised weights of one row may differ in the last digit after a file was read, so equal means to 1e-14. */
function hasEqualWeights(weights: SpatialWeights, i: number): boolean {
  const first = weights.values[weights.offsets[i]!]!;
  for (let at = weights.offsets[i]! + 1; at < weights.offsets[i + 1]!; at++) {
    if (Math.abs(weights.values[at]! - first) > 1e-14 * first) return false;
  }
  return true;
}

function runBlock(plan: Plan, random: Random, rows: number, high: Int32Array, low: Int32Array): void {
  const { values, groups, groupOf, lags, unequal, longest } = plan;
  const n = values.length;
  const last = values[n - 1]!;
  const order = new Int32Array(n - 1);
  for (let i = 0; i < n - 1; i++) order[i] = i;
  const drawn = new Float64Array(longest);
  const sums = new Float64Array(longest + 1);
  for (let row = 0; row < rows; row++) {
    // The start of a Fisher–Yates shuffle draws without replacement, from whatever order the row before left.
    for (let place = 0; place < longest; place++) {
      const other = place + nextBelow(random, n - 1 - place);
      const index = order[other]!;
      order[other] = order[place]!;
      order[place] = index;
      drawn[place] = values[index]!;
      sums[place + 1] = sums[place]! + values[index]!;
    }
    for (let g = 0; g < groups.length; g++) countRow(groups[g]!, sums[groups[g]!.size]!);
    // A draw of i stands for the last area where i itself is tested: the other n − 1 are then drawn evenly.
    for (let place = 0; place < longest; place++) {
      const area = order[place]!;
      const number = groupOf[area]!;
      if (number < 0) continue;
      const group = groups[number]!;
      if (place >= group.size) continue;
      const assumed = sums[group.size]!;
      const actual = assumed - values[area]! + last;
      const lag = lags[area]!;
      const tolerance = group.tolerance;
      high[area]! += Number(lag <= actual + tolerance) - Number(lag <= assumed + tolerance);
      low[area]! += Number(lag >= actual - tolerance) - Number(lag >= assumed - tolerance);
    }
    countUnequalRow(plan, drawn, high, low);
    if (unequal.length > 0) correctUnequal(plan, order, drawn, last, high, low);
  }
}

function countRow(group: Group, sum: number): void {
  const lags = group.sortedLags;
  const upper = sum + group.tolerance;
  const lower = sum - group.tolerance;
  let start = 0;
  let end = lags.length;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (lags[middle]! <= upper) start = middle + 1;
    else end = middle;
  }
  group.highHistogram[start]! += 1;
  end = start;
  start = 0;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (lags[middle]! < lower) start = middle + 1;
    else end = middle;
  }
  group.lowHistogram[start]! += 1;
}

/** A histogram's place t says of a row: the areas before t count for `high`, those from t on for `low`. */
function addHistograms(group: Group, high: Int32Array, low: Int32Array): void {
  let above = 0;
  for (let place = group.areas.length - 1; place >= 0; place--) {
    above += group.highHistogram[place + 1]!;
    high[group.areas[place]!]! += above;
  }
  let below = 0;
  for (let place = 0; place < group.areas.length; place++) {
    below += group.lowHistogram[place]!;
    low[group.areas[place]!]! += below;
  }
}

/** All areas with unequal weights under one row of draws: one loop, since a call for each area cost as much as its sum. */
function countUnequalRow(plan: Plan, drawn: Float64Array, high: Int32Array, low: Int32Array): void {
  const { unequal, lags, tolerances } = plan;
  const { offsets, values } = plan.weights;
  for (let u = 0; u < unequal.length; u++) {
    const area = unequal[u]!;
    const start = offsets[area]!;
    const size = offsets[area + 1]! - start;
    let sum = 0;
    for (let place = 0; place < size; place++) sum += values[start + place]! * drawn[place]!;
    const excess = sum - lags[area]!;
    const tolerance = tolerances[area]!;
    if (excess >= -tolerance) high[area]! += 1;
    if (excess <= tolerance) low[area]! += 1;
  }
}

function weightedSum(plan: Plan, area: number, drawn: Float64Array): number {
  const { offsets, values } = plan.weights;
  const start = offsets[area]!;
  const end = offsets[area + 1]!;
  let sum = 0;
  for (let at = start; at < end; at++) sum += values[at]! * drawn[at - start]!;
  return sum;
}

function countUnequal(
  plan: Plan,
  area: number,
  sum: number,
  times: 1 | -1,
  high: Int32Array,
  low: Int32Array,
): void {
  const excess = sum - plan.lags[area]!;
  const tolerance = plan.tolerances[area]!;
  if (excess >= -tolerance) high[area]! += times;
  if (excess <= tolerance) low[area]! += times;
}

/** Puts right the few areas that the row itself drew; asking at every draw took four times as long. */
function correctUnequal(
  plan: Plan,
  order: Int32Array,
  drawn: Float64Array,
  last: number,
  high: Int32Array,
  low: Int32Array,
): void {
  const { offsets, values } = plan.weights;
  for (let place = 0; place < plan.longest; place++) {
    const area = order[place]!;
    const start = offsets[area]!;
    if (plan.groupOf[area]! >= 0 || place >= offsets[area + 1]! - start) continue;
    const assumed = weightedSum(plan, area, drawn);
    countUnequal(plan, area, assumed, -1, high, low);
    countUnequal(plan, area, assumed + values[start + place]! * (last - drawn[place]!), 1, high, low);
  }
}
