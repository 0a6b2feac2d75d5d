import { describe, expect, it } from 'vitest';
import { createRandom, nextUniform } from '../random.ts';
import { gridForWindow, windowFromGeometry } from './density-window.ts';
import { relativeRisk, squaredKernelIntegral, toleranceContours } from './relative-risk.ts';
import { KERNEL_NAMES, kernelAt, kernelReach } from './smoothing-kernels.ts';

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
const grid = gridForWindow(window, { step: 2 });
const options = { window, grid, sigma: 8, kernel: 'gaussian', edge: 'diggle' } as const;

/** Premises that crowd in the west; a share of them are cases, the share in a disc about (60, 60) being its own. */
function world(seed: number, count: number, share: number, inDisc: number) {
  const random = createRandom(seed);
  const base = { xs: new Float64Array(count), ys: new Float64Array(count) };
  const caseXs: number[] = [];
  const caseYs: number[] = [];
  for (let i = 0; i < count; i++) {
    const x = 100 * nextUniform(random) ** 1.5;
    const y = 100 * nextUniform(random);
    base.xs[i] = x;
    base.ys[i] = y;
    if (nextUniform(random) < (Math.hypot(x - 60, y - 60) < 12 ? inDisc : share)) {
      caseXs.push(x);
      caseYs.push(y);
    }
  }
  return { base, cases: { xs: Float64Array.from(caseXs), ys: Float64Array.from(caseYs) } };
}

describe('relativeRisk', () => {
  it('is 1 everywhere when every premise is a case', () => {
    const { base } = world(1, 2000, 0, 0);
    const { risk, z } = relativeRisk({ ...options, cases: base, base });
    for (let cell = 0; cell < risk.length; cell++) {
      if (Number.isNaN(risk[cell]!)) continue;
      expect(risk[cell]).toBeCloseTo(1, 12);
      expect(z[cell]).toBeCloseTo(0, 10);
    }
  });

  it('rises where the share of cases does, and the contour holds the place; not where premises merely crowd', () => {
    const { base, cases } = world(2, 6000, 0.1, 0.3);
    const result = relativeRisk({ ...options, cases, base });
    const at = (x: number, y: number) => Math.floor(y / 2) * 50 + Math.floor(x / 2);
    expect(result.risk[at(60, 60)]).toBeGreaterThan(1.7);
    expect(result.p[at(60, 60)]).toBeLessThan(1e-4);
    expect(result.risk[at(10, 30)]).toBeLessThan(1.3);
    const above = toleranceContours(result, [0.01]).find(({ side }) => side === 'above')!;
    const xs = above.geometry.coordinates.flat(2).map(([x]) => x!);
    expect(Math.min(...xs)).toBeGreaterThan(30);
    expect(Math.max(...xs)).toBeLessThan(90);
  });

  it('has a pointwise false-positive rate near the level when nothing goes on', () => {
    let below = 0;
    let tested = 0;
    for (let seed = 0; seed < 40; seed++) {
      const { base, cases } = world(100 + seed, 3000, 0.15, 0.15);
      const { p } = relativeRisk({ ...options, cases, base });
      for (const own of p) {
        if (Number.isNaN(own)) continue;
        tested++;
        if (own < 0.05) below++;
      }
    }
    // 40 worlds of some 50 independent kernels' areas each: 5 % give or take 0.5.
    expect(below / tested).toBeGreaterThan(0.03);
    expect(below / tested).toBeLessThan(0.07);
  });

  it('masks where the base is too low, and says in how many cells', () => {
    const xs = Float64Array.from({ length: 400 }, (_, i) => 10 + (i % 20));
    const ys = Float64Array.from({ length: 400 }, (_, i) => 10 + Math.floor(i / 20));
    const result = relativeRisk({
      ...options,
      cases: { xs: xs.slice(0, 50), ys: ys.slice(0, 50) },
      base: { xs, ys },
    });
    expect(result.risk[49 * 50 + 49]).toBeNaN();
    expect(result.risk[10 * 50 + 10]).toBeGreaterThan(0);
    expect(result.maskedCells).toBe(result.risk.filter((value) => Number.isNaN(value)).length);
  });

  it('is masked throughout without a case', () => {
    const { base } = world(3, 500, 0, 0);
    const none = { xs: new Float64Array(0), ys: new Float64Array(0) };
    expect(relativeRisk({ ...options, cases: none, base }).maskedCells).toBe(2500);
  });
});

describe('squaredKernelIntegral', () => {
  it.each(KERNEL_NAMES)('%s: as by numerical integration', (kernel) => {
    const reach = kernelReach(kernel, 2);
    let sum = 0;
    for (let i = 0; i < 20000; i++) {
      const r = ((i + 0.5) * reach) / 20000;
      sum += (kernelAt(kernel, 2, r * r) ** 2 * 2 * Math.PI * r * reach) / 20000;
    }
    expect(squaredKernelIntegral(kernel, 2)).toBeCloseTo(sum, 8);
  });
});
