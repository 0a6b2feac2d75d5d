// As worker-thread.js, for the replications of one scan spread over threads (the command line and the bench).
import { register } from 'tsx/esm/api';

register();
export const { runReplications } = await import('./scan-replications.ts');
