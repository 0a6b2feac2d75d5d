import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { itemsAddress } from '../../contract/ogc.ts';
import { type PlaceCollection, placeCollections } from '../../contract/places.ts';
import { insertPolicyProvince, otherCommune, ownCommune } from '../access/testing/two-communes.ts';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import {
  type Answered,
  type AppOfMany,
  askers,
  everybody,
  openAppOfMany,
  readingsOf,
  type Who,
} from './testing/app-of-many.ts';

// Twelve communes in a row with 8 establishments, a park, a dormitory, a school and a border area each.
const communes = 12;
const ofEach = (collection: PlaceCollection) => (collection === 'establishments' ? 8 : 1);

/** What docs/access.md says, in full. */
type Sight = 'all' | 'own' | 'refused';
const reference: Record<Who, Sight> = {
  planner: 'all',
  inspector: 'all',
  leader: 'all',
  commune: 'all',
  'other-commune': 'all',
  admin: 'all',
};
const places: Record<Who, Sight> = {
  ...reference,
  commune: 'own',
  'other-commune': 'own',
  admin: 'refused',
};
const sights: Record<PlaceCollection, Record<Who, Sight>> = {
  communes: reference,
  'border-areas': reference,
  'industrial-parks': places,
  dormitories: places,
  schools: places,
  establishments: { ...places, leader: 'refused' },
};

let db: TestDatabase;
let app: AppOfMany;
/** Ids of a place of each commune. */
const ids = new Map<string, string>();
beforeAll(async () => {
  db = await openTestDatabase();
  await insertPolicyProvince(db);
  app = await openAppOfMany(db);
  for (const collection of placeCollections) {
    const [id, commune] =
      collection === 'communes' ? [sql`code`, sql`code`] : [sql`min(id)::text`, sql`commune_code`];
    const rows = await db.read((transaction) =>
      transaction.rows(
        z.object({ id: z.string(), commune: z.string() }),
        sql`select ${id} as id, ${commune} as commune from ${sql.identifier(collection.replace('-', '_'))}
             group by ${collection === 'communes' ? sql`1` : commune}`,
      ),
    );
    for (const row of rows) ids.set(`${collection} ${row.commune}`, row.id);
  }
}, 300_000);
afterAll(async () => {
  app.close();
  await db.close();
});

type Feature = { id: number | string; properties: Record<string, unknown> };
type Page = {
  numberMatched: number;
  numberReturned: number;
  features: Feature[];
  links: { rel: string; href: string }[];
};
const pageOf = ({ body }: Answered): Page => JSON.parse(body.toString());
const communeOf = ({ properties }: Feature) => String(properties.commune_code ?? properties.code);
const itemOf = (collection: PlaceCollection, commune: string) =>
  `/ogc/collections/${collection}/items/${ids.get(`${collection} ${commune}`)}`;

describe.each(everybody)('/ogc for %s', (who) => {
  it.each(placeCollections)(
    'gives of %s what the role may read, on pages and one by one',
    async (collection) => {
      const sight = sights[collection][who];
      if (sight === 'refused') {
        for (const path of [
          itemsAddress(collection, {}),
          itemsAddress(collection, { limit: 1, bbox: [106, 20, 106.1, 20.1] }),
          itemOf(collection, ownCommune),
          `/ogc/collections/${collection}/items/999999`,
          `/ogc/collections/${collection}`,
        ]) {
          const { status, headers, body } = await app.ask(who, path);
          expect(status, path).toBe(403);
          expect(headers.etag).toBeUndefined();
          expect(JSON.parse(body.toString())).toMatchObject({ status: 403, where: 'path collectionId' });
        }
        return;
      }
      const wanted = ofEach(collection) * (sight === 'own' ? 1 : communes);
      const own = askers[who].commune;
      for (const query of [
        {},
        { limit: 1 },
        { bbox: [105, 19, 108, 21] },
        { skipGeometry: true },
        { limit: 1, bbox: [105, 19, 108, 21], skipGeometry: true },
      ] as const) {
        const page = pageOf(await app.ask(who, itemsAddress(collection, query)));
        expect(page.numberMatched).toBe(wanted);
        expect(page.features).toHaveLength('limit' in query ? 1 : wanted);
        if (sight === 'own') expect(new Set(page.features.map(communeOf))).toEqual(new Set([own]));
        expect(page.links.some(({ rel }) => rel === 'next')).toBe(page.features.length < wanted);
      }
      // A filter cannot widen it.
      const property = collection === 'communes' ? 'code' : 'commune_code';
      const filtered = pageOf(
        await app.ask(who, `${itemsAddress(collection, {})}?${property}=${otherCommune}`),
      );
      expect(filtered.numberMatched).toBe(sight === 'own' && own !== otherCommune ? 0 : ofEach(collection));
      for (const commune of [ownCommune, otherCommune]) {
        const { status } = await app.ask(who, itemOf(collection, commune));
        expect(status).toBe(sight === 'own' && own !== commune ? 404 : 200);
      }
      // Of another commune exactly what is said of a place that there is not.
      if (sight === 'own') {
        const other = own === otherCommune ? ownCommune : otherCommune;
        const without = (answered: Answered) => answered.body.toString().replaceAll(/\d+/g, '#');
        const missing = await app.ask(who, `/ogc/collections/${collection}/items/999999`);
        expect(without(await app.ask(who, itemOf(collection, other)))).toBe(without(missing));
      }
    },
  );

  it('walks page by page over the same', async () => {
    const sight = sights.schools[who];
    if (sight === 'refused') return;
    const codes: string[] = [];
    let path: string | undefined = itemsAddress('schools', { limit: 5 });
    while (path) {
      const page = pageOf(await app.ask(who, path));
      codes.push(...page.features.map(communeOf));
      const next = page.links.find(({ rel }) => rel === 'next')?.href;
      path = next?.slice(next.indexOf('/ogc'));
    }
    expect(codes).toHaveLength(sight === 'own' ? 1 : communes);
  });

  it('lists the collections that the role may read, with counts and extents of what it sees', async () => {
    const { status, body } = await app.ask(who, '/ogc/collections');
    expect(status).toBe(200);
    type Listed = { id: PlaceCollection; itemCount: number; extent: { spatial: { bbox: [number[]] } } };
    const { collections } = JSON.parse(body.toString()) as { collections: Listed[] };
    const readable = placeCollections.filter((name) => sights[name][who] !== 'refused');
    expect(collections.map(({ id }) => id)).toEqual(readable);
    for (const { id, itemCount, extent } of collections) {
      const sight = sights[id][who];
      expect(itemCount, id).toBe(ofEach(id) * (sight === 'own' ? 1 : communes));
      const [west, , east] = extent.spatial.bbox[0] as [number, number, number];
      const [from, to] =
        sight === 'own' ? [106 + (Number(askers[who].commune) - 10_001) * 0.1, 0.1] : [106, 1.2];
      // Of establishments to the triangle that they lie in, a kilometre wide.
      expect(west, id).toBeGreaterThanOrEqual(from - 0.03);
      expect(east, id).toBeLessThanOrEqual(from + to + 0.03);
      expect((await app.ask(who, `/ogc/collections/${id}`)).status).toBe(200);
    }
  });

  it('says what the API is, and what one may filter by', async () => {
    for (const path of [
      '/ogc',
      '/ogc/conformance',
      '/ogc/api',
      '/ogc/collections/establishments/queryables',
      '/ogc/collections/establishments/schema',
    ])
      expect((await app.ask(who, path)).status, path).toBe(200);
  });
});

const addresses = [
  '/ogc/collections',
  '/ogc/collections/schools',
  '/ogc/collections/establishments',
  itemsAddress('communes', { limit: 3 }),
  itemsAddress('schools', {}),
  itemsAddress('establishments', {}),
  itemsAddress('establishments', { limit: 3, category: 'karaoke' }),
];

describe('what is kept in memory', () => {
  it.each([
    ['in the order of the list', everybody],
    ['in the opposite order', everybody.toReversed()],
  ])(
    'never goes from one to who may see something else: asked %s',
    async (_, order) => {
      const alone = new Map<string, Answered>();
      for (const who of everybody) {
        const own = await openAppOfMany(db);
        for (const path of addresses) alone.set(`${who} ${path}`, await own.ask(who, path));
        own.close();
      }
      const shared = await openAppOfMany(db);
      for (let round = 0; round < 2; round += 1)
        for (const path of addresses)
          for (const who of order) {
            const { status, body } = await shared.ask(who, path);
            const expected = alone.get(`${who} ${path}`)!;
            expect(status, `${who} ${path}`).toBe(expected.status);
            expect(body.toString(), `${who} ${path}`).toBe(expected.body.toString());
          }
      shared.close();
    },
    120_000,
  );

  it('makes "not modified" only for who sees the same', async () => {
    for (const path of [...addresses, itemOf('schools', ownCommune), itemOf('establishments', ownCommune)]) {
      const held = new Map<Who, Answered>();
      for (const who of everybody) held.set(who, await app.ask(who, path));
      for (const who of everybody)
        for (const [other, { headers, body }] of held) {
          if (!headers.etag) continue;
          const { status } = await app.ask(who, path, { 'if-none-match': headers.etag });
          const own = held.get(who)!;
          if (own.headers.etag === headers.etag) {
            expect(status, `${who} with the tag of ${other} at ${path}`).toBe(304);
            expect(body.equals(own.body)).toBe(true);
          } else expect([200, 403, 404], `${who} with the tag of ${other} at ${path}`).toContain(status);
        }
    }
  });
});

describe('nobody signed in', () => {
  it.each(['/ogc', '/ogc/conformance', '/ogc/api', '/ogc/collections/schools/queryables', ...addresses])(
    'gets %s by signing in, and hears how',
    async (path) => {
      const { headers: warmed } = await app.ask('planner', path);
      const { status, headers } = await app.ask('nobody', path, { 'if-none-match': warmed.etag! });
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toMatch(/^Basic realm=/);
      expect(headers.etag).toBeUndefined();
    },
  );
});

describe('the audit log', () => {
  const establishments = itemsAddress('establishments', { limit: 7 });

  it('has each page of establishments and each single one, out of memory too, with how many', async () => {
    for (const who of ['planner', 'inspector', 'commune', 'planner', 'commune'] as const) {
      const { result, lines } = await readingsOf(db, () => app.ask(who, establishments));
      expect(lines).toMatchObject([
        {
          account: askers[who].account,
          endpoint: 'GET /ogc/collections/:collectionId/items',
          row_count: pageOf(result).numberReturned,
          filters: { collectionId: 'establishments', limit: '7' },
        },
      ]);
      const one = await readingsOf(db, () => app.ask(who, itemOf('establishments', ownCommune)));
      expect(one.lines).toMatchObject([
        {
          account: askers[who].account,
          endpoint: 'GET /ogc/collections/:collectionId/items/:featureId',
          row_count: 1,
        },
      ]);
    }
  });

  it('says so where the asker held the page already', async () => {
    const { headers } = await app.ask('planner', establishments);
    const { result, lines } = await readingsOf(db, () =>
      app.ask('inspector', establishments, { 'if-none-match': headers.etag! }),
    );
    expect(result.status).toBe(304);
    expect(lines).toMatchObject([
      { account: askers.inspector.account, row_count: 0, facts: { notModified: true } },
    ]);
  });

  it('has nothing of what shows no premises', async () => {
    const { lines } = await readingsOf(db, async () => {
      for (const who of everybody)
        for (const path of [
          '/ogc/collections',
          '/ogc/collections/establishments',
          '/ogc/collections/establishments/queryables',
          itemsAddress('schools', {}),
          itemsAddress('communes', {}),
        ])
          await app.ask(who, path);
      await app.ask('leader', establishments);
      await app.ask('admin', establishments);
      await app.ask('commune', itemOf('establishments', otherCommune));
    });
    expect(lines).toEqual([]);
  });
});

describe('straight in the database', () => {
  it('the policies leave boxes the spatial index and pages the order of keys', async () => {
    for (const role of ['planner', 'inspector'] as const) {
      const asker = {
        ...askers[role],
        address: '127.0.0.1',
        asked: { endpoint: 'GET /ogc/collections/:collectionId/items', filters: {}, premises: true },
      };
      const plans = await db.as(asker).read(async (transaction) => {
        transaction.premisesLeft(0);
        // A table of 96 rows is read whole otherwise.
        await transaction.execute(sql`set local enable_seqscan = off`);
        const plan = (query: ReturnType<typeof sql>) =>
          transaction
            .rows(z.object({ 'QUERY PLAN': z.string() }), sql`explain ${query}`)
            .then((rows) => rows.map((row) => row['QUERY PLAN']).join('\n'));
        return [
          await plan(
            sql`select id from all_establishments where ST_Intersects(geom, ST_MakeEnvelope(106, 20, 106.01, 20.01, 4326))`,
          ),
          await plan(sql`select id from all_establishments where id > 5 order by id limit 3`),
        ];
      });
      expect(plans[0]).toMatch(/Index Cond: \(geom && /);
      expect(plans[1]).toMatch(/Index Cond: \(id > /);
      expect(plans[1]).not.toMatch(/Sort/);
    }
  });
});
