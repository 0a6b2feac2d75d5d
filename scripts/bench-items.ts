import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ogcCollections } from '../contract/ogc-collections.ts';
import { openDatabase } from '../server/db/database.ts';
import { migrate } from '../server/db/migrate.ts';
import { createRandom, nextBelow } from '../server/hotspots/random.ts';
import { cursorAfter } from '../server/places/ogc-requests.ts';
import { pageStatement } from '../server/places/queries.ts';
import { insertSpreadEstablishments } from '../server/testing/real-communes.ts';
import { insertWavyCommunes } from '../server/testing/wavy-communes.ts';
import { type Child, median, startMap } from './bench-child.ts';

const binaries = process.env.POSTGRESQL_BINARIES ?? '/usr/lib/postgresql/15/bin';
const run = promisify(execFile);

/**
 * Pages of 100 communes (130 of 800 vertices each, as detailed as the real ones) over HTTP, against `pgbench` making the
 * same features by the very same statement over as many connections, turn about in one run. Three ways: the page that
 * everyone asks for, which is kept until the data change (to reach: ratio ≥ 0.8); pages within boxes that nobody has asked
 * for before, whose features are in memory (to reach the same); and such pages with nothing out of memory, made by the
 * database and carried by one thread: there server, database and asker share the machine's cores where pgbench has them
 * to itself. All of it asked as a planner, in the role, though communes are the same to everybody.
 *
 * Then pages of 100 of 100,000 establishments as a planner, under the policies and each with its line on the audit log,
 * against the owner, whom no policy holds (to reach: 0.8); and as a commune, which has fewer.
 *
 * Asks with wrk: autocannon itself stops at 80 such pages a second. Both come with Debian: apt-get install wrk postgresql-15
 *
 * @param databaseUrl an account that may create databases on a server PostGIS; the benchmark makes and drops its own.
 */
export async function benchItems(
  databaseUrl: string,
  { rounds = 3, seconds = 6, connections = 8 } = {},
): Promise<{ samePage: number; newPages: number; fromDatabase: number; underPolicies: UnderPolicies }> {
  const name = `diaban_bench_items_${process.pid}`;
  const url = new URL(databaseUrl);
  const admin = ['-h', url.hostname, '-p', url.port || '5432', '-U', url.username || 'postgres'];
  execFileSync(join(binaries, 'createdb'), [...admin, name]);
  url.pathname = `/${name}`;
  const folder = mkdtempSync(join(tmpdir(), 'diaban-bench-'));
  let server: Child | undefined;
  try {
    const db = await openDatabase({ databaseUrl: url.href, dataDir: folder });
    await migrate(db);
    await insertWavyCommunes(db, { columns: 13, rows: 10, verticesPerSide: 200 });
    await insertSpreadEstablishments(db, 100_000);
    await db.close();
    execFileSync(join(binaries, 'vacuumdb'), [...admin, '-q', '-z', name]);
    server = await startMap(url.href, folder, 'planner');
    const address = `${server.address}/ogc/collections/communes/items?limit=100`;
    const page = await (await fetch(address)).arrayBuffer();

    // pgbench has no placeholders, and the values of these statements are numbers: they are written in
    const pgbench = async (statement: ReturnType<typeof pageStatement>, opening = '') => {
      const script = join(folder, 'page.sql');
      const text = statement.text.replace(/\$(\d+)/g, (_, n) => String(statement.values[Number(n) - 1]));
      writeFileSync(script, `${opening}${text.replace(String(anyWest), '(100 + :west / 1000000.0)')};\n`);
      const { stdout } = await run(join(binaries, 'pgbench'), [
        ...admin,
        ...['-n', '-M', 'prepared', '-c', String(connections), '-j', '2', '-T', String(seconds)],
        ...['-f', script, name],
      ]);
      return Number(/tps = ([\d.]+)/.exec(stdout)![1]);
    };
    const wrk = async (...more: string[]) => {
      const asked = ['-t', '2', '-c', String(connections), '-d', `${seconds}s`, ...more, address];
      const { stdout } = await run('wrk', asked);
      if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`requests failed:\n${stdout}`);
      return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)![1]);
    };
    const anyWest = 100.123456;
    const first = { filters: [], limit: 100, after: null };
    const boxed = { ...first, boxes: [[anyWest, 10, 110, 30]] as const };
    const boxesOf = (name: string, more = '') => {
      const script = join(folder, `${name}.lua`);
      writeFileSync(
        script,
        `function setup(thread) thread:set("seed", os.time() * 1000 + math.random(1000000)) end
function init() math.randomseed(seed) end
function request()
  return wrk.format("GET", string.format("${address.replace(server!.address, '')}&bbox=%.9f,10,110,30${more}", 100 + math.random()))
end
`,
      );
      return script;
    };
    const boxes = boxesOf('boxes');
    // who names the properties gets a page that the database makes from the first byte to the last
    const all = Object.keys(ogcCollections.communes.properties.shape).join();
    const boxesFromDatabase = boxesOf('boxes-from-database', `&properties=${all}`);

    type Rates = Record<'same' | 'samePeer' | 'boxed' | 'fromDatabase' | 'boxedPeer', number>;
    const rates: Rates[] = [];
    for (let round = 0; round < rounds; round += 1) {
      rates.push({
        samePeer: await pgbench(pageStatement('owner', 'communes', first)),
        same: await wrk(),
        boxedPeer: await pgbench(
          pageStatement('owner', 'communes', boxed),
          '\\set west random(0, 1000000)\n',
        ),
        boxed: await wrk('-s', boxes),
        fromDatabase: await wrk('-s', boxesFromDatabase),
      });
    }
    const samePage = median(rates.map(({ same, samePeer }) => same / samePeer));
    const newPages = median(rates.map((rate) => rate.boxed / rate.boxedPeer));
    const fromDatabase = median(rates.map((rate) => rate.fromDatabase / rate.boxedPeer));
    const figure = (key: keyof Rates) => median(rates.map((rate) => rate[key])).toFixed(0);
    console.log(
      `Items, 100 communes a page (${(page.byteLength / 1e6).toFixed(2)} MB), ${connections} connections:`,
    );
    console.log(
      `  the same page: ${figure('same')}/s, pgbench ${figure('samePeer')}/s, ratio ${samePage.toFixed(2)} (to reach: 0.8)`,
    );
    console.log(
      `  ever new boxes: ${figure('boxed')}/s, pgbench ${figure('boxedPeer')}/s, ratio ${newPages.toFixed(2)} (to reach: 0.8)`,
    );
    console.log(
      `  ever new boxes, nothing out of memory: ${figure('fromDatabase')}/s, ratio ${fromDatabase.toFixed(2)}`,
    );
    await server.stop();
    const underPolicies = await comparePolicies(url.href, folder, { rounds, seconds, connections });
    return { samePage, newPages, fromDatabase, underPolicies };
  } finally {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
    execFileSync(join(binaries, 'dropdb'), [...admin, '--force', '--if-exists', name]);
  }
}

/** Pages/s of a role over those of the owner, of the same pages. */
export type UnderPolicies = { newBoxes: number; byKey: number; samePage: number; ofCommune: number };

async function comparePolicies(
  databaseUrl: string,
  folder: string,
  { rounds, seconds, connections }: { rounds: number; seconds: number; connections: number },
): Promise<UnderPolicies> {
  const items = '/ogc/collections/establishments/items?limit=100';
  const script = (name: string, request: string) => {
    const file = join(folder, `${name}.lua`);
    writeFileSync(
      file,
      `function setup(thread) thread:set("seed", os.time() * 1000 + math.random(1000000)) end
function init() math.randomseed(seed) end
${request}\n`,
    );
    return ['-s', file];
  };
  const random = createRandom(20261123);
  const cursors = Array.from({ length: 20_000 }, () => cursorAfter(1 + nextBelow(random, 99_000)));
  // a tenth of a commune's side each way: some 30 establishments
  const asked = {
    newBoxes: script(
      'places-in-boxes',
      `function request()
  local west, south = 106 + math.random() * 0.7, 20 + math.random() * 0.5
  return wrk.format("GET", string.format("${items}&bbox=%.7f,%.7f,%.7f,%.7f", west, south, west + 0.02, south + 0.02))
end`,
    ),
    byKey: script(
      'places-by-key',
      `local cursors = { ${cursors.map((cursor) => `"${cursor}"`).join(', ')} }
function request() return wrk.format("GET", "${items}&cursor=" .. cursors[math.random(#cursors)]) end`,
    ),
    samePage: [],
  };
  const owner = await startMap(databaseUrl, folder, 'owner');
  const planner = await startMap(databaseUrl, folder, 'planner');
  const commune = await startMap(databaseUrl, folder, 'commune', { commune: '30064' });
  try {
    const rate = async ({ address }: Child, script: readonly string[]) => {
      const { stdout } = await run('wrk', [
        ...['-t', '2', '-c', String(connections), '-d', `${Math.ceil(seconds / 2)}s`],
        ...script,
        `${address}${items}`,
      ]);
      if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`requests failed:\n${stdout}`);
      return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)![1]);
    };
    const rates = { newBoxes: [], byKey: [], samePage: [], ofCommune: [] } as Record<
      keyof UnderPolicies,
      { owner: number; role: number }[]
    >;
    for (let round = 0; round < rounds; round += 1) {
      for (const kind of ['newBoxes', 'byKey', 'samePage'] as const)
        rates[kind].push({ owner: await rate(owner, asked[kind]), role: await rate(planner, asked[kind]) });
      rates.ofCommune.push({
        owner: await rate(owner, asked.newBoxes),
        role: await rate(commune, asked.newBoxes),
      });
    }
    const ratio = (kind: keyof UnderPolicies) => median(rates[kind].map(({ owner, role }) => role / owner));
    const words: Record<keyof UnderPolicies, string> = {
      newBoxes: 'planner, ever new boxes',
      byKey: 'planner, pages by key',
      samePage: 'planner, the same page, from memory',
      ofCommune: 'commune, ever new boxes of the province',
    };
    console.log('  100 of 100,000 establishments a page, under the policies (to reach 0.8 of the owner’s):');
    for (const kind of Object.keys(words) as (keyof UnderPolicies)[])
      console.log(
        `    ${words[kind]}: ${median(rates[kind].map(({ role }) => role)).toFixed(0)}/s, owner ${median(rates[kind].map(({ owner }) => owner)).toFixed(0)}/s, ratio ${ratio(kind).toFixed(2)}`,
      );
    return {
      newBoxes: ratio('newBoxes'),
      byKey: ratio('byKey'),
      samePage: ratio('samePage'),
      ofCommune: ratio('ofCommune'),
    };
  } finally {
    for (const child of [owner, planner, commune]) await child.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const databaseUrl = process.env.TEST_DATABASE_URL;
  if (!databaseUrl) {
    console.error('Set TEST_DATABASE_URL to a PostGIS server: scripts/postgis.sh start prints one.');
    process.exit(2);
  }
  await benchItems(databaseUrl);
}
