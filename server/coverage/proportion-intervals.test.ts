import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newcombeDifference, wilsonInterval, Z_95 } from './proportion-intervals.ts';

const wilson = (successes: number, trials: number) => {
  const { lower, upper } = wilsonInterval({ successes, trials });
  return [lower, upper] as [number, number];
};
const counts = fc
  .tuple(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([trials, part]) => ({ successes: Math.round(trials * part), trials }));

describe('wilsonInterval', () => {
  it.each([
    // Newcombe (1998a), Table I, method 3
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('gives the published bounds for %i of %i', (successes, trials, lower, upper) => {
    expect(wilson(successes, trials).map((bound) => Number(bound.toFixed(4)))).toEqual([lower, upper]);
  });

  it('gives what prop.test(81, 263, correct = FALSE) of R 4.2 gives', () => {
    const [lower, upper] = wilson(81, 263);
    expect(lower).toBeCloseTo(0.255288519878274, 14);
    expect(upper).toBeCloseTo(0.3662095769828, 14);
  });

  it('works out by hand where z² cancels: 0 of n ends at z²/(n + z²), n of n begins at n/(n + z²)', () => {
    expect(wilson(0, 129)).toEqual([0, expect.closeTo(Z_95 ** 2 / (129 + Z_95 ** 2), 15)]);
    expect(wilson(129, 129)).toEqual([expect.closeTo(129 / (129 + Z_95 ** 2), 15), 1]);
  });

  it('says that there is nothing to count of, and refuses what is no share', () => {
    expect(wilsonInterval({ successes: 0, trials: 0 })).toEqual({
      share: null,
      lower: null,
      upper: null,
      reason: 'no-units',
    });
    for (const [successes, trials] of [
      [5, 4],
      [-1, 4],
      [Number.NaN, 4],
      [1, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(() => wilsonInterval({ successes, trials })).toThrow(RangeError);
    }
  });

  it('is the set that the score test does not reject: at each bound |p − π| = z·√(π(1 − π)/n)', () => {
    fc.assert(
      fc.property(counts, ({ successes, trials }) => {
        const p = successes / trials;
        const [lower, upper] = wilson(successes, trials);
        const score = (pi: number) => (p - pi) / Math.sqrt((pi * (1 - pi)) / trials);
        if (successes > 0) expect(score(lower)).toBeCloseTo(Z_95, 6);
        else expect(lower).toBe(0);
        if (successes < trials) expect(score(upper)).toBeCloseTo(-Z_95, 6);
        else expect(upper).toBe(1);
        expect(lower).toBeLessThanOrEqual(p);
        expect(upper).toBeGreaterThanOrEqual(p);
      }),
      { seed: 20261123 },
    );
  });

  it('mirrors: what holds of successes holds of failures', () => {
    fc.assert(
      fc.property(counts, ({ successes, trials }) => {
        const [lower, upper] = wilson(successes, trials);
        const [mirroredLower, mirroredUpper] = wilson(trials - successes, trials);
        expect(mirroredLower).toBeCloseTo(1 - upper, 12);
        expect(mirroredUpper).toBeCloseTo(1 - lower, 12);
      }),
      { seed: 20261123 },
    );
  });

  // Coverage enumerated, not simulated: all outcomes of Binomial(n, π), each with its probability, on 999 values of π.
  // Brown, Cai & DasGupta (2001), Fig. 5 and 11: near 95 % on average, low only close to 0 and 1 (0.83 at worst).
  it.each([10, 30, 129])(
    'holds 95 in 100 on average at n = %i, and hardly less than 90 away from the ends',
    (n) => {
      const bounds = Array.from({ length: n + 1 }, (_, successes) => wilson(successes, n));
      const coverage = Array.from({ length: 999 }, (_, index) => {
        const pi = (index + 1) / 1000;
        return bounds.reduce(
          (sum, [lower, upper], k) => (lower <= pi && pi <= upper ? sum + binomial(k, n, pi) : sum),
          0,
        );
      });
      const mean = coverage.reduce((sum, each) => sum + each, 0) / coverage.length;
      expect(mean).toBeGreaterThan(0.945);
      expect(mean).toBeLessThan(0.962);
      expect(Math.min(...coverage)).toBeGreaterThan(0.83);
      expect(Math.min(...coverage.slice(100, 899))).toBeGreaterThan(0.895);
    },
  );
});

describe('newcombeDifference', () => {
  it.each([
    // Newcombe (1998b), Table II, method 10
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('gives the published bounds for %i/%i − %i/%i', (x1, n1, x2, n2, lower, upper) => {
    const found = newcombeDifference({ successes: x1, trials: n1 }, { successes: x2, trials: n2 });
    expect([found.lower?.toFixed(4), found.upper?.toFixed(4)]).toEqual([lower.toFixed(4), upper.toFixed(4)]);
  });

  it('says which side has nothing to count of', () => {
    const some = { successes: 1, trials: 4 };
    const none = { successes: 0, trials: 0 };
    expect(newcombeDifference(none, some)).toMatchObject({ difference: null, reason: 'no-units-in-first' });
    expect(newcombeDifference(some, none)).toMatchObject({ difference: null, reason: 'no-units-in-second' });
  });

  it('turns about when the groups change places, stays within −1 and 1, and holds the difference', () => {
    fc.assert(
      fc.property(counts, counts, (first, second) => {
        const there = newcombeDifference(first, second);
        const back = newcombeDifference(second, first);
        if (there.difference === null || back.difference === null) throw new Error('both have units');
        expect(there.lower).toBeCloseTo(-back.upper, 12);
        expect(there.upper).toBeCloseTo(-back.lower, 12);
        expect(there.lower).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(there.upper).toBeLessThanOrEqual(1 + 1e-12);
        expect(there.lower).toBeLessThanOrEqual(there.difference);
        expect(there.upper).toBeGreaterThanOrEqual(there.difference);
      }),
      { seed: 20261123 },
    );
  });

  it('holds about 95 % where both counts are enumerated', () => {
    // mountainous against the rest in a province of 129: 30 and 99 communes
    const coverage = ([p1, p2]: readonly [number, number]) => {
      let sum = 0;
      for (let x1 = 0; x1 <= 30; x1++) {
        for (let x2 = 0; x2 <= 99; x2++) {
          const { lower, upper } = newcombeDifference(
            { successes: x1, trials: 30 },
            { successes: x2, trials: 99 },
          );
          if (lower! <= p1 - p2 && p1 - p2 <= upper!) sum += binomial(x1, 30, p1) * binomial(x2, 99, p2);
        }
      }
      return sum;
    };
    for (const shares of [
      [0.5, 0.5],
      [0.7, 0.7],
      [0.6, 0.8],
      [0.9, 0.7],
      [0.2, 0.15],
    ] as const) {
      expect(coverage(shares)).toBeGreaterThan(0.935);
      expect(coverage(shares)).toBeLessThan(0.972);
    }
  });
});

/** P(K = k) for Binomial(n, p), by products: no factorial overflows at n ≤ 129. */
function binomial(k: number, n: number, p: number): number {
  let mass = (1 - p) ** (n - k);
  for (let i = 1; i <= k; i++) mass *= (p * (n - k + i)) / i;
  return mass;
}
