import { contours as d3Contours } from 'd3-contour';
import type { MultiPolygon, Position } from 'geojson';
import type { DensityGrid } from './density-window.ts';

export type ContourArea = {
  /** The area holds the cells whose value is at least this. */
  threshold: number;
  /** In the plane of the grid unless `unproject` was given; RFC 7946 winding; empty where nothing reaches the threshold. */
  geometry: MultiPolygon;
};

/**
 * Areas at or above each threshold, by marching squares with linear interpolation between cell centres (d3-contour).
 * Where the grid is NaN (outside the window) there is no area: an area ends at the outermost cell centres of the window,
 * up to a cell inside the outline, and never claims anything beyond it.
 */
export function contourAreas(
  grid: DensityGrid,
  values: Float64Array,
  thresholds: readonly number[],
  unproject?: (x: number, y: number) => [number, number],
): ContourArea[] {
  const build = d3Contours().size([grid.columns, grid.rows]).smooth(true);
  // d3 takes any array-like of numbers and treats NaN as minus infinity.
  const cells = values as unknown as number[];
  return thresholds.map((threshold) => {
    const shape = build.contour(cells, threshold);
    const coordinates = shape.coordinates.map((rings) =>
      rings.map((ring, index) => {
        const placed = ring.map(([column, row]): Position => {
          const x = grid.x0 + (column! - 0.5) * grid.step;
          const y = grid.y0 + (row! - 0.5) * grid.step;
          return unproject ? unproject(x, y) : [x, y];
        });
        return isCounterClockwise(placed) === (index === 0) ? placed : placed.reverse();
      }),
    );
    return { threshold, geometry: { type: 'MultiPolygon', coordinates } };
  });
}

function isCounterClockwise(ring: Position[]): boolean {
  const [x0, y0] = ring[0] as [number, number];
  let twice = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [xa, ya] = ring[i] as [number, number];
    const [xb, yb] = ring[i + 1] as [number, number];
    twice += (xa - x0) * (yb - y0) - (xb - x0) * (ya - y0);
  }
  return twice > 0;
}

/** About `count` round levels (1, 2 or 5 × 10^k apart) from above zero to below the highest value; none for a flat zero. */
export function roundLevels(values: Float64Array, count = 6): number[] {
  let highest = 0;
  for (const value of values) if (value > highest) highest = value;
  if (highest === 0) return [];
  const rough = highest / (count + 0.5);
  const power = 10 ** Math.floor(Math.log10(rough));
  const mantissa = [1, 2, 5, 10].find((m) => m * power >= rough * (1 - 1e-9))!;
  const levels: number[] = [];
  for (let i = 1; i * mantissa * power < highest; i++) {
    levels.push(Number((i * mantissa * power).toPrecision(12)));
  }
  return levels;
}

/** Contours of a density surface at round levels, or at given ones. */
export function densityContours(
  density: { grid: DensityGrid; values: Float64Array },
  options: {
    thresholds?: readonly number[];
    count?: number;
    unproject?: (x: number, y: number) => [number, number];
  } = {},
): ContourArea[] {
  const thresholds = options.thresholds ?? roundLevels(density.values, options.count);
  return contourAreas(density.grid, density.values, thresholds, options.unproject);
}
