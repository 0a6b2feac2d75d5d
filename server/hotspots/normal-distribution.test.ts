import { describe, expect, it } from 'vitest';
import { normalCdf, normalTwoSided, normalUpperTail } from './normal-distribution.ts';

// erfc(z/√2)/2 to 20 digits by mpmath 1.3 at 40 digits; the points lie in and at the borders of the three ranges.
const UPPER_TAIL: [number, number][] = [
  [0, 0.5],
  [1e-10, 0.49999999996010575],
  [0.1, 0.460172162722971],
  [0.5, 0.3085375387259869],
  [0.67448975, 0.25000000006231016],
  [0.6745, 0.24999674286369916],
  [1, 0.15865525393145705],
  [1.2345678901234567, 0.10849568274817153],
  [1.96, 0.024997895148220435],
  [2.5758293035489004, 0.005000000000000005],
  [3.3, 0.0004834241423837775],
  [4.891638475698, 5.000000000015011e-7],
  [5.6568542494, 7.708628954287411e-9],
  [5.6568542495, 7.708628949797906e-9],
  [6, 9.86587645037698e-10],
  [8.3, 5.205569744890254e-17],
  [10.125, 2.139893673719629e-24],
  [15.7, 7.56210317468378e-56],
  [20, 2.7536241186062337e-89],
  [27.5, 8.778170556878084e-167],
  [37, 5.725571222524577e-300],
];

describe('normal distribution', () => {
  it.each(UPPER_TAIL)('upper tail at %f agrees to 1e-13 relative', (z, expected) => {
    expect(Math.abs(normalUpperTail(z) / expected - 1)).toBeLessThan(1e-13);
    expect(Math.abs(normalCdf(-z) / expected - 1)).toBeLessThan(1e-13);
    expect(Math.abs(normalTwoSided(z) / (2 * expected) - 1)).toBeLessThan(1e-13);
    expect(normalTwoSided(-z)).toBe(normalTwoSided(z));
    expect(Math.abs(normalCdf(z) - (1 - expected))).toBeLessThan(3e-16);
  });

  it('never exceeds 1, reaches the ends, and passes NaN on', () => {
    expect(normalTwoSided(0)).toBe(1);
    expect(normalCdf(Infinity)).toBe(1);
    expect(normalCdf(-Infinity)).toBe(0);
    expect(normalUpperTail(Infinity)).toBe(0);
    expect(normalCdf(Number.NaN)).toBeNaN();
    expect(normalTwoSided(Number.NaN)).toBeNaN();
  });

  it('falls as z grows, also across the joins of the ranges', () => {
    let previous = 1;
    for (let step = 0; step < 4000; step++) {
      const tail = normalUpperTail(step / 110);
      expect(tail).toBeLessThan(previous);
      previous = tail;
    }
  });
});
