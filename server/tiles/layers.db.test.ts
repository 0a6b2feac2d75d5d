import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type PlaceCollection, placeCollections } from '../../contract/places.ts';
import { hexagonMaxZoom, tileLayers } from '../../contract/tiles.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { type DecodedFeature, decodeTile, doubleArea, normalised } from '../testing/decoded-tile.ts';
import { insertManyPlaces, manyPlaces } from '../testing/many-places.ts';
import { insertWavyCommunes } from '../testing/wavy-communes.ts';
import { readExtent, readTile, readTileByLibrary } from './queries.ts';
import { tilesWithin } from './warm-tiles.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await fill(db);
}, 300_000);
afterAll(() => db.close());

async function fill(database: Database) {
  await insertManyPlaces(database);
  await insertWavyCommunes(database, { columns: 3, rows: 3, sizeDegrees: 0.02 });
  await database.write(async (tx) => {
    // areas as well as points, over the edges of tiles, and one with a hole
    await tx.execute(sql`
      insert into dormitories (reference, name, kind, commune_code, geom)
      select 'area-' || n, 'Khu trọ ' || n, 'workers-housing', '00007',
             ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(105.5 + n * 0.01, 19.92), 4326)::geography, 300)::geometry)
        from generate_series(1, 9) n`);
    await tx.execute(sql`
      insert into industrial_parks (reference, name, commune_code, workers, geom)
      select 'ring', 'Khu vành khuyên', '00007', null, ST_Multi(ST_Difference(ST_Buffer(middle, 3000)::geometry, ST_Buffer(middle, 1000)::geometry))
        from (select ST_SetSRID(ST_MakePoint(105.64, 19.95), 4326)::geography as middle) as made`);
  });
}

const tileOf = (
  database: Database,
  collections: readonly PlaceCollection[],
  [z, x, y]: readonly [number, number, number],
) =>
  database
    .read((transaction) => readTile(transaction, database.engine, { collections, z, x, y }, 'owner'))
    .then(({ tile }) => tile);

/** Every tile that the extent of a collection meets, decoded. */
async function allTiles(collection: PlaceCollection, zoom: number) {
  const { west, south, east, north } = await db.read((tx) => readExtent(tx, [collection], 'owner'));
  const tiles: { x: number; y: number; layers: Record<string, DecodedFeature[]> }[] = [];
  for (const [x, y] of tilesWithin(zoom, { west: west!, south: south!, east: east!, north: north! }))
    tiles.push({ x, y, layers: decodeTile(await tileOf(db, [collection], [zoom, x, y])) });
  return tiles;
}

describe('hexagons', () => {
  it.each(Array.from({ length: hexagonMaxZoom + 1 }, (_, zoom) => zoom))(
    'count every place once at zoom %i, with one id and one count in all their tiles',
    async (zoom) => {
      const counts = new Map<number, number>();
      for (const { layers } of await allTiles('establishments', zoom)) {
        expect(Object.keys(layers)).toEqual(['establishments-hexagons']);
        for (const { id, properties } of layers['establishments-hexagons']!) {
          const known = counts.get(id!);
          if (known !== undefined) expect(properties.count).toBe(known);
          counts.set(id!, properties.count as number);
        }
      }
      expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(manyPlaces.establishments);
    },
  );

  it('hold the places that lie in them, and no others', async () => {
    // Told apart by distance: a hexagon is the set of points nearest to its centre.
    const places = await db.read((tx) =>
      tx.rows(
        z.object({ x: z.number(), y: z.number() }),
        sql`select ST_X(geom_mercator) as x, ST_Y(geom_mercator) as y from establishments`,
      ),
    );
    for (const zoom of [6, 8, 9]) {
      const unit = 40_075_016.685578488 / (4096 * 2 ** zoom);
      const centres = new Map<number, { x: number; y: number; count: number; found: number }>();
      for (const { x, y, layers } of await allTiles('establishments', zoom))
        for (const { id, parts, properties } of layers['establishments-hexagons'] ?? []) {
          const ring = parts[0]!;
          expect(ring).toHaveLength(6);
          const middle = (axis: 0 | 1) => ring.reduce((sum, vertex) => sum + vertex[axis], 0) / 6;
          centres.set(id!, {
            x: (4096 * x + middle(0)) * unit - 20_037_508.342789244,
            y: 20_037_508.342789244 - (4096 * y + middle(1)) * unit,
            count: properties.count as number,
            found: 0,
          });
        }
      for (const place of places) {
        let nearest: { found: number } | null = null;
        let least = Infinity;
        for (const centre of centres.values()) {
          const distance = Math.hypot(centre.x - place.x, centre.y - place.y);
          if (distance < least) [least, nearest] = [distance, centre];
        }
        nearest!.found += 1;
      }
      // Vertices are rounded to the grid: a place within a unit of an edge may seem to lie on the other side.
      const misplaced = [...centres.values()].reduce(
        (sum, { count, found }) => sum + Math.abs(count - found),
        0,
      );
      expect(misplaced / places.length).toBeLessThan(0.03);
    }
  });

  it('tile the plane: regular, 64 units to a side, neighbours with the same corners', async () => {
    const { layers } = (await allTiles('establishments', 8))[0]!;
    const uses = new Map<string, number>();
    for (const { parts } of layers['establishments-hexagons']!) {
      const ring = parts[0]!;
      expect(doubleArea(ring)).toBeGreaterThan(0);
      ring.forEach(([x, y], index) => {
        const [nextX, nextY] = ring[(index + 1) % 6]!;
        expect(Math.abs(Math.hypot(nextX - x, nextY - y) - 64)).toBeLessThan(1);
        uses.set(`${x} ${y}`, (uses.get(`${x} ${y}`) ?? 0) + 1);
      });
    }
    expect(Math.max(...uses.values())).toBe(3);
  });

  it('follow inserts, moves, deletes and truncation', async () => {
    const total = (collection: string) =>
      db.read(async (tx) => {
        const row = await tx.row(
          z.object({ places: z.number().nullable(), simulated: z.number().nullable(), none: z.number() }),
          sql`select sum(places) as places, sum(simulated_places) as simulated, count(*) filter (where places = 0) as none
                from place_triangles where collection = ${collection}`,
        );
        return [row.places ?? 0, row.simulated ?? 0, row.none];
      });
    const rows = (table: string) =>
      db.read(async (tx) => {
        const row = await tx.row(
          z.object({ places: z.number(), simulated: z.number() }),
          sql`select count(*) as places, count(*) filter (where simulated) as simulated from ${sql.identifier(table)}`,
        );
        return [row.places, row.simulated, 0];
      });
    const recounted = () =>
      db.read((tx) =>
        tx.rows(
          z.unknown(),
          sql`select * from (select b, a, upper, places, simulated_places from place_triangles where collection = 'schools') as kept
              except select t.b, t.a, t.upper, count(*), count(*) filter (where simulated)
                from schools, place_triangle(geom_mercator) as t group by 1, 2, 3`,
        ),
      );
    await db.write((tx) =>
      tx.execute(
        sql`update schools set geom = ST_Translate(geom, 0.05, 0.02), simulated = not simulated where id % 3 = 0`,
      ),
    );
    expect(await total('schools')).toEqual(await rows('schools'));
    expect(await recounted()).toEqual([]);
    await db.write((tx) => tx.execute(sql`update schools set students = 5`));
    await db.write((tx) => tx.execute(sql`delete from schools where id % 2 = 0`));
    expect(await total('schools')).toEqual(await rows('schools'));
    expect(await recounted()).toEqual([]);
    const failing = db.write(async (tx) => {
      await tx.execute(sql`truncate schools cascade`);
      expect(
        await tx.rows(z.unknown(), sql`select from place_triangles where collection = 'schools'`),
      ).toEqual([]);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await total('schools')).toEqual(await rows('schools'));
    expect(await total('dormitories')).toEqual(await rows('dormitories'));
  });
});

describe('places one by one', () => {
  it.each(['establishments', 'schools', 'dormitories'] as const)(
    '%s are in the tile that they lie in at zoom 10 and 14, where they lie',
    async (collection) => {
      for (const zoom of [10, 14]) {
        const found = new Map<number, [number, number]>();
        for (const { x, y, layers } of await allTiles(collection, zoom))
          for (const { id, type, parts } of layers[collection] ?? []) {
            expect(type).toBe(1);
            const [px, py] = parts[0]![0]!;
            expect(Math.min(px, py)).toBeGreaterThanOrEqual(-64);
            expect(Math.max(px, py)).toBeLessThanOrEqual(4160);
            const known = found.get(id!);
            const here: [number, number] = [4096 * x + px, 4096 * y + py];
            if (known) expect(here).toEqual(known);
            found.set(id!, here);
          }
        const expected = await db.read((tx) =>
          tx.rows(
            z.object({ id: z.number(), x: z.number(), y: z.number() }),
            sql`select id, (ST_X(p) + 180) / 360 * 4096 * ${2 ** zoom}::int as x,
                       (0.5 - asinh(tan(radians(ST_Y(p)))) / (2 * pi())) * 4096 * ${2 ** zoom}::int as y
                  from ${sql.identifier(collection)}, ST_PointOnSurface(geom) as p`,
          ),
        );
        expect(found.size).toBe(expected.length);
        if (collection === 'dormitories') continue; // an area's inner point is found in web mercator
        for (const { id, x, y } of expected) {
          expect(Math.abs(found.get(id)![0] - x)).toBeLessThanOrEqual(0.51);
          expect(Math.abs(found.get(id)![1] - y)).toBeLessThanOrEqual(0.51);
        }
      }
    },
  );

  it('names each commune in one tile alone', async () => {
    for (const zoom of [5, 9, 12]) {
      const ids = (await allTiles('communes', zoom)).flatMap(({ layers }) =>
        (layers['communes-labels'] ?? []).map(({ id }) => id),
      );
      expect(ids).toHaveLength(manyPlaces.communes + 9);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

describe('every layer', () => {
  it('has the attributes that its TileJSON promises and no others, and outer rings wound as the format asks', async () => {
    const seen = new Map<string, Map<string, Set<string>>>();
    for (const tile of mixedTiles)
      for (const [layer, features] of Object.entries(decodeTile(await tileOf(db, placeCollections, tile)))) {
        const fields = seen.get(layer) ?? new Map<string, Set<string>>();
        seen.set(layer, fields);
        for (const { id, type, parts, properties } of features) {
          expect(id).toBeTypeOf('number');
          if (type === 3) expect(doubleArea(parts[0]!)).toBeGreaterThan(0);
          for (const [name, value] of Object.entries(properties))
            fields.set(name, (fields.get(name) ?? new Set()).add(typeof value));
        }
      }
    const layers = placeCollections.flatMap((collection) => tileLayers[collection]);
    expect([...seen.keys()].sort()).toEqual(layers.map(({ id }) => id).sort());
    for (const { id, fields } of layers) {
      const found = Object.fromEntries([...seen.get(id)!].map(([name, types]) => [name, [...types].join()]));
      const promised = Object.fromEntries(
        Object.entries(fields).map(([name, type]) => [name, type.toLowerCase()]),
      );
      expect(found, id).toEqual(promised);
    }
  });

  it('is empty where there is nothing', async () => {
    expect(await tileOf(db, placeCollections, [14, 0, 0])).toHaveLength(0);
    expect(await tileOf(db, placeCollections, [3, 0, 7])).toHaveLength(0);
  });
});

// Over the whole, its edges, a corner, and zooms where outlines, hexagons and points change over.
const mixedTiles: [number, number, number][] = [
  [0, 0, 0],
  [4, 12, 7],
  ...[6, 8, 9, 10, 12].flatMap((zoom) =>
    [...tilesWithin(zoom, { west: 105.55, south: 19.95, east: 105.75, north: 20.05 })].map(
      ([x, y]): [number, number, number] => [zoom, x, y],
    ),
  ),
  ...[...tilesWithin(14, { west: 105.6, south: 19.93, east: 105.65, north: 19.96 })].map(
    ([x, y]): [number, number, number] => [14, x, y],
  ),
  ...[...tilesWithin(13, { west: 106.0, south: 20.0, east: 106.06, north: 20.06 })].map(
    ([x, y]): [number, number, number] => [13, x, y],
  ),
];

if (process.env.TEST_DATABASE_URL) {
  describe('both databases', () => {
    let other: Database;
    let folder: string;
    beforeAll(async () => {
      if (db.engine !== 'server') return;
      folder = mkdtempSync(join(tmpdir(), 'diaban-test-'));
      other = await openDatabase({ dataDir: folder });
      await migrate(other);
      await fill(other);
      await other.write((tx) =>
        tx.execute(
          sql`update schools set geom = ST_Translate(geom, 0.05, 0.02), simulated = not simulated where id % 3 = 0`,
        ),
      );
      await other.write((tx) => tx.execute(sql`update schools set students = 5`));
      await other.write((tx) => tx.execute(sql`delete from schools where id % 2 = 0`));
    }, 300_000);
    afterAll(async () => {
      await other?.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    it('have the same features in every tile: ids, attributes and geometries', async () => {
      if (db.engine !== 'server') return; // the pair is compared once, from the server's side
      let features = 0;
      for (const tile of mixedTiles) {
        const native = normalised(decodeTile(await tileOf(db, placeCollections, tile)));
        const library = normalised(decodeTile(await tileOf(other, placeCollections, tile)));
        expect(library, tile.join('/')).toEqual(native);
        features += Object.values(native).flat().length;
      }
      expect(features).toBeGreaterThan(4500);
    });

    it('are encoded alike from the same rows, by ST_AsMVT and by the library', async () => {
      if (db.engine !== 'server') return;
      for (const [zoom, x, y] of mixedTiles) {
        const address = { collections: placeCollections, z: zoom, x, y };
        const native = await db.read((tx) => readTile(tx, 'server', address, 'owner'));
        const library = await db.read((tx) => readTileByLibrary(tx, address, 'owner'));
        expect(library.premises).toBe(native.premises);
        expect(decodeTile(library.tile)).toEqual(decodeTile(native.tile));
        expect(library.data_version).toBe(native.data_version);
      }
    });
  });
}
