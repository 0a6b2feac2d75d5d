import { createServer, type Server, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';

// Written here and not taken from @electric-sql/pglite-socket: its 0.2.11, the one that goes with the PostGIS build,
// hands the engine one protocol message at a time. After an error in an extended query the engine then answers
// ReadyForQuery twice (once for the failed message, once for Sync) and every later answer on that connection belongs to
// the query before it; and messages of two clients interleave between Parse and Execute.

const sslRequest = 80_877_103;
const gssEncryptionRequest = 80_877_104;
const cancelRequest = 80_877_102;
const syncMessage = 'S'.charCodeAt(0);
const queryMessage = 'Q'.charCodeAt(0);
const flushMessage = 'H'.charCodeAt(0);
const terminateMessage = 'X'.charCodeAt(0);
const idleStatus = 'I'.charCodeAt(0);

type Client = { socket: Socket; received: Buffer; started: boolean; batch: Buffer[] };
type Batch = { client: Client; message: Buffer };

/**
 * Lets PostgreSQL clients reach a PGlite engine. Messages are gathered up to the one that ends an exchange (Query, Sync)
 * and run as one; while a client's transaction is open only its own exchanges run, the others' wait. So several clients
 * may share the one backend as long as all their work is in transactions.
 */
export function embeddedSocket(database: PGlite): Server {
  const waiting: Batch[] = [];
  let owner: Client | null = null;
  let running = false;

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    for (;;) {
      if (owner?.socket.destroyed) {
        await database.exec('rollback');
        owner = null;
      }
      const next: number = owner ? waiting.findIndex(({ client }) => client === owner) : 0;
      const [batch] = next < 0 ? [] : waiting.splice(next, 1);
      if (!batch) break;
      const answer = await database.execProtocolRaw(batch.message).catch((error: Error) => {
        // Not an SQL error (those are answers): the engine itself broke. The parent starts a new process.
        console.error(error);
        process.exit(1);
      });
      owner = transactionStatus(answer) === idleStatus ? null : batch.client;
      if (batch.client.socket.writable) batch.client.socket.write(answer);
    }
    running = false;
  }

  return createServer((socket) => {
    const client: Client = { socket, received: Buffer.alloc(0), started: false, batch: [] };
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      for (let at = waiting.length - 1; at >= 0; at -= 1)
        if (waiting[at]?.client === client) waiting.splice(at, 1);
      void run();
    });
    socket.on('data', (chunk) => {
      client.received = client.received.length ? Buffer.concat([client.received, chunk]) : chunk;
      takeMessages(client, (message) => waiting.push({ client, message }));
      void run();
    });
  });
}

/** Cuts whole exchanges off what a client has sent so far. */
function takeMessages(client: Client, exchange: (message: Buffer) => void): void {
  for (;;) {
    const headerBytes = client.started ? 5 : 4;
    if (client.received.length < headerBytes) return;
    const length = client.received.readUInt32BE(headerBytes - 4) + (headerBytes - 4);
    if (client.received.length < length) return;
    const message = client.received.subarray(0, length);
    client.received = client.received.subarray(length);

    if (!client.started) {
      const code = message.length >= 8 ? message.readUInt32BE(4) : 0;
      if (code === sslRequest || code === gssEncryptionRequest) client.socket.write('N');
      else if (code === cancelRequest) client.socket.destroy();
      else {
        client.started = true;
        exchange(message);
      }
      continue;
    }
    const kind = message[0];
    if (kind === terminateMessage) {
      client.socket.end();
      return;
    }
    client.batch.push(message);
    if (kind === queryMessage || kind === syncMessage || kind === flushMessage) {
      exchange(Buffer.concat(client.batch));
      client.batch = [];
    }
  }
}

/** The status byte of the ReadyForQuery that ends an answer: idle, in a transaction, or in a failed one. */
function transactionStatus(answer: Uint8Array): number {
  return answer.at(-1) ?? idleStatus;
}
