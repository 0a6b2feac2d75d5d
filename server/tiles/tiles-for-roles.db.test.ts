import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { roles } from '../../contract/access.ts';
import { type PlaceCollection, placeCollections } from '../../contract/places.ts';
import { insertPolicyProvince, otherCommune, ownCommune } from '../access/testing/two-communes.ts';
import { sql } from '../db/sql.ts';
import {
  type AppOfMany,
  askers,
  everybody,
  openAppOfMany,
  readingsOf,
  type Who,
} from '../places/testing/app-of-many.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { type DecodedFeature, decodeTile } from '../testing/decoded-tile.ts';
import { tileFeaturesQuery } from './queries.ts';
import { tilesWithin } from './warm-tiles.ts';

// Twelve communes in a row, each 0.1° wide, with 8 establishments, a park, a dormitory and a school each.
const communes = 12;
const ofEach: Record<PlaceCollection, number> = {
  communes: 1,
  'border-areas': 1,
  'industrial-parks': 1,
  dormitories: 1,
  schools: 1,
  establishments: 8,
};
const province = { west: 105.99, south: 19.99, east: 107.21, north: 20.11 };

/** What docs/access.md says, in full: for each collection what is in the tiles of a role. */
type Sight = 'all' | 'own' | 'counts' | 'refused';
const sights: Record<PlaceCollection, Record<Who, Sight>> = {
  communes: {
    planner: 'all',
    inspector: 'all',
    leader: 'all',
    commune: 'all',
    'other-commune': 'all',
    admin: 'all',
  },
  'border-areas': {
    planner: 'all',
    inspector: 'all',
    leader: 'all',
    commune: 'all',
    'other-commune': 'all',
    admin: 'all',
  },
  'industrial-parks': {
    planner: 'all',
    inspector: 'all',
    leader: 'all',
    commune: 'own',
    'other-commune': 'own',
    admin: 'refused',
  },
  dormitories: {
    planner: 'all',
    inspector: 'all',
    leader: 'all',
    commune: 'own',
    'other-commune': 'own',
    admin: 'refused',
  },
  schools: {
    planner: 'all',
    inspector: 'all',
    leader: 'all',
    commune: 'own',
    'other-commune': 'own',
    admin: 'refused',
  },
  establishments: {
    planner: 'all',
    inspector: 'all',
    leader: 'counts',
    commune: 'own',
    'other-commune': 'own',
    admin: 'refused',
  },
};

let db: TestDatabase;
let app: AppOfMany;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertPolicyProvince(db);
  app = await openAppOfMany(db);
}, 300_000);
afterAll(async () => {
  app.close();
  await db.close();
});

const tilePath = (collections: string, zoom: number, x: number, y: number) =>
  `/tiles/${collections}/${zoom}/${x}/${y}.mvt`;
const someTile = (collections: string, zoom: number) => {
  const [[x, y]] = [...tilesWithin(zoom, { west: 106.25, south: 20.05, east: 106.25, north: 20.05 })] as [
    [number, number],
  ];
  return tilePath(collections, zoom, x, y);
};

/** Features of a collection in all tiles of a zoom, each once, by its id. */
async function seen(who: Who, collection: PlaceCollection, zoom: number) {
  const features = new Map<number, DecodedFeature>();
  for (const [x, y] of tilesWithin(zoom, province)) {
    const { status, body } = await app.ask(who, tilePath(collection, zoom, x, y));
    expect([200, 204]).toContain(status);
    for (const [layer, found] of Object.entries(decodeTile(body))) {
      if (layer === 'communes-labels') continue;
      for (const feature of found) features.set(feature.id!, feature);
    }
  }
  return [...features.values()];
}
const codesIn = (features: readonly DecodedFeature[]) =>
  new Set(features.map(({ properties }) => properties.commune_code ?? properties.code));

describe.each(everybody)('tiles for %s', (who) => {
  it.each(placeCollections)(
    'show of %s what the role may see, points and counts alike',
    async (collection) => {
      const sight = sights[collection][who];
      if (sight === 'refused') {
        for (const zoom of [0, 8, 12]) {
          const { status, headers, body } = await app.ask(who, someTile(collection, zoom));
          expect(status).toBe(403);
          expect(headers['content-type']).toMatch('application/problem+json');
          expect(JSON.parse(body.toString())).toMatchObject({ where: 'path collections' });
          expect(headers.etag).toBeUndefined();
        }
        expect((await app.ask(who, `/tiles/${collection}.json`)).status).toBe(403);
        return;
      }
      const wanted = ofEach[collection] * (sight === 'own' ? 1 : communes);
      const low = await seen(who, collection, 8);
      const gathered = ['dormitories', 'schools', 'establishments'].includes(collection);
      const counted = low.reduce(
        (sum, { properties }) => sum + (gathered ? (properties.count as number) : 1),
        0,
      );
      expect(counted).toBe(wanted);
      if (sight === 'counts') {
        for (const zoom of [10, 12, 14]) {
          const { status, body } = await app.ask(who, someTile(collection, zoom));
          expect(status).toBe(403);
          expect(JSON.parse(body.toString())).toMatchObject({
            where: 'path z',
            remedy: 'Enlarge the tiles of zoom 9.',
          });
        }
        return;
      }
      const high = await seen(who, collection, 12);
      expect(high).toHaveLength(wanted);
      expect(codesIn(high).size).toBe(sight === 'own' ? 1 : communes);
      if (sight === 'own') expect([...codesIn(high)]).toEqual([askers[who].commune]);
    },
  );

  it('of all that the role sees come in one tile, and of anything else in none', async () => {
    const visible = placeCollections.filter((name) => sights[name][who] !== 'refused');
    expect((await app.ask(who, someTile(visible.join(), 8))).status).toBe(200);
    if (visible.length < placeCollections.length)
      expect((await app.ask(who, someTile(placeCollections.join(), 8))).status).toBe(403);
  });

  it('are described as they are', async () => {
    for (const collection of placeCollections) {
      const sight = sights[collection][who];
      if (sight === 'refused') continue;
      const { status, body } = await app.ask(who, `/tiles/${collection}.json`);
      expect(status).toBe(200);
      const { maxzoom, vector_layers, bounds } = JSON.parse(body.toString());
      expect(maxzoom).toBe(sight === 'counts' ? 9 : 14);
      expect(vector_layers.some(({ id }: { id: string }) => id === collection)).toBe(sight !== 'counts');
      // Of establishments to the triangle that they lie in, a kilometre wide.
      const [west, south, east, north] = bounds;
      const margin = 0.03;
      const [from, to] = sight === 'own' ? [west0(who), west0(who) + 0.1] : [106, 107.2];
      expect(west).toBeGreaterThanOrEqual(from - margin);
      expect(east).toBeLessThanOrEqual(to + margin);
      expect(south).toBeGreaterThan(19.99 - margin);
      expect(north).toBeLessThan(20.1 + margin);
    }
  });
});
/** The western edge of an account's commune. */
const west0 = (who: Who) => 106 + (Number(askers[who].commune) - 10_001) * 0.1;

describe('a tile that covers two communes', () => {
  it('shows each account its own places alone, and the planner both', async () => {
    // The commune 10004 begins at 106.3; tiles of zoom 10 are 0.35° wide.
    const [[x, y]] = [...tilesWithin(10, { west: 106.3, south: 20.05, east: 106.3, north: 20.05 })] as [
      [number, number],
    ];
    const codes = async (who: Who) =>
      [
        ...codesIn(
          decodeTile((await app.ask(who, tilePath('establishments', 10, x, y))).body).establishments!,
        ),
      ].sort();
    expect(await codes('planner')).toEqual(expect.arrayContaining(['10003', '10004']));
    expect(await codes('commune')).toEqual([ownCommune]);
    expect((await codes('inspector')).length).toBeGreaterThan(1);
  });

  it('counts in a hexagon on the border only what is the asker’s', async () => {
    const inHexagons = async (who: Who) =>
      new Map(
        (await seen(who, 'establishments', 5)).map(({ id, properties }) => [id, properties.count as number]),
      );
    const [whole, own, other] = [
      await inHexagons('leader'),
      await inHexagons('commune'),
      await inHexagons('other-commune'),
    ];
    expect([...own.values()].reduce((sum, count) => sum + count, 0)).toBe(8);
    // Hexagons of zoom 5 are wider than a commune: most hold places of several.
    for (const [id, count] of own) expect(count).toBeLessThan(whole.get(id)!);
    expect([...whole.values()].reduce((sum, count) => sum + count, 0)).toBe(8 * communes);
    expect([...other.keys()].some((id) => !own.has(id))).toBe(true);
  });
});

const addresses = [
  someTile('establishments', 8),
  someTile('establishments', 12),
  someTile('schools', 8),
  someTile('schools', 12),
  someTile('communes', 8),
  someTile('communes,schools', 12),
  '/tiles/establishments.json',
  '/tiles/communes,schools.json',
];

describe('what is kept in memory', () => {
  // What each gets alone, from an app that nobody else has asked.
  const alone = new Map<string, { status: number; body: Buffer }>();
  beforeAll(async () => {
    for (const who of everybody) {
      const own = await openAppOfMany(db, { quickly: false });
      for (const path of addresses) alone.set(`${who} ${path}`, await own.ask(who, path));
      own.close();
    }
  }, 120_000);

  it.each([
    ['in the order of the list', everybody],
    ['in the opposite order', everybody.toReversed()],
    ['leader and communes first', [...everybody].sort((a, b) => Number(a < b) - Number(a > b))],
  ])(
    'never goes from one to who may see something else: asked %s',
    async (_, order) => {
      for (const quickly of [true, false]) {
        const shared = await openAppOfMany(db, { quickly });
        for (let round = 0; round < 2; round += 1)
          for (const path of addresses)
            for (const who of order) {
              const { status, body } = await shared.ask(who, path);
              const expected = alone.get(`${who} ${path}`)!;
              expect(status, `${who} ${path}`).toBe(expected.status);
              expect(body.equals(expected.body), `${who} ${path}`).toBe(true);
            }
        shared.close();
      }
    },
    120_000,
  );

  it('is shared by who sees the same: communes by all, everything by planner and inspector', async () => {
    const tags = async (path: string) =>
      Object.fromEntries(
        await Promise.all(everybody.map(async (who) => [who, (await app.ask(who, path)).headers.etag])),
      );
    expect(new Set(Object.values(await tags(someTile('communes', 8)))).size).toBe(1);
    const {
      planner,
      inspector,
      leader,
      commune,
      'other-commune': other,
    } = await tags(someTile('schools', 8));
    expect(inspector).toBe(planner);
    expect(new Set([planner, leader, commune, other]).size).toBe(4);
  });
});

describe('"not modified"', () => {
  it.each(addresses)('is said of %s to nobody who holds what another saw', async (path) => {
    for (const quickly of [true, false]) {
      const shared = await openAppOfMany(db, { quickly });
      const held = new Map<Who, { etag: string | undefined; body: Buffer }>();
      for (const who of everybody) {
        const { headers, body } = await shared.ask(who, path);
        held.set(who, { etag: headers.etag, body });
      }
      for (const who of everybody)
        for (const [other, { etag, body }] of held) {
          if (!etag) continue;
          const { status } = await shared.ask(who, path, { 'if-none-match': etag });
          const own = held.get(who)!;
          if (own.etag === etag) {
            expect(status, `${who} with the tag of ${other}`).toBe(304);
            expect(body.equals(own.body)).toBe(true);
          } else expect([200, 204, 403], `${who} with the tag of ${other}`).toContain(status);
        }
      shared.close();
    }
  });
});

describe('nobody signed in', () => {
  it.each(addresses)('gets %s by signing in, and hears how', async (path) => {
    const warmed = await app.ask('planner', path);
    const { status, headers } = await app.ask('nobody', path, {
      'if-none-match': warmed.headers.etag!,
    });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toMatch(/^Basic realm=/);
    expect(headers.etag).toBeUndefined();
  });
});

describe('the audit log', () => {
  const premises = (body: Buffer) => decodeTile(body).establishments?.length ?? 0;

  it('has each tile with single premises, for each who got it, out of memory too', async () => {
    const path = someTile('communes,establishments', 11);
    for (const quickly of [true, false]) {
      const shared = await openAppOfMany(db, { quickly });
      for (const who of ['planner', 'planner', 'inspector', 'commune', 'commune'] as const) {
        const { result, lines } = await readingsOf(db, () => shared.ask(who, path));
        expect(premises(result.body)).toBeGreaterThan(0);
        expect(lines).toHaveLength(1);
        expect(lines[0]).toMatchObject({
          account: askers[who].account,
          endpoint: 'GET /tiles/:collections/:z/:x/:file',
          row_count: premises(result.body),
        });
        expect(JSON.stringify(lines[0]!.filters)).toContain('communes,establishments');
      }
      shared.close();
    }
  });

  it('has every one of those who ask at the same moment, though the tile is made once', async () => {
    const path = someTile('establishments', 12);
    const shared = await openAppOfMany(db);
    const together = ['planner', 'inspector', 'planner', 'inspector', 'planner'] as const;
    const { result, lines } = await readingsOf(db, () =>
      Promise.all(together.map((who) => shared.ask(who, path))),
    );
    const inTile = premises(result[0]!.body);
    for (const { body } of result) expect(body.equals(result[0]!.body)).toBe(true);
    const rowsOf = (who: Who) =>
      lines
        .filter(({ account }) => account === askers[who].account)
        .reduce((sum, { row_count }) => sum + row_count!, 0);
    expect(inTile).toBeGreaterThan(0);
    expect([rowsOf('planner'), rowsOf('inspector')]).toEqual([3 * inTile, 2 * inTile]);
    shared.close();
  });

  it('says so where the asker held the tile already', async () => {
    const path = someTile('establishments', 13);
    for (const quickly of [true, false]) {
      const shared = await openAppOfMany(db, { quickly });
      const { headers } = await shared.ask('planner', path);
      const { result, lines } = await readingsOf(db, () =>
        shared.ask('inspector', path, { 'if-none-match': headers.etag! }),
      );
      expect(result.status).toBe(304);
      expect(lines).toMatchObject([{ account: askers.inspector.account, facts: { notModified: true } }]);
      shared.close();
    }
  });

  it('has nothing of tiles without', async () => {
    const { lines } = await readingsOf(db, async () => {
      for (const who of everybody)
        for (const path of [
          someTile('communes', 12),
          someTile('establishments', 9),
          '/tiles/establishments.json',
        ])
          await app.ask(who, path);
      for (const who of ['planner', 'leader', 'commune'] as const)
        await app.ask(who, someTile('schools', 13));
      await app.ask('leader', someTile('establishments', 12));
    });
    expect(lines).toEqual([]);
  });

  it('that cannot be written keeps the tile back', async () => {
    const shared = await openAppOfMany(db, { log: pino({ level: 'silent' }) });
    const path = someTile('establishments', 12);
    const { headers } = await shared.ask('planner', path);
    await db.write((transaction) => transaction.execute(sql`alter table audit_log rename to audit_log_away`));
    try {
      for (const who of ['planner', 'inspector', 'commune'] as const)
        for (const more of [{}, { 'if-none-match': headers.etag! }]) {
          const { status, body } = await shared.ask(who, path, more as Record<string, string>);
          expect(status).toBe(500);
          expect(body.toString()).not.toMatch(/audit_log|select/);
        }
    } finally {
      await db.write((transaction) =>
        transaction.execute(sql`alter table audit_log_away rename to audit_log`),
      );
      shared.close();
    }
  });
});

describe('straight in the database', () => {
  const address = { collections: ['establishments'] as const, z: 12, x: 3257, y: 1811 };
  const reader = (role: (typeof roles)[number]) => ({ ...askers[role], address: '127.0.0.1' });

  it('the policies leave points the spatial index, in a transaction that is on the audit log', async () => {
    const planRow = z.object({ 'QUERY PLAN': z.string() });
    for (const role of ['planner', 'inspector'] as const) {
      const asker = {
        ...reader(role),
        asked: { endpoint: 'GET /tiles/:collections/:z/:x/:file', filters: {}, premises: true },
      };
      const plan = await db.as(asker).read(async (transaction) => {
        transaction.premisesLeft(0);
        // A table of 96 rows is read whole otherwise.
        await transaction.execute(sql`set local enable_seqscan = off`);
        return transaction.rows(
          planRow,
          sql`explain select id from all_establishments where geom_mercator && ST_MakeEnvelope(11800000, 2270000, 11810000, 2280000, 3857)`,
        );
      });
      expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index Cond: \(geom_mercator && /);
    }
  });

  it('single premises are read by nobody without a line of the log, in tiles either', async () => {
    for (const role of ['planner', 'inspector', 'commune'] as const)
      await expect(
        db
          .as(reader(role))
          .read((transaction) => transaction.rows(z.unknown(), tileFeaturesQuery(address, role))),
        role,
      ).rejects.toThrow(/audit log/);
    for (const role of ['leader', 'admin'] as const)
      for (const relation of ['establishments', 'all_establishments'])
        await expect(
          db
            .as(reader(role))
            .read((transaction) =>
              transaction.rows(z.unknown(), sql`select id from ${sql.identifier(relation)}`),
            ),
          `${role} ${relation}`,
        ).rejects.toThrow(/permission denied/);
  });

  it('counts of one’s own commune are for its account, and need its commune', async () => {
    const counts = (asker: Parameters<typeof db.as>[0]) =>
      db
        .as(asker)
        .read((transaction) =>
          transaction.rows(
            z.object({ places: z.number() }),
            sql`select places from own_place_triangles('schools')`,
          ),
        );
    expect((await counts(reader('commune'))).map(({ places }) => places)).toEqual([1]);
    for (const role of ['planner', 'inspector', 'leader', 'admin'] as const)
      await expect(counts(reader(role)), role).rejects.toThrow(/permission denied/);
    await expect(counts({ ...reader('commune'), commune: null })).rejects.toThrow(/of its own/);
    await expect(counts({ ...reader('commune'), commune: otherCommune })).resolves.toHaveLength(1);
    for (const role of ['commune', 'admin'] as const)
      await expect(
        db
          .as(reader(role))
          .read((transaction) => transaction.rows(z.unknown(), sql`select * from place_triangles`)),
        role,
      ).rejects.toThrow(/permission denied/);
  });

  it('the first day in business is of what one may read', async () => {
    await db.write((transaction) =>
      transaction.execute(
        sql`update establishments set active_from = '2011-11-11' where license_number = ${`GP-${otherCommune}-0`}`,
      ),
    );
    const first = (asker: Parameters<typeof db.as>[0]) =>
      db
        .as(asker)
        .read((transaction) =>
          transaction.row(z.object({ day: z.string() }), sql`select first_day_in_business() as day`),
        );
    expect(await first(reader('planner'))).toEqual({ day: '2011-11-11' });
    expect(await first(reader('commune'))).toEqual({ day: '2020-01-01' });
    for (const role of ['leader', 'admin'] as const)
      await expect(first(reader(role)), role).rejects.toThrow(/permission denied/);
  });
});
