import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { defineEndpoint } from '../../contract/endpoint.ts';
import { call, callWithProgress, fileNameOf, isApiError } from './call.ts';
import { newIdempotencyKey } from './idempotency-key.ts';

const endpoint = defineEndpoint({
  method: 'GET',
  path: '/api/count',
  query: z.strictObject({ to: z.coerce.number() }),
  response: z.object({ count: z.number() }),
});

/** A server that answers with these pieces, one after another, and then ends or breaks off. */
function answerWith(
  pieces: readonly string[],
  { type = 'text/event-stream', status = 200, breaks = false } = {},
) {
  const asked: { address: string; init: RequestInit }[] = [];
  vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
    asked.push({ address, init });
    const left = [...pieces];
    const body = new ReadableStream({
      pull(controller) {
        const piece = left.shift();
        if (piece !== undefined) controller.enqueue(new TextEncoder().encode(piece));
        else if (breaks) controller.error(new TypeError('network error'));
        else controller.close();
      },
    });
    return new Response(body, { status, headers: { 'content-type': type } });
  });
  return asked;
}
const ask = async (shares: number[] = [], signal?: AbortSignal) =>
  callWithProgress(endpoint, { query: { to: 7 }, ...(signal && { signal }) }, (share) => shares.push(share));
const problemOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(isApiError(error)).toBe(true);
  return (error as { problem: unknown }).problem;
};

afterEach(() => vi.unstubAllGlobals());

describe('an answer that takes long', () => {
  it('tells how far it is, then comes, wherever the network cuts it', async () => {
    const asked = answerWith([
      'event: progress\ndata: {"share":0.2}\n',
      '\nevent: progress\ndata: {"share":0.9}\n\nevent: res',
      'ult\ndata: {"count":7}\n\n',
    ]);
    const shares: number[] = [];
    expect(await ask(shares)).toEqual({ count: 7 });
    expect(shares).toEqual([0.2, 0.9]);
    expect(asked[0]!.address).toBe('/api/count?to=7');
    expect((asked[0]!.init.headers as Record<string, string>).accept).toContain('text/event-stream');
  });

  it('may come at once as JSON', async () => {
    answerWith(['{"count":7}'], { type: 'application/json' });
    expect(await ask()).toEqual({ count: 7 });
  });

  it('is refused before it begins, or fails while it is made', async () => {
    const refusal = { type: 'about:blank', title: 'A value is wrong', status: 400, where: 'query to' };
    answerWith([JSON.stringify(refusal)], { type: 'application/problem+json', status: 400 });
    expect(await problemOf(ask())).toEqual(refusal);

    const failure = { type: 'about:blank', title: 'The analysis failed', status: 500 };
    answerWith([
      'event: progress\ndata: {"share":0.2}\n\n',
      `event: problem\ndata: ${JSON.stringify(failure)}\n\n`,
    ]);
    expect(await problemOf(ask())).toEqual(failure);
  });

  it('is unreachable when the connection ends or breaks before it came', async () => {
    const unreachable = { type: 'about:blank', title: 'unreachable', status: 0 };
    answerWith(['event: progress\ndata: {"share":0.2}\n\n']);
    expect(await problemOf(ask())).toEqual(unreachable);
    answerWith(['event: progress\ndata: {"share":0.2}\n\n'], { breaks: true });
    expect(await problemOf(ask())).toEqual(unreachable);
  });

  it('is left without a complaint when it is cancelled', async () => {
    const controller = new AbortController();
    const cancelled = new DOMException('aborted', 'AbortError');
    vi.stubGlobal('fetch', async () => {
      controller.abort();
      throw cancelled;
    });
    await expect(ask([], controller.signal)).rejects.toBe(cancelled);
  });
});

describe('call', () => {
  const correct = defineEndpoint({
    method: 'PUT',
    path: '/api/things/:id',
    params: z.strictObject({ id: z.number() }),
    body: z.strictObject({ on: z.string().transform((day) => new Date(day)) }),
    response: z.object({ version: z.number() }),
  });

  it('sends a body as JSON, with the headers given', async () => {
    const asked = answerWith(['{"version":4}'], { type: 'application/json' });
    const answer = await call(correct, {
      params: { id: 7 },
      body: { on: '2026-03-31' },
      headers: { 'If-Match': '"3"' },
    });
    expect(answer).toEqual({ version: 4 });
    expect(asked[0]!.address).toBe('/api/things/7');
    expect(asked[0]!.init).toMatchObject({
      method: 'PUT',
      body: '{"on":"2026-03-31"}',
      headers: { 'content-type': 'application/json', 'If-Match': '"3"' },
    });
  });

  it('gives every fault of a body that was refused', async () => {
    const faults = [{ field: 'on', rule: 'day-in-future', message: { vi: 'ngày', en: 'a day' } }];
    answerWith([JSON.stringify({ type: 'about:blank', title: 'refused', status: 422, faults, version: 3 })], {
      type: 'application/problem+json',
      status: 422,
    });
    const problem = await problemOf(call(correct, { params: { id: 7 }, body: { on: '2099-01-01' } }));
    expect(problem).toMatchObject({ status: 422, faults, version: 3 });
  });

  it('makes keys that do not repeat and that a header can hold', () => {
    const keys = new Set(Array.from({ length: 1000 }, newIdempotencyKey));
    expect(keys.size).toBe(1000);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('the name of a file', () => {
  it('is taken from the spelling that can hold Vietnamese, then from the plain one', () => {
    expect(
      fileNameOf('attachment; filename="bao-cao.docx"; filename*=UTF-8\'\'b%C3%A1o%20c%C3%A1o.docx'),
    ).toBe('báo cáo.docx');
    expect(fileNameOf('attachment; filename="bao-cao 2026.pdf"')).toBe('bao-cao 2026.pdf');
    expect(fileNameOf('attachment; filename=bao-cao.csv')).toBe('bao-cao.csv');
    expect(fileNameOf('inline')).toBeNull();
  });
});
