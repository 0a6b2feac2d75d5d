// `npm run dev`: the server, started again when one of its files changes, and Vite with hot reload in front of it.
import { type ChildProcess, spawn } from 'node:child_process';

const environment = { ...process.env, NODE_ENV: 'development' };
const commands: [string, string[]][] = [
  [process.execPath, ['--watch', '--watch-preserve-output', '--import', 'tsx', 'server/main.ts']],
  [process.execPath, ['node_modules/vite/bin/vite.js', '--port', '5173', '--host', '127.0.0.1']],
];
const children: ChildProcess[] = commands.map(([command, parameters]) =>
  spawn(command, parameters, { env: environment, stdio: 'inherit' }),
);
for (const child of children) {
  child.once('exit', (code) => {
    for (const other of children) other.kill('SIGTERM');
    process.exitCode ||= code ?? 0;
  });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => children.forEach((child) => void child.kill(signal)));
