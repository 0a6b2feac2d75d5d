import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { trustedProxies } from '../access/address.ts';
import { requestSignal } from '../db/request-end.ts';
import { knownHosts, refusedHost } from './host-check.ts';
import { boundedServer } from './http-server.ts';
import { problems } from './problem.ts';
import { addressKey, minuteLimits, rateLimits, requestClass } from './rate-limits.ts';
import { requestTime } from './request-time.ts';
import { securityHeaders } from './security-headers.ts';

const silent = pino({ level: 'silent' });

describe('the Host header', () => {
  it.each([
    // on loopback, as `npm start` does: loopback names alone
    [
      '127.0.0.1',
      'http://127.0.0.1:3000',
      ['localhost:3000', '127.0.0.1', '[::1]:3000', 'LOCALHOST', 'localhost.'],
      ['evil.example:3000', '192.168.1.5', 'localhost.evil.example'],
    ],
    // behind a proxy on the same machine, with the name that the province gives
    [
      '127.0.0.1',
      'https://diaban.ninhbinh.example',
      ['diaban.ninhbinh.example', 'diaban.ninhbinh.example:443', 'localhost:3000'],
      ['ninhbinh.example', 'xdiaban.ninhbinh.example', '10.0.0.1'],
    ],
    // on every interface with a name: the name, and loopback
    [
      '0.0.0.0',
      'http://diaban.lan:3000',
      ['diaban.lan:3000', 'localhost:3000'],
      ['10.0.0.1:3000', 'evil.example'],
    ],
    // on every interface without one: addresses, which no foreign page can have for a name
    [
      '0.0.0.0',
      'http://0.0.0.0:3000',
      ['10.0.0.1:3000', '[fd00::1]:3000', 'localhost'],
      ['evil.example', 'diaban.lan'],
    ],
    [
      '192.168.1.5',
      'http://192.168.1.5:3000',
      ['192.168.1.5:3000'],
      ['localhost:3000', '192.168.1.6:3000', 'evil.example'],
    ],
    ['::', 'http://[::]:3000', ['[::1]:3000', '10.0.0.1'], ['evil.example']],
  ])('listening on %s as %s', (host, baseUrl, taken, refused) => {
    const known = knownHosts({ host, baseUrl });
    for (const name of taken) expect(known(name), name).toBe(true);
    for (const name of [
      ...refused,
      '',
      ' ',
      'localhost,evil.example',
      'a@localhost',
      'localhost:',
      'localhost:80x',
      '[::1',
      'l ocalhost',
      'localhost/evil',
    ])
      expect(known(name), name).toBe(false);
  });

  it('of another site is answered 421, an unreadable one 400, and nothing of the app is reached', async () => {
    const known = knownHosts({ host: '127.0.0.1', baseUrl: 'http://127.0.0.1:3000' });
    let reached = 0;
    const listener = (asked: IncomingMessage, response: ServerResponse) => {
      if (refusedHost(known, asked, response)) return;
      reached += 1;
      response.end('in');
    };
    expect((await request(listener).get('/').set('Host', 'localhost:3000')).text).toBe('in');
    const foreign = await request(listener)
      .get('/tiles/communes/8/203/112.mvt')
      .set('Host', 'evil.example:3000');
    expect([foreign.status, foreign.type, foreign.body.where]).toEqual([
      421,
      'application/problem+json',
      'header Host',
    ]);
    expect(foreign.text).not.toContain('evil');
    expect((await request(listener).get('/').set('Host', 'a b')).status).toBe(400);
    expect(reached).toBe(1);
  });
});

describe('rate limits', () => {
  const app = (factor: number, account: () => string = () => 'xa-1') => {
    const limits = rateLimits(factor, trustedProxies(['127.0.0.1']));
    const made = express();
    made.use(limits.ofAddress);
    made.use(async (asked, _response, next) => {
      await limits.spend(asked, { account: account() });
      next();
    });
    made.use((_asked, response) => {
      response.json({});
    });
    made.use(problems(silent));
    return made;
  };
  const asked = async (made: express.Express, path: string, times: number, from = '10.0.0.1') => {
    const statuses: number[] = [];
    for (let at = 0; at < times; at += 1)
      statuses.push((await request(made).get(path).set('X-Forwarded-For', from)).status);
    return statuses;
  };

  it('let through what is allowed in a minute and answer the rest with 429 and how long to wait', async () => {
    // 0.005 × 2,400 = 12
    const made = app(0.005);
    expect(await asked(made, '/api/health', 13)).toEqual([...Array(12).fill(200), 429]);
    const refused = await request(made).get('/api/coverage/indicators');
    expect(refused.type).toBe('application/problem+json');
    expect(refused.body).toMatchObject({ status: 429, detail: 'this account asks too often' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    // tiles are counted apart, and the pages of the client not at all
    expect(await asked(made, '/tiles/communes/8/1/1.mvt', 2)).toEqual([200, 200]);
    expect((await asked(made, '/assets/index.js', 200)).every((status) => status === 200)).toBe(true);
  });

  it('count what is heavy by itself and lower', async () => {
    // 0.01 × 300 = 3
    expect(await asked(app(0.01), '/api/hotspots/scan', 4)).toEqual([200, 200, 200, 429]);
  });

  it('count an account wherever it asks from, and an address whoever asks there', async () => {
    const everywhere = app(0.005);
    for (let at = 0; at < 12; at += 1) await asked(everywhere, '/api/health', 1, `10.0.0.${at}`);
    expect(await asked(everywhere, '/api/health', 1, '10.0.0.99')).toEqual([429]);

    let number = 0;
    // 0.001 × 12,000 = 12 for an address; each account asks once
    const oneAddress = app(0.001, () => {
      number += 1;
      return `xa-${number}`;
    });
    expect(await asked(oneAddress, '/api/health', 13)).toEqual([...Array(12).fill(200), 429]);
    expect(await asked(oneAddress, '/api/health', 1, '10.0.0.2')).toEqual([200]);
  });

  it('count sign-in by address, lower than all else', async () => {
    const made = app(0.05); // 3
    const statuses: number[] = [];
    for (let at = 0; at < 4; at += 1) statuses.push((await request(made).post('/api/session')).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(minuteLimits.address['sign-in']).toBeLessThan(minuteLimits.account.heavy);
  });

  it('tell requests apart by their address', () => {
    const classOf = (method: string, path: string, query = {}) =>
      requestClass({ method, path, query } as never);
    expect(classOf('GET', '/tiles/communes/8/1/1.mvt')).toBe('tiles');
    expect(classOf('GET', '/api/coverage/report')).toBe('heavy');
    expect(classOf('GET', '/api/coverage/indicators', { format: 'xlsx' })).toBe('heavy');
    expect(classOf('GET', '/api/coverage/indicators')).toBe('ordinary');
    expect(classOf('GET', '/ogc/collections/establishments/items')).toBe('ordinary');
    expect(classOf('GET', '/ogc')).toBe('ordinary');
    expect(classOf('POST', '/api/session')).toBe('sign-in');
    expect(classOf('GET', '/api/session')).toBe('ordinary');
    expect(classOf('GET', '/places')).toBeNull();
  });

  it('take an IPv6 network for one address', () => {
    expect(addressKey('10.0.0.1')).toBe('10.0.0.1');
    expect(addressKey('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(addressKey('2001:0db8:0000:0000:ffff:1:2:3')).toBe('2001:db8:0:0::/64');
    expect(addressKey('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    expect(addressKey('::1')).toBe('0:0:0:0::/64');
  });
});

describe('the time of a request', () => {
  it('ends with 503, the work is told so, and what it says afterwards is not said', async () => {
    const told: string[] = [];
    const app = express();
    app.use(requestTime(50));
    app.get('/slow', async (_asked, response) => {
      const signal = requestSignal()!;
      await once(signal, 'abort');
      told.push('ended');
      response.json({ late: true });
    });
    app.get('/begun', (_asked, response) => {
      response.write('a');
      setTimeout(() => response.end('b'), 120);
    });
    app.get('/quick', (_asked, response) => {
      response.json({ ended: requestSignal()!.aborted });
    });
    app.use(problems(silent));
    const slow = await request(app).get('/slow');
    expect([slow.status, slow.type, slow.headers['retry-after']]).toEqual([
      503,
      'application/problem+json',
      '30',
    ]);
    expect(slow.text).not.toContain('late');
    expect(told).toEqual(['ended']);
    expect((await request(app).get('/begun')).text).toBe('ab');
    expect((await request(app).get('/quick')).body).toEqual({ ended: false });
  });
});

describe('a connection', () => {
  async function served<Result>(
    bounds: Parameters<typeof boundedServer>[1],
    work: (port: number) => Promise<Result>,
  ) {
    const server = boundedServer((asked, response) => {
      asked.resume();
      asked.on('end', () => response.end('ok'));
    }, bounds).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      return await work((server.address() as AddressInfo).port);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  /** Everything that is answered to these bytes until the server closes the connection. */
  const answerTo = (port: number, text: string): Promise<string> =>
    new Promise((done) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket.on('data', (chunk: Buffer) => {
        answer += chunk.toString();
      });
      socket.on('error', () => {});
      socket.on('close', () => done(answer));
    });

  it('is closed on who sends headers or body too slowly, with 408', () =>
    served({ headersMilliseconds: 200, requestMilliseconds: 400 }, async (port) => {
      const half = await answerTo(port, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: ');
      expect(half).toMatch(/^HTTP\/1\.1 408 /);
      expect(half).toContain('application/problem+json');
      expect(await answerTo(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab')).toMatch(
        /^HTTP\/1\.1 408 /,
      );
    }));

  it('is told of headers that are too long, and of what is no HTTP, in the usual shape', () =>
    served({}, async (port) => {
      const long = await answerTo(port, `GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`);
      expect(long).toMatch(/^HTTP\/1\.1 431 /);
      for (const text of [
        'hello\r\n\r\n',
        'GET /\u0000 HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nA b: c\r\n\r\n',
        // two lengths, and a length beside chunks: how a request is smuggled past a proxy
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
      ]) {
        const answer = await answerTo(port, text);
        expect(answer, text).toMatch(/^HTTP\/1\.1 400 /);
        expect(answer).toContain('application/problem+json');
        expect(answer).not.toMatch(/HPE_|node|parse/i);
      }
      expect(await answerTo(port, 'GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    }));

  it('is one of so many', () =>
    served({ connections: 2 }, async (port) => {
      const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      expect(await answerTo(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('');
      for (const socket of sockets) socket.destroy();
    }));
});

describe('security headers', () => {
  const headersAt = async (baseUrl: string) => {
    const app = express();
    app.use(securityHeaders(baseUrl));
    app.use((_asked, response) => {
      response.json({});
    });
    return (await request(app).get('/')).headers;
  };

  it('let a page load, frame, ask of the machine and tell others nothing but its own', async () => {
    const headers = await headersAt('http://localhost:3000');
    const policy = Object.fromEntries(
      headers['content-security-policy']!.split(';').map((directive) => {
        const [name, ...values] = directive.trim().split(' ');
        return [name, values.join(' ')];
      }),
    );
    expect(policy).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'script-src-attr': "'none'",
      'style-src': "'self' 'unsafe-inline'",
      'img-src': "'self' data: blob:",
      'font-src': "'self'",
      'connect-src': "'self'",
      'worker-src': "'self' blob:",
      'manifest-src': "'self'",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'self'",
      'frame-ancestors': "'none'",
    });
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers['permissions-policy']).toMatch(
      /geolocation=\(\).*camera=\(\)|camera=\(\).*geolocation=\(\)/,
    );
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it('keep a browser with TLS once the server is reached by it', async () => {
    expect((await headersAt('https://diaban.example'))['strict-transport-security']).toBe('max-age=15552000');
  });
});
