import type { Request, Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { Role } from '../../contract/access.ts';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import type { Endpoint, EndpointResponse } from '../../contract/endpoint.ts';
import { askerOf, scopeOf } from '../access/asker.ts';
import type { Database, Transaction } from '../db/database.ts';
import { ProblemError } from '../http/problem.ts';
import { type Asked, type Route, readAsked } from '../http/route.ts';
import { entityTag, heldAlready, readDataVersion, sendNotModified } from '../http/versioned.ts';
import type { AnalysisPool } from './analysis-pool.ts';
import type { AnalysisTasks } from './worker.ts';

/** What an analysis needs once its input is read: the work for the pool, and the answer to make of its result. */
export type Prepared<E extends Endpoint> = {
  task: { name: keyof AnalysisTasks; input: never };
  compose(result: unknown): EndpointResponse<E>;
};

export const analyse = <E extends Endpoint, Name extends keyof AnalysisTasks>(
  name: Name,
  input: Parameters<AnalysisTasks[Name]>[0],
  compose: (result: Awaited<ReturnType<AnalysisTasks[Name]>>) => EndpointResponse<E>,
): Prepared<E> => ({ task: { name, input: input as never }, compose: compose as Prepared<E>['compose'] });

export type Prepare<E extends Endpoint> = (
  asked: Asked<E>,
  transaction: Transaction,
  dataVersion: number,
) => Promise<Prepared<E>>;

export type AnalysisParts = {
  db: Database;
  clock: () => Date;
  pool: AnalysisPool;
  cache: AnalysisCache;
  checkResponses: boolean;
};

/** Answers as JSON text by what the asker may see, data version, day and address: bounded by bytes. */
export type AnalysisCache = LRUCache<string, string>;
export const createAnalysisCache = (): AnalysisCache =>
  new LRUCache<string, string>({
    maxSize: 64 * 1024 * 1024,
    sizeCalculation: (text) => text.length * 2 + 200,
  });

/**
 * An endpoint whose answer takes long: its input is read in one transaction, which ends before the work begins; the work
 * runs in the pool; the answer is kept. Asked with `Accept: text/event-stream` it tells its progress: events `progress`
 * ({ share }), then `result` (the answer) or `problem`. Whoever closes the connection cancels what nobody else waits for.
 */
export function analysisRoute<E extends Endpoint>(
  endpoint: E,
  parts: AnalysisParts,
  prepare: Prepare<E>,
): Route {
  const { db, clock, pool, cache, checkResponses } = parts;

  async function answer(asked: Asked<E>, progress: (share: number) => void): Promise<string | null> {
    const { request, response } = asked;
    const asker = askerOf(request);
    refuseNarrowing(asker.role, asked.query);
    const day = dayInVietnam(clock());
    const gone = new AbortController();
    response.once('close', () => gone.abort());

    const read = await db.as(asker).read(async (transaction) => {
      const dataVersion = await readDataVersion(transaction);
      // What is kept and what is shared while it is made go to who may see the same, and to nobody else.
      const key = `${scopeOf(asker)} ${dataVersion} ${day} ${request.originalUrl}`;
      const tag = entityTag(dataVersion, request, `${scopeOf(asker)} ${day}`);
      const held = heldAlready(request, response, tag);
      transaction.premisesLeft(held ? 'not-modified' : 0);
      if (held) return null;
      const text = cache.get(key);
      return { key, ...(text ? { text } : { prepared: await prepare(asked, transaction, dataVersion) }) };
    });
    if (!read) {
      sendNotModified(response);
      return null;
    }
    if ('text' in read && read.text) return read.text;
    const { task, compose } = (read as { prepared: Prepared<E> }).prepared;
    const body = compose(await pool.run(read.key, task, { signal: gone.signal, onProgress: progress }));
    if (checkResponses) endpoint.response.parse(body);
    const text = JSON.stringify(body);
    cache.set(read.key, text);
    return text;
  }

  return {
    method: endpoint.method,
    path: endpoint.path,
    async handler(request, response) {
      const asked = readAsked(endpoint, request, response);
      if (request.accepts(['json', 'text/event-stream']) === 'text/event-stream') {
        await tellProgress(request, response, (progress) => answer(asked, progress));
        return;
      }
      const text = await answer(asked, () => {});
      if (text !== null && !response.destroyed) response.type('json').send(text);
    },
  };
}

async function tellProgress(
  request: Request,
  response: Response,
  work: (progress: (share: number) => void) => Promise<string | null>,
): Promise<void> {
  const event = (name: string, data: string) => {
    if (response.destroyed) return;
    // Set with the first event, over what the reading of the version has set for an answer that may be kept.
    if (!response.headersSent) {
      response.removeHeader('ETag');
      response.set({
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
    }
    response.write(`event: ${name}\ndata: ${data}\n\n`);
  };
  // An event stream is never "not modified": the tag of an earlier answer is not taken.
  delete request.headers['if-none-match'];
  let begun = false;
  const progress = (share: number) => {
    begun = true;
    event('progress', JSON.stringify({ share: Math.round(share * 100) / 100 }));
  };
  try {
    const text = await work(progress);
    event('result', text ?? 'null');
  } catch (error) {
    if (!begun) throw error;
    const known = error instanceof ProblemError;
    event(
      'problem',
      JSON.stringify(
        known ? error.problem : { type: 'about:blank', title: 'The analysis failed', status: 500 },
      ),
    );
    if (!known) throw error;
  } finally {
    if (response.headersSent) response.end();
  }
}

/** Of a category in a commune there is often one establishment: what is found there would be its file. The database refuses it too. */
function refuseNarrowing(role: Role, query: { category?: string }): void {
  if (role !== 'leader' || query.category === undefined) return;
  throw new ProblemError(403, 'This is not for your role', {
    where: 'query category',
    detail: 'figures of one category in a commune could be those of a single establishment',
    remedy: 'Ask for all categories together.',
  });
}
