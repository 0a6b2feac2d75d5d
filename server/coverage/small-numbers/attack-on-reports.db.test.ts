import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sql } from '../../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { insertSquareCommunes } from '../../testing/province.ts';
import {
  attackReports,
  type DueReport,
  drawReports,
  type Range,
  type Told,
} from './testing/attack-on-reports.ts';

// An attacker who has the numbers as the database tells them to a leader, as of many days of a year, and solves them for
// every count of one to four reports. The same attacker finds counts wherever the rule is weakened: so it can find.

const communes = Array.from({ length: 12 }, (_, index) => String(10_001 + index));
const year = 2026;
/** Days throughout the year, and the ends of quarters, which communes' numbers wait for. */
const days = [
  ...new Set([
    ...Array.from({ length: 9 }, (_, index) =>
      new Date(Date.UTC(year, 0, 40 * (index + 1))).toISOString().slice(0, 10),
    ),
    ...['03-31', '06-30', '09-30', '12-31'].map((day) => `${year}-${day}`),
  ]),
].sort();
const quarterEnd = (day: string) =>
  days.filter((one) => one <= day && /(03-31|06-30|09-30|12-31)$/.test(one)).at(-1) ?? null;

const countOf = (reports: readonly DueReport[], commune: string | null, until: string | null) =>
  until === null
    ? 0
    : reports.filter((report) => (commune === null || report.commune === commune) && report.day <= until)
        .length;
const floors = (count: number): Range => [5 * Math.floor(count / 5), 5 * Math.floor(count / 5) + 4];
const nearest = (told: number): Range => (told === 0 ? [0, 4] : told === 5 ? [5, 7] : [told - 2, told + 2]);

describe('the rule, weakened', () => {
  const few: DueReport[] = [
    ...Array.from({ length: 9 }, (_, index) => ({ commune: '10001', day: days[index]! })),
    ...Array.from({ length: 7 }, (_, index) => ({ commune: '10002', day: days[2 * index]! })),
    ...Array.from({ length: 3 }, (_, index) => ({ commune: '10003', day: days[4 * index + 1]! })),
  ];
  const asOfEach = (day: string) => day;

  it('gives the one hidden count back where the total is exact', async () => {
    // 9 and 7 are told, 3 is not; the province has 19
    const told: Told = (day) => ({
      communes: new Map(
        communes.map((code) => {
          const count = countOf(few, code, day);
          return [code, count >= 1 && count <= 4 ? ([1, 4] as const) : ([count, count] as const)];
        }),
      ),
      province: [countOf(few, null, day), countOf(few, null, day)],
    });
    const found = await attackReports(few, communes, days, told, asOfEach);
    expect(found.find(({ name }) => name.startsWith(`10003: to ${days.at(-1)}`))).toMatchObject({ value: 3 });
  });

  it('gives what came in between where two days are told exactly', async () => {
    // suppressed below five, and exact from there on: 7 on one day and 6 on an earlier one
    const told: Told = (day) => ({
      communes: new Map(
        communes.map((code) => {
          const count = countOf(few, code, day);
          return [code, count < 5 ? ([0, 4] as const) : ([count, count] as const)];
        }),
      ),
      province: null,
    });
    expect(await attackReports(few, communes, days, told, asOfEach)).not.toEqual([]);
  });

  it('gives counts back where communes’ fives move from day to day beside an exact number of few communes', async () => {
    const two = communes.slice(0, 2);
    const reports = drawReports(4, two, days);
    const told: Told = (day) => ({
      communes: new Map(two.map((code) => [code, floors(countOf(reports, code, day))])),
      province: [countOf(reports, null, day), countOf(reports, null, day)],
    });
    expect(await attackReports(reports, two, days, told, asOfEach)).not.toEqual([]);
  });
});

describe('what the database tells', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await openTestDatabase();
    await insertSquareCommunes(db, communes);
  });
  afterAll(() => db.close());

  const monthRow = z.object({ communeCode: z.string(), inTime: z.number(), due: z.number() });

  async function record(reports: readonly DueReport[], isLate: boolean, tag: string) {
    await db.write((transaction) =>
      transaction.execute(sql`
        insert into report_records (reference, received_on, due_on, status, resolved_on, commune_code, h3_cell)
        select ${tag} || '-' || n, day::date - 30, day::date, 'resolved', day::date + ${isLate ? 3 : -3}::int, commune, '8741a8c4affffff'
          from unnest(${reports.map(({ commune }) => commune)}::text[], ${reports.map(({ day }) => day)}::text[])
               with ordinality as due (commune, day, n)`),
    );
  }

  it.each([1, 2])('gives no count of 1–4 back: seed %i', async (seed) => {
    await db.write(async (transaction) => {
      await transaction.execute(sql`update report_records set simulated = true`);
      await transaction.execute(sql`delete from report_records`);
    });
    const inTime = drawReports(100 + seed, communes, days);
    const late = drawReports(200 + seed, communes, days).filter((_, index) => index % 3 === 0);
    await record(inTime, false, `T${seed}`);
    await record(late, true, `L${seed}`);
    const asked = new Map<string, z.infer<typeof monthRow>[]>();
    for (const day of days)
      asked.set(
        day,
        await db
          .as({ account: 'leader', role: 'leader', commune: null, address: '127.0.0.1' })
          .read((transaction) =>
            transaction.rows(
              monthRow,
              sql`select distinct on (commune_code) commune_code as "communeCode", numerator as "inTime", denominator as due
                    from shown_indicator_months(${year}, ${day}::date, 'reports-resolved', null)
                   order by commune_code, month desc`,
            ),
          ),
      );
    for (const [reports, of] of [
      [inTime, (row: z.infer<typeof monthRow>) => row.inTime],
      [late, (row: z.infer<typeof monthRow>) => row.due - row.inTime],
    ] as const) {
      const isWide = new Set(reports.map(({ commune }) => commune)).size >= 8;
      const told: Told = (day) => {
        const rows = asked.get(day)!;
        const by = new Map(rows.map((row) => [row.communeCode, of(row)]));
        const total = rows.reduce((sum, row) => sum + of(row), 0);
        return {
          communes: new Map(
            communes.map((code) => [code, [by.get(code) ?? 0, (by.get(code) ?? 0) + 4] as const]),
          ),
          province: isWide ? nearest(total) : null,
        };
      };
      // what is told holds: whole fives of each commune, the province within two
      for (const day of days) {
        const { communes: ranges, province } = told(day);
        const all = countOf(reports, null, day);
        if (province) expect([day, all >= province[0] && all <= province[1]]).toEqual([day, true]);
        for (const code of communes)
          expect([day, code, ranges.get(code)]).toEqual([
            day,
            code,
            floors(countOf(reports, code, quarterEnd(day))),
          ]);
      }
      expect(await attackReports(reports, communes, days, told, quarterEnd)).toEqual([]);
    }
  });
});
