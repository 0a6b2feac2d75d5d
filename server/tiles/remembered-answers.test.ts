import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type RememberedAnswers, rememberAnswers } from './remembered-answers.ts';
import type { MadeTile } from './tile-source.ts';

// The whole way is played by a handler that counts how often it is gone.
const tile: MadeTile = { dataVersion: 7, body: Buffer.from('a tile'), key: '7 communes/0/0/0' };
let versionNow: number | null;
let keptByCache: MadeTile | undefined;
let wholeWays: number;
let moreHeaders: Record<string, string>;
let answers: RememberedAnswers;
const servers: Server[] = [];
let port: number;

beforeEach(async () => {
  versionNow = 7;
  keptByCache = tile;
  wholeWays = 0;
  moreHeaders = {};
  answers = rememberAnswers({
    dataVersion: async () => 7,
    dataVersionNow: () => versionNow,
    tile: async () => tile,
    kept: (key) => (key === tile.key ? keptByCache : undefined),
  });
  const server = createServer((request, response) => {
    if (answers.answered(request, response)) return;
    wholeWays += 1;
    response.setHeader('Content-Security-Policy', "default-src 'none'");
    response.setHeader('ETag', '"7-tag"');
    response.setHeader('Content-Type', 'application/vnd.mapbox-vector-tile');
    response.setHeader('Content-Length', String(tile.body.byteLength));
    for (const [header, value] of Object.entries(moreHeaders)) response.setHeader(header, value);
    answers.remember(request, response, tile);
    response.end(tile.body);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  for (const server of servers) server.close();
});

type Answered = { status: number; headers: IncomingHttpHeaders; body: string };
function ask(headers: Record<string, string> = {}, path = '/tiles/communes/0/0/0.mvt', method = 'GET') {
  return new Promise<Answered>((done, failed) => {
    httpRequest({ port, host: '127.0.0.1', path, headers, method, agent: false }, (response) => {
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

describe('an answer that is remembered', () => {
  it('is given again with the same status, headers and bytes', async () => {
    const first = await ask();
    const again = await ask();
    expect(again).toEqual(first);
    expect(again.body).toBe('a tile');
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
    ['a cookie', { cookie: 'session=1' }],
    ['an authorization', { authorization: 'Bearer 1' }],
    ['another encoding', { 'accept-encoding': 'br' }],
    ['another type', { accept: 'application/json' }],
    ['another tag', { 'if-none-match': '"6-tag"' }],
    ['a list of tags', { 'if-none-match': '"6-tag", "7-tag"' }],
    ['a tag and no trust in it', { 'if-none-match': '"7-tag"', 'cache-control': 'no-cache' }],
    ['a day', { 'if-modified-since': 'Mon, 23 Nov 2026 00:00:00 GMT' }],
  ])('is not for who brings %s', async (_, headers) => {
    await ask();
    await ask(headers as Record<string, string>);
    expect(wholeWays).toBe(2);
  });

  it('is not for other addresses and methods', async () => {
    await ask();
    await ask({}, '/tiles/communes/0/0/0.mvt?a');
    await ask({}, '/tiles/communes/0/0/0.mvt', 'HEAD');
    await ask({}, '/tiles/communes/0/0/0.mvt', 'POST');
    expect(wholeWays).toBe(4);
  });

  it.each([
    ['the data have moved', () => (versionNow = 8)],
    ['it is not known whether the data have moved', () => (versionNow = null)],
    ['the cache has let the tile go', () => (keptByCache = undefined)],
  ])('is not given when %s', async (_, happens) => {
    await ask();
    happens();
    expect((await ask()).body).toBe('a tile');
    expect(wholeWays).toBe(2);
  });
});

describe('what is never remembered', () => {
  it.each([
    ['cookie', 'session=1'],
    ['authorization', 'Bearer 1'],
  ])('what somebody got who brought: %s', async (header, value) => {
    await ask({ [header]: value });
    await ask();
    expect(wholeWays).toBe(2);
  });

  it('an answer that sets a cookie', async () => {
    moreHeaders = { 'Set-Cookie': 'session=1' };
    await ask();
    await ask();
    expect(wholeWays).toBe(2);
  });
});
