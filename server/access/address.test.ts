import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { addressOf, asksFromThisComputer, trustedProxies } from './address.ts';

const asked = (remoteAddress: string, headers: Record<string, string> = {}) =>
  ({
    socket: { remoteAddress },
    headers: { host: 'localhost:3000', ...headers },
  }) as unknown as IncomingMessage;
const forwarded = (value: string) => ({ 'x-forwarded-for': value });

describe('where a request came from', () => {
  const none = trustedProxies([]);
  const office = trustedProxies(['10.0.0.5', '192.168.0.0/16', 'fd00::/8']);

  it.each([
    ['10.0.0.9', '10.0.0.9'],
    ['::ffff:10.0.0.9', '10.0.0.9'],
    ['fe80::1', 'fe80::1'],
  ])('is the address of the connection: %s', (remote, expected) => {
    expect(addressOf(asked(remote), none)).toBe(expected);
    // what anybody can write is not believed
    expect(addressOf(asked(remote, forwarded('203.0.113.7')), none)).toBe(expected);
    expect(addressOf(asked(remote, forwarded('203.0.113.7')), office)).toBe(expected);
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    // what the asker wrote himself stands before what the proxy added
    ['1.1.1.1, 203.0.113.7', '203.0.113.7'],
    ['203.0.113.7, 192.168.3.4', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8::7', '2001:db8::7'],
    // all of them proxies: the first of the way
    ['192.168.3.4, 192.168.3.5', '192.168.3.4'],
    ['', '10.0.0.5'],
    ['not an address', '10.0.0.5'],
    ['203.0.113.7, rubbish', '10.0.0.5'],
  ])('is what a trusted proxy says last: %s', (value, expected) => {
    expect(addressOf(asked('10.0.0.5', forwarded(value)), office)).toBe(expected);
    expect(addressOf(asked('::ffff:10.0.0.5', forwarded(value)), office)).toBe(expected);
  });

  it.each(['10.0.0', '10.0.0.0/33', 'fd00::/129', 'proxy.tinh.vn', '10.0.0.0/x', '10.0.0.0/'])(
    'is not asked of %s',
    (listed) => {
      expect(() => trustedProxies([listed])).toThrow(listed);
    },
  );
});

describe('this computer', () => {
  const base = 'http://127.0.0.1:3000';

  it.each([
    ['127.0.0.1', {}],
    ['::1', { host: '[::1]:3000' }],
    ['::ffff:127.0.0.1', { host: '127.0.0.1:3000' }],
    ['127.0.0.1', { origin: 'http://localhost:3000' }],
  ])('is who asks from %s with %j', (remote, headers) => {
    expect(asksFromThisComputer(asked(remote, headers as Record<string, string>), base)).toBe(true);
    expect(
      asksFromThisComputer(asked(remote, headers as Record<string, string>), 'http://0.0.0.0:3000'),
    ).toBe(true);
  });

  it.each<[string, Record<string, string>]>([
    ['10.0.0.9', {}],
    ['::ffff:10.0.0.9', {}],
    ['', {}],
    ['127.0.0.1', { host: '' }],
    ['127.0.0.1', { host: 'localhost.evil.example' }],
    ['127.0.0.1', { host: '127.0.0.1.evil.example:3000' }],
    ['127.0.0.1', { origin: 'null' }],
    ['127.0.0.1', { origin: 'http://localhost.evil.example' }],
    ['127.0.0.1', { 'x-real-ip': '10.0.0.9' }],
    ['127.0.0.1', { 'x-forwarded-proto': 'https' }],
    ['127.0.0.1', { forwarded: '' }],
  ])('is not who asks from %s with %j', (remote, headers) => {
    expect(asksFromThisComputer(asked(remote, headers), base)).toBe(false);
  });

  it('is not where the server is told to be reached by another name', () => {
    expect(asksFromThisComputer(asked('127.0.0.1'), 'https://diaban.tinh.vn')).toBe(false);
  });
});
