import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom, nextNormal, shuffle } from '../random.ts';
import { analyseLocal, type LocalOptions } from './local-analysis.ts';
import { type SpatialWeights, weightsFromNeighbours, weightsFromRecords } from './weights.ts';

const OPTIONS: LocalOptions = {
  statistic: 'gi-star',
  style: 'row',
  p: 'analytic',
  moments: 'conditional',
  seed: 1,
};

/** Queen neighbours of a grid of side × side. */
function gridWeights(side: number): SpatialWeights {
  const lists = Array.from({ length: side * side }, (_, i) => {
    const list: number[] = [];
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const x = (i % side) + dx;
        const y = Math.floor(i / side) + dy;
        if ((dx || dy) && x >= 0 && y >= 0 && x < side && y < side) list.push(y * side + x);
      }
    }
    return list;
  });
  return weightsFromNeighbours(lists);
}

function analyse(
  values: Float64Array,
  weights: SpatialWeights,
  options: Partial<LocalOptions> = {},
  denominators: Float64Array | null = null,
) {
  const input = {
    values,
    denominators,
    missing: Array(values.length).fill(null),
    weights,
    label: (index: number) => `row ${index + 1}`,
    valueField: 'found',
    denominatorField: denominators ? 'looked' : null,
  };
  return analyseLocal(input, { ...OPTIONS, ...options });
}

const noise = (seed: number, n: number) => {
  const random = createRandom(seed, n);
  return Float64Array.from({ length: n }, () => nextNormal(random));
};

describe('local analysis', () => {
  it('gives Gi* of a line of three by hand', () => {
    // x = 0, 0, 3: mean 1, s² = 9/3 − 1 = 2. Area 3: Σ = 0 + 3 = 3, W = 2, S1 = 2: z = (3 − 2)/√(2·(3·2 − 4)/2) = 1/√2.
    const line = weightsFromNeighbours([[1], [0, 2], [1]]);
    const { areas, notTestable } = analyse(Float64Array.of(0, 0, 3), line, { style: 'binary' });
    expect(areas.map((area) => area.index)).toEqual([0, 2]);
    expect(areas[1]!.z).toBeCloseTo(1 / Math.sqrt(2), 14);
    expect(areas[0]!.z).toBeCloseTo(-Math.SQRT2, 14);
    expect(notTestable).toEqual([
      { index: 1, reason: 'all areas are its neighbours with equal weight, so nothing is left to chance' },
    ]);
  });

  it('sets aside what cannot be tested, each with its reason, and never answers NaN', () => {
    const values = noise(1, 36);
    values[4] = Number.NaN;
    const base = gridWeights(6);
    // Area 35 loses all its neighbours' values, area 0 has none at all.
    const lists = Array.from({ length: 36 }, (_, i) =>
      Array.from(base.neighbours.slice(base.offsets[i]!, base.offsets[i + 1]!)).filter(
        (j) => i !== 0 && j !== 0,
      ),
    );
    for (const j of lists[35]!) values[j] = Number.NaN;
    const result = analyse(values, weightsFromNeighbours(lists));
    expect(result.n).toBe(32);
    expect(result.notTestable).toEqual([
      { index: 0, reason: 'it has no neighbours' },
      { index: 4, reason: 'found is missing' },
      { index: 28, reason: 'found is missing' },
      { index: 29, reason: 'found is missing' },
      { index: 34, reason: 'found is missing' },
      { index: 35, reason: 'none of its neighbours has a value' },
    ]);
    expect(result.areas.length).toBe(result.tested);
    expect(result.tested + result.notTestable.length).toBe(36);
    expect(result.warnings.join()).toContain('2 areas have no neighbours');
    expect(JSON.stringify(result)).not.toContain('NaN');
  });

  it.each(['gi-star', 'gi', 'moran'] as const)(
    '%s: all values equal, one area, two areas: no test, with the reason',
    (statistic) => {
      for (const p of ['analytic', 'permutation'] as const) {
        const equal = analyse(new Float64Array(36).fill(0.1 + 0.2), gridWeights(6), {
          statistic,
          p,
          permutations: 99,
        });
        expect(equal.areas).toEqual([]);
        expect(new Set(equal.notTestable.map(({ reason }) => reason))).toEqual(
          new Set(['all values of found are equal']),
        );
        expect(equal.moran).toEqual({ reason: 'all values are equal' });
        const one = analyse(Float64Array.of(3), weightsFromNeighbours([[]]), {
          statistic,
          p,
          permutations: 99,
        });
        expect(one.notTestable).toEqual([{ index: 0, reason: 'fewer than 3 areas have a value (1)' }]);
        const two = analyse(Float64Array.of(3, 4), weightsFromNeighbours([[1], [0]]), {
          statistic,
          p,
          permutations: 99,
        });
        expect(two.notTestable.length).toBe(2);
        const none = analyse(Float64Array.of(Number.NaN), weightsFromNeighbours([[]]), { statistic, p });
        expect(none).toMatchObject({ n: 0, tested: 0, areas: [] });
      }
    },
  );

  it('cannot test Gi of the only area that differs', () => {
    const values = new Float64Array(36).fill(7.7);
    values[14] = 8;
    const result = analyse(values, gridWeights(6), { statistic: 'gi' });
    expect(result.notTestable).toEqual([{ index: 14, reason: 'all other areas have the same value' }]);
    expect(result.areas.every((area) => Number.isFinite(area.z))).toBe(true);
  });

  it('tests rates by their empirical-Bayes z and refuses impossible counts by name', () => {
    const weights = gridWeights(6);
    const looked = Float64Array.from({ length: 36 }, (_, i) => 10 + i);
    const found = Float64Array.from({ length: 36 }, (_, i) => i % 7);
    const result = analyse(found, weights, {}, looked);
    expect(result.rateModel!.mean).toBeCloseTo(
      found.reduce((a, b) => a + b) / looked.reduce((a, b) => a + b),
      15,
    );
    expect(result.areas[3]!.value).not.toBe(3);
    const empty = looked.slice();
    empty[5] = 0;
    const withoutFive = found.slice();
    withoutFive[5] = 0;
    expect(analyse(withoutFive, weights, {}, empty).notTestable).toEqual([
      { index: 5, reason: 'looked is 0: there is no rate' },
    ]);
    expect(() => analyse(found, weights, {}, empty)).toThrow(
      /found, row 6: 5 is more than its denominator looked 0/,
    );
    const negative = found.slice();
    negative[2] = -1;
    expect(() => analyse(negative, weights, {}, looked)).toThrow(/found, row 3: the count -1 is negative/);
    const nothing = analyse(new Float64Array(36), weights, {}, looked);
    expect(nothing.notTestable.length).toBe(36);
  });

  it('warns below 30 areas, of weights that are not symmetric, and of permutations too few to pass', () => {
    const few = analyse(noise(2, 25), gridWeights(5));
    expect(few.warnings[0]).toMatch(/Only 25 areas/);
    const lists = Array.from({ length: 40 }, (_, i) => [(i + 1) % 40]);
    const directed = analyse(noise(3, 40), weightsFromNeighbours(lists), {
      p: 'permutation',
      permutations: 99,
    });
    expect(directed.warnings[0]).toMatch(/not symmetric/);
    expect(directed.warnings[1]).toMatch(/smallest p is 0\.0200.*at least 1599 permutations/);
    expect(analyse(noise(3, 64), gridWeights(8)).warnings).toEqual([]);
  });

  it('takes w_ii from a file for Gi*, and leaves it out of Gi and Moran with a warning', () => {
    const ids = Array.from({ length: 40 }, (_, i) => `a${i}`);
    const pairs = ids.flatMap((from, i) => [
      { from, to: ids[(i + 1) % 40]!, weight: 0.5, row: '' },
      { from, to: ids[(i + 39) % 40]!, weight: 0.5, row: '' },
    ]);
    const own = ids.map((from) => ({ from, to: from, weight: 0.5, row: '' }));
    const values = noise(5, 40);
    const ring = weightsFromNeighbours(ids.map((_, i) => [(i + 1) % 40, (i + 39) % 40]));
    const reference = analyse(values, ring).areas.map((area) => area.z);
    const withOwn = analyse(values, weightsFromRecords(ids, [...pairs, ...own]));
    expect(withOwn.areas.map((area) => area.z!.toFixed(12))).toEqual(reference.map((z) => z!.toFixed(12)));
    const without = analyse(values, weightsFromRecords(ids, pairs));
    expect(without.areas[0]!.z).not.toBeCloseTo(reference[0]!, 3);
    expect(without.warnings[0]).toMatch(/w_ii = 1 was taken/);
    const gi = analyse(values, weightsFromRecords(ids, [...pairs, ...own]), { statistic: 'gi' });
    expect(gi.warnings[0]).toMatch(/only Gi\* counts the area itself/);
    expect(gi.areas.map((area) => area.z!.toFixed(12))).toEqual(
      analyse(values, ring, { statistic: 'gi' }).areas.map((area) => area.z!.toFixed(12)),
    );
  });

  it('refuses unknown ids, pairs given twice and negative weights of a file, naming the row', () => {
    const row = (from: string, to: string, weight = 1) => ({ from, to, weight, row: 'row 1' });
    expect(() => weightsFromRecords(['a', 'b'], [row('a', 'z')])).toThrow(
      /id_j, row 1: .*"z", which is not an id/,
    );
    expect(() => weightsFromRecords(['a', 'b'], [row('a', 'b'), row('a', 'b')])).toThrow(
      /a, b is given twice/,
    );
    expect(() => weightsFromRecords(['a', 'b'], [row('a', 'b', -1)])).toThrow(/weight, row 1: .*negative/);
    expect(weightsFromRecords(['a', 'b'], [row('a', 'b', 0)]).neighbours.length).toBe(0);
  });
});

describe('properties', () => {
  const seeds = fc.nat(100_000);
  const statistics = fc.constantFrom('gi-star', 'gi', 'moran');

  it('scaling rows of weights and shifting and scaling values leaves z and p alone', () => {
    fc.assert(
      fc.property(seeds, statistics, (seed, statistic) => {
        const weights = gridWeights(7);
        const values = noise(seed, 49);
        const base = analyse(values, weights, {
          statistic,
          style: 'binary',
          p: 'permutation',
          permutations: 199,
        });
        const row = analyse(values, weights, {
          statistic,
          style: 'row',
          p: 'permutation',
          permutations: 199,
        });
        const moved = analyse(
          values.map((value) => 1000 + 3 * value),
          weights,
          { statistic, p: 'permutation', permutations: 199 },
        );
        base.areas.forEach((area, at) => {
          for (const other of [row.areas[at]!, moved.areas[at]!]) {
            expect(other.z).toBeCloseTo(area.z!, 8);
            expect(other.p).toBe(area.p);
          }
        });
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('permuting the areas permutes the answer', () => {
    fc.assert(
      fc.property(seeds, statistics, (seed, statistic) => {
        const weights = gridWeights(6);
        const values = noise(seed, 36);
        const order = Int32Array.from({ length: 36 }, (_, i) => i);
        shuffle(createRandom(seed, 4), order);
        const place = new Int32Array(36);
        order.forEach((from, to) => {
          place[from] = to;
        });
        const lists = Array.from(order, (from) =>
          Array.from(
            weights.neighbours.slice(weights.offsets[from]!, weights.offsets[from + 1]!),
            (j) => place[j]!,
          ),
        );
        const base = analyse(values, weights, { statistic });
        const moved = analyse(
          Float64Array.from(order, (i) => values[i]!),
          weightsFromNeighbours(lists),
          { statistic },
        );
        moved.areas.forEach((area) => {
          const same = base.areas[order[area.index]!]!;
          expect(area.z).toBeCloseTo(same.z!, 9);
          expect(area.pAdjusted).toBeCloseTo(same.pAdjusted, 9);
          expect(area.class).toBe(same.class);
        });
        if ('reason' in base.moran || 'reason' in moved.moran) throw new Error('not tested');
        expect(moved.moran.z).toBeCloseTo(base.moran.z, 9);
      }),
      { seed: 2, numRuns: 30 },
    );
  });

  it('the same seed gives the same bytes, another seed others', () => {
    const run = (seed: number) =>
      JSON.stringify(
        analyse(noise(9, 64), gridWeights(8), {
          statistic: 'moran',
          p: 'permutation',
          permutations: 999,
          seed,
        }),
      );
    expect(run(42)).toBe(run(42));
    expect(run(43)).not.toBe(run(42));
  });

  it('raising an area above all others raises its Gi*', () => {
    fc.assert(
      fc.property(seeds, fc.nat(35), (seed, area) => {
        const values = noise(seed, 36);
        const raised = values.slice();
        raised[area] = Math.max(...values) + 1;
        const before = analyse(values, gridWeights(6)).areas[area]!.z!;
        expect(analyse(raised, gridWeights(6)).areas[area]!.z!).toBeGreaterThan(before);
      }),
      { seed: 4, numRuns: 50 },
    );
  });
});

describe('1,000 seeded worlds', () => {
  const side = 12;
  const weights = gridWeights(side);
  const worlds = 1000;
  const centre = 5 * side + 6;
  const report: string[] = [];
  afterAll(() => console.log(report.join('\n')));

  // Binomial bounds at four standard deviations: a right method fails them about once in 16,000.
  const above = (share: number) => share * worlds + 4 * Math.sqrt(worlds * share * (1 - share));
  const below = (share: number) => share * worlds - 4 * Math.sqrt(worlds * share * (1 - share));

  it.each(['gi-star', 'gi', 'moran'] as const)(
    '%s without structure: one area is significant at the nominal rate',
    (statistic) => {
      let analytic = 0;
      let permuted = 0;
      let anyDiscovered = 0;
      for (let world = 0; world < worlds; world++) {
        const values = noise(world, side * side);
        const result = analyse(values, weights, { statistic });
        if (result.areas[centre]!.p <= 0.05) analytic++;
        if (result.areas.some((area) => area.pAdjusted <= 0.05)) anyDiscovered++;
        const simulated = analyse(values, weights, {
          statistic,
          p: 'permutation',
          permutations: 199,
          seed: world,
        });
        if (simulated.areas[centre]!.p <= 0.05) permuted++;
      }
      report.push(
        `${statistic}: of ${worlds} worlds without structure the area in the middle has p ≤ 5 % in ${analytic} (analytic) and ${permuted} (permutation); any area passes the false-discovery rate of 5 % in ${anyDiscovered}`,
      );
      expect(analytic).toBeGreaterThan(below(0.05));
      expect(analytic).toBeLessThan(above(0.05));
      expect(permuted).toBeGreaterThan(below(0.05));
      expect(permuted).toBeLessThan(above(0.05));
      // Under no structure the false-discovery rate is the chance of any discovery.
      expect(anyDiscovered).toBeLessThan(above(0.05));
    },
  );

  it('finds a planted cluster of nine areas, the more surely the stronger it is', () => {
    const found = [0.5, 1, 1.5, 2].map((strength) => {
      let hits = 0;
      for (let world = 0; world < worlds; world++) {
        const values = noise(world + 50_000, side * side);
        for (const dy of [-1, 0, 1])
          for (const dx of [-1, 0, 1]) values[centre + dy * side + dx]! += strength;
        const area = analyse(values, weights).areas[centre]!;
        if (area.pAdjusted <= 0.05 && area.z! > 0) hits++;
      }
      report.push(
        `gi-star: a cluster of 9 of 144 areas raised by ${strength} standard deviations is found in ${hits} of ${worlds} worlds`,
      );
      return hits;
    });
    expect([...found].sort((a, b) => a - b)).toEqual(found);
    // By the normal law z of the centre is about N(3·strength·0.94, 1) at √9 = 3; at 2 σ that passes z = 3.6 in > 95 %.
    expect(found[3]).toBeGreaterThan(below(0.95));
  });
});
