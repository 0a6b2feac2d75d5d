import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AuditLine, auditEvents } from '../../contract/audit.ts';
import { askersOf, insertPolicyProvince, ownCommune } from '../access/testing/two-communes.ts';
import { sql } from '../db/sql.ts';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { checkArchive } from './archive.ts';
import { createPremisesReadingLog } from './premises-reading-log.ts';
import { recordEvent } from './queries.ts';
import { startSealing } from './sealer.ts';
import { sealAll, verifyAuditLog } from './verify.ts';

let db: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'diaban-audit-'));
beforeAll(async () => {
  db = await openTestDatabase();
  await insertPolicyProvince(db);
  const visitor = { account: 'visitor', role: 'visitor', commune: null, address: '10.0.0.9' } as const;
  await db
    .as(visitor)
    .write((transaction) =>
      recordEvent(transaction, 'sign-in-refused', { account: '=cmd()', reason: 'wrong password' }),
    );
  await db
    .as(visitor)
    .write((transaction) => recordEvent(transaction, 'signed-in', { account: 'so-y-te-1', way: 'password' }));
  await as('planner').get(`/api/coverage/inspections/never?commune=${ownCommune}`).expect(200);
  await as('planner')
    .post('/api/activities/outreach')
    .send({
      reference: 'TT-1',
      heldOn: '2026-04-04',
      form: 'direct',
      audience: 'residents',
      communeCode: ownCommune,
      place: null,
      attendance: 3,
    })
    .expect(201);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.close();
});

const as = (role: keyof typeof askersOf) =>
  request(makeApp({ db, asker: { ...askersOf[role], address: '10.4.4.4' } }));
const page = async (query = '') =>
  (await as('admin').get(`/api/audit${query}`).expect(200)).body as {
    lines: AuditLine[];
    next: string | null;
    head: { position: number; hash: string } | null;
    unsealed: number;
  };

describe('the log as an admin reads it', () => {
  it('is for nobody else', async () => {
    for (const role of ['planner', 'inspector', 'leader', 'commune'] as const)
      for (const path of ['/api/audit', '/api/audit/accounts', '/api/audit/export'])
        await as(role).get(path).expect(403);
    await request(makeApp({ db, asker: null }))
      .get('/api/audit')
      .expect(401);
  });

  it('says who did what in both languages, the newest first', async () => {
    const { lines } = await page('?kind=reading');
    expect(lines[0]).toMatchObject({
      event: 'premises-read',
      kind: 'reading',
      account: 'so-y-te-1',
      role: 'planner',
      address: '10.4.4.4',
      endpoint: 'POST /api/activities/outreach',
      rows: 0,
    });
    expect(lines[1]!.sentence).toEqual({
      vi: `Tài khoản so-y-te-1 (lập kế hoạch) xem danh sách cơ sở lâu chưa được kiểm tra của xã ${ownCommune}: 8 dòng về từng cơ sở.`,
      en: `The account so-y-te-1 (planner) read the list of establishments not inspected for long of commune ${ownCommune}: 8 rows about single premises.`,
    });
    const signIns = (await page('?kind=sign-in')).lines;
    expect(signIns.map(({ sentence }) => sentence.vi)).toEqual([
      'Tài khoản so-y-te-1 đăng nhập.',
      'Người chưa đăng nhập đăng nhập không thành công với tài khoản =cmd().',
    ]);
  });

  it('tells what was changed and no value of it: an admin reads no activities', async () => {
    const { lines } = await page('?kind=change');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      event: 'activity-recorded',
      facts: null,
      change: { kind: 'outreach', version: 1, fields: expect.arrayContaining(['attendance', 'held_on']) },
    });
    const everything = JSON.stringify(await page('?limit=500'));
    expect(everything).not.toContain('2026-04-04');
    expect(everything).not.toContain('content');
  });

  it('is itself on the log', async () => {
    await page('?account=so-y-te-1');
    const { lines } = await page('?kind=log');
    expect(lines[0]).toMatchObject({
      event: 'log-read',
      account: 'quan-tri-1',
      endpoint: 'GET /api/audit',
      filters: { account: 'so-y-te-1' },
    });
  });

  it('is filtered by account, days, event and endpoint', async () => {
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' });
    const of = async (query: string) => (await page(query)).lines.map(({ event }) => event);
    // what the account did, and its sign-in, when nobody was signed in yet
    expect(await of('?account=so-y-te-1')).toEqual([
      'activity-recorded',
      'premises-read',
      'premises-read',
      'signed-in',
    ]);
    expect(await of('?account=so-y-te')).toEqual([]);
    expect(await of('?endpoint=/NEVER')).toEqual(['premises-read']);
    expect(await of(`?event=signed-in&from=${today}&to=${today}`)).toEqual(['signed-in']);
    expect(await of('?event=signed-in&kind=reading')).toEqual([]);
    expect(await of('?event=signed-in&to=2026-01-01')).toEqual([]);
    await as('admin').get('/api/audit?from=2026-02-02&to=2026-02-01').expect(400);
    await as('admin').get('/api/audit?from=2026-02-31').expect(400);
    await as('admin').get('/api/audit?after=1;drop').expect(400);
    await as('admin').get('/api/audit?limit=501').expect(400);
    const { body } = await as('admin').get('/api/audit/accounts').expect(200);
    expect(body.accounts).toEqual(['import', 'quan-tri-1', 'so-y-te-1']);
  });

  it('comes in pages that hold each line once, though lines are added meanwhile', async () => {
    const all = (await page('?kind=import&limit=500')).lines.map(({ id }) => id);
    expect(all.length).toBeGreaterThan(20);
    const paged: number[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const answer = await page(`?kind=import&limit=17${next && `&after=${next}`}`);
      paged.push(...answer.lines.map(({ id }) => id));
      next = answer.next;
    }
    expect(paged).toEqual(all);
  });

  it('shows each line’s place in the chain once it is sealed', async () => {
    expect((await page('?limit=1')).unsealed).toBeGreaterThan(0);
    await sealAll(db);
    const { lines, head } = await page('?limit=1');
    const last = (await verifyAuditLog(db)).head;
    expect(head).toEqual(last);
    expect(lines[0]).toMatchObject(head!);
  });

  it('knows every event that the database writes by a kind', async () => {
    const { events } = await db.read((transaction) =>
      transaction.row(
        z.object({ events: z.array(z.string()) }),
        sql`select array_agg(distinct event) as events from audit_log`,
      ),
    );
    for (const event of events) expect(auditEvents).toHaveProperty(event);
  });
});

describe('the export', () => {
  it('as JSON lines can be checked without the database, and holds no values of activities', async () => {
    const { text, headers } = await as('admin')
      .get('/api/audit/export?format=jsonl')
      .buffer(true)
      .parse(collect)
      .expect(200)
      .then(textOf);
    expect(headers['content-disposition']).toBe('attachment; filename="nhat-ky.jsonl"');
    expect(text).not.toContain('2026-04-04');
    const file = join(folder, 'export.jsonl');
    writeFileSync(file, text);
    const report = await checkArchive(file);
    const { head, lines } = await verifyAuditLog(db);
    expect(report).toMatchObject({ faults: [], leftOut: 0, head, lines });
    const { lines: logged } = await page('?event=log-exported');
    expect(logged).toHaveLength(1);
  });

  it('as a table opens in a Vietnamese spreadsheet, and runs nothing in it', async () => {
    const { text } = await as('admin')
      .get('/api/audit/export?format=csv&kind=sign-in')
      .buffer(true)
      .parse(collect)
      .expect(200)
      .then(textOf);
    const [head, refused, ...rest] = text.split('\r\n');
    expect(head).toMatch(/^\ufeffVị trí;Thời điểm \(giờ Việt Nam\);Tài khoản;/);
    expect(refused).toContain('"{""reason"":""wrong password"",""account"":""=cmd()""}"');
    expect(refused).not.toMatch(/(^|;)=/);
    expect(rest).toHaveLength(2);
  });
});

const collect = (answer: unknown, done: (error: Error | null, body: string) => void) => {
  const response = answer as NodeJS.ReadableStream;
  const pieces: Buffer[] = [];
  response.on('data', (piece: Buffer) => pieces.push(Buffer.from(piece)));
  response.on('end', () => done(null, Buffer.concat(pieces).toString('utf8')));
};
const textOf = ({ body, headers }: { body: unknown; headers: Record<string, string> }) => ({
  text: body as string,
  headers,
});

describe('answers out of memory', () => {
  const planner = { ...askersOf.planner, address: '10.4.4.4' };
  const endpoint = 'GET /tiles/:collections/:z/:x/:file';
  const linesOf = (account: string) =>
    db.read((transaction) =>
      transaction.rows(
        z.object({
          filters: z.object({ tiles: z.array(z.string()) }).loose(),
          row_count: z.number(),
          facts: z.unknown(),
        }),
        sql`select filters, row_count, facts from audit_log where account = ${account} and event = 'premises-read' order by id`,
      ),
    );

  it('that are asked together share a line, of one account alone', async () => {
    const { logged } = createPremisesReadingLog({ db });
    const tiles = Array.from({ length: 40 }, (_, index) => `establishments/14/${index}/7`);
    const first = { ...planner, account: 'map-1' };
    const second = { ...planner, account: 'map-2' };
    await Promise.all([
      ...tiles.map((tile) => logged(first, { endpoint, tile, rows: 3 })),
      logged(second, { endpoint, tile: 'establishments/14/1/1', rows: 'not-modified' }),
    ]);
    expect(await linesOf('map-1')).toEqual([{ filters: { tiles }, row_count: 120, facts: null }]);
    expect(await linesOf('map-2')).toEqual([
      {
        filters: { tiles: ['establishments/14/1/1'], heldAlready: 1 },
        row_count: 0,
        facts: { notModified: true },
      },
    ]);
  });

  it('are each on a line that is committed when they may leave', async () => {
    const { logged } = createPremisesReadingLog({ db });
    const asker = { ...planner, account: 'map-3' };
    for (const tile of ['a', 'b', 'c']) {
      await logged(asker, { endpoint, tile, rows: 1 });
      expect((await linesOf('map-3')).at(-1)!.filters.tiles).toEqual([tile]);
    }
    // more than one line holds
    await Promise.all(
      Array.from({ length: 600 }, (_, index) => logged(asker, { endpoint, tile: `${index}`, rows: 1 })),
    );
    const told = (await linesOf('map-3')).slice(3);
    expect(told.map(({ row_count }) => row_count)).toEqual([250, 250, 100]);
    expect(new Set(told.flatMap(({ filters }) => filters.tiles)).size).toBe(600);
  });

  it('do not leave when the line cannot be written', async () => {
    const { logged } = createPremisesReadingLog({ db });
    await expect(logged({ ...planner, role: 'leader' }, { endpoint, tile: 'x', rows: 1 })).rejects.toThrow(
      'permission denied',
    );
    await expect(
      logged({ ...planner, account: 'map-4' }, { endpoint, tile: 'x', rows: 1 }),
    ).resolves.toBeUndefined();
  });
});

describe('sealing', () => {
  it('goes on by itself, and tells the head to the server’s own log at the end', async () => {
    const said: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => said.push(line) });
    await db.write((transaction) => recordEvent(transaction, 'signed-in', null));
    const sealing = startSealing(db, log);
    await expect
      .poll(async () => (await page('?limit=1&kind=sign-in')).lines[0]!.position, { timeout: 10_000 })
      .not.toBeNull();
    await sealing.stop();
    const { head } = await verifyAuditLog(db);
    expect(said.map((line) => JSON.parse(line).auditHead)).toEqual([`${head!.position}:${head!.hash}`]);
  });
});

const run = promisify(execFile);
const command = async (...given: string[]) => {
  const environment = { ...process.env, ...db.environment, NODE_OPTIONS: '', BASE_URL: '' };
  return run('node', ['--import', 'tsx', 'scripts/diaban.ts', 'audit', ...given], { env: environment }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );
};

describe('diaban audit', () => {
  it('verifies, against a head that was kept, exports, and verifies the file', async () => {
    const verified = await command('verify');
    expect(verified.stdout).toMatch(/^The log of \d+ lines is in order\.\nhead \d+:[0-9a-f]{64}\n/);
    expect(verified.code).toBe(0);
    const head = /head (\S+)/.exec(verified.stdout)![1]!;
    expect(await command('verify', '--head', head)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing up to it was altered, removed or cut off'),
    });
    const longer = `999999:${'a'.repeat(64)}`;
    expect(await command('verify', '--head', longer)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^cut at position \d+: the log had 999999 lines/),
    });
    expect(await command('verify', '--head', 'x')).toMatchObject({ code: 2 });

    const file = join(folder, 'archive.jsonl');
    expect(await command('export', '--from', '2026-01-01', '--out', file)).toMatchObject({ code: 0 });
    // the owner's archive is whole
    expect(readFileSync(file, 'utf8')).toContain('2026-04-04');
    expect(await command('verify', '--file', file)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('begins upon 0000'),
    });
    expect(await command('export', '--out', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('EEXIST'),
    });
  }, 120_000);

  it('names the first line that was altered, with exit code 1', async () => {
    await db.write(async (transaction) => {
      await transaction.execute(sql`alter table audit_log disable trigger lines_are_kept`);
      await transaction.execute(
        sql`update audit_log set account = 'somebody-else' where id = (select line from audit_seals where position = 7)`,
      );
      await transaction.execute(sql`alter table audit_log enable always trigger lines_are_kept`);
    });
    const { code, stdout, stderr } = await command('verify');
    expect(stderr).toMatch(/^altered at position 7, line \d+: the line is not what was sealed\n$/);
    expect(stdout).toContain('is NOT in order');
    expect(code).toBe(1);
    const json = await command('verify', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, faults: [{ kind: 'altered', position: 7 }] });
  }, 60_000);
});
