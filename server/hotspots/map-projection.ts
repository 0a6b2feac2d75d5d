import proj4 from 'proj4';
import { AnalysisInputError } from './analysis-input-error.ts';

/**
 * From longitude and latitude to a plane in metres, in which the analyses take distances and areas.
 *
 * The plane is Lambert's azimuthal equal-area projection on WGS 84, centred on the data: events per km² are exact, and
 * distances within 100 km of the centre are off by less than 3 parts in 100,000. A UTM or VN-2000 zone would do as well
 * within its zone; this one needs no zone, and no province lies across its border.
 */
export type PlaneProjection = {
  /** The definition, as PROJ reads it, for provenance. */
  crs: string;
  forward(longitude: number, latitude: number): [number, number];
  inverse(x: number, y: number): [number, number];
};

/**
 * VN-2000 lies on the ellipsoid of WGS 84; the seven parameters are those of EPSG:6960, whose
 * coordinate-frame rotations enter `towgs84`, a position vector, with the opposite sign (0.7 m here).
 */
const VN_2000 =
  '+ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278';
const TM_3 = `+proj=tmerc +lat_0=0 +k=0.9999 +x_0=500000 +y_0=0 ${VN_2000} +units=m +no_defs`;

const DEFINITIONS: Record<string, string> = {
  'EPSG:4326': '+proj=longlat +datum=WGS84 +no_defs',
  'EPSG:4756': `+proj=longlat ${VN_2000} +no_defs`,
  'EPSG:3405': `+proj=utm +zone=48 ${VN_2000} +units=m +no_defs`,
  'EPSG:3406': `+proj=utm +zone=49 ${VN_2000} +units=m +no_defs`,
  'EPSG:5896': `${TM_3} +lon_0=102`,
  'EPSG:5897': `${TM_3} +lon_0=105`,
  'EPSG:5898': `${TM_3} +lon_0=108`,
  'EPSG:9209': `${TM_3} +lon_0=105.5`,
  'EPSG:32648': '+proj=utm +zone=48 +datum=WGS84 +units=m +no_defs',
  'EPSG:32649': '+proj=utm +zone=49 +datum=WGS84 +units=m +no_defs',
  'EPSG:3857':
    '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs',
};

export const KNOWN_CRS: readonly string[] = Object.keys(DEFINITIONS);

/** The equal-area plane centred on a point. */
export function projectionCentredOn(longitude: number, latitude: number): PlaneProjection {
  const centre = `+lat_0=${round(latitude)} +lon_0=${round(longitude)}`;
  const crs = `+proj=laea ${centre} +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs`;
  const converter = proj4('EPSG:4326', crs);
  return {
    crs,
    forward: (x, y) => converter.forward([x, y]) as [number, number],
    inverse: (x, y) => converter.inverse([x, y]) as [number, number],
  };
}

/** Four decimals (11 m) name the centre shortly; where exactly it lies does not matter. */
function round(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}

/** The equal-area plane centred on the middle of the bounds of some longitudes and latitudes. */
export function projectionForData(
  longitudes: ArrayLike<number>,
  latitudes: ArrayLike<number>,
): PlaneProjection {
  const x = middle(longitudes);
  const y = middle(latitudes);
  return projectionCentredOn(x, y);
}

function middle(values: ArrayLike<number>): number {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < low) low = values[i]!;
    if (values[i]! > high) high = values[i]!;
  }
  return (low + high) / 2;
}

/** Longitudes and latitudes in degrees to metres in the plane. */
export function projectToMeters(
  projection: PlaneProjection,
  longitudes: ArrayLike<number>,
  latitudes: ArrayLike<number>,
): { xs: Float64Array; ys: Float64Array } {
  const xs = new Float64Array(longitudes.length);
  const ys = new Float64Array(longitudes.length);
  for (let i = 0; i < xs.length; i++) {
    const [x, y] = projection.forward(longitudes[i]!, latitudes[i]!);
    xs[i] = x;
    ys[i] = y;
  }
  return { xs, ys };
}

/**
 * How the coordinates of a file become a plane. Metric grids with small distortion (UTM, VN-2000 zones) are taken as they
 * are; longitude and latitude on either datum, and Web Mercator, whose metres are 6 % too long at 20° N, need projecting.
 */
export type SourceCrs =
  | { kind: 'planar'; crs: string; unit: string }
  | { kind: 'geographic'; crs: string; toLongitudeLatitude(x: number, y: number): [number, number] };

/** `name`: "EPSG:…", or null for longitude and latitude. Throws AnalysisInputError for a system that is not known. */
export function sourceCrs(name: string | null, planar = false): SourceCrs {
  if (planar && name !== null) {
    throw new AnalysisInputError({
      field: '--crs',
      problem: `--planar and --crs ${name} contradict each other.`,
      remedy: 'Give one of them.',
    });
  }
  if (planar) return { kind: 'planar', crs: "planar: the file's own units", unit: "the file's unit" };
  const code = (name ?? 'EPSG:4326').toUpperCase();
  const definition = DEFINITIONS[code];
  if (!definition) {
    throw new AnalysisInputError({
      field: '--crs',
      problem: `the coordinate system "${name}" is not known.`,
      remedy: `Known are ${KNOWN_CRS.join(', ')}; for any other metric grid give --planar.`,
    });
  }
  if (code === 'EPSG:4326') {
    return { kind: 'geographic', crs: code, toLongitudeLatitude: checkDegrees };
  }
  const converter = proj4(definition, DEFINITIONS['EPSG:4326']!);
  if (code === 'EPSG:3857' || code === 'EPSG:4756') {
    return {
      kind: 'geographic',
      crs: code,
      toLongitudeLatitude: (x, y) => checkDegrees(...(converter.forward([x, y]) as [number, number])),
    };
  }
  return { kind: 'planar', crs: code, unit: 'm' };
}

function checkDegrees(x: number, y: number): [number, number] {
  if (!(Math.abs(x) <= 180 && Math.abs(y) <= 90)) {
    throw new AnalysisInputError({
      field: 'x, y',
      problem: `(${x}, ${y}) is not a longitude and latitude in degrees.`,
      remedy: "Say which system the file is in with --crs EPSG:…, or --planar for the file's own units.",
    });
  }
  return [x, y];
}

/** The definition of a known system, for those who hand it to another library. */
export function definitionOfCrs(code: string): string | null {
  return DEFINITIONS[code.toUpperCase()] ?? null;
}
