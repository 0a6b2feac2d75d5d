import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import type { Endpoint, EndpointResponse } from '../../contract/endpoint.ts';
import { askerOf, scopeOf } from '../access/asker.ts';
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

/** Sets the tag; answers 304 and gives true when the asker holds this version already. */
export function answeredNotModified(request: Request, response: Response, tag: string): boolean {
  response.set('ETag', tag);
  response.set('Cache-Control', 'private, no-cache');
  response.vary('Accept');
  if (!request.fresh) return false;
  response.status(304).end();
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
    kept > 0 ? new LRUCache<string, { body: EndpointResponse<E> | Buffer }>({ max: kept }) : null;
  return (asked) => {
    const asker = askerOf(asked.request);
    return db.as(asker).read(async (transaction) => {
      const dataVersion = await readDataVersion(transaction);
      const tag = entityTag(dataVersion, asked.request, `${scopeOf(asker)} ${dayInVietnam(clock())}`);
      if (answeredNotModified(asked.request, asked.response, tag)) return undefined;
      const known = answers?.get(tag);
      if (known) {
        // As text from the second time on: making a megabyte of it takes longer than sending it.
        if (!Buffer.isBuffer(known.body)) known.body = Buffer.from(JSON.stringify(known.body));
        asked.response.type('json').send(known.body);
        return undefined;
      }
      const body = await work(asked, transaction, dataVersion);
      answers?.set(tag, { body });
      return body;
    });
  };
}
