import { z } from 'zod';

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
  /** The browser that prints reports to PDF; without it the first of the usual names. */
  CHROMIUM: z.string().optional(),
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

export type Config = {
  port: number;
  host: string;
  dataDir: string;
  databaseUrl: string | undefined;
  applicationUrl: string | undefined;
  /** Load the demo province into an empty database. */
  demo: boolean;
  baseUrl: string;
  chromium: string | undefined;
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
    CHROMIUM,
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
    chromium: CHROMIUM || undefined,
    reportRetentionMonths: REPORT_RETENTION_MONTHS,
    logLevel: LOG_LEVEL,
    checkResponses: NODE_ENV === 'test' || NODE_ENV === 'development',
    serveClient: NODE_ENV !== 'development',
  };
}
