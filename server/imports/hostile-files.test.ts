import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import initSqlJs from 'sql.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dbfOf, geopackageOf, shpOf, zipOf } from '../testing/import-fixtures.ts';
import { ImportRefused } from './import-refused.ts';
import { openSource } from './open-source.ts';
import type { SourceOptions, SourceRow } from './source.ts';

// Files made to harm, each given to the reader as an import would. Each ends in a refusal that says what is wrong, or in
// plain rows; none writes to disk, reaches another file, or takes the memory or the process.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'diaban-hostile-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileOf(name: string, content: string | Buffer): string {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, content);
  return path;
}
const known = (columns: readonly string[]) =>
  columns.filter((column) => /^(ma|ten|lon|lat)$/.test(column)).length;

async function rowsOf(path: string, options: SourceOptions = {}): Promise<SourceRow[]> {
  const source = await openSource(path, known, options);
  const rows: SourceRow[] = [];
  try {
    for await (const row of source.rows) rows.push(row);
  } finally {
    source.close();
  }
  return rows;
}
async function refusal(path: string, options: SourceOptions = {}): Promise<string> {
  const error = await rowsOf(path, options).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ImportRefused);
  return (error as ImportRefused).message;
}
const part = (name: string, xml: string) => ({ name, bytes: Buffer.from(`<?xml version="1.0"?>${xml}`) });
const workbook = (sheet: string, more: readonly { name: string; bytes: Buffer }[] = []) =>
  zipOf([
    part(
      'xl/workbook.xml',
      '<workbook xmlns:r="r"><sheets><sheet name="A" r:id="rId1"/></sheets></workbook>',
    ),
    part('xl/worksheets/sheet1.xml', sheet),
    ...more,
  ]);
const cells = (...rows: string[][]) =>
  `<worksheet><sheetData>${rows.map((row, at) => `<row r="${at + 1}">${row.join('')}</row>`).join('')}</sheetData></worksheet>`;
const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;

describe('a ZIP archive', () => {
  it('within an archive is not opened: only the outer one is read', async () => {
    const inner = zipOf([{ name: 'a.shp', bytes: Buffer.alloc(5_000_000) }]);
    expect(await refusal(fileOf('nested.zip', zipOf([{ name: 'inner.zip', bytes: inner }])))).toMatch(
      /ZIP without a Shapefile or a workbook \(it holds inner\.zip\)/,
    );
  });

  it('whose entries share the same bytes (42.zip’s heir: overlapping files) stops at its bounds', async () => {
    // One deflated megabyte, named by 1,500 entries of the directory: 1.5 GB out of some kilobytes.
    const bytes = Buffer.alloc(1024 ** 2);
    const packed = deflateRawSync(bytes);
    const local = Buffer.alloc(30 + 5);
    local.write('PK\u0003\u0004', 'latin1');
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc32(bytes), 14);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(bytes.length, 22);
    local.writeUInt16LE(5, 26);
    local.write('x.shp', 30);
    const entries = Array.from({ length: 1_500 }, (_, at) => {
      const name = Buffer.from(`${at}.shp`);
      const entry = Buffer.alloc(46);
      entry.write('PK\u0001\u0002', 'latin1');
      entry.writeUInt16LE(20, 6);
      entry.writeUInt16LE(8, 10);
      entry.writeUInt32LE(crc32(bytes), 16);
      entry.writeUInt32LE(packed.length, 20);
      entry.writeUInt32LE(bytes.length, 24);
      entry.writeUInt16LE(name.length, 28);
      return Buffer.concat([entry, name]);
    });
    const directory = Buffer.concat(entries);
    const end = Buffer.alloc(22);
    end.write('PK\u0005\u0006', 'latin1');
    end.writeUInt16LE(1_500, 8);
    end.writeUInt16LE(1_500, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(local.length + packed.length, 16);
    const path = fileOf('overlap.zip', Buffer.concat([local, packed, directory, end]));
    expect(await refusal(path, { maximumUnpackedBytes: 100 * 1024 ** 2 })).toMatch(/zip bomb/);
  });

  it('that lies about a size is read no further than it says', async () => {
    const bytes = Buffer.alloc(30 * 1024 ** 2);
    for (const statedSize of [10, 9 * 1024 ** 2])
      expect(
        await refusal(
          fileOf(
            'liar.zip',
            zipOf([
              { name: 'a.shp', bytes, statedSize },
              { name: 'a.dbf', bytes: Buffer.from('x') },
            ]),
          ),
        ),
      ).toMatch(/damaged|zip bomb/);
  });

  it('with a symbolic link, a device, a path out of it or a NUL in a name writes nothing anywhere', async () => {
    const link = zipOf([{ name: 'a.shp', bytes: Buffer.from('/etc/passwd') }]);
    // external attributes of the directory's entry: a link
    const at = link.lastIndexOf('PK\u0001\u0002', undefined, 'latin1');
    link.writeUInt32LE(0o120777 * 65_536, at + 38);
    expect(await refusal(fileOf('link.zip', link))).toMatch(/symbolic link/);
    for (const name of [
      '../evil.shp',
      '../../../../tmp/evil.shp',
      '/tmp/evil.shp',
      'a/../../evil.shp',
      'C:/evil.shp',
      '..\\evil.shp',
    ])
      expect(await refusal(fileOf('path.zip', zipOf([{ name, bytes: Buffer.from('x') }]))), name).toMatch(
        /leads out of it/,
      );
    expect(existsSync(join(folder, '..', 'evil.shp')) || existsSync('/tmp/evil.shp')).toBe(false);
    await refusal(fileOf('nul.zip', zipOf([{ name: 'a\u0000.shp', bytes: Buffer.from('x') }])));
  });

  it('that is a picture and an archive at once, or has a second directory, is what its end says', async () => {
    const inner = workbook(cells([text('ma')], [text('1')]));
    expect(
      await refusal(
        fileOf('polyglot.xlsx', Buffer.concat([Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), inner])),
      ),
    ).toMatch(/./);
    expect(await refusal(fileOf('polyglot.csv', Buffer.concat([Buffer.from('%PDF-1.7\n'), inner])))).toMatch(
      /PDF/,
    );
    // a GIF that is a CSV: one strange column and no more
    expect(
      await refusal(fileOf('polyglot.csv', Buffer.from('GIF89a\u0001\u0000,ma\n1,2\n', 'latin1'))),
    ).toMatch(/binary data/);
  });
});

describe('a workbook', () => {
  it.each([
    ['an external entity', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'],
    ['an entity of another host', '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:1/">]>'],
    ['a parameter entity', '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>'],
    ['a document type of another host', '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">'],
    [
      'a billion laughs',
      `<!DOCTYPE x [<!ENTITY a0 "ha">${Array.from({ length: 30 }, (_, at) => `<!ENTITY a${at + 1} "&a${at};&a${at};">`).join('')}]>`,
    ],
  ])('with %s is refused before it is read', async (_, doctype) => {
    const sheet = `${doctype}${cells([text('ma')], [text('&e;&a30;')])}`;
    expect(await refusal(fileOf('entity.xlsx', workbook(sheet)))).toMatch(/declares a document type/);
    const strings = workbook(cells(['<c t="s"><v>0</v></c>'], ['<c t="s"><v>1</v></c>']), [
      part('xl/sharedStrings.xml', `${doctype}<sst><si><t>ma</t></si><si><t>&e;</t></si></sst>`),
    ]);
    expect(await refusal(fileOf('entity.xlsx', strings))).toMatch(/declares a document type/);
  });

  it('with an entity that nothing declares is damaged', async () => {
    expect(await refusal(fileOf('entity.xlsx', workbook(cells([text('ma')], [text('&xxe;')]))))).toMatch(
      /is damaged/,
    );
  });

  it('with formulas and links gives what the file stores, and computes, fetches and starts nothing', async () => {
    const sheet = cells(
      [text('ma'), text('ten')],
      [
        '<c t="str"><f>CMD|\'/C calc\'!A0</f><v>stored</v></c>',
        '<c t="str"><f>WEBSERVICE("http://127.0.0.1:1/")</f><v>also stored</v></c>',
      ],
      [text('=1+1'), '<c><f>1+1</f></c>'],
    );
    const rows = await rowsOf(
      fileOf(
        'formula.xlsx',
        workbook(sheet, [
          part(
            'xl/_rels/workbook.xml.rels',
            '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId9" Target="http://127.0.0.1:1/" TargetMode="External"/></Relationships>',
          ),
        ]),
      ),
    );
    expect(rows.map(({ values }) => Object.values(values))).toEqual([
      ['stored', 'also stored'],
      ['=1+1', null],
    ]);
  });

  it('whose sheet lies elsewhere, whose cells are far out or whose numbers are huge, is bounded', async () => {
    const traversal = zipOf([
      part(
        'xl/workbook.xml',
        '<workbook xmlns:r="r"><sheets><sheet name="A" r:id="rId1"/></sheets></workbook>',
      ),
      part(
        'xl/_rels/workbook.xml.rels',
        '<Relationships><Relationship Id="rId1" Target="../../../etc/passwd"/></Relationships>',
      ),
    ]);
    expect(await refusal(fileOf('far.xlsx', traversal))).toMatch(/has no sheet/);
    const far = cells(
      ['<c r="A1" t="inlineStr"><is><t>ma</t></is></c>'],
      [
        `<c r="${'Z'.repeat(300)}2"><v>1</v></c>`,
        '<c r="A2"><v>1e999</v></c>',
        '<c r="B2" t="s"><v>99999999999</v></c>',
      ],
    );
    const [row] = await rowsOf(fileOf('far.xlsx', workbook(far)));
    expect(Object.keys(row?.values ?? {})).toEqual(row ? ['ma'] : []);
  });

  it('with a hundred thousand nested elements does not run out of stack', async () => {
    const deep = `<worksheet><sheetData>${'<row>'.repeat(100_000)}</sheetData></worksheet>`;
    await refusal(fileOf('deep.xlsx', workbook(deep)));
  });
});

describe('GeoJSON', () => {
  const feature = (geometry: string, properties = '{"ma":"1"}') =>
    `{"type":"FeatureCollection","features":[{"type":"Feature","properties":${properties},"geometry":${geometry}}]}`;
  const settled = (path: string) =>
    rowsOf(path).then(
      (rows) => rows.length,
      (error) => {
        expect(error).toBeInstanceOf(ImportRefused);
        return 'refused';
      },
    );

  it('nested a million deep ends in a refusal and not in a stack', async () => {
    for (const nested of [
      '['.repeat(1_000_000),
      '{"a":'.repeat(300_000),
      feature(`{"type":"Polygon","coordinates":${'['.repeat(500_000)}${']'.repeat(500_000)}}`),
      feature('null', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`),
      feature(`${'{"type":"GeometryCollection","geometries":['.repeat(50_000)}${']}'.repeat(50_000)}`),
    ])
      expect([1, 'refused']).toContain(await settled(fileOf('deep.geojson', nested)));
  });

  it('with __proto__ among its members changes no object but its own', async () => {
    await rowsOf(
      fileOf(
        'proto.geojson',
        feature('null', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
      ),
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('with numbers beyond all bounds, NUL bytes and lone surrogates is read as what it is', async () => {
    const rows = await rowsOf(
      fileOf(
        'odd.geojson',
        feature(
          '{"type":"Point","coordinates":[1e999,-1e999]}',
          `{"ma":"a\\u0000b\\ud800","so":${'9'.repeat(400)}}`,
        ),
      ),
    );
    expect(rows[0]!.values).toMatchObject({ so: Number.POSITIVE_INFINITY });
    expect(rows[0]!.geometry).toEqual({
      type: 'Point',
      coordinates: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    });
  });
});

describe('a GeoPackage', () => {
  const changed = async (...statements: string[]): Promise<string> => {
    const { Database } = await initSqlJs();
    const database = new Database(
      await geopackageOf([
        { name: 'a', srsId: 4326, columns: 'ma text', rows: [{ at: [106, 20], values: ['01'] }] },
      ]),
    );
    for (const statement of statements) database.run(statement);
    const bytes = Buffer.from(database.export());
    database.close();
    return fileOf('hostile.gpkg', bytes);
  };

  it('whose layer is a view without end, or of millions of rows out of none, is refused', async () => {
    const endless = await changed(
      'drop table a',
      'create view a as with recursive n(fid) as (select 1 union all select fid + 1 from n) select fid, null as geom, fid as ma from n',
    );
    expect(await refusal(endless)).toMatch(/is a view/);
  });

  it('with triggers is only read: none of them runs', async () => {
    const path = await changed(
      `create trigger t after insert on a begin delete from a; end`,
      `create table log (x)`,
      `create trigger u before delete on a begin insert into log values (1); end`,
    );
    expect((await rowsOf(path)).map(({ values }) => values.ma)).toEqual(['01']);
  });

  it('cannot name another file: its engine sees none, and its names are quoted', async () => {
    const marker = fileOf('marker.sqlite', 'x');
    const named = `a"; attach database '${marker}' as b; drop table a; --`;
    const path = await changed(
      `alter table a rename to "${named.replaceAll('"', '""')}"`,
      `update gpkg_contents set table_name = '${named.replaceAll("'", "''")}'`,
      `update gpkg_geometry_columns set table_name = '${named.replaceAll("'", "''")}'`,
    );
    expect((await rowsOf(path)).map(({ values }) => values.ma)).toEqual(['01']);
    expect(existsSync(marker)).toBe(true);
  });

  it('whose generated columns or names run code, or whose pages are broken, is refused or plainly read', async () => {
    const { Database } = await initSqlJs();
    const whole = await geopackageOf([
      { name: 'a', srsId: 4326, columns: 'ma text', rows: [{ at: [106, 20], values: ['01'] }] },
    ]);
    expect(Database).toBeDefined();
    for (let at = 100; at < whole.length; at += 997) {
      const broken = Buffer.from(whole);
      broken.fill(0xff, at, at + 40);
      await rowsOf(fileOf('broken.gpkg', broken)).catch((error: unknown) =>
        expect(error).toBeInstanceOf(ImportRefused),
      );
    }
  });
});

describe('a Shapefile', () => {
  const zipped = (shp: Buffer, dbf: Buffer) =>
    fileOf(
      's.zip',
      zipOf([
        { name: 's.shp', bytes: shp },
        { name: 's.dbf', bytes: dbf },
      ]),
    );
  const table = dbfOf([{ name: 'ma', type: 'C', length: 3 }], [['a']]);

  it('that counts more points, parts or records than it has is refused, row by row or whole', async () => {
    const square = shpOf([
      {
        type: 'polygon',
        rings: [
          [
            [0, 0],
            [0, 1],
            [1, 1],
            [0, 0],
          ],
        ],
      },
    ]);
    for (const [at, value] of [
      [100 + 8 + 36, 2_147_483_647],
      [100 + 8 + 36, -1],
      [100 + 8 + 40, 2_147_483_647],
      [100 + 8 + 40, -5],
      [100 + 8 + 44, 2_147_483_647],
      [100 + 8 + 44, -2_147_483_648],
    ] as const) {
      const lying = Buffer.from(square);
      lying.writeInt32LE(value, at);
      const rows = await rowsOf(zipped(lying, table));
      expect(rows[0]!.fault ?? rows[0]!.geometry, `${at} ${value}`).not.toMatchObject({
        coordinates: expect.arrayContaining([expect.anything()]),
      });
    }
    const records = Buffer.from(table);
    records.writeUInt32LE(4_294_967_295, 4);
    expect(await refusal(zipped(square, records))).toMatch(/should hold 4294967295 records/);
    const endless = Buffer.from(table);
    endless.writeUInt16LE(0, 10);
    endless.writeUInt32LE(1_000_000, 4);
    await refusal(zipped(square, endless));
    const length = Buffer.from(square);
    length.writeInt32BE(0, 104);
    expect(await refusal(zipped(length, table))).toMatch(/runs past the end/);
  });
});

describe('a CSV file', () => {
  it('with one line of 100 MB, quoted or not, is refused without holding it', async () => {
    for (const line of [
      Buffer.alloc(100 * 1024 ** 2, 'a'),
      Buffer.concat([Buffer.from('"'), Buffer.alloc(100 * 1024 ** 2, 'a')]),
    ]) {
      const path = fileOf('long.csv', Buffer.concat([Buffer.from('ma,ten\n1,2\n'), line]));
      expect(await refusal(path)).toMatch(/cannot be read|never closed/);
    }
  }, 60_000);

  it('with a million columns, NUL bytes behind its beginning or formulas stays rows of text', async () => {
    const [wide] = await rowsOf(fileOf('wide.csv', `ma,ten\n1,2${','.repeat(500_000)}x\n`));
    expect(wide!.fault).toMatch(/2 values/);
    const padded = `ma,ten\n${'1,a\n'.repeat(2_000)}2,b\u0000c\n3,=CMD|' /C calc'!A0\n`;
    const rows = await rowsOf(fileOf('nul.csv', padded));
    expect(rows.at(-1)!.values.ten).toBe("=CMD|' /C calc'!A0");
    expect(rows.at(-2)!.values.ten).toBe('b\u0000c');
  });
});
