import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Asker } from '../access/asker.ts';
import type { KeptAnswer } from '../audit/premises-reading-log.ts';
import { type RememberedAnswers, rememberAnswers } from './remembered-answers.ts';
import type { MadeTile } from './tile-source.ts';

// The whole way is played by a handler that counts how often it is gone, and answers who asked.

const someone = (account: string, role: Asker['role'], commune: string | null = null): Asker => ({
  account,
  role,
  commune,
  address: '127.0.0.1',
});
const askers: Record<string, Asker> = Object.fromEntries(
  [
    someone('planner', 'planner'),
    someone('inspector', 'inspector'),
    someone('leader', 'leader'),
    someone('admin', 'admin'),
    someone('one-commune', 'commune', '00007'),
    someone('its-other-account', 'commune', '00007'),
    someone('other-commune', 'commune', '00014'),
  ].map((asker) => [asker.account, asker]),
);
/** Who asks is told by a header; who is not in the list is not known without waiting. */
const whoAsks = (headers: IncomingHttpHeaders) => askers[String(headers['x-asker'] ?? 'planner')];

const address = { collections: ['establishments'] as const, z: 12, x: 3, y: 4 };
const path = '/tiles/establishments/12/3/4.mvt';
let premises: number;
let versionNow: number | null;
let cacheHolds: boolean;
let wholeWays: number;
let moreHeaders: Record<string, string>;
let written: { account: string; answer: KeptAnswer }[];
let logFails: boolean;
let releaseLog: (() => void) | null;
let holdLog: boolean;
let answers: RememberedAnswers;
const servers: Server[] = [];
let port: number;

beforeEach(async () => {
  premises = 0;
  versionNow = 7;
  cacheHolds = true;
  wholeWays = 0;
  moreHeaders = {};
  written = [];
  logFails = false;
  holdLog = false;
  releaseLog = null;
  const made = new Map<string, MadeTile>();
  answers = rememberAnswers({
    source: {
      dataVersionNow: () => versionNow,
      kept: (key) => (cacheHolds ? made.get(key) : undefined),
    },
    known: ({ headers }) => whoAsks(headers),
    readings: {
      logged(asker, answer) {
        if (logFails) return Promise.reject(new Error('the log cannot be written'));
        written.push({ account: asker.account, answer });
        return holdLog ? new Promise((done) => (releaseLog = done)) : Promise.resolve();
      },
    },
  });
  const server = createServer((request, response) => {
    const wholeWay = () => {
      wholeWays += 1;
      const asker = whoAsks(request.headers) ?? askers.planner!;
      const body = Buffer.from(`made for ${asker.account}`);
      const tile: MadeTile = { dataVersion: 7, body, key: `7 ${wholeWays}`, premises };
      made.set(tile.key, tile);
      response.setHeader('Content-Security-Policy', "default-src 'none'");
      response.setHeader('ETag', '"7-tag"');
      response.setHeader('Content-Type', 'application/vnd.mapbox-vector-tile');
      response.setHeader('Content-Length', String(body.byteLength));
      for (const [header, value] of Object.entries(moreHeaders)) response.setHeader(header, value);
      answers.remember(request, response, { made: tile, asker, address });
      response.end(body);
    };
    if (!answers.answered(request, response, wholeWay)) wholeWay();
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  for (const server of servers) server.close();
});

type Answered = { status: number; headers: IncomingHttpHeaders; body: string };
function ask(headers: Record<string, string> = {}, asked = path, method = 'GET') {
  return new Promise<Answered>((done, failed) => {
    httpRequest({ port, host: '127.0.0.1', path: asked, headers, method, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk;
      });
      response.on('end', () => {
        const { date: _, ...rest } = response.headers;
        done({ status: response.statusCode!, headers: rest, body });
      });
    })
      .once('error', failed)
      .end();
  });
}
const as = (account: string) => ({ 'x-asker': account });

describe('an answer that is remembered', () => {
  it('is given again with the same status, headers and bytes', async () => {
    const first = await ask();
    const again = await ask();
    expect(again).toEqual(first);
    expect(again.body).toBe('made for planner');
    expect(again.headers['content-security-policy']).toBe("default-src 'none'");
    expect(wholeWays).toBe(1);
  });

  it('is 304 to who holds it, with all headers but those of a body', async () => {
    await ask();
    const again = await ask({ 'if-none-match': '"7-tag"' });
    expect(again).toMatchObject({ status: 304, body: '' });
    expect(again.headers).toMatchObject({
      etag: '"7-tag"',
      'content-security-policy': "default-src 'none'",
    });
    expect(again.headers).not.toHaveProperty('content-type');
    expect(again.headers).not.toHaveProperty('content-length');
    expect(wholeWays).toBe(1);
  });

  it.each([
    ['another encoding', { 'accept-encoding': 'br' }],
    ['another type', { accept: 'application/json' }],
    ['another tag', { 'if-none-match': '"6-tag"' }],
    ['a list of tags', { 'if-none-match': '"6-tag", "7-tag"' }],
    ['a tag and no trust in it', { 'if-none-match': '"7-tag"', 'cache-control': 'no-cache' }],
    ['a day', { 'if-modified-since': 'Mon, 23 Nov 2026 00:00:00 GMT' }],
    ['a name that is not known without waiting', as('somebody')],
  ])('is not for who brings %s', async (_, headers) => {
    await ask();
    await ask(headers as Record<string, string>);
    expect(wholeWays).toBe(2);
  });

  it('is not for other addresses and methods', async () => {
    await ask();
    await ask({}, `${path}?a`);
    await ask({}, path, 'HEAD');
    await ask({}, path, 'POST');
    expect(wholeWays).toBe(4);
  });

  it.each([
    ['the data have moved', () => (versionNow = 8)],
    ['it is not known whether the data have moved', () => (versionNow = null)],
    ['the cache has let the tile go', () => (cacheHolds = false)],
  ])('is not given when %s', async (_, happens) => {
    await ask();
    happens();
    await ask();
    expect(wholeWays).toBe(2);
  });
});

describe('who sees the same', () => {
  it('is answered out of what the other got, and nobody else is', async () => {
    const same = [
      ['planner', 'inspector'],
      ['one-commune', 'its-other-account'],
      ['leader'],
      ['admin'],
      ['other-commune'],
    ];
    // whoever comes first, in whatever order
    for (const group of [...same, ...same.toReversed()])
      for (const account of group.toReversed()) {
        const { body } = await ask(as(account));
        expect(group.map((name) => `made for ${name}`)).toContain(body);
      }
    expect(wholeWays).toBe(same.length);
  });

  it('never hears "not modified" of what others hold', async () => {
    await ask(as('planner'));
    for (const account of ['leader', 'admin', 'one-commune'])
      expect(await ask({ ...as(account), 'if-none-match': '"7-tag"' })).toMatchObject({
        status: 200,
        body: `made for ${account}`,
      });
  });
});

describe('a tile that shows single premises', () => {
  beforeEach(() => {
    premises = 12;
  });

  it('leaves once the reading is on the log, in the name of who asks', async () => {
    await ask(as('planner'));
    expect(written).toEqual([]); // the whole way writes its own
    holdLog = true;
    let arrived = false;
    const asked = ask(as('inspector')).then((answer) => {
      arrived = true;
      return answer;
    });
    await expect.poll(() => releaseLog).not.toBe(null);
    await new Promise((done) => setTimeout(done, 30));
    expect(arrived).toBe(false);
    releaseLog!();
    expect(await asked).toMatchObject({ status: 200, body: 'made for planner' });
    expect(written).toEqual([
      {
        account: 'inspector',
        answer: { endpoint: 'GET /tiles/:collections/:z/:x/:file', tile: 'establishments/12/3/4', rows: 12 },
      },
    ]);
    expect(wholeWays).toBe(1);
  });

  it('is written down as not modified where the asker holds it', async () => {
    await ask();
    expect((await ask({ 'if-none-match': '"7-tag"' })).status).toBe(304);
    expect(written.map(({ answer }) => answer.rows)).toEqual(['not-modified']);
  });

  it('does not leave where the log cannot be written: the whole way decides', async () => {
    await ask();
    logFails = true;
    await ask();
    expect(wholeWays).toBe(2);
  });
});

describe('what is never remembered', () => {
  it('an answer that sets a cookie', async () => {
    moreHeaders = { 'Set-Cookie': 'session=1' };
    await ask();
    await ask();
    expect(wholeWays).toBe(2);
  });

  it('what an answer says of how much its own asker may still ask', async () => {
    moreHeaders = { 'RateLimit-Remaining': '3', 'RateLimit-Policy': '"tiles";q=10' };
    expect((await ask(as('planner'))).headers).toHaveProperty('ratelimit-remaining', '3');
    const { headers } = await ask(as('inspector'));
    expect(wholeWays).toBe(1);
    expect(Object.keys(headers).filter((name) => name.startsWith('ratelimit'))).toEqual([]);
  });
});
