import { pino } from 'pino';
import { type AppParts, createApp } from '../app.ts';
import type { Database } from '../db/database.ts';
import { type AnalysisPool, createAnalysisPool } from '../hotspots/analysis-pool.ts';

let pool: AnalysisPool | undefined;
/** One pool for a test file; its threads end with the file's process. */
const testPool = () => (pool ??= createAnalysisPool({ threads: 2 }));

/** The whole app on a test database, with a clock that stands still and responses held to the contract. */
export function makeApp(parts: { db: Database } & Partial<AppParts>) {
  return createApp({
    config: { baseUrl: 'http://diaban.test', checkResponses: true },
    clock: () => new Date('2026-11-01T08:00:00+07:00'),
    log: pino({ level: 'error' }, pino.destination({ sync: true })),
    ...parts,
    pool: parts.pool ?? testPool(),
  });
}
