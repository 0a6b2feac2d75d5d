// The app on a database as one role sees it, with a tile cache of CACHE_BYTES: a process of its own for `bench-tiles.ts` and
// `bench-items.ts`, ended by it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createApp } from '../server/app.ts';
import { startSealing } from '../server/audit/sealer.ts';
import { openDatabase } from '../server/db/database.ts';
import { createAnalysisPool } from '../server/hotspots/analysis-pool.ts';
import { openTileSource } from '../server/tiles/tile-source.ts';
import { askingAs, type BenchReader } from './bench-asker.ts';

const {
  BENCH_DATABASE_URL: databaseUrl,
  CACHE_BYTES = '0',
  BENCH_FOLDER: dataDir = '.',
  READER = 'planner',
  COMMUNE = '',
} = process.env;
const log = pino({ level: 'error' });
const opened = await openDatabase({ databaseUrl, dataDir });
const { db, asker } = askingAs(opened, READER as BenchReader, COMMUNE);
if (READER !== 'owner') startSealing(db, log);
const app = createApp({
  identify: async () => asker,
  known: () => asker,
  db,
  config: { baseUrl: 'http://127.0.0.1', checkResponses: false },
  clock: () => new Date(),
  log,
  pool: createAnalysisPool({ threads: 1 }),
  tiles: openTileSource(db, { cacheBytes: Number(CACHE_BYTES) }),
});
const server = createServer(app).listen(0, '127.0.0.1', () =>
  process.send?.((server.address() as AddressInfo).port),
);
process.once('disconnect', () => process.exit(0));
