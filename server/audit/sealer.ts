import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { writeHead } from './chain.ts';
import { countUnsealed, readHead } from './queries.ts';
import { sealAll } from './verify.ts';

const everyMilliseconds = 1000;
const headEveryMilliseconds = 3_600_000;

/**
 * Seals what was written, once a second, with the rights of the server's own errands. Once an hour and at the end the head
 * of the chain goes into the server's own log: outside of the database, whoever may alter the one may not be able to alter
 * the other, and `diaban audit verify --head` holds them against each other.
 */
export function startSealing(db: Database, log: Logger): { stop(): Promise<void> } {
  let running: Promise<void> | null = null;
  let toldAt = Date.now();
  let told = '';

  async function seal(): Promise<void> {
    if ((await db.read(countUnsealed)) > 0) await sealAll(db);
  }
  async function tellHead(): Promise<void> {
    toldAt = Date.now();
    const head = await db.read(readHead);
    if (!head || writeHead(head) === told) return;
    told = writeHead(head);
    log.info({ auditHead: told }, 'the audit log stands at');
  }
  function run(work: () => Promise<void>): Promise<void> {
    // A database that is away is told of by whoever needs it; lines wait.
    running = work()
      .catch((error: unknown) => log.warn({ error: String(error) }, 'the audit log was not sealed'))
      .finally(() => {
        running = null;
      });
    return running;
  }

  const timer = setInterval(() => {
    if (running) return;
    run(async () => {
      await seal();
      if (Date.now() - toldAt >= headEveryMilliseconds) await tellHead();
    });
  }, everyMilliseconds);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
      await run(async () => {
        await seal();
        await tellHead();
      });
    },
  };
}
