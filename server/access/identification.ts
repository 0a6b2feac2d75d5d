import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config.ts';
import { type Database, type Transactions, visitor } from '../db/database.ts';
import { addressOf, asksFromThisComputer, trustedProxies } from './address.ts';
import type { Asker } from './asker.ts';
import { cookieNames, cookieOf } from './cookies.ts';
import { hashOfSecret, looksLikeSecret, tokenPrefix } from './secrets.ts';
import { findAccessToken, findSession, touchAccessToken, touchSession } from './session-queries.ts';

export type Identification = {
  /** Who asks, by session or access token; null for nobody, and for whoever has to choose a password first. */
  identify(request: IncomingMessage): Promise<Asker | null>;
  /**
   * The same where it is known without waiting, since it was looked up within the last second; undefined for nobody, and
   * where `identify` has to be asked. For tiles that are given again ahead of everything else
   * (server/tiles/remembered-answers.ts).
   */
  known(request: IncomingMessage): Asker | undefined;
  /** Lets go of all that is believed: after a sign-out, a change of an account, a revoked token. */
  forget(): void;
};

export type AccessConfig = Pick<Config, 'baseUrl'> & Partial<Pick<Config, 'demo' | 'trustedProxies'>>;

/** How long a session is believed without asking again: it is asked with every tile. */
const believedMilliseconds = 1000;
const believedMost = 5000;

type Holder = Omit<Asker, 'address'> & { demo: boolean };
type Belief = { startedAt: number; holder: Promise<Holder | null>; known: Holder | null | undefined };
type Credential = { kind: 'session' | 'token'; secret: string; account: string | null };

/** Addresses that an access token opens. Of anything else it is worth nothing, and least of all where something is changed. */
const takesTokens = (url: string) => /^\/(ogc|tiles)([/?]|$)/.test(url);

/**
 * Tells who asks. A sign-out in another process, or a change of an account on the command line, is seen here within a second; one
 * of this process at once, by `forget`.
 */
export function createIdentification({
  db,
  clock,
  config,
}: {
  db: Database;
  clock: () => Date;
  config: AccessConfig;
}): Identification {
  const names = cookieNames(config.baseUrl);
  const trusted = trustedProxies(config.trustedProxies ?? []);
  const beliefs = new LRUCache<string, Belief>({ max: believedMost });

  function credentialOf(request: IncomingMessage): Credential | null {
    const { authorization } = request.headers;
    if (authorization !== undefined && takesTokens(request.url ?? '')) return basicCredential(authorization);
    const secret = cookieOf(request, names.session);
    return looksLikeSecret(secret) ? { kind: 'session', secret, account: null } : null;
  }

  function believed(secret: string): Belief | null {
    const belief = beliefs.get(secret);
    if (!belief) return null;
    const age = clock().getTime() - belief.startedAt;
    return age >= 0 && age < believedMilliseconds ? belief : null;
  }

  function lookUp({ kind, secret }: Credential): Belief {
    const belief: Belief = {
      startedAt: clock().getTime(),
      holder: (kind === 'session' ? holderOfSession : holderOfToken)(db.as(visitor), hashOfSecret(secret)),
      known: undefined,
    };
    beliefs.set(secret, belief);
    belief.holder.then(
      (holder) => {
        belief.known = holder;
      },
      () => {
        if (beliefs.peek(secret) === belief) beliefs.delete(secret);
      },
    );
    return belief;
  }

  function askerFor(request: IncomingMessage, credential: Credential, holder: Holder | null): Asker | null {
    if (!holder) return null;
    if (credential.account !== null && credential.account !== holder.account) return null;
    // A demo session that left this computer is worth nothing.
    if (holder.demo && !(config.demo && asksFromThisComputer(request, config.baseUrl))) return null;
    const { account, role, commune } = holder;
    return { account, role, commune, address: addressOf(request, trusted) };
  }

  return {
    async identify(request) {
      const credential = credentialOf(request);
      if (!credential) return null;
      const belief = believed(credential.secret) ?? lookUp(credential);
      return askerFor(request, credential, await belief.holder);
    },
    known(request) {
      const credential = credentialOf(request);
      const holder = credential && believed(credential.secret)?.known;
      return (holder && askerFor(request, credential, holder)) ?? undefined;
    },
    // Whoever waits for a look-up of before still gets its answer; nobody is given it afterwards.
    forget: () => beliefs.clear(),
  };
}

/** `Basic` with an account's name, or `token`, and an access token. */
function basicCredential(authorization: string): Credential | null {
  const [, encoded] = /^Basic +([A-Za-z0-9+/_-]+=*)$/i.exec(authorization) ?? [];
  if (!encoded) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const name = text.slice(0, colon).trim().toLowerCase();
  const secret = text.slice(colon + 1);
  if (colon < 1 || !looksLikeSecret(secret, tokenPrefix)) return null;
  return { kind: 'token', secret, account: name === 'token' ? null : name };
}

async function holderOfSession(asVisitor: Transactions, hash: Buffer): Promise<Holder | null> {
  const row = await asVisitor.read((transaction) => findSession(transaction, hash));
  if (!row || row.must_change_password) return null;
  if (row.is_seen_long_ago) await asVisitor.write((transaction) => touchSession(transaction, hash));
  return { account: row.account, role: row.role, commune: row.commune, demo: row.demo };
}

async function holderOfToken(asVisitor: Transactions, hash: Buffer): Promise<Holder | null> {
  const row = await asVisitor.read((transaction) => findAccessToken(transaction, hash));
  if (!row) return null;
  if (row.is_used_long_ago) await asVisitor.write((transaction) => touchAccessToken(transaction, hash));
  return { account: row.account, role: row.role, commune: row.commune, demo: row.demo };
}
