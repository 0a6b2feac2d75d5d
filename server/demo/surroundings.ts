import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { type CommuneFact, neighbourProvinceCodes } from './facts.ts';
import { type PlanePoint, toPlane } from './plane.ts';

/** What lies around the province: sites of neighbouring provinces and of the sea, which compete with the communes. */
export type SurroundingSite = { point: PlanePoint; region: string };
export const sea = 'sea';

const bandMeters = 16_000;

const surroundingRow = z.object({
  region: z.enum([sea, ...Object.keys(neighbourProvinceCodes)]),
  lon: z.coerce.number(),
  lat: z.coerce.number(),
});

/** Reads `gis-data/demo/surroundings.csv`: `region,lon,lat`, the region a neighbouring province or `sea`. */
export function parseSurroundings(csvText: string): SurroundingSite[] {
  const rows: unknown[] = parse(csvText, { columns: true, bom: true });
  return rows.map((row) => {
    const { region, lon, lat } = surroundingRow.parse(row);
    return { region, point: toPlane([lon, lat]) };
  });
}

/** The convex ring, counter-clockwise, 16 km outside the convex hull of the communes' points, with rounded corners. */
export function surroundingDomain(facts: readonly CommuneFact[]): PlanePoint[] {
  const directions = 96;
  const offsets = facts.flatMap((fact) => {
    const [x, y] = toPlane([fact.lon, fact.lat]);
    return Array.from({ length: directions }, (_, k): PlanePoint => {
      const angle = (2 * Math.PI * k) / directions;
      return [x + bandMeters * Math.cos(angle), y + bandMeters * Math.sin(angle)];
    });
  });
  return convexHull(offsets);
}

/** Andrew's monotone chain. */
function convexHull(points: PlanePoint[]): PlanePoint[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (ordered: PlanePoint[]): PlanePoint[] => {
    const chain: PlanePoint[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && cross(chain.at(-2)!, chain.at(-1)!, point) <= 1e-3) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function cross(a: PlanePoint, b: PlanePoint, c: PlanePoint): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
