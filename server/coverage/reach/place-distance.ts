import { geodesicMeters, type LonLat, metersPerDegree } from './geodesic.ts';

/** Polygons in longitude and latitude: each its outer ring and its holes, each ring closed (its last position is its first). */
export type Polygons = readonly (readonly (readonly LonLat[])[])[];
/** Where a place is: a point, or an area. */
export type Shape = LonLat | Polygons;
export type Bounds = { west: number; south: number; east: number; north: number };

const isPoint = (shape: Shape): shape is LonLat => typeof shape[0] === 'number';

/**
 * Metres on the ellipsoid between the nearest points of two shapes; 0 where they touch or one lies in the other.
 *
 * As PostGIS does for geography: edges are great circles, the nearest points are found on the sphere, and the distance
 * between these on the ellipsoid. All vertices are held against all edges, which suits outlines of some hundred vertices.
 */
export function shapeMeters(a: Shape, b: Shape): number {
  if (isPoint(a)) return isPoint(b) ? geodesicMeters(a, b) : pointToPolygons(a, b);
  if (isPoint(b)) return pointToPolygons(b, a);
  if (polygonsMeet(a, b)) return 0;
  let nearest: Nearest | null = null;
  for (const [points, edges] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const ring of points.flat())
      for (const vertex of ring) nearest = nearestOnRings(vertex, edges, nearest);
  }
  return nearest ? geodesicMeters(nearest.from, nearest.to) : Infinity;
}

function pointToPolygons(point: LonLat, polygons: Polygons): number {
  if (polygons.some((rings) => isInRings(point, rings))) return 0;
  const nearest = nearestOnRings(point, polygons, null);
  return nearest ? geodesicMeters(nearest.from, nearest.to) : Infinity;
}

/** Inside by the even–odd rule over the outer ring and the holes. */
function isInRings([x, y]: LonLat, rings: readonly (readonly LonLat[])[]): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let at = 1; at < ring.length; at += 1) {
      const [x1, y1] = ring[at - 1]!;
      const [x2, y2] = ring[at]!;
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
  }
  return inside;
}

function polygonsMeet(a: Polygons, b: Polygons): boolean {
  const holds = (outer: Polygons, inner: Polygons) =>
    inner.some(([ring]) => ring && outer.some((rings) => isInRings(ring[0]!, rings)));
  if (holds(a, b) || holds(b, a)) return true;
  return a
    .flat()
    .some((ringA) =>
      b
        .flat()
        .some((ringB) =>
          ringA.some(
            (_, i) =>
              i > 0 &&
              ringB.some((_, j) => j > 0 && cross(ringA[i - 1]!, ringA[i]!, ringB[j - 1]!, ringB[j]!)),
          ),
        ),
    );
}

/** Whether two edges meet, ends included. */
function cross(a: LonLat, b: LonLat, c: LonLat, d: LonLat): boolean {
  const side = (p: LonLat, q: LonLat, r: LonLat) =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  const between = (p: LonLat, q: LonLat, r: LonLat) =>
    Math.min(p[0], q[0]) <= r[0] &&
    r[0] <= Math.max(p[0], q[0]) &&
    Math.min(p[1], q[1]) <= r[1] &&
    r[1] <= Math.max(p[1], q[1]);
  const [c1, d1, a1, b1] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (c1 !== d1 && a1 !== b1) return true;
  return (
    (c1 === 0 && between(a, b, c)) ||
    (d1 === 0 && between(a, b, d)) ||
    (a1 === 0 && between(c, d, a)) ||
    (b1 === 0 && between(c, d, b))
  );
}

type Vector = readonly [number, number, number];
type Nearest = { from: LonLat; to: LonLat; squaredChord: number };
const radians = Math.PI / 180;

function nearestOnRings(from: LonLat, polygons: Polygons, best: Nearest | null): Nearest | null {
  const p = unitVector(from);
  let nearest = best;
  for (const ring of polygons.flat()) {
    let start = unitVector(ring[0]!);
    for (let at = 1; at < ring.length; at += 1) {
      const end = unitVector(ring[at]!);
      const to = nearestOnArc(p, start, end);
      const squaredChord = (to[0] - p[0]) ** 2 + (to[1] - p[1]) ** 2 + (to[2] - p[2]) ** 2;
      if (!nearest || squaredChord < nearest.squaredChord)
        nearest = { from, to: lonLat(to, start, ring[at - 1]!, end, ring[at]!), squaredChord };
      start = end;
    }
  }
  return nearest;
}

/** The foot of the perpendicular where it falls upon the arc, else the nearer end. */
function nearestOnArc(p: Vector, start: Vector, end: Vector): Vector {
  const normal = crossProduct(start, end);
  const length = Math.hypot(...normal);
  if (length > 0) {
    const height = dot(p, normal) / length;
    const foot: Vector = [
      p[0] - (height * normal[0]) / length,
      p[1] - (height * normal[1]) / length,
      p[2] - (height * normal[2]) / length,
    ];
    if (dot(crossProduct(start, foot), normal) > 0 && dot(crossProduct(foot, end), normal) > 0) {
      const scale = 1 / Math.hypot(...foot);
      return [foot[0] * scale, foot[1] * scale, foot[2] * scale];
    }
  }
  const toStart = (start[0] - p[0]) ** 2 + (start[1] - p[1]) ** 2 + (start[2] - p[2]) ** 2;
  const toEnd = (end[0] - p[0]) ** 2 + (end[1] - p[1]) ** 2 + (end[2] - p[2]) ** 2;
  return toStart <= toEnd ? start : end;
}

const unitVector = ([longitude, latitude]: LonLat): Vector => {
  const cosine = Math.cos(latitude * radians);
  return [
    cosine * Math.cos(longitude * radians),
    cosine * Math.sin(longitude * radians),
    Math.sin(latitude * radians),
  ];
};
/** Ends of an edge keep their own coordinates, so that a corner is not moved by rounding. */
const lonLat = (at: Vector, start: Vector, startsAt: LonLat, end: Vector, endsAt: LonLat): LonLat => {
  if (at === start) return startsAt;
  if (at === end) return endsAt;
  return [Math.atan2(at[1], at[0]) / radians, Math.atan2(at[2], Math.hypot(at[0], at[1])) / radians];
};
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const crossProduct = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export function boundsOf(shape: Shape): Bounds {
  if (isPoint(shape)) return { west: shape[0], south: shape[1], east: shape[0], north: shape[1] };
  const bounds = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (const [longitude, latitude] of shape.flatMap((rings) => rings.flat())) {
    bounds.west = Math.min(bounds.west, longitude);
    bounds.east = Math.max(bounds.east, longitude);
    bounds.south = Math.min(bounds.south, latitude);
    bounds.north = Math.max(bounds.north, latitude);
  }
  return bounds;
}

/** Bounds that hold everything within so many metres of what they held, and a little more. */
export function expandBounds(bounds: Bounds, meters: number): Bounds {
  const more = meters * 1.001 + 1;
  const farthest = Math.max(Math.abs(bounds.south), Math.abs(bounds.north)) + more / 110_000;
  const { east } = metersPerDegree(farthest);
  // The meridian's degree is shortest at the equator.
  const { north } = metersPerDegree(0);
  return {
    west: bounds.west - more / east,
    east: bounds.east + more / east,
    south: bounds.south - more / north,
    north: bounds.north + more / north,
  };
}
