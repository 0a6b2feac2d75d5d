import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/** One line a request: what, answered how, in how long. No address, no body, no cookie. */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    response.once('finish', () => {
      const milliseconds = Math.round((performance.now() - started) * 10) / 10;
      log.debug(
        { method: request.method, url: request.originalUrl, status: response.statusCode, milliseconds },
        'request',
      );
    });
    next();
  };
}
