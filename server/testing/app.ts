import { pino } from 'pino';
import type { Asker } from '../access/asker.ts';
import { type AppParts, createApp } from '../app.ts';
import type { Database } from '../db/database.ts';
import { type AnalysisPool, createAnalysisPool } from '../hotspots/analysis-pool.ts';

let pool: AnalysisPool | undefined;
/** One pool for a test file; its threads end with the file's process. */
const testPool = () => (pool ??= createAnalysisPool({ threads: 2 }));

/** Who asks where a test does not say. */
export const somebody: Asker = { account: 'test', role: 'planner', commune: null, address: '127.0.0.1' };

/**
 * The whole app on a test database, with a clock that stands still and responses held to the contract. With an asker it
 * runs as in use, under that asker's rights in the database; without one a planner asks with the rights of the database's
 * owner, for tests of what is answered and not of who may see it.
 */
export function makeApp({
  asker,
  ...parts
}: { db: Database; asker?: Partial<Asker> | null } & Partial<AppParts>) {
  const everything: Database = { ...parts.db, as: () => parts.db };
  const identified = asker && { ...somebody, ...asker };
  return createApp({
    identify: async () => (asker === undefined ? somebody : identified) ?? null,
    config: { baseUrl: 'http://diaban.test', checkResponses: true },
    clock: () => new Date('2026-11-01T08:00:00+07:00'),
    log: pino({ level: 'error' }, pino.destination({ sync: true })),
    ...parts,
    db: asker === undefined && !parts.identify ? everything : parts.db,
    pool: parts.pool ?? testPool(),
  });
}
