import { Ajv } from 'ajv';
import fc from 'fast-check';
import type { FeatureCollection, Point, Position } from 'geojson';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Box, itemsAddress, itemsParameterNames, placeItems, singlePlace } from '../../contract/ogc.ts';
import { ogcCollections } from '../../contract/ogc-collections.ts';
import { type PlaceCollection, placeCollections } from '../../contract/places.ts';
import { problem } from '../../contract/problem.ts';
import { sql } from '../db/sql.ts';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertManyPlaces, manyPlaces } from '../testing/many-places.ts';

const base = 'http://diaban.test';
let db: TestDatabase;
let app: ReturnType<typeof makeApp>;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertManyPlaces(db);
  app = makeApp({ db });
});
afterAll(() => db.close());

const get = (address: string) => request(app).get(address.replace(base, '')).buffer(true).parse(asText);
function asText(response: request.Response, done: (error: Error | null, text: string) => void) {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
  });
  response.on('end', () => done(null, text));
}
async function read(address: string) {
  const response = await get(address);
  expect(response.status, response.body).toBe(200);
  return { response, body: JSON.parse(response.body) };
}
async function items<Name extends PlaceCollection>(collection: Name, query = 'limit=10000') {
  const { body } = await read(`/ogc/collections/${collection}/items?${query}`);
  return placeItems(collection).parse(body);
}
const linkOf = (body: { links: { rel: string; href: string }[] }, rel: string) =>
  body.links.find((link) => link.rel === rel)?.href;

describe('the documents', () => {
  it('link to each other from the landing page, absolutely, whatever the Host header says', async () => {
    const landing = await request(app).get('/ogc').set('Host', 'evil.example');
    expect(landing.headers['content-type']).toBe('application/json');
    const links = Object.fromEntries(landing.body.links.map((link: { rel: string }) => [link.rel, link]));
    expect(links).toMatchObject({
      self: { href: `${base}/ogc`, type: 'application/json' },
      'service-desc': {
        href: `${base}/ogc/api`,
        type: 'application/vnd.oai.openapi+json;version=3.0',
      },
      conformance: { href: `${base}/ogc/conformance` },
      data: { href: `${base}/ogc/collections` },
    });
    for (const { href, type } of landing.body.links) {
      const { response } = await read(href);
      expect(response.headers['content-type'], href).toBe(type);
    }
    expect(JSON.stringify(landing.body)).not.toContain('evil');
  });

  it('answers at /ogc/ as at /ogc', async () => {
    expect((await read('/ogc/')).body).toEqual((await read('/ogc')).body);
  });

  it('names the conformance classes of the standard', async () => {
    const { body } = await read('/ogc/conformance');
    expect(body.conformsTo).toEqual(
      expect.arrayContaining([
        'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core',
        'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30',
        'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson',
      ]),
    );
  });

  it('lists the six collections with count, extent, CRS and links that lead somewhere', async () => {
    const { body } = await read('/ogc/collections');
    expect(body.collections.map(({ id }: { id: string }) => id)).toEqual(placeCollections);
    for (const collection of body.collections) {
      const name = collection.id as PlaceCollection;
      expect(collection).toMatchObject({
        itemType: 'feature',
        crs: ['http://www.opengis.net/def/crs/OGC/1.3/CRS84'],
        itemCount: manyPlaces[name],
        simulated: true,
      });
      const alone = (await read(`/ogc/collections/${name}`)).body;
      expect(alone).toMatchObject(collection);
      for (const { href, type } of collection.links) {
        expect((await read(href)).response.headers['content-type'], href).toBe(type);
      }
    }
    const communes = body.collections[0];
    // 13 squares of 0.08° eastward, 10 northward
    const [west, south, east, north] = communes.extent.spatial.bbox[0];
    expect(west).toBeCloseTo(105.5, 9);
    expect(south).toBeCloseTo(19.9, 9);
    expect(east).toBeCloseTo(106.54, 9);
    expect(north).toBeCloseTo(20.7, 9);
    expect(communes.extent.temporal).toBeUndefined();
    expect(body.collections[5].extent.temporal.interval).toEqual([['2019-01-01T00:00:00+07:00', null]]);
  });

  it('shows an empty province without inventing an extent', async () => {
    const empty = await openTestDatabase();
    try {
      const emptyApp = makeApp({ db: empty });
      const { body } = await request(emptyApp).get('/ogc/collections');
      for (const collection of body.collections)
        expect(collection).toMatchObject({ itemCount: 0, simulated: false, extent: {} });
      const page = await request(emptyApp)
        .get('/ogc/collections/establishments/items')
        .buffer(true)
        .parse(asText);
      expect(JSON.parse(page.body)).toMatchObject({
        numberMatched: 0,
        numberReturned: 0,
        features: [],
        simulated: false,
      });
    } finally {
      await empty.close();
    }
  });

  it('describes filters as queryables, categories with their names', async () => {
    for (const name of placeCollections) {
      const { body, response } = await read(`/ogc/collections/${name}/queryables`);
      expect(response.headers['content-type']).toBe('application/schema+json');
      expect(body.$id).toBe(`${base}/ogc/collections/${name}/queryables`);
      expect(Object.keys(body.properties)).toEqual(Object.keys(ogcCollections[name].filters));
      new Ajv({ strict: false, validateFormats: false }).compile({ ...body, $schema: undefined });
    }
    const { body } = await read('/ogc/collections/establishments/queryables');
    expect(body.properties.category.oneOf).toContainEqual({
      const: 'karaoke',
      title: 'Karaoke',
      description: 'Karaoke',
    });
  });

  it('gives each field the type of the values on record, which GDAL reads', async () => {
    const fieldsOf = async (name: 'establishments' | 'industrial-parks') => {
      const { body } = await read(`/ogc/collections/${name}/schema`);
      const fields = body.properties.properties.properties;
      expect(Object.keys(fields)).toEqual(Object.keys(ogcCollections[name].properties.shape));
      return fields;
    };
    const parks = await fieldsOf('industrial-parks');
    expect(parks.workers).toMatchObject({ type: 'integer', nullable: true, title: 'Số lao động' });
    const fields = await fieldsOf('establishments');
    expect(fields).not.toHaveProperty('workers');
    expect(fields.active_to).toMatchObject({ type: 'string', format: 'date', nullable: true });
  });
});

describe('features', () => {
  it.each(placeCollections)(
    '%s: a page fits the contract, and each feature its own address',
    async (name) => {
      const page = await items(name);
      expect(page.numberReturned).toBe(manyPlaces[name]);
      expect(page.numberMatched).toBe(manyPlaces[name]);
      expect(page.simulated).toBe(true);
      expect(page.timeStamp).toBe('2026-11-01T01:00:00.000Z');
      for (const feature of [page.features[0]!, page.features.at(-1)!]) {
        const { body, response } = await read(`/ogc/collections/${name}/items/${feature.id}`);
        expect(response.headers['content-type']).toBe('application/geo+json');
        const { links, dataVersion, ...alone } = singlePlace(name).parse(body);
        expect(alone).toEqual(feature);
        expect(dataVersion).toBe(page.dataVersion);
        expect(linkOf({ links }, 'self')).toBe(`${base}/ogc/collections/${name}/items/${feature.id}`);
        expect(linkOf({ links }, 'collection')).toBe(`${base}/ogc/collections/${name}`);
      }
    },
  );

  it('keeps a code that begins with 0, quotes, backslashes and Vietnamese names as they are', async () => {
    const { features } = await items('communes', 'code=00007');
    expect(features).toHaveLength(1);
    expect(features[0]).toMatchObject({
      id: '00007',
      properties: {
        code: '00007',
        name: 'Xã "Đồng" \\ số 1',
        type: 'phường',
        terrain: 'coastal',
        population: 1000,
        area_square_km: 70.1,
        province_code: '37',
        province_name: 'Ninh Bình',
        former_province: null,
        former_units: null,
        adjoining_provinces: ['Hà Nội', 'Hưng Yên'],
        coastal: false,
        simulated: false,
      },
    });
  });

  it('runs outer rings counter-clockwise (RFC 7946), which the stored ones do not', async () => {
    const { features } = await items('communes');
    for (const { geometry } of features) {
      const ring = (geometry as { coordinates: Position[][][] }).coordinates[0]![0]!;
      const twiceArea = ring
        .slice(1)
        .reduce((sum, [x, y], index) => sum + ring[index]![0]! * y! - x! * ring[index]![1]!, 0);
      expect(twiceArea).toBeGreaterThan(0);
    }
  });

  it('leaves the geometry out and gives bounds instead when asked to', async () => {
    const { features } = await items('communes', 'skipGeometry=true&limit=2');
    expect(features.map(({ geometry, bbox }) => ({ geometry, bbox }))).toEqual([
      { geometry: null, bbox: [105.5, 19.9, 105.58, 19.98] },
      { geometry: null, bbox: [105.58, 19.9, 105.66, 19.98] },
    ]);
  });
});

it('gives only the properties asked for, and always whether they are simulated', async () => {
  const { body } = await read('/ogc/collections/schools/items?properties=name,students&limit=1');
  expect(body.features[0].properties).toEqual({
    name: 'Trường Trần Hưng Đạo 1',
    students: 20,
    simulated: false,
  });
});

describe('paging', () => {
  it('visits every feature once in order of key, from any page size, while rows come and go', async () => {
    const add = (name: PlaceCollection, n: number) =>
      db.write((transaction) =>
        transaction.execute(
          name === 'establishments'
            ? sql`insert into establishments (license_number, category, lead_agency, commune_code, active_from, geom)
                  select ${`thêm/${n}`}, 'hotel', 'so-du-lich', code, '2020-01-01', label_point from communes limit 1`
            : name === 'schools'
              ? sql`insert into schools (reference, name, kind, commune_code, geom)
                    select ${`thêm/${n}`}, 'Trường', 'vocational', code, label_point from communes limit 1`
              : sql`insert into communes (code, province_code, name, search_key, type, area_square_km, geom)
                    select code, '37', code, code, 'xã', 1, geom
                      from (select geom from communes limit 1) one, unnest(array[${`0000${n}`}, ${`9999${n}`}]) code`,
        ),
      );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<[PlaceCollection, number]>(['communes', 3], ['schools', 7], ['establishments', 400]),
        fc.integer({ min: 1, max: 50 }),
        async ([name, scale], step) => {
          const before = (await items(name)).features.map(({ id }) => id);
          const seen: (string | number)[] = [];
          let added = 0;
          let address: string | undefined = `${base}/ogc/collections/${name}/items?limit=${step * scale}`;
          while (address) {
            const { body } = await read(address);
            expect(body.numberReturned).toBe(body.features.length);
            expect(body.numberReturned).toBeGreaterThan(0);
            seen.push(...body.features.map(({ id }: { id: string | number }) => id));
            address = linkOf(body, 'next');
            // rows before the place reached, which an offset would skip or repeat for, and rows after it
            added += 1;
            if (added <= 3) await add(name, added);
          }
          const ascending = [...seen].sort((a, b) => (a < b ? -1 : 1));
          expect(seen).toEqual(ascending);
          expect(new Set(seen).size).toBe(seen.length);
          expect(before.filter((id) => !seen.includes(id))).toEqual([]);
          await db.write(async (transaction) => {
            await transaction.execute(sql`delete from establishments where license_number like 'thêm/%'`);
            await transaction.execute(sql`delete from schools where reference like 'thêm/%'`);
            await transaction.execute(sql`delete from communes where name = code`);
          });
        },
      ),
      { seed: 20261123, numRuns: 10 },
    );
  });

  it('ends exactly at the last feature, keeping the other parameters on the way', async () => {
    const first = (await read('/ogc/collections/communes/items?limit=43&skipGeometry=true&type=x%C3%A3'))
      .body;
    const next = new URL(linkOf(first, 'next')!);
    expect(next.origin + next.pathname).toBe(`${base}/ogc/collections/communes/items`);
    expect(next.searchParams.get('skipGeometry')).toBe('true');
    expect(next.searchParams.get('type')).toBe('xã');
    const second = (await read(next.href)).body;
    expect([first.numberMatched, first.numberReturned, second.numberReturned]).toEqual([64, 43, 21]);
    expect(linkOf(second, 'next')).toBeUndefined();

    const exact = (await read('/ogc/collections/communes/items?limit=129')).body;
    expect(exact.numberReturned).toBe(129);
    expect(linkOf(exact, 'next')).toBeUndefined();
  });

  it('serves a limit above the greatest as the greatest', async () => {
    expect((await items('establishments', 'limit=99999999')).numberReturned).toBe(2500);
  });

  it('goes on from the key of a feature that was deleted meanwhile', async () => {
    const first = (await read('/ogc/collections/schools/items?limit=3')).body;
    const last = first.features[2].id;
    await db.write((transaction) => transaction.execute(sql`delete from schools where id = ${last}`));
    const second = (await read(linkOf(first, 'next')!)).body;
    expect(second.features[0].id).toBe(last + 1);
    expect(second.numberMatched).toBe(149);
    await db.write((transaction) =>
      transaction.execute(sql`
        insert into schools (id, reference, name, kind, commune_code, students, simulated, geom) overriding system value
        select ${last}, 'TH-3', 'Trường Trần Hưng Đạo 3', kind, commune_code, 60, false, geom from schools limit 1`),
    );
  });
});

describe('bbox', () => {
  const corner = fc.tuple(
    fc.double({ min: 105.4, max: 106.7, noNaN: true }),
    fc.double({ min: 19.8, max: 20.8, noNaN: true }),
  );
  const box = fc
    .tuple(corner, corner)
    .map(
      ([[x1, y1], [x2, y2]]): Box => [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)],
    );

  it('finds the same points as looking at each', async () => {
    const all = (await items('establishments')).features;
    await fc.assert(
      fc.asyncProperty(box, fc.boolean(), async ([west, south, east, north], wrapped) => {
        // wrapped: all longitudes but those between, across the antimeridian
        const asked: Box = wrapped ? [east, south, west, north] : [west, south, east, north];
        const expected = all.filter(({ geometry }) => {
          const [x, y] = (geometry as Point).coordinates as [number, number];
          return y >= south && y <= north && (wrapped ? x >= east || x <= west : x >= west && x <= east);
        });
        const { body } = await read(itemsAddress('establishments', { bbox: asked, limit: 10_000 }));
        expect(body.features.map(({ id }: { id: number }) => id)).toEqual(expected.map(({ id }) => id));
        expect(body.numberMatched).toBe(expected.length);
      }),
      { seed: 20261123, numRuns: 40 },
    );
  });

  it('finds the same squares as looking at each', async () => {
    await fc.assert(
      fc.asyncProperty(box, async ([west, south, east, north]) => {
        const expected = [];
        for (let n = 1; n <= 129; n += 1) {
          const x = 105.5 + ((n - 1) % 13) * 0.08;
          const y = 19.9 + Math.floor((n - 1) / 13) * 0.08;
          if (x <= east && x + 0.08 >= west && y <= north && y + 0.08 >= south)
            expected.push(String(n * 7).padStart(5, '0'));
        }
        const { features } = await items('communes', `bbox=${[west, south, east, north].join()}`);
        expect(features.map(({ id }) => id)).toEqual(expected);
      }),
      { seed: 20261123, numRuns: 40 },
    );
  });

  it('tests the outline and not only its bounds', async () => {
    await db.write((transaction) =>
      transaction.execute(sql`
        insert into industrial_parks (reference, name, commune_code, geom)
        select 'tam giác', 'Tam giác', code,
               ST_Multi(ST_GeomFromText('polygon((110 10, 111 10, 110 11, 110 10))', 4326)) from communes limit 1`),
    );
    expect((await items('industrial-parks', 'bbox=110.8,10.8,110.9,10.9')).numberMatched).toBe(0);
    expect((await items('industrial-parks', 'bbox=110.1,10.1,110.2,10.2')).numberMatched).toBe(1);
    await db.write((transaction) =>
      transaction.execute(sql`delete from industrial_parks where reference = 'tam giác'`),
    );
  });

  it('takes six numbers and leaves heights aside', async () => {
    const flat = await items('schools', 'bbox=105.6,20,106,20.4');
    const high = await items(
      'schools',
      `bbox=105.6,20,-5,106,20.4,900&bbox-crs=${encodeURIComponent('http://www.opengis.net/def/crs/OGC/1.3/CRS84')}`,
    );
    expect(high.features).toEqual(flat.features);
    expect(flat.numberMatched).toBeGreaterThan(5);
    expect(flat.numberMatched).toBeLessThan(149);
  });
});

describe('datetime', () => {
  it.each([
    ['2020-03-01', '2020-03-01', '2020-03-01'],
    // 20:00 in Greenwich is the next day in Vietnam
    ['2020-02-29T20:00:00Z', '2020-03-01', '2020-03-01'],
    ['2020-03-01T00:00:00+07:00', '2020-03-01', '2020-03-01'],
    ['2019-06-01/2019-12-31', '2019-06-01', '2019-12-31'],
    ['../2019-02-01', null, '2019-02-01'],
    ['2022-12-01/..', '2022-12-01', null],
    ['/2019-02-01', null, '2019-02-01'],
    ['2022-12-01/', '2022-12-01', null],
    ['../..', null, null],
  ])('%s gives the establishments in business then', async (datetime, from, to) => {
    const all = (await items('establishments')).features;
    const expected = all.filter(
      ({ properties: { active_from: opened, active_to: closed } }) =>
        (to === null || opened <= to) && (from === null || closed === null || closed >= from),
    );
    const page = await items('establishments', `limit=10000&datetime=${encodeURIComponent(datetime)}`);
    expect(page.features.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    if (from !== null || to !== null) expect(expected.length).toBeLessThan(2500);
    expect(expected.length).toBeGreaterThan(20);
  });

  it('reads an unescaped plus sign as one', async () => {
    const escaped = await items('establishments', 'datetime=2020-03-01T05%3A00%3A00%2B07%3A00/..&limit=5');
    const plain = await items('establishments', 'datetime=2020-03-01T05:00:00+07:00/..&limit=5');
    expect(plain.features).toEqual(escaped.features);
  });

  it('leaves collections without a time whole', async () => {
    expect((await items('communes', 'datetime=1990-01-01')).numberMatched).toBe(129);
  });
});

describe('filters', () => {
  it.each<[PlaceCollection, string, (properties: Record<string, unknown>) => boolean]>([
    ['communes', 'type=xã', ({ type }) => type === 'xã'],
    ['communes', 'terrain=urban&coastal=false', (p) => p.terrain === 'urban' && p.coastal === false],
    [
      'communes',
      'adjoining_provinces=Hưng Yên',
      (p) => (p.adjoining_provinces as string[]).includes('Hưng Yên'),
    ],
    ['border-areas', 'kind=coastal', ({ kind }) => kind === 'coastal'],
    ['border-areas', 'neighbour_province=Hà Nội', (p) => p.neighbour_province === 'Hà Nội'],
    ['industrial-parks', 'simulated=true', ({ simulated }) => simulated === true],
    ['dormitories', 'kind=workers-housing', ({ kind }) => kind === 'workers-housing'],
    ['schools', 'commune_code=00021', (p) => p.commune_code === '00021'],
    ['establishments', 'category=karaoke&lead_agency=so-van-hoa-the-thao', (p) => p.category === 'karaoke'],
    ['establishments', 'active_from=2019-03-05', (p) => p.active_from === '2019-03-05'],
    ['establishments', 'license_number=GP/77', (p) => p.license_number === 'GP/77'],
  ])('%s?%s finds the same as looking at each', async (name, query, wanted) => {
    const expected = (await items(name)).features.filter(({ properties }) => wanted(properties));
    const page = await items(name, `limit=10000&${encodeURI(query)}`);
    expect(page.features).toEqual(expected);
    expect(page.numberMatched).toBe(expected.length);
    expect(expected.length).toBeGreaterThan(0);
  });

  it('joins with bbox and datetime', async () => {
    const query = 'bbox=105.6,20,106,20.4&datetime=2020-03-01&category=hotel';
    const { features } = await items('establishments', `limit=10000&${query}`);
    const each = await Promise.all(
      query.split('&').map((part) => items('establishments', `limit=10000&${part}`)),
    );
    const inAll = each[0]!.features.filter(({ id }) =>
      each.every((page) => page.features.some((f) => f.id === id)),
    );
    expect(features).toEqual(inAll);
    expect(features.length).toBeGreaterThan(5);
  });

  it('finds a name however its letters are composed', async () => {
    const name = 'Khu công nghiệp 7';
    const page = await items('industrial-parks', `name=${encodeURIComponent(name.normalize('NFD'))}`);
    expect(page.features.map(({ properties }) => properties.name)).toEqual([name]);
  });

  it('has a filter for each property that it lists, and binds values', async () => {
    for (const name of placeCollections)
      for (const filter of Object.keys(ogcCollections[name].filters))
        expect(Object.keys(ogcCollections[name].properties.shape)).toContain(filter);
    expect((await items('schools', "name=' or true --")).numberMatched).toBe(0);
  });
});

describe('denials', () => {
  const wrong: [address: string, status: number, where: string, said: RegExp][] = [
    ['/ogc/collections/streets', 404, 'path collectionId', /communes, border-areas/],
    ['/ogc/collections/streets/items', 404, 'path collectionId', /establishments/],
    ['/ogc/collections/toString/items', 404, 'path collectionId', /establishments/],
    ['/ogc/collections/communes/items/99999', 404, 'path featureId', /5-digit code/],
    ['/ogc/collections/communes/items/7', 404, 'path featureId', /5-digit code/],
    ['/ogc/collections/schools/items/abc', 404, 'path featureId', /whole number/],
    ['/ogc/collections/schools/items/99999999999999999999', 404, 'path featureId', /whole number/],
    ['/ogc/collections/schools/items/-1', 404, 'path featureId', /whole number/],
    ['items?bbox=abc', 400, 'query bbox', /"abc" is not 4 or 6 numbers.*west,south,east,north/],
    ['items?bbox=1,2,3', 400, 'query bbox', /4 or 6 numbers/],
    ['items?bbox=1,2,3,', 400, 'query bbox', /4 or 6 numbers/],
    ['items?bbox=', 400, 'query bbox', /4 or 6 numbers/],
    ['items?bbox=1,2,NaN,4', 400, 'query bbox', /4 or 6 numbers/],
    ['items?bbox=20,105,21,106', 400, 'query bbox', /latitudes 105 and 106.*longitude first/],
    ['items?bbox=190,10,200,20', 400, 'query bbox', /longitudes 190 and 200/],
    ['items?bbox=105,21,106,20', 400, 'query bbox', /southern edge 21/],
    ['items?bbox=105,20,5,106,21,1', 400, 'query bbox', /height 5/],
    ['items?bbox=105,20,106,21&bbox-crs=EPSG:3857', 400, 'query bbox-crs', /CRS84/],
    ['items?limit=0', 400, 'query limit', /less than 1.*1 to 10000/],
    ['items?limit=-5', 400, 'query limit', /whole number/],
    ['items?limit=ten', 400, 'query limit', /whole number/],
    ['items?limit=1.5', 400, 'query limit', /whole number/],
    ['items?datetime=nonsense', 400, 'query datetime', /"nonsense" is not a date.*2026-03-01/],
    ['items?datetime=2026-02-31', 400, 'query datetime', /exists/],
    ['items?datetime=2026-03-01/2026-02-01', 400, 'query datetime', /begins on 2026-03-01/],
    ['items?datetime=2026-01-01/2026-02-01/2026-03-01', 400, 'query datetime', /more than one/],
    ['items?datetime=', 400, 'query datetime', /not a date/],
    ['items?f=html', 400, 'query f', /json/],
    ['items?colour=red', 400, 'query colour', /Allowed: f, limit, bbox.*lead_agency.*active_to/],
    ['items?workers=5', 400, 'query workers', /Allowed: /],
    ['items?lead_agency=nobody', 400, 'query lead_agency', /cong-an/],
    ['items?simulated=perhaps', 400, 'query simulated', /true/],
    ['items?commune_code=123', 400, 'query commune_code', /5 digits/],
    ['items?active_from=31/02/2026', 400, 'query active_from', /YYYY-MM-DD/],
    ['items?limit=5&limit=6', 400, 'query limit', /more than once/],
    ['items?properties=name', 400, 'query properties', /no property "name" among license_number/],
    ['items?properties=toString', 400, 'query properties', /no property "toString"/],
    ['items?cursor=xyz', 400, 'query cursor', /"next" links/],
    [`items?cursor=${Buffer.from('after 00007; drop').toString('base64url')}`, 400, 'query cursor', /next/],
    ['/ogc?limit=5', 400, 'query limit', /Allowed: f/],
    ['/ogc/api?f=yaml', 400, 'query f', /json/],
    ['/ogc/collections?bbox=1,2,3,4', 400, 'query bbox', /Allowed: f/],
    ['/ogc/collections/communes/items/00007?limit=1', 400, 'query limit', /Allowed: f/],
  ];
  it.each(wrong)('%s → %i at %s', async (address, status, where, said) => {
    const response = await get(
      address.startsWith('/') ? address : `/ogc/collections/establishments/${address}`,
    );
    expect(response.status).toBe(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers.etag).toBeUndefined();
    const body = problem.parse(JSON.parse(response.body));
    expect(body.where).toBe(where);
    expect(`${body.detail} ${body.remedy}`).toMatch(said);
    expect(body.remedy).toBeTruthy();
  });

  it('writes nothing by any method', async () => {
    for (const method of ['post', 'put', 'patch', 'delete'] as const) {
      const response = await request(app)[method]('/ogc/collections/schools/items/1');
      expect(response.status).toBe(404);
    }
  });
});

describe('caches', () => {
  const addresses = [
    '/ogc',
    '/ogc/api',
    '/ogc/conformance',
    '/ogc/collections',
    '/ogc/collections/communes',
    '/ogc/collections/communes/queryables',
    '/ogc/collections/communes/schema',
    '/ogc/collections/communes/items?limit=2',
    '/ogc/collections/communes/items/00007',
  ];
  it.each(addresses)('%s: 304 to who holds it, and the same headers for HEAD', async (address) => {
    const first = await get(address);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const tag = first.headers.etag!;
    const again = await get(address).set('If-None-Match', tag);
    expect(again.status).toBe(304);
    expect(again.body).toBe('');
    expect((await get(address).set('If-None-Match', '"other"')).status).toBe(200);
    const head = await request(app).head(address);
    expect(head.status).toBe(200);
    expect(head.text).toBeUndefined();
    expect(head.headers.etag).toBe(tag);
    expect(head.headers['content-type']).toBe(first.headers['content-type']);
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(first.body)));
  });

  it('a write makes pages new, and tells one query from another', async () => {
    const address = '/ogc/collections/dormitories/items?limit=2';
    const first = await get(address);
    const tag = first.headers.etag!;
    expect((await get('/ogc/collections/dormitories/items?limit=3')).headers.etag).not.toBe(tag);
    await db.write((transaction) =>
      transaction.execute(sql`update dormitories set residents = 4321 where reference = 'KTX-1'`),
    );
    const second = await get(address).set('If-None-Match', tag);
    expect(second.status).toBe(200);
    expect(JSON.parse(second.body).features[0].properties.residents).toBe(4321);
    expect(JSON.parse(second.body).dataVersion).toBe(JSON.parse(first.body).dataVersion + 1);
  });

  it('a page is made once for a version of the data, and anew for the next', async () => {
    let minute = 0;
    const counting = makeApp({ db, clock: () => new Date(Date.UTC(2026, 10, 1, 0, minute++)) });
    const timeOf = async (query: string) => {
      const address = `/ogc/collections/industrial-parks/items?${query}`;
      const { body } = await request(counting).get(address).buffer(true).parse(asText);
      return JSON.parse(body).timeStamp;
    };
    const first = await timeOf('limit=5');
    expect(await timeOf('limit=5')).toBe(first);
    expect(await timeOf('limit=6')).not.toBe(first);
    await db.write((transaction) =>
      transaction.execute(sql`update industrial_parks set workers = 1 where reference = 'KCN-1'`),
    );
    expect(await timeOf('limit=5')).not.toBe(first);
  });

  it.each(['communes', 'border-areas'] as const)(
    'pages of %s out of memory are those that the database makes, also after a write',
    async (name) => {
      // all properties named: the page is then made by the database, from the first byte to the last
      const all = Object.keys(ogcCollections[name].properties.shape).join();
      const pageOf = async (query: string) => {
        const {
          timeStamp: _,
          links: __,
          ...page
        } = (await read(`/ogc/collections/${name}/items?${query}`)).body;
        return page;
      };
      for (const box of ['105.5,19.9,106.6,20.7', '105.55,19.95,106.1,20.3', '107,21,108,22'])
        for (const cursor of [
          '',
          `&cursor=${Buffer.from(`after ${name === 'communes' ? '00070' : '10'}`).toString('base64url')}`,
        ]) {
          const query = `bbox=${box}&limit=20${cursor}`;
          const made = await pageOf(`${query}&properties=${all}`);
          expect(await pageOf(query)).toEqual(made);
          expect(await pageOf(query)).toEqual(made);
        }
      const query = 'bbox=105.5,19.9,106.6,20.7&limit=5';
      const before = await pageOf(query);
      await db.write((transaction) =>
        transaction.execute(
          name === 'communes'
            ? sql`update communes set population = 7654321 where code = ${before.features[2].id}`
            : sql`update border_areas set width_meters = 4321 where id = ${before.features[2].id}`,
        ),
      );
      const after = await pageOf(query);
      expect(after.features[2]).not.toEqual(before.features[2]);
      expect(after).toEqual(await pageOf(`${query}&properties=${all}`));
    },
  );

  it('counts and extents follow the data at once', async () => {
    const before = (await read('/ogc/collections/schools')).body.itemCount;
    await items('schools', 'limit=1');
    await db.write((transaction) =>
      transaction.execute(sql`
        insert into schools (reference, name, kind, commune_code, geom)
        select 'mới', 'Trường mới', 'vocational', code, ST_SetSRID(ST_MakePoint(109, 12), 4326) from communes limit 1`),
    );
    const after = (await read('/ogc/collections/schools')).body;
    expect(after.itemCount).toBe(before + 1);
    expect(after.extent.spatial.bbox[0][2]).toBe(109);
    expect((await items('schools', 'limit=1')).numberMatched).toBe(before + 1);
    await db.write((transaction) => transaction.execute(sql`delete from schools where reference = 'mới'`));
  });
});

describe('the OpenAPI document', () => {
  type Parameter = { $ref?: string; name: string; in: string; schema: object; description: string };
  type Operation = { operationId: string; parameters: Parameter[]; responses: Record<string, unknown> };

  it('resolves all its references and repeats no operation', async () => {
    const { body } = await read('/ogc/api');
    expect(body.openapi).toMatch(/^3\.0\./);
    expect(body.servers).toEqual([{ url: `${base}/ogc` }]);
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]!);
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) {
      const target = reference.split('/').reduce((at, name) => at?.[name], body);
      expect(target, reference).toBeTypeOf('object');
    }
    const operations = Object.values(body.paths).map((path) => (path as { get: Operation }).get);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    expect(operations).toHaveLength(4 + 6 * 5);
  });

  it('lists every parameter of every page, as it is parsed', async () => {
    const { body } = await read('/ogc/api');
    const named = (parameters: Parameter[]) =>
      parameters.map((parameter) =>
        parameter.$ref ? body.components.parameters[parameter.$ref.split('/').at(-1)!] : parameter,
      ) as Parameter[];
    for (const name of placeCollections) {
      const listed = named(body.paths[`/collections/${name}/items`].get.parameters);
      expect(listed.map((parameter) => parameter.name)).toEqual(itemsParameterNames(name));
      for (const parameter of listed) {
        expect(parameter.in).toBe('query');
        expect(parameter.schema, parameter.name).toHaveProperty('type');
        expect(parameter.description.length).toBeGreaterThan(10);
      }
    }
    expect(body.components.parameters.limit.schema).toMatchObject({ minimum: 1, maximum: 10_000 });
  });

  it('describes what is answered: real pages and features fit its schemas', async () => {
    // OpenAPI 3.0 says an exclusive bound as draft 4 does, with true; Ajv knows it as a number alone
    const api = JSON.parse((await get('/ogc/api')).body, (name, value) =>
      name === 'exclusiveMinimum' && value === true ? undefined : value,
    );
    const ajv = new Ajv({ strict: false, validateFormats: false });
    for (const name of placeCollections) {
      const schemaOf = (path: string) =>
        api.paths[path].get.responses[200].content['application/geo+json'].schema as object;
      const page = (await read(`/ogc/collections/${name}/items?limit=20`)).body as FeatureCollection;
      const pageFits = ajv.compile(schemaOf(`/collections/${name}/items`));
      expect(pageFits(page), ajv.errorsText(pageFits.errors)).toBe(true);
      const feature = (await read(`/ogc/collections/${name}/items/${page.features[0]!.id}`)).body;
      const featureFits = ajv.compile(schemaOf(`/collections/${name}/items/{featureId}`));
      expect(featureFits(feature), ajv.errorsText(featureFits.errors)).toBe(true);
      delete feature.properties.simulated;
      expect(featureFits(feature)).toBe(false);
    }
  });
});
