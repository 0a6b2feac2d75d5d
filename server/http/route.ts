import { type IRouter, json, type Request, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import type {
  Endpoint,
  EndpointBody,
  EndpointParams,
  EndpointQuery,
  EndpointResponse,
} from '../../contract/endpoint.ts';
import type { Identify } from '../access/asker.ts';
import { gate } from '../access/gate.ts';
import { ProblemError } from './problem.ts';

export type Asked<E extends Endpoint> = {
  params: EndpointParams<E>;
  query: EndpointQuery<E>;
  body: EndpointBody<E>;
  request: Request;
  response: Response;
};
/** Undefined when the response was sent already (304). */
export type Answer<E extends Endpoint> = (asked: Asked<E>) => Promise<EndpointResponse<E> | undefined>;

/** An entry of the route table: either a typed endpoint with its answer, or a path with a plain handler. */
export type Route = {
  method: Endpoint['method'];
  path: string;
  handler: RequestHandler;
  /** Whether the request's body is read, as JSON, before the handler runs. */
  takesBody?: boolean;
};

/** Binds an endpoint of the contract to what answers it: inputs are parsed before, and in tests the answer after. */
export function route<E extends Endpoint>(
  endpoint: E,
  answer: Answer<E>,
  options: { checkResponses?: boolean } = {},
): Route {
  const handler: RequestHandler = async (request, response) => {
    const asked = readAsked(endpoint, request, response);
    const body = await answer(asked);
    if (response.headersSent) return;
    if (options.checkResponses) endpoint.response.parse(body);
    response.status(endpoint.status ?? 200).json(body);
  };
  return { method: endpoint.method, path: endpoint.path, handler, takesBody: endpoint.body !== undefined };
}

/** What an asker gave, parsed by the endpoint's schemas; throws a ProblemError that names the first wrong part. */
export const readAsked = <E extends Endpoint>(endpoint: E, request: Request, response: Response): Asked<E> =>
  ({
    params: parsePart(endpoint.params, request.params, 'path'),
    query: parsePart(endpoint.query, onlyOnce(request.query), 'query'),
    body: parsePart(endpoint.body, request.body, 'body'),
    request,
    response,
  }) as Asked<E>;

/** A route whose answer is not JSON of the contract: tiles, exports. */
export const plainRoute = (path: string, handler: RequestHandler): Route => ({
  method: 'GET',
  path,
  handler,
});

/** Puts the route table in place, each route behind its gate: who may not ask is refused before a body is read. */
export function mount(router: IRouter, routes: readonly Route[], identify: Identify): void {
  for (const { method, path, handler, takesBody } of routes) {
    router[method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'](
      path,
      gate(method, path, identify),
      ...(takesBody ? [onlyJson, readJson, handler] : [handler]),
    );
  }
}

const largestBody = '64kb';
const readJson = json({ limit: largestBody, type: 'application/json' });

/**
 * A body of another type is refused before it is read. A page of another host can send a form or plain text here without
 * the browser asking first, but not JSON: so no such page can make a change in a user's name.
 */
const onlyJson: RequestHandler = (request, _response, next) => {
  if (request.is('application/json')) return next();
  throw new ProblemError(415, 'The body must be JSON', {
    where: 'header Content-Type',
    remedy: 'Send the body as JSON, with Content-Type: application/json.',
  });
};

function parsePart(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return {};
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  throw new ProblemError(400, 'A value of the request is wrong', {
    where: name ? `${where} ${name}` : where,
    detail: parsed.error.issues
      .map(({ path, message }) => (path.length ? `${path.join('.')}: ${message}` : message))
      .join('; '),
    remedy: 'Correct the value and ask again.',
  });
}

function onlyOnce(query: Request['query']): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'string') {
      throw new ProblemError(400, 'A value of the request is wrong', {
        where: `query ${name}`,
        detail: 'the parameter is given more than once',
        remedy: 'Give it once.',
      });
    }
    single[name] = value;
  }
  return single;
}
