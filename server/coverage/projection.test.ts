import { describe, expect, it } from 'vitest';
import { createRandom, nextNormal, nextUniform, type Random } from '../hotspots/random.ts';
import { nextBinomial } from '../hotspots/scan/random-counts.ts';
import { completeMonthDays } from './pace.ts';
import {
  type Period,
  projectAccumulating,
  projectContinuing,
  projectKeptUp,
  rateOfLate,
} from './projection.ts';

// The intervals are held to what they promise: years are drawn whole, the first months shown to the projection, and the
// whole year's figure must lie within its bounds about 95 times in 100. With 3,000 years the standard error is 0.4 points.
const YEARS = 3000;
const months = completeMonthDays('2026-01-01', '2026-12-31');
const daysIn = (first: number) => months.slice(0, first).reduce((sum, days) => sum + days, 0);

describe('rateOfLate', () => {
  it('agrees with what was worked out by hand', () => {
    // Two periods of 45 days: their middles are 45 days apart, so that the earlier one counts half. 90, then 30: (90/2 + 30)
    // in (45/2 + 45) days, 75/67.5 a day. T_e = 45·(½ + 1)²/(¼ + 1) = 81 of the 90 days.
    const found = rateOfLate([90, 30].map((gained) => ({ gained, days: 45 })))!;
    expect(found.perDay).toBeCloseTo(75 / 67.5, 12);
    expect(found.effectiveDays).toBeCloseTo(81, 12);
  });

  it('is the mean where all days brought the same, however they are cut, and null of no day', () => {
    const even = months.slice(0, 10).map((days) => ({ gained: 2 * days, days }));
    expect(rateOfLate(even)?.perDay).toBeCloseTo(2, 12);
    expect(rateOfLate([...even, { gained: 0, days: 0 }])).toEqual(rateOfLate(even));
    expect(rateOfLate([{ gained: 0, days: 0 }])).toBeNull();
  });

  it('follows months that slow down: 688 in ten months, of which 111 in the last three', () => {
    const periods = slowing.map((gained, i) => ({ gained, days: months[i]! }));
    // 68 each 30 days on average, 36.2 in the last 92 days, 40.6 weighted
    expect((30 * 688) / 304).toBeCloseTo(67.9, 1);
    expect(30 * rateOfLate(periods)!.perDay).toBeCloseTo(40.6, 1);
  });
});

// First inspections of establishments, month by month.
const slowing = [191, 71, 88, 73, 70, 52, 32, 36, 37, 38];
const nothingSince = { gained: 0, days: 0 };

describe('projectAccumulating', () => {
  const project = (periods: readonly Period[], remainingDays: number, most: number | null = null) =>
    projectAccumulating({
      soFar: periods.reduce((sum, { gained }) => sum + gained, 0),
      remainingDays,
      periods,
      running: nothingSince,
      most,
    });

  it('agrees with what was worked out by hand: even months, so φ = 1, and the negative binomial of R', () => {
    // 45 in each of two periods of 45 days: 1 a day, T_e = 81 as above, 81 days remain. χ² = 0, φ = 1. Further units:
    // qnbinom(c(.025, .975), 81.5, prob = 81/(81 + 81)) = 58, 108 in SciPy 1.17. The bounds are rounded outward by at most one.
    const found = project(
      [45, 45].map((gained) => ({ gained, days: 45 })),
      81,
    );
    expect(found?.value).toBeCloseTo(171, 12);
    expect([147, 148]).toContain(found?.lower);
    expect([198, 199]).toContain(found?.upper);
  });

  it('goes on at the pace of late: 688 after ten months that slow down end at 771, not at 826', () => {
    // 688 + 61·1.3542 = 770.6; at the year's mean 688 + 61·688/304 = 826.1
    const found = project(
      slowing.map((gained, i) => ({ gained, days: months[i]! })),
      61,
    );
    expect(found?.value).toBeCloseTo(770.6, 1);
  });

  it('counts the running month with its days in the rate, and not in the clumps', () => {
    const periods = [30, 30].map((gained) => ({ gained, days: 30 }));
    const then = (gained: number) =>
      projectAccumulating({
        soFar: 60 + gained,
        remainingDays: 30,
        periods,
        running: { gained, days: 15 },
        most: null,
      })!;
    // middles 52.5, 30 − 7.5 earlier; weights of 15 days: ½^(7.5/45), ½^(30/45), ½^(60/45)
    const weights = [0.5 ** (60 / 45), 0.5 ** (30 / 45), 0.5 ** (7.5 / 45)] as const;
    const rate = (30 * weights[0] + 30 * weights[1]) / (30 * weights[0] + 30 * weights[1] + 15 * weights[2]);
    expect(then(0).value).toBeCloseTo(60 + 30 * rate, 10);
    expect(then(15).value).toBeCloseTo(105, 10);
    // 15 of even work keep φ at 1: hardly more than ±1.96·√(30·(1 + 30/T_e))
    expect(then(15).upper - then(15).lower).toBeLessThan(30);
  });

  it('measures the clumps: 8 and 40 in equal months are χ² = 21.33 with one degree of freedom', () => {
    // mean 24: (16² + 16²)/24 = 21.33 over 1 degree of freedom, times (12.7062/1.96)² = 42.03: clumps of 897, hence
    // hardly anything is known. The upper bound is far above twice the number so far.
    const found = project(
      [8, 40].map((gained) => ({ gained, days: 30 })),
      60,
    );
    expect(found?.lower).toBe(48);
    expect(found?.upper).toBeGreaterThan(1000);
  });

  it('takes longer months to bring more: 31, 28 and 31 in as many days are even', () => {
    const width = (gained: readonly number[]) => {
      const found = project(
        gained.map((each, i) => ({ gained: each, days: months[i]! })),
        275,
      )!;
      return found.upper - found.lower;
    };
    // 30 in each is no more than Poisson either; the rate of late differs by 1 in 100
    expect(Math.abs(width([30, 30, 30]) - width([31, 28, 31]))).toBeLessThan(5);
    expect(width([10, 70, 10])).toBeGreaterThan(3 * width([31, 28, 31]));
  });

  it('neither falls below what is done nor rises above what there is', () => {
    const found = project(
      [20, 2, 30].map((gained, i) => ({ gained, days: months[i]! })),
      275,
      129,
    );
    expect(found).toMatchObject({ lower: expect.any(Number), value: 129, upper: 129 });
    expect(found!.lower).toBeGreaterThanOrEqual(52);
  });

  it('says nothing from one month, or from months in which nothing came', () => {
    expect(project([{ gained: 30, days: 31 }], 334)).toBeNull();
    expect(
      project(
        [0, 0].map((gained) => ({ gained, days: 30 })),
        300,
      ),
    ).toBeNull();
  });

  type Draw = (random: Random, mean: number) => number;
  /** How many in 100 years the interval held, after `shown` months and `running` days of the next. */
  const coverage = (draw: Draw, perDay: number, shown: number, factor = 1, running = 0) => {
    const random = createRandom(
      20261123,
      Math.round(1000 * perDay),
      shown,
      Math.round(100 * factor),
      running,
    );
    const dayRate = (month: number) => perDay * factor ** month;
    let held = 0;
    for (let year = 0; year < YEARS; year++) {
      const periods = months
        .slice(0, shown)
        .map((days, month) => ({ gained: draw(random, dayRate(month) * days), days }));
      const started = { gained: running ? draw(random, dayRate(shown) * running) : 0, days: running };
      const later = months
        .slice(shown)
        .map((days, i) => draw(random, dayRate(shown + i) * (i ? days : days - running)));
      const soFar = periods.reduce((sum, { gained }) => sum + gained, started.gained);
      const remainingDays = 365 - daysIn(shown) - running;
      const found = projectAccumulating({ soFar, remainingDays, periods, running: started, most: null })!;
      const final = later.reduce((sum, each) => sum + each, soFar);
      if (found.lower <= final && final <= found.upper) held++;
    }
    return held / YEARS;
  };
  /** Counts whose variance is `dispersion` times their mean. */
  const clumped =
    (dispersion: number): Draw =>
    (random, mean) =>
      poisson(random, gamma(random, mean / (dispersion - 1)) * (dispersion - 1));

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
      expect(Math.abs(coverage(clumped(dispersion), perDay, shown) - 0.95)).toBeLessThan(0.016);
    },
  );

  // Nothing is assumed about a trend. Late in the year, when the status matters, the rate of late and the φ that the trend
  // itself makes hold it; the year's mean held 70 and 89 of 100 falling years, 26 and 70 of rising ones.
  it.each([
    ['fall', 0.92, 1, 0, 0.975],
    ['fall', 0.92, 10, 0, 0.94],
    ['fall', 0.92, 10, 15, 0.955],
    ['rise', 1.08, 1, 0, 0.95],
    ['rise', 1.08, 10, 0, 0.895],
    ['rise', 1.08, 10, 15, 0.91],
  ])(
    'at the end of October holds years whose months %s, times %d, dispersion %i, %i days on: %d',
    (_way, ...asked) => {
      const [factor, dispersion, running, least] = asked;
      const draw = dispersion === 1 ? poisson : clumped(dispersion);
      expect(coverage(draw, 2.3, 10, factor, running)).toBeGreaterThan(least);
    },
  );

  it('holds even years from the middle of a month too', () => {
    const held = coverage(clumped(10), 2.3, 10, 1, 15);
    expect(Math.abs(held - 0.955)).toBeLessThan(0.016);
  });

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
