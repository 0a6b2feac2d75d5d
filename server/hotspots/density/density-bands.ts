import { difference, type Geom } from 'polyclip-ts';
import type { z } from 'zod';
import type { densityContour } from '../../../contract/hotspots.ts';
import type { ContourArea } from './contours.ts';

export type DensityBand = z.infer<typeof densityContour>;

/**
 * Bands between neighbouring levels, lowest first, from areas that each lie within the one before: a map can then give
 * each place one colour, where areas drawn over one another would mix theirs.
 */
export function densityBands(areas: readonly ContourArea[]): DensityBand[] {
  const reached = areas.filter(({ geometry }) => geometry.coordinates.length > 0);
  return reached.flatMap((area, index) => {
    const above = reached[index + 1];
    const whole = area.geometry.coordinates as Geom;
    const band = above ? difference(whole, above.geometry.coordinates as Geom) : whole;
    return [
      {
        type: 'Feature',
        properties: { low: area.threshold, high: above?.threshold ?? null },
        geometry: {
          type: 'MultiPolygon',
          coordinates: (band as [number, number][][][]).map((rings) =>
            rings.map((ring) => ring.map(rounded)),
          ),
        },
      },
    ];
  });
}

/** Six decimals: 0.1 m. */
const rounded = ([x, y]: [number, number]): [number, number] => [
  Math.round(x * 1e6) / 1e6,
  Math.round(y * 1e6) / 1e6,
];
