import type { Asker } from '../server/access/asker.ts';
import type { Database } from '../server/db/database.ts';

/** Whose rights benchmarks have: who may see most. */
export const benchPlanner: Asker = { account: 'bench', role: 'planner', commune: null, address: '127.0.0.1' };

/** Whose rights benchmarks of the map compare: those of roles, and those of the owner, whom no policy holds. */
export const benchReaders = ['owner', 'planner', 'commune', 'leader'] as const;
export type BenchReader = (typeof benchReaders)[number];

/** Who asks, and the database as it is for them. The owner asks as a planner, without role, policies and audit log. */
export function askingAs(db: Database, reader: BenchReader, commune: string): { db: Database; asker: Asker } {
  if (reader === 'owner') return { db: { ...db, as: () => db }, asker: benchPlanner };
  return { db, asker: { ...benchPlanner, role: reader, commune: reader === 'commune' ? commune : null } };
}
