import type { RequestListener } from 'node:http';
import type { Express } from 'express';
import { trustedProxies } from '../access/address.ts';
import type { Identify } from '../access/asker.ts';
import type { Config } from '../config.ts';
import { type KnownHosts, knownHosts, refusedHost } from './host-check.ts';
import { ProblemError } from './problem.ts';
import { type RateLimits, rateLimits } from './rate-limits.ts';
import { requestTime } from './request-time.ts';

/** What stands before every request of a server that others can reach; tests of answers go without. */
export type Guards = {
  hosts: KnownHosts;
  limits: RateLimits;
  requestMilliseconds: number;
};

export const guardsOf = ({
  baseUrl,
  host,
  rateLimitFactor,
  requestTimeoutSeconds,
  trustedProxies: listed,
}: Pick<
  Config,
  'baseUrl' | 'host' | 'rateLimitFactor' | 'requestTimeoutSeconds' | 'trustedProxies'
>): Guards => ({
  hosts: knownHosts({ baseUrl, host }),
  limits: rateLimits(rateLimitFactor, trustedProxies(listed)),
  requestMilliseconds: requestTimeoutSeconds * 1000,
});

const longestAddress = 8_000;

/** Puts in place what is asked of a request before anybody is identified. */
export function guardRequests(app: Express, guards: Guards | undefined): void {
  app.use((request, _response, next) => {
    if (request.originalUrl.length > longestAddress)
      throw new ProblemError(414, 'The address is too long', {
        detail: `at most ${longestAddress} characters`,
        remedy: 'Ask for less at once.',
      });
    next();
  });
  if (!guards) return;
  app.use(guards.limits.ofAddress);
  app.use(requestTime(guards.requestMilliseconds));
}

/** Tells who asks, and counts it. */
export const countingIdentify = (identify: Identify, guards: Guards | undefined): Identify =>
  guards
    ? async (request) => {
        const asker = await identify(request);
        if (asker) await guards.limits.spend(request, asker);
        return asker;
      }
    : identify;

/** Before everything, also before tiles that are answered without the app. */
export const withKnownHost = (listener: RequestListener, guards: Guards | undefined): RequestListener =>
  guards
    ? (request, response) => {
        if (!refusedHost(guards.hosts, request, response)) listener(request, response);
      }
    : listener;
