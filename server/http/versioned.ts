import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import type { Endpoint, EndpointResponse } from '../../contract/endpoint.ts';
import { askerOf, scopeOf } from '../access/asker.ts';
import { premisesIn } from '../audit/premises-rows.ts';
import type { Database, Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import type { Answer, Asked } from './route.ts';

const versionRow = z.object({ version: z.number().int() });

export const readDataVersion = async (transaction: Transaction): Promise<number> =>
  (await transaction.row(versionRow, sql`select version from data_version`, { name: 'data-version' }))
    .version;

/**
 * A strong entity tag for what is answered at an address: it changes with the data, with what was asked, and with
 * `scope`, what the asker may see, so that a cache can never hand one asker's answer to another who may see less.
 */
export function entityTag(dataVersion: number, request: Request, scope: string): string {
  const digest = createHash('sha256').update(
    `${request.originalUrl}\n${request.get('accept') ?? ''}\n${scope}`,
  );
  return `"${dataVersion}-${digest.digest('base64url').slice(0, 16)}"`;
}

/** Sets the tag, and says whether the asker holds this version already: the answer is then `sendNotModified`. */
export function heldAlready(request: Request, response: Response, tag: string): boolean {
  response.set('ETag', tag);
  response.set('Cache-Control', 'private, no-cache');
  response.vary('Accept');
  return request.fresh;
}

export const sendNotModified = (response: Response): void => {
  response.status(304).end();
};

/**
 * Sets the tag; answers 304 and gives true when the asker holds this version already. Not where single premises are read:
 * nothing is answered there before the transaction has ended and its line is on the audit log.
 */
export function answeredNotModified(request: Request, response: Response, tag: string): boolean {
  if (!heldAlready(request, response, tag)) return false;
  sendNotModified(response);
  return true;
}

type Work<E extends Endpoint> = (
  asked: Asked<E>,
  transaction: Transaction,
  dataVersion: number,
) => Promise<EndpointResponse<E>>;

/**
 * The answer of an endpoint that depends on the data, the request and the day alone, in one reading transaction: 304
 * before any work when none of them moved.
 *
 * @param kept how many of the last answers are given again from memory to who asks the same: for answers that take the
 *   server long. They are kept by entity tag, so that whoever may see less never gets another's.
 */
export function versioned<E extends Endpoint>(
  db: Database,
  clock: () => Date,
  work: Work<E>,
  { kept = 0 } = {},
): Answer<E> {
  const answers =
    kept > 0
      ? new LRUCache<string, { body: EndpointResponse<E> | Buffer; rows: number }>({ max: kept })
      : null;
  return async (asked) => {
    const { request, response } = asked;
    const asker = askerOf(request);
    const found = await db.as(asker).read(async (transaction) => {
      const dataVersion = await readDataVersion(transaction);
      const tag = entityTag(dataVersion, request, `${scopeOf(asker)} ${dayInVietnam(clock())}`);
      if (heldAlready(request, response, tag)) {
        transaction.premisesLeft('not-modified');
        return 'not-modified';
      }
      const known = answers?.get(tag);
      if (known) {
        transaction.premisesLeft(known.rows);
        return known;
      }
      const body = await work(asked, transaction, dataVersion);
      const rows = premisesIn(request, body);
      transaction.premisesLeft(rows);
      answers?.set(tag, { body, rows });
      return { body, isNew: true as const };
    });
    // Only now: the transaction that wrote down who reads it has ended.
    if (found === 'not-modified') {
      sendNotModified(response);
      return undefined;
    }
    if ('isNew' in found) return found.body;
    // As text from the second time on: making a megabyte of it takes longer than sending it.
    if (!Buffer.isBuffer(found.body)) found.body = Buffer.from(JSON.stringify(found.body));
    response.type('json').send(found.body);
    return undefined;
  };
}
