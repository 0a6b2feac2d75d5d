import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { hexagonMaxZoom } from '../contract/tiles.ts';
import { openDatabase } from '../server/db/database.ts';
import { migrate } from '../server/db/migrate.ts';
import { createRandom, nextBelow } from '../server/hotspots/random.ts';
import {
  hasRealOutlines,
  insertRealCommunes,
  insertSpreadEstablishments,
} from '../server/testing/real-communes.ts';
import { insertWavyCommunes } from '../server/testing/wavy-communes.ts';
import { tileStatement } from '../server/tiles/queries.ts';
import { tilesWithin } from '../server/tiles/warm-tiles.ts';
import { type BenchReader, benchReaders } from './bench-asker.ts';
import { type Child, median, startChild, startMap } from './bench-child.ts';
import { missingForMapServer, startMapServer } from './bench-mapserver.ts';

const binaries = process.env.POSTGRESQL_BINARIES ?? '/usr/lib/postgresql/15/bin';
const run = promisify(execFile);
const collections = ['communes', 'establishments'] as const;
const province = { west: 105.55, south: 19.88, east: 106.59, north: 20.7 };

export type TileFigures = {
  /** Uncached tiles/s over those of `pgbench` running the same statements. To reach 0.9. */
  againstPgbench: number;
  /** Uncached tiles/s of the random mix over MapServer's; null where MapServer is not installed. To reach 2. */
  againstMapServer: number | null;
  /** The same for zooms 10 to 14, where both answer every single point: below, ours has hexagons. */
  againstMapServerPointByPoint: number | null;
  /** 99th percentile of the same mix, in milliseconds. To stay under 250. */
  percentile99Milliseconds: number;
  /** Cached tiles/s over uncached, for a planner, each tile with premises on the audit log. To reach 10. */
  cachedOverUncached: number;
  /**
   * Uncached tiles/s of a role over those of the owner, whom no policy holds, of the same tiles. To reach 0.8. A commune has
   * less in its tiles than the owner.
   */
  underPolicies: Record<Exclude<BenchReader, 'owner'>, number>;
};

/**
 * Tiles of zooms 8 to 14 with communes and 100,000 establishments: each zoom as likely as another, each tile of a zoom
 * too. Everything that is compared is measured turn about in one run, asked over as many connections.
 *
 * They are asked as a planner, in the role and under the policies, and with each reading of premises on the audit log; beside
 * pgbench and the other roles also as the owner. Askers take no compression, as MapServer and pgbench give none. The uncached server has a cache of no bytes. What two
 * ask at the same moment is made once, which helps it by some per cent: of 8 asking among 120 tiles one in 17 meets
 * another.
 *
 * @param databaseUrl an account that may create databases on a server PostGIS; the benchmark makes and drops its own.
 */
export async function benchTiles(
  databaseUrl: string,
  { rounds = 5, seconds = 4, connections = 8 } = {},
): Promise<TileFigures> {
  const name = `diaban_bench_tiles_${process.pid}`;
  const url = new URL(databaseUrl);
  const admin = ['-h', url.hostname, '-p', url.port || '5432', '-U', url.username || 'postgres'];
  execFileSync(join(binaries, 'createdb'), [...admin, name]);
  url.pathname = `/${name}`;
  const folder = mkdtempSync(join(tmpdir(), 'diaban-bench-'));
  chmodSync(folder, 0o755);
  const stops: (() => Promise<void>)[] = [];
  try {
    const db = await openDatabase({ databaseUrl: url.href, dataDir: folder });
    await migrate(db);
    if (hasRealOutlines()) await insertRealCommunes(db);
    else await insertWavyCommunes(db, { columns: 13, rows: 10, verticesPerSide: 200 });
    await insertSpreadEstablishments(db, 100_000);
    await db.close();
    await run(join(binaries, 'vacuumdb'), [...admin, '-z', name]);

    const random = createRandom(20261123);
    const mix = (count: number) => Array.from({ length: count }, () => randomTile(random));
    const scripted = mix(120); // pgbench takes 128 scripts
    const wide = mix(1500);
    const scripts = scripted.map((tile, index) => {
      const script = join(folder, `tile-${index}.sql`);
      writeFileSync(script, `${tileStatement({ collections, ...tile }, 'owner').replace(/\s+/g, ' ')};\n`);
      return ['-f', script];
    });
    const ourPaths = (tiles: Tile[]) =>
      tiles.map(({ z, x, y }) => `/tiles/${collections.join()}/${z}/${x}/${y}.mvt`);
    const peerPaths = (tiles: Tile[]) => tiles.map(({ z, x, y }) => `/${z}/${x}/${y}`);

    const commune = await aCommune(admin, name);
    const uncached = {} as Record<BenchReader, Child>;
    for (const reader of benchReaders) {
      uncached[reader] = await startMap(url.href, folder, reader, { commune });
      stops.push(uncached[reader].stop);
    }
    const ask = (address: string, paths: string[], over = connections) =>
      askRandomly(folder, address, paths, over, seconds);
    const ratio = (a: number[], b: number[]) => median(a.map((rate, round) => rate / b[round]!));
    const per = (values: number[]) => median(values).toFixed(0);

    // A leader's tiles have counts of establishments, and end with them.
    const forLeaders = scripted.filter(({ z }) => z <= hexagonMaxZoom);
    const asked: Record<Exclude<BenchReader, 'owner'>, string[]> = {
      planner: ourPaths(scripted),
      commune: ourPaths(scripted),
      leader: ourPaths(forLeaders),
    };
    for (const reader of benchReaders) await ask(uncached[reader].address, ourPaths(forLeaders));
    await ask(uncached.planner.address, asked.planner);
    const rates = { pgbench: [] as number[], owner: [] as number[], cached: [] as number[] };
    const roles = { planner: [], commune: [], leader: [], ownerOfLeaders: [] } as Record<
      Exclude<BenchReader, 'owner'> | 'ownerOfLeaders',
      number[]
    >;
    for (let round = 0; round < rounds; round += 1) {
      const { stdout } = await run(
        join(binaries, 'pgbench'),
        [
          ...admin,
          ...['-n', '-M', 'prepared', '-c', String(connections), '-j', '2', '-T', String(seconds)],
          ...scripts.flat(),
          name,
        ],
        { env: { ...process.env, PGOPTIONS: '-c jit=off' } },
      );
      rates.pgbench.push(Number(/tps = ([\d.]+)/.exec(stdout)![1]));
      rates.owner.push((await ask(uncached.owner.address, asked.planner)).rate);
      for (const role of ['planner', 'commune'] as const)
        roles[role].push((await ask(uncached[role].address, asked[role])).rate);
      roles.ownerOfLeaders.push((await ask(uncached.owner.address, asked.leader)).rate);
      roles.leader.push((await ask(uncached.leader.address, asked.leader)).rate);
    }
    const againstPgbench = ratio(rates.owner, rates.pgbench);
    const underPolicies = {
      planner: ratio(roles.planner, rates.owner),
      commune: ratio(roles.commune, rates.owner),
      leader: ratio(roles.leader, roles.ownerOfLeaders),
    };
    console.log(
      `Tiles of ${hasRealOutlines() ? 'the real communes' : 'made communes'} and 100,000 points, zooms 8–14, ${connections} connections:\n` +
        `  uncached, as the owner ${per(rates.owner)}/s, pgbench ${per(rates.pgbench)}/s, ratio ${againstPgbench.toFixed(2)} (to reach 0.9)\n` +
        `  the same under the policies (to reach 0.8 of the owner's): planner, each reading on the audit log, ${per(roles.planner)}/s, ratio ${underPolicies.planner.toFixed(2)}; ` +
        `commune ${per(roles.commune)}/s, ratio ${underPolicies.commune.toFixed(2)}; leader, zooms 8–9, ${per(roles.leader)}/s of ${per(roles.ownerOfLeaders)}/s, ratio ${underPolicies.leader.toFixed(2)}`,
    );

    const cached = await startMap(url.href, folder, 'planner', { cacheBytes: 256 * 2 ** 20 });
    stops.push(cached.stop);
    for (const path of ourPaths(scripted))
      await fetch(cached.address + path).then((answer) => answer.arrayBuffer());
    const floor = await startChild('./bench-tile-floor.ts', {
      ADDRESS: cached.address,
      PATHS: [...new Set(ourPaths(scripted))].join(' '),
    });
    stops.push(floor.stop);
    const uncachedBeside: number[] = [];
    const floorRates: number[] = [];
    const withoutPremises: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      rates.cached.push((await ask(cached.address, ourPaths(scripted))).rate);
      withoutPremises.push((await ask(cached.address, ourPaths(forLeaders))).rate);
      floorRates.push((await ask(floor.address, ourPaths(scripted))).rate);
      uncachedBeside.push((await ask(uncached.planner.address, ourPaths(scripted))).rate);
    }
    await cached.stop();
    await floor.stop();
    const cachedOverUncached = ratio(rates.cached, uncachedBeside);
    console.log(
      `  cached, as a planner, ${per(rates.cached)}/s (zooms 8–9, without premises, ${per(withoutPremises)}/s), uncached beside it ${per(uncachedBeside)}/s, ratio ${cachedOverUncached.toFixed(1)} (to reach 10); the same bytes from a bare node:http server ${per(floorRates)}/s`,
    );

    const missing = missingForMapServer();
    const mapServer = missing.length ? null : await startMapServer(url.href, folder, connections);
    if (mapServer) stops.push(mapServer.stop);
    const besideMapServer = async (tiles: Tile[], what: string) => {
      const ours: Asked[] = [];
      const peer: Asked[] = [];
      for (let round = 0; round < rounds; round += 1) {
        ours.push(await ask(uncached.planner.address, ourPaths(tiles), connections));
        if (mapServer) peer.push(await ask(mapServer.address, peerPaths(tiles), connections));
      }
      const ratesOf = (asked: Asked[]) => asked.map(({ rate }) => rate);
      const percentile = (asked: Asked[]) => median(asked.map(({ percentile99 }) => percentile99));
      const against = mapServer ? ratio(ratesOf(ours), ratesOf(peer)) : null;
      console.log(
        `  ${what}, ${connections} connections: ${per(ratesOf(ours))}/s, 99 % within ${percentile(ours).toFixed(0)} ms (under 250)` +
          (against === null
            ? `; MapServer not measured: ${missing.join(', ')} not installed`
            : `; MapServer ${per(ratesOf(peer))}/s, 99 % within ${percentile(peer).toFixed(0)} ms, ratio ${against.toFixed(1)} (to reach 2)`),
      );
      return { against, percentile99: percentile(ours) };
    };
    const whole = await besideMapServer(wide, 'random mix of zooms 8–14');
    const pointByPoint = await besideMapServer(
      wide.filter(({ z }) => z > hexagonMaxZoom),
      'of zooms 10–14, where both draw every point',
    );
    const figures: TileFigures = {
      againstPgbench,
      againstMapServer: whole.against,
      againstMapServerPointByPoint: pointByPoint.against,
      percentile99Milliseconds: whole.percentile99,
      cachedOverUncached,
      underPolicies,
    };
    return figures;
  } finally {
    for (const stop of stops.reverse()) await stop();
    rmSync(folder, { recursive: true, force: true });
    execFileSync(join(binaries, 'dropdb'), [...admin, '--force', '--if-exists', name]);
  }
}

type Tile = { z: number; x: number; y: number };

function randomTile(random: Int32Array): Tile {
  const z = 8 + nextBelow(random, 7);
  const tiles = [...tilesWithin(z, province)];
  const [x, y] = tiles[nextBelow(random, tiles.length)]!;
  return { z, x, y };
}

/** A commune in the middle of the list. */
async function aCommune(admin: readonly string[], name: string): Promise<string> {
  const { stdout } = await run(join(binaries, 'psql'), [
    ...admin,
    ...['-At', '-c', 'select code from communes order by code offset 64 limit 1', name],
  ]);
  return stdout.trim();
}

type Asked = { rate: number; percentile99: number };

/** Asks for paths at random with wrk, each thread from its own seed. */
async function askRandomly(
  folder: string,
  address: string,
  paths: readonly string[],
  connections: number,
  seconds: number,
): Promise<Asked> {
  const script = join(folder, 'ask.lua');
  writeFileSync(
    script,
    `local paths = { ${paths.map((path) => `"${path}"`).join(', ')} }
local threads = 0
function setup(thread) threads = threads + 1; thread:set("seed", threads) end
function init() math.randomseed(20261123 + seed) end
function request() return wrk.format("GET", paths[math.random(#paths)]) end
function done(summary, latency)
  io.write(string.format("asked %d in %d, wrong %d, percentile %d\\n", summary.requests, summary.duration,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout,
    latency:percentile(99)))
end\n`,
  );
  const wrk = ['/usr/bin/wrk', '/usr/local/bin/wrk'].find((path) => existsSync(path));
  if (!wrk) throw new Error('wrk is not installed: apt-get install wrk');
  const { stdout } = await run(wrk, [
    '-t',
    '2',
    '-c',
    String(connections),
    '-d',
    `${seconds}s`,
    '-s',
    script,
    '--timeout',
    '10s',
    address,
  ]);
  const [, requests, microseconds, wrong, percentile] = /asked (\d+) in (\d+), wrong (\d+), percentile (\d+)/
    .exec(stdout)!
    .map(Number);
  if (wrong) throw new Error(`${wrong} requests to ${address} failed`);
  return { rate: requests! / (microseconds! / 1e6), percentile99: percentile! / 1000 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const databaseUrl = process.env.TEST_DATABASE_URL;
  if (!databaseUrl) {
    console.error('Set TEST_DATABASE_URL to a PostGIS server: scripts/postgis.sh start prints one.');
    process.exit(2);
  }
  await benchTiles(databaseUrl);
}
