import type {
  Endpoint,
  EndpointParams,
  EndpointQueryInput,
  EndpointResponse,
} from '../../contract/endpoint.ts';
import { type Problem, problem } from '../../contract/problem.ts';

type Input<E extends Endpoint> = {
  params?: EndpointParams<E>;
  query?: EndpointQueryInput<E>;
  signal?: AbortSignal;
};

/** What the server, or the way to it, said was wrong. `status` is 0 when no answer came. */
export type ApiError = Error & { problem: Problem };

export const isApiError = (error: unknown): error is ApiError => error instanceof Error && 'problem' in error;

const apiError = (facts: Problem): ApiError => Object.assign(new Error(facts.title), { problem: facts });

/** Asks an endpoint of the contract. Answers are held to the contract in development. */
export async function call<E extends Endpoint>(
  endpoint: E,
  input: Input<E> = {},
): Promise<EndpointResponse<E>> {
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((input.params as Record<string, unknown> | undefined)?.[name])),
  );
  const query = new URLSearchParams(
    Object.entries(input.query ?? {})
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, String(value)]),
  );
  const body = await readJson(query.size ? `${path}?${query}` : path, input.signal);
  return (import.meta.env.DEV ? endpoint.response.parse(body) : body) as EndpointResponse<E>;
}

/** Asks an address of this host for JSON. Only `call` and the reader of `/ogc` pages use it. */
export async function readJson(address: string, signal?: AbortSignal): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(address, {
      headers: { accept: 'application/json, application/geo+json, application/problem+json' },
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw apiError({ type: 'about:blank', title: 'unreachable', status: 0 });
  }
  const text = await response.text();
  const body = parseJson(text);
  if (response.ok && body !== undefined) return body;
  const stated = problem.safeParse(body);
  throw apiError(
    stated.success
      ? stated.data
      : // A proxy in front of the server answers in its own words when the server is away.
        { type: 'about:blank', title: 'unreachable', status: response.ok ? 502 : response.status },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
