import { describe, expect, it } from 'vitest';
import { projectionCentredOn, projectionForData, projectToMeters } from './map-projection.ts';

/** Area of a cell of longitude and latitude on WGS 84 by numerical integration of the meridian and parallel radii. */
function cellArea(west: number, south: number, east: number, north: number): number {
  const a = 6378137;
  const e2 = 0.00669437999014;
  const radians = Math.PI / 180;
  let area = 0;
  const steps = 2000;
  for (let i = 0; i < steps; i++) {
    const latitude = (south + ((north - south) * (i + 0.5)) / steps) * radians;
    const w = 1 - e2 * Math.sin(latitude) ** 2;
    area += ((a * a * (1 - e2)) / (w * w)) * Math.cos(latitude);
  }
  return (area * (north - south) * radians * (east - west) * radians) / steps;
}

describe('the plane of the analyses', () => {
  const plane = projectionCentredOn(105.97, 20.25);

  it('keeps areas: 0.1° × 0.1° anywhere in the province', () => {
    for (const [west, south] of [
      [105.5, 20.0],
      [106.4, 20.6],
    ] as const) {
      const steps = 200;
      let twice = 0;
      const ring: [number, number][] = [];
      for (let i = 0; i < steps; i++) ring.push([west + (0.1 * i) / steps, south]);
      for (let i = 0; i < steps; i++) ring.push([west + 0.1, south + (0.1 * i) / steps]);
      for (let i = 0; i < steps; i++) ring.push([west + 0.1 - (0.1 * i) / steps, south + 0.1]);
      for (let i = 0; i < steps; i++) ring.push([west, south + 0.1 - (0.1 * i) / steps]);
      const placed = ring.map(([x, y]) => plane.forward(x, y));
      placed.forEach(([x, y], i) => {
        const [nextX, nextY] = placed[(i + 1) % placed.length]!;
        twice += x * nextY - nextX * y;
      });
      expect(twice / 2 / cellArea(west, south, west + 0.1, south + 0.1)).toBeCloseTo(1, 6);
    }
  });

  it('keeps distances to 3 parts in 100,000 within 100 km', () => {
    // One degree of latitude about 20.25° N on WGS 84 is 110,707 m by the meridian's radius of curvature.
    const radius =
      (6378137 * (1 - 0.00669437999014)) /
      (1 - 0.00669437999014 * Math.sin((20.25 * Math.PI) / 180) ** 2) ** 1.5;
    const [x, south] = plane.forward(105.97, 19.75);
    const [, north] = plane.forward(105.97, 20.75);
    expect(x).toBeCloseTo(0, 6);
    expect((north - south) / ((radius * Math.PI) / 180)).toBeCloseTo(1, 4);
  });

  it('goes there and back to a centimetre', () => {
    const [x, y] = plane.forward(106.5, 20.9);
    const [longitude, latitude] = plane.inverse(x, y);
    expect(longitude).toBeCloseTo(106.5, 7);
    expect(latitude).toBeCloseTo(20.9, 7);
  });

  it('is centred on the data, and names itself', () => {
    const own = projectionForData([105.5, 106.5], [20, 21]);
    expect(own.crs).toContain('+proj=laea +lat_0=20.5 +lon_0=106');
    const { xs, ys } = projectToMeters(own, [106], [20.5]);
    expect(xs[0]).toBeCloseTo(0, 6);
    expect(ys[0]).toBeCloseTo(0, 6);
  });
});
