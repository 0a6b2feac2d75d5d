import type { MultiPolygon } from 'geojson';
import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { type CommuneOutline, communeLocator } from './commune-locator.ts';
import { geometryFromWkb, hexWkb } from './well-known-binary.ts';

const outlineRow = z.object({ code: z.string(), wkb: z.instanceof(Buffer) });
const toOutline = ({ code, wkb }: z.infer<typeof outlineRow>): CommuneOutline => ({
  code,
  geometry: geometryFromWkb(wkb) as MultiPolygon,
});

/** Degrees around the points asked about within which outlines are read ahead: 22 km, more than any nearest-commune distance. */
const readAheadDegrees = 0.2;

/**
 * A locator that reads the outlines around the points of each batch, once each: an import for one province never holds
 * the country's. Communes in `except` are left out. Outlines must not change while it is in use.
 */
export function loadedCommuneLocator(except: readonly string[] = []) {
  const locator = communeLocator();
  const loaded = new Set<string>(except);
  let seen = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };

  return {
    locator,
    async reach(transaction: Transaction, points: readonly (readonly [number, number])[]): Promise<void> {
      let { west, south, east, north } = seen;
      for (const [lon, lat] of points) {
        west = Math.min(west, lon - readAheadDegrees);
        east = Math.max(east, lon + readAheadDegrees);
        south = Math.min(south, lat - readAheadDegrees);
        north = Math.max(north, lat + readAheadDegrees);
      }
      if (west === seen.west && east === seen.east && south === seen.south && north === seen.north) return;
      const rows = await transaction.rows(
        outlineRow,
        sql`select code, ST_AsBinary(geom) as wkb from communes
             where geom && ST_MakeEnvelope(${west}, ${south}, ${east}, ${north}, 4326)
               and code <> all(${[...loaded]}::text[])`,
      );
      locator.add(rows.map(toOutline));
      for (const { code } of rows) loaded.add(code);
      seen = { west, south, east, north };
    },
  };
}

/** The exact outlines of whole provinces (of all when none is named) in web mercator, as generalisation takes them. */
export async function readMercatorOutlines(transaction: Transaction): Promise<CommuneOutline[]> {
  const rows = await transaction.rows(
    outlineRow,
    sql`select code, ST_AsBinary(geom_mercator) as wkb from communes order by code`,
  );
  return rows.map(toOutline);
}

export type GeneralisedOutline = {
  code: string;
  maxZoom: number;
  toleranceMeters: number;
  geometry: MultiPolygon;
};

/** Makes the table hold exactly these outlines; rows that are the same already are left alone. Returns what changed. */
export async function replaceOutlines(
  transaction: Transaction,
  outlines: readonly GeneralisedOutline[],
): Promise<number> {
  const codes = outlines.map(({ code }) => code);
  const zooms = outlines.map(({ maxZoom }) => maxZoom);
  const removed = await transaction.execute(sql`
    delete from commune_outlines
     where (commune_code, max_zoom) not in (select * from unnest(${codes}::text[], ${zooms}::smallint[]))`);
  let written = 0;
  for (let start = 0; start < outlines.length; start += 500) {
    const batch = outlines.slice(start, start + 500);
    written += await transaction.execute(sql`
      insert into commune_outlines as existing (commune_code, max_zoom, tolerance_meters, geom_mercator)
      select code, max_zoom, tolerance_meters, hex::geometry
        from unnest(${batch.map(({ code }) => code)}::text[], ${batch.map(({ maxZoom }) => maxZoom)}::smallint[],
                    ${batch.map(({ toleranceMeters }) => toleranceMeters)}::double precision[],
                    ${batch.map(({ geometry }) => hexWkb(geometry, 3857))}::text[]) as raw (code, max_zoom, tolerance_meters, hex)
      on conflict (max_zoom, commune_code) do update
         set tolerance_meters = excluded.tolerance_meters, geom_mercator = excluded.geom_mercator
       where (existing.tolerance_meters, existing.geom_mercator)
             is distinct from (excluded.tolerance_meters, excluded.geom_mercator)`);
  }
  return removed + written;
}
