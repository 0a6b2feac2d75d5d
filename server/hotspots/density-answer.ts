import { chooseBandwidth } from './density/bandwidth.ts';
import { densityContours, roundLevels } from './density/contours.ts';
import { type DensityBand, densityBands } from './density/density-bands.ts';
import type { DensityGrid } from './density/density-window.ts';
import { kernelDensity } from './density/kernel-density.ts';
import { projectToMeters } from './map-projection.ts';
import { communeAt, gridForBandwidth, type Outlines, provincePlane } from './province-plane.ts';

export type DensitySurface = {
  crs: string;
  bandwidthMeters: number;
  n: number;
  outside: number;
  integral: number;
  /** Metres of `crs`; values in events per km², NaN outside the outline. */
  grid: DensityGrid & { values: Float64Array };
  bands: DensityBand[];
  /** The highest value, where it lies and in which commune; null when there is no event. */
  peak: { perSquareKm: number; longitude: number; latitude: number; commune: string | null } | null;
};

const squareMetersPerSquareKm = 1e6;
/** Levels are 1, 2 or 5 apart: aiming at 8 gives between 3 and 8. */
const bandsAimedAt = 8;
const leastChosenMeters = 500;
const mostChosenMeters = 20_000;

/**
 * Kernel density of events within the mapped communes, in an equal-area plane in metres, with Diggle's edge
 * correction, so that the surface summed over the province gives the number of events back.
 *
 * @param longitudes degrees, one for each place of events; `latitudes` likewise; `weights` the events there, 1 where absent.
 * @param bandwidthMeters σ, or `auto`: by likelihood cross-validation between 0.5 and 20 km; 5 km with fewer than 10 places.
 * @throws AnalysisInputError for an outline without area or a bandwidth that the grid cannot resolve.
 */
export function provinceDensity(input: {
  communes: (Outlines[number] & { name: string })[];
  longitudes: readonly number[];
  latitudes: readonly number[];
  weights?: readonly number[];
  bandwidthMeters: number | 'auto';
}): DensitySurface {
  const { projection, window } = provincePlane(input.communes);
  const { xs, ys } = projectToMeters(projection, input.longitudes, input.latitudes);
  const weights = input.weights ? Float64Array.from(input.weights) : null;
  const estimate = { xs, ys, weights, window, kernel: 'gaussian', edge: 'diggle' } as const;
  let sigma = input.bandwidthMeters;
  if (sigma === 'auto') {
    const enough = xs.length >= 10;
    sigma = enough
      ? chooseBandwidth({ ...estimate, least: leastChosenMeters, most: mostChosenMeters }).sigma
      : 5000;
  }
  const density = kernelDensity({ ...estimate, sigma, grid: gridForBandwidth(window, sigma) });
  const values = density.values.map((perSquareMeter) => perSquareMeter * squareMetersPerSquareKm);
  const areas = densityContours(
    { grid: density.grid, values },
    { thresholds: roundLevels(values, bandsAimedAt), unproject: projection.inverse },
  );
  return {
    crs: projection.crs,
    bandwidthMeters: sigma,
    n: density.n,
    // in events: several may stand at one place
    outside: (weights ? weights.reduce((sum, events) => sum + events, 0) : xs.length) - density.n,
    integral: density.integral,
    grid: { ...density.grid, values },
    bands: densityBands(areas),
    peak: density.n === 0 ? null : peakOf(density.grid, values, projection.inverse, input.communes),
  };
}

function peakOf(
  grid: DensityGrid,
  values: Float64Array,
  unproject: (x: number, y: number) => [number, number],
  communes: (Outlines[number] & { name: string })[],
): DensitySurface['peak'] {
  let highest = -1;
  for (let cell = 0; cell < values.length; cell += 1) {
    if (values[cell]! > (values[highest] ?? -1)) highest = cell;
  }
  if (highest < 0) return null;
  const [longitude, latitude] = unproject(
    grid.x0 + (highest % grid.columns) * grid.step,
    grid.y0 + Math.floor(highest / grid.columns) * grid.step,
  );
  const commune = communeAt(communes, longitude, latitude)?.name ?? null;
  return { perSquareKm: values[highest]!, longitude, latitude, commune };
}
