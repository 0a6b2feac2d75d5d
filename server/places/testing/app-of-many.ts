import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Asker } from '../../access/asker.ts';
import { askersOf, otherCommune } from '../../access/testing/two-communes.ts';
import type { Database } from '../../db/database.ts';
import { sql } from '../../db/sql.ts';
import { makeApp } from '../../testing/app.ts';

/** Who asks in tests of the map: one of each role, and another commune's account. */
export const askers = {
  ...askersOf,
  'other-commune': { account: `xa-${otherCommune}`, role: 'commune', commune: otherCommune },
} as const satisfies Record<string, Omit<Asker, 'address'>>;
export type Who = keyof typeof askers;
export const everybody = Object.keys(askers) as Who[];

export type Answered = { status: number; headers: IncomingHttpHeaders; body: Buffer };
export type AppOfMany = {
  /** Asks as one of them, or as nobody. */
  ask(who: Who | 'nobody', path: string, headers?: Record<string, string>): Promise<Answered>;
  close(): void;
};

/**
 * One whole app that all of them ask, each under the rights of their role in the database, so that whatever it keeps in memory
 * is the same for all.
 * @param quickly whether askers are known without waiting, so that tiles are answered ahead of Express.
 */
export async function openAppOfMany(
  db: Database,
  { quickly = true, log }: { quickly?: boolean; log?: Logger } = {},
): Promise<AppOfMany> {
  const whoAsks = ({ headers }: IncomingMessage): Asker | null => {
    const asker = askers[headers['x-asker'] as Who];
    return asker ? { ...asker, address: '127.0.0.1' } : null;
  };
  const server = createServer(
    makeApp({
      db,
      identify: async (request) => whoAsks(request),
      ...(log ? { log } : {}),
      ...(quickly ? { known: (request) => whoAsks(request) ?? undefined } : {}),
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ask: (who, path, headers = {}) =>
      new Promise((done, failed) => {
        const asking = httpRequest(
          { port, host: '127.0.0.1', path, headers: { ...headers, 'x-asker': who }, agent: false },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('end', () =>
              done({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
            );
          },
        );
        asking.once('error', failed).end();
      }),
    close: () => server.close(),
  };
}

const lineRow = z.object({
  id: z.number(),
  account: z.string(),
  endpoint: z.string(),
  filters: z.record(z.string(), z.unknown()),
  row_count: z.number().nullable(),
  facts: z.record(z.string(), z.unknown()).nullable(),
});
export type ReadingLine = z.infer<typeof lineRow>;

/** Lines of the audit log about readings of premises that `work` left behind, and what it gave. */
export async function readingsOf<Result>(
  db: Database,
  work: () => Promise<Result>,
): Promise<{ result: Result; lines: ReadingLine[] }> {
  const linesAfter = (id: number) =>
    db.read((transaction) =>
      transaction.rows(
        lineRow,
        sql`select id, account, endpoint, filters, row_count, facts from audit_log
             where event = 'premises-read' and id > ${id} order by id`,
      ),
    );
  const before = await linesAfter(0);
  const result = await work();
  return { result, lines: await linesAfter(before.at(-1)?.id ?? 0) };
}
