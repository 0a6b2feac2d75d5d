import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { defineEndpoint } from '../../contract/endpoint.ts';
import { call, isApiError } from './call.ts';

const endpoint = defineEndpoint({
  method: 'GET',
  path: '/api/things/:code',
  params: z.object({ code: z.string() }),
  query: z.strictObject({ asOf: z.string().optional(), limit: z.coerce.number().optional() }),
  response: z.object({ found: z.number() }),
});
const answerWith = (answer: () => Promise<Response>) => {
  const asked = vi.fn((_address: string) => answer());
  vi.stubGlobal('fetch', asked);
  return asked;
};
const caught = (asking: Promise<unknown>) =>
  asking.then(
    () => Promise.reject(new Error('it should have failed')),
    (error: unknown) => {
      if (!isApiError(error)) throw error;
      return error.problem;
    },
  );
afterEach(() => vi.unstubAllGlobals());

describe('asking an endpoint', () => {
  it('writes parameters into the path and the query, leaving out what is not given', async () => {
    const asked = answerWith(async () => Response.json({ found: 3 }));
    const answer = await call(endpoint, { params: { code: 'a/ộ' }, query: { asOf: undefined, limit: 5 } });
    expect(answer).toEqual({ found: 3 });
    expect(asked.mock.calls[0]![0]).toBe('/api/things/a%2F%E1%BB%99?limit=5');
  });

  it('gives a problem of the server as it was stated', async () => {
    const stated = { type: 'about:blank', title: 'The database is away', status: 503, remedy: 'Wait.' };
    answerWith(async () => Response.json(stated, { status: 503 }));
    expect(await caught(call(endpoint, { params: { code: 'a' } }))).toEqual(stated);
  });

  it('takes the page of a proxy for an absence, whatever it says', async () => {
    answerWith(async () => new Response('<h1>Bad Gateway</h1>', { status: 502 }));
    expect(await caught(call(endpoint, { params: { code: 'a' } }))).toMatchObject({
      title: 'unreachable',
      status: 502,
    });
    answerWith(async () => new Response('<h1>Sign in to the network</h1>', { status: 200 }));
    expect(await caught(call(endpoint, { params: { code: 'a' } }))).toMatchObject({
      title: 'unreachable',
      status: 502,
    });
  });

  it('says that nothing answered', async () => {
    answerWith(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await caught(call(endpoint, { params: { code: 'a' } }))).toMatchObject({
      title: 'unreachable',
      status: 0,
    });
  });

  it('does not take being called off for an absence', async () => {
    const controller = new AbortController();
    controller.abort();
    answerWith(() => Promise.reject(new DOMException('aborted', 'AbortError')));
    await expect(call(endpoint, { params: { code: 'a' }, signal: controller.signal })).rejects.toThrow(
      'aborted',
    );
  });
});
