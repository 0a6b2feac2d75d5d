import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp } from '../server/app.ts';
import { openDatabase } from '../server/db/database.ts';
import { migrate } from '../server/db/migrate.ts';
import { loadDemo } from '../server/demo/load.ts';
import { createAnalysisPool } from '../server/hotspots/analysis-pool.ts';
import { benchPlanner } from './bench-asker.ts';

/**
 * How fast the server answers /api/health over loopback while four scans of 9,999 replications run in the pool, beside
 * the same when nothing runs. On the embedded database with the demo province.
 */
export async function benchResponsiveness(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'diaban-bench-'));
  const db = await openDatabase({ dataDir });
  const pool = createAnalysisPool();
  try {
    await migrate(db);
    await loadDemo(db, { progress: () => {} });
    const app = createApp({
      identify: async () => benchPlanner,
      db,
      pool,
      config: { baseUrl: 'http://127.0.0.1', checkResponses: false },
      clock: () => new Date(),
      log: pino({ level: 'silent' }),
    });
    const server = createServer(app);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const idle = await healthMilliseconds(base, 200);
    let running = 4;
    const scans = [1, 2, 3, 4].map((seed) =>
      fetch(`${base}/api/hotspots/scan?model=space-time-permutation&replications=9999&seed=${seed}`)
        .then((response) => response.text())
        .finally(() => {
          running -= 1;
        }),
    );
    const busy: number[] = [];
    while (running > 0) busy.push(...(await healthMilliseconds(base, 10)));
    await Promise.all(scans);
    server.close();
    console.table({
      'nothing runs': figures(idle),
      'four scans run': figures(busy),
    });
    console.log(`to reach: under 50 ms; 95th percentile ${percentile(busy, 0.95).toFixed(1)} ms`);
  } finally {
    await pool.close();
    await db.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function healthMilliseconds(base: string, times: number): Promise<number[]> {
  const taken: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const began = performance.now();
    await (await fetch(`${base}/api/health`)).text();
    taken.push(performance.now() - began);
  }
  return taken;
}

const percentile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN;

const figures = (values: readonly number[]) => ({
  requests: values.length,
  'median ms': Number(percentile(values, 0.5).toFixed(1)),
  '95 % ms': Number(percentile(values, 0.95).toFixed(1)),
  '99 % ms': Number(percentile(values, 0.99).toFixed(1)),
});
