import type { Request, RequestHandler } from 'express';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { addressOf, type TrustedProxies, trustedProxies } from '../access/address.ts';
import type { Asker } from '../access/asker.ts';
import { ProblemError } from './problem.ts';

// How much one account, and one address, may ask in a minute. Counted in the memory of each process: a second process
// allows as much again, and a start begins anew; what must be counted for good (wrong passwords) is counted in the database.

export type RequestClass = 'sign-in' | 'tiles' | 'heavy' | 'ordinary';

/**
 * Requests in a minute. A map that is moved without rest asks for about 20 tiles a second, a person who clicks through
 * everything for two or three answers a second, of which every fifth is heavy: those keep a processor busy for half a second to
 * two minutes. An account is an office's, with several people; an address can be a whole office behind one router.
 */
export const minuteLimits = {
  account: { tiles: 6_000, heavy: 300, ordinary: 2_400 },
  address: { tiles: 60_000, heavy: 1_200, ordinary: 12_000, 'sign-in': 60 },
} as const;

const heavy =
  /^\/api\/(hotspots\/|coverage\/(report|gaps|reach|near-misses|equity|inspections)|audit\/(export|verification))/;

export function requestClass({
  method,
  path,
  query,
}: Pick<Request, 'method' | 'path' | 'query'>): RequestClass | null {
  if (path.startsWith('/tiles/')) return 'tiles';
  if (/^\/api\/(session|sign-in)/.test(path) && method === 'POST') return 'sign-in';
  if (heavy.test(path) || 'format' in query) return 'heavy';
  return /^\/(api|ogc)(\/|$)/.test(path) ? 'ordinary' : null;
}

export type RateLimits = {
  /** Before anybody is identified: what an address asks. */
  ofAddress: RequestHandler;
  /**
   * What an account asks; to be told of each request once it is known whose it is.
   * @throws {ProblemError} 429 with `Retry-After`.
   */
  spend(request: Request, asker: Pick<Asker, 'account'>): Promise<void>;
};

/** @param factor by which every limit is multiplied: 1 as above. */
export function rateLimits(factor = 1, trusted: TrustedProxies = trustedProxies([])): RateLimits {
  const limiters = new Map<string, RateLimiterMemory>();
  for (const [whose, limits] of Object.entries(minuteLimits))
    for (const [name, points] of Object.entries(limits))
      limiters.set(
        `${whose} ${name}`,
        new RateLimiterMemory({ points: Math.max(1, Math.round(points * factor)), duration: 60 }),
      );
  async function consume(whose: 'account' | 'address', request: Request, key: string): Promise<void> {
    const name = requestClass(request);
    const limiter = name && limiters.get(`${whose} ${name}`);
    if (!limiter) return;
    try {
      await limiter.consume(key);
    } catch (refusal) {
      if (refusal instanceof Error) throw refusal;
      throw tooMany(whose, (refusal as RateLimiterRes).msBeforeNext);
    }
  }
  return {
    ofAddress: async (request, _response, next) => {
      await consume('address', request, addressKey(addressOf(request, trusted)));
      next();
    },
    spend: (request, { account }) => consume('account', request, account),
  };
}

function tooMany(whose: 'account' | 'address', milliseconds: number): ProblemError {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return new ProblemError(
    429,
    'Too many requests',
    {
      detail: whose === 'account' ? 'this account asks too often' : 'too much is asked from this address',
      remedy: `Wait ${seconds} s and ask again.`,
    },
    { 'Retry-After': String(seconds) },
  );
}

/** An IPv6 address is one of 2^64 of the same network: the network counts. */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  const [before = '', after] = address.replace(/%.*$/, '').toLowerCase().split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...tail];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
