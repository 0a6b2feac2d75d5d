import {
  type AccessToken,
  longestTokenDays,
  makeTokenEndpoint,
  revokeTokenEndpoint,
  tokensEndpoint,
} from '../../contract/access-endpoints.ts';
import type { Database } from '../db/database.ts';
import { ProblemError } from '../http/problem.ts';
import { type Route, route } from '../http/route.ts';
import { askerOf } from './asker.ts';
import { newSecret, tokenPrefix } from './secrets.ts';
import { listOwnTokens, makeToken, type OwnToken, revokeOwnToken } from './token-queries.ts';

type TokenParts = { db: Database; checkResponses: boolean; forget: () => void };

/** Access tokens of whoever is signed in, for programs that read /ogc and /tiles. */
export function tokenRoutes({ db, checkResponses, forget }: TokenParts): Route[] {
  return [
    route(
      tokensEndpoint,
      async ({ request, response }) => {
        response.set('Cache-Control', 'no-store');
        const tokens = await db.as(askerOf(request)).read(listOwnTokens);
        return { tokens: tokens.map(tokenFrom), longestDays: longestTokenDays };
      },
      { checkResponses },
    ),
    route(
      makeTokenEndpoint,
      async ({ request, response, body }) => {
        response.set('Cache-Control', 'no-store');
        const { secret, hash } = newSecret(tokenPrefix);
        const made = await db.as(askerOf(request)).write(async (transaction) => {
          const outcome = await makeToken(transaction, body.name, hash, body.endsOn);
          if (outcome === 'wrong-day') throw wrongDay(body.endsOn);
          if (outcome === 'too-many') throw tooManyTokens();
          return listOwnTokens(transaction);
        });
        return { token: tokenFrom(made[0]!), secret };
      },
      { checkResponses },
    ),
    route(
      revokeTokenEndpoint,
      async ({ request, response, params }) => {
        response.set('Cache-Control', 'no-store');
        const tokens = await db.as(askerOf(request)).write(async (transaction) => {
          if (!(await revokeOwnToken(transaction, params.id))) throw noSuchToken(params.id);
          return listOwnTokens(transaction);
        });
        forget();
        return { token: tokenFrom(tokens.find(({ id }) => id === params.id)!) };
      },
      { checkResponses },
    ),
  ];
}

const tokenFrom = (row: OwnToken): AccessToken => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  endsOn: row.ends_on,
  revokedAt: row.revoked_at?.toISOString() ?? null,
  state: row.state,
});

const wrongDay = (day: string) =>
  new ProblemError(422, 'The day is not taken', {
    where: 'body endsOn',
    detail: `${day} is over, or more than ${longestTokenDays} days away`,
    remedy: 'Choose a day from today to a year from now.',
  });

const tooManyTokens = () =>
  new ProblemError(409, 'There are too many access tokens', {
    detail: 'an account has at most twenty that are good',
    remedy: 'Revoke those that nothing uses any more.',
  });

const noSuchToken = (id: number) =>
  new ProblemError(404, 'There is no such access token', {
    where: 'path id',
    detail: `none of yours has the id ${id}`,
    remedy: 'See GET /api/access/tokens for those there are.',
  });
