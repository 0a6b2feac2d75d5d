import { afterAll, describe, expect, it } from 'vitest';
import { normalTwoSided } from '../normal-distribution.ts';
import { caseJson, caseRows, largestDifference, numbers } from '../testing/reference-cases.ts';
import { distanceBand } from './distance-weights.ts';
import { emergingClass } from './emerging-hot-spots.ts';
import { adjustedByBenjaminiHochberg } from './false-discovery-rate.ts';
import { getisOrd } from './getis-ord.ts';
import { mannKendall } from './mann-kendall.ts';
import { globalMoran, localMoran } from './moran.ts';
import {
  rowStandardised,
  rowStandardisedWithSelf,
  weightsFromNeighbours,
  withSelfWeights,
} from './weights.ts';

/** Rows of the table of agreement with the peers, printed at the end and copied into docs/methods. */
const agreement: [string, string, string, number][] = [];

function agree(
  method: string,
  peer: string,
  quantity: string,
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  tolerance = 1e-9,
): void {
  const difference = largestDifference(ours, theirs);
  agreement.push([method, peer, quantity, difference]);
  expect(difference, `${method}: ${quantity}`).toBeLessThan(tolerance);
}

afterAll(() => {
  // One line for each quantity: the largest difference over variables, styles of weights and bands.
  const largest = new Map<string, number>();
  for (const [method, peer, quantity, difference] of agreement) {
    const key = `| ${method} | ${peer} | ${quantity.replace(/, (CRIME|HOVAL|band).*$/, '')} |`;
    largest.set(key, Math.max(largest.get(key) ?? 0, difference));
  }
  const lines = [...largest].map(([key, difference]) => `${key} ${difference.toExponential(1)} |`);
  console.log(
    ['| method | peer and case | quantity | largest difference |', '|---|---|---|---:|', ...lines].join('\n'),
  );
});

const spdep = 'spdep 1.2-7, columbus';
const lists: number[][] = Array.from({ length: 49 }, () => []);
for (const row of caseRows('columbus/neighbours.csv')) lists[Number(row.i) - 1]!.push(Number(row.j) - 1);
const binary = weightsFromNeighbours(lists);

describe.each(['CRIME', 'HOVAL'])('columbus, %s', (variable) => {
  const expected = caseRows(`columbus/expected_local_${variable}.csv`);
  const values = numbers(expected, 'x');
  const global = caseJson<Record<string, Record<string, number>>>('columbus/expected_global.json');
  describe.each(['B', 'W'] as const)('weights %s', (style) => {
    const weights = style === 'B' ? binary : rowStandardised(binary);
    const withSelf = style === 'B' ? withSelfWeights(binary) : rowStandardisedWithSelf(binary);
    const name = `${variable}, ${style === 'B' ? 'binary' : 'row'}`;

    it('Gi*', () => {
      const { z, statistic, reasons } = getisOrd(values, withSelf, 'gi-star');
      expect(reasons.every((reason) => reason === null)).toBe(true);
      const p = z.map(normalTwoSided);
      agree('Gi*', spdep, `z, ${name}`, z, numbers(expected, `Gistar_${style}_z`));
      agree('Gi*', spdep, `p, ${name}`, p, numbers(expected, `Gistar_${style}_p2`));
      agree('Gi*', spdep, `share, ${name}`, statistic, numbers(expected, `Gistar_${style}`));
      const adjusted = numbers(expected, `Gistar_${style}_p2_BH`);
      agree(
        'Benjamini–Hochberg',
        'R p.adjust, columbus',
        `p of Gi*, ${name}`,
        adjustedByBenjaminiHochberg(p),
        adjusted,
      );
    });

    it('Gi', () => {
      const { z, statistic } = getisOrd(values, weights, 'gi');
      agree('Gi', spdep, `z, ${name}`, z, numbers(expected, `Gi_${style}_z`));
      agree('Gi', spdep, `share, ${name}`, statistic, numbers(expected, `Gi_${style}`));
      const adjusted = adjustedByBenjaminiHochberg(z.map(normalTwoSided));
      agree(
        'Benjamini–Hochberg',
        'R p.adjust, columbus',
        `p of Gi, ${name}`,
        adjusted,
        numbers(expected, `Gi_${style}_p2_BH`),
      );
    });

    it('local Moran with conditional and with total moments', () => {
      const conditional = localMoran(values, weights, 'conditional');
      const columns = ['statistic', 'expected', 'variance', 'z'] as const;
      const theirs = [`Ii_${style}`, `Ii_${style}_Econd`, `Ii_${style}_Vcond`, `Ii_${style}_zcond`];
      columns.forEach((column, index) => {
        agree(
          'local Moran',
          spdep,
          `${column} (conditional), ${name}`,
          conditional[column],
          numbers(expected, theirs[index]!),
        );
      });
      const p = conditional.z.map(normalTwoSided);
      agree('local Moran', spdep, `p (conditional), ${name}`, p, numbers(expected, `Ii_${style}_p2cond`));
      const total = localMoran(values, weights, 'total');
      agree(
        'local Moran',
        spdep,
        `expected (total), ${name}`,
        total.expected,
        numbers(expected, `Ii_${style}_Etot`),
      );
      agree(
        'local Moran',
        spdep,
        `variance (total), ${name}`,
        total.variance,
        numbers(expected, `Ii_${style}_Vtot`),
      );
      agree('local Moran', spdep, `z (total), ${name}`, total.z, numbers(expected, `Ii_${style}_ztot`));
      if (style === 'W') {
        // With binary weights spdep compares the lag with the mean of the lags, which moves with the number of neighbours.
        expect(conditional.quadrants).toEqual(expected.map((row) => row.Ii_W_quad!.toLowerCase()));
      }
    });

    it('global Moran under randomisation', () => {
      const theirs = global[`${variable}_${style}`]!;
      const ours = globalMoran(values, weights);
      if ('reason' in ours) throw new Error(ours.reason);
      const list = [theirs.moranI!, theirs.E!, theirs.V_rand!, theirs.z_rand!, theirs.p_rand_greater!];
      agree(
        'global Moran',
        spdep,
        `I, E, variance, z, p, ${name}`,
        [ours.i, ours.expected, ours.variance, ours.z, ours.pGreater],
        list,
      );
      expect(Math.abs(ours.pGreater / theirs.p_rand_greater! - 1)).toBeLessThan(1e-9);
      expect(ours.p).toBeCloseTo(2 * ours.pGreater, 15);
    });
  });
});

describe('getisord', () => {
  const rows = caseRows('getisord/getisord.csv');
  const values = numbers(rows, 'val');
  const points = { kind: 'planar' as const, xs: numbers(rows, 'x'), ys: numbers(rows, 'y') };
  const expected = caseRows('getisord/expected_localG.csv');
  it.each([30, 60, 90, 120, 150])('Gi and Gi* within %d', (distance) => {
    const weights = distanceBand(points, distance);
    const peer = 'spdep 1.2-7, getisord';
    const gi = getisOrd(values, weights, 'gi').z;
    const star = getisOrd(values, withSelfWeights(weights), 'gi-star').z;
    agree('Gi', peer, `z, band ${distance}`, gi, numbers(expected, `Gi_B_z_${distance}`));
    agree('Gi*', peer, `z, band ${distance}`, star, numbers(expected, `Gistar_B_z_${distance}`));
  });
});

describe('emerging hot spots', () => {
  type Series = {
    name: string;
    z: number[];
    sig: boolean[];
    mk_S: number;
    mk_varS: number;
    mk_tau: number;
    mk_p: number;
    recommended: string;
    alpha: number;
  };
  const all = caseJson<Series[]>('ehsa/expected_ehsa.json');
  // Kendall 2.2.1 computes in single precision.
  const single = 2e-7;

  it.each(all)('$name: $recommended', (series) => {
    const test = mannKendall(series.z);
    if ('reason' in test) throw new Error(test.reason);
    expect(test.s).toBe(series.mk_S);
    expect(Math.abs(test.variance / series.mk_varS - 1)).toBeLessThan(single);
    expect(Math.abs(test.tau - series.mk_tau)).toBeLessThan(single);
    expect(Math.abs(test.p - series.mk_p)).toBeLessThan(single);
    const trend = test.p <= series.alpha ? Math.sign(test.s) : 0;
    expect(emergingClass(series.z, series.sig, trend)).toBe(series.recommended);
  });

  it('Mann–Kendall agrees with Kendall over all series', () => {
    type Plain = { x: number[]; tau: number; p: number; S: number; varS: number };
    const plain = [
      caseJson<Plain>('ehsa/expected_mk_precipgl.json'),
      caseJson<Plain>('ehsa/expected_mk_ties.json'),
    ];
    const ours = [...all.map((series) => series.z), ...plain.map((series) => series.x)].map((values) => {
      const test = mannKendall(values);
      if ('reason' in test) throw new Error(test.reason);
      return test;
    });
    const peer = 'Kendall 2.2.1 (single precision), ehsa';
    const pairs: [string, number[], number[]][] = [
      ['S', ours.map((test) => test.s), [...all.map((x) => x.mk_S), ...plain.map((x) => x.S)]],
      [
        'variance',
        ours.map((test) => test.variance),
        [...all.map((x) => x.mk_varS), ...plain.map((x) => x.varS)],
      ],
      ['τ-b', ours.map((test) => test.tau), [...all.map((x) => x.mk_tau), ...plain.map((x) => x.tau)]],
      ['p', ours.map((test) => test.p), [...all.map((x) => x.mk_p), ...plain.map((x) => x.p)]],
    ];
    for (const [what, mine, theirs] of pairs) agree('Mann–Kendall', peer, what, mine, theirs, single);
  });
});
