import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { Route } from '../http/route.ts';
import { accountRoutes } from './account-routes.ts';
import type { AccessConfig } from './identification.ts';
import { createPasswordHashing } from './password-hashing.ts';
import { sessionRoutes } from './session-routes.ts';
import { createSingleSignOn } from './single-sign-on.ts';
import { tokenRoutes } from './token-routes.ts';

type AccessParts = {
  db: Database;
  config: AccessConfig & Pick<Config, 'checkResponses'> & Partial<Pick<Config, 'singleSignOn'>>;
  log: Logger;
  /** Lets go of what is believed of sessions and tokens. */
  forget: () => void;
};

/** Sessions, access tokens and accounts. */
export function accessRoutes({ db, config, log, forget }: AccessParts): Route[] {
  const { checkResponses } = config;
  const hashing = createPasswordHashing();
  const singleSignOn = config.singleSignOn ? createSingleSignOn(config.singleSignOn, config.baseUrl) : null;
  return [
    ...sessionRoutes({ db, config, hashing, singleSignOn, forget, log }),
    ...tokenRoutes({ db, checkResponses, forget }),
    ...accountRoutes({ db, checkResponses, forget, hashing, issuer: config.singleSignOn?.issuer ?? null }),
  ];
}
