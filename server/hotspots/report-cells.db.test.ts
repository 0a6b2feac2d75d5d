import { cellToChildren, latLngToCell } from 'h3-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertSquareCommunes } from '../testing/province.ts';
import { readReportCells } from './queries.ts';
import { createRandom, nextUniform } from './random.ts';
import { coarseReports } from './testing/coarse-reports.ts';
import { wholeQuarters } from './whole-quarters.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001']);
});
afterAll(() => db.close());
beforeEach(() =>
  db.write(async (transaction) => {
    await transaction.execute(sql`update report_records set simulated = true`);
    await transaction.execute(sql`delete from report_records`);
  }),
);

type Made = { cell: string; on: string; by?: string; count: number };
let made = 0;
const insert = (reports: readonly Made[]) =>
  db.write(async (transaction) => {
    for (const { cell, on, by = 'commune', count } of reports) {
      made += 1000;
      await transaction.execute(sql`
        insert into report_records (reference, received_on, due_on, status, commune_code, h3_cell, recorded_role)
        select 'TB-' || (${made}::int + n), ${on}::date, ${on}::date + 30, 'received', '10001', ${cell}, ${by}
          from generate_series(1, ${count}::int) n`);
    }
  });
const told = (from: string, to: string) => db.read((transaction) => readReportCells(transaction, from, to));

const siblings = cellToChildren(latLngToCell(20.05, 106.05, 6), 7);
const [first = '', second = '', third = ''] = siblings;
const alone = latLngToCell(19.7, 106.5, 7);

describe('reports by cell', () => {
  it('keep a cell of five, join fewer in their parent, and withhold what stays fewer', async () => {
    // 6 stay where they are; 3 + 2 meet in the parent; 4 far away meet nobody up to resolution 5 and are told as none
    await insert([
      { cell: first, on: '2026-01-01', count: 6 },
      { cell: second, on: '2026-03-31', count: 3 },
      { cell: third, on: '2026-02-10', count: 2 },
      { cell: alone, on: '2026-02-10', count: 4 },
    ]);
    const { cells, counts, withheld } = await told('2026-01-01', '2026-03-31');
    expect(counts.toSorted()).toEqual([5, 6]);
    expect(cells).toContain(first);
    expect(withheld).toBe(0);
  });

  it('are not joined where all that meet must have four', async () => {
    await insert([
      { cell: first, on: '2026-01-01', count: 4 },
      { cell: second, on: '2026-01-01', count: 4 },
    ]);
    // 8 of two cells with fewer than five each could be 4 and 4 alone
    expect(await told('2026-01-01', '2026-03-31')).toMatchObject({ cells: [], withheld: 10 });
  });

  it('count whole quarters alone, each by itself', async () => {
    await insert([
      { cell: first, on: '2026-03-31', count: 4 },
      { cell: first, on: '2026-04-01', count: 4 },
      { cell: second, on: '2026-07-01', count: 7 },
    ]);
    expect((await told('2026-01-01', '2026-08-31')).counts).toEqual([]);
    expect((await told('2026-01-02', '2026-09-30')).counts).toEqual([7]);
    expect((await told('2026-07-02', '2026-12-31')).counts).toEqual([]);
  });

  it('are joined among those that one role recorded', async () => {
    await insert([
      { cell: first, on: '2026-01-05', count: 4 },
      { cell: first, on: '2026-01-05', by: 'inspector', count: 4 },
    ]);
    expect((await told('2026-01-01', '2026-03-31')).counts).toEqual([]);
  });

  it('are those that the same rule gives in a program of its own', async () => {
    const random = createRandom(17, 5);
    for (let round = 0; round < 12; round++) {
      await db.write(async (transaction) => {
        await transaction.execute(sql`update report_records set simulated = true`);
        await transaction.execute(sql`delete from report_records`);
      });
      const counts = new Map<string, number>();
      for (let one = 0; one < 40; one++) {
        const cell = latLngToCell(19.9 + nextUniform(random) * 0.5, 105.9 + nextUniform(random) * 0.5, 7);
        counts.set(cell, 1 + Math.floor(nextUniform(random) * 6));
      }
      await insert([...counts].map(([cell, count]) => ({ cell, on: '2026-05-05', count })));
      const expected = coarseReports([...counts.keys()], [...counts.values()]);
      const { cells, counts: found, withheld } = await told('2026-04-01', '2026-06-30');
      expect(new Map(cells.map((cell, index) => [cell, found[index]!]))).toEqual(expected.kept);
      expect(Math.abs(withheld - expected.withheld)).toBeLessThan(5);
    }
  });
});

describe('whole quarters', () => {
  it.each([
    ['2026-01-01', '2026-03-31', { from: '2026-01-01', to: '2026-03-31' }],
    ['2026-01-02', '2026-06-30', { from: '2026-04-01', to: '2026-06-30' }],
    ['2025-05-01', '2026-10-31', { from: '2025-07-01', to: '2026-09-30' }],
    ['2025-12-15', '2026-04-15', { from: '2026-01-01', to: '2026-03-31' }],
    ['2026-01-02', '2026-06-29', null],
    ['2026-10-01', '2026-10-31', null],
  ])('from %s to %s', (from, to, expected) => {
    expect(wholeQuarters(from, to)).toEqual(expected);
  });
});
