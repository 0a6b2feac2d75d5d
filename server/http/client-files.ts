import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/** The built client. Hashed assets are kept for good; the page itself is asked for each time, and answers every screen's address. */
export function clientFiles(folder: string): RequestHandler {
  const router = Router();
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), {
      immutable: true,
      maxAge: '365d',
      index: false,
      fallthrough: false,
    }),
  );
  router.use(
    express.static(folder, {
      index: false,
      cacheControl: false,
      setHeaders: (response) => response.set('Cache-Control', 'no-cache'),
    }),
  );
  router.get(/^\/(?!api\/|ogc(\/|$)|tiles\/)/, (request, response, next) => {
    if (!request.accepts('html')) return next();
    response.set('Cache-Control', 'no-cache').sendFile(join(folder, 'index.html'), { root: '/' });
  });
  return router;
}
