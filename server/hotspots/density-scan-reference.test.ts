import { readFileSync } from 'node:fs';
import type { Polygon } from 'geojson';
import { afterAll, describe, expect, it } from 'vitest';
import { bandwidthLikelihood } from './density/bandwidth.ts';
import { densityAtPoints } from './density/density-at-points.ts';
import { gridForWindow, windowFromGeometry } from './density/density-window.ts';
import { EDGE_CORRECTIONS, kernelDensity } from './density/kernel-density.ts';
import { KERNEL_NAMES } from './density/smoothing-kernels.ts';
import { scanStatistic } from './scan/scan-statistic.ts';

// The peers' answers, and the table of agreement that docs/methods.md shows.

const folder = new URL('./testing/cases/', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, folder), 'utf8');

function table(path: string): { column: (name: string) => Float64Array; texts: (name: string) => string[] } {
  const [header, ...rows] = text(path)
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.replaceAll('"', '')));
  const texts = (name: string) => {
    const index = header!.indexOf(name);
    if (index < 0) throw new Error(`${path} has no column ${name}`);
    return rows.map((row) => row[index]!);
  };
  return { texts, column: (name) => Float64Array.from(texts(name), Number) };
}

const agreement: { what: string; peer: string; difference: string; tolerance: string }[] = [];
afterAll(() => {
  const lines = agreement.map(
    (row) => `| ${row.what} | ${row.peer} | ${row.difference} | ${row.tolerance} |`,
  );
  console.log(
    ['| what | peer | greatest difference | tolerance |', '|---|---|---|---|', ...lines].join('\n'),
  );
});

const greatest = (values: Iterable<number>) => {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  return most;
};
const apart = (a: Float64Array, b: Float64Array) => greatest(a.map((value, i) => value - b[i]!));

describe('nztrees: 86 trees in a rectangle, σ = 10 (spatstat.explore 3.0-6 and a direct sum)', () => {
  const points = table('kde_nztrees/points.csv');
  const sample = table('kde_nztrees/expected_grid_sample.csv');
  const atPoints = table('kde_nztrees/expected_at_points.csv');
  const summary = JSON.parse(text('kde_nztrees/expected_summary.json'));
  const feature = JSON.parse(text('kde_nztrees/window.geojson')) as { geometry: Polygon };
  const window = windowFromGeometry(feature.geometry);
  const xs = points.column('x');
  const ys = points.column('y');
  const combinations = KERNEL_NAMES.flatMap((kernel) =>
    EDGE_CORRECTIONS.map((edge) => [kernel, edge] as const),
  );

  it.each(combinations)('%s, %s: the density at sampled pixels', (kernel, edge) => {
    const expected = sample.column(`${kernel}_${edge}_exact`);
    const places = { atXs: sample.column('x'), atYs: sample.column('y') };
    const { values } = densityAtPoints({ xs, ys, window, sigma: 10, kernel, edge, ...places });
    const share = apart(values, expected) / greatest(expected);
    agreement.push({
      what: `density, ${kernel}, ${edge}, at ${expected.length} pixels`,
      peer: 'direct sum on the pixel mask',
      difference: `${(share * 100).toPrecision(2)} % of the peak`,
      tolerance: '1 %',
    });
    expect(share).toBeLessThan(0.001);
  });

  it.each(combinations)(
    '%s, %s: the surface on cells of 0.5, against the density at their centres and the summary of the peer',
    (kernel, edge) => {
      const density = kernelDensity({
        xs,
        ys,
        window,
        sigma: 10,
        kernel,
        edge,
        grid: gridForWindow(window, { step: 0.5 }),
      });
      const peak = density.values.reduce((most, value) => Math.max(most, value), 0);
      expect(Math.abs(peak / summary[`${kernel}_${edge}`].max - 1)).toBeLessThan(0.04);
      const integral = summary[`${kernel}_${edge}`].integral;
      expect(Math.abs(density.integral / integral - 1)).toBeLessThan(0.01);
      if (edge === 'diggle') expect(Math.abs(density.integral - 86)).toBeLessThan(1e-9);
      const exact = densityAtPoints({
        xs,
        ys,
        window,
        sigma: 10,
        kernel,
        edge,
        atXs: density.values.map(
          (_, cell) => density.grid.x0 + (cell % density.grid.columns) * density.grid.step,
        ),
        atYs: density.values.map(
          (_, cell) => density.grid.y0 + Math.floor(cell / density.grid.columns) * density.grid.step,
        ),
      }).values;
      expect(apart(density.values, exact) / peak).toBeLessThan(0.0005);
    },
  );

  it('Gaussian: at the trees and left out of themselves, to the last digits of spatstat', () => {
    for (const edge of EDGE_CORRECTIONS) {
      for (const leaveOneOut of [false, true]) {
        const expected = atPoints.column(`gaussian_${edge}_${leaveOneOut ? 'loo' : 'at'}`);
        const { values } = densityAtPoints({
          xs,
          ys,
          window,
          sigma: 10,
          kernel: 'gaussian',
          edge,
          atXs: xs,
          atYs: ys,
          leaveOneOut,
        });
        const share = apart(values, expected) / greatest(expected);
        agreement.push({
          what: `density at the points, gaussian, ${edge}${leaveOneOut ? ', leave-one-out' : ''}`,
          peer: 'spatstat',
          difference: `${share.toExponential(0)} of the peak`,
          tolerance: '1e-9',
        });
        expect(share).toBeLessThan(1e-9);
      }
    }
  });

  it('likelihood cross-validation picks the bandwidth that bw.ppl picks among its 16', () => {
    // bw.ppl tries 16 values from the least distance between neighbours (2) to half the diagonal.
    const candidates = Array.from({ length: 16 }, (_, i) => 2 * (Math.hypot(153, 95) / 4) ** (i / 15));
    const scores = candidates.map((sigma) =>
      bandwidthLikelihood({ xs, ys, window, kernel: 'gaussian', edge: 'uniform' }, sigma),
    );
    const chosen = candidates[scores.indexOf(Math.max(...scores))]!;
    agreement.push({
      what: 'bandwidth by likelihood cross-validation',
      peer: 'spatstat bw.ppl',
      difference: `${Math.abs(chosen - summary.bw['bw.ppl']).toExponential(0)}`,
      tolerance: '1e-6',
    });
    expect(chosen).toBeCloseTo(summary.bw['bw.ppl'], 6);
  });
});

describe('sudden infant deaths in North Carolina (SaTScan 10.3.2, Poisson, 50 %, 9,999 replications)', () => {
  const input = table('scan_ncsids/input.csv');
  const expected = JSON.parse(text('scan_ncsids/expected_satscan.json')) as {
    clusters: {
      ids: string[];
      coords: string;
      population: string;
      cases: string;
      expected: string;
      rr: string;
      llr: string;
      p: string;
    }[];
  };
  const replications = 9999;
  const result = scanStatistic(
    {
      model: 'poisson',
      xs: input.column('x_km'),
      ys: input.column('y_km'),
      geographic: false,
      cases: input.column('cases'),
      population: input.column('pop'),
      maximumShare: 0.5,
    },
    replications,
    20261123,
  );
  const ids = input.texts('id');

  it('the same five clusters, in the same order, of the same places about the same centres', () => {
    expect(result.clusters.map(({ rows }) => rows.map((row) => ids[row]!))).toEqual(
      expected.clusters.map((c) => c.ids),
    );
    expect(result.clusters.map(({ radius }) => radius.toFixed(2))).toEqual(
      expected.clusters.map(({ coords }) => Number(coords.split('/')[1]).toFixed(2)),
    );
    expect(result.clusters.map(({ centreRow }) => input.column('x_km')[centreRow])).toEqual(
      expected.clusters.map(({ coords }) => expect.closeTo(Number(coords.slice(1).split(',')[0]), 3)),
    );
  });

  it('observed, expected, relative risk, population and log-likelihood ratio', () => {
    result.clusters.forEach((cluster, i) => {
      const peer = expected.clusters[i]!;
      expect(cluster.observed).toBe(Number(peer.cases));
      expect(cluster.population).toBe(Number(peer.population));
      expect(cluster.expected.toFixed(2)).toBe(peer.expected);
      expect(cluster.relativeRisk!.toFixed(2)).toBe(peer.rr);
      expect(Math.abs(cluster.logLikelihoodRatio - Number(peer.llr))).toBeLessThan(1e-6);
    });
    agreement.push({
      what: 'scan, Poisson: log-likelihood ratios of five clusters',
      peer: 'SaTScan',
      difference: greatest(
        result.clusters.map((c, i) => c.logLikelihoodRatio - Number(expected.clusters[i]!.llr)),
      ).toExponential(0),
      tolerance: '1e-6 (its digits)',
    });
  });

  it('p by rank within chance, Gumbel p for the smallest', () => {
    result.clusters.forEach((cluster, i) => {
      const peer = Number(expected.clusters[i]!.p);
      if (peer > 0.001) {
        // Both are drawn, each from its own worlds: the variance of the difference is twice that of one.
        const chance = 4 * Math.sqrt((2 * peer * (1 - peer)) / replications) + 1 / replications;
        expect(Math.abs(cluster.p! - peer)).toBeLessThan(chance);
      } else {
        expect(cluster.p).toBe(1 / (replications + 1));
        expect(Math.abs(Math.log(cluster.pGumbel! / peer))).toBeLessThan(0.25);
      }
    });
    agreement.push({
      what: 'scan, Poisson: p by rank, 9,999 replications',
      peer: 'SaTScan',
      difference: greatest(
        result.clusters.slice(2).map((c, i) => c.p! - Number(expected.clusters[i + 2]!.p)),
      ).toPrecision(2),
      tolerance: '4·√(2p(1−p)/R) + 1/R',
    });
    agreement.push({
      what: 'scan, Poisson: Gumbel p of the first two',
      peer: 'SaTScan',
      difference: `${(100 * greatest(result.clusters.slice(0, 2).map((c, i) => c.pGumbel! / Number(expected.clusters[i]!.p) - 1))).toFixed(0)} % of p`,
      tolerance: '25 %',
    });
  });
});
