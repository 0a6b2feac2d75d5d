import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertSquareCommunes } from '../testing/province.ts';
import { demoCounts } from './generate.ts';
import { DemoRefused, loadDemo, loadDemoIfEmpty, removeDemo } from './load.ts';
import { countMarkedRows } from './queries.ts';

const counted = z.object({ n: z.number() });

describe('loading the demo', () => {
  let db: TestDatabase;
  const lines: string[] = [];
  beforeAll(async () => {
    db = await openTestDatabase();
    await loadDemo(db, { progress: (line) => lines.push(line) });
  });
  afterAll(() => db.close());

  const versionOf = async (): Promise<number> =>
    (await db.read((tx) => tx.row(counted, sql`select version as n from data_version`))).n;
  const rowsOf = async () =>
    Object.fromEntries(
      (await db.read(countMarkedRows)).map(({ table, simulated, real }) => [table, { simulated, real }]),
    );

  it('writes every kind, all of it marked as simulated', async () => {
    const rows = await rowsOf();
    for (const [table, { real }] of Object.entries(rows)) expect(real, table).toBe(0);
    expect(rows).toMatchObject({
      communes: { simulated: 129 },
      neighbour_provinces: { simulated: 4 },
      industrial_parks: { simulated: demoCounts['industrial-parks'] },
      dormitories: { simulated: demoCounts.dormitories },
      schools: { simulated: demoCounts.schools },
      establishments: { simulated: demoCounts.establishments },
      outreach_sessions: { simulated: demoCounts.outreach },
      inspections: { simulated: demoCounts.inspections },
      reports: { simulated: demoCounts.reports },
      press_items: { simulated: demoCounts['press-items'] },
    });
    expect(lines).toContain('129 xã, phường');
    expect(lines).toContain('4.000 cơ sở kinh doanh dịch vụ');
  });

  it('puts establishments in the communes of their licence numbers', async () => {
    const astray = await db.read((tx) =>
      tx.row(
        counted,
        sql`select count(*) as n from establishments where substr(license_number, 4, 5) <> commune_code`,
      ),
    );
    expect(astray.n).toBe(0);
  });

  it('derives border areas for exactly the communes that the facts list, and the outlines are a coverage', async () => {
    const strips = await db.read((tx) =>
      tx.rows(
        z.object({ kind: z.string(), neighbour: z.string().nullable(), n: z.number() }),
        sql`select kind, neighbour_province as neighbour, count(*) as n from border_areas group by 1, 2 order by 1, 2`,
      ),
    );
    expect(Object.fromEntries(strips.map(({ kind, neighbour, n }) => [neighbour ?? kind, n]))).toEqual({
      'Hà Nội': 6,
      'Hưng Yên': 18,
      'Phú Thọ': 11,
      'Thanh Hóa': 9,
      coastal: 13,
    });
    const overlap = await db.read((tx) =>
      tx.row(
        counted,
        sql`select count(*) as n from communes as a join communes as b
              on a.code < b.code and a.geom && b.geom and ST_Area(ST_Intersection(a.geom, b.geom)) > 0`,
      ),
    );
    expect(overlap.n).toBe(0);
  });

  it('changes nothing when loaded again, and is left alone by a start', async () => {
    const before = await versionOf();
    await loadDemo(db, { progress: () => {} });
    expect(await loadDemoIfEmpty(db, { progress: () => {} })).toBe(false);
    expect(await versionOf()).toBe(before);
  });

  it('is not removed from under real records', async () => {
    await db.write((tx) =>
      tx.execute(sql`
        insert into inspections (reference, inspected_on, establishment_id, team_level, outcome, ground)
        select 'REAL-1', '2026-06-01', min(id), 'province', 'no-violation', 'planned' from establishments`),
    );
    await expect(removeDemo(db, { progress: () => {} })).rejects.toThrow(/1 inspections/);
    await expect(loadDemo(db, { progress: () => {} })).rejects.toThrow(DemoRefused);
    expect((await rowsOf()).establishments).toEqual({ simulated: demoCounts.establishments, real: 0 });
    await expect(
      db.write((tx) => tx.execute(sql`delete from inspections where reference = 'REAL-1'`)),
    ).rejects.toThrow(/real and cannot be deleted/);
    // Nothing but this makes it go.
    await db.write((tx) =>
      tx.execute(sql`update inspections set simulated = true where reference = 'REAL-1'`),
    );
  });

  it('is removed without a trace, and loads again into the empty database', async () => {
    await removeDemo(db, { progress: () => {} });
    for (const [table, rows] of Object.entries(await rowsOf())) {
      expect(rows, table).toEqual({ simulated: 0, real: 0 });
    }
    expect(await loadDemoIfEmpty(db, { progress: () => {} })).toBe(true);
    expect((await rowsOf()).communes).toEqual({ simulated: 129, real: 0 });
  });
});

describe('a database with real data', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await openTestDatabase();
    await insertSquareCommunes(db, ['99001']);
  });
  afterAll(() => db.close());

  it('takes no demo, and says why and what to do', async () => {
    await expect(loadDemo(db, { progress: () => {} })).rejects.toThrow(
      /holds real data \(1 communes\).*another DATA_DIR or DATABASE_URL/,
    );
    expect(await loadDemoIfEmpty(db, { progress: () => {} })).toBe(false);
    const { n } = await db.read((tx) =>
      tx.row(counted, sql`select count(*) as n from communes where simulated`),
    );
    expect(n).toBe(0);
  });

  it('keeps its rows when the demo is removed', async () => {
    await removeDemo(db, { progress: () => {} });
    const { n } = await db.read((tx) => tx.row(counted, sql`select count(*) as n from communes`));
    expect(n).toBe(1);
  });
});
