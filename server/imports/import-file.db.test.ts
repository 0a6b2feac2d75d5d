import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Position } from 'geojson';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../db/database.ts';
import { lockHolder } from '../db/embedded.ts';
import { type Sql, sql } from '../db/sql.ts';
import { createTestDatabase, openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { eraseActivities } from '../testing/erase-activities.ts';
import { dbfOf, geopackageOf, shpOf, zipOf } from '../testing/import-fixtures.ts';
import { type ImportOptions, importFile } from './import-file.ts';
import { ImportRefused } from './import-refused.ts';
import type { ImportKind } from './kinds.ts';
import { readDataVersion } from './lookup-queries.ts';

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'diaban-import-'));
  db = await openTestDatabase();
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
function fileOf(name: string, content: string | Buffer): string {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, content);
  return path;
}
const csv = (...lines: string[]) => fileOf('table.csv', `${lines.join('\n')}\n`);
const bring = (kind: ImportKind, path: string, options: ImportOptions = {}) =>
  importFile(db, kind, path, { clock: () => new Date('2026-12-31T08:00:00+07:00'), ...options });

async function refused(kind: ImportKind, path: string, options: ImportOptions = {}): Promise<ImportRefused> {
  const before = await db.read(readDataVersion);
  const error = await bring(kind, path, options).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ImportRefused)) throw error ?? new Error('the import was not refused');
  expect(await db.read(readDataVersion)).toBe(before);
  return error;
}
const rowsOf = (query: Sql) => db.read((tx) => tx.rows(z.record(z.string(), z.unknown()), query));
const count = async (query: Sql) => (await db.read((tx) => tx.row(z.object({ n: z.number() }), query))).n;

const box = (west: number, south: number, east = west + 0.1, north = south + 0.1): Position[] => [
  [west, south],
  [west, north],
  [east, north],
  [east, south],
  [west, south],
];
type Commune = { ma: string; ten: string; ring: Position[] } & Record<string, unknown>;
const communes = (list: readonly Commune[]) =>
  fileOf(
    'communes.geojson',
    JSON.stringify({
      type: 'FeatureCollection',
      features: list.map(({ ring, ...properties }) => ({
        type: 'Feature',
        properties,
        geometry: { type: 'Polygon', coordinates: [ring] },
      })),
    }),
  );
const hoaLu: Commune = {
  ma: '14329',
  ten: 'Phường Hoa Lư',
  matinh: '37',
  giaptinh: 'Hà Nội',
  giapbien: 'không',
  dansonguoi: '62.893',
  tinhcu: 'Tỉnh Ninh Bình',
  ring: box(105, 20),
};
const dongSon: Commune = {
  ma: '14330',
  ten: 'Xã Đông Sơn',
  matinh: '37',
  giaptinh: '',
  giapbien: 'có',
  dansonguoi: 'đang cập nhật',
  tinhcu: 'Hà Nam',
  ring: box(105.1, 20),
};
const dongSonToo: Commune = {
  ma: '14331',
  ten: 'Xã Đồng Sơn',
  matinh: '37',
  giaptinh: '',
  giapbien: '0',
  dansonguoi: '1.200',
  tinhcu: 'Nam Định',
  ring: box(105.2, 20),
};
const three = [hoaLu, dongSon, dongSonToo];

const header = 'so_giay_phep,loai_hinh,so_lao_dong,ngay_cap,kinh_do,vi_do';
const establishment = (license: string, lon: number | string = 105.05, lat: number | string = 20.05) =>
  `${license},Karaoke,12,31/12/2025,${lon},${lat}`;

beforeEach(async () => {
  await db.write(async (tx) => {
    await eraseActivities(tx);
    for (const table of [
      'establishments',
      'schools',
      'dormitories',
      'industrial_parks',
      'border_areas',
      'neighbour_provinces',
      'commune_outlines',
      'communes',
      'data_imports',
    ])
      await tx.execute(sql`delete from ${sql.identifier(table)}`);
  });
  await bring('communes', communes(three));
});

describe('communes', () => {
  it('takes Vietnamese names, numbers and clockwise rings, and derives outlines and border areas', async () => {
    expect(
      await rowsOf(sql`
      select code, name, type, population, former_province as former, coastal, adjoining_provinces as adjoining,
             ST_IsPolygonCCW(geom) as outer_first from communes order by code`),
    ).toEqual([
      {
        code: '14329',
        name: 'Hoa Lư',
        type: 'phường',
        population: 62_893,
        former: 'Ninh Bình',
        coastal: false,
        adjoining: ['Hà Nội'],
        outer_first: true,
      },
      {
        code: '14330',
        name: 'Đông Sơn',
        type: 'xã',
        population: null,
        former: 'Hà Nam',
        coastal: true,
        adjoining: [],
        outer_first: true,
      },
      {
        code: '14331',
        name: 'Đồng Sơn',
        type: 'xã',
        population: 1_200,
        former: 'Nam Định',
        coastal: false,
        adjoining: [],
        outer_first: true,
      },
    ]);
    expect(await count(sql`select count(*) as n from commune_outlines`)).toBe(12);
    const strips = await rowsOf(sql`
      select commune_code as code, kind, neighbour_province as neighbour, derivation, width_meters as width,
             round((ST_Area(geom::geography) / 1e6)::numeric, 1) as square_km from border_areas order by 1`);
    // Hoa Lư's outer edge is its south, west and north side: 10.47 + 11.07 + 10.46 km, 1 km wide, two corners counted once
    expect(strips).toEqual([
      {
        code: '14329',
        kind: 'adjoining',
        neighbour: 'Hà Nội',
        derivation: 'listed-neighbours',
        width: 1000,
        square_km: expect.closeTo(29.9, 0),
      },
      {
        code: '14330',
        kind: 'coastal',
        neighbour: null,
        derivation: 'coast',
        width: 1000,
        square_km: expect.closeTo(20.9, 0),
      },
    ]);
  });

  it('changes nothing the second time, and says that it did not', async () => {
    const path = communes(three);
    const before = await db.read(readDataVersion);
    const report = await bring('communes', path);
    expect(report.written).toEqual({ inserted: 0, updated: 0, unchanged: 3 });
    expect(report.dataVersion).toBe(before);
    expect(await db.read(readDataVersion)).toBe(before);
    expect(
      await rowsOf(
        sql`select row_count as rows, changed_count as changed from data_imports order by id desc limit 1`,
      ),
    ).toEqual([{ rows: 3, changed: 0 }]);
  });

  it('checks everything and writes nothing in a dry run', async () => {
    const before = await db.read(readDataVersion);
    const report = await bring('communes', communes([{ ...hoaLu, dansonguoi: '5' }, dongSon, dongSonToo]), {
      dryRun: true,
    });
    expect(report).toMatchObject({ dryRun: true, written: { updated: 1, unchanged: 2 } });
    expect(await db.read(readDataVersion)).toBe(before);
    expect(await count(sql`select count(*) as n from data_imports`)).toBe(1);
  });

  it('keeps what the file has no column for', async () => {
    await db.write((tx) => tx.execute(sql`update communes set terrain = 'coastal', former_units = 'cũ'`));
    const { giapbien: _, ...withoutCoast } = dongSon;
    await bring('communes', communes([{ ...withoutCoast, dansonguoi: '7' } as Commune]), { partial: true });
    expect(
      await rowsOf(sql`select terrain, former_units, coastal, population from communes where code = '14330'`),
    ).toEqual([{ terrain: 'coastal', former_units: 'cũ', coastal: true, population: 7 }]);
  });

  it('derives from neighbour outlines where they are known, which outrank the list', async () => {
    const neighbours = fileOf(
      'provinces.geojson',
      JSON.stringify({
        type: 'FeatureCollection',
        features: [
          {
            type: 'Feature',
            properties: { code: '01', name_vi: 'Hà Nội' },
            geometry: { type: 'Polygon', coordinates: [box(105, 20.1002, 105.2, 20.3)] },
          },
          {
            type: 'Feature',
            properties: { code: '37', name_vi: 'Ninh Bình' },
            geometry: { type: 'Polygon', coordinates: [box(105, 20, 105.3, 20.1)] },
          },
          {
            type: 'Feature',
            properties: { code: '38', name_vi: 'Thanh Hóa' },
            geometry: { type: 'Polygon', coordinates: [box(104, 19, 104.5, 20)] },
          },
        ],
      }),
    );
    // 0.0002° is 22 m: near enough to touch. Hoa Lư lists Thanh Hóa, which lies 50 km away.
    const listed = [{ ...hoaLu, giaptinh: 'Hà Nội, Thanh Hóa' }, dongSon, dongSonToo];
    const report = await bring('communes', communes(listed), { neighbours, borderWidthMeters: 500 });
    expect(report.notes).toEqual([
      '14329 is listed as adjoining Thanh Hóa, but its outline does not touch it',
    ]);
    expect(report.borderAreas).toEqual([
      { kind: 'adjoining', neighbourProvince: 'Hà Nội', communes: 2 },
      { kind: 'coastal', neighbourProvince: null, communes: 1 },
    ]);
    const strips = await rowsOf(sql`
      select commune_code as code, derivation, width_meters as width, round((ST_Area(geom::geography) / 1e6)::numeric, 2) as square_km
        from border_areas where kind = 'adjoining' order by 1`);
    // 10.458 km of common border, 500 m less the 22 m between: 5.00 km² by hand
    expect(strips).toEqual(
      ['14329', '14330'].map((code) => ({
        code,
        derivation: 'neighbour-outline',
        width: 500,
        square_km: expect.closeTo(5.0, 1),
      })),
    );
    // The width stays as it was chosen when communes come again without one
    const again = await bring('communes', communes(listed));
    expect(again.outlines).toMatchObject({
      borderWidthMeters: 500,
      changedBorderAreas: 0,
      changedAdjoining: 0,
    });
  });

  it('re-assigns places, with the sessions held for them, and gives those outside to the nearest with a note', async () => {
    await bring('establishments', csv(header, establishment('A', 105.15), establishment('B', 105.29)));
    await bring(
      'outreach',
      csv('ma,ngay,hinh_thuc,doi_tuong,so_giay_phep,so_nguoi', 'T1,1/3/2026,trực tiếp,nhân viên cơ sở,A,20'),
    );
    const moved = [
      hoaLu,
      { ...dongSon, ring: box(105.1, 20, 105.14) },
      { ...dongSonToo, ring: box(105.14, 20, 105.28) },
    ];
    const report = await bring('communes', communes(moved));
    expect(report.outlines!.reassigned).toMatchObject({ establishments: 1 });
    expect(report.notes).toEqual([
      expect.stringMatching(/^establishments B lies outside all communes; taken as 14331, 104[0-9] m away$/),
    ]);
    expect(
      await rowsOf(
        sql`select license_number as license, commune_code as code from establishments order by 1`,
      ),
    ).toEqual([
      { license: 'A', code: '14331' },
      { license: 'B', code: '14331' },
    ]);
    expect(await rowsOf(sql`select commune_code as code from outreach_sessions`)).toEqual([
      { code: '14331' },
    ]);
  });

  it('refuses outlines that leave a place in no commune', async () => {
    await bring('establishments', csv(header, establishment('B', 105.29)));
    const error = await refused(
      'communes',
      communes([hoaLu, dongSon, { ...dongSonToo, ring: box(105.2, 20, 105.25) }]),
    );
    expect(error.issues[0]!.value).toMatch(
      /establishments B at 105\.29000, 20\.05000 would lie in no commune, nor within 2000 m/,
    );
  });

  it('removes communes that are gone, unless activities name them and nobody takes over', async () => {
    await bring('commune-plans', csv('xa,nam,ngay_ban_hanh', 'Đồng Sơn,2026,15/1/2026'));
    const two = [hoaLu, { ...dongSon, ring: box(105.1, 20, 105.3) }];
    expect((await refused('communes', communes(two))).issues[0]).toMatchObject({
      value: 'the commune 14331 Đồng Sơn is not in the file but has 1 activities',
      expected: expect.stringContaining('--successor 14331=CODE'),
    });
    expect(
      (await bring('communes', communes(two.slice(0, 1)), { partial: true })).outlines!.removedCommunes,
    ).toEqual([]);
    const report = await bring('communes', communes(two), { successors: new Map([['14331', '14330']]) });
    expect(report.outlines!.removedCommunes).toEqual(['14331']);
    expect(await rowsOf(sql`select commune_code as code, year from commune_plans`)).toEqual([
      { code: '14330', year: 2026 },
    ]);
  });

  it('keeps on record, withdrawn, the plan of a commune whose successor has its own', async () => {
    const plans = csv(
      'xa,nam,ngay_ban_hanh',
      'Đông Sơn,2026,10/1/2026',
      'Đồng Sơn,2026,15/1/2026',
      'Đồng Sơn,2025,15/8/2025',
    );
    await bring('commune-plans', plans);
    await db.write((tx) =>
      tx.execute(sql`update commune_plans set withdrawal_reason = 'trial' where year = 2025`),
    );
    await bring('commune-plans', csv('xa,nam,ngay_ban_hanh', 'Đồng Sơn,2025,20/8/2025'));
    const two = [hoaLu, { ...dongSon, ring: box(105.1, 20, 105.3) }];
    await bring('communes', communes(two), { successors: new Map([['14331', '14330']]) });
    expect(
      await rowsOf(sql`
        select commune_code as code, issued_on::text as day, withdrawal_reason as withdrawn
          from commune_plan_records order by issued_on`),
    ).toEqual([
      { code: '14330', day: '2025-08-15', withdrawn: 'trial' },
      { code: '14330', day: '2025-08-20', withdrawn: null },
      { code: '14330', day: '2026-01-10', withdrawn: null },
      { code: '14330', day: '2026-01-15', withdrawn: 'superseded' },
    ]);
  });

  it('refuses outlines that cross themselves, names the place, and mends them only when asked and little changes', async () => {
    const bow: Position[] = [
      [105, 20],
      [105.1, 20.1],
      [105.1, 20],
      [105, 20.1],
      [105, 20],
    ];
    const error = await refused('communes', communes([{ ...hoaLu, ring: bow }, dongSon, dongSonToo]));
    expect(error.issues[0]).toMatchObject({
      line: 1,
      value: 'Self-intersection at 105.050000, 20.050000',
      expected: expect.stringContaining('--repair'),
    });
    expect(
      (
        await refused('communes', communes([{ ...hoaLu, ring: bow }, dongSon, dongSonToo]), {
          repairShare: 0.01,
        })
      ).issues[0]!.value,
    ).toMatch(/Self-intersection/);
    // A loop of about 1 m² at the corner
    const [a, b, c, d] = box(105, 20) as [Position, Position, Position, Position];
    const loop: Position[] = [
      a,
      b,
      c,
      [105.1, 19.99999],
      [105.10001, 20],
      d.map((value, axis) => (axis === 1 ? 19.999995 : value)),
      a,
    ];
    const report = await bring(
      'communes',
      communes([{ ...hoaLu, ring: loop }, { ...dongSon, ring: box(105.1001, 20, 105.2) }, dongSonToo]),
      { repairShare: 0.01 },
    );
    expect(report.notes[0]).toMatch(
      /feature 1: Ring Self-intersection mended, which changed 0\.00\d % of the area/,
    );
  });

  it('refuses outlines that overlap, by code', async () => {
    const error = await refused(
      'communes',
      communes([hoaLu, { ...dongSon, ring: box(105.05, 20, 105.2) }, dongSonToo]),
    );
    expect(error.issues[0]!.value).toMatch(/14329, 14330 overlap/);
  });

  it('marks real rows over simulated ones as real', async () => {
    await db.write((tx) => tx.execute(sql`update communes set simulated = true`));
    const report = await bring('communes', communes(three));
    expect(report.written).toEqual({ inserted: 0, updated: 3, unchanged: 0 });
    expect(await count(sql`select count(*) as n from communes where simulated`)).toBe(0);
    expect(await count(sql`select count(*) as n from border_areas where simulated`)).toBe(0);
  });
});

describe('rows', () => {
  const mixed = () =>
    csv(
      header,
      establishment('A'),
      establishment('B').replace('31/12/2025', '31/02/2026'),
      establishment('C').replace(',12,', ',12.55,').replace('Karaoke', 'Xưởng'),
      establishment('A'),
      establishment(''),
      establishment('D', 106.5),
      establishment('E', 'đang cập nhật'),
    );

  it('are all reported with line, column, value and what was expected, and none is written', async () => {
    const error = await refused('establishments', mixed());
    expect(error.message).toMatch(/6 of 7 rows .* Nothing was written.*--skip-bad/);
    const told = error.issues.map(({ line, column, value, expected }) => [line, column, value, expected]);
    expect(told.sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual([
      [3, 'ngay_cap', '31/02/2026', expect.stringContaining('a day that exists')],
      [4, 'loai_hinh', 'Xưởng', expect.stringContaining('Karaoke')],
      [4, 'so_lao_dong', '12.55', 'a whole number'],
      [5, 'so_giay_phep', 'A', 'each only once; line 2 has it too'],
      [6, 'so_giay_phep', '', expect.stringContaining('a value')],
      [7, 'geometry', '106.500000, 20.050000', expect.stringContaining('within 500 m of one')],
      [8, 'kinh_do', null, 'a position (longitude and latitude)'],
    ]);
    expect(error.issues[0]!.where).toMatch(/table\.csv, line \d/);
  });

  it('that state a commune code must state one that is; where a place lies decides', async () => {
    const stated = (license: string, code: string) => `${establishment(license)},${code}`;
    const error = await refused(
      'establishments',
      csv(`${header},ma_xa`, stated('A', '14329'), stated('B', '1432'), stated('C', '99999')),
    );
    expect(error.issues.map(({ line, column, value, expected }) => [line, column, value, expected])).toEqual([
      [3, 'ma_xa', '1432', expect.stringContaining('lost its leading zero (01432)')],
      [4, 'ma_xa', '99999', 'the code of a commune in the database'],
    ]);
  });

  it('that are bad are left out and listed when asked', async () => {
    const report = await bring('establishments', mixed(), { skipBad: true });
    expect(report).toMatchObject({ rows: 7, skippedRows: 6, written: { inserted: 1 } });
    expect(
      await rowsOf(
        sql`select license_number as license, active_from as day, lead_agency as agency from establishments`,
      ),
    ).toEqual([{ license: 'A', day: '2025-12-31', agency: 'so-van-hoa-the-thao' }]);
  });

  it('are counted in full and listed up to a thousand', async () => {
    const error = await refused(
      'establishments',
      csv(
        header,
        ...Array.from({ length: 1_500 }, (_, at) => establishment(`X${at}`).replace('2025', '1025')),
      ),
    );
    expect([error.issueCount, error.issues.length]).toEqual([1_500, 1_000]);
  });

  it('update what they change and leave the rest', async () => {
    await bring('establishments', csv(header, establishment('A'), establishment('B')));
    const report = await bring(
      'establishments',
      csv(header, establishment('A').replace(',12,', ',15,'), establishment('B')),
    );
    expect(report.written).toEqual({ inserted: 0, updated: 1, unchanged: 1 });
  });

  it('need a column for what is required; --map names it', async () => {
    const path = csv('giấy tờ,loai_hinh,ngay_cap,lon,lat', 'A,karaoke,2025-01-01,105.05,20.05');
    expect((await refused('establishments', path)).message).toMatch(
      /No column was recognised as số giấy phép.*"giấy tờ".*--map licenseNumber=COLUMN/,
    );
    expect((await refused('establishments', path, { map: { license_number: 'nope' } })).message).toMatch(
      /no column "nope"/,
    );
    expect((await refused('establishments', path, { map: { owner: 'lon' } })).message).toMatch(
      /no field "owner"/,
    );
    expect(
      (await bring('establishments', path, { map: { 'license-number': 'giấy tờ' } })).written.inserted,
    ).toBe(1);
  });

  it('must be there, and within the size allowed', async () => {
    expect((await refused('establishments', csv(header))).message).toMatch(/has no rows/);
    expect(
      (await refused('establishments', csv(header, establishment('A')), { maximumBytes: 50 })).message,
    ).toMatch(/at most 0 MB are taken here/);
  });
});

describe('columns about persons', () => {
  it.each([
    ['ho_ten', 'names of persons'],
    ['Chủ cơ sở', 'names of persons'],
    ['Người đại diện', 'names of persons'],
    ['Số CCCD', 'identity numbers'],
    ['cmnd', 'identity numbers'],
    ['SĐT', 'telephone numbers'],
    ['Điện thoại', 'telephone numbers'],
    ['Ngày sinh', 'birth dates'],
    ['Địa chỉ thường trú', 'personal addresses'],
    ['Ảnh chân dung', 'photographs'],
    ['Ghi chú', 'free text'],
  ])('are refused by their header: %s', async (column, holds) => {
    const error = await refused('establishments', csv(`${header},${column}`, `${establishment('A')},x`));
    expect(error.message).toContain(`"${column}" seems to hold ${holds}`);
    expect(error.message).toMatch(/Delete these columns/);
  });

  it.each([
    ['twelve digits', ['037090123456', '001185001234', '036201004321'], 'identity numbers of 12 digits'],
    ['nine digits', ['168123456', '164556677', '168000111'], 'identity numbers of 9 digits'],
    ['telephones', ['0912 345 678', '0388.123.456', '+84 971 222 333'], 'telephone numbers'],
    ['names', ['Nguyễn Văn An', 'Trần Thị Bích Ngọc', 'Lê Hữu Dũng'], 'names of persons'],
  ])('are refused by what they hold: %s', async (_, values, holds) => {
    const error = await refused(
      'establishments',
      csv(`${header},cột khác`, ...values.map((value, at) => `${establishment(`A${at}`)},${value}`)),
    );
    expect(error.message).toContain(`"cột khác" holds what look like ${holds}`);
  });

  it('are refused as licence numbers too, and through --map', async () => {
    const error = await refused(
      'establishments',
      csv(header, establishment('037090123456'), establishment('001185001234')),
    );
    expect(error.message).toMatch(/"so_giay_phep" holds what look like identity numbers of 12 digits/);
    expect(
      (
        await refused('establishments', csv(`${header},so_cccd`, `${establishment('A')},1`), {
          map: { licenseNumber: 'so_cccd' },
        })
      ).message,
    ).toMatch(/identity numbers/);
  });

  it('are not seen in names of places, numbers of licences and counts', async () => {
    const path = csv(
      'ma_truong,ten_truong,cap,so_hoc_sinh,osm_id,kinhdo,vido',
      '123456789,THPT Nguyễn Khuyến,THPT,1.234,912345678,105.05,20.05',
      '123456788,Trường Lê Hồng Phong,trường nghề,900,912345679,105.06,20.05',
      '123456787,Nguyễn Văn Trỗi,thpt,901,912345671,105.07,20.05',
    );
    expect((await bring('schools', path)).ignoredColumns).toEqual(['osm_id']);
    expect(
      await rowsOf(sql`select name, kind, students from schools order by reference desc limit 1`),
    ).toEqual([{ name: 'THPT Nguyễn Khuyến', kind: 'upper-secondary', students: 1234 }]);
  });
});

describe('coordinate systems', () => {
  // 105.05, 20.05 in VN-2000 / TM-3 105°00′, within 10 m
  const meters = (license: string) => establishment(license, 505_032, 2_217_790);

  it('are taken from the command line, whichever way round the axes are written', async () => {
    await bring('establishments', csv(header, meters('A'), establishment('B', 2_217_790, 505_032)), {
      crs: 'EPSG:5897',
    });
    const rows = await rowsOf(
      sql`select round(ST_X(geom)::numeric, 4) as lon, round(ST_Y(geom)::numeric, 4) as lat from establishments`,
    );
    expect(rows).toEqual(
      [0, 1].map(() => ({ lon: expect.closeTo(105.05, 3), lat: expect.closeTo(20.05, 3) })),
    );
  });

  it('are suggested when the coordinates lie nowhere in Vietnam as read', async () => {
    const error = await refused('establishments', csv(header, meters('A'), meters('B')));
    expect(error.message).toMatch(
      /outside Vietnam when read as WGS 84 \(EPSG:4326, which is taken where a file states none\): the first is 505032, 2217790/,
    );
    expect(error.message).toMatch(/They look like VN-2000 metres\. Give --crs EPSG:5897/);
    expect((await refused('establishments', csv(header, establishment('A', 20.05, 105.05)))).message).toMatch(
      /exchanged.*--map lon=vi_do --map lat=kinh_do/,
    );
    expect((await refused('establishments', csv(header, meters('A')), { crs: 'EPSG:9999' })).message).toMatch(
      /"EPSG:9999" is not known.*5897/,
    );
  });

  it('are refused when a file states one that is not known', async () => {
    const path = fileOf(
      'own.gpkg',
      await geopackageOf([
        { name: 'a', srsId: 100_001, columns: 'ma text', rows: [{ at: [1, 2], values: ['x'] }] },
      ]),
    );
    expect((await refused('establishments', path)).message).toMatch(/not known here: of our own.*--crs/);
  });

  it('come with a GeoPackage and with a Shapefile, whose cut names are recognised', async () => {
    const gpkg = await geopackageOf([
      {
        name: 'kcn',
        srsId: 5897,
        columns: 'ma text, ten text, cap text',
        rows: [{ at: [505_032, 2_217_790], values: ['T1', 'Trường A', 'thpt'] }],
      },
    ]);
    expect(await bring('schools', fileOf('s.gpkg', gpkg))).toMatchObject({
      crs: { code: 5897, from: 'file' },
      written: { inserted: 1 },
    });

    const ring = [
      [500_000, 2_211_000],
      [500_000, 2_222_000],
      [510_000, 2_222_000],
      [510_000, 2_211_000],
      [500_000, 2_211_000],
    ];
    const prj =
      'PROJCS["VN_2000",GEOGCS["GCS_VN_2000",DATUM["D_Vietnam_2000"]],PROJECTION["Transverse_Mercator"],PARAMETER["Central_Meridian",105.0],PARAMETER["Scale_Factor",0.9999]]';
    const fields = [
      { name: 'maDonViHanhChinh', type: 'C', length: 5 },
      { name: 'diaDanh', type: 'C', length: 20 },
      { name: 'danhTuChung', type: 'C', length: 10 },
      { name: 'maTinh', type: 'C', length: 2 },
    ] as const;
    const zipped = zipOf([
      { name: 'x.shp', bytes: shpOf([{ type: 'polygon', rings: [ring] }]) },
      { name: 'x.dbf', bytes: dbfOf(fields, [['14329', 'Hoa Lư', 'Phường', '37']]) },
      { name: 'x.prj', bytes: Buffer.from(prj) },
    ]);
    const report = await bring('communes', fileOf('x.zip', zipped), { partial: true, dryRun: true });
    expect(report.columns).toEqual({
      code: 'maDonViHan',
      name: 'diaDanh',
      type: 'danhTuChun',
      provinceCode: 'maTinh',
    });
    expect(report.written).toMatchObject({ updated: 1 });
  });
});

describe('communes by name', () => {
  const plan = (commune: string, former = '') =>
    csv(
      'xa,tinh_cu,nam,ngay_ban_hanh,long_ghep',
      `"${commune}",${former},2026,15/01/2026,"phòng, chống ma túy; HIV/AIDS"`,
    );
  const codeOf = async (commune: string, former?: string) => {
    await db.write(eraseActivities);
    await bring('commune-plans', plan(commune, former));
    return (await rowsOf(sql`select commune_code as code from commune_plans`))[0]!.code;
  };

  it('are told apart by their diacritics, with either tone position and either normal form', async () => {
    expect(await codeOf('Đông Sơn')).toBe('14330');
    expect(await codeOf('xã Đồng Sơn'.normalize('NFD'))).toBe('14331');
    expect(await codeOf('14329')).toBe('14329');
    expect(await codeOf('14329 - Hoa Lư')).toBe('14329');
    expect(await rowsOf(sql`select integrated_with as programmes from commune_plans`)).toEqual([
      { programmes: ['drug-control', 'hiv-aids'] },
    ]);
  });

  it('are refused with what was meant, when unknown, ambiguous or short of a zero', async () => {
    expect((await refused('commune-plans', plan('Dong Son'))).issues[0]!.expected).toMatch(
      /alike without diacritics: 14330 xã Đông Sơn \(Hà Nam\); 14331 xã Đồng Sơn/,
    );
    expect((await refused('commune-plans', plan('1432'))).issues[0]!.expected).toMatch(
      /the code 1432 has 4 digits.*leading zero \(01432\)/,
    );
    expect((await refused('commune-plans', plan('99999'))).issues[0]!.expected).toBe(
      'the code of a commune in the database',
    );

    await bring(
      'communes',
      communes([{ ...hoaLu, ma: '14335', ten: 'Đông Sơn', loai: 'xã', ring: box(106, 20) }]),
      { partial: true },
    );
    expect((await refused('commune-plans', plan('Đông Sơn'))).issues[0]!.expected).toMatch(
      /several have this name: 14330 xã Đông Sơn \(Hà Nam\); 14335 xã Đông Sơn \(Ninh Bình\)/,
    );
    expect(await codeOf('Đông Sơn', 'Tỉnh Hà Nam')).toBe('14330');
  });
});

describe('activities', () => {
  beforeEach(async () => {
    await bring('establishments', csv(header, establishment('GP-1')));
  });

  it('without a number of their own get one that comes out the same each time', async () => {
    const lines = [
      'ngay,so_giay_phep,cap,ket_qua,can_cu',
      '2/3/2026,GP-1,cấp tỉnh,Không vi phạm,theo kế hoạch',
      '2/3/2026,GP-1,cấp tỉnh,Không vi phạm,theo kế hoạch',
    ];
    expect((await bring('inspections', csv(...lines))).written).toEqual({
      inserted: 2,
      updated: 0,
      unchanged: 0,
    });
    expect((await bring('inspections', csv(...lines))).written).toEqual({
      inserted: 0,
      updated: 0,
      unchanged: 2,
    });
    const corrected = lines.map((line, at) =>
      at === 2 ? line.replace('Không vi phạm', 'Xử phạt hành chính') : line,
    );
    expect((await bring('inspections', csv(...corrected))).written).toEqual({
      inserted: 0,
      updated: 1,
      unchanged: 1,
    });
  });

  it('are refused where what they name is unknown', async () => {
    const inspection = csv('ngay,so_giay_phep,cap,ket_qua,can_cu', '2/3/2026,GP-9,cấp xã,đạt,đột xuất');
    expect((await refused('inspections', inspection)).issues[0]).toMatchObject({
      column: 'so_giay_phep',
      value: 'GP-9',
    });
    const session = csv('ngay,hinh_thuc,doi_tuong,ma_truong,so_nguoi', '2/3/2026,tờ rơi,học sinh,T-9,100');
    expect((await refused('outreach', session)).issues[0]).toMatchObject({
      value: 'T-9',
      expected: expect.stringContaining('schools'),
    });
    const nowhere = csv('ngay,hinh_thuc,doi_tuong,xa,so_nguoi', '2/3/2026,tờ rơi,học sinh,,100');
    expect((await refused('outreach', nowhere)).issues[0]).toMatchObject({
      column: 'xa',
      expected: 'the commune, by code or name',
    });
  });

  it('keep of a report its cell alone', async () => {
    const report = csv(
      'so,ngay_tiep_nhan,han,trang_thai,ngay_giai_quyet,kinhdo,vido',
      'R1,1/1/2026,21/1/2026,đã giải quyết,20/1/2026,105.05,20.05',
      'R2,1/1/2026,21/1/2026,tiếp nhận,,105.15,20.05',
    );
    await bring('reports', report);
    // H3 cells of resolution 7 around these points
    expect(
      await rowsOf(
        sql`select reference, commune_code as code, h3_cell as cell, status from reports order by 1`,
      ),
    ).toEqual([
      {
        reference: 'R1',
        code: '14329',
        cell: expect.stringMatching(/^87[0-9a-f]{7}ffffff$/),
        status: 'resolved',
      },
      {
        reference: 'R2',
        code: '14330',
        cell: expect.stringMatching(/^87[0-9a-f]{7}ffffff$/),
        status: 'received',
      },
    ]);
    const columns = await rowsOf(
      sql`select column_name as name from information_schema.columns where table_name = 'reports'`,
    );
    expect(columns.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['geom']));
    const addressed = csv(
      'so,ngay_tiep_nhan,han,trang_thai,xa,h3,dia_chi',
      'R3,1/1/2026,21/1/2026,tiếp nhận,Hoa Lư,874164d19ffffff,số 5',
    );
    expect((await refused('reports', addressed)).message).toMatch(/"dia_chi" seems to hold an address/);
    const contradictory = csv(
      'so,ngay_tiep_nhan,han,trang_thai,ngay_giai_quyet,xa,h3',
      'R4,2/1/2026,1/1/2026,tiếp nhận,3/1/2026,Hoa Lư,874164d19ffffff',
      'R5,2/1/2026,3/1/2026,đã giải quyết,,Hoa Lư,8a4164d19ffffff',
    );
    expect(
      (await refused('reports', contradictory)).issues.map(({ line, column }) => [line, column]),
    ).toEqual([
      [2, 'han'],
      [2, 'ngay_giai_quyet'],
      [3, 'ngay_giai_quyet'],
      [3, 'h3'],
    ]);
  });

  it('are held to the rules of recording, each with its column', async () => {
    await bring('establishments', csv(header, establishment('GP-1')));
    await bring('schools', csv('ma,ten,cap,so_hoc_sinh,kinhdo,vido', 'T-1,THPT A,THPT,90,105.05,20.05'));
    const issuesOf = async (kind: ImportKind, path: string) =>
      (await refused(kind, path)).issues.map(({ line, column, value, expected }) => [
        line,
        column,
        value,
        expected,
      ]);
    const inspections = csv(
      'so,ngay,so_giay_phep,cap,ket_qua,can_cu',
      'I1,1/1/2027,GP-1,cấp xã,đạt,đột xuất',
      'I2,31/12/2002,GP-1,cấp xã,đạt,đột xuất',
    );
    expect(await issuesOf('inspections', inspections)).toEqual([
      [2, 'ngay', '2027-01-01', expect.stringContaining('up to today, 2026-12-31')],
      [3, 'ngay', '2002-12-31', 'a day from 2003-01-01 on'],
    ]);
    const sessions = csv(
      'so,ngay,hinh_thuc,doi_tuong,xa,ma_truong,so_nguoi',
      'S1,2/3/2026,tờ rơi,học sinh,14330,T-1,100',
      'S2,2/3/2026,tờ rơi,học sinh,14329,T-1,1000001',
    );
    expect(await issuesOf('outreach', sessions)).toEqual([
      [2, 'place', 'T-1', expect.stringContaining('this one lies in phường Hoa Lư')],
      [3, 'so_nguoi', '1000001', 'at most 1000000'],
    ]);
    const reports = csv(
      'so,ngay_tiep_nhan,han,trang_thai,xa,h3',
      'R1,1/1/2026,21/1/2026,tiếp nhận,Hoa Lư,874164d19ffffff',
    );
    expect(await issuesOf('reports', reports)).toEqual([
      [2, 'h3', '14329', expect.stringContaining('a position in phường Hoa Lư')],
    ]);
    const training = csv(
      'so,ngay,don_vi,so_can_bo_tham_du,bien_che',
      'H1,2/3/2026,Sở Y tế,13,12',
      `H2,2/3/2026,${'x'.repeat(201)},1,12`,
    );
    expect(await issuesOf('training', training)).toEqual([
      [2, 'so_can_bo_tham_du', '13', 'at most the officers in post (12)'],
      [3, 'don_vi', expect.stringMatching(/^x+/), expect.stringContaining('at most 200 characters')],
    ]);
    const press = csv('so,ngay,cap,xa', 'P1,1/1/2027,trung ương,', 'P2,1/2/2026,địa phương,14329');
    expect((await issuesOf('press-items', press)).map(([line, column]) => [line, column])).toEqual([
      [2, 'ngay'],
    ]);
    const { written } = await bring('press-items', press, { skipBad: true });
    expect(written.inserted).toBe(1);
    expect(await rowsOf(sql`select commune_code as code from press_items`)).toEqual([{ code: '14329' }]);
  });

  it('say what may be a slip, and take it', async () => {
    await bring('establishments', csv(header, establishment('GP-1')));
    const sessions = csv(
      'ngay,hinh_thuc,doi_tuong,so_giay_phep,so_nguoi',
      '30/12/2025,tờ rơi,nhân viên cơ sở,GP-1,100',
    );
    const { written, notes } = await bring('outreach', sessions);
    expect(written.inserted).toBe(1);
    // Licensed from 31 December 2025. That it has 12 workers is told of no single establishment, here neither.
    expect(notes).toEqual([
      expect.stringMatching(/^line 2 is taken, and may be a slip: .* licensed from 2025-12-31/),
    ]);
  });

  it('on a day that the file tells as an instant are on the day in Vietnam', async () => {
    const press = csv(
      'so,ngay,cap',
      'P1,2026-03-31T16:59:30Z,địa phương',
      'P2,2026-03-31T17:00:00Z,địa phương',
      'P3,2026-03-31T23:59:00+07:00,địa phương',
    );
    await bring('press-items', press);
    expect(
      await rowsOf(sql`select reference, published_on::text as day from press_items order by 1`),
    ).toEqual([
      { reference: 'P1', day: '2026-03-31' },
      { reference: 'P2', day: '2026-04-01' },
      { reference: 'P3', day: '2026-03-31' },
    ]);
  });

  it('that a person withdrew or corrected stand against the file, and give way to what is new in it', async () => {
    const training = (attending: string) =>
      csv(
        'so,ngay,don_vi,so_can_bo_tham_du,bien_che',
        `H1,2/3/2026,Sở Y tế,${attending},12`,
        'H2,2/3/2026,Sở Du lịch,5,12',
      );
    await bring('training', training('9'));
    const asLocal = (change: Sql) =>
      db.write(async (tx) => {
        await tx.rows(z.unknown(), sql`select set_config('diaban.actor', 'local', true)`);
        await tx.execute(change);
      });
    await asLocal(sql`update trainings set officers_attending = 10 where reference = 'H1'`);
    await asLocal(sql`update trainings set withdrawal_reason = 'duplicate' where reference = 'H2'`);
    const attending = () =>
      rowsOf(sql`select reference, officers_attending as n, version from trainings order by 1`);

    const again = await bring('training', training('9'));
    expect(again.written).toEqual({ inserted: 0, updated: 0, unchanged: 2 });
    expect(again.notes).toEqual([
      expect.stringMatching(/^line 2 was corrected on .* the correction stays/),
      expect.stringMatching(/^line 3 was withdrawn on \d{4}-\d\d-\d\d and stays so/),
    ]);
    expect(await attending()).toEqual([{ reference: 'H1', n: 10, version: 2 }]);

    const news = await bring('training', training('11'));
    expect(news.written).toEqual({ inserted: 0, updated: 1, unchanged: 1 });
    expect(await attending()).toEqual([{ reference: 'H1', n: 11, version: 3 }]);
    expect(
      await rowsOf(sql`
        select version, change, changed_by as by, (was ->> 'officers_attending')::integer as n
          from activity_history where was ->> 'reference' = 'H1' order by version`),
    ).toEqual([
      { version: 1, change: 'corrected', by: 'local', n: 9 },
      { version: 2, change: 'imported', by: 'import', n: 10 },
    ]);
  });

  it('of a plan that was withdrawn are not brought back, and a plan of another day is a new one', async () => {
    const plan = (day: string) => csv('xa,nam,ngay_ban_hanh', `Hoa Lư,2026,${day}`);
    await bring('commune-plans', plan('15/01/2026'));
    await db.write((tx) => tx.execute(sql`update commune_plans set withdrawal_reason = 'mistaken'`));
    const again = await bring('commune-plans', plan('15/01/2026'));
    expect([again.written.inserted, again.noteCount]).toEqual([0, 1]);
    expect((await bring('commune-plans', plan('20/02/2026'))).written.inserted).toBe(1);
    expect((await bring('commune-plans', plan('20/02/2026'))).written.unchanged).toBe(1);
    expect(
      await rowsOf(
        sql`select issued_on::text as day, withdrawn_at is null as standing from commune_plan_records order by 1`,
      ),
    ).toEqual([
      { day: '2026-01-15', standing: false },
      { day: '2026-02-20', standing: true },
    ]);
  });

  it('of every other kind come in', async () => {
    expect(
      (
        await bring(
          'training',
          csv(
            'ngay,xa,don_vi,so_can_bo_tham_du,tong_so_can_bo',
            '5/5/2026,Hoa Lư,UBND phường,5,9',
            '5/5/2026,,Sở Y tế,7,8',
          ),
        )
      ).written.inserted,
    ).toBe(2);
    expect((await bring('press-items', csv('ngay_dang,cap', '5/5/2026,trung ương'))).written.inserted).toBe(
      1,
    );
    expect(
      (
        await bring(
          'dormitories',
          csv(
            'ma,ten,loai,so_nguoi,wkt',
            'D1,KTX,ký túc xá,120,"POLYGON ((105.01 20.01, 105.02 20.01, 105.02 20.02, 105.01 20.01))"',
            'D2,Trọ,khu trọ công nhân,30,POINT (105.05 20.05)',
          ),
        )
      ).written.inserted,
    ).toBe(2);
    expect(
      (
        await bring(
          'industrial-parks',
          csv(
            'ma,ten,so_cong_nhan,wkt',
            'K1,Khánh Phú,"4.412","POLYGON ((105.01 20.01, 105.02 20.01, 105.02 20.02, 105.01 20.01))"',
          ),
        )
      ).written.inserted,
    ).toBe(1);
    expect(
      (
        await bring(
          'border-areas',
          csv(
            'loai,xa,tinh,be_rong,wkt',
            'giáp ranh,Hoa Lư,Hà Nội,800,"POLYGON ((105.01 20.01, 105.02 20.01, 105.02 20.02, 105.01 20.01))"',
          ),
        )
      ).written,
    ).toEqual({ inserted: 0, updated: 1, unchanged: 0 });
    expect(
      await rowsOf(
        sql`select derivation, width_meters as width from border_areas where commune_code = '14329'`,
      ),
    ).toEqual([{ derivation: 'imported', width: 800 }]);
    // What was imported outlives a derivation
    await bring('communes', communes(three));
    expect(await rowsOf(sql`select derivation from border_areas where commune_code = '14329'`)).toEqual([
      { derivation: 'imported' },
    ]);
    const session = csv(
      'ngay,hinh_thuc,doi_tuong,loai_dia_diem,ma_dia_diem,so_nguoi',
      '6/6/2026,tọa đàm,công nhân,KCN,K1,300',
    );
    await bring('outreach', session);
    expect(await rowsOf(sql`select commune_code as code, attendance from outreach_sessions`)).toEqual([
      { code: '14329', attendance: 300 },
    ]);
  });
});

it.each([
  ['where there are rows', ['OLD']],
  ['in a first load', []],
])('keeps all the old data and none of the new when killed in mid-import, %s', async (_, old) => {
  const own = await createTestDatabase();
  const many = csv(header, ...Array.from({ length: 60_000 }, (_, at) => establishment(`N${at}`)));
  const opened = await openDatabase(own.options);
  await importFile(opened, 'communes', communes(three));
  if (old.length)
    await importFile(opened, 'establishments', csv(header, ...old.map((license) => establishment(license))));
  const before = await opened.read(readDataVersion);
  await opened.close();

  const importer = fork(new URL('../testing/killed-import.ts', import.meta.url), ['establishments', many], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...own.environment },
  });
  // By the time that 50,000 rows have been read, the first 20,000 are written and the next are under way
  const [message] = await once(importer, 'message');
  importer.kill('SIGKILL');
  await once(importer, 'exit');
  expect(message).toBe('reading');
  // The embedded engine ends by itself once its owner is gone; what opens the folder before that would meet its end.
  await expect
    .poll(() => lockHolder(join(own.environment.DATA_DIR, 'embedded.pid')), { timeout: 60_000 })
    .toBeNull();

  const after = await openDatabase(own.options);
  try {
    const licenses = await after.read((tx) =>
      tx.rows(z.object({ license: z.string() }), sql`select license_number as license from establishments`),
    );
    expect(licenses).toEqual(old.map((license) => ({ license })));
    expect(await after.read(readDataVersion)).toBe(before);
    // And the next import goes through
    expect((await importFile(after, 'establishments', many)).written.inserted).toBe(60_000);
  } finally {
    await after.close();
    await own.drop();
  }
});
