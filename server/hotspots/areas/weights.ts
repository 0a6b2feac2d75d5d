import { AnalysisInputError } from '../analysis-input-error.ts';

/**
 * Spatial weights as compressed sparse rows: the neighbours of area i are `neighbours[offsets[i] … offsets[i + 1] − 1]`,
 * in ascending order and never i itself, with their weights at the same places of `values`.
 * `self` holds w_ii where a file of weights gave it, else null; only Gi* looks at it.
 */
export type SpatialWeights = {
  count: number;
  offsets: Int32Array;
  neighbours: Int32Array;
  values: Float64Array;
  self: Float64Array | null;
};

/** Weights of 1 from a list of neighbours for each area. Order and repetition within a list do not matter. */
export function weightsFromNeighbours(lists: readonly ArrayLike<number>[]): SpatialWeights {
  const rows = lists.map((list) => Int32Array.from(new Set(Array.from(list))).sort());
  return weightsFromRows(
    rows,
    rows.map((row) => new Float64Array(row.length).fill(1)),
  );
}

/** Weights from sorted rows of neighbours with a weight for each; neighbours lie in 0 … rows.length − 1, never i. */
export function weightsFromRows(
  rows: readonly Int32Array[],
  rowValues: readonly Float64Array[],
): SpatialWeights {
  const count = rows.length;
  const offsets = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = offsets[i]! + rows[i]!.length;
  const neighbours = new Int32Array(offsets[count]!);
  const values = new Float64Array(offsets[count]!);
  for (let i = 0; i < count; i++) {
    neighbours.set(rows[i]!, offsets[i]!);
    values.set(rowValues[i]!, offsets[i]!);
  }
  for (let i = 0; i < count; i++) {
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
      const j = neighbours[at]!;
      if (j < 0 || j >= count || j === i)
        throw new RangeError(`area ${i} has the neighbour ${j} of ${count}`);
    }
  }
  return { count, offsets, neighbours, values, self: null };
}

/** Symmetric weights of 1 from pairs, each given once in either order: `firsts[p]` touches `seconds[p]`. */
export function weightsFromPairs(
  count: number,
  firsts: ArrayLike<number>,
  seconds: ArrayLike<number>,
): SpatialWeights {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (let pair = 0; pair < firsts.length; pair++) {
    lists[firsts[pair]!]!.push(seconds[pair]!);
    lists[seconds[pair]!]!.push(firsts[pair]!);
  }
  return weightsFromNeighbours(lists);
}

/** One row of a file of weights; `row` names it in messages. */
export type WeightRow = { from: string; to: string; weight: number; row: string };

/**
 * Weights as a file gives them, directed as they stand: i,j does not imply j,i. Zero weights are no neighbours.
 * A row i,i is w_ii, which only Gi* uses. Throws AnalysisInputError for an unknown id, a pair given twice, and a
 * weight that is negative (the variances of Gi* and I allow it, but no published convention of ours does).
 */
export function weightsFromRecords(ids: readonly string[], records: readonly WeightRow[]): SpatialWeights {
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const rows: Map<number, number>[] = ids.map(() => new Map());
  let self: Float64Array | null = null;
  for (const record of records) {
    const from = indexOf.get(record.from);
    const to = indexOf.get(record.to);
    if (from === undefined || to === undefined) {
      throw new AnalysisInputError({
        field: from === undefined ? 'id_i' : 'id_j',
        row: record.row,
        problem: `the file of weights names "${from === undefined ? record.from : record.to}", which is not an id of the input.`,
        remedy: 'Use the ids of the field given by --id, written alike.',
      });
    }
    if (record.weight < 0) {
      throw new AnalysisInputError({
        field: 'weight',
        row: record.row,
        problem: `the weight ${record.weight} is negative.`,
        remedy: 'Give weights of 0 or more; leave out pairs that are not neighbours.',
      });
    }
    const row = rows[from]!;
    if (row.has(to)) {
      throw new AnalysisInputError({
        field: 'id_i, id_j',
        row: record.row,
        problem: `the pair ${record.from}, ${record.to} is given twice.`,
        remedy: 'Keep one of the rows.',
      });
    }
    row.set(to, record.weight);
    if (from === to) {
      self ??= new Float64Array(ids.length).fill(Number.NaN);
      self[from] = record.weight;
    }
  }
  const sorted = rows.map((row, i) =>
    [...row].filter(([to, weight]) => to !== i && weight > 0).sort((a, b) => a[0] - b[0]),
  );
  const weights = weightsFromRows(
    sorted.map((row) => Int32Array.from(row, (pair) => pair[0])),
    sorted.map((row) => Float64Array.from(row, (pair) => pair[1])),
  );
  return { ...weights, self };
}

/** Each row divided by its sum, so that a lag is a mean; rows without neighbours stay empty. */
export function rowStandardised(weights: SpatialWeights): SpatialWeights {
  const { count, offsets } = weights;
  const values = weights.values.slice();
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) sum += values[at]!;
    if (sum > 0) for (let at = offsets[i]!; at < offsets[i + 1]!; at++) values[at]! /= sum;
  }
  return { ...weights, values };
}

/**
 * Weights with an explicit w_ii in every row, as Gi* takes them: that of the file, else 1, given before any row is
 * standardised. Its neighbours stay without i; `self` is filled.
 */
export function withSelfWeights(weights: SpatialWeights): SpatialWeights {
  const self = new Float64Array(weights.count).fill(1);
  for (let i = 0; i < weights.count; i++) {
    const given = weights.self?.[i] ?? Number.NaN;
    if (!Number.isNaN(given)) self[i] = given;
  }
  return { ...weights, self };
}

/** Each row with its w_ii divided by their sum: for Gi*, whose z it leaves alone while Σw x/Σx becomes a share of the mean. */
export function rowStandardisedWithSelf(weights: SpatialWeights): SpatialWeights {
  const { count, offsets } = weights;
  const values = weights.values.slice();
  const self = withSelfWeights(weights).self!;
  for (let i = 0; i < count; i++) {
    let sum = self[i]!;
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) sum += values[at]!;
    if (sum === 0) continue;
    self[i]! /= sum;
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) values[at]! /= sum;
  }
  return { ...weights, values, self };
}

/**
 * The weights among the areas of `kept` (ascending indices), renumbered in that order: areas without a value leave,
 * and with them the links to them.
 */
export function weightsAmong(weights: SpatialWeights, kept: Int32Array): SpatialWeights {
  const renumbered = new Int32Array(weights.count).fill(-1);
  for (let index = 0; index < kept.length; index++) renumbered[kept[index]!] = index;
  const rows: Int32Array[] = [];
  const rowValues: Float64Array[] = [];
  for (const i of kept) {
    const row: number[] = [];
    const values: number[] = [];
    for (let at = weights.offsets[i]!; at < weights.offsets[i + 1]!; at++) {
      const j = renumbered[weights.neighbours[at]!]!;
      if (j < 0) continue;
      row.push(j);
      values.push(weights.values[at]!);
    }
    rows.push(Int32Array.from(row));
    rowValues.push(Float64Array.from(values));
  }
  const among = weightsFromRows(rows, rowValues);
  return { ...among, self: weights.self ? Float64Array.from(kept, (i) => weights.self![i]!) : null };
}

/** How many neighbours each area has. */
export function neighbourCounts(weights: SpatialWeights): Int32Array {
  const counts = new Int32Array(weights.count);
  for (let i = 0; i < weights.count; i++) counts[i] = weights.offsets[i + 1]! - weights.offsets[i]!;
  return counts;
}

/** The areas without neighbours. */
export function islandsOf(weights: SpatialWeights): number[] {
  const islands: number[] = [];
  for (let i = 0; i < weights.count; i++) if (weights.offsets[i] === weights.offsets[i + 1]) islands.push(i);
  return islands;
}

/** Whether j is a neighbour of i whenever i is one of j (the weights of the two may differ). */
export function isSymmetric(weights: SpatialWeights): boolean {
  for (let i = 0; i < weights.count; i++) {
    for (let at = weights.offsets[i]!; at < weights.offsets[i + 1]!; at++) {
      if (weightBetween(weights, weights.neighbours[at]!, i) === 0) return false;
    }
  }
  return true;
}

/** w_ij, 0 where there is none, by bisection of row i. */
export function weightBetween(weights: SpatialWeights, i: number, j: number): number {
  let low = weights.offsets[i]!;
  let high = weights.offsets[i + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = weights.neighbours[middle]!;
    if (at === j) return weights.values[middle]!;
    if (at < j) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}

/** The spatial lag Σ_j w_ij x_j of each area. */
export function spatialLag(weights: SpatialWeights, values: Float64Array): Float64Array {
  const lag = new Float64Array(weights.count);
  for (let i = 0; i < weights.count; i++) {
    let sum = 0;
    for (let at = weights.offsets[i]!; at < weights.offsets[i + 1]!; at++) {
      sum += weights.values[at]! * values[weights.neighbours[at]!]!;
    }
    lag[i] = sum;
  }
  return lag;
}
