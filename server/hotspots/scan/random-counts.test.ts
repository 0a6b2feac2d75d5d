import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { addMultinomial, createAliasTable, nextAlias, nextBinomial } from './random-counts.ts';

/** Σ (observed − expected)²/expected over cells that expect 5 or more. */
function chiSquare(observed: ArrayLike<number>, expected: number[]): { statistic: number; cells: number } {
  let statistic = 0;
  let cells = 0;
  expected.forEach((own, i) => {
    if (own < 5) return;
    statistic += (observed[i]! - own) ** 2 / own;
    cells++;
  });
  return { statistic, cells };
}

describe('nextBinomial', () => {
  it.each([
    [20, 0.2],
    [20, 0.9],
    [400, 0.01],
    [400, 0.3],
    [1000, 0.5],
  ])('n = %i, p = %f has the binomial distribution', (n, p) => {
    const random = createRandom(3);
    const draws = 40000;
    const counts = new Int32Array(n + 1);
    for (let i = 0; i < draws; i++) counts[nextBinomial(random, n, p)]!++;
    let logMass = n * Math.log1p(-p);
    const expected = Array.from({ length: n + 1 }, (_, k) => {
      if (k > 0) logMass += Math.log((n - k + 1) / k) + Math.log(p / (1 - p));
      return draws * Math.exp(logMass);
    });
    const { statistic, cells } = chiSquare(counts, expected);
    expect(statistic).toBeLessThan(cells + 4 * Math.sqrt(2 * cells));
  });

  it('has its bounds', () => {
    const random = createRandom(4);
    expect(nextBinomial(random, 0, 0.5)).toBe(0);
    expect(nextBinomial(random, 9, 0)).toBe(0);
    expect(nextBinomial(random, 9, 1)).toBe(9);
  });
});

describe('nextAlias', () => {
  it('draws in proportion, and never what has no weight', () => {
    const weights = Float64Array.of(0, 5, 0.5, 0, 3, 1.5, 0);
    const table = createAliasTable(weights);
    const random = createRandom(5);
    const counts = new Int32Array(7);
    for (let i = 0; i < 100000; i++) counts[nextAlias(random, table)]!++;
    expect([counts[0], counts[3], counts[6]]).toEqual([0, 0, 0]);
    const { statistic } = chiSquare(
      counts,
      Array.from(weights, (weight) => weight * 10000),
    );
    expect(statistic).toBeLessThan(16.3);
  });
});

describe('addMultinomial', () => {
  it.each([30, 3000])('gives out %i events, each cell as a binomial', (count) => {
    const weights = Float64Array.of(1, 0, 2, 3, 4);
    const table = createAliasTable(weights);
    const random = createRandom(6);
    const sums = new Float64Array(5);
    const squares = new Float64Array(5);
    const runs = 4000;
    for (let run = 0; run < runs; run++) {
      const cells = new Int32Array(5);
      addMultinomial(random, count, weights, table, cells);
      expect(cells.reduce((total, own) => total + own, 0)).toBe(count);
      cells.forEach((own, i) => {
        sums[i]! += own;
        squares[i]! += own * own;
      });
    }
    weights.forEach((weight, i) => {
      const mean = (count * weight) / 10;
      const variance = mean * (1 - weight / 10);
      expect(Math.abs(sums[i]! / runs - mean)).toBeLessThanOrEqual(4 * Math.sqrt(variance / runs));
      expect(Math.abs(squares[i]! / runs - (sums[i]! / runs) ** 2 - variance)).toBeLessThanOrEqual(
        0.1 * variance,
      );
    });
  });
});
