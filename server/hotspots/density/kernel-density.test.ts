import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, nextUniform, shuffle } from '../random.ts';
import { adaptiveBandwidths } from './adaptive-bandwidth.ts';
import { densityAtPoints } from './density-at-points.ts';
import {
  type DensityWindow,
  gridForWindow,
  isPointInWindow,
  layWindowOverGrid,
  windowFromGeometry,
} from './density-window.ts';
import { addDirectDensity, directEdgeMassOnGrid } from './direct-density.ts';
import { EDGE_CORRECTIONS, type EdgeCorrection, kernelDensity } from './kernel-density.ts';
import { KERNEL_NAMES, type KernelName, kernelAt, kernelPeak } from './smoothing-kernels.ts';

const square = windowFromGeometry({
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

/** A star: not convex, with a hole, and a second part beside it. */
function starWindow(radii: number[]): DensityWindow {
  const star = (x: number, y: number, scale: number) => {
    const ring = radii.map((radius, i) => {
      const angle = (2 * Math.PI * i) / radii.length;
      return [x + scale * radius * Math.cos(angle), y + scale * radius * Math.sin(angle)];
    });
    return [...ring, ring[0]!];
  };
  return windowFromGeometry({
    type: 'MultiPolygon',
    coordinates: [[star(0, 0, 1), star(0, 0, 0.3)], [star(250, 30, 0.4)]],
  });
}

function pointsWithin(window: DensityWindow, count: number, seed: number) {
  const gridded = layWindowOverGrid(window, gridForWindow(window, { cellsAlongLongerSide: 64 }));
  const random = createRandom(seed);
  const xs = new Float64Array(count);
  const ys = new Float64Array(count);
  for (let i = 0; i < count; ) {
    xs[i] = window.xMin + (window.xMax - window.xMin) * nextUniform(random);
    ys[i] = window.yMin + (window.yMax - window.yMin) * nextUniform(random);
    if (isPointInWindow(gridded, xs[i]!, ys[i]!)) i++;
  }
  return { xs, ys };
}

/** The definition, cell by cell and point by point, over the cells whose centre lies within. */
function directSum(
  window: DensityWindow,
  grid: ReturnType<typeof gridForWindow>,
  points: { xs: Float64Array; ys: Float64Array },
  kernel: KernelName,
  sigma: number,
  edge: EdgeCorrection,
): Float64Array {
  const { mask } = layWindowOverGrid(window, grid);
  const cells = Array.from(mask.keys()).filter((cell) => mask[cell] === 1);
  const place = (cell: number) => [
    grid.x0 + (cell % grid.columns) * grid.step,
    grid.y0 + Math.floor(cell / grid.columns) * grid.step,
  ];
  const massAt = (x: number, y: number) => {
    let mass = 0;
    for (const cell of cells) {
      const [u, v] = place(cell) as [number, number];
      mass += kernelAt(kernel, sigma, (u - x) ** 2 + (v - y) ** 2) * grid.step ** 2;
    }
    return mass;
  };
  const own = Array.from(points.xs, (x, i) => (edge === 'diggle' ? massAt(x, points.ys[i]!) : 1));
  const values = new Float64Array(mask.length).fill(Number.NaN);
  for (const cell of cells) {
    const [u, v] = place(cell) as [number, number];
    let value = 0;
    for (let j = 0; j < points.xs.length; j++) {
      value += kernelAt(kernel, sigma, (u - points.xs[j]!) ** 2 + (v - points.ys[j]!) ** 2) / own[j]!;
    }
    values[cell] = edge === 'uniform' ? value / massAt(u, v) : value;
  }
  return values;
}

function furthestApart(a: Float64Array, b: Float64Array): number {
  let furthest = 0;
  for (let i = 0; i < a.length; i++) {
    expect(Number.isNaN(a[i])).toBe(Number.isNaN(b[i]));
    if (!Number.isNaN(a[i]!)) furthest = Math.max(furthest, Math.abs(a[i]! - b[i]!));
  }
  return furthest;
}

const highest = (values: Float64Array) => values.reduce((most, v) => (v > most ? v : most), 0);

describe('kernelDensity', () => {
  it('of one point without correction is the kernel about it', () => {
    const grid = gridForWindow(square, { step: 1 });
    const { values } = kernelDensity({
      xs: Float64Array.of(50.5),
      ys: Float64Array.of(40.5),
      window: square,
      sigma: 5,
      kernel: 'gaussian',
      edge: 'none',
      grid,
    });
    // At the point itself 1/(2π·25); three σ to the east that times e^(−4.5).
    expect(values[40 * 100 + 50]).toBeCloseTo(1 / (50 * Math.PI), 14);
    expect(values[40 * 100 + 65]).toBeCloseTo(Math.exp(-4.5) / (50 * Math.PI), 14);
  });

  it.each(KERNEL_NAMES.flatMap((kernel) => EDGE_CORRECTIONS.map((edge) => [kernel, edge] as const)))(
    '%s with edge %s is the direct sum of its definition',
    (kernel, edge) => {
      const window = starWindow([100, 60, 90, 40, 100, 80, 70]);
      const points = pointsWithin(window, 25, 5);
      const grid = gridForWindow(window, { step: 7 });
      const { values, evaluation } = kernelDensity({ ...points, window, sigma: 14, kernel, edge, grid });
      expect(evaluation).toBe('direct');
      const expected = directSum(window, grid, points, kernel, 14, edge);
      expect(furthestApart(values, expected) / highest(expected)).toBeLessThan(1e-10);
    },
  );

  it.each(EDGE_CORRECTIONS)(
    'over the lattice, edge %s, is within 2e-5 of the peak of the direct sum',
    (edge) => {
      const window = starWindow([100, 60, 90, 40, 100, 80, 70]);
      const points = pointsWithin(window, 4000, 6);
      const grid = gridForWindow(window, { cellsAlongLongerSide: 400 });
      const fast = kernelDensity({ ...points, window, sigma: 8, kernel: 'gaussian', edge, grid });
      expect(fast.evaluation).toBe('lattice');
      const laid = layWindowOverGrid(window, grid);
      const exact = new Float64Array(laid.mask.length);
      const ones = new Float64Array(points.xs.length).fill(1);
      addDirectDensity(laid, 'gaussian', 8, points.xs, points.ys, ones, edge === 'diggle', null, exact);
      const masses = edge === 'uniform' ? directEdgeMassOnGrid(laid, 'gaussian', 8) : null;
      for (let cell = 0; cell < exact.length; cell++) {
        exact[cell] = laid.mask[cell] === 1 ? exact[cell]! / (masses ? masses[cell]! : 1) : Number.NaN;
      }
      expect(furthestApart(fast.values, exact) / highest(exact)).toBeLessThan(2e-5);
    },
  );

  it('of compact kernels from cell centres is within 0.5 % of the peak of the direct sum', () => {
    const window = starWindow([100, 60, 90, 40, 100, 80, 70]);
    const points = pointsWithin(window, 60000, 7);
    const grid = gridForWindow(window, { cellsAlongLongerSide: 600 });
    const fast = kernelDensity({ ...points, window, sigma: 12, kernel: 'quartic', edge: 'none', grid });
    expect(fast.evaluation).toBe('binned');
    const cells = Array.from(fast.values.keys()).filter((cell) => cell % 397 === 0 && fast.mask[cell] === 1);
    const exact = densityAtPoints({
      ...points,
      window,
      sigma: 12,
      kernel: 'quartic',
      edge: 'none',
      atXs: Float64Array.from(cells, (cell) => grid.x0 + (cell % grid.columns) * grid.step),
      atYs: Float64Array.from(cells, (cell) => grid.y0 + Math.floor(cell / grid.columns) * grid.step),
    }).values;
    const apart = exact.map((value, i) => Math.abs(value - fast.values[cells[i]!]!));
    expect(highest(apart) / highest(fast.values)).toBeLessThan(0.005);
  });

  it("integrates to n in any window with Diggle's correction, whatever kernel, bandwidth and cell", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 30, max: 100, noNaN: true }), { minLength: 5, maxLength: 12 }),
        fc.constantFrom(...KERNEL_NAMES),
        fc.double({ min: 4, max: 300, noNaN: true }),
        fc.double({ min: 2, max: 8, noNaN: true }),
        fc.integer({ min: 1, max: 200 }),
        (radii, kernel, sigma, step, count) => {
          const window = starWindow(radii);
          const points = pointsWithin(window, count, count);
          const weights = points.xs.map((_, i) => i % 4);
          const grid = gridForWindow(window, { step });
          const density = kernelDensity({ ...points, weights, window, sigma, kernel, edge: 'diggle', grid });
          const n = weights.reduce((sum, weight) => sum + weight, 0);
          let sum = 0;
          for (const value of density.values) if (!Number.isNaN(value)) sum += value;
          expect(density.n).toBe(n);
          expect(Math.abs(sum * step * step - n)).toBeLessThanOrEqual(1e-9 * Math.max(1, n));
        },
      ),
      { seed: 20261123, numRuns: 60 },
    );
  });

  it('integrates to n for points on slivers and islets that hold no centre of a cell', () => {
    const sliver = windowFromGeometry({
      type: 'MultiPolygon',
      coordinates: [
        [
          [
            [0, 0],
            [100, 0],
            [100, 100],
            [0, 100],
            [0, 0],
          ],
        ],
        [
          [
            [150.1, 50.1],
            [150.3, 50.1],
            [150.3, 50.3],
            [150.1, 50.3],
            [150.1, 50.1],
          ],
        ],
        [
          [
            [100, 40],
            [180, 40],
            [180, 40.2],
            [100, 40.2],
            [100, 40],
          ],
        ],
      ],
    });
    for (const kernel of KERNEL_NAMES) {
      const density = kernelDensity({
        xs: Float64Array.of(150.2, 179, 50),
        ys: Float64Array.of(50.2, 40.1, 50),
        window: sliver,
        sigma: 4,
        kernel,
        edge: 'diggle',
        grid: gridForWindow(sliver, { step: 7 }),
      });
      expect(density.outside).toBe(0);
      expect(density.integral).toBeCloseTo(3, 10);
    }
  });

  it('counts points on the border, leaves out those outside and says how many', () => {
    const density = kernelDensity({
      xs: Float64Array.of(0, 100, 50, 100.5, -3),
      ys: Float64Array.of(0, 50, 100, 50, 50),
      window: square,
      sigma: 10,
      kernel: 'gaussian',
      edge: 'diggle',
      grid: gridForWindow(square, { step: 1 }),
    });
    expect(density.outside).toBe(2);
    expect(Array.from(density.inside)).toEqual([1, 1, 1, 0, 0]);
    expect(density.integral).toBeCloseTo(3, 10);
  });

  it('of coincident points is that of one point with their number as weight', () => {
    const options = { window: square, sigma: 6, kernel: 'quartic', edge: 'diggle' } as const;
    const grid = gridForWindow(square, { step: 2 });
    const many = kernelDensity({
      ...options,
      grid,
      xs: new Float64Array(9).fill(30),
      ys: new Float64Array(9).fill(95),
    });
    const one = kernelDensity({
      ...options,
      grid,
      xs: Float64Array.of(30),
      ys: Float64Array.of(95),
      weights: Float64Array.of(9),
    });
    expect(furthestApart(many.values, one.values)).toBeLessThan(1e-15);
  });

  it('does not change with the order of the points', () => {
    const points = pointsWithin(square, 3000, 8);
    const order = Int32Array.from(points.xs.keys());
    shuffle(createRandom(9), order);
    const moved = {
      xs: Float64Array.from(order, (i) => points.xs[i]!),
      ys: Float64Array.from(order, (i) => points.ys[i]!),
    };
    const grid = gridForWindow(square, { step: 0.25 });
    const options = { window: square, sigma: 5, kernel: 'gaussian', edge: 'diggle', grid } as const;
    const a = kernelDensity({ ...points, ...options }).values;
    const b = kernelDensity({ ...moved, ...options }).values;
    expect(furthestApart(a, b) / highest(a)).toBeLessThan(1e-12);
  });

  it('of no points is zero within the window', () => {
    const none = new Float64Array(0);
    const density = kernelDensity({
      xs: none,
      ys: none,
      window: square,
      sigma: 5,
      kernel: 'gaussian',
      edge: 'diggle',
      grid: gridForWindow(square, { step: 10 }),
    });
    expect(density.integral).toBe(0);
    expect(Array.from(density.values)).toEqual(new Array(100).fill(0));
  });

  it('takes a million points, and every one of them counts', () => {
    const points = pointsWithin(square, 1_000_000, 10);
    const grid = gridForWindow(square, { cellsAlongLongerSide: 512 });
    const density = kernelDensity({
      ...points,
      window: square,
      sigma: 2,
      kernel: 'gaussian',
      edge: 'diggle',
      grid,
    });
    expect(density.integral / 1e6).toBeCloseTo(1, 10);
  });

  it('refuses what cannot be', () => {
    const grid = gridForWindow(square, { step: 2 });
    const good = {
      xs: Float64Array.of(1, 2),
      ys: Float64Array.of(1, 2),
      window: square,
      kernel: 'gaussian',
      edge: 'diggle',
      grid,
    } as const;
    expect(() => kernelDensity({ ...good, sigma: 0 })).toThrow(
      /sigma: the bandwidth 0 is not a finite number above zero/,
    );
    expect(() => kernelDensity({ ...good, sigma: -1 })).toThrow(/sigma/);
    expect(() => kernelDensity({ ...good, sigma: Number.NaN })).toThrow(/sigma/);
    expect(() => kernelDensity({ ...good, sigma: 0.9 })).toThrow(/under half a cell of 2/);
    expect(() => kernelDensity({ ...good, sigma: 5, xs: Float64Array.of(1, Number.NaN) })).toThrow(
      /x, y, row 2/,
    );
    expect(() => kernelDensity({ ...good, sigma: 5, weights: Float64Array.of(-1, 1) })).toThrow(
      /weight, row 1/,
    );
  });
});

describe('densityAtPoints', () => {
  it('left out of itself is the density without that point', () => {
    const points = pointsWithin(square, 40, 12);
    const options = { window: square, sigma: 9, kernel: 'epanechnikov', edge: 'uniform' } as const;
    const left = densityAtPoints({
      ...points,
      ...options,
      atXs: points.xs,
      atYs: points.ys,
      leaveOneOut: true,
    });
    const without = (values: Float64Array, i: number) => values.filter((_, j) => j !== i);
    for (const i of [0, 7, 39]) {
      const rest = densityAtPoints({
        xs: without(points.xs, i),
        ys: without(points.ys, i),
        ...options,
        atXs: points.xs.slice(i, i + 1),
        atYs: points.ys.slice(i, i + 1),
      });
      expect(left.values[i]).toBeCloseTo(rest.values[0]!, 14);
    }
  });

  it('is NaN outside the window', () => {
    const { values } = densityAtPoints({
      xs: Float64Array.of(50),
      ys: Float64Array.of(50),
      window: square,
      sigma: 9,
      kernel: 'gaussian',
      edge: 'diggle',
      atXs: Float64Array.of(101, 50),
      atYs: Float64Array.of(50, 50),
    });
    expect(values[0]).toBeNaN();
    expect(values[1]).toBeCloseTo(kernelPeak('gaussian', 9), 8);
  });
});

describe('adaptiveBandwidths', () => {
  it('are narrow where points crowd, wide where they are few, and typical on the whole; the surface still holds n', () => {
    const crowd = pointsWithin(square, 200, 13);
    const xs = Float64Array.from([...crowd.xs.map((x) => 20 + x / 20), 80, 85]);
    const ys = Float64Array.from([...crowd.ys.map((y) => 20 + y / 20), 80, 70]);
    const options = { xs, ys, window: square, kernel: 'gaussian', edge: 'diggle' } as const;
    const sigmas = adaptiveBandwidths({ ...options, sigma: 6 });
    expect(sigmas[0]).toBeLessThan(7);
    expect(sigmas[200]).toBeGreaterThan(20);
    const geometric = Math.exp(sigmas.reduce((sum, own) => sum + Math.log(own), 0) / sigmas.length);
    expect(geometric).toBeGreaterThan(5);
    expect(geometric).toBeLessThan(7);
    const density = kernelDensity({ ...options, sigma: sigmas, grid: gridForWindow(square, { step: 1 }) });
    expect(density.integral).toBeCloseTo(202, 8);
  });
});
