import { describe, expect, it } from 'vitest';
import { createRandom, nextNormal, nextUniform, type Random } from '../hotspots/random.ts';
import { nextBinomial } from '../hotspots/scan/random-counts.ts';
import { completeMonthDays } from './pace.ts';
import { projectAccumulating, projectContinuing, projectKeptUp } from './projection.ts';

// The intervals are held to what they promise: years are drawn whole, the first months shown to the projection, and the
// whole year's figure must lie within its bounds about 95 times in 100. With 3,000 years the standard error is 0.4 points.
const YEARS = 3000;
const months = completeMonthDays('2026-01-01', '2026-12-31');
const daysIn = (first: number) => months.slice(0, first).reduce((sum, days) => sum + days, 0);

describe('projectAccumulating', () => {
  it('agrees with what was worked out by hand: even months, so φ = 1, and the negative binomial of R', () => {
    // 100 in 200 days, 165 days remain. Even increments: χ² = 0, φ = 1. Further units: qnbinom(c(.025, .975), 100.5,
    // prob = 200/365) = 60, 108 in R 4.2. The bounds are rounded outward by at most one.
    const periods = [50, 50].map((gained) => ({ gained, days: 100 }));
    const found = projectAccumulating({
      soFar: 100,
      elapsedDays: 200,
      remainingDays: 165,
      periods,
      most: null,
    });
    expect(found?.value).toBe(182.5);
    expect([159, 160]).toContain(found?.lower);
    expect([208, 209]).toContain(found?.upper);
  });

  it('measures the clumps: 8 and 40 in equal months are χ² = 21.33 with one degree of freedom', () => {
    // mean 24: (16² + 16²)/24 = 21.33 over 1 degree of freedom, times (12.7062/1.96)² = 42.03: clumps of 897, hence
    // hardly anything is known. The upper bound is far above twice the number so far.
    const periods = [8, 40].map((gained) => ({ gained, days: 30 }));
    const found = projectAccumulating({ soFar: 48, elapsedDays: 60, remainingDays: 60, periods, most: null });
    expect(found?.lower).toBe(48);
    expect(found?.upper).toBeGreaterThan(1000);
  });

  it('takes longer months to bring more: 31, 28 and 31 in as many days are even', () => {
    const even = [31, 28, 31].map((days) => ({ gained: days, days }));
    const uneven = [31, 28, 31].map((days) => ({ gained: 30, days }));
    const width = (periods: typeof even) => {
      const found = projectAccumulating({
        soFar: 90,
        elapsedDays: 90,
        remainingDays: 275,
        periods,
        most: null,
      })!;
      return found.upper - found.lower;
    };
    expect(width(even)).toBe(width(uneven)); // 30 in each is no more than Poisson either
    const clumped = [10, 70, 10].map((gained, i) => ({ gained, days: months[i]! }));
    expect(width(clumped)).toBeGreaterThan(3 * width(even));
  });

  it('neither falls below what is done nor rises above what there is', () => {
    const periods = [20, 2, 30].map((gained, i) => ({ gained, days: months[i]! }));
    const found = projectAccumulating({ soFar: 52, elapsedDays: 90, remainingDays: 275, periods, most: 129 });
    expect(found).toMatchObject({ lower: expect.any(Number), value: 129, upper: 129 });
    expect(found!.lower).toBeGreaterThanOrEqual(52);
  });

  const coverage = (draw: (random: Random, mean: number) => number, perDay: number, shown: number) => {
    const random = createRandom(20261123, Math.round(1000 * perDay), shown);
    let held = 0;
    for (let year = 0; year < YEARS; year++) {
      const gained = months.map((days) => draw(random, perDay * days));
      const periods = gained.slice(0, shown).map((each, i) => ({ gained: each, days: months[i]! }));
      const soFar = periods.reduce((sum, period) => sum + period.gained, 0);
      const elapsedDays = daysIn(shown);
      const found = projectAccumulating({
        soFar,
        elapsedDays,
        remainingDays: 365 - elapsedDays,
        periods,
        most: null,
      })!;
      const final = gained.reduce((sum, each) => sum + each, 0);
      if (found.lower <= final && final <= found.upper) held++;
    }
    return held / YEARS;
  };

  // φ is estimated and never taken below 1, so that counts that really come one by one get more than 95 %.
  it.each([
    [3, 0.3],
    [6, 2],
    [10, 0.3],
    [10, 2],
    [10, 30],
  ])('holds at least 95 in 100 Poisson years after %i months at %d a day', (shown, perDay) => {
    const held = coverage(poisson, perDay, shown);
    expect(held).toBeGreaterThan(0.95);
    expect(held).toBeLessThan(0.996);
  });

  it.each([
    [3, 30, 60],
    [6, 30, 60],
    [10, 2, 3],
    [10, 30, 60],
    [10, 300, 600],
  ])(
    'holds 95 in 100 after %i months at %d a day, %i times as dispersed as Poisson',
    (shown, perDay, dispersion) => {
      const draw = (random: Random, mean: number) =>
        poisson(random, gamma(random, mean / (dispersion - 1)) * (dispersion - 1));
      expect(Math.abs(coverage(draw, perDay, shown) - 0.95)).toBeLessThan(0.016);
    },
  );

  it('holds 95 % of years of sessions with 60 people each on average', () => {
    const sessions = (random: Random, mean: number) => {
      let people = 0;
      for (let held = poisson(random, mean / 60); held > 0; held--) {
        people += 1 + Math.floor(-59.5 * Math.log(1 - nextUniform(random)));
      }
      return people;
    };
    expect(Math.abs(coverage(sessions, 100, 10) - 0.95)).toBeLessThan(0.016);
  });
});

describe('projectKeptUp', () => {
  it('agrees with what was worked out by hand', () => {
    // 81 of 100 after two quarters: half of what was lost in two is lost in each, 0.9 stays, 0.81² · 100 = 65.61
    const found = projectKeptUp({ kept: 81, of: 100, elapsedQuarters: 2, quarters: 4 });
    expect(found.value).toBeCloseTo(65.61, 10);
    expect(found.lower).toBeLessThan(60);
    expect(found.upper).toBeGreaterThan(70);
  });

  it('averages Binomial(X, q) over the posterior: with one quarter of two left, the beta-binomial', () => {
    // K = 2, k = 1: q = s, so that Y is beta-binomial (10, 10.5, 0.5): P(Y = 10) = B(20.5, 0.5)/B(10.5, 0.5) = 0.7115,
    // P(Y ≤ 6) = 0.0141 and P(Y ≤ 7) = 0.0394 (R 4.2).
    expect(projectKeptUp({ kept: 10, of: 10, elapsedQuarters: 1, quarters: 2 })).toEqual({
      value: 10,
      lower: 7,
      upper: 10,
    });
  });

  it('knows the end: nothing is lost any more, and nothing can be where nothing is kept', () => {
    const end = { kept: 81, of: 100, elapsedQuarters: 4, quarters: 4 };
    expect(projectKeptUp(end)).toEqual({ value: 81, lower: 81, upper: 81 });
    expect(projectKeptUp({ ...end, kept: 0, elapsedQuarters: 1 })).toEqual({ value: 0, lower: 0, upper: 0 });
  });

  it.each([
    [1, 0.7],
    [1, 0.97],
    [2, 0.9],
    [3, 0.9],
  ])(
    'holds at least 95 in 100 years after %i quarters in which %d of 129 communes stay',
    (elapsedQuarters, stay) => {
      const random = createRandom(20261123, elapsedQuarters, Math.round(100 * stay));
      let held = 0;
      for (let year = 0; year < YEARS; year++) {
        const kept = [129];
        for (let quarter = 1; quarter <= 4; quarter++) {
          kept.push(nextBinomial(random, kept[quarter - 1]!, stay));
        }
        const found = projectKeptUp({ kept: kept[elapsedQuarters]!, of: 129, elapsedQuarters, quarters: 4 });
        if (found.lower <= kept[4]! && kept[4]! <= found.upper) held++;
      }
      expect(held / YEARS).toBeGreaterThan(0.938);
      expect(held / YEARS).toBeLessThan(0.982);
    },
  );
});

describe('projectContinuing', () => {
  it('shrinks to the share itself on the last day', () => {
    const found = projectContinuing({ well: 54, decided: 60, elapsedDays: 365, remainingDays: 0 });
    expect(found).toEqual({ value: 0.9, lower: 0.9, upper: 0.9 });
  });

  it('does not promise that all will go well because all did', () => {
    const found = projectContinuing({ well: 60, decided: 60, elapsedDays: 305, remainingDays: 60 });
    expect([found.value, found.upper]).toEqual([1, 1]);
    expect(found.lower).toBeLessThan(1);
    expect(found.lower).toBeGreaterThan(0.95);
  });

  it.each([
    [3, 0.5, 0.9],
    [6, 2, 0.97],
    [10, 0.5, 0.9],
  ])(
    'holds at least about 95 in 100 after %i months with %d cases a day of which %d go well',
    (shown, perDay, well) => {
      const random = createRandom(20261123, shown, Math.round(100 * well));
      const elapsedDays = daysIn(shown);
      const remainingDays = 365 - elapsedDays;
      let held = 0;
      for (let year = 0; year < YEARS; year++) {
        const decided = poisson(random, perDay * elapsedDays);
        const later = poisson(random, perDay * remainingDays);
        const first = nextBinomial(random, decided, well);
        const final = (first + nextBinomial(random, later, well)) / (decided + later);
        const found = projectContinuing({ well: first, decided, elapsedDays, remainingDays });
        if (found.lower <= final + 1e-12 && final - 1e-12 <= found.upper) held++;
      }
      expect(held / YEARS).toBeGreaterThan(0.938);
    },
  );
});

/** Inversion below 200, above it the rounded normal, whose error is far below what 3,000 years can tell. */
function poisson(random: Random, mean: number): number {
  if (mean > 200) return Math.max(0, Math.round(mean + Math.sqrt(mean) * nextNormal(random)));
  const u = nextUniform(random);
  let mass = Math.exp(-mean);
  let sum = mass;
  let k = 0;
  while (u > sum && k < 1000) {
    k++;
    mass *= mean / k;
    sum += mass;
  }
  return k;
}

/** Gamma with the given shape and scale 1 (Marsaglia & Tsang 2000). */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * nextUniform(random) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = nextNormal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(nextUniform(random)) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
