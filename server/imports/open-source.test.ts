import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from '@protobi/exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dbfOf, geopackageOf, shpOf, zipOf } from '../testing/import-fixtures.ts';
import { ImportRefused } from './import-refused.ts';
import { openSource } from './open-source.ts';
import type { SourceOptions, SourceRow } from './source.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'diaban-readers-'));
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
  columns.filter((column) => /^(ma|ten|lon|lat|Mã|Tên)$/.test(column)).length;

async function readAll(path: string, options: SourceOptions = {}) {
  const source = await openSource(path, known, options);
  const rows: SourceRow[] = [];
  try {
    for await (const row of source.rows) rows.push(row);
  } finally {
    source.close();
  }
  return { ...source, rows };
}

async function refusal(path: string, options: SourceOptions = {}): Promise<string> {
  const error = await readAll(path, options).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ImportRefused);
  return (error as ImportRefused).message;
}

const point = (lon: number, lat: number) => ({ type: 'Point' as const, coordinates: [lon, lat] });
const feature = (properties: Record<string, unknown>, lon = 106, lat = 20) => ({
  type: 'Feature',
  properties,
  geometry: point(lon, lat),
});
const text = (rows: readonly SourceRow[]) => rows.map(({ line, values }) => [line, ...Object.values(values)]);

describe('GeoJSON', () => {
  it('reads a collection with its coordinate system, whatever the chunks', async () => {
    const collection = {
      type: 'FeatureCollection',
      crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::5897' } },
      features: Array.from({ length: 5_000 }, (_, at) =>
        feature({ ma: `"[{${at}`, ten: 'Phủ Lý \\ "Châu Sơn"' }),
      ),
    };
    const { format, statedCrs, rows } = await readAll(
      fileOf('collection.geojson', JSON.stringify(collection)),
    );
    expect({ format, statedCrs, count: rows.length }).toEqual({
      format: 'GeoJSON',
      statedCrs: { code: 5897 },
      count: 5_000,
    });
    expect(rows[4_999]).toEqual({
      line: 5_000,
      values: collection.features[4_999]!.properties,
      geometry: point(106, 20),
    });
  });

  it('reads features one to a line, a single feature and a bare geometry', async () => {
    const lines = [feature({ ma: '1' }), feature({ ma: '2' })].map((value) => JSON.stringify(value));
    expect(text((await readAll(fileOf('lines.json', `${lines.join('\n')}\n`))).rows)).toEqual([
      [1, '1'],
      [2, '2'],
    ]);
    expect(
      text((await readAll(fileOf('separated.json', lines.map((line) => `\u001e${line}\n`).join('')))).rows),
    ).toHaveLength(2);
    expect(text((await readAll(fileOf('one.geojson', `\ufeff${lines[0]}`))).rows)).toEqual([[1, '1']]);
    expect((await readAll(fileOf('bare.geojson', JSON.stringify(point(106, 20))))).rows).toEqual([
      { line: 1, values: {}, geometry: point(106, 20) },
    ]);
  });

  it('says of what is not a feature where it stands', async () => {
    const { rows } = await readAll(
      fileOf(
        'odd.geojson',
        JSON.stringify({ type: 'FeatureCollection', features: [feature({}), { type: 'Topology' }, 7] }),
      ),
    );
    // 7 is no object and no part of GeoJSON: it is passed over like any other token between features
    expect(rows[1]).toMatchObject({ line: 2, fault: 'an object of type "Feature"' });
  });

  it('refuses what is cut short, broken or states its system too late', async () => {
    const whole = JSON.stringify({
      type: 'FeatureCollection',
      features: [feature({ ma: '1' }), feature({ ma: '2' })],
    });
    expect(await refusal(fileOf('cut.geojson', whole.slice(0, -30)))).toMatch(
      /ends in the middle of its features/,
    );
    expect(await refusal(fileOf('broken.geojson', whole.replace('"ma"', '"ma')))).toMatch(/JSON|middle/);
    const late = `${whole.slice(0, -1)},"crs":{"type":"name","properties":{"name":"EPSG:5897"}}}`;
    expect(await refusal(fileOf('late.geojson', late))).toMatch(/after the features.*--crs/);
  });
});

describe('CSV', () => {
  it.each([',', ';', '\t', '|'])(
    'finds the delimiter %j, and keeps lines straight over quoted breaks and empty lines',
    async (delimiter) => {
      const rows = [
        ['ma', 'ten', 'lon'],
        ['1', '"Nhà nghỉ\n""Hoa"""', '106'],
        ['2', `"a${delimiter}b"`, '105'],
      ].map((row) => row.join(delimiter));
      const { rows: read } = await readAll(
        fileOf('table.csv', `\ufeff${rows[0]}\r\n${rows[1]}\r\n\r\n${rows[2]}\r\n`),
      );
      expect(text(read)).toEqual([
        [2, '1', 'Nhà nghỉ\n"Hoa"', '106'],
        [5, '2', `a${delimiter}b`, '105'],
      ]);
    },
  );

  it('passes over a title before the header, and reads UTF-16 and declared Vietnamese encodings', async () => {
    const table = 'DANH SÁCH CƠ SỞ\n\nma,ten\n1,Phủ Lý\n';
    expect(text((await readAll(fileOf('titled.csv', table))).rows)).toEqual([[4, '1', 'Phủ Lý']]);
    expect(
      text((await readAll(fileOf('unicode.csv', Buffer.from(`\ufeff${table}`, 'utf16le')))).rows),
    ).toEqual([[4, '1', 'Phủ Lý']]);
    // "Phñ Lý": ñ is ủ in TCVN3, ý stays; written byte by byte from its table
    const tcvn = Buffer.concat([
      Buffer.from('ma,ten\n1,Ph'),
      Buffer.from([0xf1]),
      Buffer.from(' L'),
      Buffer.from([0xfd]),
      Buffer.from('\n'),
    ]);
    expect(text((await readAll(fileOf('tcvn.csv', tcvn), { encoding: 'TCVN3' })).rows)).toEqual([
      [2, '1', 'Phủ Lý'],
    ]);
    expect(await refusal(fileOf('tcvn.csv', tcvn))).toMatch(/not UTF-8.*--encoding/);
    // windows-1258: u and a combining hook (D2), y with acute as y + combining acute (EC)
    const windows = Buffer.from([
      0x6d, 0x61, 0x2c, 0x74, 0x65, 0x6e, 0x0a, 0x31, 0x2c, 0x50, 0x68, 0x75, 0xd2, 0x20, 0x4c, 0x79, 0xec,
      0x0a,
    ]);
    expect(text((await readAll(fileOf('windows.csv', windows), { encoding: 'windows-1258' })).rows)).toEqual([
      [2, '1', 'Phủ Lý'],
    ]);
    expect(await refusal(fileOf('odd.csv', 'ma\n1\n'), { encoding: 'klingon' })).toMatch(
      /"klingon" is not known/,
    );
  });

  it('says of rows with too many values, and of a quotation mark never closed', async () => {
    const { rows } = await readAll(fileOf('wide.csv', 'ma,ten\n1,Phủ Lý\n2,Hà Nam,Ninh Bình\n3,x,\n'));
    expect(rows.map(({ fault }) => fault ?? null)).toEqual([
      null,
      expect.stringMatching(/2 values.*found 3/),
      null,
    ]);
    expect(await refusal(fileOf('open.csv', 'ma,ten\n1,"Phủ Lý\n2,Hà Nam\n'))).toMatch(/never closed/);
  });
});

describe('XLSX', () => {
  async function workbook(fill: (book: ExcelJS.Workbook) => void): Promise<Buffer> {
    const book = new ExcelJS.Workbook();
    fill(book);
    return Buffer.from((await book.xlsx.writeBuffer()) as ArrayBuffer);
  }

  it('reads text, numbers, dates, yes and no, and of a formula the stored value', async () => {
    const bytes = await workbook((book) => {
      const sheet = book.addWorksheet('Cơ sở');
      sheet.addRow(['DANH SÁCH']);
      sheet.addRow([]);
      sheet.addRow(['Mã', 'Tên', 'Ngày', 'Số', 'Có', 'Tính']);
      sheet.addRow([
        '01',
        { richText: [{ text: 'Phủ ' }, { text: 'Lý', font: { bold: true } }] },
        new Date(Date.UTC(2026, 1, 28)),
        12.5,
        true,
        { formula: '1+1', result: 2 },
      ]);
      sheet.addRow([]);
      sheet.addRow(['02', 'Hà Nam']);
    });
    const { format, rows } = await readAll(fileOf('book.xlsx', bytes));
    expect(format).toBe('XLSX');
    expect(rows.map(({ line, values }) => [line, values])).toEqual([
      [4, { Mã: '01', Tên: 'Phủ Lý', Ngày: new Date(Date.UTC(2026, 1, 28)), Số: 12.5, Có: true, Tính: 2 }],
      [6, { Mã: '02', Tên: 'Hà Nam', Ngày: null, Số: null, Có: null, Tính: null }],
    ]);
  });

  it('asks for the sheet where several have data, and passes over hidden and empty ones', async () => {
    const bytes = await workbook((book) => {
      book.addWorksheet('Một').addRow(['ma']);
      book.addWorksheet('Hai').addRow(['ma']);
      book.addWorksheet('Trống');
      book.addWorksheet('Ẩn', { state: 'hidden' }).addRow(['ma']);
    });
    const path = fileOf('sheets.xlsx', bytes);
    expect(await refusal(path)).toMatch(/2 sheets with data.*--layer: "Một", "Hai"/);
    expect(await refusal(path, { layer: 'Ba' })).toMatch(/no sheet "Ba"/);
    expect((await readAll(path, { layer: 'Hai' })).columns).toEqual(['ma']);
  });

  it('refuses entities, errors of formulas by cell, and a workbook cut short', async () => {
    const plain = await workbook((book) => {
      const sheet = book.addWorksheet('A');
      sheet.addRow(['ma', 'ten']);
      sheet.addRow(['1', { formula: '1/0', result: { error: '#DIV/0!' } }]);
    });
    expect((await readAll(fileOf('error.xlsx', plain))).rows[0]!.fault).toMatch(/"ten".*#DIV\/0!/);
    expect(await refusal(fileOf('cut.xlsx', plain.subarray(0, plain.length / 2)))).toMatch(
      /damaged or cut short/,
    );
    const part = (name: string, xml: string) => ({ name, bytes: Buffer.from(`<?xml version="1.0"?>${xml}`) });
    const hostile = zipOf([
      part(
        'xl/workbook.xml',
        '<workbook xmlns:r="r"><sheets><sheet name="A" r:id="rId1"/></sheets></workbook>',
      ),
      part(
        'xl/worksheets/sheet1.xml',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>',
      ),
    ]);
    expect(await refusal(fileOf('entity.xlsx', hostile))).toMatch(/declares a document type/);
  });
});

describe('zipped Shapefile', () => {
  const fields = [
    { name: 'maDonViHan', type: 'C', length: 5 },
    { name: 'danhTuChun', type: 'C', length: 12 },
    { name: 'danso', type: 'N', length: 8 },
    { name: 'ngay', type: 'D', length: 8 },
  ] as const;
  const prj =
    'PROJCS["VN_2000",GEOGCS["GCS_VN_2000",DATUM["D_Vietnam_2000"]],PROJECTION["Transverse_Mercator"],PARAMETER["Central_Meridian",105.0],PARAMETER["Scale_Factor",0.9999]]';
  const outer = [
    [0, 0],
    [0, 10],
    [10, 10],
    [10, 0],
    [0, 0],
  ];
  const hole = [
    [2, 2],
    [4, 2],
    [4, 4],
    [2, 4],
    [2, 2],
  ];
  const island = [
    [20, 0],
    [20, 1],
    [21, 1],
    [20, 0],
  ];
  const shp = shpOf([{ type: 'polygon', rings: [outer, island, hole] }]);
  const dbf = dbfOf(fields, [['01234', 'Phường', '62893', '20260228']]);

  it('reads shapes with holes and islands, the table, the projection and the encoding', async () => {
    const path = fileOf(
      'layer.zip',
      zipOf([
        { name: 'a/layer.shp', bytes: shp },
        { name: 'a/layer.DBF', bytes: dbf },
        { name: 'a/layer.prj', bytes: Buffer.from(prj) },
        { name: 'a/layer.cpg', bytes: Buffer.from('UTF-8') },
      ]),
    );
    const { statedCrs, columns, rows } = await readAll(path);
    expect(statedCrs).toEqual({ code: 5897 });
    expect(columns).toEqual(['maDonViHan', 'danhTuChun', 'danso', 'ngay']);
    expect(rows).toEqual([
      {
        line: 1,
        values: { maDonViHan: '01234', danhTuChun: 'Phường', danso: 62_893, ngay: '2026-02-28' },
        geometry: { type: 'MultiPolygon', coordinates: [[outer, hole], [island]] },
      },
    ]);
  });

  it('decodes the table as its .cpg says', async () => {
    const tcvn = dbfOf([{ name: 'ten', type: 'C', length: 10 }], [['x']], () =>
      Buffer.from([0x50, 0x68, 0xf1]),
    );
    const members = [
      { name: 'l.shp', bytes: shpOf([{ type: 'point', at: [106, 20] }]) },
      { name: 'l.dbf', bytes: tcvn },
    ];
    expect(
      text(
        (await readAll(fileOf('l.zip', zipOf([...members, { name: 'l.cpg', bytes: Buffer.from('TCVN3') }]))))
          .rows,
      ),
    ).toEqual([[1, 'Phủ']]);
    expect(await refusal(fileOf('l.zip', zipOf(members)))).toMatch(/not UTF-8/);
  });

  it('names what is missing or cut short', async () => {
    const point106 = shpOf([{ type: 'point', at: [106, 20] }]);
    const table = dbfOf([{ name: 'ten', type: 'C', length: 3 }], [['a']]);
    const zipped = (main: Buffer, facts: Buffer | null) =>
      fileOf(
        's.zip',
        zipOf([{ name: 's.shp', bytes: main }, ...(facts ? [{ name: 's.dbf', bytes: facts }] : [])]),
      );
    expect(await refusal(zipped(point106, null))).toMatch(/"s.dbf".*missing/);
    expect(await refusal(zipped(point106.subarray(0, 110), table))).toMatch(
      /should have 128 bytes and has 110/,
    );
    expect(await refusal(zipped(point106, table.subarray(0, 66)))).toMatch(/should hold 1 records/);
    expect(await refusal(zipped(shpOf([]), table))).toMatch(/1 records and the .shp 0/);
    expect(await refusal(fileOf('lone.shp', point106))).toMatch(/is the .shp part.*Pack its/);
    expect(
      await refusal(
        fileOf(
          'two.zip',
          zipOf([
            { name: 'a.shp', bytes: point106 },
            { name: 'b.shp', bytes: point106 },
          ]),
        ),
      ),
    ).toMatch(/2 Shapefiles.*--layer: a, b/);
  });
});

describe('GeoPackage', () => {
  it('reads the one layer, or the one asked for, with its system', async () => {
    const layer = (name: string, srsId: number) => ({
      name,
      srsId,
      columns: 'ma text, danso integer',
      rows: [{ at: [106, 20], values: ['01', 7] }],
    });
    const one = await readAll(fileOf('one.gpkg', await geopackageOf([layer('cơ sở', 5897)])));
    expect(one).toMatchObject({
      format: 'GeoPackage',
      statedCrs: { code: 5897 },
      columns: ['fid', 'ma', 'danso'],
      rows: [{ line: 1, values: { fid: 1, ma: '01', danso: 7 }, geometry: point(106, 20) }],
    });
    const several = fileOf('two.gpkg', await geopackageOf([layer('a', 4326), layer('b', 100_001)]));
    expect(await refusal(several)).toMatch(/2 layers.*--layer: a, b/);
    expect((await readAll(several, { layer: 'b' })).statedCrs).toEqual({ unknown: 'of our own' });
    expect(await refusal(several, { layer: 'c' })).toMatch(/no layer "c"/);
  });

  it('refuses an SQLite file that is no GeoPackage, and one cut short', async () => {
    const whole = await geopackageOf([{ name: 'a', srsId: 4326, columns: 'ma text', rows: [] }]);
    expect(await refusal(fileOf('cut.gpkg', whole.subarray(0, 600)))).toMatch(
      /not a whole GeoPackage|damaged/,
    );
  });
});

describe('what a file is', () => {
  it('is told by its content; a name that promises something else is refused by both', async () => {
    expect(
      await refusal(fileOf('list.xlsx', zipOf([{ name: 'readme.txt', bytes: Buffer.from('x') }]))),
    ).toMatch(/ends \.xlsx but is a ZIP without a workbook \(it holds readme\.txt\)/);
    expect(await refusal(fileOf('list.xlsx', 'ma,ten\n1,a\n'))).toMatch(
      /ends \.xlsx but is plain text and not a workbook/,
    );
    expect(await refusal(fileOf('map.gpkg', '{"type":"FeatureCollection","features":[]}'))).toMatch(
      /ends \.gpkg but is JSON/,
    );
    expect(await refusal(fileOf('map.geojson', 'ma,ten\n1,a\n'))).toMatch(/ends \.geojson but is plain text/);
    expect(await refusal(fileOf('map.csv', '%PDF-1.7'))).toMatch(/PDF/);
    expect(await refusal(fileOf('map.csv', '<!doctype html><html></html>'))).toMatch(/web page/);
    expect(
      await refusal(fileOf('old.xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]))),
    ).toMatch(/old \.xls kind.*\.xlsx/);
    expect(await refusal(fileOf('noise.csv', Buffer.from([1, 0, 2, 0, 3])))).toMatch(
      /binary data of no known kind/,
    );
    expect(await refusal(fileOf('empty.csv', ''))).toMatch(/is empty/);
    expect(await refusal(join(folder, 'nowhere.csv'))).toMatch(/There is no file/);
    expect(await refusal(folder)).toMatch(/is a folder/);
    // a right format under another name is taken
    expect((await readAll(fileOf('table.txt', 'ma,ten\n1,a\n'))).format).toBe('CSV');
  });
});

describe('hostile archives', () => {
  const many = Buffer.alloc(30 * 1024 ** 2);
  it('stop at their bounds, whatever they state', async () => {
    expect(await refusal(fileOf('bomb.zip', zipOf([{ name: 'a.shp', bytes: many }])))).toMatch(
      /grows \d+-fold.*zip bomb/,
    );
    expect(
      await refusal(
        fileOf(
          'liar.zip',
          zipOf([
            { name: 'a.shp', bytes: many, statedSize: 1_000 },
            { name: 'a.dbf', bytes: Buffer.from('x') },
          ]),
        ),
      ),
    ).toMatch(/damaged/);
    expect(
      await refusal(fileOf('large.zip', zipOf([{ name: 'a.shp', bytes: Buffer.alloc(5_000) }])), {
        maximumUnpackedBytes: 4_000,
      }),
    ).toMatch(/more than 4000 bytes/);
    const crowd = Array.from({ length: 2_001 }, (_, at) => ({ name: `${at}.shp`, bytes: Buffer.from('x') }));
    expect(await refusal(fileOf('crowd.zip', zipOf(crowd)))).toMatch(/2001 files/);
  });

  it('cannot lead out of themselves', async () => {
    for (const name of ['../../a.shp', '/etc/a.shp', 'C:\\a.shp', 'a\\..\\b.shp'])
      expect(await refusal(fileOf('path.zip', zipOf([{ name, bytes: Buffer.from('x') }])))).toMatch(
        /leads out of it/,
      );
    expect(
      await refusal(fileOf('locked.zip', zipOf([{ name: 'a.shp', bytes: Buffer.from('x'), flags: 0x801 }]))),
    ).toMatch(/encrypted/);
  });
});
