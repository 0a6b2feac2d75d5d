import { type SpatialWeights, weightsFromRows } from './weights.ts';

/**
 * Points with a way to take distances: `planar` in the units of the coordinates, or `geographic`, degrees of longitude and
 * latitude with distances in metres along the ellipsoid of WGS 84.
 */
export type PointSet = { kind: 'planar' | 'geographic'; xs: Float64Array; ys: Float64Array };

/**
 * How far apart two distances may lie, relatively, and still be equal: 0.1 mm in 100 km. The rounding of centroids in
 * degrees alone moves the distances of a regular grid by 1e-10.
 */
const EQUAL = 1e-9;

/**
 * The k nearest others of each point, weight 1. When several tie for the last place those that stand first in the file
 * are taken, as spdep does; `ties` counts the points where that happened, which the caller should report, since another
 * order of the file then gives other weights. Not symmetric in general. Throws RangeError unless 1 ≤ k < n.
 */
export function nearestNeighbours(points: PointSet, k: number): { weights: SpatialWeights; ties: number } {
  const n = points.xs.length;
  if (!Number.isInteger(k) || k < 1 || k >= n) throw new RangeError(`k must be from 1 to ${n - 1}, not ${k}`);
  const sweep = sweepOf(points);
  const rows: Int32Array[] = [];
  let ties = 0;
  for (let i = 0; i < n; i++) {
    // A chord is never longer than the arc, and for arcs of equal chord the ellipsoid's differ by less than 1 %, so all
    // within 1.01 of the k-th chord hold the k nearest by arc.
    const chord = kthChord(sweep, i, k);
    const near = withinChord(sweep, i, points.kind === 'planar' ? chord * (1 + 4 * EQUAL) : chord * 1.01);
    const distances = near.map((j) => distanceBetween(points, i, j));
    const order = near
      .map((_, place) => place)
      .sort((a, b) => distances[a]! - distances[b]! || near[a]! - near[b]!);
    const limit = distances[order[k - 1]!]! * (1 + EQUAL);
    const inner = order.filter((place) => distances[place]! < distances[order[k - 1]!]! * (1 - EQUAL));
    const last = order.filter((place) => !inner.includes(place) && distances[place]! <= limit);
    if (inner.length + last.length > k) ties++;
    const chosen = last.map((place) => near[place]!).sort((a, b) => a - b);
    const row = [...inner.map((place) => near[place]!), ...chosen.slice(0, k - inner.length)];
    rows.push(Int32Array.from(row).sort());
  }
  return { weights: weightsFromRows(rows, rows.map(ones)), ties };
}

/** All others within `distance` (≤, metres or the units of the plane), weight 1. Symmetric; may leave islands. */
export function distanceBand(points: PointSet, distance: number): SpatialWeights {
  if (!(distance >= 0)) throw new RangeError(`the distance must be 0 or more, not ${distance}`);
  const sweep = sweepOf(points);
  const limit = distance * (1 + EQUAL);
  const rows: Int32Array[] = [];
  for (let i = 0; i < points.xs.length; i++) {
    const near = withinChord(sweep, i, limit);
    const kept = points.kind === 'planar' ? near : near.filter((j) => distanceBetween(points, i, j) <= limit);
    rows.push(Int32Array.from(kept).sort());
  }
  return weightsFromRows(rows, rows.map(ones));
}

function ones(row: Int32Array): Float64Array {
  return new Float64Array(row.length).fill(1);
}

/** The distance of two points of the set, in metres or the units of the plane. */
export function distanceBetween(points: PointSet, i: number, j: number): number {
  const { xs, ys } = points;
  if (points.kind === 'planar') return Math.hypot(xs[i]! - xs[j]!, ys[i]! - ys[j]!);
  return geodesicMeters(xs[i]!, ys[i]!, xs[j]!, ys[j]!);
}

const SEMI_MAJOR_METERS = 6378137;
const FLATTENING = 1 / 298.257223563;
const SEMI_MINOR_METERS = SEMI_MAJOR_METERS * (1 - FLATTENING);

/**
 * Metres along the ellipsoid of WGS 84 between two points in degrees (Vincenty 1975, Survey Review 23), to 0.1 mm. For
 * nearly opposite points of the globe, where his iteration fails, the arc on the sphere of mean radius.
 */
export function geodesicMeters(
  longitude1: number,
  latitude1: number,
  longitude2: number,
  latitude2: number,
): number {
  if (longitude1 === longitude2 && latitude1 === latitude2) return 0;
  const radians = Math.PI / 180;
  const difference = (longitude2 - longitude1) * radians;
  const u1 = Math.atan((1 - FLATTENING) * Math.tan(latitude1 * radians));
  const u2 = Math.atan((1 - FLATTENING) * Math.tan(latitude2 * radians));
  const sinU1 = Math.sin(u1);
  const cosU1 = Math.cos(u1);
  const sinU2 = Math.sin(u2);
  const cosU2 = Math.cos(u2);
  let lambda = difference;
  for (let iteration = 0; iteration < 100; iteration++) {
    const sinLambda = Math.sin(lambda);
    const cosLambda = Math.cos(lambda);
    const sinSigma = Math.hypot(cosU2 * sinLambda, cosU1 * sinU2 - sinU1 * cosU2 * cosLambda);
    if (sinSigma === 0) return 0;
    const cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cosLambda;
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cosU1 * cosU2 * sinLambda) / sinSigma;
    const cosSquareAlpha = 1 - sinAlpha * sinAlpha;
    const cos2SigmaM = cosSquareAlpha === 0 ? 0 : cosSigma - (2 * sinU1 * sinU2) / cosSquareAlpha;
    const c = (FLATTENING / 16) * cosSquareAlpha * (4 + FLATTENING * (4 - 3 * cosSquareAlpha));
    const previous = lambda;
    const bracket = cos2SigmaM + c * cosSigma * (2 * cos2SigmaM * cos2SigmaM - 1);
    lambda = difference + (1 - c) * FLATTENING * sinAlpha * (sigma + c * sinSigma * bracket);
    if (Math.abs(lambda) > Math.PI) break;
    if (Math.abs(lambda - previous) > 1e-13) continue;
    const ratio = (SEMI_MAJOR_METERS / SEMI_MINOR_METERS) ** 2 - 1;
    const uSquare = cosSquareAlpha * ratio;
    const a = 1 + (uSquare / 16384) * (4096 + uSquare * (-768 + uSquare * (320 - 175 * uSquare)));
    const b = (uSquare / 1024) * (256 + uSquare * (-128 + uSquare * (74 - 47 * uSquare)));
    const square = 2 * cos2SigmaM * cos2SigmaM - 1;
    const third = (b / 6) * cos2SigmaM * (4 * sinSigma * sinSigma - 3) * (4 * cos2SigmaM * cos2SigmaM - 3);
    const correction = b * sinSigma * (cos2SigmaM + (b / 4) * (cosSigma * square - third));
    return SEMI_MINOR_METERS * a * (sigma - correction);
  }
  const h =
    Math.sin(((latitude2 - latitude1) * radians) / 2) ** 2 +
    Math.cos(latitude1 * radians) * Math.cos(latitude2 * radians) * Math.sin(difference / 2) ** 2;
  return 2 * 6371008.8 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/**
 * Points of the plane, or of space for the ellipsoid, sorted along the axis where they spread most: the others within
 * a chord of a point lie in a stretch of that order, which is all that is looked at.
 */
type Sweep = {
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
  key: Float64Array;
  order: Int32Array;
  place: Int32Array;
};

function sweepOf(points: PointSet): Sweep {
  const n = points.xs.length;
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  const z = new Float64Array(n);
  const eccentricitySquare = FLATTENING * (2 - FLATTENING);
  for (let i = 0; i < n; i++) {
    if (points.kind === 'planar') {
      x[i] = points.xs[i]!;
      y[i] = points.ys[i]!;
      continue;
    }
    const longitude = (points.xs[i]! * Math.PI) / 180;
    const latitude = (points.ys[i]! * Math.PI) / 180;
    const radius = SEMI_MAJOR_METERS / Math.sqrt(1 - eccentricitySquare * Math.sin(latitude) ** 2);
    x[i] = radius * Math.cos(latitude) * Math.cos(longitude);
    y[i] = radius * Math.cos(latitude) * Math.sin(longitude);
    z[i] = radius * (1 - eccentricitySquare) * Math.sin(latitude);
  }
  const key = [x, y, z].reduce((widest, axis) => (spreadOf(axis) > spreadOf(widest) ? axis : widest));
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => key[a]! - key[b]! || a - b);
  const place = new Int32Array(n);
  for (let at = 0; at < n; at++) place[order[at]!] = at;
  return { x, y, z, key, order, place };
}

function spreadOf(axis: Float64Array): number {
  let low = Infinity;
  let high = -Infinity;
  for (const value of axis) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low;
}

function chordBetween(sweep: Sweep, i: number, j: number): number {
  const dx = sweep.x[i]! - sweep.x[j]!;
  const dy = sweep.y[i]! - sweep.y[j]!;
  const dz = sweep.z[i]! - sweep.z[j]!;
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}

/** The k-th smallest chord from point i: walks outwards both ways, keeping the k best in ascending order. */
function kthChord(sweep: Sweep, i: number, k: number): number {
  const { order, key } = sweep;
  const best = new Float64Array(k).fill(Infinity);
  let left = sweep.place[i]! - 1;
  let right = sweep.place[i]! + 1;
  for (;;) {
    const toLeft = left >= 0 ? key[i]! - key[order[left]!]! : Infinity;
    const toRight = right < order.length ? key[order[right]!]! - key[i]! : Infinity;
    if (Math.min(toLeft, toRight) >= best[k - 1]!) return best[k - 1]!;
    const j = toLeft <= toRight ? order[left--]! : order[right++]!;
    const chord = chordBetween(sweep, i, j);
    if (chord >= best[k - 1]!) continue;
    let place = k - 1;
    while (place > 0 && best[place - 1]! > chord) {
      best[place] = best[place - 1]!;
      place--;
    }
    best[place] = chord;
  }
}

function withinChord(sweep: Sweep, i: number, limit: number): number[] {
  const { order, key } = sweep;
  const near: number[] = [];
  for (let at = sweep.place[i]! - 1; at >= 0 && key[i]! - key[order[at]!]! <= limit; at--) {
    if (chordBetween(sweep, i, order[at]!) <= limit) near.push(order[at]!);
  }
  for (let at = sweep.place[i]! + 1; at < order.length && key[order[at]!]! - key[i]! <= limit; at++) {
    if (chordBetween(sweep, i, order[at]!) <= limit) near.push(order[at]!);
  }
  return near;
}
