import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeCollections } from '../../contract/places.ts';
import { tileJson, tileMaxZoom } from '../../contract/tiles.ts';
import { type Database, DatabaseAway, openDatabase, type Transactions } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { makeApp, somebody } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { decodeTile } from '../testing/decoded-tile.ts';
import { insertManyPlaces, manyPlaces } from '../testing/many-places.ts';
import type { TileAddress } from './tile-address.ts';
import { openTileSource, type TileEncoding, type TileSource } from './tile-source.ts';
import { tilesWithin, warmTiles } from './warm-tiles.ts';

let db: TestDatabase;
let reads = 0;
/** The database with its reading transactions counted. */
let counted: Database;
let server: Server;

beforeAll(async () => {
  db = await openTestDatabase();
  await insertManyPlaces(db);
  const counting = (transactions: Transactions): Transactions => ({
    ...transactions,
    read: (work) => {
      reads += 1;
      return transactions.read(work);
    },
  });
  counted = { ...db, ...counting(db), as: (actor) => counting(db.as(actor)) };
  server = createServer(makeApp({ db, known: () => somebody })).listen(0, '127.0.0.1');
  await once(server, 'listening');
}, 300_000);
afterAll(async () => {
  server.close();
  await db.close();
});

const app = () => supertest(server);
const [[x, y]] = [...tilesWithin(9, { west: 105.9, south: 20.1, east: 105.9, north: 20.1 })] as [
  [number, number],
];
const tilePath = `/tiles/communes/9/${x}/${y}.mvt`;
const type = 'application/vnd.mapbox-vector-tile';

const tileFrom = async (source: TileSource, address: TileAddress, encoding: TileEncoding) =>
  (await source.tile(address, encoding, somebody)).made;

/** An answer as it is on the wire: nothing is decompressed. */
function raw(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { port } = server.address() as AddressInfo;
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((done, failed) => {
    const asking = httpRequest({ port, host: '127.0.0.1', path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        done({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    asking.once('error', failed).end();
  });
}

describe('GET /tiles/{collections}/{z}/{x}/{y}.mvt', () => {
  it('answers a vector tile with its type, tag and what it varies by', async () => {
    const answer = await raw(tilePath);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': type,
      'cache-control': 'private, no-cache',
      'content-length': String(answer.body.byteLength),
    });
    expect(answer.headers.etag).toMatch(/^"\d+-[\w-]{16}"$/);
    expect(answer.headers.vary?.split(', ').sort()).toEqual(['Accept', 'Accept-Encoding']);
    expect(Object.keys(decodeTile(answer.body))).toEqual(['communes', 'communes-labels']);
  });

  it('joins collections in one order, whatever the order asked for', async () => {
    const [one, other] = await Promise.all([
      raw(tilePath.replace('communes', 'establishments,communes,schools')),
      raw(tilePath.replace('communes', 'communes,schools,establishments')),
    ]);
    expect(Object.keys(decodeTile(one.body))).toEqual([
      'communes',
      'communes-labels',
      'schools-hexagons',
      'establishments-hexagons',
    ]);
    expect(other.body.equals(one.body)).toBe(true);
  });

  it('answers the second asker as the first, from memory', async () => {
    const path = tilePath.replace('communes', 'dormitories');
    for (const headers of [{}, { 'accept-encoding': 'br' }] as Record<string, string>[]) {
      const [first, second] = [await raw(path, headers), await raw(path, headers)];
      for (const { headers: sent } of [first, second]) delete sent.date;
      expect(second.headers).toEqual(first.headers);
      expect(second.headers).toHaveProperty('content-security-policy');
      expect(second.body.equals(first.body)).toBe(true);
    }
  });

  it('compresses as the asker takes it, the same tile, each with a tag of its own', async () => {
    const plain = await raw(tilePath, { 'accept-encoding': 'identity' });
    const gzip = await raw(tilePath, { 'accept-encoding': 'gzip, deflate' });
    const brotli = await raw(tilePath, { 'accept-encoding': 'gzip, deflate, br' });
    const refused = await raw(tilePath, { 'accept-encoding': 'br;q=0, gzip' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(refused.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
    expect(brotli.body.byteLength).toBeLessThan(plain.body.byteLength / 1.5);
    expect(new Set([plain, gzip, brotli].map(({ headers }) => headers.etag)).size).toBe(3);
  });

  it('answers 304 to who holds it, and not to who holds another encoding of it', async () => {
    const brotli = { 'accept-encoding': 'br' };
    const { etag } = (await raw(tilePath, brotli)).headers;
    const again = await raw(tilePath, { ...brotli, 'if-none-match': etag! });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
    expect(again.headers.etag).toBe(etag);
    expect(again.headers.vary).toContain('Accept-Encoding');
    expect((await raw(tilePath, { 'if-none-match': etag! })).status).toBe(200);
    expect((await raw(tilePath, { ...brotli, 'if-none-match': '"0-other"' })).status).toBe(200);
  });

  it('answers 204 without a type where there is nothing, also compressed, and 304 to who knows', async () => {
    const path = '/tiles/communes,schools/14/0/0.mvt';
    for (const headers of [{ 'accept-encoding': 'identity' }, { 'accept-encoding': 'br' }]) {
      const answer = await raw(path, headers);
      expect(answer.status).toBe(204);
      expect(answer.body).toHaveLength(0);
      expect(answer.headers['content-encoding']).toBeUndefined();
      expect((await raw(path, { ...headers, 'if-none-match': answer.headers.etag! })).status).toBe(304);
    }
  });

  it('answers HEAD like GET, without the tile', async () => {
    const answer = await raw(tilePath, {}, 'HEAD');
    expect(answer.status).toBe(200);
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(1000);
    expect(answer.body).toHaveLength(0);
  });

  it.each([
    ['/tiles/communes/99/0/0.mvt', 'path z', /0 to 14/],
    ['/tiles/communes/3/8/0.mvt', 'path x', /0 to 7/],
    ['/tiles/communes/3/0/8.mvt', 'path y', /0 to 7/],
    ['/tiles/communes/3/0/-1.mvt', 'path y', /0 to 7/],
    ['/tiles/communes/3/a/1.mvt', 'path x', /0 to 7/],
    ['/tiles/roads/3/0/0.mvt', 'path collection', /communes, border-areas/],
    ['/tiles/communes,,schools/3/0/0.mvt', 'path collection', /joined by commas/],
    ['/tiles/reports/3/0/0.mvt', 'path collection', /communes, border-areas/],
    ['/tiles/communes/3/0/0.png', 'path extension', /\.mvt/],
    ['/tiles/communes/3/0/0', 'path extension', /\.mvt/],
    ['/tiles/communes%27%3Bdrop%20table%20communes/3/0/0.mvt', 'path collection', /communes, border-areas/],
    ['/tiles/roads.json', 'path collection', /communes, border-areas/],
    ['/tiles/communes.xml', 'path', /\.json/],
  ])('refuses %s in words, before any work', async (path, where, remedy) => {
    const answer = await app().get(path);
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    const problem = JSON.parse(answer.text);
    expect(problem).toMatchObject({ status: 404, where });
    expect(problem.remedy).toMatch(remedy);
    expect(answer.headers.etag).toBeUndefined();
  });
});

describe('GET /tiles/{collections}.json', () => {
  it('describes each collection by itself and all together', async () => {
    for (const names of [...placeCollections, placeCollections.join(',')]) {
      const answer = await app().get(`/tiles/${names}.json`);
      expect(answer.status).toBe(200);
      const document = tileJson.parse(answer.body);
      expect(document.tiles).toEqual([`http://diaban.test/tiles/${names}/{z}/{x}/{y}.mvt`]);
      expect(document).toMatchObject({ minzoom: 0, maxzoom: tileMaxZoom, simulated: true });
      const [west, south, east, north] = document.bounds!;
      expect(west).toBeGreaterThan(105.4);
      expect(south).toBeGreaterThan(19.8);
      expect(east).toBeLessThan(106.6);
      expect(north).toBeLessThan(20.8);
    }
  });

  it('has a tag and answers 304', async () => {
    const { headers } = await app().get('/tiles/communes.json');
    const again = await app().get('/tiles/communes.json').set('If-None-Match', headers.etag!);
    expect(again.status).toBe(304);
  });

  it('names layers that tiles of its zooms have, and leaves bounds out where there is nothing', async () => {
    const { body } = await app().get('/tiles/establishments.json');
    expect(
      body.vector_layers.map(({ id, minzoom, maxzoom }: Record<string, unknown>) => [id, minzoom, maxzoom]),
    ).toEqual([
      ['establishments-hexagons', 0, 9],
      ['establishments', 10, 14],
    ]);
    const empty = await openTestDatabase();
    try {
      const answer = await supertest(makeApp({ db: empty })).get('/tiles/schools.json');
      expect(answer.status).toBe(200);
      expect(tileJson.parse(answer.body)).not.toHaveProperty('bounds');
      expect(answer.body.simulated).toBe(false);
    } finally {
      await empty.close();
    }
  });
});

describe('a write', () => {
  const nameOf = (body: Buffer, code: string) =>
    decodeTile(body).communes!.find(({ properties }) => properties.code === code)?.properties.name;

  it('is in the next tile when it went through the same process', async () => {
    const code = decodeTile((await raw(tilePath)).body).communes![0]!.properties.code as string;
    const brotli = { 'accept-encoding': 'br' };
    const before = await raw(tilePath, brotli);
    for (const name of ['Xã Mới', 'Xã Mới Hơn']) {
      await db.write((tx) => tx.execute(sql`update communes set name = ${name} where code = ${code}`));
      const after = await raw(tilePath, { ...brotli, 'if-none-match': before.headers.etag! });
      expect(after.status).toBe(200);
      expect(after.headers.etag).not.toBe(before.headers.etag);
      expect(nameOf(brotliDecompressSync(after.body), code)).toBe(name);
    }
  });

  it('that fails leaves tiles as they were', async () => {
    const before = await raw(tilePath);
    await db
      .write(async (tx) => {
        await tx.execute(sql`update communes set name = 'Không'`);
        throw new Error('on purpose');
      })
      .catch(() => {});
    expect((await raw(tilePath, { 'if-none-match': before.headers.etag! })).status).toBe(304);
  });

  it('of another process is in the tiles a second later at most', async () => {
    let now = 0;
    const source = openTileSource(db, { monotonicMilliseconds: () => now });
    const address = { collections: ['communes'] as const, z: 9, x, y };
    const first = await tileFrom(source, address, 'identity');
    const code = decodeTile(first.body).communes![0]!.properties.code as string;
    const another = await openDatabase(db.options);
    try {
      await another.write((tx) =>
        tx.execute(sql`update communes set name = 'Từ nơi khác' where code = ${code}`),
      );
    } finally {
      await another.close();
    }
    now = 999;
    expect((await tileFrom(source, address, 'identity')).dataVersion).toBe(first.dataVersion);
    now = 1000;
    const later = await tileFrom(source, address, 'identity');
    expect(later.dataVersion).toBe(first.dataVersion + 1);
    expect(nameOf(later.body, code)).toBe('Từ nơi khác');
  });
});

describe('the cache', () => {
  const address = { collections: ['establishments'] as const, z: 9, x, y };

  it('makes one tile for simultaneous askers and none for later ones, in each encoding', async () => {
    const source = openTileSource(counted, { monotonicMilliseconds: () => 0 });
    await source.dataVersion();
    reads = 0;
    const encodings = ['br', 'gzip', 'identity'] as const;
    const made = await Promise.all(
      Array.from({ length: 60 }, (_, index) => tileFrom(source, address, encodings[index % 3]!)),
    );
    expect(reads).toBe(1);
    // one buffer for all who asked for the encoding: compressed once
    expect(new Set(made.map(({ body }) => body)).size).toBe(3);
    expect((await tileFrom(source, address, 'br')).body).toBe(made[0]!.body);
    expect(reads).toBe(1);
  });

  it('lets the least recently used tile go when it is full', async () => {
    const size = (await tileFrom(openTileSource(db), address, 'identity')).body.byteLength;
    const source = openTileSource(counted, { monotonicMilliseconds: () => 0, cacheBytes: size + 400 });
    const other = { ...address, collections: ['schools'] as const };
    await tileFrom(source, address, 'identity');
    reads = 0;
    await tileFrom(source, address, 'identity');
    expect(reads).toBe(0);
    await tileFrom(source, other, 'identity');
    await tileFrom(source, address, 'identity');
    expect(reads).toBe(2);
  });

  it('keeps nothing that failed', async () => {
    let away = true;
    const failing: Database = {
      ...db,
      as: (actor) => ({
        ...db.as(actor),
        read: (work) => (away ? Promise.reject(new DatabaseAway('away')) : db.as(actor).read(work)),
      }),
    };
    const source = openTileSource(failing);
    await expect(tileFrom(source, address, 'br')).rejects.toThrow('away');
    away = false;
    expect((await tileFrom(source, address, 'br')).body.byteLength).toBeGreaterThan(100);
  });

  it('is warmed for low zooms: what was made ahead is not made again', async () => {
    const source = openTileSource(counted, { monotonicMilliseconds: () => 0 });
    const made = await warmTiles(db, source, { collections: ['communes', 'establishments'], maxZoom: 9 });
    expect(made).toBeGreaterThan(20);
    reads = 0;
    for (const collections of [['communes'], ['establishments']] as const) {
      const { body } = await tileFrom(source, { collections, z: 9, x, y }, 'br');
      expect(body.byteLength).toBeGreaterThan(100);
    }
    expect(reads).toBe(0);
    const whole = decodeTile((await tileFrom(source, { ...address, z: 0, x: 0, y: 0 }, 'identity')).body);
    const counts = whole['establishments-hexagons']!.map(({ properties }) => properties.count as number);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(manyPlaces.establishments);
    expect(reads).toBe(0);
  });
});
