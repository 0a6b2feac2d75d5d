// What one thread of Node can do at most with the same tiles: a bare server that holds the bytes of another's answers by
// their address. A process of its own for `bench-tiles.ts`, ended by it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const { ADDRESS: address = '', PATHS: paths = '' } = process.env;
const answers = new Map<string, { status: number; headers: string[]; body: Buffer }>();
for (const path of paths.split(' ')) {
  const { status, headers, body } = await fetch(address + path, {
    headers: { 'accept-encoding': 'identity' },
  }).then(async (answer) => ({
    status: answer.status,
    headers: [...answer.headers]
      .filter(([name]) => !['connection', 'date', 'keep-alive'].includes(name))
      .flat(),
    body: Buffer.from(await answer.arrayBuffer()),
  }));
  answers.set(path, { status, headers, body });
}
const server = createServer((request, response) => {
  const { status, headers, body } = answers.get(request.url ?? '')!;
  response.writeHead(status, headers).end(body);
}).listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit(0));
