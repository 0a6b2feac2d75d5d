import proj4 from 'proj4';

/** Metres east and north of the demo province's middle. */
export type PlanePoint = [number, number];

/**
 * Lambert's azimuthal equal-area projection on the WGS 84 ellipsoid about the middle of the province: areas in the
 * plane are areas on the ellipsoid, and within 80 km of the middle lengths are off by less than 1 in 25,000.
 * (proj4js gives NaN where x_0 and y_0 are left out.)
 */
const plane = proj4('+proj=laea +lat_0=20.25 +lon_0=106.05 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs');

export function toPlane(position: readonly number[]): PlanePoint {
  const [x, y] = plane.forward([position[0]!, position[1]!]);
  return [x!, y!];
}

/** Longitude and latitude rounded to 6 decimals (0.1 m): one rule for every coordinate, so that shared edges stay shared. */
export function toDegrees(point: PlanePoint): [number, number] {
  const [lon, lat] = plane.inverse(point);
  return [Math.round(lon! * 1e6) / 1e6, Math.round(lat! * 1e6) / 1e6];
}

/** Signed area of a ring, positive when counter-clockwise; the ring may or may not repeat its first point. */
export function ringArea(ring: readonly PlanePoint[]): number {
  let doubled = 0;
  for (let k = 0; k < ring.length; k++) {
    const [x1, y1] = ring[k]!;
    const [x2, y2] = ring[(k + 1) % ring.length]!;
    doubled += x1 * y2 - x2 * y1;
  }
  return doubled / 2;
}

/** Whether the point lies within the ring (even–odd rule). */
export function ringContains(ring: readonly PlanePoint[], [x, y]: PlanePoint): boolean {
  let inside = false;
  for (let k = 0, last = ring.length - 1; k < ring.length; last = k++) {
    const [x1, y1] = ring[k]!;
    const [x2, y2] = ring[last]!;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

export function distance(a: PlanePoint, b: PlanePoint): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
