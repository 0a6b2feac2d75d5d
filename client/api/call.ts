import type {
  Endpoint,
  EndpointBodyInput,
  EndpointParams,
  EndpointQueryInput,
  EndpointResponse,
} from '../../contract/endpoint.ts';
import { type Problem, problem } from '../../contract/problem.ts';
import { eventStream } from './event-stream.ts';
import { tellRefused } from './refusals.ts';

type Input<E extends Endpoint> = {
  params?: EndpointParams<E>;
  query?: EndpointQueryInput<E>;
  body?: EndpointBodyInput<E>;
  /** Such as `If-Match` and `Idempotency-Key`. */
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
};

/**
 * What the server, or the way to it, said was wrong. `status` is 0 when no answer came. `retryAfterSeconds` is how long it
 * asked to be left alone; null where it did not say.
 */
export type ApiError = Error & { problem: Problem; retryAfterSeconds: number | null };

export const isApiError = (error: unknown): error is ApiError => error instanceof Error && 'problem' in error;

const apiError = (facts: Problem, retryAfterSeconds: number | null = null): ApiError =>
  Object.assign(new Error(facts.title), { problem: facts, retryAfterSeconds });

function addressOf<E extends Endpoint>(endpoint: E, input: Input<E>): string {
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((input.params as Record<string, unknown> | undefined)?.[name])),
  );
  const query = new URLSearchParams(
    Object.entries(input.query ?? {})
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, String(value)]),
  );
  return query.size ? `${path}?${query}` : path;
}

/** Asks an endpoint of the contract. Answers are held to the contract in development. */
export async function call<E extends Endpoint>(
  endpoint: E,
  input: Input<E> = {},
): Promise<EndpointResponse<E>> {
  const response = await ask(addressOf(endpoint, input), acceptJson, {
    method: endpoint.method,
    headers: input.headers,
    body: input.body,
    signal: input.signal,
  });
  const body = await jsonOf(response);
  return (import.meta.env.DEV ? endpoint.response.parse(body) : body) as EndpointResponse<E>;
}

const acceptJson = 'application/json, application/geo+json, application/problem+json';

/** Asks an address of this host for JSON. Only `call` and the reader of `/ogc` pages use it. */
export async function readJson(address: string, signal?: AbortSignal): Promise<unknown> {
  return jsonOf(await ask(address, acceptJson, { signal }));
}

/** Asks an address of this host for a file, with the name that the server gives it. */
export async function readFile(
  address: string,
  signal?: AbortSignal,
): Promise<{ content: Blob; name: string | null }> {
  const response = await ask(address, '*/*', { signal });
  if (!response.ok) await jsonOf(response);
  return {
    content: await response.blob(),
    name: fileNameOf(response.headers.get('content-disposition') ?? ''),
  };
}

/** The name in a Content-Disposition header, of its two spellings the one that may hold Vietnamese. */
export function fileNameOf(disposition: string): string | null {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="([^"]+)"|filename=([^;\s]+)/i.exec(disposition)?.slice(1).find(Boolean) ?? null;
}

/**
 * Asks an endpoint for an answer that may take long, and tells how far it is, from 0 to 1, while it is being made.
 * Aborting `signal` closes the connection, at which the server stops working.
 */
export async function callWithProgress<E extends Endpoint>(
  endpoint: E,
  input: Input<E>,
  onProgress: (share: number) => void,
): Promise<EndpointResponse<E>> {
  const response = await ask(addressOf(endpoint, input), 'text/event-stream, application/problem+json', {
    signal: input.signal,
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  const body = isStream ? await resultOf(response, onProgress, input.signal) : await jsonOf(response);
  return (import.meta.env.DEV ? endpoint.response.parse(body) : body) as EndpointResponse<E>;
}

async function resultOf(
  response: Response,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<unknown> {
  const decoder = new TextDecoder();
  const stream = eventStream();
  const reader = response.body!.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      for (const { name, data } of stream(done ? '\n\n' : decoder.decode(value, { stream: true }))) {
        const told = parseJson(data);
        if (name === 'result') return told;
        if (name === 'problem') throw apiError(problem.parse(told));
        if (name === 'progress') onProgress((told as { share: number }).share);
      }
      if (done) break;
    }
  } catch (error) {
    if (signal?.aborted || isApiError(error)) throw error;
  }
  // The connection broke before the answer came.
  throw apiError(unreachable(0));
}

/**
 * Says that the page asks, and not a program: a program that is not signed in is told to send an access token, at which a
 * browser would put up a window of its own.
 */
export const clientHeaders = { 'x-requested-with': 'dia-ban' } as const;

type Asking = {
  method?: Endpoint['method'];
  headers?: Readonly<Record<string, string>> | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
};

async function ask(
  address: string,
  accept: string,
  { method = 'GET', headers, body, signal }: Asking,
): Promise<Response> {
  try {
    const response = await fetch(address, {
      ...(method === 'GET' ? {} : { method }),
      headers: {
        accept,
        ...clientHeaders,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    if (response.status === 401 || response.status === 403) tellRefused();
    return response;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw apiError(unreachable(0));
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  const body = parseJson(await response.text());
  if (response.ok && body !== undefined) return body;
  const stated = problem.safeParse(body);
  // A proxy in front of the server answers in its own words when the server is away.
  throw apiError(
    stated.success ? stated.data : unreachable(response.ok ? 502 : response.status),
    secondsOf(response.headers.get('retry-after')),
  );
}

/** Of a Retry-After header, which says seconds or, seldom, an hour of the clock. */
export function secondsOf(retryAfter: string | null, now = Date.now()): number | null {
  if (retryAfter === null) return null;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}

const unreachable = (status: number): Problem => ({ type: 'about:blank', title: 'unreachable', status });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
