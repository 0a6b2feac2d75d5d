import { describe, expect, it } from 'vitest';
import { createRandom, nextBelow, nextUniform, shuffle } from '../random.ts';
import { places, poissonWorld, spaceTimeWorld, sum } from '../testing/scan-worlds.ts';
import { replicationJobs, runReplications } from './scan-replications.ts';
import { fitGumbel, gumbelP, rankP } from './scan-significance.ts';
import { replicateSpaceTime, spaceTimeScratch } from './scan-space-time.ts';
import { replicateSpatial, spatialScratch } from './scan-spatial.ts';
import { finishScan, prepareScan, type ScanInput, scanStatistic } from './scan-statistic.ts';

describe('replications', () => {
  const worlds: [string, ScanInput][] = [
    ['poisson', poissonWorld(20, 80, 150)],
    [
      'bernoulli',
      { ...poissonWorld(21, 80, 150), model: 'bernoulli', controls: new Float64Array(80).fill(5) },
    ],
    ['space-time-permutation', spaceTimeWorld(22, 40, 12, 300, 'space-time-permutation')],
    ['space-time-poisson', spaceTimeWorld(23, 40, 12, 300, 'space-time-poisson')],
  ];

  it.each(worlds)(
    '%s: the same seed gives the same bytes however the work is cut, another seed others',
    (_name, world) => {
      const { plan } = prepareScan(world);
      const whole = runReplications({ plan, from: 0, to: 40, seed: 5 });
      const parts = replicationJobs(plan, 40, 5, 3, 'test').map(runReplications);
      expect(Buffer.from(Float64Array.from(parts.flatMap((part) => [...part])).buffer)).toEqual(
        Buffer.from(whole.buffer),
      );
      expect(runReplications({ plan, from: 0, to: 40, seed: 6 })).not.toEqual(whole);
      expect(finishScan(prepareScan(world), whole)).toEqual(finishScan(prepareScan(world), whole));
    },
  );

  it.each([
    ...worlds,
    [
      'poisson in lanes of 32 bits',
      {
        ...poissonWorld(24, 80, 150),
        cases: new Float64Array(80).fill(1200),
        population: new Float64Array(80).fill(90000),
      },
    ],
    ['prospective', { ...spaceTimeWorld(25, 40, 12, 300, 'space-time-permutation'), prospective: true }],
    [
      'one place far from the rest holds nearly all cases',
      { ...poissonWorld(26, 30, 4), cases: Float64Array.from({ length: 30 }, (_, i) => (i === 7 ? 90 : 1)) },
    ],
  ] as [string, ScanInput][])(
    '%s: the worlds scanned in lanes have the maxima of those scanned one by one',
    (_name, world) => {
      const { plan } = prepareScan(world);
      const lanes = runReplications({ plan, from: 3, to: 36, seed: 8 });
      const alone =
        plan.kind === 'spatial'
          ? (
              (scratch) => (r: number) =>
                replicateSpatial(plan, scratch, createRandom(8, r))
            )(spatialScratch(plan))
          : (
              (scratch) => (r: number) =>
                replicateSpaceTime(plan, scratch, createRandom(8, r))
            )(spaceTimeScratch(plan));
      expect(Array.from(lanes)).toEqual(Array.from({ length: 33 }, (_, i) => alone(i + 3)));
    },
  );

  it.each(worlds.map(([name]) => name))('%s: p is uniform over worlds without clusters', (name) => {
    // 200 worlds × 39 replications: P(p ≤ 0.1) is 4/40 exactly; within 4 standard deviations of it.
    let low = 0;
    let half = 0;
    const runs = 200;
    for (let seed = 0; seed < runs; seed++) {
      const random = createRandom(4000 + seed);
      const where = places(random, 25);
      const fixed = { ...where, geographic: false, maximumShare: 0.5 };
      let world: ScanInput;
      if (name === 'poisson' || name === 'bernoulli') {
        const cases = new Float64Array(25);
        const controls = new Float64Array(25).fill(8);
        if (name === 'poisson') for (let i = 0; i < 60; i++) cases[nextBelow(random, 25)]!++;
        else {
          const individuals = Int32Array.from({ length: 250 }, (_, i) => i % 25);
          shuffle(random, individuals);
          controls.fill(10);
          for (const place of individuals.subarray(0, 60)) {
            cases[place]!++;
            controls[place]!--;
          }
        }
        world = { model: name, ...fixed, cases, controls, population: new Float64Array(25).fill(100) };
      } else {
        world = { ...spaceTimeWorld(8000 + seed, 25, 8, 80, name as 'space-time-poisson'), ...fixed };
        if (name === 'space-time-poisson') {
          world.population = new Float64Array(25).fill(100);
          world.events!.days.fill(7);
          world.events!.intervals = world.events!.intervals.map(() => nextBelow(random, 8));
        }
      }
      const p = scanStatistic(world, 39, seed).clusters[0]?.p ?? 1;
      if (p <= 0.1) low++;
      if (p <= 0.5) half++;
    }
    expect(Math.abs(low / runs - 0.1)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / runs));
    expect(Math.abs(half / runs - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / runs));
  });

  it('find what is planted: a disc with three times the risk, in most of 30 worlds and in the right place', () => {
    let found = 0;
    for (let seed = 0; seed < 30; seed++) {
      const random = createRandom(500 + seed);
      const { xs, ys } = places(random, 129);
      const population = new Float64Array(129).fill(1000);
      const inside = xs.map((x, i) => (Math.hypot(x - 500, ys[i]! - 500) < 150 ? 1 : 0));
      const cases = inside.map((one) => {
        let own = 0;
        for (let i = 0; i < 1000; i++) if (nextUniform(random) < (one ? 0.012 : 0.004)) own++;
        return own;
      });
      const [cluster] = scanStatistic(
        { model: 'poisson', xs, ys, geographic: false, cases, population, maximumShare: 0.5 },
        99,
        seed,
      ).clusters;
      const hits = cluster!.rows.filter((row) => inside[row] === 1).length;
      if (cluster!.p! <= 0.05 && hits > sum(inside) / 2 && hits > cluster!.rows.length / 2) found++;
    }
    expect(found).toBeGreaterThanOrEqual(27);
  });
});

describe('p', () => {
  it('is the rank, ties counting against the cluster', () => {
    expect(rankP(5, Float64Array.of(1, 2, 5, 6))).toBe(3 / 5);
    expect(rankP(7, Float64Array.of(1, 2, 5, 6))).toBe(1 / 5);
    expect(rankP(5 + 1e-12, Float64Array.of(5))).toBe(1);
  });

  it('of Gumbel gives back the distribution it was fitted to', () => {
    const random = createRandom(1);
    const drawn = new Float64Array(20000).map(() => 6 - 1.3 * Math.log(-Math.log(nextUniform(random))));
    const gumbel = fitGumbel(drawn)!;
    expect(gumbel.location).toBeCloseTo(6, 1);
    expect(gumbel.scale).toBeCloseTo(1.3, 1);
    expect(gumbelP(6, { location: 6, scale: 1.3 })).toBeCloseTo(1 - Math.exp(-1), 12);
    expect(gumbelP(60, { location: 6, scale: 1.3 })).toBeCloseTo(Math.exp(-54 / 1.3), 25);
    expect(fitGumbel(Float64Array.of(3))).toBeNull();
    expect(fitGumbel(Float64Array.of(3, 3))).toBeNull();
  });
});
