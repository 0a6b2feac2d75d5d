import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { roles } from '../../contract/access.ts';
import type { Actor } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { documentedTable } from './testing/documented-table.ts';
import { askersOf, insertPolicyProvince, otherCommune, ownCommune } from './testing/two-communes.ts';

// docs/access.md says what every role may do with every table and view. Here each is tried, straight in SQL.

const columns = [...roles, 'visitor'] as const;
const documented = documentedTable(readFileSync('docs/access.md', 'utf8'), 'relation', columns);
const documentedFunctions = documentedTable(readFileSync('docs/access.md', 'utf8'), 'function', columns);

const actorOf = (role: (typeof columns)[number]): Actor =>
  role === 'visitor'
    ? { account: 'visitor', role, commune: null, address: '127.0.0.1' }
    : { ...askersOf[role], address: '127.0.0.1' };

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertPolicyProvince(db);
});
afterAll(() => db.close());

const relationRow = z.object({ name: z.string() });
const relations = () =>
  db.read((transaction) =>
    transaction.rows(
      relationRow,
      sql`select c.relname as name from pg_class c
           where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'p')
             and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
           order by 1`,
    ),
  );

const rightsRow = z.object({
  read: z.array(z.string()),
  insert: z.boolean(),
  update: z.boolean(),
  delete: z.boolean(),
  other: z.boolean(),
});
const rightsOf = (role: string, relation: string) =>
  db.read((transaction) =>
    transaction.row(
      rightsRow,
      sql`select coalesce((select array_agg(a.attname::text order by a.attnum) from pg_attribute a
                            where a.attrelid = ${relation}::regclass and a.attnum > 0 and not a.attisdropped
                              and has_column_privilege(${role}, a.attrelid, a.attnum, 'select')), '{}') as read,
                 has_any_column_privilege(${role}, ${relation}, 'insert') as insert,
                 has_any_column_privilege(${role}, ${relation}, 'update') as update,
                 has_table_privilege(${role}, ${relation}, 'delete') as delete,
                 has_table_privilege(${role}, ${relation}, 'truncate') or has_table_privilege(${role}, ${relation}, 'references')
                   or has_table_privilege(${role}, ${relation}, 'trigger') as other`,
    ),
  );

const textRow = z.object({ text: z.string() });
/** Every row that a role sees, as text; in a transaction that has written down that it reads premises. */
async function seen(role: (typeof columns)[number], relation: string, read: readonly string[]) {
  const listed = sql.join(
    read.map((name) => sql.identifier(name)),
    ', ',
  );
  return db.as(actorOf(role)).write(async (transaction) => {
    if (documentedFunctions['begin_premises_reading']?.[role] === 'execute')
      await transaction.rows(z.unknown(), sql`select begin_premises_reading('matrix', '{}')`);
    const rows = await transaction.rows(
      textRow,
      sql`select row_to_json(seen)::text as text from (select ${listed} from ${sql.identifier(relation)}) as seen`,
    );
    return rows.map(({ text }) => text).join('\n');
  });
}

describe('every table and view', () => {
  it('has a line in docs/access.md, and the lines are of tables and views that there are', async () => {
    expect(Object.keys(documented).sort()).toEqual((await relations()).map(({ name }) => name).sort());
  });

  it.each(columns)('is what docs/access.md says to %s', async (role) => {
    for (const [relation, cells] of Object.entries(documented)) {
      const said = new Set(cells[role]!.split(' '));
      const rights = await rightsOf(`diaban_${role}`, relation);
      const where = `${role} · ${relation}: ${cells[role]}`;
      const reads = ['all', 'own', 'recorded', 'columns', 'yes'].some((word) => said.has(word));
      expect(rights.read.length > 0, `${where} · read`).toBe(reads);
      expect([rights.insert, rights.update], `${where} · write`).toEqual([
        said.has('write'),
        said.has('write') || said.has('withdraw'),
      ]);
      expect(rights.delete, `${where} · delete`).toBe(said.has('delete'));
      expect(rights.other, `${where} · truncate, references, trigger`).toBe(false);
      if (!reads) continue;
      const text = await seen(role, relation, rights.read);
      if (said.has('own')) {
        expect(text, where).toContain(ownCommune);
        expect(text, where).not.toContain(otherCommune);
      }
      if (said.has('all')) {
        expect(text, where).toContain(ownCommune);
        expect(text, where).toContain(otherCommune);
      }
      if (said.has('recorded')) {
        const others = ['planner', 'inspector', 'commune'].filter((one) => one !== role);
        expect(text, where).toContain(`"recorded_role":"${role}"`);
        for (const other of others) expect(text, where).not.toContain(`"recorded_role":"${other}"`);
      }
    }
  });
});

const functionRow = z.object({ name: z.string(), may: z.array(z.string()) });
describe('every function of ours that runs with its owner’s rights', () => {
  it('may be called by whom docs/access.md says, and none else', async () => {
    const rows = await db.read((transaction) =>
      transaction
        .rows(
          functionRow,
          sql`select p.proname::text as name,
                   (select coalesce(array_agg(r order by r), '{}') from unnest(${columns as unknown as string[]}::text[]) r
                     where has_function_privilege('diaban_' || r, p.oid, 'execute')) as may
              from pg_proc p
             where p.pronamespace = 'public'::regnamespace and p.prosecdef and p.prorettype <> 'trigger'::regtype
               and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
             order by 1`,
        )
        .then((found) => found),
    );
    expect(Object.fromEntries(rows.map(({ name, may }) => [name, may]))).toEqual(
      Object.fromEntries(
        Object.entries(documentedFunctions).map(([name, cells]) => [
          name,
          columns.filter((role) => cells[role] === 'execute').toSorted(),
        ]),
      ),
    );
  });

  it('looks up names in our schema alone', async () => {
    const loose = await db.read((transaction) =>
      transaction.rows(
        relationRow,
        sql`select p.proname::text as name from pg_proc p
             where p.pronamespace = 'public'::regnamespace and p.prosecdef
               and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
               and not coalesce(p.proconfig @> array['search_path=pg_catalog, public, pg_temp'], false)`,
      ),
    );
    expect(loose).toEqual([]);
  });
});
