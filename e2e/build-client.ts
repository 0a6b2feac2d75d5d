import { buildClientIfStale } from '../server/http/client-build.ts';

/** Once for all browser suites, which start at the same time: two builds at once would write the same files. */
export const setup = (): Promise<void> => buildClientIfStale(console.log);
