// The app on a database, with a tile cache of CACHE_BYTES: a process of its own for `bench-tiles.ts`, ended by it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createApp } from '../server/app.ts';
import { openDatabase } from '../server/db/database.ts';
import { createAnalysisPool } from '../server/hotspots/analysis-pool.ts';
import { openTileSource } from '../server/tiles/tile-source.ts';
import { benchPlanner } from './bench-asker.ts';

const { BENCH_DATABASE_URL: databaseUrl, CACHE_BYTES = '0', BENCH_FOLDER: dataDir = '.' } = process.env;
const db = await openDatabase({ databaseUrl, dataDir });
const app = createApp({
  identify: async () => benchPlanner,
  db,
  config: { baseUrl: 'http://127.0.0.1', checkResponses: false },
  clock: () => new Date(),
  log: pino({ level: 'error' }),
  pool: createAnalysisPool({ threads: 1 }),
  tiles: openTileSource(db, { cacheBytes: Number(CACHE_BYTES) }),
});
const server = createServer(app).listen(0, '127.0.0.1', () =>
  process.send?.((server.address() as AddressInfo).port),
);
process.once('disconnect', () => process.exit(0));
