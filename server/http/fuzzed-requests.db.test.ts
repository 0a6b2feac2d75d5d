import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../contract/access.ts';
import {
  askersOf,
  insertAccountWithToken,
  insertPolicyProvince,
  otherCommune,
} from '../access/testing/two-communes.ts';
import { visitor } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { type askers, type FuzzedRequest, fuzzedRequest } from './testing/fuzzed-request.ts';

const requests = 10_000;
/** What stands in another commune's rows, and in rows of other kinds and of other recorders: words that nobody sends. */
const canary = (what: string) => `zQ7canary${what}`;
const canaries = [
  'Premises',
  'Inspection',
  'Outreach',
  'Training',
  'ReportCommune',
  'ReportInspector',
  'ReportPlanner',
  'School',
];
/** Whom a canary of the other commune may be shown. */
const shownTo: Readonly<Record<string, readonly (typeof askers)[number][]>> = {
  Premises: ['planner', 'inspector'],
  Inspection: ['planner', 'inspector'],
  Outreach: ['planner'],
  Training: ['planner'],
  ReportCommune: [],
  ReportInspector: ['inspector'],
  ReportPlanner: ['planner'],
  School: ['planner', 'inspector', 'leader'],
};

let db: TestDatabase;
let server: Server;
const logged: string[] = [];
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
beforeAll(async () => {
  db = await openTestDatabase();
  await insertPolicyProvince(db);
  await insertAccountWithToken(db, 'planner');
  await plantCanaries();
  const app = makeApp({
    db: { ...db, ...db.as(visitor) },
    log: pino({ level: 'warn' }, { write: (line: string) => logged.push(line) }),
    identify: async ({ headers }) => {
      const who = String(headers['x-asker']);
      return who === 'nobody' ? null : { ...askersOf[who as Role], address: '127.0.0.1' };
    },
    // none on this machine: what prints is tested elsewhere
    config: { baseUrl: 'http://diaban.test', checkResponses: true, chromium: '/nonexistent' },
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  agent.destroy();
  server.closeAllConnections();
  server.close();
  await db.close();
});

const plantCanaries = () =>
  db.write(async (transaction) => {
    await transaction.execute(sql`
      insert into establishments (license_number, category, lead_agency, commune_code, workers, active_from, geom)
      select ${canary('Premises')}, 'karaoke', 'so-van-hoa-the-thao', code, 9, '2020-01-01', label_point from communes where code = ${otherCommune}`);
    await transaction.execute(sql`
      insert into inspection_records (reference, inspected_on, establishment_id, team_level, outcome, ground)
      select ${canary('Inspection')}, '2026-03-01', id, 'province', 'referred', 'random' from establishments where license_number = ${canary('Premises')}`);
    await transaction.execute(sql`
      insert into schools (reference, name, kind, commune_code, students, geom)
      select ${canary('School')}, ${`Trường ${canary('School')}`}, 'upper-secondary', code, 800, label_point from communes where code = ${otherCommune}`);
    await transaction.execute(sql`
      insert into outreach_session_records (reference, held_on, form, audience, commune_code, school_id, attendance)
      select ${canary('Outreach')}, '2026-03-01', 'direct', 'students', ${otherCommune}, id, 33 from schools where reference = ${canary('School')}`);
    await transaction.execute(sql`
      insert into training_records (reference, held_on, commune_code, unit, officers_attending, officers_in_post)
      values (${canary('Training')}, '2026-03-01', ${otherCommune}, ${canary('Training')}, 3, 4)`);
    for (const role of ['commune', 'inspector', 'planner'])
      await transaction.execute(sql`
        insert into report_records (reference, received_on, due_on, status, commune_code, h3_cell, recorded_role)
        values (${canary(`Report${role[0]!.toUpperCase()}${role.slice(1)}`)}, '2026-03-01', '2026-03-20', 'received', ${otherCommune}, '87415ab20ffffff', ${role})`);
  });

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; bytes: Buffer };

const send = ({ who, method, path, headers, body }: FuzzedRequest): Promise<Answer> =>
  new Promise((done, failed) => {
    const { port } = server.address() as AddressInfo;
    const asked = httpRequest(
      {
        port,
        host: '127.0.0.1',
        method,
        path,
        agent,
        headers: { ...headers, 'X-Asker': who },
        timeout: 60_000,
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () =>
          done({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(pieces) }),
        );
        response.on('error', failed);
      },
    );
    asked.on('error', failed);
    asked.on('timeout', () => asked.destroy(new Error('no answer in a minute')));
    asked.end(body ?? undefined);
  });

/** All words of an answer: unpacked, and of a document's parts too. */
function wordsOf({ headers, bytes }: Answer): string {
  const encoding = headers['content-encoding'];
  const plain =
    bytes.length === 0
      ? bytes
      : encoding === 'gzip'
        ? gunzipSync(bytes)
        : encoding === 'br'
          ? brotliDecompressSync(bytes)
          : bytes;
  if (!/officedocument/.test(String(headers['content-type']))) return plain.toString('utf8');
  return Object.values(unzipSync(plain))
    .map((part) => Buffer.from(part).toString('utf8'))
    .join('\n');
}

const leak =
  /node_modules|\/server\/|\bserver\/[a-z-]+\/|\.ts:\d+|at async|at [A-Za-z.]+ \(|syntax error|violates|relation "|column "|permission denied|pg_|security definer|plpgsql|\$argon2|SQLSTATE|ECONNREFUSED|select .* from |body-parser|express|zod|ZodError|raw-body|http-errors|path-to-regexp/i;

const decoded = (path: string): string =>
  path.replace(/(%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());

const statuses = new Map<number, number>();
async function faultsOf(asked: FuzzedRequest): Promise<string[]> {
  const answer = await send(asked);
  const { status, headers } = answer;
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const text = wordsOf(answer);
  const faults: string[] = [];
  if (status >= 500) faults.push(`${status}`);
  if (status >= 400) {
    if (!String(headers['content-type']).startsWith('application/problem+json'))
      faults.push(`type ${headers['content-type']}`);
    else if (asked.method !== 'HEAD' && JSON.parse(text).status !== status)
      faults.push('another status in the problem');
    // what was sent may be said again; what is ours may not
    const sent = `${asked.path} ${decoded(asked.path)} ${asked.body ?? ''}`.toLowerCase();
    const told = leak.exec(text);
    if (told && !sent.includes(told[0].toLowerCase())) faults.push(`leak: ${told[0]}`);
  }
  if (headers['x-injected'] !== undefined) faults.push('a header was injected');
  for (const what of canaries)
    if (!shownTo[what]!.includes(asked.who) && (text + JSON.stringify(headers)).includes(canary(what)))
      faults.push(`canary ${what}`);
  return faults.map(
    (fault) =>
      `${fault} · ${asked.who} ${asked.method} ${asked.path.slice(0, 300)} · ${String(asked.body ?? '').slice(0, 200)} · ${JSON.stringify(asked.headers).slice(0, 200)} → ${text.slice(0, 200)}`,
  );
}

describe('ten thousand requests of every kind', () => {
  it('end without a 5xx, a leak, another’s data or a crash, each error as a problem', {
    timeout: 280_000,
  }, async () => {
    const drawn = fc.sample(fuzzedRequest, { seed: 20261124, numRuns: requests });
    const faults: string[] = [];
    let next = 0;
    const worker = async () => {
      while (next < drawn.length && faults.length < 20) {
        const asked = drawn[next]!;
        next += 1;
        faults.push(...(await faultsOf(asked)));
      }
    };
    // The embedded engine answers one at a time.
    await Promise.all(Array.from({ length: db.engine === 'server' ? 8 : 2 }, worker));
    expect(faults).toEqual([]);
    expect(next).toBe(requests);
    // They reach what they are for: every way in which the server answers and refuses was taken.
    for (const status of [200, 201, 304, 400, 401, 403, 404, 405, 415, 428])
      expect(statuses.get(status) ?? 0, String(status)).toBeGreaterThan(0);
    // and what is logged of them tells no more than it may: no body, no position
    expect(logged.join('')).not.toMatch(/một mật khẩu|"password"/);
  });

  it('leave a server that answers, and rows that nobody could take away', async () => {
    const health = await send({ who: 'nobody', method: 'GET', path: '/api/health', headers: {}, body: null });
    expect(health.status).toBe(200);
    for (const [what, who] of [
      ['Premises', 'inspector'],
      ['School', 'leader'],
    ] as const) {
      const collection = what === 'School' ? 'schools' : 'establishments';
      const items = await send({
        who,
        method: 'GET',
        path: `/ogc/collections/${collection}/items?limit=1000`,
        headers: {},
        body: null,
      });
      // the canary is there to be found: the test above can fail
      expect(wordsOf(items)).toContain(canary(what));
    }
  });
});
