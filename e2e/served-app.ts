import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export type ServedApp = { address: string; stop: () => Promise<void> };

/** The whole product as `npm start` brings it up: a new embedded database, the demo province and the built client. */
export async function startServedApp(): Promise<ServedApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'diaban-browser-'));
  const port = await freePort();
  const server = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: dataDir,
      DATABASE_URL: '',
      BASE_URL: '',
      DEMO: 'on',
      LOG_LEVEL: 'error',
      // A suite asks in a minute what a person does in half an hour.
      RATE_LIMIT_FACTOR: '20',
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await listening(server);
  return {
    address: `http://127.0.0.1:${port}`,
    async stop() {
      const ended = new Promise((done) => server.once('exit', done));
      server.kill('SIGTERM');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function listening(server: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((done, failed) => {
    const read = (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Địa bàn: http://')) done();
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('error', failed);
    server.once('exit', () => failed(new Error(`the server ended before it listened:\n${said}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? done(address.port) : failed(new Error('no port')),
      );
    });
  });
}
