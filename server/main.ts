import { pino } from 'pino';
import { prepareSignIn } from './access/first-admin.ts';
import { createIdentification } from './access/identification.ts';
import { createApp } from './app.ts';
import { startSealing } from './audit/sealer.ts';
import { type Config, readConfig } from './config.ts';
import { openApplication } from './db/open-application.ts';
import { loadDemoIfEmpty } from './demo/load.ts';
import { createAnalysisPool } from './hotspots/analysis-pool.ts';
import { buildClientIfStale, clientFolder } from './http/client-build.ts';
import { guardsOf } from './http/guards.ts';
import { boundedServer } from './http/http-server.ts';
import { openTileSource } from './tiles/tile-source.ts';
import { warmTiles } from './tiles/warm-tiles.ts';

/** Opens everything in order, listens, and closes everything in the opposite order when told to stop. */
async function main(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel }, pino.destination({ sync: true }));
  const say = (message: string) => console.log(message);
  const clock = () => new Date();

  // In development Vite serves the client itself, with hot reload.
  const clientBuilt = config.serveClient ? buildClientIfStale(say) : Promise.resolve();
  clientBuilt.catch(() => {});
  const db = await openApplication({
    databaseUrl: config.databaseUrl,
    applicationUrl: config.applicationUrl,
    dataDir: config.dataDir,
    onEvent: (message) => log.warn(message),
    say,
    prepare: async (owner) => {
      if (config.demo) await loadDemoIfEmpty(owner, { progress: (line) => say(`  ${line}`) });
      await prepareSignIn(owner, config, say);
    },
  });

  await clientBuilt;
  const pool = createAnalysisPool();
  const tiles = openTileSource(db);
  const app = createApp({
    db,
    config,
    clock,
    log,
    pool,
    tiles,
    ...createIdentification({ db, clock, config }),
    guards: guardsOf(config),
    ...(config.serveClient ? { clientFolder } : {}),
  });
  const server = boundedServer(app);
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(config.port, config.host, listening);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  say(`Địa bàn: http://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${port}`);
  // Not on the embedded engine: on its one thread the tiles that nobody asked for would stand in the way of those asked.
  if (db.engine === 'server')
    warmTiles(db, tiles).catch((error) => log.warn({ err: error }, 'tiles were not warmed'));

  const sealing = startSealing(db, log);

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    // Requests under way may finish; whoever only keeps a connection open is let go.
    const closed = new Promise((done) => server.close(done));
    server.closeIdleConnections();
    const patience = setTimeout(() => server.closeAllConnections(), 10_000);
    await closed;
    clearTimeout(patience);
    await pool.close();
    await sealing.stop();
    await db.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

try {
  await main(readConfig());
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const remedy =
    code === 'EADDRINUSE' ? '\nAnother program listens there: stop it or give another PORT.' : '';
  console.error(`Địa bàn did not start: ${message}${remedy}`);
  process.exit(1);
}
