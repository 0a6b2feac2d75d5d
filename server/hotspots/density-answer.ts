import type { Sentence } from '../../contract/provenance.ts';
import { densityContours, roundLevels } from './contours.ts';
import { type DensityBand, densityBands } from './density-bands.ts';
import { type DensityGrid, gridForWindow, windowFromGeometry } from './density-window.ts';
import { kernelDensity } from './kernel-density.ts';
import { projectionForData, projectToMeters } from './map-projection.ts';

export type DensitySurface = {
  crs: string;
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
/** Cells of a fifth of σ show the surface to within 1 % of its peak. */
const cellsPerSigma = 5;
const finestCellMeters = 100;
const mostCellsAlong = 400;
/** Levels are 1, 2 or 5 apart: aiming at 8 gives between 3 and 8. */
const bandsAimedAt = 8;

/**
 * Kernel density of events within the outline of the mapped communes, in an equal-area plane in metres, with Diggle's
 * edge correction, so that the surface summed over the province gives the number of events back.
 *
 * @param communes their polygons in longitude and latitude, which may touch, not overlap: together they are the window.
 * @param longitudes degrees, one for each event; `latitudes` likewise.
 * @throws AnalysisInputError for an outline without area or a bandwidth that the grid cannot resolve.
 */
export function provinceDensity(input: {
  communes: readonly { name: string; polygons: [number, number][][][] }[];
  longitudes: readonly number[];
  latitudes: readonly number[];
  bandwidthMeters: number;
}): DensitySurface {
  const outline = input.communes.flatMap(({ polygons }) => polygons);
  const corners = outline.flatMap((rings) => rings[0] ?? []);
  const projection = projectionForData(
    corners.map(([longitude]) => longitude),
    corners.map(([, latitude]) => latitude),
  );
  const window = windowFromGeometry(
    { type: 'MultiPolygon', coordinates: outline },
    { project: ([longitude = 0, latitude = 0]) => projection.forward(longitude, latitude), field: 'outline' },
  );
  const longerSide = Math.max(window.xMax - window.xMin, window.yMax - window.yMin);
  const step = Math.max(input.bandwidthMeters / cellsPerSigma, finestCellMeters, longerSide / mostCellsAlong);
  const { xs, ys } = projectToMeters(projection, input.longitudes, input.latitudes);
  const density = kernelDensity({
    xs,
    ys,
    window,
    sigma: input.bandwidthMeters,
    kernel: 'gaussian',
    edge: 'diggle',
    grid: gridForWindow(window, { step }),
  });
  const values = density.values.map((perSquareMeter) => perSquareMeter * squareMetersPerSquareKm);
  const areas = densityContours(
    { grid: density.grid, values },
    { thresholds: roundLevels(values, bandsAimedAt), unproject: projection.inverse },
  );
  return {
    crs: projection.crs,
    n: density.n,
    outside: density.outside,
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
  communes: readonly { name: string; polygons: [number, number][][][] }[],
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
  const holding = communes.find(({ polygons }) => isInPolygons(polygons, longitude, latitude));
  return { perSquareKm: values[highest]!, longitude, latitude, commune: holding?.name ?? null };
}

/** Even–odd over all rings: holes count themselves out. */
function isInPolygons(polygons: [number, number][][][], x: number, y: number): boolean {
  let inside = false;
  for (const rings of polygons) {
    for (const ring of rings) {
      for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
        const [x1, y1] = ring[at]!;
        const [x2, y2] = ring[before]!;
        if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
      }
    }
  }
  return inside;
}

const vietnameseDay = (day: string) => day.split('-').reverse().join('/');
const inVietnamese = new Intl.NumberFormat('vi-VN', { maximumSignificantDigits: 2 });
const inEnglish = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });

/** What the surface says, and what it does not: where more was looked, more was found. */
export function densitySentence(
  surface: Pick<DensitySurface, 'n' | 'peak'>,
  period: { from: string; to: string },
): Sentence {
  const [from, to] = [vietnameseDay(period.from), vietnameseDay(period.to)];
  if (surface.n === 0 || !surface.peak) {
    return {
      vi: `Từ ${from} đến ${to} không có lượt kiểm tra nào phát hiện vi phạm trong phạm vi bản đồ.`,
      en: `From ${period.from} to ${period.to} no inspection within the map found a violation.`,
    };
  }
  const { n, peak } = surface;
  return {
    vi:
      `Từ ${from} đến ${to} có ${n.toLocaleString('vi-VN')} lượt kiểm tra phát hiện vi phạm; mật độ cao nhất ` +
      `${inVietnamese.format(peak.perSquareKm)} vi phạm/km²${peak.commune ? `, tại ${peak.commune}` : ''}. ` +
      'Mật độ cho biết nơi đã phát hiện: nơi kiểm tra nhiều thì phát hiện nhiều.',
    en:
      `From ${period.from} to ${period.to} ${n.toLocaleString('en-GB')} inspections found a violation; the highest density is ` +
      `${inEnglish.format(peak.perSquareKm)} violations per km²${peak.commune ? `, in ${peak.commune}` : ''}. ` +
      'Density tells where violations were found: where one looked more, one found more.',
  };
}
