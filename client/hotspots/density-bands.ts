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
      fill: [...ink, Math.round(20 + 150 * strength ** 1.4)],
      line: [...ink, Math.round(110 + 130 * strength)],
      lineWidthPixels: 0.8 + 0.8 * strength,
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
