import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BenchReader } from './bench-asker.ts';

export type Child = { address: string; stop(): Promise<void> };

/** A server in a process of its own, so that it does not share a thread with who asks. */
export async function startChild(script: string, environment: Record<string, string>): Promise<Child> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...environment },
  });
  const [port] = await once(child, 'message');
  return {
    address: `http://127.0.0.1:${port}`,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

export const startMap = (
  databaseUrl: string,
  folder: string,
  reader: BenchReader,
  { cacheBytes = 0, commune = '' } = {},
): Promise<Child> =>
  startChild('./bench-map-server.ts', {
    BENCH_DATABASE_URL: databaseUrl,
    BENCH_FOLDER: folder,
    CACHE_BYTES: String(cacheBytes),
    READER: reader,
    COMMUNE: commune,
  });

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
