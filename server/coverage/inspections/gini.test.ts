import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gini, lorenzCurve, weightedGini } from './gini.ts';

/** The definition: the mean absolute difference of all ordered pairs over twice the mean. */
function byPairs(values: readonly number[]): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let differences = 0;
  for (const one of values) for (const other of values) differences += Math.abs(one - other);
  return differences / (2 * n * n * mean);
}

const amounts = fc
  .array(fc.nat(50), { minLength: 1, maxLength: 40 })
  .filter((values) => values.some((value) => value > 0));
const settings = { seed: 20261101 };

describe('gini', () => {
  it('agrees with what was worked out by hand', () => {
    // 1, 2, 3, 4: Σ(2i − 5)x = −3·1 − 1·2 + 1·3 + 3·4 = 10, over 4·10
    expect(gini([3, 1, 4, 2])).toBeCloseTo(0.25, 12);
    // 0, 0, 3: Σ(2i − 4)x = 2·3 = 6, over 3·3: one has all, (n − 1)/n
    expect(gini([0, 3, 0])).toBeCloseTo(2 / 3, 12);
    // 2, 2, 5, 7: −3·2 − 2 + 5 + 21 = 18, over 4·16
    expect(gini([7, 2, 5, 2])).toBeCloseTo(18 / 64, 12);
  });

  it('is the mean absolute difference over twice the mean', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        expect(gini(values)).toBeCloseTo(byPairs(values), 10);
      }),
      settings,
    );
  });

  it('does not change with the unit, the order, or when every unit is there k times', () => {
    fc.assert(
      fc.property(
        amounts,
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        fc.integer({ min: 2, max: 4 }),
        (values, unit, times) => {
          const coefficient = gini(values)!;
          expect(gini(values.map((value) => value * unit))).toBeCloseTo(coefficient, 10);
          expect(gini([...values].reverse())).toBeCloseTo(coefficient, 12);
          expect(gini(Array.from({ length: times }, () => values).flat())).toBeCloseTo(coefficient, 10);
        },
      ),
      settings,
    );
  });

  it('is 0 when all have the same and (n − 1)/n when one has all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 1000 }), (n, amount) => {
        expect(gini(Array(n).fill(amount))).toBe(0);
        expect(gini([amount, ...Array(n - 1).fill(0)])).toBeCloseTo((n - 1) / n, 12);
      }),
      settings,
    );
  });

  it('falls when one with more gives to one with less (Pigou and Dalton)', () => {
    // 0 and 10 of 0, 4, 10: giving 3 leaves 3, 4, 7
    expect(gini([3, 4, 7])!).toBeLessThan(gini([0, 4, 10])!);
  });

  it('has no value where nothing is spread, and refuses what cannot be', () => {
    expect(gini([])).toBeNull();
    expect(gini([0, 0])).toBeNull();
    expect(() => gini([1, -1])).toThrow(RangeError);
    expect(() => gini([Number.NaN])).toThrow('at least 0');
  });
});

describe('weightedGini', () => {
  it('counts a value of weight k as k units', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(30), fc.nat(6)), { minLength: 1, maxLength: 15 }), (pairs) => {
        const units = pairs.flatMap(([value, weight]) => Array<number>(weight).fill(value));
        const weighted = weightedGini(
          pairs.map(([value]) => value),
          pairs.map(([, weight]) => weight),
        );
        const expected = gini(units);
        if (expected === null) expect(weighted).toBeNull();
        else expect(weighted).toBeCloseTo(expected, 10);
      }),
      settings,
    );
  });

  it('agrees with two communes worked out by hand', () => {
    // 10 establishments with 0.5 inspections each and 30 with 0.1: W = 40, μ = (5 + 3)/40 = 0.2
    // pairs: 2 · 10 · 30 · 0.4 = 240, over 2 · 1600 · 0.2 = 640
    expect(weightedGini([0.5, 0.1], [10, 30])).toBeCloseTo(0.375, 12);
  });

  it('refuses values without their weights', () => {
    expect(() => weightedGini([1, 2], [1])).toThrow('one weight for each value');
    expect(() => weightedGini([1], [-1])).toThrow('weight');
  });
});

describe('lorenzCurve', () => {
  it('agrees with what was worked out by hand', () => {
    // 6 of 10 without any, 3 with one each, 1 with two: 5 in all
    expect(lorenzCurve([0, 1, 2], [6, 3, 1])).toEqual([
      [0, 0],
      [0.6, 0],
      [0.9, 0.6],
      [1, 1],
    ]);
    expect(lorenzCurve([0, 0], [4, 2])).toEqual([]);
  });

  it('rises, lies under the diagonal, and twice the room above it is the Gini coefficient', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        const curve = lorenzCurve(
          values,
          values.map(() => 1),
          1000,
        );
        let below = 0;
        for (let index = 1; index < curve.length; index++) {
          const [x0, y0] = curve[index - 1]!;
          const [x1, y1] = curve[index]!;
          expect(x1).toBeGreaterThanOrEqual(x0);
          expect(y1).toBeGreaterThanOrEqual(y0);
          expect(y1).toBeLessThanOrEqual(x1 + 1e-12);
          below += ((x1 - x0) * (y0 + y1)) / 2;
        }
        expect(1 - 2 * below).toBeCloseTo(gini(values)!, 10);
      }),
      settings,
    );
  });

  it('keeps to as many points as asked, on the curve itself', () => {
    const values = Array.from({ length: 400 }, (_, index) => index);
    const curve = lorenzCurve(
      values,
      values.map(() => 1),
    );
    expect(curve).toHaveLength(101);
    expect(curve[0]).toEqual([0, 0]);
    expect(curve.at(-1)).toEqual([1, 1]);
    // the poorer half of 0 … 399 has 199·200/2 of 399·400/2
    expect(curve[50]).toEqual([0.5, expect.closeTo((199 * 200) / (399 * 400), 12)]);
  });
});
