import type { RequestHandler } from 'express';
import { accessPolicy, namesPremises } from '../../contract/access-policy.ts';
import { readableCollections } from '../../contract/place-access.ts';
import { askedFilters } from '../audit/asked-filters.ts';
import { ProblemError } from '../http/problem.ts';
import { type Identify, notSignedIn, rememberAsker } from './asker.ts';

/**
 * Stands before one route: lets through whom the policy names, with who asks kept for the handler. What they see is then the
 * database's to say.
 *
 * @throws at once for a route without a line in the policy, so that the server does not start with one.
 */
export function gate(method: string, path: string, identify: Identify): RequestHandler {
  const line = accessPolicy[`${method} ${path}`];
  if (!line) throw new Error(`${method} ${path} has no line in contract/access-policy.ts`);
  const byToken = path.startsWith('/ogc') || path.startsWith('/tiles');
  return async (request, response, next) => {
    const asker = await identify(request);
    if (asker) {
      // Who reads no premises is refused where they are asked for, and nothing is to be logged.
      const premises =
        namesPremises(line, request.params) && readableCollections(asker.role).includes('establishments');
      rememberAsker(request, {
        ...asker,
        asked: { endpoint: `${method} ${path}`, filters: askedFilters(request), premises },
      });
    }
    if (line.anyone) return next();
    if (!asker) {
      // A browser would put up a window of its own, over the page that asks who is there.
      if (byToken && request.get('x-requested-with') === undefined)
        response.set('WWW-Authenticate', 'Basic realm="Dia ban", charset="UTF-8"');
      throw notSignedIn();
    }
    if (!line.roles.includes(asker.role)) throw notForThisRole(asker.role);
    next();
  };
}

export const notForThisRole = (role: string) =>
  new ProblemError(403, 'This is not for your role', {
    detail: `signed in with the role ${role}`,
    remedy: 'Ask somebody whose role it is; the keeper of the system gives roles.',
  });
