import { describe, expect, it } from 'vitest';
import {
  createRandom,
  nextBelow,
  nextInt32,
  nextNormal,
  nextUint32,
  nextUniform,
  shuffle,
} from './random.ts';

describe('random', () => {
  it('is xoshiro128**: the first outputs of the state 1, 2, 3, 4 computed by hand from its definition', () => {
    // 2·5 = 10, rotated left by 7 is 1280, times 9 is 11520; the next state has s[1] = 2 ^ 1 ^ 3 = 0, so 0 follows.
    const state = new Int32Array([1, 2, 3, 4]);
    expect(nextUint32(state)).toBe(11520);
    expect(nextUint32(state)).toBe(0);
    expect(nextUint32(state)).toBe(5927040);
    expect(nextUint32(state)).toBe(70819200);
  });

  it('gives the same sequence for the same seed and streams, and another for any other', () => {
    const first = (...args: [number, ...number[]]) => {
      const random = createRandom(...args);
      return [nextInt32(random), nextInt32(random), nextInt32(random)].join();
    };
    expect(first(7, 1)).toBe(first(7, 1));
    const all = [
      first(7),
      first(7, 0),
      first(7, 1),
      first(8),
      first(7, 1, 0),
      first(7 + 2 ** 32),
      first(0),
      first(1, 7),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('refuses seeds that are not whole numbers', () => {
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53])
      expect(() => createRandom(bad)).toThrow(/integer from 0/);
  });

  it('draws integers below a bound evenly (chi-square under its 99.99 % point) and never outside', () => {
    const random = createRandom(11);
    const counts = new Float64Array(13);
    const draws = 130_000;
    for (let i = 0; i < draws; i++) counts[nextBelow(random, 13)]! += 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - draws / 13) ** 2 / (draws / 13), 0);
    expect(chiSquare).toBeLessThan(39.13);
    const large = 3_000_000_000;
    for (let i = 0; i < 1000; i++) expect(nextBelow(random, large)).toBeLessThan(large);
    expect(nextBelow(random, 1)).toBe(0);
  });

  it('has uniform and normal variates with the right first four moments', () => {
    const random = createRandom(5);
    const n = 200_000;
    let mean = 0;
    let outside = 0;
    let normalMean = 0;
    let normalSquare = 0;
    let normalFourth = 0;
    for (let i = 0; i < n; i++) {
      const u = nextUniform(random);
      if (!(u >= 0 && u < 1)) outside++;
      mean += u / n;
      const z = nextNormal(random);
      normalMean += z / n;
      normalSquare += (z * z) / n;
      normalFourth += z ** 4 / n;
    }
    expect(outside).toBe(0);
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(normalMean)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(normalSquare - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(normalFourth - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
  });

  it('shuffles to each of the 24 orders of four items about equally often', () => {
    const random = createRandom(3);
    const seen = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const items = Int32Array.of(0, 1, 2, 3);
      shuffle(random, items);
      seen.set(items.join(), (seen.get(items.join()) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    const chiSquare = [...seen.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(57.6);
  });
});
