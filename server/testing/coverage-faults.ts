import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { type DecodedFeature, doubleArea } from './decoded-tile.ts';

const areasRow = z.object({ invalid: z.number(), sum: z.number(), whole: z.number(), holes: z.number() });

export type CoverageFaults = {
  /** Edges that two features walk in the same direction: both lie on the same side of it. */
  edgesWalkedTwice: number;
  /** Edges of one feature alone on which a vertex of another lies: neighbours that do not share their vertices. */
  looseVertices: number;
  invalid: number;
  /** Square grid units by which the features together exceed their union: what lies under two of them. Exact. */
  overlap: number;
  /** Holes within the union. */
  holes: number;
};

/**
 * What is wrong with the communes of one decoded tile as a coverage, in the tile's own whole numbers. Where edges meet
 * in vertices alone, the union has no vertex that its parts have not, and areas are halves: nothing is rounded.
 */
export async function coverageFaults(
  transaction: Transaction,
  features: readonly DecodedFeature[],
): Promise<CoverageFaults> {
  const edges = new Map<string, number>();
  let edgesWalkedTwice = 0;
  for (const { parts } of features)
    for (const ring of parts)
      ring.forEach(([x, y], index) => {
        const [nextX, nextY] = ring[(index + 1) % ring.length]!;
        const key = `${x} ${y} ${nextX} ${nextY}`;
        if (edges.has(key)) edgesWalkedTwice += 1;
        edges.set(key, 1);
      });
  const loose = [...edges.keys()]
    .map((key) => key.split(' ').map(Number) as [number, number, number, number])
    .filter(([x1, y1, x2, y2]) => !edges.has(`${x2} ${y2} ${x1} ${y1}`));
  const looseEnds = new Map(loose.map(([x, y]) => [`${x} ${y}`, [x, y] as const]));
  let looseVertices = 0;
  for (const [x1, y1, x2, y2] of loose)
    for (const [x, y] of looseEnds.values()) {
      if ((x === x1 && y === y1) || (x === x2 && y === y2)) continue;
      const aside = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
      const along = (x - x1) * (x - x2) + (y - y1) * (y - y2);
      // Along the clip's own edges vertices of several features stand in a row.
      const clipEdge =
        (x1 === x2 && (x1 === -64 || x1 === 4160)) || (y1 === y2 && (y1 === -64 || y1 === 4160));
      if (aside === 0 && along < 0 && !clipEdge) looseVertices += 1;
    }
  const polygons = features.map(({ parts }) => asWkt(parts));
  const areas = await transaction.row(
    areasRow,
    sql`select count(*) filter (where not ST_IsValid(geom)) as invalid, coalesce(sum(ST_Area(geom)), 0) as sum,
               coalesce(ST_Area(ST_Union(geom)), 0) as whole,
               coalesce(ST_NRings(ST_Union(geom)) - ST_NumGeometries(ST_Multi(ST_Union(geom))), 0) as holes
          from unnest(${polygons}::text[]) as wkt, lateral (select ST_GeomFromText(wkt) as geom offset 0) as made`,
  );
  return {
    edgesWalkedTwice,
    looseVertices,
    invalid: areas.invalid,
    overlap: areas.sum - areas.whole,
    holes: areas.holes,
  };
}

export const noCoverageFaults: CoverageFaults = {
  edgesWalkedTwice: 0,
  looseVertices: 0,
  invalid: 0,
  overlap: 0,
  holes: 0,
};

function asWkt(parts: DecodedFeature['parts']): string {
  const rings = parts.map((ring) => ({
    text: `(${[...ring, ring[0]!].map(([x, y]) => `${x} ${y}`).join(', ')})`,
    outer: doubleArea(ring) > 0,
  }));
  const polygons: string[][] = [];
  for (const { text, outer } of rings) {
    if (outer) polygons.push([text]);
    else polygons.at(-1)!.push(text);
  }
  return `MULTIPOLYGON(${polygons.map((polygon) => `(${polygon.join(', ')})`).join(', ')})`;
}
