import type { RequestHandler } from 'express';
import { ProblemError } from '../http/problem.ts';
import { isLoopbackUrl, isUnspecifiedUrl } from './address.ts';

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a page of another site asks to be changed in a user's name. Browsers say of every such request where it comes
 * from: in `Sec-Fetch-Site`, which they send over TLS and to localhost alone, and in `Origin`. What says neither is no
 * browser of the last ten years, and carries no cookie that it was not given by hand. Beside this the session's cookie is
 * SameSite=Strict and bodies are JSON alone; this also stops pages of the same site, such as another port of this host,
 * and a sign-in in somebody else's name.
 */
export function sameOriginOnly(baseUrl: string): RequestHandler {
  const own = new URL(baseUrl).origin;
  const saysNoName = isUnspecifiedUrl(own);
  const isOwn = (origin: string, host: string | undefined) =>
    origin === own ||
    // `localhost` and `127.0.0.1` are one computer, whatever the server was told to be called
    (isLoopbackUrl(own) && isLoopbackUrl(origin) && new URL(origin).port === new URL(own).port) ||
    // Where nobody said what it is called, only that it listens everywhere: a page of another host has another name.
    (saysNoName && URL.canParse(origin) && new URL(origin).host === host);

  return (request, _response, next) => {
    if (readingMethods.has(request.method)) return next();
    const site = request.get('sec-fetch-site');
    const origin = request.get('origin');
    const allowed =
      site !== undefined
        ? site === 'same-origin' || site === 'none'
        : origin === undefined || isOwn(origin, request.get('host'));
    if (allowed) return next();
    throw new ProblemError(403, 'Changes are asked for from the pages of this server alone', {
      where: site !== undefined ? 'header Sec-Fetch-Site' : 'header Origin',
      detail: site !== undefined ? `the request came from a page that is ${site}` : `it came from ${origin}`,
      remedy: `Open ${own} and do it there. If that is what you did, the keeper of the system sets BASE_URL to the address in your browser.`,
    });
  };
}
