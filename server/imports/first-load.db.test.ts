import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../db/database.ts';
import { type Sql, sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertWavyCommunes } from '../testing/wavy-communes.ts';
import { importFile } from './import-file.ts';
import { ImportRefused } from './import-refused.ts';
import { readDataVersion } from './lookup-queries.ts';
import { arrayText } from './table-queries.ts';

let db: TestDatabase;
let folder: string;
let untouched: unknown;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'diaban-first-load-'));
  db = await openTestDatabase();
  // from 106° E, 20° N, each of 0.06°
  await insertWavyCommunes(db, { columns: 2, rows: 2 });
  untouched = await makeUp();
});
beforeEach(async () => {
  await db.write((tx) => tx.execute(sql`delete from establishments`));
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const rowsOf = (query: Sql) => db.read((tx) => tx.rows(z.record(z.string(), z.unknown()), query));
const count = async () => (await rowsOf(sql`select count(*) as n from establishments`))[0]!.n;

/** Everything that a first load takes off, as the catalogue tells it: definitions, validity, and what is switched on. */
const makeUp = () =>
  rowsOf(sql`
    select pg_get_indexdef(indexrelid) as part, indisvalid::text as state from pg_index where indrelid = 'establishments'::regclass
    union all
    select conname || ' ' || pg_get_constraintdef(oid), convalidated::text from pg_constraint
     where 'establishments'::regclass in (conrelid, confrelid)
    union all
    select tgname || ' ' || tgrelid::regclass::text, tgenabled::text from pg_trigger
     where not tgisinternal and tgrelid = 'establishments'::regclass
     order by 1`);

/** Counts by triangles, as kept and as `place_triangle` gives them for each row. */
const countsKept = () =>
  rowsOf(
    sql`select b, a, upper, places, simulated_places from place_triangles where collection = 'establishments' order by 1, 2, 3`,
  );
const countsAnew = () =>
  rowsOf(sql`
    select t.b, t.a, t.upper, count(*)::integer as places, (count(*) filter (where simulated))::integer as simulated_places
      from establishments, place_triangle(geom_mercator) as t group by 1, 2, 3 order by 1, 2, 3`);

const header = 'so_giay_phep,loai_hinh,so_lao_dong,ngay_cap,kinh_do,vi_do';
const line = (n: number) =>
  `GP-${n},Karaoke,${n % 30},31/12/2025,${(106.001 + (n % 997) * 1e-4).toFixed(6)},${(20.001 + (n % 1009) * 1e-4).toFixed(6)}`;
function file(lines: readonly string[]): string {
  const path = join(folder, 'table.csv');
  writeFileSync(path, [header, ...lines].join('\n'));
  return path;
}
const lines = (n: number) => Array.from({ length: n }, (_, index) => line(index));
const many = 12_000;

it('brings all rows in and leaves the table as it was made, with its counts', async () => {
  const path = file(lines(many));
  const before = await db.read(readDataVersion);
  const report = await importFile(db, 'establishments', path, { simulated: true });
  expect(report.written).toEqual({ inserted: many, updated: 0, unchanged: 0 });
  expect(await count()).toBe(many);
  expect(await makeUp()).toEqual(untouched);
  expect(await countsKept()).toEqual(await countsAnew());
  expect((await countsKept()).length).toBeGreaterThan(10);
  expect(await db.read(readDataVersion)).toBe(before + 1);

  // the second time nothing changes
  const again = await importFile(db, 'establishments', path, { simulated: true });
  expect(again.written).toEqual({ inserted: 0, updated: 0, unchanged: many });
  expect(await db.read(readDataVersion)).toBe(before + 1);

  // and rows that go take their counts with them
  await db.write((tx) => tx.execute(sql`delete from establishments where id % 3 = 0`));
  expect(await countsKept()).toEqual(await countsAnew());
});

it.each([
  [
    'a bad row at the end',
    () => [...lines(many), 'GP-bad,Karaoke,1,31/02/2026,106.05,20.05'],
    /cannot be taken/,
  ],
  ['a licence that comes twice', () => [...lines(many), line(3)], /cannot be taken/],
  [
    'a file cut short',
    () => [...lines(many), 'GP-cut,"Karaoke,1,31/12/2025'],
    /opened and never closed, at the latest on line 12002:/,
  ],
])('writes nothing of %s, and leaves the table as it was made', async (_, content, expected) => {
  const before = await db.read(readDataVersion);
  const error = await importFile(db, 'establishments', file(content())).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ImportRefused);
  expect((error as ImportRefused).what).toMatch(expected);
  expect(await count()).toBe(0);
  expect(await makeUp()).toEqual(untouched);
  expect(await countsKept()).toEqual([]);
  expect(await db.read(readDataVersion)).toBe(before);
});

it('writes nothing in a dry run', async () => {
  const report = await importFile(db, 'establishments', file(lines(many)), { dryRun: true });
  expect(report.written.inserted).toBe(many);
  expect(await count()).toBe(0);
  expect(await makeUp()).toEqual(untouched);
  expect(await countsKept()).toEqual([]);
});

it('lets nothing come behind the end of a refused import that was being written', async () => {
  await importFile(db, 'establishments', file(lines(1)));
  const cut = file([...lines(25_000), 'GP-cut,"Karaoke,1,31/12/2025']);
  await expect(importFile(db, 'establishments', cut)).rejects.toThrow(/never closed/);
  expect(await count()).toBe(1);
  await db.write((tx) => tx.execute(sql`update establishments set workers = 7`));
  expect(await count()).toBe(1);
});

it('writes text as it is, whatever is in it', async () => {
  const texts = ['a"b', 'a\\b', '', 'NULL', '{x,y}', ' , ', 'Thủy\n', '\\"', "o'n"];
  expect(await rowsOf(sql`select ${arrayText([...texts, null])}::text[] as sent`)).toEqual([
    { sent: [...texts, null] },
  ]);
  expect(await rowsOf(sql`select ${arrayText([1.5, null, -0.1, 1e21])}::double precision[] as sent`)).toEqual(
    [{ sent: [1.5, null, -0.1, 1e21] }],
  );
  expect(() => arrayText([{}])).toThrow(TypeError);
});

it.each([
  ['an unknown commune', sql`'GP-x', 'karaoke', 'cong-an', '99999'`, /commune_code_fkey/],
  ['an unknown category', sql`'GP-x', 'none', 'cong-an', (select min(code) from communes)`, /category_fkey/],
  [
    'a licence that is there',
    sql`'GP-y', 'karaoke', 'cong-an', (select min(code) from communes)`,
    /license_number_key/,
  ],
])('is held to its constraints at the end: %s', async (_, row, expected) => {
  const load = db.write(async (tx) => {
    const { ending } = await tx.row(
      z.object({ ending: z.array(z.string()) }),
      sql`select begin_first_load('establishments') as ending`,
    );
    for (const values of [sql`'GP-y', 'karaoke', 'cong-an', (select min(code) from communes)`, row])
      await tx.execute(sql`
        insert into establishments (license_number, category, lead_agency, commune_code, active_from, geom)
        select ${values}, date '2020-01-01', ST_SetSRID(ST_MakePoint(106.05, 20.05), 4326)`);
    await tx.execute(sql`select end_first_load('establishments', ${ending}::text[], 'establishments')`);
  });
  await expect(load).rejects.toThrow(expected);
  expect(await count()).toBe(0);
  expect(await makeUp()).toEqual(untouched);
});

it('is the ordinary way where there are rows', async () => {
  await importFile(db, 'establishments', file(lines(1)));
  expect(
    await db.write((tx) =>
      tx.row(z.object({ ending: z.null() }), sql`select begin_first_load('establishments') as ending`),
    ),
  ).toEqual({ ending: null });
  const report = await importFile(db, 'establishments', file(lines(many)));
  expect(report.written).toEqual({ inserted: many - 1, updated: 0, unchanged: 1 });
  expect(await countsKept()).toEqual(await countsAnew());
});

// The embedded engine has one client at a time: nobody else can hold anything.
if (inject('template').engine === 'server')
  it('gives way to who reads, and loads in the ordinary way', async () => {
    const reader = await openDatabase(db.options);
    try {
      await reader.read(async (tx) => {
        await tx.rows(z.unknown(), sql`select from communes`);
        const report = await importFile(db, 'establishments', file(lines(many)));
        expect(report.written.inserted).toBe(many);
        // who reads goes on reading
        await tx.rows(z.unknown(), sql`select from establishments`);
      });
    } finally {
      await reader.close();
    }
    expect(await makeUp()).toEqual(untouched);
    expect(await countsKept()).toEqual(await countsAnew());
  });
