import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database, Transaction } from '../../db/database.ts';
import { sql } from '../../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { insertSquareCommunes } from '../../testing/province.ts';
import { readIndicatorFigures, readIndicatorSeries } from './queries.ts';

const communes = ['10001', '10002', '10003'];
const places = ['E1', 'E2', 'E3', 'P1', 'S1', null] as const;

/** Three establishments (one of unknown size, one closed in 2026), a park and a school over three communes. */
async function insertPlaces(db: Database): Promise<void> {
  await insertSquareCommunes(db, communes);
  await db.write(async (transaction) => {
    await transaction.execute(sql`
      insert into establishments (license_number, category, lead_agency, commune_code, workers, active_from, active_to, geom)
      select e.name, 'karaoke', 'so-van-hoa-the-thao', c.code, e.workers, e.active_from::date, e.active_to::date, c.label_point
        from (values ('E1', '10001', 12, '2020-01-01', null), ('E2', '10002', null, '2025-08-01', null),
                     ('E3', '10002', 30, '2024-01-01', '2026-04-30')) e (name, commune, workers, active_from, active_to)
        join communes c on c.code = e.commune`);
    await transaction.execute(sql`
      insert into industrial_parks (reference, name, commune_code, workers, geom)
      values ('P1', 'P', '10001', 40, ST_Multi(ST_MakeEnvelope(106.01, 20.01, 106.02, 20.02, 4326)))`);
    await transaction.execute(sql`
      insert into schools (reference, name, kind, commune_code, students, geom)
      select 'S1', 'S', 'vocational', code, 90, label_point from communes where code = '10003'`);
  });
}

const day = fc
  .integer({ min: 0, max: 729 })
  .map((n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10));
const activity = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('outreach' as const),
      day,
      audience: fc.constantFrom('residents', 'establishment-workers', 'industrial-workers', 'students'),
      commune: fc.constantFrom(...communes),
      place: fc.constantFrom(...places),
      attendance: fc.nat(60),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('inspection' as const),
      day,
      place: fc.constantFrom('E1', 'E2', 'E3'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('report' as const),
      day,
      commune: fc.constantFrom(...communes),
      resolvedAfter: fc.option(fc.nat(60)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('training' as const),
      day,
      commune: fc.option(fc.constantFrom(...communes)),
      unit: fc.constantFrom('U1', 'U2'),
      inPost: fc.integer({ min: 1, max: 30 }),
      share: fc.integer({ min: 0, max: 100 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('press' as const),
      day,
      commune: fc.option(fc.constantFrom(...communes)),
      level: fc.constantFrom('central', 'local'),
    }),
  },
);
type Activity = ReturnType<typeof activity.generate>['value'];

async function record(transaction: Transaction, reference: string, made: Activity): Promise<void> {
  switch (made.kind) {
    case 'outreach':
      return void (await transaction.execute(sql`
        insert into outreach_sessions (reference, held_on, form, audience, commune_code, establishment_id, industrial_park_id, school_id, attendance)
        select ${reference}, ${made.day}::date, 'direct', ${made.audience},
               coalesce(e.commune_code, p.commune_code, s.commune_code, ${made.commune}), e.id, p.id, s.id, ${made.attendance}::int
          from (select ${made.place}::text as place) asked
          left join establishments e on e.license_number = asked.place
          left join industrial_parks p on p.reference = asked.place
          left join schools s on s.reference = asked.place`));
    case 'inspection':
      return void (await transaction.execute(sql`
        insert into inspections (reference, inspected_on, establishment_id, team_level, outcome, ground)
        select ${reference}, ${made.day}::date, id, 'province', 'no-violation', 'planned' from establishments where license_number = ${made.place}`));
    case 'report':
      return void (await transaction.execute(sql`
        insert into reports (reference, received_on, due_on, status, resolved_on, commune_code, h3_cell)
        values (${reference}, ${made.day}::date, ${made.day}::date + 30, ${made.resolvedAfter === null ? 'received' : 'resolved'},
                ${made.day}::date + ${made.resolvedAfter}::int, ${made.commune}, '8741a8c4affffff')`));
    case 'training':
      return void (await transaction.execute(sql`
        insert into trainings (reference, held_on, commune_code, unit, officers_attending, officers_in_post)
        values (${reference}, ${made.day}::date, ${made.commune}, ${made.unit}, ${Math.floor((made.inPost * made.share) / 100)}, ${made.inPost})`));
    case 'press':
      return void (await transaction.execute(sql`
        insert into press_items (reference, published_on, outlet_level, commune_code)
        values (${reference}, ${made.day}::date, ${made.level}, ${made.commune})`));
  }
}

/** What every change must leave true: what is kept is what the views define, and nothing is left to be done. */
async function expectKeptAsDefined(db: Database): Promise<void> {
  const differing = await db.read((transaction) =>
    transaction.rows(
      z.unknown(),
      sql`
        with kept as (select year, indicator, commune_code, day, numerator, upper_numerator, denominator, unknown_places, central, local from indicator_days),
             defined as (
               select year, indicator, commune_code, day, numerator, upper_numerator, denominator, unknown_places, central, local
                 from indicator_standings where year in (select year from recorded_years))
        select 'kept' as only_in, k.* from (select * from kept except all select * from defined) k
        union all
        select 'defined', d.* from (select * from defined except all select * from kept) d
        union all
        select 'stale', year, indicator, commune_code, null, null, null, null, null, null, null from stale_standings`,
    ),
  );
  expect(differing).toEqual([]);
}

const figures = (db: Database, asOf: string) =>
  db.read((transaction) => readIndicatorFigures(transaction, { year: Number(asOf.slice(0, 4)), asOf }));

describe('standings', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await openTestDatabase();
    await insertPlaces(db);
  });
  afterAll(() => db.close());

  it('are kept as they are defined after any writes, which never lower a numerator when they add', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(activity, { minLength: 1, maxLength: 12 }),
        fc.nat(5),
        async (activities, also) => {
          const before = await figures(db, '2026-12-31');
          await db.write(async (transaction) => {
            for (const each of activities) await record(transaction, `r${++made}`, each);
          });
          await expectKeptAsDefined(db);
          const after = new Map(
            (await figures(db, '2026-12-31')).map((row) => [`${row.indicator} ${row.communeCode}`, row]),
          );
          // A quarter that has ended asks no more of a commune than before, so that no indicator falls.
          for (const row of before) {
            const now = after.get(`${row.indicator} ${row.communeCode}`)!;
            expect(now.numerator).toBeGreaterThanOrEqual(row.numerator);
            expect(now.upperNumerator ?? 0).toBeGreaterThanOrEqual(row.upperNumerator ?? 0);
          }
          for (const { numerator, upperNumerator, denominator } of after.values()) {
            if (denominator === null) continue;
            expect(numerator).toBeLessThanOrEqual(upperNumerator ?? denominator);
            expect(upperNumerator ?? numerator).toBeLessThanOrEqual(denominator);
          }
          // Corrections, withdrawals and changes of places, of which each must be followed too.
          await db.write(async (transaction) => {
            const changes = [
              sql`update outreach_session_records set withdrawal_reason = 'mistaken' where id = (select min(id) from outreach_sessions)`,
              sql`update outreach_session_records set held_on = held_on + 40, attendance = attendance + 7 where id = (select max(id) from outreach_sessions)`,
              sql`update inspection_records set withdrawal_reason = 'duplicate' where id = (select min(id) from inspections)`,
              sql`update establishments set workers = coalesce(workers, 0) + 3, active_to = case when active_to is null then date '2026-09-09' end where license_number = 'E1'`,
              sql`update schools set students = students - 1, commune_code = case commune_code when '10003' then '10001' else '10003' end`,
              sql`update training_records set officers_in_post = officers_in_post + 1 where id = (select max(id) from trainings)`,
            ];
            await transaction.execute(changes[also]!);
          });
          await expectKeptAsDefined(db);
        },
      ),
      { seed: 20261123, numRuns: 25 },
    );
  });

  it('are the same in every month as they were asked for on its last day', async () => {
    const series = await db.read((transaction) =>
      readIndicatorSeries(transaction, { year: 2026, asOf: '2026-12-31' }),
    );
    for (const month of [1, 3, 7, 12]) {
      const last = new Date(Date.UTC(2026, month, 0)).toISOString().slice(0, 10);
      for (const figure of await figures(db, last)) {
        const row = series.find(
          ({ indicator, communeCode }) =>
            indicator === figure.indicator && communeCode === figure.communeCode,
        )!;
        const index = row.months.findLastIndex((changed) => changed <= month);
        expect([row.numerators[index], row.denominators[index]]).toEqual([
          figure.numerator,
          figure.denominator,
        ]);
      }
    }
  });

  it('follow a commune that comes and one that goes', async () => {
    await db.write(async (transaction) => {
      await transaction.execute(sql`
        insert into communes (code, province_code, name, search_key, type, area_square_km, geom)
        values ('10009', '37', 'Xã mới', 'xa moi', 'xã', 100, ST_Multi(ST_MakeEnvelope(108, 20, 108.1, 20.1, 4326)))`);
    });
    await expectKeptAsDefined(db);
    expect(
      (await figures(db, '2026-12-31')).filter(({ communeCode }) => communeCode === '10009').length,
    ).toBeGreaterThan(0);
    await db.write((transaction) => transaction.execute(sql`delete from communes where code = '10009'`));
    await expectKeptAsDefined(db);
    expect((await figures(db, '2026-12-31')).filter(({ communeCode }) => communeCode === '10009')).toEqual(
      [],
    );
  });

  it('of a transaction that fails are those of before', async () => {
    const before = await figures(db, '2026-12-31');
    await expect(
      db.write(async (transaction) => {
        await transaction.execute(sql`update schools set students = students + 500`);
        throw new Error('half way');
      }),
    ).rejects.toThrow('half way');
    expect(await figures(db, '2026-12-31')).toEqual(before);
    await expectKeptAsDefined(db);
  });
});

it('do not depend on the order in which the rows were written', async () => {
  const activities = fc.sample(activity, { seed: 20261123, numRuns: 80 });
  const [one, other] = await Promise.all([openTestDatabase(), openTestDatabase()]);
  try {
    for (const [db, rows] of [
      [one, activities.map((made, index) => [made, index] as const)],
      [other, activities.map((made, index) => [made, index] as const).reverse()],
    ] as const) {
      await insertPlaces(db);
      for (let start = 0; start < rows.length; start += 20) {
        await db.write(async (transaction) => {
          for (const [made, index] of rows.slice(start, start + 20))
            await record(transaction, `r${index}`, made);
        });
      }
    }
    for (const asOf of ['2025-06-30', '2026-02-14', '2026-12-31'])
      expect(await figures(one, asOf)).toEqual(await figures(other, asOf));
  } finally {
    await one.close();
    await other.close();
  }
});
