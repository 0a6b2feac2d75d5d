import { describe, expect, it } from 'vitest';
import { normalCdf } from '../normal-distribution.ts';
import { windowFromGeometry } from './density-window.ts';
import { exactEdgeMass } from './edge-correction.ts';
import { KERNEL_NAMES, kernelAt, kernelReach } from './smoothing-kernels.ts';

const rectangle = windowFromGeometry({
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [100, 0],
      [100, 60],
      [0, 60],
      [0, 0],
    ],
  ],
});

const mass = (
  window: typeof rectangle,
  kernel: (typeof KERNEL_NAMES)[number],
  sigma: number,
  x: number,
  y: number,
) => exactEdgeMass(window, kernel, sigma, Float64Array.of(x), Float64Array.of(y))[0]!;

describe('exactEdgeMass', () => {
  it.each(KERNEL_NAMES)('%s: 1 far inside, a half on a side, a quarter at a corner', (kernel) => {
    expect(mass(rectangle, kernel, 2, 50, 30)).toBeCloseTo(1, 12);
    expect(mass(rectangle, kernel, 2, 50, 0)).toBeCloseTo(0.5, 12);
    expect(mass(rectangle, kernel, 2, 100, 60)).toBeCloseTo(0.25, 12);
  });

  it('of a Gaussian in a rectangle is the product of two differences of the normal distribution', () => {
    for (const [x, y] of [
      [1, 20],
      [33, 59.5],
      [99, 1],
      [50, 30],
    ] as const) {
      const across = normalCdf((100 - x) / 10) - normalCdf(-x / 10);
      const up = normalCdf((60 - y) / 10) - normalCdf(-y / 10);
      expect(mass(rectangle, 'gaussian', 10, x, y)).toBeCloseTo(across * up, 12);
    }
  });

  it('of a disc about the point is the share of the kernel within it', () => {
    const corners = 720;
    const ring = Array.from({ length: corners + 1 }, (_, i) => {
      const angle = (2 * Math.PI * (i % corners)) / corners;
      return [Math.cos(angle), Math.sin(angle)];
    });
    const disc = windowFromGeometry({ type: 'Polygon', coordinates: [ring] });
    // Of σ = 1 within r = 1: Gaussian 1 − e^(−1/2); quartic 1 − (1 − 1/8)³; Epanechnikov 1 − (1 − 1/6)².
    expect(mass(disc, 'gaussian', 1, 0, 0)).toBeCloseTo(1 - Math.exp(-0.5), 4);
    expect(mass(disc, 'quartic', 1, 0, 0)).toBeCloseTo(1 - (7 / 8) ** 3, 4);
    expect(mass(disc, 'epanechnikov', 1, 0, 0)).toBeCloseTo(1 - (5 / 6) ** 2, 4);
  });

  it.each(KERNEL_NAMES)(
    '%s: agrees with a sum over a million small cells, hole and island included',
    (kernel) => {
      const outline = [
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 10],
        [0, 0],
      ];
      const hole = [
        [2, 2],
        [8, 2],
        [8, 8],
        [2, 8],
        [2, 2],
      ];
      const islet = [
        [4, 4],
        [6, 4],
        [6, 6],
        [4, 6],
        [4, 4],
      ];
      const window = windowFromGeometry({ type: 'MultiPolygon', coordinates: [[outline, hole], [islet]] });
      const x = 3.3;
      const y = 4.9;
      let sum = 0;
      for (let i = 0; i < 1000; i++) {
        for (let j = 0; j < 1000; j++) {
          const u = (i + 0.5) / 100;
          const v = (j + 0.5) / 100;
          const inHole = u > 2 && u < 8 && v > 2 && v < 8;
          const onIslet = u > 4 && u < 6 && v > 4 && v < 6;
          if (inHole && !onIslet) continue;
          sum += kernelAt(kernel, 1.5, (u - x) ** 2 + (v - y) ** 2) * 1e-4;
        }
      }
      expect(mass(window, kernel, 1.5, x, y)).toBeCloseTo(sum, 5);
    },
  );
});

describe('kernels', () => {
  it.each(KERNEL_NAMES)('%s integrates to 1 and has variance σ² along an axis', (kernel) => {
    const sigma = 3;
    const reach = kernelReach(kernel, sigma);
    let whole = 0;
    let variance = 0;
    const step = reach / 20000;
    for (let i = 0; i < 20000; i++) {
      const r = (i + 0.5) * step;
      const ring = kernelAt(kernel, sigma, r * r) * 2 * Math.PI * r * step;
      whole += ring;
      variance += (ring * r * r) / 2;
    }
    expect(whole).toBeCloseTo(1, 6);
    expect(variance).toBeCloseTo(sigma * sigma, 5);
  });
});
