import {
  accountsEndpoint,
  changeAccountEndpoint,
  makeAccountEndpoint,
  signOutAccountEndpoint,
} from '../../contract/access-endpoints.ts';
import type { Database } from '../db/database.ts';
import { type Route, route } from '../http/route.ts';
import { listAccounts } from './account-queries.ts';
import { accountFrom, addAccount, alterAccount, type Keeping, signOutAccount } from './accounts.ts';
import { askerOf } from './asker.ts';

type AccountParts = Pick<Keeping, 'hashing' | 'issuer'> & {
  db: Database;
  checkResponses: boolean;
  forget: () => void;
};

/** Keeping the accounts of others, for admins. Every change is seen here at once, and by other processes within a second. */
export function accountRoutes({ db, checkResponses, forget, hashing, issuer }: AccountParts): Route[] {
  const keeping = (request: Parameters<typeof askerOf>[0]): Keeping => ({
    transactions: db.as(askerOf(request)),
    hashing,
    issuer,
  });
  return [
    route(
      accountsEndpoint,
      async ({ request, response }) => {
        response.set('Cache-Control', 'no-store');
        const rows = await db.as(askerOf(request)).read((transaction) => listAccounts(transaction));
        return { accounts: rows.map(accountFrom) };
      },
      { checkResponses },
    ),
    route(
      makeAccountEndpoint,
      async ({ request, response, body }) => {
        response.set('Cache-Control', 'no-store');
        return addAccount(keeping(request), body);
      },
      { checkResponses },
    ),
    route(
      changeAccountEndpoint,
      async ({ request, response, params, body }) => {
        response.set('Cache-Control', 'no-store');
        return alterAccount(keeping(request), params.account, body).finally(forget);
      },
      { checkResponses },
    ),
    route(
      signOutAccountEndpoint,
      async ({ request, response, params }) => {
        response.set('Cache-Control', 'no-store');
        return signOutAccount(keeping(request), params.account).finally(forget);
      },
      { checkResponses },
    ),
  ];
}
