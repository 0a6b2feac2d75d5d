import type { MultiPolygon } from 'geojson';
import type { DensityGrid } from './density/density-window.ts';
import { relativeRisk, toleranceContours } from './density/relative-risk.ts';
import { projectToMeters } from './map-projection.ts';
import { gridForBandwidth, type Outlines, provincePlane } from './province-plane.ts';

export type RiskSurface = {
  crs: string;
  violations: number;
  inspections: number;
  minimumInspections: number;
  maskedShare: number;
  /** Risk against the province's own, 1 where it is that; NaN where masked. */
  grid: DensityGrid & { values: Float64Array };
  tolerance: { level: number; side: 'above' | 'below'; geometry: MultiPolygon }[];
};

/**
 * Violations per inspection against the province's own: the ratio of two kernel densities with one bandwidth, masked where
 * fewer than five inspections lie within a kernel, and where it leaves 1 at the pointwise 5 % and 1 % levels.
 *
 * @param longitudes degrees, one for each inspection, `latitudes` likewise; `violations` whether it found one.
 */
export function provinceRelativeRisk(input: {
  communes: Outlines;
  longitudes: readonly number[];
  latitudes: readonly number[];
  violations: readonly boolean[];
  bandwidthMeters: number;
}): RiskSurface {
  const { projection, window } = provincePlane(input.communes);
  const base = projectToMeters(projection, input.longitudes, input.latitudes);
  const found = (_: number, index: number) => input.violations[index] ?? false;
  const result = relativeRisk({
    cases: { xs: base.xs.filter(found), ys: base.ys.filter(found) },
    base,
    window,
    sigma: input.bandwidthMeters,
    kernel: 'gaussian',
    edge: 'diggle',
    grid: gridForBandwidth(window, input.bandwidthMeters),
  });
  const cellsWithin = result.base.mask.reduce((sum, within) => sum + within, 0);
  return {
    crs: projection.crs,
    violations: result.cases.n,
    inspections: result.base.n,
    minimumInspections: result.minimumBase,
    maskedShare: cellsWithin === 0 ? 1 : result.maskedCells / cellsWithin,
    grid: { ...result.grid, values: result.risk },
    tolerance: toleranceContours(result, [0.05, 0.01], projection.inverse).filter(
      ({ geometry }) => geometry.coordinates.length > 0,
    ),
  };
}
