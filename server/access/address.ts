import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Addresses and networks (`10.1.2.3`, `10.0.0.0/8`, `fd00::/8`) that a request may have come through. */
export type TrustedProxies = { has(address: string): boolean };

/** @throws when one is neither an address nor a network. */
export function trustedProxies(listed: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const text of listed) {
    const [address = '', prefix] = text.split('/');
    const version = isIP(address);
    const bits = Number(prefix);
    if (!version || (prefix !== undefined && !(/^\d+$/.test(prefix) && bits <= (version === 4 ? 32 : 128))))
      throw new Error(`${text} is neither an address nor a network such as 10.0.0.0/8`);
    const family = version === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, bits, family);
  }
  return {
    has(address) {
      const version = isIP(address);
      return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

/** An IPv4 address as such, also where a socket for both kinds writes it as IPv6. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

/**
 * Where a request came from, as the audit log keeps it and wrong passwords are counted by: the address of the connection;
 * behind proxies that are trusted by name, the last address in X-Forwarded-For that none of them is. Nobody else is
 * believed, since anybody can write that header.
 */
export function addressOf(request: IncomingMessage, trusted: TrustedProxies): string {
  let address = plain(request.socket.remoteAddress ?? '');
  if (!trusted.has(address)) return address || 'unknown';
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',');
  while (trusted.has(address)) {
    const before = plain(forwarded.pop()?.trim() ?? '');
    if (!isIP(before)) break;
    address = before;
  }
  return address;
}

const loopbackName = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;
const loopbackAddress = (address: string) => address === '::1' || /^127\./.test(plain(address));
// What a proxy on this computer adds to the requests of others.
const proxyHeaders = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-forwarded-port',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'client-ip',
];

/** Whether a base URL or an Origin names this computer and nothing else. */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return loopbackName.test(hostname);
}

/** `0.0.0.0` and `::` are where a server listens, and no name that anybody calls it by. */
export const isUnspecifiedUrl = (url: string): boolean =>
  /^https?:\/\/(0\.0\.0\.0|\[::\])(:\d+)?\/?$/.test(url);

/**
 * Whether who asks sits at this computer, as far as can be told: the connection is over loopback, no header tells of a proxy, the
 * browser thinks so too (Host and Origin: a proxy that adds nothing still shows there, and so does a foreign page whose
 * name was made to lead here), and the server is not told to be reached by another name.
 */
export function asksFromThisComputer(request: IncomingMessage, baseUrl: string): boolean {
  const { headers, socket } = request;
  return (
    loopbackAddress(socket.remoteAddress ?? '') &&
    proxyHeaders.every((name) => headers[name] === undefined) &&
    loopbackName.test((headers.host ?? '').replace(/:\d+$/, '')) &&
    (headers.origin === undefined || isLoopbackUrl(headers.origin)) &&
    (isLoopbackUrl(baseUrl) || isUnspecifiedUrl(baseUrl))
  );
}
