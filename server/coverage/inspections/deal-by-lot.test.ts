import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealByLot, type EstablishmentLot, type EstablishmentsHad, observedGini } from './deal-by-lot.ts';

type Cell = EstablishmentLot & EstablishmentsHad;
const cell = (communeCode: string, establishments: number, inspections: number, days = 300): Cell => ({
  communeCode,
  establishments,
  inspections,
  days,
});
/** The inspections of the cells dealt anew. */
const dealt = (cells: readonly Cell[], seed?: number) =>
  dealByLot(
    cells,
    cells.reduce((sum, { inspections, establishments }) => sum + inspections * establishments, 0),
    seed,
  );
/** What each commune of the cells had. */
function communesOf(cells: readonly Cell[]): EstablishmentsHad[] {
  return [...new Set(cells.map(({ communeCode }) => communeCode))].map((code) => {
    const own = cells.filter(({ communeCode }) => communeCode === code);
    return {
      inspections: own.reduce((sum, one) => sum + one.inspections * one.establishments, 0),
      establishments: own.reduce((sum, one) => sum + one.establishments, 0),
    };
  });
}

/**
 * The mean Gini of K inspections dealt to N establishments with equal chances, without simulation: the mean absolute
 * difference of two counts of a multinomial. Of the K, S ~ Bin(K, 2/N) fall on the two; given S the one has B ~ Bin(S, 1/2),
 * and they differ by |2B − S|. G = Σ over the N(N − 1) ordered pairs, over 2NK.
 */
function expectedGini(n: number, k: number): number {
  const logFactorial = [0];
  for (let i = 1; i <= k; i++) logFactorial.push(logFactorial[i - 1]! + Math.log(i));
  const binomial = (trials: number, hits: number, p: number) =>
    p === 1
      ? Number(hits === trials)
      : Math.exp(
          logFactorial[trials]! -
            logFactorial[hits]! -
            logFactorial[trials - hits]! +
            hits * Math.log(p) +
            (trials - hits) * Math.log(1 - p),
        );
  let difference = 0;
  for (let s = 0; s <= k; s++) {
    let given = 0;
    for (let b = 0; b <= s; b++) given += binomial(s, b, 0.5) * Math.abs(2 * b - s);
    difference += binomial(k, s, 2 / n) * given;
  }
  return (n * (n - 1) * difference) / (2 * n * k);
}

describe('dealByLot', () => {
  it('gives what can be worked out by hand', () => {
    // two establishments, one inspection: one has all, G = (2 − 1)/2 whoever has it
    expect(dealt([cell('1', 1, 1), cell('1', 1, 0)])?.establishments).toEqual({
      gini: 0.5,
      lower: 0.5,
      upper: 0.5,
    });
    // two inspections: 1 and 1 with 1/2 (G = 0), otherwise 2 and 0 (G = 1/2): 1/4 in the mean
    const two = dealt([cell('1', 2, 1)])!;
    expect(two.replications).toBe(999);
    // four standard errors of a mean of 999: 4 · 0.25/√999 = 0.032
    expect(Math.abs(two.establishments.gini - 0.25)).toBeLessThan(0.032);
    expect(expectedGini(2, 2)).toBeCloseTo(0.25, 12);
  });

  it.each([
    [30, 1],
    [100, 4],
    [12, 5],
    [250, 2],
  ])(
    'agrees with the multinomial mean for %i establishments, half of them with %i inspections',
    (n, each) => {
      const k = (n * each) / 2;
      const { establishments, replications } = dealt([cell('1', n / 2, each), cell('1', n / 2, 0)])!;
      // the range is 1.96 standard deviations on either side, for so many deals
      const deviation = (establishments.upper - establishments.lower) / (2 * 1.96);
      expect(Math.abs(establishments.gini - expectedGini(n, k))).toBeLessThan(
        (4 * deviation) / Math.sqrt(replications),
      );
    },
  );

  it('gives by days active: an establishment open a tenth of the time gets a tenth as many', () => {
    // 40 open for 300 days and 40 for 30, 4,400 inspections: 100 and 10 each in the mean. Between the groups
    // 2·40·40·90 = 288,000. Within, counts are close to normal with variances 100 and 10, and two of them differ by 2σ/√π:
    // 40·39·(11.28 + 3.57) = 23,170. Over 2·80·4400: 0.442. With equal chances it would be 0.076.
    const { gini } = dealt([cell('1', 40, 100, 300), cell('2', 40, 10, 30)])!.establishments;
    expect(gini).toBeCloseTo(0.442, 2);
    // over the two communes nearly nothing but that
    const { communes } = dealt([cell('1', 40, 100, 300), cell('2', 40, 10, 30)])!;
    expect(communes.gini).toBeCloseTo(0.409, 2);
  });

  it('deals by communes in proportion to their establishments', () => {
    // 10 and 90 establishments, 1,000 inspections: x ~ Bin(1000, 0.1) of the small one. The weighted Gini of two is
    // |90x − 10(1000 − x)|/(100·1000) = |x − 100|/1000; the mean of |x − 100| is near √(2·90/π) = 7.57.
    const { communes } = dealt([cell('1', 10, 10), cell('2', 90, 10)])!;
    expect(communes.gini).toBeCloseTo(0.00757, 3);
  });

  it('gives the same for the same, and nothing for nothing', () => {
    const cells = [cell('1', 20, 1), cell('2', 30, 0, 200)];
    expect(dealt(cells)).toEqual(dealt(cells));
    expect(dealt(cells, 2)).not.toEqual(dealt(cells));
    expect(dealt([])).toBeNull();
    expect(dealt([cell('1', 20, 0)])).toBeNull();
    expect(() => dealt([cell('1', 20, 1, 0)])).toThrow('not active');
  });

  it('covers what was dealt by lot in most cases: 0.95 of them but for its own chance', () => {
    // 60 provinces dealt with other seeds; fewer than 50 within would have a chance below 0.0001
    let within = 0;
    for (let seed = 100; seed < 160; seed++) {
      const province = dealtProvince(seed);
      const observed = observedGini(province, communesOf(province)).establishments!;
      const { lower, upper } = dealt(province)!.establishments;
      if (observed >= lower && observed <= upper) within++;
    }
    expect(within).toBeGreaterThanOrEqual(50);
  });
});

/** 200 establishments and 150 inspections, by a generator that is not the one under test. */
function dealtProvince(seed: number): Cell[] {
  const had = Array<number>(200).fill(0);
  let state = seed * 2654435761;
  for (let dealt = 0; dealt < 150; dealt++) {
    // Park and Miller's minimal standard generator
    for (let turn = 0; turn < 3; turn++) state = ((state % 2147483647) * 48271) % 2147483647;
    had[Math.floor((state / 2147483647) * 200)]!++;
  }
  return had.map((inspections) => cell('1', 1, inspections));
}

describe('observedGini', () => {
  it('agrees with a province worked out by hand', () => {
    // commune 1: 4 establishments, one with 2 inspections; commune 2: 1 establishment with 1. x = 0, 0, 0, 1, 2:
    // Σ(2i − 6)x = 2·1 + 4·2 = 10, over 5·3. Communes: 0.5 each of 4 and 1 of 1: 2·4·1·0.5/(2·25·0.6) = 4/30
    const cells = [cell('1', 3, 0), cell('1', 1, 2), cell('2', 1, 1)];
    const { establishments, communes } = observedGini(cells, communesOf(cells));
    expect(establishments).toBeCloseTo(10 / 15, 12);
    expect(communes).toBeCloseTo(4 / 30, 12);
  });

  it('does not depend on how establishments are put into cells, nor on their order', () => {
    const some = fc.array(
      fc.record({
        communeCode: fc.constantFrom('1', '2', '3'),
        days: fc.constant(10),
        inspections: fc.nat(3),
        establishments: fc.integer({ min: 1, max: 4 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(some, (cells) => {
        const single = cells.flatMap((one) =>
          Array.from({ length: one.establishments }, () => ({ ...one, establishments: 1 })),
        );
        const whole = observedGini(cells, communesOf(cells));
        const taken = observedGini(single.reverse(), communesOf(single).reverse());
        for (const over of ['establishments', 'communes'] as const) {
          if (whole[over] === null) expect(taken[over]).toBeNull();
          else expect(taken[over]).toBeCloseTo(whole[over], 10);
        }
      }),
      { seed: 20261101 },
    );
  });
});
