import type { EndpointResponse } from '../../contract/endpoint.ts';
import type { densityEndpoint } from '../../contract/hotspots.ts';

export type Density = EndpointResponse<typeof densityEndpoint>;
export type DensityBand = {
  /** Violations per km²; `high` null for the topmost. */
  low: number;
  high: number | null;
  /** Red, green, blue and opacity, each 0–255. */
  fill: [number, number, number, number];
  line: [number, number, number, number];
  lineWidthPixels: number;
};

// One sober hue beside the brown and teal of coverage, whose colours have to stay readable underneath: the bands grow
// darker by opacity, and their edges carry the shape. No red: density is not an alarm.
const ink = [63, 47, 110] as const;

/** The bands that occur, lowest first, each with how it is drawn. */
export function densityBands(bounds: readonly { low: number; high: number | null }[]): DensityBand[] {
  const distinct = [...new Map(bounds.map((bound) => [bound.low, bound])).values()].sort(
    (one, other) => one.low - other.low,
  );
  return distinct.map(({ low, high }, position) => {
    const strength = (position + 1) / distinct.length;
    return {
      low,
      high,
      fill: [...ink, Math.round(16 + 104 * strength ** 1.3)],
      line: [...ink, Math.round(150 + 90 * strength)],
      lineWidthPixels: 0.9 + 0.9 * strength,
    };
  });
}

/** Decimals with which the bounds of all bands can be told apart. */
export function digitsFor(bands: readonly { low: number }[]): number {
  for (let digits = 0; digits < 6; digits += 1) {
    const written = bands.map(({ low }) => low.toFixed(digits));
    const faithful = bands.every(
      ({ low }, position) => Math.abs(Number(written[position]) - low) <= 0.02 * low,
    );
    if (faithful && new Set(written).size === bands.length) return digits;
  }
  return 6;
}

/**
 * The lower edge of each band as lines. Bands lie beside one another, so that a band's edge towards the next higher one
 * is that one's own lower edge: such holes are left out, or every contour would be drawn twice. A hole where the surface
 * falls below the band is kept.
 */
export function contourLines(
  features: Density['contours']['features'],
): { low: number; path: [number, number][] }[] {
  const corner = ([longitude, latitude]: [number, number]) => `${longitude},${latitude}`;
  return features.flatMap(({ properties, geometry }) => {
    const above = features.find((other) => other.properties.low === properties.high);
    const cornersAbove = new Set(above?.geometry.coordinates.flat(2).map(corner));
    const isEdgeOfNext = (ring: [number, number][]) =>
      ring.filter((position) => cornersAbove.has(corner(position))).length > ring.length / 2;
    return geometry.coordinates
      .flatMap(([outer, ...holes]) => [
        ...(outer ? [outer] : []),
        ...holes.filter((hole) => !isEdgeOfNext(hole)),
      ])
      .map((path) => ({ low: properties.low, path }));
  });
}
