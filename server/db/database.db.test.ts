import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { type Database, DatabaseAway, openDatabase } from './database.ts';
import { lockHolder } from './embedded.ts';
import { migrate } from './migrate.ts';
import { sql } from './sql.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const one = z.object({ value: z.unknown() });
const versionOf = (database: Database) =>
  database.read(
    async (tx) =>
      (await tx.row(z.object({ version: z.number() }), sql`select version from data_version`)).version,
  );

describe('transactions', () => {
  it('keeps answers in step after errors in bound, unbound and syntactically wrong statements', async () => {
    for (const wrong of [sql`select 1 / ${0}::int`, sql`select 1 / 0`, sql`selec ${1}::int`, sql`selec`]) {
      await expect(db.read((tx) => tx.rows(one, wrong))).rejects.toThrow();
      for (const value of [1, 2, 3]) {
        expect(await db.read((tx) => tx.row(one, sql`select ${value}::int as value`))).toEqual({ value });
        expect(await db.read((tx) => tx.row(one, sql`select 7 as value`))).toEqual({ value: 7 });
      }
    }
  });

  it('undoes all of a failed transaction', async () => {
    const failing = db.write(async (tx) => {
      await tx.execute(sql`insert into provinces (code, name) values (${'98'}, ${'Tỉnh thử'})`);
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(
      await db.read((tx) => tx.rows(one, sql`select code as value from provinces where code = '98'`)),
    ).toEqual([]);
  });

  it('refuses to write in a reading transaction', async () => {
    await expect(db.read((tx) => tx.execute(sql`delete from provinces`))).rejects.toThrow(/read-only/);
  });

  it('speaks Vietnam time and leaves no setting behind', async () => {
    const zone = await db.read((tx) => tx.row(one, sql`select current_setting('TimeZone') as value`));
    expect(zone.value).toBe('Asia/Ho_Chi_Minh');
    await db.write((tx) => tx.execute(sql`set local statement_timeout = 12345`));
    const limit = await db.read((tx) =>
      tx.row(one, sql`select current_setting('statement_timeout') as value`),
    );
    expect(limit.value).not.toBe('12345ms');
  });

  it('gives a calendar day as text and a count as a number', async () => {
    const row = await db.read((tx) =>
      tx.row(
        z.object({ day: z.string(), count: z.number() }),
        sql`select '2026-03-01'::date as day, count(*) from provinces`,
      ),
    );
    expect(row.day).toBe('2026-03-01');
  });

  it('runs readers side by side with each other and with a second process of ours', async () => {
    const second = await openDatabase(db.options);
    try {
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, value) =>
          (value % 2 ? db : second).read(async (tx) => {
            const first = await tx.row(one, sql`select ${value}::int as value`);
            const again = await tx.row(one, sql`select ${value}::int + 1000 as value`);
            return [first.value, again.value];
          }),
        ),
      );
      expect(answers).toEqual(Array.from({ length: 40 }, (_, value) => [value, value + 1000]));
    } finally {
      await second.close();
    }
  });

  it('never shows one client the unfinished writes of another', async () => {
    const second = await openDatabase(db.options);
    try {
      let reading: Promise<unknown[]> | undefined;
      await db
        .write(async (tx) => {
          await tx.execute(sql`insert into provinces (code, name) values ('97', 'Tỉnh dở')`);
          reading = second.read((other) =>
            other.rows(one, sql`select 1 as value from provinces where code = '97'`),
          );
          await tx.execute(sql`select 1`);
          throw new Error('undone');
        })
        .catch(() => {});
      expect(await reading).toEqual([]);
    } finally {
      await second.close();
    }
  });
});

describe('data_version', () => {
  it('moves once for a transaction that writes, and not for one that changes no row', async () => {
    const before = await versionOf(db);
    await db.write(async (tx) => {
      await tx.execute(sql`insert into provinces (code, name) values ('90', 'Một')`);
      await tx.execute(sql`insert into provinces (code, name) values ('91', 'Hai')`);
    });
    expect(await versionOf(db)).toBe(before + 1);
    await db.write((tx) => tx.execute(sql`update provinces set name = 'Ba' where code = '00'`));
    await db.write((tx) =>
      tx.execute(sql`insert into provinces (code, name) values ('90', 'Một') on conflict (code) do update
        set name = excluded.name where provinces.name is distinct from excluded.name`),
    );
    expect(await versionOf(db)).toBe(before + 1);
    await db.write((tx) => tx.execute(sql`delete from provinces where code = '91'`));
    expect(await versionOf(db)).toBe(before + 2);
  });

  it('watches every table of places and activities', async () => {
    const unwatched = await db.read((tx) =>
      tx.rows(
        z.object({ name: z.string() }),
        sql`select relname as name from pg_class c
             where relnamespace = 'public'::regnamespace and relkind = 'r'
               and (select count(*) from pg_trigger t where t.tgrelid = c.oid and t.tgname like '%_moves_data_version') < 4
             order by 1`,
      ),
    );
    // What no figure is made of, or is made by the database itself of tables that are watched.
    expect(unwatched.map(({ name }) => name).filter((name) => name !== 'spatial_ref_sys')).toEqual([
      'access_tokens',
      'accounts',
      'activity_history',
      'applied_migrations',
      'audit_log',
      'audit_seals',
      'audit_unsealed',
      'data_imports',
      'data_version',
      'idempotency_keys',
      'indicator_days',
      'known_browsers',
      'masked_days',
      'plan_years',
      'recorded_years',
      'report_due_days',
      'retention_runs',
      'sessions',
      'sign_in_failures',
      'sign_in_settings',
      'stale_standings',
    ]);
  });
});

describe('migrate', () => {
  it('does nothing the second time, also from two processes at once', async () => {
    expect(await migrate(db)).toEqual([]);
    expect(await Promise.all([migrate(db), migrate(db)])).toEqual([[], []]);
  });

  it('refuses an applied file that was edited, naming it', async () => {
    await db.write((tx) => tx.execute(sql`update applied_migrations set sha256 = 'edited'`));
    await expect(migrate(db)).rejects.toThrow(/0001_places-and-activities\.sql was edited/);
  });
});

describe('a database that goes away', () => {
  it('answers DatabaseAway, then recovers by itself', async () => {
    const own = await openTestDatabase();
    try {
      const hanging = own.read((tx) => tx.rows(z.unknown(), sql`select pg_sleep(60)`));
      const outcome = hanging.catch((error: unknown) => error);
      await new Promise((done) => setTimeout(done, 500));
      if (own.engine === 'embedded') {
        process.kill(lockHolder(join(own.environment.DATA_DIR, 'embedded.pid')) ?? Number.NaN, 'SIGKILL');
      } else {
        const name = new URL(own.environment.DATABASE_URL).pathname.slice(1);
        await db.read((tx) =>
          tx.rows(
            z.unknown(),
            sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`,
          ),
        );
      }
      expect(await outcome).toBeInstanceOf(DatabaseAway);
      await expect
        .poll(() => own.read((tx) => tx.row(one, sql`select 5 as value`)).catch(() => null), {
          timeout: 30_000,
        })
        .toEqual({ value: 5 });
    } finally {
      await own.close();
    }
  });

  // A server's programs do not keep its engine for one another.
  if (inject('template').engine === 'embedded') {
    it('goes on in a second program when the one that kept the engine ends', async () => {
      const unopened = await createTestDatabase();
      const owner = await openDatabase(unopened.options);
      const joined = await openDatabase(unopened.options);
      expect(await joined.read((tx) => tx.row(one, sql`select 1 as value`))).toEqual({ value: 1 });
      await owner.close();
      await expect
        .poll(() => joined.read((tx) => tx.row(one, sql`select 2 as value`)).catch(() => null), {
          timeout: 60_000,
          interval: 250,
        })
        .toEqual({ value: 2 });
      await joined.close();
      await unopened.drop();
    });
  }

  it('keeps all that was committed and nothing that was not when its user is killed hard', async () => {
    const unopened = await createTestDatabase();
    const writer = fork(new URL('../testing/killed-writer.ts', import.meta.url), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, ...unopened.environment },
    });
    await once(writer, 'message');
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const after = await openDatabase(unopened.options);
    // The killed program's engine may still be ending: whoever joined it is told so, and finds a new one.
    await expect
      .poll(
        () =>
          after
            .read((tx) => tx.rows(one, sql`select code as value from provinces where code in ('81', '82')`))
            .catch((error: unknown) => (error instanceof DatabaseAway ? 'away' : error)),
        { timeout: 60_000, interval: 250 },
      )
      .toEqual([{ value: '81' }]);
    await after.close();
    await unopened.drop();
  });
});
