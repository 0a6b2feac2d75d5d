import type { z } from 'zod';

/** One thing that the server answers with JSON: where, with what, and the shape of the answer. */
export type Endpoint = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` segments, each described in `params`. */
  path: `/${string}`;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  response: z.ZodType;
  /** What a request that was carried out is answered with; 200 unless said. */
  status?: 200 | 201;
};

type Input<Part> = Part extends z.ZodType ? z.infer<Part> : Record<string, never>;
export type EndpointParams<E extends Endpoint> = Input<E['params']>;
export type EndpointQuery<E extends Endpoint> = Input<E['query']>;
export type EndpointBody<E extends Endpoint> = Input<E['body']>;
export type EndpointResponse<E extends Endpoint> = z.infer<E['response']>;
/** What the asker writes, before defaults are filled in. */
export type EndpointQueryInput<E extends Endpoint> = E['query'] extends z.ZodType
  ? z.input<E['query']>
  : Record<string, never>;

/** What the asker sends as the body, before the server has read it. */
export type EndpointBodyInput<E extends Endpoint> = E['body'] extends z.ZodType
  ? z.input<E['body']>
  : undefined;

/** Keeps the literal types of an endpoint's parts. */
export const defineEndpoint = <const E extends Endpoint>(endpoint: E): E => endpoint;
