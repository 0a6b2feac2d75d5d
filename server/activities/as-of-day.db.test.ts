import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Sql, sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { eraseActivities } from '../testing/erase-activities.ts';
import { insertEstablishments, insertSquareCommunes } from '../testing/province.ts';
import { readAsOfDay } from './queries.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001']);
  await insertEstablishments(db, [{ licenseNumber: 'GP-1', communeCode: '10001' }]);
});
beforeEach(() => db.write(eraseActivities));
afterAll(() => db.close());

// 1 December 2026, half past midnight in Vietnam, when it is still November in Greenwich
const now = new Date('2026-11-30T17:30:00Z');
const asOf = () => db.read((tx) => readAsOfDay(tx, now));
const run = (statement: Sql) => db.write((tx) => tx.execute(statement));
const press = (reference: string, day: string, simulated: boolean) =>
  run(sql`insert into press_items (reference, published_on, outlet_level, simulated)
          values (${reference}, ${day}, 'local', ${simulated})`);
const inspection = (reference: string, day: string, simulated: boolean) =>
  run(sql`insert into inspections (reference, inspected_on, establishment_id, team_level, outcome, ground, simulated)
          select ${reference}, ${day}, id, 'province', 'no-violation', 'planned', ${simulated} from establishments`);

describe('the day on which the records stand', () => {
  it('is today in Vietnam where nothing is recorded, or anything real', async () => {
    expect(await asOf()).toBe('2026-12-01');
    await inspection('I-1', '2026-10-20', true);
    await press('P-1', '2026-03-01', false);
    expect(await asOf()).toBe('2026-12-01');
  });

  it('is the last simulated day of any kind where all is simulated', async () => {
    await inspection('I-1', '2026-10-20', true);
    expect(await asOf()).toBe('2026-10-20');
    await press('P-1', '2026-10-31', true);
    expect(await asOf()).toBe('2026-10-31');
    await run(
      sql`insert into commune_plans (commune_code, year, issued_on, simulated) values ('10001', 2026, '2026-01-15', true)`,
    );
    expect(await asOf()).toBe('2026-10-31');
  });

  it('does not count what was withdrawn', async () => {
    await inspection('I-1', '2026-10-20', true);
    await press('P-1', '2026-10-31', true);
    await press('P-2', '2026-09-01', false);
    await run(sql`update press_items set withdrawal_reason = 'trial'`);
    expect(await asOf()).toBe('2026-10-20');
  });

  it('is found by steps down an index in each table, not by reading the rows', async () => {
    await run(sql`
      insert into press_items (reference, published_on, outlet_level, simulated)
      select 'P-' || n, date '2026-01-01' + n % 300, 'local', true from generate_series(1, 20000) as n`);
    await run(sql`analyze press_item_records`);
    const plan = await db.read((tx) =>
      tx.rows(
        z.object({ 'QUERY PLAN': z.string() }),
        sql`explain select exists (select from press_items where not simulated), (select max(published_on) from press_items where simulated)`,
      ),
    );
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).not.toMatch(/Seq Scan/);
    expect(text).toMatch(/Index Only Scan Backward/);
  });
});
