import { describe, expect, it } from 'vitest';
import { createRandom, nextNormal, nextUniform } from '../random.ts';
import { bandwidthLikelihood, chooseBandwidth } from './bandwidth.ts';
import { densityAtPoints, gaussianLeaveOneOut } from './density-at-points.ts';
import { gridForWindow, windowFromGeometry } from './density-window.ts';
import { EDGE_CORRECTIONS, kernelDensity } from './kernel-density.ts';

const window = windowFromGeometry({
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [100, 0],
      [100, 100],
      [0, 100],
      [0, 0],
    ],
  ],
});

/** Clusters of standard deviation `spread`, away from the border. */
function clustered(spread: number, seed: number) {
  const random = createRandom(seed);
  const xs: number[] = [];
  const ys: number[] = [];
  for (let cluster = 0; cluster < 12; cluster++) {
    const x = 20 + 60 * nextUniform(random);
    const y = 20 + 60 * nextUniform(random);
    for (let i = 0; i < 40; i++) {
      xs.push(x + spread * nextNormal(random));
      ys.push(y + spread * nextNormal(random));
    }
  }
  return { xs: Float64Array.from(xs), ys: Float64Array.from(ys) };
}

describe('chooseBandwidth', () => {
  it('follows the scale of the clusters', () => {
    const options = { window, kernel: 'gaussian', edge: 'diggle' } as const;
    const narrow = chooseBandwidth({ ...clustered(1, 4), ...options });
    const wide = chooseBandwidth({ ...clustered(4, 4), ...options });
    expect(narrow.atEnd).toBe(false);
    expect(narrow.sigma).toBeGreaterThan(0.3);
    expect(narrow.sigma).toBeLessThan(1.5);
    expect(wide.sigma / narrow.sigma).toBeGreaterThan(2);
  });

  it('finds the greatest of the likelihoods that it tried', () => {
    const input = { ...clustered(2, 5), window, kernel: 'quartic', edge: 'none' } as const;
    const chosen = chooseBandwidth(input);
    for (const { sigma } of chosen.tried) {
      expect(bandwidthLikelihood(input, sigma)).toBeLessThanOrEqual(chosen.logLikelihood + 1e-9);
    }
  });

  it('takes more points than pairs could be, with any kernel and correction, and finds about the same', () => {
    const few = clustered(3, 8);
    const random = createRandom(9);
    const many = {
      xs: Float64Array.from(
        { length: 30_000 },
        (_, i) => few.xs[i % few.xs.length]! + 3 * nextNormal(random),
      ),
      ys: Float64Array.from(
        { length: 30_000 },
        (_, i) => few.ys[i % few.ys.length]! + 3 * nextNormal(random),
      ),
    };
    const chosen = chooseBandwidth({ ...many, window, kernel: 'quartic', edge: 'diggle' });
    expect(chosen.atEnd).toBe(false);
    expect(chosen.sigma).toBeGreaterThan(0.5);
    expect(chosen.sigma).toBeLessThan(4);
  });

  it('says when the likelihood still rises at the end of the range: coincident points', () => {
    const xs = Float64Array.of(30, 30, 60, 60, 80, 80);
    const ys = Float64Array.of(30, 30, 60, 60, 20, 20);
    const chosen = chooseBandwidth({
      xs,
      ys,
      window,
      kernel: 'gaussian',
      edge: 'diggle',
      least: 0.5,
      most: 40,
    });
    expect(chosen.atEnd).toBe(true);
    expect(chosen.sigma).toBe(0.5);
  });

  it('refuses two points, and a range that is none', () => {
    const xs = Float64Array.of(30, 50, 500);
    expect(() => chooseBandwidth({ xs, ys: xs, window, kernel: 'gaussian', edge: 'none' })).toThrow(
      /from 2 points/,
    );
    const points = clustered(2, 6);
    expect(() =>
      chooseBandwidth({ ...points, window, kernel: 'gaussian', edge: 'none', least: 5, most: 1 }),
    ).toThrow(/range of bandwidths 5 … 1/);
  });
});

describe('gaussianLeaveOneOut', () => {
  it('is the direct sum without the point itself', () => {
    const points = clustered(3, 7);
    const ones = new Float64Array(points.xs.length).fill(1);
    const inside = points.xs.map((x, i) =>
      x > 0 && x < 100 && points.ys[i]! > 0 && points.ys[i]! < 100 ? 1 : 0,
    );
    expect(inside.every((one) => one === 1)).toBe(true);
    for (const edge of EDGE_CORRECTIONS) {
      const fast = gaussianLeaveOneOut(window, 4, points.xs, points.ys, ones, edge);
      const options = { ...points, window, sigma: 4, kernel: 'gaussian', edge } as const;
      const exact = densityAtPoints({
        ...options,
        atXs: points.xs,
        atYs: points.ys,
        leaveOneOut: true,
      }).values;
      const peak = Math.max(...exact);
      fast.values.forEach((value, i) => {
        expect(Math.abs(value - exact[i]!) / peak).toBeLessThan(1e-4);
      });
      const { integral } = kernelDensity({ ...options, grid: gridForWindow(window, { step: 0.5 }) });
      expect(fast.integral / integral).toBeCloseTo(1, 3);
    }
  });
});
