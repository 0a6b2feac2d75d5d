import type { IncomingMessage } from 'node:http';
import type { CookieOptions, Response } from 'express';

export type CookieNames = { secure: boolean; session: string; browser: string; singleSignOn: string };

/**
 * Behind TLS the names begin with `__Host-`: a browser takes such a cookie only from this very host, over TLS, so that no
 * other server of the same domain can plant one.
 */
export function cookieNames(baseUrl: string): CookieNames {
  const secure = baseUrl.startsWith('https:');
  const prefix = secure ? '__Host-' : '';
  return {
    secure,
    session: `${prefix}diaban`,
    browser: `${prefix}diaban-browser`,
    singleSignOn: `${prefix}diaban-sign-on`,
  };
}

export function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  const { cookie } = headers;
  if (!cookie) return undefined;
  for (const pair of cookie.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

// Strict is enough although the single sign-on comes back from another site: the page it ends at is the same for everybody,
// and what that page then asks for is asked by this site.
const kept = ({ secure }: CookieNames): CookieOptions => ({
  httpOnly: true,
  sameSite: 'strict',
  secure,
  path: '/',
});
const yearMilliseconds = 365 * 86_400_000;
const signOnMilliseconds = 10 * 60_000;

/** Ends with the browser; the database ends it sooner. */
export const setSessionCookie = (response: Response, names: CookieNames, secret: string) =>
  response.cookie(names.session, secret, kept(names));
export const clearSessionCookie = (response: Response, names: CookieNames) =>
  response.clearCookie(names.session, kept(names));

export const setBrowserCookie = (response: Response, names: CookieNames, secret: string) =>
  response.cookie(names.browser, secret, { ...kept(names), maxAge: yearMilliseconds });

/** Lax, since the single sign-on's own page leads back here. */
export const setSingleSignOnCookie = (response: Response, names: CookieNames, value: string) =>
  response.cookie(names.singleSignOn, value, {
    ...kept(names),
    sameSite: 'lax',
    maxAge: signOnMilliseconds,
  });
export const clearSingleSignOnCookie = (response: Response, names: CookieNames) =>
  response.clearCookie(names.singleSignOn, { ...kept(names), sameSite: 'lax' });
