import type { Request } from 'express';
import type { Asker as WireAsker } from '../../contract/access.ts';
import type { Asked } from '../db/database.ts';
import { ProblemError } from '../http/problem.ts';

/** Who asks, and from where. */
export type Asker = WireAsker & {
  /** The address that the request came from, as the audit log keeps it. */
  address: string;
  /** What this request asks for: put there by the gate, so that no handler can forget to have it logged. */
  asked?: Asked;
};

/** Tells who asks; null for whoever has not signed in. */
export type Identify = (request: Request) => Promise<Asker | null>;

const askers = new WeakMap<Request, Asker>();

/** Keeps who asks for the handlers of a request. */
export const rememberAsker = (request: Request, asker: Asker): void => {
  askers.set(request, asker);
};

/**
 * Who asks.
 * @throws the 401 problem for a request of nobody.
 */
export function askerOf(request: Request): Asker {
  const asker = askers.get(request);
  if (!asker) throw notSignedIn();
  return asker;
}

/** Who asks, or null for nobody: where the policy lets anyone ask. */
export const askerIfAny = (request: Request): Asker | null => askers.get(request) ?? null;

/** What decides what an asker may see, for entity tags and caches: accounts of one scope are shown the same. */
export const scopeOf = ({ role, commune }: WireAsker): string => (commune ? `${role}:${commune}` : role);

export const notSignedIn = () =>
  new ProblemError(401, 'Nobody is signed in', {
    remedy: 'Sign in, or send an access token where one is taken (/ogc and /tiles).',
  });
