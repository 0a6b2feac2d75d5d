import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Database, Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

const versionRow = z.object({ version: z.number().int() });

export const readDataVersion = async (transaction: Transaction): Promise<number> =>
  (await transaction.row(versionRow, sql`select version from data_version`, { name: 'data-version' }))
    .version;

/**
 * A strong entity tag for what is answered at an address: it changes with the data, with what was asked, and with
 * `scope`, what the asker may see, so that a cache can never hand one asker's answer to another who may see less.
 */
export function entityTag(dataVersion: number, request: Request, scope = 'all'): string {
  const digest = createHash('sha256').update(
    `${request.originalUrl}\n${request.get('accept') ?? ''}\n${scope}`,
  );
  return `"${dataVersion}-${digest.digest('base64url').slice(0, 16)}"`;
}

/** Sets the tag; answers 304 and gives true when the asker holds this version already. */
export function answeredNotModified(request: Request, response: Response, tag: string): boolean {
  response.set('ETag', tag);
  response.set('Cache-Control', 'private, no-cache');
  response.vary('Accept');
  if (!request.fresh) return false;
  response.status(304).end();
  return true;
}

/** One reading transaction for an answer that depends on the data alone: 304 before any work when nothing moved. */
export async function answerVersioned<Result>(
  db: Database,
  request: Request,
  response: Response,
  work: (transaction: Transaction, dataVersion: number) => Promise<Result>,
): Promise<Result | undefined> {
  return db.read(async (transaction) => {
    const dataVersion = await readDataVersion(transaction);
    if (answeredNotModified(request, response, entityTag(dataVersion, request))) return undefined;
    return work(transaction, dataVersion);
  });
}
