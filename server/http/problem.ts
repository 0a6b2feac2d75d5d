import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { Problem } from '../../contract/problem.ts';
import { DatabaseAway } from '../db/database.ts';
import { RequestEnded } from '../db/request-end.ts';

/** An error that the asker can understand and mend; becomes problem+json. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    title: string,
    more: Omit<Problem, 'type' | 'title' | 'status'> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(more.detail ?? title);
    this.problem = { type: 'about:blank', title, status, ...more };
    this.headers = headers;
  }
}

/** What was asked takes longer than is given to it. */
export const tookTooLong: Problem = {
  type: 'about:blank',
  title: 'This takes longer than is given to a request',
  status: 503,
  remedy: 'Ask for less at once: a shorter time, fewer categories, a smaller area.',
};

/** By SQLSTATE, what the database refuses or puts off: none of it is a defect of the server. */
const refusals: Readonly<Record<string, Problem>> = {
  // query_canceled: statement_timeout, or the request's own end
  '57014': tookTooLong,
  // the policy let somebody through whom the database does not
  '42501': {
    type: 'about:blank',
    title: 'This is not for your role',
    status: 403,
    remedy: 'Ask somebody whose role it is; the keeper of the system gives roles.',
  },
  ...Object.fromEntries(
    // serialization_failure, deadlock_detected, lock_not_available
    ['40001', '40P01', '55P03'].map((code) => [
      code,
      {
        type: 'about:blank',
        title: 'Somebody else was changing the same data',
        status: 503,
        remedy: 'Ask again.',
      },
    ]),
  ),
};

/** A parameter of the query that is readable and yet wrong: which, why, and what to ask instead. */
export const wrongQuery = (parameter: string, detail: string, remedy: string) =>
  new ProblemError(400, 'A value of the request is wrong', { where: `query ${parameter}`, detail, remedy });

export function sendProblem(response: Response, problem: Problem): void {
  // a tag set before the error was found would let the error pass for the answer
  response.removeHeader('ETag');
  response.status(problem.status).set('Cache-Control', 'no-store').type('application/problem+json');
  response.send(JSON.stringify(problem));
}

export const notFound: RequestHandler = (request) => {
  throw new ProblemError(404, 'There is nothing at this address', {
    where: request.path,
    remedy: 'See /ogc for the collections and /ogc/api for what the server answers.',
  });
};

const databaseCode = (error: unknown): string =>
  typeof (error as { code?: unknown } | null)?.code === 'string' ? (error as { code: string }).code : '';

/** The last word on any error: what the asker may know goes out, the rest goes to the log alone. */
export function problems(log: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    // told already that it took too long; this is how its work ended
    if (response.writableEnded) return;
    if (response.headersSent) {
      log.error(
        { err: error, method: request.method, url: request.originalUrl },
        'request failed while it was answered',
      );
      return next(error);
    }
    if (error instanceof ProblemError) {
      if (error.problem.status === 503) response.set('Retry-After', '30');
      response.set(error.headers);
      return sendProblem(response, error.problem);
    }
    if (error instanceof DatabaseAway) {
      log.warn({ error: String(error.cause ?? error) }, 'database away');
      response.set('Retry-After', '5');
      return sendProblem(response, {
        type: 'about:blank',
        title: 'The database cannot be reached',
        status: 503,
        remedy: 'Try again in a few seconds; if it lasts, tell the keeper of the system.',
      });
    }
    const refusal = error instanceof RequestEnded ? tookTooLong : refusals[databaseCode(error)];
    if (refusal) {
      log.warn({ code: databaseCode(error), method: request.method, path: request.path }, refusal.title);
      if (refusal.status === 503) response.set('Retry-After', '5');
      return sendProblem(response, refusal);
    }
    // body-parser, the router and send attach a status to what the asker did wrong
    const { status, type } = error as { status?: number; type?: string };
    if (status && status >= 400 && status < 500) {
      return sendProblem(response, {
        type: 'about:blank',
        title: status === 413 ? 'The request body is too large' : 'The request cannot be read',
        status,
        ...(type ? { detail: type } : {}),
        remedy: 'Correct the request and send it again.',
      });
    }
    log.error({ err: error, method: request.method, url: request.originalUrl }, 'request failed');
    sendProblem(response, {
      type: 'about:blank',
      title: 'The server failed on this request',
      status: 500,
      remedy: 'Try again; if it lasts, tell the keeper of the system, who finds the error in the log.',
    });
  };
}
