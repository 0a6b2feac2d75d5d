import proj4 from 'proj4';
import { AnalysisInputError } from '../analysis-input-error.ts';

/**
 * In what the coordinates of an input are given, and the plane of metres in which distances are taken.
 * `project` goes from the input's coordinates to that plane, `unproject` back; for planar input both are the identity.
 */
export type CoordinateFrame = {
  /** "EPSG:4326", "EPSG:9210", … or "planar". */
  inputCrs: string;
  /** The plane of distances: the input itself when that is one, else an equal-area plane centred on the data. */
  metricCrs: string;
  /** Whether the input is longitude and latitude, so that distances can be taken on the ellipsoid. */
  geographic: boolean;
  unit: 'metre' | 'unit of the file';
  project: (x: number, y: number) => [number, number];
  unproject: (x: number, y: number) => [number, number];
};

export type CoordinateOptions = { planar?: boolean; crs?: string };

/** VN-2000: EPSG codes of the plane systems. All take metres; EPSG:4756 is the same datum in degrees. */
const VN_2000_PLANES = new Set([
  'EPSG:3405',
  'EPSG:3406',
  ...['5896', '5897', '5898', '5899', '6956', '6957', '6958', '6959'].map((code) => `EPSG:${code}`),
  ...Array.from({ length: 14 }, (_, index) => `EPSG:${9205 + index}`),
]);
const GEOGRAPHIC = new Set(['EPSG:4326', 'OGC:CRS84', 'EPSG:4756', 'EPSG:4979']);
const WEB_MERCATOR = new Set(['EPSG:3857', 'EPSG:900913']);
const UTM_ON_WGS_84 = /^EPSG:32[67](0[1-9]|[1-5]\d|60)$/;

/**
 * The frame for coordinates within `bounds` ([minimum x, minimum y, maximum x, maximum y]).
 *
 * Longitude and latitude are projected on Lambert's azimuthal equal-area plane about the middle of the bounds (WGS 84):
 * areas are exact, so densities per km² are, and distances are within (d/2R)²/2, 0.001 % at 60 km and 0.02 % at 250 km from
 * the middle. Web Mercator is turned into longitude and latitude first, since its metres are not metres.
 * Other plane systems are taken as they are: their scale error (0.04 % for UTM, 0.01 % for TM-3) is theirs.
 *
 * Throws AnalysisInputError for an unknown code, for `planar` together with `crs`, for degrees out of range and for
 * degrees where metres are stated.
 */
export function coordinateFrame(
  options: CoordinateOptions,
  bounds: readonly [number, number, number, number],
): CoordinateFrame {
  if (options.planar && options.crs) {
    throw new AnalysisInputError({
      field: '--planar, --crs',
      problem: 'both are given.',
      remedy: 'Use --planar for the units of the file, or --crs for a known system, not both.',
    });
  }
  if (options.planar) {
    return {
      inputCrs: 'planar',
      metricCrs: 'planar',
      geographic: false,
      unit: 'unit of the file',
      project: identity,
      unproject: identity,
    };
  }
  const code = (options.crs ?? 'EPSG:4326').toUpperCase();
  if (VN_2000_PLANES.has(code) || UTM_ON_WGS_84.test(code)) {
    refuseDegrees(code, bounds);
    return {
      inputCrs: code,
      metricCrs: code,
      geographic: false,
      unit: 'metre',
      project: identity,
      unproject: identity,
    };
  }
  if (GEOGRAPHIC.has(code)) {
    refuseOutOfRange(bounds, options.crs !== undefined);
    return equalAreaFrame(code, '+proj=longlat +datum=WGS84', bounds);
  }
  if (WEB_MERCATOR.has(code)) return equalAreaFrame('EPSG:3857', 'EPSG:3857', bounds);
  throw new AnalysisInputError({
    field: '--crs',
    problem: `"${options.crs}" is not a coordinate system that is known here.`,
    remedy:
      'Known are EPSG:4326 and 4756 (degrees), 3857, 32601–32660 and 32701–32760 (UTM), and VN-2000: 3405, 3406, 5896–5899, 6956–6959, 9205–9218. For coordinates in another plane system use --planar.',
  });
}

/** The bounds of coordinates, as coordinateFrame wants them; all coordinates must be finite. */
export function boundsOf(xs: ArrayLike<number>, ys: ArrayLike<number>): [number, number, number, number] {
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i]!;
    const y = ys[i]!;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  return [minX, minY, maxX, maxY];
}

function identity(x: number, y: number): [number, number] {
  return [x, y];
}

function equalAreaFrame(
  inputCrs: string,
  source: string,
  bounds: readonly [number, number, number, number],
): CoordinateFrame {
  const corners = [proj4(source, 'EPSG:4326', [bounds[0], bounds[1]])];
  corners.push(proj4(source, 'EPSG:4326', [bounds[2], bounds[3]]));
  const longitude = Math.round(((corners[0]![0]! + corners[1]![0]!) / 2) * 1000) / 1000;
  const latitude = Math.round(((corners[0]![1]! + corners[1]![1]!) / 2) * 1000) / 1000;
  const plane = `+proj=laea +lat_0=${latitude} +lon_0=${longitude} +x_0=0 +y_0=0 +datum=WGS84 +units=m`;
  const converter = proj4(source, plane);
  return {
    inputCrs,
    metricCrs: plane,
    geographic: source !== 'EPSG:3857',
    unit: 'metre',
    project: (x, y) => converter.forward([x, y]) as [number, number],
    unproject: (x, y) => converter.inverse([x, y]) as [number, number],
  };
}

/** Longitudes and latitudes of Vietnam, read as metres, would lie so near that every outline touches every other. */
function refuseDegrees(code: string, bounds: readonly [number, number, number, number]): void {
  const [minX, minY, maxX, maxY] = bounds;
  if (minX < 100 || maxX > 120 || minY < 5 || maxY > 25) return;
  throw new AnalysisInputError({
    field: 'coordinates',
    problem: `x ${minX} to ${maxX} and y ${minY} to ${maxY} look like degrees, not the metres of ${code}.`,
    remedy: 'Leave --crs away for longitude and latitude, or use --planar for the units of the file.',
  });
}

function refuseOutOfRange(bounds: readonly [number, number, number, number], stated: boolean): void {
  const [minX, minY, maxX, maxY] = bounds;
  if (minX >= -180 && maxX <= 180 && minY >= -90 && maxY <= 90) return;
  throw new AnalysisInputError({
    field: 'coordinates',
    problem: `x ${minX} to ${maxX} and y ${minY} to ${maxY} are not longitudes and latitudes${stated ? '' : ', which are assumed'}.`,
    remedy: 'Name the system with --crs EPSG:…, or use --planar for the units of the file.',
  });
}
