import pg from 'pg';
import type { ZodType } from 'zod';
import { type Role, roles } from '../../contract/access.ts';
import { startEmbedded } from './embedded.ts';
import { RequestEnded, requestSignal } from './request-end.ts';
import { type Sql, sqlText } from './sql.ts';

/** Queries within one transaction. Rows are parsed by the schema given; a row that does not fit is a defect and throws. */
export type Transaction = {
  /** All rows. `name` prepares the statement once per connection (server database only: see `prepares`). */
  rows<Row>(schema: ZodType<Row>, query: Sql, options?: QueryOptions): Promise<Row[]>;
  /** Exactly one row; throws otherwise. */
  row<Row>(schema: ZodType<Row>, query: Sql, options?: QueryOptions): Promise<Row>;
  /** One row or null; throws on more. */
  maybeRow<Row>(schema: ZodType<Row>, query: Sql, options?: QueryOptions): Promise<Row | null>;
  /** Runs a statement; resolves to the number of rows that it affected. */
  execute(query: Sql): Promise<number>;
  /**
   * How many rows about single premises the answer holds; none where the asker holds it already. To be told once in a
   * transaction of a request for premises, which does not end well without; elsewhere it does nothing.
   */
  premisesLeft(rows: number | 'not-modified'): void;
};
type QueryOptions = { name?: string };

/** Opens transactions with the rights of somebody. */
export type Transactions = {
  read<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  write<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
};

/** Whose rights a transaction has (migrations/0008_access-roles.sql). A `visitor` is nobody, and the server on its own errands. */
export type Actor = {
  account: string;
  role: Role | 'visitor';
  /** The commune of a commune's account. */
  commune: string | null;
  /** Where the request came from. */
  address: string;
  /** What was asked for, as the audit log keeps it; none on an errand of the server's own. */
  asked?: Asked;
};
export type Asked = {
  /** Method and pattern, as the route table has it. */
  endpoint: string;
  filters: Readonly<Record<string, unknown>>;
  /** Whether the answer names single premises: the transaction then opens with a line of the audit log (migration 0011). */
  premises: boolean;
};
export const visitor: Actor = { account: 'visitor', role: 'visitor', commune: null, address: '' };

/**
 * One code path for both engines. Everything runs in a transaction, for three reasons: a reader sees the data and
 * their `data_version` in one snapshot; settings are `set local` and cannot leak to the next request of a pooled
 * connection; and the embedded engine, one backend behind all its connections, keeps other clients out only while a
 * transaction is open. Never open a second transaction inside one: the embedded pool has a single client.
 */
export type Database = Transactions & {
  readonly engine: 'embedded' | 'server';
  /** Transactions with the rights of an actor: his database role and settings, which end with each. */
  as(actor: Actor): Transactions;
  /** How many writes through this object have ended so far: what is kept in memory may be old once it has moved. */
  endedWrites(): number;
  close(): Promise<void>;
};

/** The database cannot be reached now. The pool connects anew by itself once it is back. */
export class DatabaseAway extends Error {
  override name = 'DatabaseAway';
}

export type DatabaseOptions = {
  /** `postgres://…`; without it the embedded database in `dataDir` is used. */
  databaseUrl?: string | undefined;
  dataDir: string;
  poolSize?: number;
  /** A transaction that reads is ended after this long; one that writes (an import) after ten times this. */
  timeoutMilliseconds?: number;
  /** Whose rights `read` and `write` have; without it those of whom the connection belongs to, the owner. */
  actor?: Actor;
  onEvent?: (message: string) => void;
};

const { builtins } = pg.types;
const parsers = new Map<number, (text: string) => unknown>([
  // bigint: ids and counts here stay far below 2^53
  [builtins.INT8, Number],
  [builtins.NUMERIC, Number],
  // a calendar day stays text: a Date would move it by the machine's time zone
  [builtins.DATE, String],
]);
const types = {
  getTypeParser: (id: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(id)) || pg.types.getTypeParser(id, format as 'text'),
} as pg.CustomTypesConfig;

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const {
    databaseUrl,
    dataDir,
    poolSize = 8,
    timeoutMilliseconds = 30_000,
    actor,
    onEvent = () => {},
  } = options;
  const embedded = databaseUrl ? null : await startEmbedded({ dataDir, onEvent });
  const engine = embedded ? 'embedded' : 'server';
  const pool = new pg.Pool({
    ...(embedded
      ? { ...embedded.connection, max: 1 }
      : { connectionString: databaseUrl, max: poolSize, pipeline: true }),
    types,
    application_name: 'diaban',
    connectionTimeoutMillis: embedded ? 60_000 : 10_000,
    idleTimeoutMillis: embedded ? 0 : 30_000,
  });
  // A connection that dies, idle or in use, must not take the process with it: the query under way is told by its own error.
  pool.on('error', (error) => onEvent(`database connection lost: ${error.message}`));
  pool.on('connect', (client) => client.on('error', () => {}));

  async function transact<Result>(
    begin: string,
    limitMilliseconds: number,
    actor: Actor | undefined,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    const client = await connect(pool).catch((error) => {
      // The asker is told at once; whoever asks next finds it started.
      embedded?.ensure().catch((failure: Error) => onEvent(failure.message));
      throw error;
    });
    // The embedded engine does not hear statement_timeout: what does not end is ended with its process.
    const watchdog =
      embedded &&
      setTimeout(
        () => embedded.restart(`a transaction took over ${limitMilliseconds} ms`),
        limitMilliseconds,
      );
    let broken: Error | undefined;
    // The request's end cancels the statement under way, where the engine hears it; the next is not asked at all.
    const signal = requestSignal();
    let cancelling: Promise<void> | undefined;
    const cancel = () => {
      if (databaseUrl) cancelling = cancelStatement(databaseUrl, client);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      // One simple-protocol message, and the work's first statement behind it without waiting: what goes wrong here that
      // statement is told too. `set local` ends with the transaction, whatever its end. Without jit: PostGIS functions
      // are so costly to the planner that it compiles queries of some milliseconds, for 100 ms.
      const begun = client.query(
        `${begin}; set local time zone 'Asia/Ho_Chi_Minh'; set local jit = off; set local statement_timeout = ${limitMilliseconds}; set local idle_in_transaction_session_timeout = ${limitMilliseconds}${actor ? actingAs(actor) : ''}`,
      );
      begun.catch(() => {});
      const { transaction, closing } = transactionOn(client, engine, actor, signal);
      const result = await work(transaction);
      await begun;
      // In one message, so that nothing is committed after a closing that failed.
      await client.query(`${closing()}commit`);
      return result;
    } catch (error) {
      if (isConnectionLoss(error)) {
        broken = error as Error;
        throw new DatabaseAway('the connection to the database was lost', { cause: error });
      }
      await client.query('rollback').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
    } finally {
      if (watchdog) clearTimeout(watchdog);
      signal?.removeEventListener('abort', cancel);
      // or the cancellation could meet whoever has the connection next
      await cancelling;
      client.release(broken);
    }
  }

  let writes = 0;
  const as = (actor: Actor | undefined): Transactions => ({
    // Who reads single premises writes the line that says so.
    read: (work) =>
      transact(
        `begin isolation level repeatable read${actor?.asked?.premises ? '' : ' read only'}`,
        timeoutMilliseconds,
        actor,
        work,
      ),
    // Counted however it ended: of one whose connection broke at the commit nobody knows.
    write: (work) => transact('begin', timeoutMilliseconds * 10, actor, work).finally(() => (writes += 1)),
  });
  return {
    engine,
    ...as(actor),
    as,
    endedWrites: () => writes,
    async close() {
      await pool.end();
      await embedded?.close();
    },
  };
}

/** A role cannot be bound as a value; the settings are quoted. All of it ends with the transaction. */
const actingAs = ({ account, role, commune, address, asked }: Actor): string =>
  `; set local diaban.actor = ${pg.escapeLiteral(account)}; set local diaban.commune = ${pg.escapeLiteral(commune ?? '')}` +
  `; set local diaban.address = ${pg.escapeLiteral(address)}` +
  (asked ? `; set local diaban.endpoint = ${pg.escapeLiteral(asked.endpoint)}` : '') +
  `; set local role diaban_${databaseRole(role)}` +
  (asked?.premises
    ? `; select begin_premises_reading(${pg.escapeLiteral(asked.endpoint)}, ${pg.escapeLiteral(JSON.stringify(asked.filters))})`
    : '');

const databaseRole = (name: string): string => {
  if (name !== 'visitor' && !(roles as readonly string[]).includes(name))
    throw new Error(`not a role: ${name}`);
  return name;
};

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw new DatabaseAway('the database cannot be reached', { cause: error });
  }
}

/** From a connection of its own, as PostgreSQL has it. What fails here leaves the statement to its time-out. */
async function cancelStatement(databaseUrl: string, client: pg.PoolClient): Promise<void> {
  const { processID } = client as unknown as { processID: number | null };
  const canceller = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  canceller.on('error', () => {});
  try {
    await canceller.connect();
    await canceller.query('select pg_cancel_backend($1)', [processID]);
  } catch {
  } finally {
    await canceller.end().catch(() => {});
  }
}

function transactionOn(
  client: pg.PoolClient,
  engine: Database['engine'],
  actor: Actor | undefined,
  signal: AbortSignal | undefined,
): { transaction: Transaction; closing: () => string } {
  const role = actor?.role ?? 'owner';
  const goOn = () => {
    if (signal?.aborted) throw new RequestEnded();
  };
  let left: number | 'not-modified' | undefined;
  /** What is to be said before the end. */
  function closing(): string {
    if (!actor?.asked?.premises) return '';
    if (left === undefined)
      throw new Error(`${actor.asked.endpoint} did not say how many rows about premises leave`);
    const [rows, notModified] = left === 'not-modified' ? [0, true] : [left, false];
    return `select end_premises_reading(${Math.trunc(rows)}, ${notModified}); `;
  }
  async function rows<Row>(schema: ZodType<Row>, query: Sql, options: QueryOptions = {}): Promise<Row[]> {
    // On the embedded engine prepared names are shared by all its connections and clash: "already exists".
    // A plan holds for one role: under another's policies it would be made anew each time that a connection changes hands.
    goOn();
    const name = engine === 'server' && options.name ? `${options.name}@${role}` : undefined;
    const result = await client.query({
      text: sqlText(query),
      values: [...query.values],
      ...(name ? { name } : {}),
    });
    return result.rows.map((row) => schema.parse(row));
  }
  const transaction: Transaction = {
    rows,
    async row(schema, query, options) {
      const found = await rows(schema, query, options);
      if (found.length !== 1)
        throw new Error(`expected one row, got ${found.length}: ${sqlText(query).slice(0, 200)}`);
      return found[0]!;
    },
    async maybeRow(schema, query, options) {
      const found = await rows(schema, query, options);
      if (found.length > 1)
        throw new Error(`expected at most one row, got ${found.length}: ${sqlText(query).slice(0, 200)}`);
      return found[0] ?? null;
    },
    async execute(query) {
      goOn();
      const result = await client.query({ text: sqlText(query), values: [...query.values] });
      return result.rowCount ?? 0;
    },
    premisesLeft(rows) {
      left = rows;
    },
  };
  return { transaction, closing };
}

/** Errors after which nothing more can be asked over the connection: server shutdown, crash, broken socket. */
function isConnectionLoss(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return (
    /^(57P0[123]|08...|ECONNRESET|ECONNREFUSED|EPIPE|ENOENT|ETIMEDOUT)$/.test(code ?? '') ||
    /connection terminated|client has encountered a connection error|not queryable/i.test(message ?? '')
  );
}
