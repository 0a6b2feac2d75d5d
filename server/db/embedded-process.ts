// The embedded database's own process: PGlite with PostGIS on a data folder, behind a socket. Arguments: data folder,
// socket folder or host, port. It says 'ready' to its parent, and ends with it: a server killed hard leaves nothing behind.
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { postgis } from '@electric-sql/pglite-postgis';
import { lockHolder } from './embedded.ts';
import { embeddedSocket } from './embedded-socket.ts';

const [dataDir, host, port] = process.argv.slice(2) as [string, string, string];
const databaseFolder = join(dataDir, 'pglite');
const lockFile = join(dataDir, 'embedded.pid');

const holder = lockHolder(lockFile);
if (holder !== null && holder !== process.pid) {
  console.error(`Process ${holder} holds ${dataDir}.`);
  process.exit(1);
}
writeFileSync(lockFile, String(process.pid));

if (!existsSync(databaseFolder)) process.send?.('creating the embedded database (10 to 30 seconds, once)');
const database = await PGlite.create({ dataDir: databaseFolder, extensions: { postgis, pg_trgm, unaccent } });
const socketFile = host.startsWith('/') ? join(host, `.s.PGSQL.${port}`) : null;
if (socketFile) rmSync(socketFile, { force: true });
const server = embeddedSocket(database);
await new Promise<void>((listening, failed) => {
  server.once('error', failed);
  if (socketFile) server.listen(socketFile, listening);
  else server.listen(Number(port), host, listening);
});
if (socketFile) chmodSync(socketFile, 0o600);

let closing = false;
async function close(): Promise<void> {
  if (closing) return;
  closing = true;
  server.close();
  await database.close();
  rmSync(lockFile, { force: true });
  process.exit(0);
}
process.on('message', (message) => {
  if (message === 'close') void close();
});
process.on('disconnect', () => void close());
// A Ctrl+C in the terminal reaches this process too; the parent decides when to end.
process.on('SIGINT', () => {});
process.send?.('ready');
