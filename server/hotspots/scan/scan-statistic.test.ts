import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, nextBelow, shuffle } from '../random.ts';
import { naiveBernoulli, naivePoisson, naiveScan } from '../testing/naive-scan.ts';
import { poissonWorld, spaceTimeWorld, sum } from '../testing/scan-worlds.ts';
import { runReplications } from './scan-replications.ts';
import { prepareScan, type ScanInput, scanStatistic } from './scan-statistic.ts';

describe('a scan by hand', () => {
  it('three places on a line: 6 of 10 cases among a third of the people', () => {
    const result = scanStatistic(
      {
        model: 'poisson',
        xs: Float64Array.of(0, 1, 10),
        ys: Float64Array.of(0, 0, 0),
        geographic: false,
        cases: Float64Array.of(6, 2, 2),
        population: Float64Array.of(100, 100, 100),
        maximumShare: 0.5,
      },
      0,
      1,
    );
    const [cluster] = result.clusters;
    expect(cluster).toMatchObject({
      rows: [0],
      centreRow: 0,
      radius: 0,
      observed: 6,
      population: 100,
      p: null,
    });
    expect(cluster!.expected).toBeCloseTo(10 / 3, 12);
    expect(cluster!.logLikelihoodRatio).toBeCloseTo(6 * Math.log(1.8) + 4 * Math.log(0.6), 12);
    expect(cluster!.relativeRisk).toBeCloseTo(6 / 100 / (4 / 200), 12);
  });

  it('Bernoulli: 5 of 6 cases against 3 of 14, ratio and relative risk', () => {
    const result = scanStatistic(
      {
        model: 'bernoulli',
        xs: Float64Array.of(0, 5, 9),
        ys: Float64Array.of(0, 0, 0),
        geographic: false,
        cases: Float64Array.of(5, 2, 1),
        controls: Float64Array.of(1, 5, 6),
        maximumShare: 0.5,
      },
      0,
      1,
    );
    const [cluster] = result.clusters;
    const null_ = 8 * Math.log(8 / 20) + 12 * Math.log(12 / 20);
    const alternative = 5 * Math.log(5 / 6) + Math.log(1 / 6) + 3 * Math.log(3 / 14) + 11 * Math.log(11 / 14);
    expect(cluster!.logLikelihoodRatio).toBeCloseTo(alternative - null_, 12);
    expect(cluster!.relativeRisk).toBeCloseTo(5 / 6 / (3 / 14), 12);
    expect(cluster!.expected).toBeCloseTo((6 * 8) / 20, 12);
  });

  it('permutation: expected is cases of the place times cases of the time over all', () => {
    const events = {
      rows: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 1, 1),
      intervals: Int32Array.of(3, 3, 3, 0, 0, 1, 1, 2, 2, 3),
      counts: new Int32Array(10).fill(1),
      days: new Float64Array(4).fill(1),
    };
    const result = scanStatistic(
      {
        model: 'space-time-permutation',
        xs: Float64Array.of(0, 1),
        ys: Float64Array.of(0, 0),
        geographic: false,
        events,
        maximumShare: 0.5,
      },
      0,
      1,
    );
    const [cluster] = result.clusters;
    expect(cluster).toMatchObject({ rows: [0], intervals: [3, 3], observed: 3, relativeRisk: null });
    expect(cluster!.expected).toBeCloseTo((4 * 4) / 10, 12);
    expect(cluster!.logLikelihoodRatio).toBeCloseTo(3 * Math.log(3 / 1.6) + 7 * Math.log(7 / 8.4), 12);
  });

  it('a radius along the sphere: one degree of latitude is 6,367 km times π/180', () => {
    const result = scanStatistic(
      {
        model: 'poisson',
        xs: Float64Array.of(105, 105, 110),
        ys: Float64Array.of(20, 21, 15),
        geographic: true,
        cases: Float64Array.of(5, 5, 1),
        population: Float64Array.of(10, 10, 80),
        maximumShare: 0.5,
      },
      0,
      1,
    );
    expect(result.clusters[0]!.rows.toSorted()).toEqual([0, 1]);
    expect(result.clusters[0]!.radius).toBeCloseTo((6_367_000 * Math.PI) / 180, 6);
  });
});

describe('the most likely cluster is that of the definition', () => {
  it.each([1, 2, 3, 4, 5, 6])('Poisson, world %i', (seed) => {
    const world = poissonWorld(seed, 60, 20 * seed);
    const total = sum(world.cases);
    const naive = naiveScan({
      ...world,
      atRisk: world.population,
      share: 0.5,
      cells: Array.from(world.cases, (cases) => [cases]),
      expected: world.population.map((own) => (total * own) / sum(world.population)),
      intervalShares: [1],
      longest: 1,
      ratioOf: naivePoisson(total),
    });
    const { candidates } = prepareScan(world);
    expect(Math.max(...candidates.map(({ ratio }) => ratio))).toBeCloseTo(naive.ratio, 9);
  });

  it.each([1, 2, 3])('Bernoulli, world %i', (seed) => {
    const { xs, ys, cases, population } = poissonWorld(seed, 50, 60);
    const controls = population.map((own, i) => Math.floor(own / 50) + (i % 3));
    const individuals = sum(cases) + sum(controls);
    const atRisk = cases.map((own, i) => own + controls[i]!);
    const naive = naiveScan({
      xs,
      ys,
      atRisk,
      share: 0.3,
      cells: Array.from(cases, (own) => [own]),
      expected: atRisk.map((own) => (sum(cases) * own) / individuals),
      intervalShares: [1],
      longest: 1,
      ratioOf: naiveBernoulli(sum(cases), individuals),
    });
    const { candidates } = prepareScan({
      model: 'bernoulli',
      xs,
      ys,
      geographic: false,
      cases,
      controls,
      maximumShare: 0.3,
    });
    expect(Math.max(...candidates.map(({ ratio }) => ratio))).toBeCloseTo(naive.ratio, 9);
  });

  it.each([
    ['space-time-permutation', 30],
    ['space-time-permutation', 400],
    ['space-time-poisson', 50],
    ['space-time-poisson', 500],
  ] as const)('%s with %i cases, in worlds of their own', (model, cases) => {
    for (let seed = 1; seed <= 5; seed++) {
      const world = spaceTimeWorld(seed, 25, 13, cases, model);
      const events = world.events!;
      const cells = Array.from({ length: 25 }, () => new Array<number>(13).fill(0));
      for (let i = 0; i < cases; i++) cells[events.rows[i]!]![events.intervals[i]!]!++;
      const byPlace = cells.map((row) => sum(row));
      const permutation = model === 'space-time-permutation';
      const atRisk = permutation ? byPlace : Array.from(world.population!);
      const naive = naiveScan({
        ...world,
        atRisk,
        share: 0.5,
        cells,
        expected: atRisk.map((own) => (cases * own) / sum(atRisk)),
        intervalShares: permutation
          ? events.days.map((_, t) => sum(cells.map((row) => row[t]!)) / cases)
          : events.days.map((days) => days / sum(events.days)),
        longest: 6,
        ratioOf: naivePoisson(cases),
      });
      const { candidates } = prepareScan(world);
      expect(Math.max(...candidates.map(({ ratio }) => ratio))).toBeCloseTo(naive.ratio, 9);
    }
  });

  it('and so is the greatest ratio of a replication: a world scanned as data gives what the replication gave', () => {
    // Replication r of the permutation model shuffles the intervals with stream r of the seed.
    const world = spaceTimeWorld(9, 30, 20, 300, 'space-time-permutation');
    const { plan } = prepareScan(world);
    const maxima = runReplications({ plan, from: 0, to: 5, seed: 77 });
    for (let replication = 0; replication < 5; replication++) {
      const intervals = Int32Array.from(world.events!.intervals);
      shuffle(createRandom(77, replication), intervals);
      const { candidates } = prepareScan({ ...world, events: { ...world.events!, intervals } });
      expect(Math.max(...candidates.map(({ ratio }) => ratio))).toBeCloseTo(maxima[replication]!, 10);
    }
  });
});

describe('conventions', () => {
  it('rows at one point are one place, and all are named', () => {
    const world = poissonWorld(3, 40, 80);
    const twice: ScanInput = {
      ...world,
      xs: Float64Array.from([...world.xs, ...world.xs]),
      ys: Float64Array.from([...world.ys, ...world.ys]),
      cases: Float64Array.from([...world.cases, ...world.cases.map(() => 0)]),
      population: Float64Array.from([
        ...world.population.map((own) => own / 2),
        ...world.population.map((own) => own / 2),
      ]),
    };
    const once = scanStatistic(world, 0, 1);
    const doubled = scanStatistic(twice, 0, 1);
    expect(doubled.clusters.map((c) => c.logLikelihoodRatio)).toEqual(
      once.clusters.map((c) => expect.closeTo(c.logLikelihoodRatio, 9)),
    );
    expect(doubled.clusters[0]!.rows.length).toBe(2 * once.clusters[0]!.rows.length);
  });

  it('clusters share no place, and their ratios fall', () => {
    const { clusters } = scanStatistic(poissonWorld(4, 120, 200), 99, 1);
    const all = clusters.flatMap(({ rows }) => rows);
    expect(new Set(all).size).toBe(all.length);
    expect(clusters.length).toBeGreaterThan(1);
    for (let i = 1; i < clusters.length; i++) {
      expect(clusters[i]!.logLikelihoodRatio).toBeLessThanOrEqual(clusters[i - 1]!.logLikelihoodRatio);
    }
  });

  it('no circle holds more than the greatest share', () => {
    const world = poissonWorld(5, 100, 150);
    for (const maximumShare of [0.05, 0.1, 0.5]) {
      const { clusters } = scanStatistic({ ...world, maximumShare }, 0, 1);
      for (const { population } of clusters) {
        expect(population!).toBeLessThanOrEqual(maximumShare * sum(world.population) * (1 + 1e-9));
      }
    }
  });

  it('expected cases sum to C, not to its whole part', () => {
    const world = poissonWorld(6, 37, 101);
    const { plan } = prepareScan(world);
    expect(sum(plan.expected)).toBeCloseTo(sum(world.cases), 9);
  });

  it('permuting the rows permutes the answer, ties of distance on a grid and all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const random = createRandom(seed);
        const size = 49;
        const world = {
          xs: Float64Array.from({ length: size }, (_, i) => i % 7),
          ys: Float64Array.from({ length: size }, (_, i) => Math.floor(i / 7)),
          cases: new Float64Array(size).map(() => nextBelow(random, 6)),
          population: new Float64Array(size).map(() => 10 + nextBelow(random, 30)),
        };
        const order = Int32Array.from({ length: size }, (_, i) => i);
        shuffle(random, order);
        const moved = Object.fromEntries(
          Object.entries(world).map(([name, values]) => [name, Float64Array.from(order, (i) => values[i]!)]),
        ) as typeof world;
        const fixed = { model: 'poisson', geographic: false, maximumShare: 0.5 } as const;
        const a = scanStatistic({ ...fixed, ...world }, 0, 1).clusters;
        const b = scanStatistic({ ...fixed, ...moved }, 0, 1).clusters;
        expect(b.map(({ rows }) => rows.map((row) => order[row]!).toSorted((p, q) => p - q))).toEqual(
          a.map(({ rows }) => rows.toSorted((p, q) => p - q)),
        );
      }),
      { seed: 7, numRuns: 25 },
    );
  });

  it('prospective clusters reach the end of the study', () => {
    const world = spaceTimeWorld(10, 40, 20, 500, 'space-time-permutation');
    const { clusters } = scanStatistic({ ...world, prospective: true }, 0, 1);
    expect(clusters.length).toBeGreaterThan(0);
    for (const { intervals } of clusters) expect(intervals![1]).toBe(19);
  });
});

describe('what cannot be scanned', () => {
  const world = poissonWorld(30, 10, 40);

  it('one area alone has no cluster', () => {
    const one = {
      xs: Float64Array.of(1),
      ys: Float64Array.of(1),
      cases: Float64Array.of(5),
      population: Float64Array.of(50),
    };
    expect(
      scanStatistic({ model: 'poisson', geographic: false, maximumShare: 0.5, ...one }, 9, 1).clusters,
    ).toEqual([]);
  });

  it('an area of more than half the people is no circle of its own', () => {
    const population = Float64Array.from(world.population);
    population[3] = 1e6;
    const cases = Float64Array.from(world.cases);
    cases[3] = 1;
    const { clusters } = scanStatistic({ ...world, cases, population }, 9, 1);
    for (const { rows } of clusters) expect(rows).not.toContain(3);
  });

  it('refuses no cases, no people, no controls, a share out of range, a span longer than the study', () => {
    expect(() => prepareScan({ ...world, cases: new Float64Array(10) })).toThrow(
      /cases: there are no cases in all/,
    );
    expect(() => prepareScan({ ...world, population: new Float64Array(10) })).toThrow(
      /population is 0 everywhere/,
    );
    expect(() =>
      prepareScan({
        ...world,
        population: world.population.map((own, i) => (i === 0 ? 0 : own)),
        cases: world.cases.map(() => 2),
      }),
    ).toThrow(/population, row 1: there are 2 cases/);
    expect(() => prepareScan({ ...world, model: 'bernoulli', controls: new Float64Array(10) })).toThrow(
      /no controls/,
    );
    expect(() => prepareScan({ ...world, maximumShare: 0.6 })).toThrow(
      /--max-share: 0.6 is not above 0 and at most 0.5/,
    );
    const inTime = spaceTimeWorld(1, 5, 4, 20, 'space-time-permutation');
    expect(() => prepareScan({ ...inTime, longest: 9 })).toThrow(/--max-duration: a span of 9 intervals/);
  });
});
