import { z } from 'zod';
import { isLoopbackUrl, trustedProxies } from './access/address.ts';

const areProxies = (listed: readonly string[]): boolean => {
  try {
    trustedProxies(listed);
    return true;
  } catch {
    return false;
  }
};

const onOrOff = z.enum(['on', 'off', '']).optional();

const environment = z.object({
  PORT: z.coerce.number({ error: 'a port number' }).int().min(0).max(65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: z
    .union([
      z.literal(''),
      z.url({ protocol: /^postgres(ql)?$/, error: 'postgres://user@host:5432/database' }),
    ])
    .optional(),
  /** As whom the server connects to answer requests; otherwise made out of DATABASE_URL. */
  APPLICATION_DATABASE_URL: z
    .union([
      z.literal(''),
      z.url({ protocol: /^postgres(ql)?$/, error: 'postgres://user@host:5432/database' }),
    ])
    .optional(),
  DEMO: onOrOff,
  /** Where clients reach this server: what absolute links are made of, never the Host header. */
  BASE_URL: z
    .union([z.literal(''), z.url({ protocol: /^https?$/, error: 'http://host:port, without a path' })])
    .optional(),
  /** Addresses and networks of proxies in front of this server, parted by commas; of nobody else is X-Forwarded-For believed. */
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .refine(areProxies, 'addresses or networks such as 10.1.2.3,10.0.0.0/8'),
  /** The province's single sign-on (OpenID Connect). */
  OIDC_ISSUER: z
    .union([z.literal(''), z.url({ protocol: /^https?$/, error: 'the https address of the issuer' })])
    .optional()
    .refine(
      (issuer) => !issuer || issuer.startsWith('https:') || isLoopbackUrl(issuer),
      'an https address; http is taken on this computer alone',
    ),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  /** What the button says. */
  OIDC_LABEL: z.string().max(60, 'at most 60 characters').optional(),
  /** The claim that accounts are linked by. */
  OIDC_SUBJECT_CLAIM: z
    .string()
    .regex(/^[\w.-]+$/, 'the name of a claim, such as sub')
    .default('sub'),
  /** The browser that prints reports to PDF; without it the first of the usual names. */
  CHROMIUM: z.string().optional(),
  /** Multiplies every rate limit (server/http/rate-limits.ts): 1 as given there. */
  RATE_LIMIT_FACTOR: z.coerce
    .number({ error: 'a number above 0' })
    .positive({ error: 'a number above 0' })
    .default(1),
  /** A request that is not answered by then is answered 503, and its work ends. */
  REQUEST_TIMEOUT_SECONDS: z.coerce
    .number({ error: 'a number of seconds from 1 to 600' })
    .min(1, { error: 'a number of seconds from 1 to 600' })
    .max(600, { error: 'a number of seconds from 1 to 600' })
    .default(180),
  /** How long reports are kept as rows; then they become counts by commune and month (`diaban retention`). */
  REPORT_RETENTION_MONTHS: z.coerce
    .number({ error: 'a whole number of months from 24 to 1200' })
    .int({ error: 'a whole number of months from 24 to 1200' })
    .min(24, { error: 'a whole number of months from 24 to 1200' })
    .max(1200, { error: 'a whole number of months from 24 to 1200' })
    .default(60),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  NODE_ENV: z.string().optional(),
});

export type SingleSignOnConfig = {
  issuer: string;
  clientId: string;
  /** Without it the server is a public client, held by PKCE alone. */
  clientSecret: string | undefined;
  label: string | null;
  subjectClaim: string;
};

export type Config = {
  port: number;
  host: string;
  dataDir: string;
  databaseUrl: string | undefined;
  applicationUrl: string | undefined;
  /** Load the demo province into an empty database. */
  demo: boolean;
  baseUrl: string;
  /** Of whom X-Forwarded-For is believed. */
  trustedProxies: readonly string[];
  singleSignOn: SingleSignOnConfig | null;
  chromium: string | undefined;
  rateLimitFactor: number;
  requestTimeoutSeconds: number;
  reportRetentionMonths: number;
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  /** Parse responses by their contract before they leave: in development and in tests. */
  checkResponses: boolean;
  /** Serve the built client; in development Vite does. */
  serveClient: boolean;
};

/**
 * The only reader of the environment.
 * @throws with one line for each variable that is wrong: its name, its value and what it should be.
 */
export function readConfig(variables: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      // an address with its password, or a secret, is not said again
      const value = /DATABASE_URL|SECRET|PASSWORD/.test(name) ? '…' : variables[name];
      return `${name}=${value} is wrong: it should be ${issue.message.replace(/^Invalid (input|option): /, '')}`;
    });
    throw new Error(lines.join('\n'));
  }
  const {
    PORT,
    HOST,
    DATA_DIR,
    DATABASE_URL,
    APPLICATION_DATABASE_URL,
    DEMO,
    BASE_URL,
    TRUSTED_PROXIES,
    CHROMIUM,
    RATE_LIMIT_FACTOR,
    REQUEST_TIMEOUT_SECONDS,
    REPORT_RETENTION_MONTHS,
    LOG_LEVEL,
    NODE_ENV,
  } = parsed.data;
  return {
    port: PORT,
    host: HOST,
    dataDir: DATA_DIR,
    databaseUrl: DATABASE_URL || undefined,
    applicationUrl: APPLICATION_DATABASE_URL || undefined,
    demo: DEMO ? DEMO === 'on' : !(DATABASE_URL || APPLICATION_DATABASE_URL),
    baseUrl: (BASE_URL || `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`).replace(/\/+$/, ''),
    trustedProxies: TRUSTED_PROXIES,
    singleSignOn: singleSignOnOf(parsed.data),
    chromium: CHROMIUM || undefined,
    rateLimitFactor: RATE_LIMIT_FACTOR,
    requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    reportRetentionMonths: REPORT_RETENTION_MONTHS,
    logLevel: LOG_LEVEL,
    checkResponses: NODE_ENV === 'test' || NODE_ENV === 'development',
    serveClient: NODE_ENV !== 'development',
  };
}

function singleSignOnOf(variables: z.infer<typeof environment>): SingleSignOnConfig | null {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_LABEL, OIDC_SUBJECT_CLAIM } = variables;
  if (!OIDC_ISSUER) return null;
  if (!OIDC_CLIENT_ID)
    throw new Error('OIDC_CLIENT_ID is missing: it should be the name of this server at OIDC_ISSUER');
  return {
    issuer: OIDC_ISSUER,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET || undefined,
    label: OIDC_LABEL || null,
    subjectClaim: OIDC_SUBJECT_CLAIM,
  };
}
