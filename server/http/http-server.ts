import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

export type ServerBounds = {
  /** For all of a request, its body too, to arrive; and for its headers. A client that sends byte by byte is let go. */
  requestMilliseconds: number;
  headersMilliseconds: number;
  /** Of a connection on which nothing moves, also while an answer is read. */
  idleMilliseconds: number;
  keepAliveMilliseconds: number;
  /** The request line and all headers together: 414 and 431 come of it. */
  headerBytes: number;
  connections: number;
};
export const serverBounds: ServerBounds = {
  requestMilliseconds: 60_000,
  headersMilliseconds: 20_000,
  idleMilliseconds: 150_000,
  keepAliveMilliseconds: 10_000,
  headerBytes: 16 * 1024,
  connections: 1_000,
};

/** A server that bounds what a client can keep busy, and says in the usual shape what it cannot read. */
export function boundedServer(app: RequestListener, bounds: Partial<ServerBounds> = {}): Server {
  const {
    requestMilliseconds,
    headersMilliseconds,
    idleMilliseconds,
    keepAliveMilliseconds,
    headerBytes,
    connections,
  } = { ...serverBounds, ...bounds };
  const server = createServer(
    {
      requestTimeout: requestMilliseconds,
      headersTimeout: headersMilliseconds,
      keepAliveTimeout: keepAliveMilliseconds,
      connectionsCheckingInterval: Math.min(5_000, headersMilliseconds),
      maxHeaderSize: headerBytes,
      // two lengths, or a length and chunks, are how requests are smuggled past a proxy
      insecureHTTPParser: false,
      requireHostHeader: true,
    },
    app,
  );
  server.maxConnections = connections;
  server.setTimeout(idleMilliseconds);
  server.on('clientError', answerUnreadable);
  return server;
}

const unreadable: Readonly<Record<string, { status: number; title: string; remedy: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    title: 'The address and headers of the request are too long',
    remedy: 'Ask for less at once.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request did not arrive in time',
    remedy: 'Send it again.',
  },
};
const malformed = {
  status: 400,
  title: 'The request is not HTTP that can be read',
  remedy: 'Correct the request and send it again.',
};

function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, title, remedy } = unreadable[error.code ?? ''] ?? malformed;
  const body = JSON.stringify({ type: 'about:blank', title, status, remedy });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n${body}`,
  );
}
