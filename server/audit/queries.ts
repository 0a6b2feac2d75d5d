import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { type Sql, sql } from '../db/sql.ts';

// Two readers: an admin, through the functions of migration 0011, which show no values of activities and write down that
// the log was read; and the owner of the tables, on the command line, who sees all.

export type LinesAsked = {
  account?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  events?: readonly string[] | undefined;
  endpoint?: string | undefined;
};

const json = z.record(z.string(), z.unknown()).nullable();
const lineRow = z.object({
  id: z.number(),
  at: z.date(),
  event: z.string(),
  account: z.string().nullable(),
  role: z.string(),
  commune: z.string().nullable(),
  address: z.string().nullable(),
  endpoint: z.string().nullable(),
  filters: json,
  row_count: z.number().nullable(),
  facts: json,
  place: z.number().nullable(),
  hash: z.string().nullable(),
  /** The text that was hashed; exports alone have it. */
  entry: z.string().nullable(),
});
export type LineRow = z.infer<typeof lineRow>;

const asked = ({ account, from, to, events, endpoint }: LinesAsked): Sql =>
  sql`${account ?? null}::text, ${from ?? null}::date, ${to ?? null}::date, ${events ? [...events] : null}::text[], ${endpoint ?? null}::text`;

export const readLines = (
  transaction: Transaction,
  filters: LinesAsked,
  before: number | null,
  most: number,
): Promise<LineRow[]> =>
  transaction.rows(
    lineRow,
    sql`select * from read_audit_log(${asked(filters)}, ${before}::bigint, ${most}::integer)`,
  );

export const exportLines = (
  transaction: Transaction,
  filters: LinesAsked,
  afterPlace: number,
  most: number,
): Promise<LineRow[]> =>
  transaction.rows(
    lineRow,
    sql`select * from export_audit_log(${asked(filters)}, ${afterPlace}::bigint, ${most}::integer)`,
  );

const headRow = z.object({ place: z.number().nullable(), hash: z.string().nullable() });
export type Head = { position: number; hash: string };

export async function readHead(transaction: Transaction): Promise<Head | null> {
  const { place, hash } = await transaction.row(headRow, sql`select place, hash from audit_head()`);
  return place !== null && hash !== null ? { position: place, hash } : null;
}

export const countUnsealed = async (transaction: Transaction): Promise<number> =>
  (await transaction.row(z.object({ unsealed: z.number() }), sql`select count_unsealed() as unsealed`))
    .unsealed;

export const readAccounts = async (transaction: Transaction): Promise<string[]> =>
  (await transaction.rows(z.object({ account: z.string() }), sql`select audit_accounts() as account`)).map(
    ({ account }) => account,
  );

/** Gives what waits its place in the chain; how many lines there were. At most 5,000 at a time. */
export const sealLines = async (transaction: Transaction): Promise<number> =>
  (await transaction.row(z.object({ sealed: z.number() }), sql`select seal_audit_log() as sealed`)).sealed;

// --------------------------------------------------------------------------------------- with the owner's rights

// The text that is hashed, made here again and not by the database's own audit_entry: who could alter the log could have
// altered that function. A test holds the two to the same.
const entryOf = (line: Sql, position: Sql, previous: Sql): Sql => sql`
  jsonb_build_object(
    'position', ${position}, 'previous', ${previous}, 'id', ${line}.id,
    'at', to_char(${line}.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'transaction', ${line}.transaction::text,
    'event', ${line}.event, 'account', ${line}.account, 'role', ${line}.role, 'commune', ${line}.commune, 'address', ${line}.address,
    'endpoint', ${line}.endpoint, 'filters', ${line}.filters, 'rows', ${line}.row_count, 'facts', ${line}.facts,
    'content', ${line}.content_digest)::text`;

const sealedRow = z.object({
  position: z.number(),
  line: z.number(),
  previous: z.string(),
  hash: z.string(),
  /** What should have been hashed; null where the line is gone. */
  entry: z.string().nullable(),
  /** Whether the values of an activity are those of the line's digest. */
  contentWhole: z.boolean(),
});
export type SealedRow = z.infer<typeof sealedRow>;

/** Seals in their order with what their lines say now. */
export const readSealed = (transaction: Transaction, afterPosition: number, most: number) =>
  transaction.rows(
    sealedRow,
    sql`select s.position, s.line, s.previous, s.hash,
               case when l.id is not null then ${entryOf(sql`l`, sql`s.position`, sql`s.previous`)} end as entry,
               l.content_digest is not distinct from
                 encode(sha256(convert_to(l.content_salt::text || l.content::text, 'UTF8')), 'hex') as "contentWhole"
          from audit_seals s left join audit_log l on l.id = s.line
         where s.position > ${afterPosition}
         order by s.position
         limit ${most}`,
  );

/** What would have been hashed had a line stood at another place; null where there is no such line. */
export const readEntryAt = async (
  transaction: Transaction,
  line: number,
  position: number,
  previous: string,
): Promise<string | null> =>
  (
    await transaction.maybeRow(
      z.object({ entry: z.string() }),
      sql`select ${entryOf(sql`l`, sql`${position}::bigint`, sql`${previous}::text`)} as entry
            from audit_log l where l.id = ${line}`,
    )
  )?.entry ?? null;

const looseRow = z.object({ id: z.number(), event: z.string(), waiting: z.boolean() });
/** Lines without a place in the chain a minute after they were written: waiting to be sealed, or never meant to be. */
export const readLoose = (transaction: Transaction) =>
  transaction.rows(
    looseRow,
    sql`select l.id, l.event, exists (select from audit_unsealed u where u.line = l.id) as waiting
          from audit_log l
         where l.at < clock_timestamp() - interval '1 minute' and not exists (select from audit_seals s where s.line = l.id)
         order by l.id
         limit 1000`,
  );

const spanRow = z.object({ first: z.number().nullable(), last: z.number().nullable() });
/** The places from the first to the last line of some days in Vietnam; null where there is none. */
export const readSpan = (transaction: Transaction, from: string | null, to: string | null) =>
  transaction.row(
    spanRow,
    sql`select min(s.position) as first, max(s.position) as last
          from audit_log l join audit_seals s on s.line = l.id
         where (${from}::date is null or l.at >= ${from}::date::timestamp at time zone 'Asia/Ho_Chi_Minh')
           and (${to}::date is null or l.at < (${to}::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh')`,
  );

const archivedRow = z.object({
  position: z.number(),
  hash: z.string(),
  sealed: z.string(),
  salt: z.string().nullable(),
  content: z.string().nullable(),
});
export type ArchivedRow = z.infer<typeof archivedRow>;

/** Whole lines from one place to another, values of activities included: what is archived. */
export const readArchived = (transaction: Transaction, first: number, last: number, most: number) =>
  transaction.rows(
    archivedRow,
    sql`select s.position, s.hash, ${entryOf(sql`l`, sql`s.position`, sql`s.previous`)} as sealed,
               l.content_salt::text as salt, l.content::text as content
          from audit_seals s join audit_log l on l.id = s.line
         where s.position between ${first} and ${last}
         order by s.position
         limit ${most}`,
  );

/** Tells the log of a sign-in, a change of an account or the like. */
export const recordEvent = async (
  transaction: Transaction,
  event: string,
  facts: Readonly<Record<string, unknown>> | null,
): Promise<void> => {
  await transaction.rows(
    z.unknown(),
    sql`select record_audit_event(${event}, ${facts === null ? null : JSON.stringify(facts)}::jsonb)`,
  );
};
