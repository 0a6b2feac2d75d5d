import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import { ogcCollections } from '../../contract/ogc-collections.ts';
import { placeCollections } from '../../contract/places.ts';
import {
  appWithSignIn,
  goodPassword,
  insertAccount,
  newAccountName,
  signedIn,
} from '../access/testing/signing-in.ts';
import { sql } from '../db/sql.ts';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertManyPlaces, manyPlaces } from '../testing/many-places.ts';

// Debian's GDAL and QGIS against a server that really listens. apt-get install gdal-bin python3-qgis

const run = promisify(execFile);
const runs = (command: string, ...parameters: string[]): boolean => {
  try {
    execFileSync(command, parameters, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const hasGdal = runs('ogrinfo', '--version') && runs('ogr2ogr', '--version');
const hasQgis = runs('/usr/bin/python3', '-c', 'import qgis.core');

let db: TestDatabase;
let server: Server;
let root: string;
let folder: string;
const asked: string[] = [];
beforeAll(async () => {
  db = await openTestDatabase();
  await insertManyPlaces(db);
  folder = mkdtempSync(join(tmpdir(), 'diaban-clients-'));
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  root = `${baseUrl}/ogc`;
  server.on('request', (request) => asked.push(request.url ?? ''));
  server.on('request', makeApp({ db, config: { baseUrl, checkResponses: true } }));
});
afterAll(async () => {
  server?.close();
  server?.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
  await db?.close();
});

type Layer = { count: number; geometry: string; fields: Record<string, string>; extent: string };

/** What `ogrinfo -so -al` says of each layer. */
function layersOf(text: string): Record<string, Layer> {
  const layers = text.split(/^Layer name: /m).slice(1);
  return Object.fromEntries(
    layers.map((layer) => [
      layer.split('\n', 1)[0]!,
      {
        count: Number(/^Feature Count: (\d+)/m.exec(layer)?.[1]),
        geometry: /^Geometry: (.*)$/m.exec(layer)?.[1] ?? '',
        extent: /^Extent: (.*)$/m.exec(layer)?.[1] ?? '',
        fields: Object.fromEntries(
          [...layer.matchAll(/^(\w+): (\w+(?:\(\w+\))?) \(\d+\.\d+\)/gm)].map((match) => [
            match[1],
            match[2],
          ]),
        ),
      },
    ]),
  );
}
const gdal = async (command: string, ...parameters: string[]) =>
  (await run(command, parameters, { maxBuffer: 50_000_000, env: { ...process.env, CPL_DEBUG: '' } })).stdout;

const geometryInGdal = {
  communes: 'Multi Polygon',
  'border-areas': 'Multi Polygon',
  'industrial-parks': 'Multi Polygon',
  dormitories: 'Unknown (any)',
  schools: 'Point',
  establishments: 'Point',
};

describe.skipIf(!hasGdal)('GDAL', () => {
  it('lists all six collections with counts, geometry types and fields', async () => {
    const layers = layersOf(await gdal('ogrinfo', '-ro', '-so', '-al', `OAPIF:${root}`));
    expect(Object.keys(layers)).toEqual(placeCollections);
    for (const name of placeCollections) {
      expect(layers[name]).toMatchObject({ count: manyPlaces[name], geometry: geometryInGdal[name] });
      expect(Object.keys(layers[name]!.fields)).toEqual(
        expect.arrayContaining(Object.keys(ogcCollections[name].properties.shape)),
      );
    }
    expect(layers.communes!.extent).toBe('(105.500000, 19.900000) - (106.540000, 20.700000)');
    expect(layers.communes!.fields).toMatchObject({
      code: 'String',
      population: 'Integer',
      area_square_km: 'Real',
      // empty in every row: told by the schema, not guessed
      former_province: 'String',
      adjoining_provinces: 'StringList',
      coastal: 'Integer(Boolean)',
    });
    expect(layers['border-areas']!.fields.width_meters).toBe('Real');
    expect(layers.establishments!.fields).toMatchObject({ active_from: 'Date', active_to: 'Date' });
  });

  it.each([[[]], [['-oo', 'PAGE_SIZE=1000']]])(
    'copies every feature of every collection %j',
    async (options) => {
      const copy = join(folder, `copy-${options.length}.gpkg`);
      await gdal('ogr2ogr', '-f', 'GPKG', ...options, copy, `OAPIF:${root}`);
      const layers = layersOf(await gdal('ogrinfo', '-ro', '-so', '-al', copy));
      expect(Object.fromEntries(Object.entries(layers).map(([name, { count }]) => [name, count]))).toEqual(
        manyPlaces,
      );
      const different = await gdal(
        'ogrinfo',
        '-ro',
        '-sql',
        'select count(distinct code) as codes, min(code) as first, max(code) as last from communes',
        copy,
      );
      expect(different).toMatch(/codes \(Integer\) = 129/);
      expect(different).toMatch(/first \(String\) = 00007/);
      expect(different).toMatch(/last \(String\) = 00903/);
      const licences = await gdal(
        'ogrinfo',
        '-ro',
        '-sql',
        'select count(distinct license_number) as licences from establishments',
        copy,
      );
      expect(licences).toMatch(/licences \(Integer\) = 2500/);
    },
  );

  it('hands a box and an attribute on to the server', async () => {
    asked.length = 0;
    const text = await gdal(
      'ogrinfo',
      '-ro',
      '-so',
      '-spat',
      '105.6',
      '20',
      '106',
      '20.4',
      '-where',
      "category = 'karaoke'",
      `OAPIF:${root}`,
      'establishments',
    );
    const pages = asked.filter((address) => address.includes('bbox='));
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.every((address) => address.includes('category=karaoke'))).toBe(true);
    const counted = await fetch(
      `${root}/collections/establishments/items?bbox=105.6,20,106,20.4&category=karaoke&limit=1`,
    );
    const { numberMatched } = (await counted.json()) as { numberMatched: number };
    expect(layersOf(text).establishments!.count).toBe(numberMatched);
    expect(numberMatched).toBeGreaterThan(50);
  });
});

describe.skipIf(!hasGdal)('GDAL with an access token', () => {
  it('reads what the account may see, by HTTP Basic, and nothing without', async () => {
    const listening = createServer().listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const baseUrl = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
    const app = appWithSignIn(db, { config: { baseUrl } });
    listening.on('request', app);
    try {
      const [{ code: commune = '' } = {}] = await db.read((transaction) =>
        transaction.rows(
          z.object({ code: z.string(), count: z.number() }),
          sql`select commune_code as code, count(*) as count from establishments group by 1 order by 2 desc, 1 limit 1`,
        ),
      );
      const account = await insertAccount(db, newAccountName(), { role: 'commune', commune });
      const cookie = await signedIn(app, account);
      const made = await fetch(`${baseUrl}/api/access/tokens`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'ogr2ogr', endsOn: dayInVietnam(new Date()) }),
      });
      const { secret } = (await made.json()) as { secret: string };
      const copy = join(folder, 'with-token.gpkg');
      const source = `OAPIF:${baseUrl}/ogc`;
      const credentials = ['--config', 'GDAL_HTTP_USERPWD', `${account}:${secret}`];

      await expect(gdal('ogr2ogr', '-f', 'GPKG', copy, source)).rejects.toThrow();
      await gdal('ogr2ogr', '-f', 'GPKG', ...credentials, copy, source);
      const layers = layersOf(await gdal('ogrinfo', '-ro', '-so', '-al', copy));
      expect(layers.communes!.count).toBe(manyPlaces.communes);
      expect(layers.establishments!.count).toBeGreaterThan(0);
      const codes = await gdal(
        'ogrinfo',
        '-ro',
        '-sql',
        'select count(distinct commune_code) as codes, min(commune_code) as code from establishments',
        copy,
      );
      expect(codes).toMatch(/codes \(Integer\) = 1\n/);
      expect(codes).toMatch(new RegExp(`code \\(String\\) = ${commune}`));
      await expect(
        gdal('ogrinfo', '-ro', '-so', '--config', 'GDAL_HTTP_USERPWD', `${account}:${goodPassword}`, source),
      ).rejects.toThrow();
    } finally {
      listening.close();
      listening.closeAllConnections();
    }
  });
});

describe.skipIf(!hasQgis)('QGIS', () => {
  it('reads every feature of every collection', async () => {
    const script = fileURLToPath(new URL('read-with-qgis.py', import.meta.url));
    const { stdout } = await run('/usr/bin/python3', [script, root, ...placeCollections], {
      maxBuffer: 50_000_000,
      // a home of its own: no profile, no cache of an earlier run
      env: { ...process.env, QT_QPA_PLATFORM: 'offscreen', HOME: folder, XDG_RUNTIME_DIR: folder },
    });
    const seen = JSON.parse(stdout.slice(stdout.indexOf('{')));
    expect(Object.keys(seen)).toEqual(placeCollections);
    for (const name of placeCollections) {
      expect(seen[name]).toMatchObject({
        valid: true,
        count: manyPlaces[name],
        withoutGeometry: 0,
        crs: expect.stringMatching(/^(EPSG:4326|OGC:CRS84)$/),
      });
      expect(Object.keys(seen[name].fields)).toEqual(
        expect.arrayContaining(Object.keys(ogcCollections[name].properties.shape)),
      );
    }
    expect(seen.communes).toMatchObject({
      differentKeys: 129,
      smallestKey: '00007',
      geometryTypes: ['MultiPolygon'],
    });
    expect(seen.establishments).toMatchObject({ differentKeys: 2500, geometryTypes: ['Point'] });
    expect(seen.dormitories.geometryTypes).toEqual(['MultiPolygon', 'Point', 'Polygon']);
    expect(seen.establishments.fields).toMatchObject({ active_from: 'Date' });
    expect(seen.schools.fields).toMatchObject({ students: 'Integer' });
  });
});
