import type { RequestHandler } from 'express';
import { endingWith } from '../db/request-end.ts';
import { sendProblem, tookTooLong } from './problem.ts';

/**
 * Answers 503 when a request is not answered in time, and ends its work: the statement that runs is cancelled, and its
 * transaction asks nothing more. An answer that has begun (a stream, a long list) is left to end by itself.
 *
 * Whoever goes away does not end the work: the same tile or analysis may be waited for by others, who share it.
 */
export function requestTime(milliseconds: number): RequestHandler {
  return (_request, response, next) => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      if (response.headersSent) return;
      response.set('Retry-After', '30');
      sendProblem(response, tookTooLong);
      controller.abort();
    }, milliseconds);
    response.once('close', () => clearTimeout(timer));
    endingWith(controller.signal, next);
  };
}
