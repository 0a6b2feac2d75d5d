import { createRandom, nextBelow, nextUniform, type Random } from '../random.ts';
import type { ScanInput } from '../scan/scan-statistic.ts';

/** Seeded worlds without clusters, for the tests of the scan statistic. */

export function places(random: Random, count: number) {
  return {
    xs: new Float64Array(count).map(() => Math.round(1000 * nextUniform(random))),
    ys: new Float64Array(count).map(() => Math.round(1000 * nextUniform(random))),
  };
}

export function poissonWorld(
  seed: number,
  count: number,
  cases: number,
): ScanInput & { cases: Float64Array; population: Float64Array } {
  const random = createRandom(seed);
  const where = places(random, count);
  const population = new Float64Array(count).map(() => 100 + nextBelow(random, 900));
  const found = new Float64Array(count);
  for (let i = 0; i < cases; i++) {
    const place = nextBelow(random, count);
    found[place] = Math.min(population[place]!, found[place]! + 1);
  }
  return { model: 'poisson', ...where, geographic: false, cases: found, population, maximumShare: 0.5 };
}

export function spaceTimeWorld(
  seed: number,
  count: number,
  intervals: number,
  cases: number,
  model: 'space-time-permutation' | 'space-time-poisson',
): ScanInput {
  const random = createRandom(seed);
  const rows = new Int32Array(cases).map(() => nextBelow(random, count));
  return {
    model,
    ...places(random, count),
    geographic: false,
    population: new Float64Array(count).map(() => 100 + nextBelow(random, 900)),
    events: {
      rows,
      intervals: rows.map(() => Math.floor(intervals * nextUniform(random) ** 1.3)),
      counts: new Int32Array(cases).fill(1),
      days: new Float64Array(intervals).map((_, t) => (t === 0 ? 3 : 7)),
    },
    maximumShare: 0.5,
  };
}

export const sum = (values: ArrayLike<number>) =>
  Array.from(values).reduce((total, value) => total + value, 0);
