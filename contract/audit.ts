import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { calendarDay, communeCode } from './places.ts';
import { sentence } from './provenance.ts';

/** What a line of the log is about; the page filters by these. */
export const auditKinds = ['reading', 'change', 'import', 'sign-in', 'account', 'retention', 'log'] as const;
export const auditKind = z.enum(auditKinds);
export type AuditKind = z.infer<typeof auditKind>;

/**
 * What may have happened. The database writes `premises-read`, `activity-*`, `imported`, `rows-changed` and `log-*` itself and
 * refuses them from anyone else; the others are told to it by whoever signs people in, keeps accounts or removes what is old.
 */
export const auditEvents = {
  /** Single premises were read: `endpoint`, `filters` and `rows` say what and how many. */
  'premises-read': 'reading',
  'activity-recorded': 'change',
  'activity-corrected': 'change',
  'activity-withdrawn': 'change',
  'activity-deleted': 'change',
  /** A file was brought in by the keeper of the machine: counts for each table, not a line for each row. */
  imported: 'import',
  /** Rows were changed by the keeper of the machine in another way: the demo, a console. */
  'rows-changed': 'import',
  'signed-in': 'sign-in',
  'sign-in-refused': 'sign-in',
  /** Too many wrong passwords: further ones are answered later and later. */
  'sign-in-slowed': 'sign-in',
  'signed-out': 'sign-in',
  'signed-out-everywhere': 'sign-in',
  'account-made': 'account',
  'account-changed': 'account',
  'account-closed': 'account',
  'account-opened': 'account',
  'password-changed': 'account',
  'token-made': 'account',
  'token-revoked': 'account',
  retention: 'retention',
  'log-read': 'log',
  'log-exported': 'log',
  /** A line was taken out before it was sealed; what sealed the log found its place empty. */
  'line-missing': 'log',
} as const satisfies Record<string, AuditKind>;
export type AuditEvent = keyof typeof auditEvents;

/** Of an activity: what was changed, without the values, which are not an admin's to read. */
export const auditChange = z.object({
  /** The kind of activity: `inspections`, `reports`, … */
  kind: z.string(),
  id: z.number().int(),
  version: z.number().int(),
  /** Columns whose value is another one now; all that have a value where the row was recorded. */
  fields: z.array(z.string()),
});
export type AuditChange = z.infer<typeof auditChange>;

const json = z.json();

export const auditLine = z.object({
  id: z.number().int(),
  at: z.iso.datetime({ offset: true }),
  /** One of `auditEvents`; a later release may write others. */
  event: z.string(),
  kind: auditKind.nullable(),
  /** An office's account; null where nobody was signed in. Of the keeper of the machine: `import`. */
  account: z.string().nullable(),
  /** A role, `visitor` for nobody, `owner` for the keeper of the machine. */
  role: z.string(),
  commune: communeCode.nullable(),
  /** Where the request came from; null on the command line. */
  address: z.string().nullable(),
  /** Method and pattern, as the table of routes has it: `GET /ogc/collections/:collectionId/items`. */
  endpoint: z.string().nullable(),
  /** What was asked for, by parameter. */
  filters: z.record(z.string(), json).nullable(),
  /** How many rows about single premises left the server; null where none were asked for, or it is not known. */
  rows: z.number().int().nonnegative().nullable(),
  change: auditChange.nullable(),
  /** What else the event says of itself: tables and counts of an import, the account tried at a refused sign-in. */
  facts: z.record(z.string(), json).nullable(),
  /** Where the line stands in the chain, and its hash; null for a second or so, until it is sealed. */
  position: z.number().int().positive().nullable(),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  /** The whole line for a reader: who did what. */
  sentence,
});
export type AuditLine = z.infer<typeof auditLine>;

const filters = {
  /** Exactly this account. */
  account: z.string().trim().min(1).max(200).optional(),
  /** First and last day, in Vietnam. */
  from: calendarDay.optional(),
  to: calendarDay.optional(),
  kind: auditKind.optional(),
  event: z.string().max(60).optional(),
  /** A part of the endpoint: `/ogc`, `inspections`, `POST`. */
  endpoint: z.string().trim().min(1).max(200).optional(),
};
const withFilters = z.strictObject(filters);
export type AuditFilters = z.infer<typeof withFilters>;

/** The end of the chain. Written down elsewhere, it proves later that nothing before it was cut off or rewritten. */
export const auditHead = z.object({ position: z.number().int().positive(), hash: z.string() });
export type AuditHead = z.infer<typeof auditHead>;

/** The newest first. Reading the log is itself a line of it. */
export const auditEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/audit',
  query: withFilters.extend({
    /** From the `next` of the page before. */
    after: z.string().max(60).optional(),
    limit: z.coerce
      .number('a whole number from 1 to 500')
      .int('a whole number from 1 to 500')
      .min(1, 'from 1 to 500')
      .max(500, 'from 1 to 500')
      .default(100),
  }),
  response: z.object({
    lines: z.array(auditLine),
    /** What to give as `after` for the next page; null on the last. */
    next: z.string().nullable(),
    head: auditHead.nullable(),
    /** Lines that are not sealed yet: those of the last second. */
    unsealed: z.number().int().nonnegative(),
  }),
});

export const auditExportFormats = ['csv', 'jsonl'] as const;

/** The accounts that lines are of, for the filter's list. */
export const auditAccountsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/audit/accounts',
  response: z.object({ accounts: z.array(z.string()) }),
});

/**
 * A file of all sealed lines that the filters leave, oldest first. JSON lines hold each line's text as it was hashed, so that
 * `npm run -s diaban -- audit verify --file` can check them; CSV is for reading.
 */
export const auditExportEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/audit/export',
  query: withFilters.extend({ format: z.enum(auditExportFormats).default('csv') }),
  response: z.instanceof(Uint8Array),
});
