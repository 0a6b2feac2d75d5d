import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The embedded database's process as its users see it: where to connect, and how to end or renew it. */
export type EmbeddedPostgres = {
  readonly connection: { host: string; port: number; user: string; database: string };
  /** Starts the process again where it is gone: one that another program of ours kept ends with that program. */
  ensure(): Promise<void>;
  /** Ends the process hard and starts it anew; connections in use are lost and answer `DatabaseAway`. */
  restart(reason: string): void;
  close(): Promise<void>;
};

const processFile = fileURLToPath(new URL('./embedded-process.ts', import.meta.url));

/**
 * Starts PGlite in a process of its own (a long query would otherwise stop the HTTP server), or joins the process that
 * another program of ours keeps open on the same folder: an import while the server runs. PGlite must never be opened
 * twice on one folder.
 *
 * @throws when the folder is not writable, or is held by a process that does not answer.
 */
export async function startEmbedded(options: {
  dataDir: string;
  onEvent: (message: string) => void;
}): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const connection = socketOf(dataDir);
  let child: ChildProcess | null = null;
  let closing = false;

  // Whoever asks while the process starts waits for the same start.
  let starting: Promise<void> | null = null;
  const start = (): Promise<void> => {
    starting ??= startOnce().finally(() => {
      starting = null;
    });
    return starting;
  };

  async function startOnce(): Promise<void> {
    if (closing || child || (await answers(connection))) return;
    child = await spawnProcess(dataDir, connection, options.onEvent);
    child.once('exit', (code, signal) => {
      child = null;
      if (closing) return;
      options.onEvent(`embedded database ended (${signal ?? code}), starting it again`);
      start().catch((error: Error) => options.onEvent(`embedded database did not start: ${error.message}`));
    });
  }
  await start();

  return {
    connection: { ...connection, user: 'postgres', database: 'postgres' },
    ensure: start,
    restart(reason) {
      options.onEvent(`embedded database restarts: ${reason}`);
      child?.kill('SIGKILL');
    },
    async close() {
      closing = true;
      const ending = child;
      if (!ending) return;
      const ended = new Promise((done) => ending.once('exit', done));
      ending.send('close');
      const patience = setTimeout(() => ending.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(patience);
    },
  };
}

function spawnProcess(
  dataDir: string,
  connection: { host: string; port: number },
  onEvent: (message: string) => void,
): Promise<ChildProcess> {
  return new Promise((ready, failed) => {
    const child = fork(processFile, [dataDir, connection.host, String(connection.port)], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4000);
    });
    child.on('message', (message) => {
      if (message === 'ready') ready(child);
      else if (typeof message === 'string') onEvent(message);
    });
    child.once('exit', (code, signal) =>
      failed(
        new Error(
          `the embedded database in ${dataDir} did not start (${signal ?? code}). ${errors.trim()} ` +
            'If another program holds the folder, stop it; if the folder is damaged, restore a copy or move it away.',
        ),
      ),
    );
  });
}

/**
 * Where the process of a data folder listens: a Unix socket that its owner alone may open, in the folder itself or, where
 * that path is too long for a socket (107 bytes), in a folder of the temporary directory. Windows has no such sockets
 * for PostgreSQL clients and takes a loopback port derived from the folder.
 */
function socketOf(dataDir: string): { host: string; port: number } {
  const digest = createHash('sha256').update(dataDir).digest('hex');
  if (process.platform === 'win32')
    return { host: '127.0.0.1', port: 42_000 + (Number.parseInt(digest.slice(0, 6), 16) % 20_000) };
  const inside = join(dataDir, 'socket');
  const host = Buffer.byteLength(inside) < 80 ? inside : join(tmpdir(), `diaban-${digest.slice(0, 16)}`);
  mkdirSync(host, { recursive: true, mode: 0o700 });
  return { host, port: 5432 };
}

/** Whether a process serves the folder already. A socket file that nobody answers is left over and removed. */
async function answers(connection: { host: string; port: number }): Promise<boolean> {
  const path = connection.host.startsWith('/') ? join(connection.host, `.s.PGSQL.${connection.port}`) : null;
  if (path && !existsSync(path)) return false;
  const answered = await new Promise<boolean>((done) => {
    const socket = path ? connect(path) : connect(connection.port, connection.host);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
  if (!answered && path) rmSync(path, { force: true });
  return answered;
}

/** The process id in a folder's lock file when that process lives, else null. */
export function lockHolder(lockFile: string): number | null {
  if (!existsSync(lockFile)) return null;
  const pid = Number(readFileSync(lockFile, 'utf8'));
  try {
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
}
