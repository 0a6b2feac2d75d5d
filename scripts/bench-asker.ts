import type { Asker } from '../server/access/asker.ts';

/** Whose rights benchmarks have: who may see most. */
export const benchPlanner: Asker = { account: 'bench', role: 'planner', commune: null, address: '127.0.0.1' };
