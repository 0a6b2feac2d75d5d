import { describe, expect, it } from 'vitest';
import { contourLines, densityBands, digitsFor } from './density-bands.ts';

describe('bands of density', () => {
  it('are each drawn once, lowest first, and stronger the higher', () => {
    const bands = densityBands([
      { low: 0.4, high: null },
      { low: 0.1, high: 0.2 },
      { low: 0.2, high: 0.4 },
      { low: 0.1, high: 0.2 },
    ]);
    expect(bands.map(({ low }) => low)).toEqual([0.1, 0.2, 0.4]);
    const opacities = bands.map(({ fill }) => fill[3]);
    expect(opacities).toEqual([...opacities].sort((one, other) => one - other));
    expect(new Set(opacities).size).toBe(3);
    expect(Math.max(...opacities)).toBeLessThanOrEqual(255);
  });

  it('are none where nothing was found', () => {
    expect(densityBands([])).toEqual([]);
  });

  it('are written with as few decimals as tell them apart', () => {
    expect(digitsFor([{ low: 1 }, { low: 2 }])).toBe(0);
    expect(digitsFor([{ low: 0.1 }, { low: 0.25 }])).toBe(2);
    expect(digitsFor([{ low: 0.004 }, { low: 0.008 }])).toBe(3);
    expect(digitsFor([])).toBe(0);
  });
});

describe('contours', () => {
  const square = (west: number, size: number): [number, number][] => [
    [west, 0],
    [west + size, 0],
    [west + size, size],
    [west, 0],
  ];
  const band = (low: number, high: number | null, coordinates: [number, number][][][]) => ({
    type: 'Feature' as const,
    properties: { low, high },
    geometry: { type: 'MultiPolygon' as const, coordinates },
  });

  it('are drawn once: the hole of a band is the edge of the next', () => {
    expect(
      contourLines([
        band(1, 2, [[square(0, 9), square(1, 4)]]),
        band(2, null, [[square(1, 4)], [square(20, 2)]]),
      ]),
    ).toEqual([
      { low: 1, path: square(0, 9) },
      { low: 2, path: square(1, 4) },
      { low: 2, path: square(20, 2) },
    ]);
  });

  it('are kept where the surface falls below the band within it', () => {
    expect(contourLines([band(1, null, [[square(0, 9), square(1, 4)]])])).toEqual([
      { low: 1, path: square(0, 9) },
      { low: 1, path: square(1, 4) },
    ]);
  });
});
