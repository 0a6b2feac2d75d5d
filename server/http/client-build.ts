import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const clientFolder = join(root, 'dist/client');
const sources = ['client', 'contract', 'index.html', 'vite.config.ts', 'package-lock.json'];

/**
 * Builds the client when a source of it is newer than the last build, in a process of its own beside whatever else
 * starts up.
 * @throws with the end of the build's output when it fails.
 */
export async function buildClientIfStale(say: (message: string) => void): Promise<void> {
  const built = join(clientFolder, 'index.html');
  if (existsSync(built) && newest(sources.map((name) => join(root, name))) < statSync(built).mtimeMs) return;
  say('  building the client');
  await new Promise<void>((done, failed) => {
    const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
    const build = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [build.stdout, build.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-4000);
      });
    }
    build.once('error', failed);
    build.once('exit', (code) =>
      code === 0 ? done() : failed(new Error(`the client did not build:\n${output}`)),
    );
  });
  say('  client built');
}

function newest(paths: readonly string[]): number {
  return Math.max(
    0,
    ...paths.filter(existsSync).map((path) => {
      const status = statSync(path);
      return status.isDirectory()
        ? newest(readdirSync(path).map((name) => join(path, name)))
        : status.mtimeMs;
    }),
  );
}
