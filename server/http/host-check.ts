import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Problem } from '../../contract/problem.ts';

/**
 * Which names the server answers to. A page of another site can have its own name resolve to this machine and then read
 * what is answered as if it were its own (DNS rebinding); the browser still sends that name as `Host`.
 */
export type KnownHosts = (host: string) => boolean;

const loopbackNames = new Set(['localhost', '127.0.0.1', '::1']);
const everyInterface = new Set(['0.0.0.0', '::']);

/**
 * The host of the base URL; loopback names where the server listens on loopback; and where it listens everywhere and no
 * base URL says by what name, this machine's own name and bare addresses, which no other site can have.
 */
export function knownHosts({ baseUrl, host }: { baseUrl: string; host: string }): KnownHosts {
  const own = nameOf(new URL(baseUrl).host);
  const everywhere = everyInterface.has(host);
  const named = own !== null && !everyInterface.has(own);
  const onLoopback = everywhere || loopbackNames.has(host) || /^127\./.test(host);
  const machine = hostname().toLowerCase();
  return (given) => {
    const name = nameOf(given);
    if (name === null) return false;
    if (named && name === own) return true;
    if (onLoopback && loopbackNames.has(name)) return true;
    if (name === host) return true;
    return everywhere && !named && (isIP(name) !== 0 || name === machine);
  };
}

/** The name or address of a Host header, without its port and the brackets of IPv6; null for what is none. */
function nameOf(header: string): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)\.?)(?::\d{1,5})?$/i.exec(header);
  return match ? (match[1] ?? match[2]!).toLowerCase() : null;
}

/** Answers a request for another host, with 421 (RFC 9110, 15.5.20), and says so; 400 without a readable one. */
export function refusedHost(
  known: KnownHosts,
  { headers }: IncomingMessage,
  response: ServerResponse,
): boolean {
  const given = headers.host;
  if (given !== undefined && known(given)) return false;
  const readable = given !== undefined && nameOf(given) !== null;
  refuseBeforeRouting(response, {
    type: 'about:blank',
    title: readable
      ? 'This server does not answer under that name'
      : 'The request does not say which host it asks',
    status: readable ? 421 : 400,
    where: 'header Host',
    remedy: readable
      ? 'Ask at the address that the keeper of the system gives; he sets it as BASE_URL.'
      : 'Send one Host header, with the name of the server.',
  });
  return true;
}

/** An answer that is given before the app sees the request. */
export function refuseBeforeRouting(response: ServerResponse, problem: Problem): void {
  response.writeHead(problem.status, {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'",
    // whatever else stands on the connection is not read
    Connection: 'close',
  });
  response.end(JSON.stringify(problem));
}
