import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { askersOf, insertPolicyProvince } from '../access/testing/two-communes.ts';
import type { Transaction } from '../db/database.ts';
import { type Sql, sql } from '../db/sql.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { archivedLines, checkArchive } from './archive.ts';
import { type ChainReport, type KeptHead, readKeptHead, writeHead } from './chain.ts';
import { recordEvent } from './queries.ts';
import { sealAll, verifyAuditLog } from './verify.ts';

// Who owns the tables can switch off their triggers and write what he likes. What he wrote shows.

let db: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'diaban-audit-'));
beforeAll(async () => {
  db = await openTestDatabase();
  await insertPolicyProvince(db);
  const visitor = { account: 'visitor', role: 'visitor', commune: null, address: '10.0.0.9' } as const;
  const planner = { ...askersOf.planner, address: '10.0.0.7' };
  for (let turn = 1; turn <= 9; turn += 1) {
    await db
      .as(visitor)
      .write((transaction) => recordEvent(transaction, 'signed-in', { account: `tài khoản ${turn}` }));
    await db
      .as({
        ...planner,
        asked: { endpoint: 'GET /x', filters: { commune: String(turn), text: 'Đông "Sơn"' }, premises: true },
      })
      .read(async (transaction) => transaction.premisesLeft(turn));
    await db
      .as(planner)
      .write((transaction) =>
        transaction.execute(
          sql`insert into press_item_records (reference, published_on, outlet_level) values (${`BC-${turn}`}, '2026-01-01', 'local')`,
        ),
      );
    await sealAll(db);
  }
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.close();
});

class Undone extends Error {
  readonly report: ChainReport;
  constructor(report: ChainReport) {
    super('undone');
    this.report = report;
  }
}
const triggersOff = sql`alter table audit_log disable trigger user`;
/** What verify says after some statements of who owns the tables; all of it is undone. */
async function tampered(statements: readonly Sql[], kept: KeptHead | null = null): Promise<ChainReport> {
  try {
    return await db.write(async (transaction) => {
      await transaction.execute(triggersOff);
      await transaction.execute(sql`alter table audit_seals disable trigger user`);
      for (const statement of statements) await transaction.execute(statement);
      throw new Undone(await verifyIn(transaction, kept));
    });
  } catch (error) {
    if (error instanceof Undone) return error.report;
    throw error;
  }
}
const verifyIn = (transaction: Transaction, kept: KeptHead | null) =>
  verifyAuditLog({ read: (work) => work(transaction) }, kept);

const lineAt = (position: number) => sql`(select line from audit_seals where position = ${position})`;
const unlinked = sql`alter table audit_seals drop constraint audit_seals_line_fkey`;

describe('a log that nobody touched', () => {
  it('is in order, and ends where its last seal says', async () => {
    const { faults, lines, head } = await verifyAuditLog(db);
    expect(faults).toEqual([]);
    // the province's own lines of the owner, and 9 times three
    expect(lines).toBeGreaterThan(27);
    expect(head?.position).toBe(lines);
  });

  it('is hashed as the database says and as we say', async () => {
    const { differing } = await db.read((transaction) =>
      transaction.row(
        z.object({ differing: z.number() }),
        sql`select count(*) as differing from audit_seals s join audit_log l on l.id = s.line
             where s.hash <> encode(sha256(convert_to(audit_entry(l, s.position, s.previous), 'UTF8')), 'hex')`,
      ),
    );
    expect(differing).toBe(0);
  });

  it('still holds the head that was kept while it grew', async () => {
    const { head } = await verifyAuditLog(db);
    const kept = readKeptHead(writeHead(head!))!;
    await db.write((transaction) => recordEvent(transaction, 'signed-out', null));
    await sealAll(db);
    const later = await verifyAuditLog(db, kept);
    expect(later.faults).toEqual([]);
    expect(later.head!.position).toBe(head!.position + 1);
    expect((await verifyAuditLog(db, { position: null, hash: head!.hash })).faults).toEqual([]);
  });
});

describe('what shows', () => {
  it.each([
    ['account', sql`'somebody-else'`],
    ['address', sql`'10.9.9.9'`],
    ['row_count', sql`row_count + 1`],
    ['row_count', sql`null`],
    ['endpoint', sql`'GET /elsewhere'`],
    ['filters', sql`'{"commune": "99999"}'`],
    ['at', sql`at + interval '1 microsecond'`],
    ['event', sql`'signed-in'`],
    ['role', sql`'commune'`],
    ['commune', sql`'10003'`],
    ['facts', sql`'{}'`],
    ['transaction', sql`'7'`],
    ['content_digest', sql`repeat('0', 64), content = '{}', content_salt = gen_random_uuid()`],
  ])('another %s', async (column, value) => {
    const { position } = await db.read((transaction) =>
      transaction.row(
        z.object({ position: z.number() }),
        sql`select max(position) as position from audit_seals s join audit_log l on l.id = s.line where l.event = 'premises-read'`,
      ),
    );
    const { faults } = await tampered([
      sql`update audit_log set ${sql.identifier(column)} = ${value} where id = ${lineAt(position)}`,
    ]);
    expect(faults).toMatchObject([{ kind: 'altered', position }]);
  });

  it('other values of an activity before and after, and values that are gone', async () => {
    const lastChange = sql`(select max(id) from audit_log where event = 'activity-recorded')`;
    for (const content of [
      sql`'{"before": null, "after": {"outlet_level": "central"}}'::jsonb`,
      sql`content || '{"x": 1}'`,
    ]) {
      const { faults } = await tampered([
        sql`update audit_log set content = ${content} where id = ${lastChange}`,
      ]);
      expect(faults).toMatchObject([{ kind: 'altered' }]);
    }
  });

  it('a line taken out of the middle', async () => {
    const { faults } = await tampered([unlinked, sql`delete from audit_log where id = ${lineAt(12)}`]);
    expect(faults).toMatchObject([{ kind: 'removed', position: 12 }]);
  });

  it('a line and its seal taken out of the middle', async () => {
    const { faults } = await tampered([
      sql`create temporary table gone on commit drop as select ${lineAt(12)} as line`,
      sql`delete from audit_seals where position = 12`,
      sql`delete from audit_log where id = (select line from gone)`,
    ]);
    expect(faults).toMatchObject([{ kind: 'removed', position: 12 }]);
    expect(faults).toHaveLength(1);
  });

  it('the same, the places behind it closed up', async () => {
    const { faults } = await tampered([
      sql`create temporary table gone on commit drop as select ${lineAt(12)} as line`,
      sql`delete from audit_seals where position = 12`,
      sql`delete from audit_log where id = (select line from gone)`,
      // one by one, from the front: positions are unique
      sql`do $$ declare place bigint; begin for place in select position from audit_seals where position > 12 order by position loop
            update audit_seals set position = place - 1 where position = place; end loop; end $$`,
    ]);
    expect(faults[0]).toMatchObject({
      kind: 'removed',
      position: 12,
      what: 'a line was taken out before it',
    });
  });

  it('the last line taken off, to whoever kept the head', async () => {
    const { head } = await verifyAuditLog(db);
    const cut = [
      sql`create temporary table gone on commit drop as select ${lineAt(head!.position)} as line`,
      sql`delete from audit_seals where position = ${head!.position}`,
      sql`delete from audit_log where id = (select line from gone)`,
    ];
    // and to nobody else: this is what a chain alone does not prove
    expect((await tampered(cut)).faults).toEqual([]);
    const { faults } = await tampered(cut, head!);
    expect(faults).toMatchObject([{ kind: 'cut', position: head!.position }]);
    expect((await tampered(cut, { position: null, hash: head!.hash })).faults).toMatchObject([
      { kind: 'cut' },
    ]);
  });

  it('the whole written anew from some place on, to whoever kept the head', async () => {
    const { head } = await verifyAuditLog(db);
    const rewritten = [
      sql`update audit_log set account = 'somebody-else' where id = ${lineAt(20)}`,
      sql`do $$ declare place bigint; last_hash text; made text; begin
            select hash into last_hash from audit_seals where position = 19;
            for place in select position from audit_seals where position >= 20 order by position loop
              select encode(sha256(convert_to(audit_entry(l, place, last_hash), 'UTF8')), 'hex') into made
                from audit_log l join audit_seals s on s.line = l.id where s.position = place;
              update audit_seals set previous = last_hash, hash = made where position = place;
              last_hash := made;
            end loop; end $$`,
    ];
    expect((await tampered(rewritten)).faults).toEqual([]);
    expect((await tampered(rewritten, head!)).faults).toMatchObject([
      { kind: 'cut', what: expect.stringContaining('written anew') },
    ]);
  });

  it('two lines that changed places', async () => {
    const { faults } = await tampered([
      sql`create temporary table swapped on commit drop as select ${lineAt(10)} as first, ${lineAt(14)} as second`,
      unlinked,
      sql`update audit_seals set line = -1 where position = 10`,
      sql`update audit_seals set line = (select first from swapped) where position = 14`,
      sql`update audit_seals set line = (select second from swapped) where position = 10`,
    ]);
    expect(faults).toMatchObject([
      { kind: 'reordered', position: 10 },
      { kind: 'reordered', position: 14 },
    ]);
  });

  it('a line put in without a seal', async () => {
    const { faults } = await tampered([
      sql`insert into audit_log (at, event, role) values (now() - interval '2 minutes', 'signed-in', 'visitor')`,
    ]);
    expect(faults).toMatchObject([{ kind: 'inserted', position: null }]);
  });

  it('a line put into the middle with a seal made for it, those behind moved on', async () => {
    const { faults } = await tampered([
      sql`do $$ declare place bigint; begin for place in select position from audit_seals where position >= 12 order by position desc loop
            update audit_seals set position = place + 1 where position = place; end loop; end $$`,
      sql`insert into audit_log (event, role) values ('signed-in', 'visitor')`,
      sql`insert into audit_seals (position, line, previous, hash)
          select 12, l.id, s.hash, encode(sha256(convert_to(audit_entry(l, 12, s.hash), 'UTF8')), 'hex')
            from audit_log l, audit_seals s where l.id = (select max(id) from audit_log) and s.position = 11`,
    ]);
    expect(faults[0]).toMatchObject({ kind: 'inserted', position: 12 });
  });

  it.each([
    ['hash', sql`repeat('a', 64)`],
    ['previous', sql`repeat('b', 64)`],
  ])('a seal with another %s', async (column, value) => {
    const { faults } = await tampered([
      sql`update audit_seals set ${sql.identifier(column)} = ${value} where position = 12`,
    ]);
    expect(faults).toMatchObject([{ kind: 'seal-altered', position: 12 }]);
  });

  it('a line altered and sealed anew, the ones behind it left', async () => {
    const { faults } = await tampered([
      sql`update audit_log set account = 'somebody-else' where id = ${lineAt(12)}`,
      sql`update audit_seals s set hash = encode(sha256(convert_to(audit_entry(l, s.position, s.previous), 'UTF8')), 'hex')
            from audit_log l where l.id = s.line and s.position = 12`,
    ]);
    expect(faults).toMatchObject([{ kind: 'altered', position: 12 }]);
  });

  it('a line that waits to be sealed for more than a minute', async () => {
    const { faults } = await tampered([
      sql`insert into audit_log (at, event, role) values (now() - interval '2 minutes', 'signed-in', 'visitor')`,
      sql`insert into audit_unsealed select max(id) from audit_log`,
    ]);
    expect(faults).toMatchObject([{ kind: 'unsealed' }]);
  });

  it('a line taken out before it was sealed', async () => {
    const { event } = await db.write(async (transaction) => {
      await transaction.execute(triggersOff);
      await recordEvent(transaction, 'signed-in', null);
      await transaction.execute(sql`delete from audit_log where id = (select max(id) from audit_log)`);
      await transaction.rows(z.unknown(), sql`select seal_audit_log()`);
      const told = await transaction.row(
        z.object({ event: z.string() }),
        sql`select event from audit_log order by id desc limit 1`,
      );
      await transaction.execute(sql`alter table audit_log enable always trigger lines_are_kept`);
      await transaction.execute(sql`alter table audit_log enable always trigger log_is_not_emptied`);
      await transaction.execute(sql`alter table audit_log enable trigger owner_lines_are_completed`);
      return told;
    });
    expect(event).toBe('line-missing');
  });
});

describe('an archived file', () => {
  const file = join(folder, 'log.jsonl');
  const write = async () => {
    await sealAll(db);
    let text = '';
    for await (const part of archivedLines(db, { from: null, to: null })) text += part;
    writeFileSync(file, text);
    return text.trimEnd().split('\n');
  };

  it('holds the whole log and can be checked without the database', async () => {
    const lines = await write();
    const { head } = await verifyAuditLog(db);
    const report = await checkArchive(file);
    expect(report).toMatchObject({ faults: [], head, lines: lines.length, leftOut: 0, upon: '0'.repeat(64) });
  });

  it('shows what was altered, left out, moved or doubled', async () => {
    const lines = await write();
    const faultsOf = async (changed: readonly string[]) => {
      writeFileSync(file, `${changed.join('\n')}\n`);
      const { faults, leftOut } = await checkArchive(file);
      return { kinds: faults.map(({ kind }) => kind), leftOut };
    };
    const altered = lines.with(
      4,
      lines[4]!.replace(/\\"account\\": (null|\\"[^"]*\\")/, '\\"account\\": \\"ai-do\\"'),
    );
    expect(altered[4]).not.toBe(lines[4]);
    expect(await faultsOf(altered)).toEqual({ kinds: ['altered'], leftOut: 0 });
    expect(await faultsOf(lines.toSpliced(4, 1))).toEqual({ kinds: [], leftOut: 1 });
    expect((await faultsOf(lines.with(4, lines[5]!).with(5, lines[4]!))).kinds).toContain('reordered');
    expect((await faultsOf(lines.toSpliced(4, 0, lines[4]!))).kinds).toContain('reordered');
    const withContent = lines.findIndex((line) => line.includes('"content":'));
    const values = lines.with(
      withContent,
      lines[withContent]!.replace('outlet_level\\": \\"local', 'outlet_level\\": \\"central'),
    );
    expect(values[withContent]).not.toBe(lines[withContent]);
    expect(await faultsOf(values)).toEqual({ kinds: ['altered'], leftOut: 0 });
    writeFileSync(file, 'STT;Tài khoản\n');
    await expect(checkArchive(file)).rejects.toThrow(
      'log.jsonl, line 1: not a line of an exported audit log',
    );
  });

  it('of some days holds those days', async () => {
    let text = '';
    for await (const part of archivedLines(db, { from: '2020-01-01', to: '2020-12-31' })) text += part;
    expect(text).toBe('');
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' });
    for await (const part of archivedLines(db, { from: today, to: null })) text += part;
    expect(text.split('\n').length).toBeGreaterThan(1);
    expect(readFileSync(file, 'utf8')).toBe('STT;Tài khoản\n');
  });
});

describe('fifty who read at once', () => {
  it('wait for nobody, and the chain is whole', async () => {
    const before = (await verifyAuditLog(db)).lines;
    let sealing = true;
    const sealer = (async () => {
      while (sealing) await sealAll(db);
    })();
    const asked = { endpoint: 'GET /x', filters: {}, premises: true };
    const readings = Array.from({ length: 50 }, (_, index) =>
      db
        .as({ ...askersOf.inspector, account: `doi-${index}`, address: '10.0.0.7', asked })
        .read(async (transaction) => {
          const rows = await transaction.rows(z.unknown(), sql`select id from establishments`);
          transaction.premisesLeft(rows.length);
          return rows.length;
        }),
    );
    expect(new Set(await Promise.all(readings))).toEqual(new Set([96]));
    sealing = false;
    await sealer;
    await sealAll(db);
    const { faults, lines } = await verifyAuditLog(db);
    expect(faults).toEqual([]);
    expect(lines).toBe(before + 50);
  });
});
