import { merge, mesh, neighbors } from 'topojson-client';
import { topology } from 'topojson-server';
import { presimplify, simplify } from 'topojson-simplify';
import type {
  GeometryCollection,
  Topology,
  MultiPolygon as TopologyMultiPolygon,
} from 'topojson-specification';

type Position = [number, number];
type Geometry = { type: string; coordinates: unknown } | null;
type Outline = { code: string; geometry: Geometry };
type Polygons = Position[][][];

export type ProvinceDrawing = {
  width: number;
  height: number;
  /** Longitude and latitude to the drawing's units. */
  place: (position: readonly [number, number]) => Position;
  /** Drawing units to a kilometre. */
  unitsPerKm: number;
  communes: { code: string; path: string; label: Position }[];
  /** Borders between communes, each drawn once, and the outer edge of all. */
  borders: string;
  edge: string;
  /** The outer edge of some of them, as one path. */
  edgeOf: (codes: ReadonlySet<string>) => string;
  /** For each commune those that share a stretch of border with it; a common corner is none. */
  neighbours: ReadonlyMap<string, readonly string[]>;
};

const width = 1000;
const margin = 30;
const kilometersPerDegree = 111.195;
/** Triangles below this area, in square units of a drawing 1,000 wide, are not seen even when enlarged fivefold. */
const leastTriangle = 0.06;

/**
 * Communes as a drawing `width` wide: degrees scaled by the cosine of the middle latitude, which over a province keeps
 * shapes to within a percent. Outlines are simplified together, so that neighbours keep their common border: real ones
 * have 100,000 vertices, of which a drawing shows a tenth.
 *
 * @param outlines polygons in longitude and latitude; what has none is left out.
 */
export function provinceDrawing(outlines: readonly Outline[]): ProvinceDrawing {
  const shapes = outlines.flatMap(({ code, geometry }) => {
    const polygons = polygonsOf(geometry);
    return polygons.length > 0 ? [{ code, polygons }] : [];
  });
  const corners = shapes.flatMap(({ polygons }) => polygons.flat(2));
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [longitude, latitude] of corners) {
    west = Math.min(west, longitude);
    east = Math.max(east, longitude);
    south = Math.min(south, latitude);
    north = Math.max(north, latitude);
  }
  if (corners.length === 0) [west, south, east, north] = [0, 0, 1, 1];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = (width - 2 * margin) / ((east - west) * squeeze || 1);
  const place = ([longitude, latitude]: readonly [number, number]): Position => [
    margin + (longitude - west) * squeeze * scale,
    margin + (north - latitude) * scale,
  ];

  const placed = {
    type: 'FeatureCollection' as const,
    features: shapes.map(({ code, polygons }) => ({
      type: 'Feature' as const,
      properties: { code },
      geometry: {
        type: 'MultiPolygon' as const,
        coordinates: polygons.map((rings) => rings.map((ring) => ring.map(place))),
      },
    })),
  };
  const whole = topology({ communes: placed }, 1e6) as unknown as Topology<{
    communes: GeometryCollection<{ code: string }>;
  }>;
  const drawn = simplify(presimplify(whole), leastTriangle);
  const communes = drawn.objects.communes as GeometryCollection<{ code: string }>;
  const areas = communes.geometries as (TopologyMultiPolygon & { properties: { code: string } })[];
  const codeOf = (index: number) => areas[index]!.properties.code;
  const merged = (which: typeof areas) => (merge(drawn, which).coordinates as Polygons).map(closed);
  return {
    width,
    height: Math.ceil((north - south) * scale + 2 * margin),
    place,
    unitsPerKm: scale / kilometersPerDegree,
    communes: areas.map((area, index) => {
      const polygons = merged([area]);
      return { code: codeOf(index), path: polygons.join(''), label: labelPlace(placed.features[index]!) };
    }),
    borders: linesPath(mesh(drawn, communes, (one, other) => one !== other).coordinates as Position[][]),
    edge: linesPath(mesh(drawn, communes, (one, other) => one === other).coordinates as Position[][]),
    neighbours: new Map(
      neighbors(areas).map((indexes, index) => [codeOf(index), indexes.map(codeOf).sort()] as const),
    ),
    edgeOf: (codes) => merged(areas.filter((_, index) => codes.has(codeOf(index)))).join(''),
  };
}

const written = ([x, y]: Position) => `${x.toFixed(1)} ${y.toFixed(1)}`;
export const ringPath = (ring: readonly Position[]) => `M${ring.map(written).join('L')}Z`;
const closed = (rings: Position[][]) => rings.map(ringPath).join('');
const linesPath = (lines: Position[][]) => lines.map((line) => `M${line.map(written).join('L')}`).join('');

/** The centroid of the largest part. */
function labelPlace({ geometry }: { geometry: { coordinates: Polygons } }): Position {
  let best: { size: number; at: Position } = { size: 0, at: [0, 0] };
  for (const [outer = []] of geometry.coordinates) {
    let [doubled, x, y] = [0, 0, 0];
    for (const [index, [x1, y1]] of outer.entries()) {
      const [x2, y2] = outer[(index + 1) % outer.length]!;
      const cross = x1 * y2 - x2 * y1;
      doubled += cross;
      x += (x1 + x2) * cross;
      y += (y1 + y2) * cross;
    }
    if (Math.abs(doubled) > best.size)
      best = { size: Math.abs(doubled), at: [x / (3 * doubled), y / (3 * doubled)] };
  }
  return best.at;
}

function polygonsOf(geometry: Geometry): Polygons {
  if (geometry?.type === 'Polygon') return [geometry.coordinates as Position[][]];
  if (geometry?.type === 'MultiPolygon') return geometry.coordinates as Polygons;
  return [];
}
