import type { MultiPolygon } from 'geojson';
import { describe, expect, it } from 'vitest';
import { contourAreas, densityContours, roundLevels } from './contours.ts';
import { signedArea } from './density-window.ts';

/** A cone of height 10 whose foot has radius 20, on cells of 1. */
function cone(outside = 0) {
  const grid = { x0: -30, y0: -30, step: 1, columns: 61, rows: 61 };
  const values = new Float64Array(61 * 61);
  for (let cell = 0; cell < values.length; cell++) {
    const distance = Math.hypot((cell % 61) - 30, Math.floor(cell / 61) - 30);
    values[cell] = distance > 20 ? outside : 10 - distance / 2;
  }
  return { grid, values };
}

const areaOf = (shape: MultiPolygon) =>
  shape.coordinates
    .flat()
    .reduce((sum, ring) => sum + signedArea(Float64Array.from(ring.slice(0, -1).flat())), 0);

describe('contourAreas', () => {
  it('of a cone are discs, outer rings counter-clockwise', () => {
    const { grid, values } = cone();
    for (const [threshold, radius] of [
      [2, 16],
      [5, 10],
      [8, 4],
    ] as const) {
      const [area] = contourAreas(grid, values, [threshold]);
      expect(area!.geometry.coordinates).toHaveLength(1);
      expect(areaOf(area!.geometry) / (Math.PI * radius ** 2)).toBeCloseTo(1, 1);
      for (const [x, y] of area!.geometry.coordinates[0]![0]!) {
        expect(Math.hypot(x!, y!)).toBeGreaterThan(radius - 0.1);
        expect(Math.hypot(x!, y!)).toBeLessThan(radius + 0.1);
      }
    }
  });

  it('cuts a hole where the surface dips, clockwise', () => {
    const { grid, values } = cone();
    const bowl = values.map((value) => Math.min(value, 12 - value));
    const [area] = contourAreas(grid, bowl, [4]);
    expect(area!.geometry.coordinates[0]).toHaveLength(2);
    expect(areaOf(area!.geometry) / (Math.PI * (12 ** 2 - 4 ** 2))).toBeCloseTo(1, 1);
  });

  it('stays within the cells that are not NaN', () => {
    const { grid, values } = cone(Number.NaN);
    const [area] = contourAreas(grid, values, [0.0001]);
    for (const [x, y] of area!.geometry.coordinates.flat(2)) {
      expect(Math.hypot(x!, y!)).toBeLessThanOrEqual(20);
    }
  });

  it('is empty above the highest value, and unprojects', () => {
    const { grid, values } = cone();
    expect(contourAreas(grid, values, [11])[0]!.geometry.coordinates).toEqual([]);
    const [moved] = contourAreas(grid, values, [5], (x, y) => [x + 1000, y]);
    expect(moved!.geometry.coordinates[0]![0]![0]![0]).toBeGreaterThan(900);
  });
});

describe('roundLevels', () => {
  it('are 1, 2 or 5 times a power of ten apart', () => {
    expect(roundLevels(Float64Array.of(0, Number.NaN, 0.0123), 6)).toEqual([
      0.002, 0.004, 0.006, 0.008, 0.01, 0.012,
    ]);
    expect(roundLevels(Float64Array.of(47), 6)).toEqual([10, 20, 30, 40]);
    expect(roundLevels(new Float64Array(4))).toEqual([]);
  });

  it('give no contour of a surface of zeros', () => {
    const { grid } = cone();
    expect(densityContours({ grid, values: new Float64Array(61 * 61) })).toEqual([]);
  });
});
