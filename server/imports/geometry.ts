import type { Geometry, MultiPolygon, Point, Polygon, Position } from 'geojson';
import { signedDoubleArea } from '../places/coverage-cleaning.ts';
import { type CoordinateSystem, inVietnam } from './coordinate-systems.ts';
import { UnreadableValue } from './values.ts';

/** What reading a file's geometries found and put right, counted over the file. */
export type GeometryTally = { duplicateVertices: number; reversedRings: number; swappedAxes: number };
export const emptyTally = (): GeometryTally => ({ duplicateVertices: 0, reversedRings: 0, swappedAxes: 0 });

/** Coordinates of the file that lie outside Vietnam: most often the wrong coordinate system. */
export class OutsideVietnam extends UnreadableValue {
  override name = 'OutsideVietnam';
  readonly x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    super('a position in Vietnam (longitude 102 to 118, latitude 6 to 24)');
    this.x = x;
    this.y = y;
  }
}

/** Longitude and latitude of a point given in the file's system. */
export function toLonLat(x: number, y: number, system: CoordinateSystem, tally: GeometryTally): Position {
  if (!Number.isFinite(x) || !Number.isFinite(y)) throw new UnreadableValue('coordinates that are numbers');
  let [east, north] = [x, y];
  // Vietnamese surveys write x northwards: in metres the two cannot be mistaken, for no easting here is above 900 km.
  if (!system.geographic && system.code !== 3857 && x > 900_000 && y > 0 && y < 900_000) {
    [east, north] = [y, x];
    tally.swappedAxes += 1;
  }
  const [lon, lat] = system.toLonLat(east, north);
  if (!inVietnam(lon, lat)) throw new OutsideVietnam(x, y);
  return [lon, lat];
}

/** A point out of a point, or a collection of one. */
export function readPoint(geometry: Geometry, system: CoordinateSystem, tally: GeometryTally): Point {
  const position =
    geometry.type === 'Point'
      ? geometry.coordinates
      : geometry.type === 'MultiPoint' && geometry.coordinates.length === 1
        ? geometry.coordinates[0]!
        : null;
  if (!position) throw new UnreadableValue(`a point (found ${geometry.type})`);
  return { type: 'Point', coordinates: toLonLat(position[0]!, position[1]!, system, tally) };
}

/**
 * An area in EPSG:4326 as RFC 7946 wants it: rings closed, outer ones counter-clockwise, without consecutive duplicates.
 * Rings that are no area (fewer than three different vertices) are refused.
 */
export function readArea(
  geometry: Geometry,
  system: CoordinateSystem,
  tally: GeometryTally,
): Polygon | MultiPolygon {
  const polygons =
    geometry.type === 'Polygon'
      ? [geometry.coordinates]
      : geometry.type === 'MultiPolygon'
        ? geometry.coordinates
        : null;
  if (!polygons) throw new UnreadableValue(`a polygon (found ${geometry.type})`);
  if (!polygons.length || polygons.some((rings) => !rings.length))
    throw new UnreadableValue('a polygon that is not empty');
  const coordinates = polygons.map((rings) =>
    rings.map((ring, position) => readRing(ring, position === 0, system, tally)),
  );
  return coordinates.length === 1
    ? { type: 'Polygon', coordinates: coordinates[0]! }
    : { type: 'MultiPolygon', coordinates };
}

function readRing(
  ring: readonly Position[],
  outer: boolean,
  system: CoordinateSystem,
  tally: GeometryTally,
): Position[] {
  if (!Array.isArray(ring)) throw new UnreadableValue('rings of coordinates');
  const cleaned: Position[] = [];
  for (const vertex of ring) {
    const [x, y] = vertex as [number, number];
    const position = toLonLat(x, y, system, tally);
    const previous = cleaned.at(-1);
    if (previous && previous[0] === position[0] && previous[1] === position[1]) tally.duplicateVertices += 1;
    else cleaned.push(position);
  }
  const [first, last] = [cleaned[0], cleaned.at(-1)];
  if (first && last && (first[0] !== last[0] || first[1] !== last[1])) cleaned.push(first);
  if (cleaned.length < 4) throw new UnreadableValue('rings of at least three different vertices');
  if (signedDoubleArea(cleaned) > 0 !== outer) {
    cleaned.reverse();
    tally.reversedRings += 1;
  }
  return cleaned;
}

/** Well-known text of a point, polygon or multipolygon, with or without "SRID=…;" and Z or M values. */
export function readWkt(value: unknown): Geometry {
  if (typeof value !== 'string') throw new UnreadableValue('well-known text, such as POINT (105.9 20.2)');
  const text = value.trim().replace(/^SRID=\d+;/i, '');
  const match = /^(POINT|POLYGON|MULTIPOLYGON)\s*(?:ZM|Z|M)?\s*(\(.*\))$/is.exec(text);
  if (!match) throw new UnreadableValue('well-known text of a point or polygon, such as POINT (105.9 20.2)');
  const json = match[2]!
    .replace(/[^(),]+/g, (numbers) => (numbers.trim() ? `[${numbers.trim().split(/\s+/).join(',')}]` : ''))
    .replaceAll('(', '[')
    .replaceAll(')', ']');
  let coordinates: unknown;
  try {
    coordinates = JSON.parse(json);
  } catch {
    throw new UnreadableValue('well-known text whose brackets and numbers are whole');
  }
  const type = { POINT: 'Point', POLYGON: 'Polygon', MULTIPOLYGON: 'MultiPolygon' }[match[1]!.toUpperCase()]!;
  return { type, coordinates: type === 'Point' ? (coordinates as Position[])[0] : coordinates } as Geometry;
}
