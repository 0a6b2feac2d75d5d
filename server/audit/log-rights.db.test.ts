import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { roles } from '../../contract/access.ts';
import { askersOf, insertPolicyProvince, ownCommune } from '../access/testing/two-communes.ts';
import type { Actor, Transaction } from '../db/database.ts';
import { type Sql, sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { recordEvent } from './queries.ts';

// Straight in SQL, with the rights of each role: what the log lets nobody do, and what cannot be done without it.

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertPolicyProvince(db);
  await db
    .as(visitor)
    .write((transaction) => recordEvent(transaction, 'sign-in-refused', { account: 'ai-do' }));
});
afterAll(() => db.close());

const visitor: Actor = { account: 'visitor', role: 'visitor', commune: null, address: '10.0.0.9' };
const actorOf = (role: Actor['role']): Actor =>
  role === 'visitor' ? visitor : { ...askersOf[role], address: '10.0.0.7' };
const readers = ['planner', 'inspector', 'commune'] as const;
const everyRole = [...roles, 'visitor'] as const;
const tables = ['audit_log', 'audit_seals', 'audit_unsealed'] as const;

const denied = '42501';
const anything = z.record(z.string(), z.unknown());
/** The error of a statement, which leaves nothing behind. */
const errorOf = (role: Actor['role'] | 'owner', ...statements: Sql[]): Promise<string | undefined> => {
  const transactions = role === 'owner' ? db : db.as(actorOf(role));
  return transactions
    .write(async (transaction) => {
      for (const statement of statements) await transaction.rows(anything, statement);
      throw Object.assign(new Error('went through'), { code: 'went through' });
    })
    .then(
      () => undefined,
      (error: { code?: string }) => error.code,
    );
};

const begin = sql`select begin_premises_reading('GET /somewhere', '{"commune": "10003"}')`;
const end = (rows: number) => sql`select end_premises_reading(${rows}::int)`;
const premises = ['establishments', 'inspection_records', 'inspections'] as const;

describe('the tables of the log', () => {
  it.each(everyRole)('are nothing to %s', async (role) => {
    for (const table of tables.map(sql.identifier))
      for (const statement of [
        sql`select * from ${table}`,
        sql`insert into ${table} default values`,
        sql`update ${table} set ${sql.identifier('line')} = 1`,
        sql`delete from ${table}`,
        sql`truncate ${table} cascade`,
      ]) {
        const error = await errorOf(role, statement);
        // audit_log has no column "line": PostgreSQL says so before it looks at the right to update
        expect([denied, '42703'], `${role}: ${statement.parts.join('')}`).toContain(error);
      }
    expect(await errorOf(role, sql`update audit_log set account = 'somebody-else'`)).toBe(denied);
  });

  it.each(everyRole)('cannot be had by the functions that write them: %s', async (role) => {
    for (const statement of [
      sql`select audit_line('signed-in', null, null, null, null)`,
      sql`select open_owner_line()`,
      sql`alter table audit_log disable trigger user`,
      sql`drop trigger lines_are_kept on audit_log`,
      sql`create or replace function reading_is_logged() returns boolean language sql as 'select true'`,
    ])
      expect(await errorOf(role, statement), `${role}: ${statement.parts.join('')}`).toBe(denied);
  });

  it('are not rewritten by who owns them either', async () => {
    await db.write((transaction) => transaction.rows(anything, sql`select seal_audit_log()`));
    for (const statement of [
      sql`update audit_log set account = 'somebody-else'`,
      sql`update audit_log set row_count = 0`,
      sql`delete from audit_log`,
      sql`truncate audit_log cascade`,
      sql`update audit_seals set hash = repeat('0', 64)`,
      sql`delete from audit_seals`,
      sql`truncate audit_seals`,
    ])
      expect(await errorOf('owner', statement), statement.parts.join('')).toBe(denied);
    // nor as a replica, where ordinary triggers do not fire
    expect(
      await errorOf(
        'owner',
        sql`set local session_replication_role = replica`,
        sql`delete from audit_log where id = (select max(id) from audit_log)`,
      ),
    ).toBe(denied);
  });

  it('take no line that the database writes itself from anybody', async () => {
    for (const event of [
      'premises-read',
      'activity-corrected',
      'activity-made-up',
      'imported',
      'log-read',
      'line-missing',
    ])
      expect(await errorOf('admin', sql`select record_audit_event(${event}, '{}')`), event).toBe(denied);
    expect(await errorOf('admin', sql`select record_audit_event('Signed In', '{}')`)).toBe('23514');
    expect(await errorOf('admin', sql`select record_audit_event('signed-in', '[1]')`)).toBe('22023');
    const long = JSON.stringify({ reason: 'x'.repeat(4001) });
    expect(await errorOf('admin', sql`select record_audit_event('signed-in', ${long}::jsonb)`)).toBe('22023');
  });

  it('are read by an admin alone, through functions', async () => {
    for (const role of everyRole.filter((one) => one !== 'admin'))
      for (const statement of [
        sql`select * from read_audit_log(null, null, null, null, null, null, 10)`,
        sql`select * from export_audit_log(null, null, null, null, null, 0, 10)`,
        sql`select audit_accounts()`,
      ])
        expect(await errorOf(role, statement), role).toBe(denied);
    expect(
      await errorOf('admin', sql`select * from read_audit_log(null, null, null, null, null, null, 10)`),
    ).toBe('went through');
  });
});

const lineRow = z.object({
  event: z.string(),
  account: z.string().nullable(),
  role: z.string(),
  commune: z.string().nullable(),
  address: z.string().nullable(),
  endpoint: z.string().nullable(),
  filters: anything.nullable(),
  row_count: z.number().nullable(),
  facts: anything.nullable(),
  content: anything.nullable(),
});
const newest = () =>
  db.read((transaction) =>
    transaction.row(
      lineRow,
      sql`select event, account, role, commune, address, endpoint, filters, row_count, facts, content from audit_log order by id desc limit 1`,
    ),
  );
const countLines = async () =>
  (
    await db.read((transaction) =>
      transaction.row(z.object({ n: z.number() }), sql`select count(*) as n from audit_log`),
    )
  ).n;

describe('single premises', () => {
  it.each(readers)('are not read by %s without a line, nor after it was closed', async (role) => {
    for (const table of premises.map(sql.identifier)) {
      const read = sql`select id from ${table}`;
      expect(await errorOf(role, read)).toBe(denied);
      expect(await errorOf(role, begin, read)).toBe('went through');
      expect(await errorOf(role, begin, end(1), read)).toBe(denied);
      // in one statement with the opening: what the statement sees was there before it
      expect(
        await errorOf(role, sql`select begin_premises_reading('GET /x', '{}'), t.id from ${table} as t`),
      ).toBe(denied);
      // by no detour: a function, a copy, a join, a count
      expect(await errorOf(role, sql`select count(*) from communes c join ${table} e on true`)).toBe(denied);
      expect(
        await errorOf(
          role,
          sql`select query_to_xml('select id from ' || ${table.parts.join('')}::text, true, true, '')`,
        ),
      ).toBe(denied);
    }
  });

  // A session's establishment is there a bare number: which one it is, and where, is read of establishments.
  const numbersAlone = /outreach_session/;
  it.each(everyRole)('are in no other table or view that %s reads without a line', async (role) => {
    const naming = await db.read((transaction) =>
      transaction.rows(
        z.object({ relation: z.string(), name: z.string() }),
        sql`select c.relname::text as relation, min(a.attname)::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
             where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm') and a.attnum > 0
               and (a.attname in ('license_number', 'establishment_id', 'place_id') or c.relname like '%establishments')
               and has_column_privilege(${`diaban_${role}`}, c.oid, a.attnum, 'select')
             group by 1 order by 1`,
      ),
    );
    for (const { relation, name } of naming) {
      if (numbersAlone.test(relation)) continue;
      const read = sql`select ${sql.identifier(name)} from ${sql.identifier(relation)}`;
      expect(await errorOf(role, read), relation).toBe(denied);
    }
    if (role === 'planner') expect(naming.length).toBeGreaterThan(3);
  });

  it.each(readers)('are not changed by %s without a line', async (role) => {
    expect(await errorOf(role, sql`update inspection_records set outcome = 'referred'`)).toBe(denied);
    expect(
      await errorOf(role, sql`update inspection_records set outcome = 'referred' returning reference`),
    ).toBe(denied);
  });

  it('are not read on the line of another transaction, another account or an earlier day', async () => {
    const lineId = await db.as(actorOf('planner')).write(async (transaction) => {
      const { id } = await transaction.row(
        z.object({ id: z.number() }),
        sql`select begin_premises_reading('GET /x', '{}') as id`,
      );
      return id;
    });
    const claim = sql`select set_config('diaban.audit_line', ${String(lineId)}, true)`;
    const read = sql`select id from establishments`;
    expect(await errorOf('planner', claim, read)).toBe(denied);
    expect(
      await errorOf('planner', begin, sql`select set_config('diaban.actor', 'somebody-else', true)`, read),
    ).toBe(denied);
    expect(await errorOf('planner', begin, sql`set local role diaban_inspector`, read)).toBe(denied);
    expect(await errorOf('planner', sql`select set_config('diaban.audit_line', 'x', true)`, read)).toBe(
      '22P02',
    );
    // a line that says it is a reading, and is another event
    expect(
      await errorOf(
        'planner',
        sql`select set_config('diaban.audit_line', record_audit_event('signed-in', '{}')::text, true)`,
        read,
      ),
    ).toBe(denied);
  });

  it('stay out of reach of a leader, an admin and nobody, line or not', async () => {
    for (const role of ['leader', 'admin', 'visitor'] as const) {
      expect(await errorOf(role, begin)).toBe(denied);
      for (const table of premises.map(sql.identifier))
        expect(await errorOf(role, sql`select * from ${table}`)).toBe(denied);
    }
  });

  it('leave a line that says who, from where, what and how many', async () => {
    await db.as({ ...askersOf.commune, address: '10.1.2.3' }).write(async (transaction) => {
      await transaction.rows(anything, begin);
      const rows = await transaction.rows(anything, sql`select license_number from establishments`);
      expect(rows).toHaveLength(8);
      await transaction.rows(anything, end(rows.length));
    });
    expect(await newest()).toEqual({
      event: 'premises-read',
      account: `xa-${ownCommune}`,
      role: 'commune',
      commune: ownCommune,
      address: '10.1.2.3',
      endpoint: 'GET /somewhere',
      filters: { commune: '10003' },
      row_count: 8,
      facts: null,
      content: null,
    });
  });

  it('are counted once, by the transaction that reads them', async () => {
    expect(await errorOf('planner', end(1))).toBe(denied);
    expect(await errorOf('planner', begin, end(1), end(2))).toBe(denied);
    expect(await errorOf('planner', begin, end(-1))).toBe('23514');
    expect(await errorOf('planner', begin, sql`select end_premises_reading(null)`)).toBe('22023');
  });

  it('leave no line where nothing was answered: a transaction that failed', async () => {
    const before = await countLines();
    const reading = db
      .as({ ...actorOf('planner'), asked: { endpoint: 'GET /x', filters: {}, premises: true } })
      .read(async (transaction) => {
        await readAll(transaction);
        throw new Error('the handler failed');
      });
    await expect(reading).rejects.toThrow('the handler failed');
    expect(await countLines()).toBe(before);
  });

  it('are not answered by a handler that does not say how many left', async () => {
    const before = await countLines();
    const asked = { endpoint: 'GET /x', filters: {}, premises: true };
    const silent = db.as({ ...actorOf('planner'), asked }).read(readAll);
    await expect(silent).rejects.toThrow('GET /x did not say how many rows about premises leave');
    expect(await countLines()).toBe(before);
  });

  it('need an account: a role alone is refused', async () => {
    expect(await errorOf('planner', sql`select set_config('diaban.actor', '', true)`, begin)).toBe(denied);
  });
});

const readAll = (transaction: Transaction) => transaction.rows(anything, sql`select id from establishments`);

describe('changes', () => {
  const insert = sql`insert into inspection_records (reference, inspected_on, establishment_id, team_level, outcome, ground)
    select 'KT-thu', '2026-03-03', min(id), 'province', 'no-violation', 'planned' from establishments`;

  it('of a role leave before and after, each by its own line', async () => {
    await db
      .as({ ...actorOf('inspector'), asked: { endpoint: 'PUT /x', filters: {}, premises: true } })
      .write(async (transaction) => {
        await transaction.execute(insert);
        transaction.premisesLeft(1);
      });
    expect(await newest()).toMatchObject({
      event: 'activity-recorded',
      account: 'doi-178-1',
      role: 'inspector',
      address: '10.0.0.7',
      endpoint: 'PUT /x',
      facts: { kind: 'inspections', version: 1, fields: expect.arrayContaining(['outcome', 'reference']) },
      content: {
        before: null,
        after: { reference: 'KT-thu', outcome: 'no-violation', recorded_by: 'doi-178-1' },
      },
    });
    await db.as(actorOf('planner')).write(async (transaction) => {
      await transaction.rows(anything, begin);
      await transaction.execute(
        sql`update inspection_records set outcome = 'referred' where reference = 'KT-thu'`,
      );
    });
    expect(await newest()).toMatchObject({
      event: 'activity-corrected',
      account: 'so-y-te-1',
      facts: { kind: 'inspections', version: 2, fields: ['outcome'] },
      content: { before: { outcome: 'no-violation' }, after: { outcome: 'referred' } },
    });
    await db.as(actorOf('planner')).write(async (transaction) => {
      await transaction.rows(anything, begin);
      await transaction.execute(
        sql`update inspection_records set withdrawal_reason = 'mistaken' where reference = 'KT-thu'`,
      );
    });
    expect(await newest()).toMatchObject({
      event: 'activity-withdrawn',
      facts: { version: 3, fields: ['withdrawal_reason'] },
    });
  });

  it('that change nothing leave none', async () => {
    const before = await countLines();
    await db
      .as(actorOf('planner'))
      .write((transaction) =>
        transaction.execute(
          sql`update outreach_session_records set form = form where recorded_role = 'planner'`,
        ),
      );
    expect(await countLines()).toBe(before);
  });

  it('of reports keep no cell on the log, and say that it moved', async () => {
    const [first, second] = ['87415ab20ffffff', '87415ab21ffffff'];
    await db.as(actorOf('planner')).write(async (transaction) => {
      const { id } = await transaction.row(
        z.object({ id: z.number() }),
        sql`select write_report('TB-thu', '2026-02-02', '2026-03-02', 'received', null, '10001', ${first}) as id`,
      );
      await transaction.rows(
        anything,
        sql`select correct_report(${id}, '2026-02-02', '2026-03-02', 'received', null, '10001', ${second})`,
      );
    });
    const { event, facts, content } = await newest();
    expect(event).toBe('activity-corrected');
    expect(facts).toMatchObject({ kind: 'reports', fields: ['h3_cell'] });
    expect(content).toMatchObject({
      before: { received_on: '2026-02-02' },
      after: { received_on: '2026-02-02' },
    });
    expect(JSON.stringify(content)).not.toContain('87415ab2');
  });

  it('of the owner leave one line for a transaction, with counts by table', async () => {
    const before = await countLines();
    await db.write(async (transaction) => {
      for (let time = 0; time < 3; time += 1)
        await transaction.execute(
          sql`update establishments set workers = ${10 + time} where commune_code = '10001'`,
        );
      await transaction.execute(
        sql`insert into press_item_records (reference, published_on, outlet_level) values ('BC-1', '2026-01-01', 'local')`,
      );
      await transaction.execute(sql`update communes set population = 5 where code = 'none'`);
    });
    expect(await countLines()).toBe(before + 1);
    // 8 establishments three times
    expect(await newest()).toMatchObject({
      event: 'rows-changed',
      account: 'import',
      role: 'owner',
      facts: { imports: [], tables: { establishments: { update: 24 }, press_item_records: { insert: 1 } } },
    });
  });

  it('of an import name the file', async () => {
    await db.write(async (transaction) => {
      await transaction.execute(
        sql`insert into press_item_records (reference, published_on, outlet_level) values ('BC-2', '2026-01-01', 'local')`,
      );
      await transaction.execute(
        sql`insert into data_imports (kind, source, sha256, row_count, changed_count) values ('press-items', 'bao-chi.csv', repeat('a', 64), 1, 1)`,
      );
    });
    expect(await newest()).toMatchObject({
      event: 'imported',
      facts: {
        imports: [
          {
            kind: 'press-items',
            source: 'bao-chi.csv',
            sha256: 'a'.repeat(64),
            rows: 1,
            changed: 1,
            simulated: false,
          },
        ],
        tables: { press_item_records: { insert: 1 } },
      },
    });
  });
});
