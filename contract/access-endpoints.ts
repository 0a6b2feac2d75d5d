import { z } from 'zod';
import { role } from './access.ts';
import { defineEndpoint } from './endpoint.ts';
import { calendarDay, communeCode } from './places.ts';

const instant = z.iso.datetime({ offset: true });

// ------------------------------------------------------------------------------------------ accounts

export const shortestPassword = 12;
/** Longer than any sentence that a person types, short enough that hashing it is no work for the server. */
export const longestPassword = 200;

/** Names that stand for something else where accounts are written down. */
export const reservedAccountNames = ['import', 'local', 'owner', 'token', 'visitor'] as const;

/**
 * The name of an office's account: `so-y-te`, `xa-gia-vien`. Never a person's: an e-mail address has a character that is not
 * allowed, and the digits of a telephone, a birth date or an identity number are too many.
 */
export const accountName = z
  .string()
  .trim()
  .toLowerCase()
  .min(3, 'at least 3 characters')
  .max(40, 'at most 40 characters')
  .regex(
    /^[a-z][a-z0-9]*([-.][a-z0-9]+)*$/,
    'the name of an office: letters without diacritics, digits and hyphens, as so-y-te or xa-gia-vien; never an e-mail address',
  )
  .refine(
    (name) => name.replace(/\D/g, '').length <= 5,
    'at most five digits: never a telephone, a birth date or an identity number',
  )
  .refine(
    (name) => !(reservedAccountNames as readonly string[]).includes(name) && !/^demo([-.]|$)/.test(name),
    'a name that is not kept for something else',
  );

/** What is typed at sign-in: whatever it is, it is looked up, and refused in the same words. */
const typedAccount = z.string().trim().toLowerCase().min(1).max(100);
const typedPassword = z.string().min(1).max(longestPassword, `at most ${longestPassword} characters`);

// ------------------------------------------------------------------------------------------ the session

export const session = z.object({
  account: z.string(),
  role,
  /** The commune of a commune's account; null for the others. */
  commune: communeCode.nullable(),
  communeName: z.string().nullable(),
  /** A role tried in demo mode, without account or password. */
  demo: z.boolean(),
  /** Whether there is a password here that can be changed: not in the demo, not with single sign-on alone. */
  hasPassword: z.boolean(),
  /** The password was given by somebody else and is good for one thing only: choosing another. Until then nothing else answers. */
  mustChangePassword: z.boolean(),
  signedInAt: instant,
  /** When the session ends even when it is used all the time; left alone, it ends after `idleMinutes`. */
  endsAt: instant,
  idleMinutes: z.number().int().positive(),
});
export type Session = z.infer<typeof session>;

/** How one may sign in here. An account and its password always. */
export const signInOffer = z.object({
  /** The roles can be tried: demo mode, asked from this very computer. */
  demo: z.boolean(),
  /** In demo mode the communes that a commune's role can be tried for. */
  communes: z.array(z.object({ code: communeCode, name: z.string() })),
  /** Where the browser goes for the province's single sign-on, and what it is called there. */
  singleSignOn: z.object({ address: z.string(), label: z.string().nullable() }).nullable(),
});
export type SignInOffer = z.infer<typeof signInOffer>;

const sessionAnswer = z.object({ session: session.nullable(), offered: signInOffer });
export type SessionAnswer = z.infer<typeof sessionAnswer>;

/** Who is signed in, for nobody too. */
export const sessionEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/session',
  response: sessionAnswer,
});

/**
 * Signs in; the answer sets the cookie. 401 for a wrong account or password, in the same words; 429 with `Retry-After` where
 * too many were wrong; 404 for a demo role where the demo is not to be had.
 */
export const signInEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/session',
  body: z.union(
    [
      z.strictObject({ account: typedAccount, password: typedPassword }),
      z
        .strictObject({ demoRole: role, commune: communeCode.optional() })
        .refine(({ demoRole, commune }) => (demoRole === 'commune') === (commune !== undefined), {
          path: ['commune'],
          message: 'a commune for the role commune, and for no other',
        }),
    ],
    { error: 'account and password, or demoRole (with commune for the role commune)' },
  ),
  response: sessionAnswer,
});

/** `everywhere` ends all sessions of the account. */
export const signOutEndpoint = defineEndpoint({
  method: 'DELETE',
  path: '/api/session',
  query: z.strictObject({
    everywhere: z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true'),
  }),
  response: z.object({
    /** Where the browser goes to leave the single sign-on too; null where the session did not come from there. */
    next: z.string().nullable(),
  }),
});

/** Ends all other sessions of the account. 403 for a wrong `password`, 429 for too many, 422 for a `newPassword` that breaks a rule. */
export const changePasswordEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/session/password',
  body: z.strictObject({ password: typedPassword, newPassword: typedPassword }),
  response: sessionAnswer,
});

/** To the single sign-on, and back from it: addresses for the browser, which end at a page. */
export const singleSignOnPath = '/api/session/single-sign-on';
export const singleSignOnReturnPath = `${singleSignOnPath}/return`;
/** What a sign-in that came to nothing says in the address of the page it ends at: `/?signIn=unknown-account`. */
export const singleSignOnRefusals = ['unknown-account', 'failed', 'cancelled'] as const;

// ------------------------------------------------------------------------------------------ access tokens

export const longestTokenDays = 366;

/** What tells one's tokens apart: a program or an office's computer, never a person. */
export const tokenName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(60, 'at most 60 characters')
  .regex(/^[\p{L}\p{M}\p{N} ()._-]+$/u, 'letters, digits, spaces, hyphens')
  .refine((name) => name.replace(/\D/g, '').length <= 5, 'at most five digits');

export const accessToken = z.object({
  id: z.number().int(),
  name: z.string(),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  /** The last day on which it is good. */
  endsOn: calendarDay,
  revokedAt: instant.nullable(),
  state: z.enum(['active', 'expired', 'revoked']),
});
export type AccessToken = z.infer<typeof accessToken>;

const tokenParams = z.strictObject({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'a whole number')
    .transform(Number),
});

/** One's own, the newest first. They open /ogc and /tiles alone, by HTTP Basic, with the account's own rights. */
export const tokensEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/access/tokens',
  response: z.object({ tokens: z.array(accessToken), longestDays: z.number().int() }),
});
/** `secret` is given this once. */
export const makeTokenEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/access/tokens',
  body: z.strictObject({ name: tokenName, endsOn: calendarDay }),
  response: z.object({ token: accessToken, secret: z.string() }),
  status: 201,
});
export const revokeTokenEndpoint = defineEndpoint({
  method: 'DELETE',
  path: '/api/access/tokens/:id',
  params: tokenParams,
  response: z.object({ token: accessToken }),
});

// ------------------------------------------------------------------------------------------ for the keeper of the system

export const account = z.object({
  account: z.string(),
  role,
  commune: communeCode.nullable(),
  communeName: z.string().nullable(),
  demo: z.boolean(),
  hasPassword: z.boolean(),
  /** Whether the account is linked to a subject of the single sign-on. Which one is not kept in readable form. */
  singleSignOn: z.boolean(),
  mustChangePassword: z.boolean(),
  disabledAt: instant.nullable(),
  createdAt: instant,
  lastSignInAt: instant.nullable(),
  sessions: z.number().int(),
  /** Access tokens that are good now. */
  tokens: z.number().int(),
  /** Too many wrong passwords for this account lately, whoever typed them: further ones are answered later and later. */
  slowed: z.boolean(),
});
export type Account = z.infer<typeof account>;

const accountParams = z.strictObject({ account: z.string().min(1).max(40) });
/** What the single sign-on calls the account: the claim that the server is set up to read, `sub` unless said. */
const subject = z.string().trim().min(1).max(255);

export const accountsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/access/accounts',
  response: z.object({ accounts: z.array(account) }),
});

const withOneTimePassword = z.object({
  account,
  /** Given this once, good for three days and for choosing another; null where no password was made. */
  oneTimePassword: z.string().nullable(),
});

export const makeAccountEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/access/accounts',
  body: z
    .strictObject({
      account: accountName,
      role,
      commune: communeCode.nullable().default(null),
      /** With it the account signs in by single sign-on, and gets no password. */
      subject: subject.optional(),
    })
    .refine((body) => (body.role === 'commune') === (body.commune !== null), {
      path: ['commune'],
      message: 'a commune for the role commune, and for no other',
    }),
  response: withOneTimePassword,
  status: 201,
});

/** 409 where it would leave the system without an admin. All but `subject: null` ends the account's sessions. */
export const changeAccountEndpoint = defineEndpoint({
  method: 'PATCH',
  path: '/api/access/accounts/:account',
  params: accountParams,
  body: z
    .strictObject({
      role: role.optional(),
      commune: communeCode.nullable().optional(),
      disabled: z.boolean().optional(),
      /** Makes a one-time password; the one before ends at once. */
      resetPassword: z.literal(true).optional(),
      /** Null unlinks the account from the single sign-on. */
      subject: subject.nullable().optional(),
      revokeTokens: z.literal(true).optional(),
    })
    .refine((body) => Object.values(body).some((value) => value !== undefined), 'nothing is to be changed'),
  response: withOneTimePassword,
});

/** Ends all sessions of an account. */
export const signOutAccountEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/access/accounts/:account/sign-out',
  params: accountParams,
  response: z.object({ account, endedSessions: z.number().int() }),
});
