import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { coordinateSystem, knownCoordinateSystems } from './coordinate-systems.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const places = [
  [105.6, 20.6],
  [106.0, 20.3],
  [106.55, 19.95],
  [108.2, 16.05],
  [104.9, 9.2],
] as const;

it('agrees with PostGIS within 1 cm in every system that it knows too', async () => {
  const known = await db.read((tx) =>
    tx.rows(
      z.object({ srid: z.number() }),
      sql`select srid from spatial_ref_sys where srid = any(${knownCoordinateSystems}::integer[])`,
    ),
  );
  const codes = known.map(({ srid }) => srid);
  expect(codes).toEqual(
    expect.arrayContaining([3405, 3406, 3857, 4326, 4756, 5896, 5897, 5898, 5899, 32648, 32649]),
  );
  for (const code of codes) {
    const rows = await db.read((tx) =>
      tx.rows(
        z.object({ x: z.number(), y: z.number(), lon: z.number(), lat: z.number() }),
        sql`select ST_X(own) as x, ST_Y(own) as y, ST_X(back) as lon, ST_Y(back) as lat
              from unnest(${places.map(([lon]) => lon)}::double precision[], ${places.map(([, lat]) => lat)}::double precision[]) as place (lon, lat),
                   lateral ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), ${code}::integer) as own,
                   lateral ST_Transform(own, 4326) as back`,
      ),
    );
    for (const { x, y, lon, lat } of rows) {
      const [ownLon, ownLat] = coordinateSystem(code)!.toLonLat(x, y);
      const meters = Math.hypot(
        (ownLon - lon) * 111_320 * Math.cos((lat * Math.PI) / 180),
        (ownLat - lat) * 110_574,
      );
      expect(meters, `EPSG:${code} at ${lon}, ${lat}`).toBeLessThan(0.01);
    }
  }
});
