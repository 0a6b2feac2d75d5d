import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { Role } from '../../contract/access.ts';
import {
  changePasswordEndpoint,
  type Session,
  type SessionAnswer,
  type SignInOffer,
  sessionEndpoint,
  signInEndpoint,
  signOutEndpoint,
  singleSignOnPath,
  type singleSignOnRefusals,
  singleSignOnReturnPath,
} from '../../contract/access-endpoints.ts';
import { type Database, visitor } from '../db/database.ts';
import { notFound, ProblemError } from '../http/problem.ts';
import { plainRoute, type Route, route } from '../http/route.ts';
import { addressOf, asksFromThisComputer, trustedProxies } from './address.ts';
import { notSignedIn } from './asker.ts';
import {
  clearSessionCookie,
  clearSingleSignOnCookie,
  cookieNames,
  cookieOf,
  setBrowserCookie,
  setSessionCookie,
  setSingleSignOnCookie,
} from './cookies.ts';
import type { AccessConfig } from './identification.ts';
import type { PasswordHashing } from './password-hashing.ts';
import { passwordFault } from './password-rules.ts';
import { hashOfSecret, looksLikeSecret, newSecret } from './secrets.ts';
import {
  beginSignIn,
  changePassword,
  demoCommunes,
  findSession,
  type SessionRow,
  signIn,
  signInBySubject,
  signInToDemo,
  signOut,
} from './session-queries.ts';
import type { SingleSignOn } from './single-sign-on.ts';

const idleMinutes = 60;

export type SessionParts = {
  db: Database;
  config: AccessConfig & { checkResponses: boolean };
  hashing: PasswordHashing;
  singleSignOn: SingleSignOn | null;
  /** Lets go of what is believed of sessions. */
  forget: () => void;
  log: Logger;
};

/** Signing in and out. These answer whoever asks; what they do is for the session that the asker has. */
export function sessionRoutes({ db, config, hashing, singleSignOn, forget, log }: SessionParts): Route[] {
  const names = cookieNames(config.baseUrl);
  const trusted = trustedProxies(config.trustedProxies ?? []);
  const { checkResponses } = config;

  const as = (request: Request) => db.as({ ...visitor, address: addressOf(request, trusted) });
  const offersDemo = (request: Request) =>
    config.demo === true && asksFromThisComputer(request, config.baseUrl);
  const hashOfCookie = (request: Request, name: string): Buffer | null => {
    const secret = cookieOf(request, name);
    return looksLikeSecret(secret) ? hashOfSecret(secret) : null;
  };

  async function offer(request: Request): Promise<SignInOffer> {
    const demo = offersDemo(request);
    return {
      demo,
      communes: demo ? await as(request).read(demoCommunes) : [],
      singleSignOn: singleSignOn && { address: singleSignOnPath, label: singleSignOn.label },
    };
  }

  async function sessionOf(request: Request, hash: Buffer | null): Promise<Session | null> {
    const row = hash && (await as(request).read((transaction) => findSession(transaction, hash)));
    return row && (!row.demo || offersDemo(request)) ? sessionFrom(row) : null;
  }

  /** The new session's cookie is set; the one that the browser came with has ended. */
  async function begun(request: Request, response: Response, secret: string): Promise<SessionAnswer> {
    forget();
    setSessionCookie(response, names, secret);
    return { session: await sessionOf(request, hashOfSecret(secret)), offered: await offer(request) };
  }

  const newSession = (request: Request) => {
    const { secret, hash } = newSecret();
    return { secret, made: { session: hash, former: hashOfCookie(request, names.session) } };
  };

  async function signInWithPassword(
    request: Request,
    response: Response,
    account: string,
    password: string,
  ): Promise<SessionAnswer> {
    const browser = hashOfCookie(request, names.browser);
    const newBrowser = newSecret();
    const { secret, made } = newSession(request);
    await hashing.inTurn(async ({ proofOf }) => {
      const { salt, cost } = await countTry(request, response, account, browser);
      // The same work whether the account is there or not.
      const proof = await proofOf(password, salt, cost);
      const outcome = await as(request).write((transaction) =>
        signIn(transaction, account, proof, made, { browser, newBrowser: newBrowser.hash }),
      );
      if (outcome === 'refused') throw wrongPassword();
    });
    setBrowserCookie(response, names, newBrowser.secret);
    return begun(request, response, secret);
  }

  async function countTry(request: Request, response: Response, account: string, browser: Buffer | null) {
    const begin = await as(request).write((transaction) => beginSignIn(transaction, account, browser));
    if (begin.wait_seconds > 0 || begin.salt === null) throw tooManyTries(response, begin.wait_seconds);
    return { salt: begin.salt, cost: begin.cost };
  }

  async function signInAsRole(
    request: Request,
    response: Response,
    role: Role,
    commune: string | undefined,
  ): Promise<SessionAnswer> {
    if (!offersDemo(request)) throw noDemo();
    const { secret, made } = newSession(request);
    const outcome = await as(request).write((transaction) =>
      signInToDemo(transaction, role, commune ?? null, made),
    );
    if (outcome === 'refused') throw noDemo();
    if (outcome === 'unknown-commune')
      throw new ProblemError(422, 'There is no such commune', {
        where: 'body commune',
        detail: `no commune has the code ${commune}`,
        remedy: 'Choose one of those that GET /api/session offers.',
      });
    return begun(request, response, secret);
  }

  const toSingleSignOn: RequestHandler = async (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    if (!singleSignOn) return notFound(request, response, next);
    try {
      const { address, kept } = await singleSignOn.begin();
      setSingleSignOnCookie(response, names, kept);
      response.redirect(303, address);
    } catch (error) {
      log.warn({ err: error }, 'the single sign-on does not answer');
      endAtPage(response, 'failed');
    }
  };

  const backFromSingleSignOn: RequestHandler = async (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    if (!singleSignOn) return notFound(request, response, next);
    const kept = cookieOf(request, names.singleSignOn);
    // Once, whatever comes of it.
    clearSingleSignOnCookie(response, names);
    if (!kept) return endAtPage(response, 'failed');
    let subject: Buffer;
    try {
      subject = await singleSignOn.finish(new URL(request.originalUrl, config.baseUrl), kept);
    } catch (error) {
      const { error: said } = error as { error?: string };
      if (said !== 'access_denied') log.warn({ err: withoutTokens(error) }, 'single sign-on failed');
      return endAtPage(response, said === 'access_denied' ? 'cancelled' : 'failed');
    }
    const { secret, made } = newSession(request);
    const outcome = await as(request).write((transaction) => signInBySubject(transaction, subject, made));
    if (outcome === 'refused') return endAtPage(response, 'unknown-account');
    forget();
    setSessionCookie(response, names, secret);
    response.redirect(303, '/');
  };

  return [
    route(
      sessionEndpoint,
      async ({ request, response }) => {
        response.set('Cache-Control', 'no-store');
        const session = await sessionOf(request, hashOfCookie(request, names.session));
        return { session, offered: await offer(request) };
      },
      { checkResponses },
    ),
    route(
      signInEndpoint,
      async ({ request, response, body }) => {
        response.set('Cache-Control', 'no-store');
        return 'demoRole' in body
          ? signInAsRole(request, response, body.demoRole, body.commune)
          : signInWithPassword(request, response, body.account, body.password);
      },
      { checkResponses },
    ),
    route(
      signOutEndpoint,
      async ({ request, response, query }) => {
        response.set('Cache-Control', 'no-store');
        const hash = hashOfCookie(request, names.session);
        const ended =
          hash && (await as(request).write((transaction) => signOut(transaction, hash, query.everywhere)));
        forget();
        clearSessionCookie(response, names);
        const leave = ended?.way === 'single-sign-on' ? singleSignOn?.leave() : undefined;
        // Out here, whether the issuer answers or not.
        return { next: (await leave?.catch(() => null)) ?? null };
      },
      { checkResponses },
    ),
    route(
      changePasswordEndpoint,
      async ({ request, response, body }) => {
        response.set('Cache-Control', 'no-store');
        const session = hashOfCookie(request, names.session);
        const held = await sessionOf(request, session);
        if (!session || !held) throw notSignedIn();
        if (!held.hasPassword)
          throw new ProblemError(409, 'The account has no password here', {
            detail: 'it signs in another way',
            remedy: 'Change the password where you sign in.',
          });
        const fault =
          passwordFault(body.newPassword, held.account, 'newPassword') ??
          (body.newPassword === body.password ? samePassword : null);
        if (fault)
          throw new ProblemError(422, 'The password is not taken', {
            where: 'body newPassword',
            detail: `expected ${fault.message.en}`,
            remedy: 'Choose another. A sentence that only you would write is good and easy to keep in mind.',
            faults: [fault],
          });
        const browser = hashOfCookie(request, names.browser);
        const next = newSecret();
        await hashing.inTurn(async ({ proofOf, keep }) => {
          const { salt, cost } = await countTry(request, response, held.account, browser);
          const proof = await proofOf(body.password, salt, cost);
          const password = await keep(body.newPassword);
          const outcome = await as(request).write((transaction) =>
            changePassword(transaction, { session, newSession: next.hash }, proof, browser, password),
          );
          if (outcome === 'refused') throw wrongCurrentPassword();
        });
        return begun(request, response, next.secret);
      },
      { checkResponses },
    ),
    plainRoute(singleSignOnPath, toSingleSignOn),
    plainRoute(singleSignOnReturnPath, backFromSingleSignOn),
  ];
}

const sessionFrom = (row: SessionRow): Session => ({
  account: row.account,
  role: row.role,
  commune: row.commune,
  communeName: row.commune_name,
  demo: row.demo,
  hasPassword: row.has_password,
  mustChangePassword: row.must_change_password,
  signedInAt: row.signed_in_at.toISOString(),
  endsAt: row.ends_at.toISOString(),
  idleMinutes,
});

/** The browser came here by itself: what went wrong is told by a page, in words. */
const endAtPage = (response: Response, refusal: (typeof singleSignOnRefusals)[number]): void =>
  response.redirect(303, `/?signIn=${refusal}`);

/** What an issuer's library throws holds the whole answer. */
function withoutTokens(error: unknown) {
  const {
    name,
    message,
    code,
    error: said,
    error_description: description,
  } = error as Record<string, unknown>;
  return { name, message, code, said, description };
}

const samePassword = {
  field: 'newPassword',
  rule: 'password-as-before',
  message: { vi: 'mật khẩu khác mật khẩu hiện tại', en: 'another password than the one before' },
};

// In the same words for an account that is not there, a wrong password, a closed account.
const wrongPassword = () =>
  new ProblemError(401, 'Account or password is wrong', {
    remedy: 'Check both and try again; the keeper of the system can make a new password.',
  });

// Not 401: whoever asks is signed in, and stays so.
const wrongCurrentPassword = () =>
  new ProblemError(403, 'The password is wrong', {
    where: 'body password',
    remedy: 'Type the password that you signed in with.',
  });

function tooManyTries(response: Response, seconds: number): ProblemError {
  const wait = Math.max(1, seconds);
  response.set('Retry-After', String(wait));
  return new ProblemError(429, 'Too many wrong passwords', {
    detail: `the next try is answered in ${wait} seconds`,
    remedy: 'Wait that long, then try again; the keeper of the system can make a new password.',
  });
}

const noDemo = () =>
  new ProblemError(404, 'There is no demo here', {
    where: 'body demoRole',
    remedy:
      'Sign in with an account and its password. The demo is to be had on the computer that runs it, in demo mode.',
  });
