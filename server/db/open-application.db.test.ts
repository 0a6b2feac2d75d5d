import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { askersOf, insertPolicyProvince, otherCommune, ownCommune } from '../access/testing/two-communes.ts';
import { createTestDatabase, type UnopenedDatabase } from '../testing/database.ts';
import { type Actor, type Database, DatabaseAway, openDatabase, type Transaction } from './database.ts';
import { openApplication, ownApplicationUrl } from './open-application.ts';
import { type Sql, sql } from './sql.ts';

// The server's own view of the database: no right of its own, and in each transaction those of whoever asks.

let created: UnopenedDatabase;
/** As in use, over two connections, with statements ended after a second. */
let db: Database;
beforeAll(async () => {
  created = await createTestDatabase();
  const owner = await openDatabase(created.options);
  await insertPolicyProvince(owner);
  await owner.close();
  db = await openApplication({ ...created.options, poolSize: 2, timeoutMilliseconds: 1000 });
});
afterAll(async () => {
  await db.close();
  await created.drop();
});

const actor = (role: keyof typeof askersOf, more: Partial<Actor> = {}): Actor => ({
  ...askersOf[role],
  address: '127.0.0.1',
  ...more,
});
const commune = (code: string): Actor => actor('commune', { commune: code, account: `xa-${code}` });

const anything = z.record(z.string(), z.unknown());
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: { code?: string }) => error.code,
  );
const denied = '42501';

describe('without an asker', () => {
  it.each([
    'communes',
    'schools',
    'establishments',
    'inspection_records',
    'outreach_sessions',
    'report_records',
    'indicator_days',
    'activity_history',
  ])('nothing is read of %s', async (table) => {
    const read = db.read((transaction) =>
      transaction.rows(anything, sql`select * from ${sql.identifier(table)}`),
    );
    expect(await refusal(read)).toBe(denied);
  });

  it('nothing is written', async () => {
    for (const statement of [
      sql`insert into provinces (code, name) values ('99', 'Thử')`,
      sql`update communes set population = 1`,
      sql`delete from report_records`,
      sql`truncate activity_history`,
      sql`create table planted (id int)`,
      sql`drop table report_records`,
      sql`alter table establishments disable row level security`,
    ])
      expect(await refusal(db.write((transaction) => transaction.execute(statement)))).toBe(denied);
  });

  it('the version of the data and the health of the server are known', async () => {
    const row = await db.read((transaction) =>
      transaction.row(
        anything,
        sql`select (select version from data_version) > 0 as known, holds_demo() as demo`,
      ),
    );
    expect(row).toEqual({ known: true, demo: false });
  });
});

describe('the account that a server database is asked with', () => {
  it('has no right of its own', async () => {
    // The embedded database has one account: there each transaction gives its rights up first.
    if (db.engine === 'embedded') return;
    const owner = await openDatabase(created.options);
    const url = await ownApplicationUrl(owner, created.environment.DATABASE_URL);
    await owner.close();
    const bare = await openDatabase({ ...created.options, databaseUrl: url });
    try {
      const session = await bare.read((transaction) =>
        transaction.row(
          anything,
          sql`select session_user::text as account, current_user::text as acting, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolbypassrls
                from pg_roles where rolname = session_user`,
        ),
      );
      expect(session).toEqual({
        account: 'diaban_application',
        acting: 'diaban_application',
        rolsuper: false,
        rolinherit: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolbypassrls: false,
      });
      for (const table of ['communes', 'establishments', 'report_records', 'accounts', 'data_version'])
        expect(
          await refusal(
            bare.read((transaction) =>
              transaction.rows(anything, sql`select * from ${sql.identifier(table)}`),
            ),
          ),
          table,
        ).toBe(denied);
      expect(
        await refusal(bare.write((transaction) => transaction.execute(sql`set local role diaban`))),
      ).toBe(denied);
    } finally {
      await bare.close();
    }
  });
});

const stateRow = z.object({ role: z.string(), actor: z.string(), commune: z.string(), address: z.string() });
const seenRow = z.object({ schools: z.array(z.string()) });
const state = sql`select current_user::text as role, current_setting('diaban.actor', true) as actor,
  current_setting('diaban.commune', true) as commune, current_setting('diaban.address', true) as address`;

/** What a transaction of an actor finds of itself, and of the schools that it may see. */
async function look(asker: Actor, transaction: Transaction): Promise<void> {
  expect(await transaction.row(stateRow, state)).toEqual({
    role: `diaban_${asker.role}`,
    actor: asker.account,
    commune: asker.commune ?? '',
    address: asker.address,
  });
  if (asker.role === 'admin' || asker.role === 'visitor') return;
  const { schools } = await transaction.row(
    seenRow,
    sql`select coalesce(array_agg(distinct commune_code order by commune_code), '{}') as schools from schools`,
    { name: 'schools-of-whom' },
  );
  if (asker.commune) expect(schools).toEqual([asker.commune]);
  else expect(schools).toHaveLength(12);
}

describe('two connections among many askers', () => {
  const askers: Actor[] = [
    actor('planner'),
    actor('inspector', { address: '10.0.0.7' }),
    actor('leader'),
    actor('admin'),
    commune(ownCommune),
    commune(otherCommune),
    { account: "o'brien\\'; set role diaban_planner; --", role: 'leader', commune: null, address: "::1' " },
  ];
  const mishaps: readonly ((transaction: Transaction) => Promise<unknown>)[] = [
    async () => {},
    async () => {
      throw new Error('the handler failed');
    },
    (transaction) => transaction.execute(sql`select 1 / 0`),
    (transaction) => transaction.execute(sql`select * from accounts_of_nobody`),
    (transaction) => transaction.execute(sql`set local role none`),
    (transaction) => transaction.execute(sql`select set_config('diaban.commune', ${otherCommune}, true)`),
  ];

  it('carry nothing of one into the transaction of another, whatever happened before', async () => {
    let draw = 20_260_101;
    const next = (below: number) => {
      draw = (draw * 48_271) % 2_147_483_647;
      return draw % below;
    };
    const asked = Array.from({ length: 400 }, () => ({
      asker: askers[next(askers.length)]!,
      mishap: mishaps[next(mishaps.length)]!,
      writing: next(2) === 1,
      nobody: next(5) === 0,
    }));
    const outcomes = await Promise.all(
      asked.map(async ({ asker, mishap, writing, nobody }) => {
        if (nobody)
          return db.read(async (transaction) => {
            expect((await transaction.row(stateRow, state)).role).toBe('diaban_visitor');
            return 'nobody';
          });
        const open = writing ? db.as(asker).write : db.as(asker).read;
        let looked = false;
        const outcome = await open(async (transaction) => {
          await look(asker, transaction);
          looked = true;
          await mishap(transaction);
          return 'ended';
        }).catch(() => 'failed');
        expect(looked).toBe(true);
        return outcome;
      }),
    );
    expect(new Set(outcomes)).toEqual(new Set(['nobody', 'ended', 'failed']));
  });

  it('nor after time-outs', async () => {
    for (const asker of askers) {
      const late = db.as(asker).read(async (transaction) => {
        await look(asker, transaction);
        await transaction.execute(sql`select pg_sleep(3)`);
      });
      const others = askers.map((other) => db.as(other).read((transaction) => look(other, transaction)));
      const [lateEnded, ...ended] = await Promise.allSettled([late, ...others]);
      expect(lateEnded!.status).toBe('rejected');
      // The embedded engine does not hear a time-out: its process is ended, and whoever waited is told so.
      for (const outcome of ended)
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(DatabaseAway);
      if (db.engine === 'embedded') {
        await untilBack();
        break;
      }
    }
    for (const asker of askers) await db.as(asker).read((transaction) => look(asker, transaction));
  });

  async function untilBack(): Promise<void> {
    for (let tries = 0; tries < 60; tries += 1) {
      if (await db.read(async () => true).catch(() => false)) return;
      await new Promise((done) => setTimeout(done, 500));
    }
  }
});

describe('an asker', () => {
  const statements: [string, Sql][] = [
    [
      'another commune',
      sql`insert into training_records (reference, held_on, commune_code, unit, officers_attending, officers_in_post)
       values ('T-x', '2026-03-01', ${otherCommune}, 'Đơn vị', 9, 9)`,
    ],
    [
      'a school of another commune',
      sql`insert into outreach_session_records (reference, held_on, form, audience, commune_code, attendance, school_id)
       values ('S-x', '2026-03-01', 'direct', 'students', ${ownCommune}, 30, (select min(n) from generate_series(1, 12) n where not exists (select from schools s where s.id = n)))`,
    ],
    [
      'a team of the province',
      sql`insert into inspection_records (reference, inspected_on, establishment_id, team_level, outcome, ground)
       select 'I-x', '2026-03-01', min(id), 'province', 'no-violation', 'planned' from establishments`,
    ],
  ];
  it.each(statements)('of a commune writes nothing of %s', async (_, statement) => {
    const written = db.as(commune(ownCommune)).write(async (transaction) => {
      await transaction.rows(anything, sql`select begin_premises_reading('test', '{}')`);
      await transaction.execute(statement);
    });
    expect(['42501', '23503']).toContain(await refusal(written));
  });

  it('cannot give himself another role than the session may take, nor keep one', async () => {
    await db
      .as(actor('leader'))
      .write((transaction) => transaction.execute(sql`set local role diaban_leader`));
    const superuser = db
      .as(actor('leader'))
      .write((transaction) => transaction.execute(sql`set session authorization diaban`));
    // which the embedded database does not have
    expect(await refusal(superuser)).toBe(db.engine === 'server' ? denied : '22023');
  });

  it('is refused when his role is none of ours', async () => {
    const bad = { ...actor('leader'), role: 'postgres; drop table communes' as never };
    await expect(db.as(bad).read(async () => 1)).rejects.toThrow('not a role');
  });
});
