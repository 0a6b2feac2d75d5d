import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { askersOf, insertPolicyProvince, ownCommune } from '../../access/testing/two-communes.ts';
import { sql } from '../../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../../testing/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertPolicyProvince(db);
});
afterAll(() => db.close());

const differingRow = z.object({ what: z.string(), rows: z.number().int() });
const expectKeptAsDefined = async () => {
  const differing = await db.read((transaction) =>
    transaction.rows(
      differingRow,
      sql`
        with kept as (select year, indicator, commune_code, day, numerator, upper_numerator, denominator from indicator_days),
             defined as (select year, indicator, commune_code, day, numerator, upper_numerator, denominator from indicator_standings
                          where year in (select year from recorded_years)),
             masked as (select year, indicator, commune_code, day, numerator, upper_numerator, denominator from masked_days),
             masked_defined as (select year, indicator, commune_code, day, numerator, upper_numerator, denominator from masked_standings
                                 where year in (select year from recorded_years)),
             due as (select year, commune_code, sum(in_time)::int as in_time, sum(in_time + late)::int as due from report_due_days group by 1, 2),
             due_defined as (select extract(year from due_on)::int as year, commune_code,
                                    (count(*) filter (where resolved_on <= due_on))::int, count(*)::int from reports group by 1, 2)
        select 'exact' as what, count(*) as rows
          from ((select * from kept except select * from defined) union all (select * from defined except select * from kept)) d
        union all
        select 'masked', count(*)
          from ((select * from masked except select * from masked_defined) union all (select * from masked_defined except select * from masked)) d
        union all
        select 'due', count(*)
          from ((select * from due except select * from due_defined) union all (select * from due_defined except select * from due)) d`,
    ),
  );
  expect(differing).toEqual([
    { what: 'exact', rows: 0 },
    { what: 'masked', rows: 0 },
    { what: 'due', rows: 0 },
  ]);
};

describe('what is kept for figures', () => {
  it('is what is defined, exact and masked', expectKeptAsDefined);

  it.each(['commune', 'planner'] as const)(
    'stays so, of every commune, when the role %s records',
    async (role) => {
      // a year of which nothing was on record: every commune's standings are made, by a transaction that sees one
      const heldOn = role === 'commune' ? '2031-03-04' : '2032-03-04';
      await db.as({ ...askersOf[role], address: '127.0.0.1' }).write((transaction) =>
        transaction.execute(sql`
        insert into outreach_session_records (reference, held_on, form, audience, commune_code, school_id, attendance)
        select ${`NEW-${role}`}, ${heldOn}::date, 'direct', 'students', ${ownCommune}, id, 3 from schools where commune_code = ${ownCommune}`),
      );
      await expectKeptAsDefined();
      const { numerator } = await db.read((transaction) =>
        transaction.row(
          z.object({ numerator: z.number() }),
          sql`select numerator from indicator_days where indicator = 'students-reached' and commune_code = ${ownCommune} and day = ${heldOn}::date`,
        ),
      );
      expect(numerator).toBe(3);
    },
  );

  it('is nobody’s to read but through what is told', async () => {
    for (const relation of ['indicator_days', 'masked_days', 'report_due_days', 'masked_standings'])
      for (const role of ['planner', 'inspector', 'leader', 'commune'] as const)
        await expect(
          db
            .as({ ...askersOf[role], address: '127.0.0.1' })
            .read((transaction) =>
              transaction.rows(z.unknown(), sql`select * from ${sql.identifier(relation)} limit 1`),
            ),
        ).rejects.toMatchObject({ code: '42501' });
  });

  it('tells a planner no count that a commune recorded, by any column', async () => {
    const planner = db.as({ ...askersOf.planner, address: '127.0.0.1' });
    const tried = [
      sql`select attendance from outreach_session_records`,
      sql`select attendance from outreach_sessions`,
      sql`select id from outreach_session_records where attendance = 3`,
      sql`select was from activity_history`,
      sql`select workers from establishments`,
      sql`select workers from all_establishments`,
      sql`select id from schools where students < 5`,
      sql`select officers_in_post from trainings`,
    ];
    for (const query of tried)
      await expect(planner.read((transaction) => transaction.rows(z.unknown(), query))).rejects.toMatchObject(
        {
          code: '42501',
        },
      );
    const shown = await planner.read((transaction) =>
      transaction.rows(
        z.object({ attendance: z.number().nullable() }),
        sql`select attendance from shown_outreach_session_records where reference like 'NEW-%' order by reference`,
      ),
    );
    // the commune's 3, and the planner's own
    expect(shown).toEqual([{ attendance: null }, { attendance: 3 }]);
  });
});
