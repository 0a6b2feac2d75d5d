import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, nextBelow, nextNormal } from '../random.ts';
import { conditionalPermutation, permutationP } from './conditional-permutation.ts';
import { rowStandardised, type SpatialWeights, spatialLag, weightsFromNeighbours } from './weights.ts';

const ring = (n: number, reach: number) =>
  weightsFromNeighbours(
    Array.from({ length: n }, (_, i) =>
      Array.from({ length: 2 * reach }, (_, k) => (i + (k < reach ? k - reach : k - reach + 1) + n) % n),
    ),
  );

/** The share of all ways to draw k of the others without order whose sum is ≥ (or ≤) the one seen: no chance in it. */
function exactShares(
  values: Float64Array,
  weights: SpatialWeights,
  i: number,
): { high: number; low: number } {
  const neighbours = weights.neighbours.slice(weights.offsets[i]!, weights.offsets[i + 1]!);
  const others = [...values.keys()].filter((j) => j !== i);
  const seen = neighbours.reduce((sum, j) => sum + values[j]!, 0);
  let all = 0;
  let high = 0;
  let low = 0;
  const walk = (from: number, left: number, sum: number): void => {
    if (left === 0) {
      all++;
      if (sum >= seen - 1e-9) high++;
      if (sum <= seen + 1e-9) low++;
      return;
    }
    for (let at = from; at <= others.length - left; at++) walk(at + 1, left - 1, sum + values[others[at]!]!);
  };
  walk(0, neighbours.length, 0);
  return { high: high / all, low: low / all };
}

/** The definition without the shortcuts: the same table of draws, summed for each area anew. */
function plainCounts(values: Float64Array, weights: SpatialWeights, permutations: number, seed: number) {
  const n = values.length;
  const longest = Math.max(
    ...Array.from({ length: n }, (_, i) => weights.offsets[i + 1]! - weights.offsets[i]!),
  );
  const high = new Int32Array(n);
  const low = new Int32Array(n);
  const lag = spatialLag(weights, values);
  for (let start = 0, block = 0; start < permutations; start += 1024, block++) {
    const random = createRandom(seed, 1, block);
    const order = Int32Array.from({ length: n - 1 }, (_, i) => i);
    for (let row = start; row < Math.min(start + 1024, permutations); row++) {
      for (let place = 0; place < longest; place++) {
        const other = place + nextBelow(random, n - 1 - place);
        [order[place], order[other]] = [order[other]!, order[place]!];
      }
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let at = weights.offsets[i]!; at < weights.offsets[i + 1]!; at++) {
          const drawn = order[at - weights.offsets[i]!]!;
          sum += weights.values[at]! * values[drawn === i ? n - 1 : drawn]!;
        }
        if (sum >= lag[i]! - 1e-9) high[i]! += 1;
        if (sum <= lag[i]! + 1e-9) low[i]! += 1;
      }
    }
  }
  return { high, low };
}

describe('conditional permutation', () => {
  it('comes to the exact shares of all draws, for each area of a small world', () => {
    const values = Float64Array.of(1, 5, 2, 8, 3, 3, 9, 0, 4, 7);
    const weights = ring(10, 2);
    const permutations = 40_000;
    const { high, low } = conditionalPermutation(values, weights, permutations, 3);
    for (let i = 0; i < 10; i++) {
      const exact = exactShares(values, weights, i);
      for (const [count, share] of [
        [high[i]!, exact.high],
        [low[i]!, exact.low],
      ] as const) {
        const bound = 4 * Math.sqrt((share * (1 - share)) / permutations) + 1 / permutations;
        expect(Math.abs(count / permutations - share)).toBeLessThan(bound);
      }
    }
  });

  it('equals the plain computation over the same table, to the count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 40 }), fc.nat(1000), fc.boolean(), (n, seed, unequal) => {
        const random = createRandom(seed, n);
        const values = Float64Array.from({ length: n }, () => nextBelow(random, 6));
        const lists = Array.from({ length: n }, (_, i) =>
          [...Array(n).keys()].filter((j) => j !== i && nextBelow(random, n) < 4),
        );
        let weights = weightsFromNeighbours(lists);
        if (unequal) weights = { ...weights, values: weights.values.map(() => 1 + nextBelow(random, 3)) };
        const plain = plainCounts(values, weights, 1500, seed);
        const fast = conditionalPermutation(values, weights, 1500, seed);
        for (let i = 0; i < n; i++) {
          const island = weights.offsets[i] === weights.offsets[i + 1];
          expect([fast.high[i], fast.low[i]]).toEqual(island ? [-1, -1] : [plain.high[i], plain.low[i]]);
        }
      }),
      { seed: 5, numRuns: 40 },
    );
  });

  it('does not change when rows of weights are scaled, nor when the values are shifted and scaled', () => {
    const random = createRandom(2);
    const values = Float64Array.from({ length: 60 }, () => nextNormal(random));
    const weights = ring(60, 3);
    const base = conditionalPermutation(values, weights, 999, 11);
    expect(conditionalPermutation(values, rowStandardised(weights), 999, 11)).toEqual(base);
    const moved = values.map((value) => 1e6 + 50 * value);
    expect(conditionalPermutation(moved, weights, 999, 11)).toEqual(base);
    expect(conditionalPermutation(values, weights, 999, 12)).not.toEqual(base);
  });

  it('counts ties on both sides, so that values all equal but one give p = 1 and never 2', () => {
    const values = new Float64Array(30).fill(4);
    values[7] = 5;
    const weights = ring(30, 1);
    const { high, low } = conditionalPermutation(values, weights, 999, 1);
    expect(permutationP(high[20]!, low[20]!, 999).p).toBe(1);
    expect(permutationP(999, 999, 999)).toEqual({ pHigh: 1, pLow: 1, p: 1 });
    expect(permutationP(0, 999, 999)).toEqual({ pHigh: 0.001, pLow: 1, p: 0.002 });
  });

  it('works where an area has all others as neighbours, and where there is nothing to draw', () => {
    const values = Float64Array.of(1, 2, 3, 4);
    const all = weightsFromNeighbours([[1, 2, 3], [0], [0], []]);
    const { high, low } = conditionalPermutation(values, all, 99, 1);
    expect([high[0], low[0]]).toEqual([99, 99]);
    expect([high[3], low[3]]).toEqual([-1, -1]);
    const lone = conditionalPermutation(Float64Array.of(1), weightsFromNeighbours([[]]), 9, 1);
    expect(Array.from(lone.high)).toEqual([-1]);
  });
});
