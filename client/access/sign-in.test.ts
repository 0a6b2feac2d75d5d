import { describe, expect, it } from 'vitest';
import { secondsOf } from '../api/call.ts';
import type { Translate } from '../i18n/language.ts';
import { signInRefusalOf, waitWords } from './sign-in.ts';

const refused = (status: number, retryAfterSeconds: number | null = null) =>
  Object.assign(new Error('refused'), {
    problem: { type: 'about:blank', title: 'Refused', status, detail: 'why' },
    retryAfterSeconds,
  });
/** The name of a message with its count. */
const named: Translate = (name, values) => `${name.split('.').at(-1)} ${values?.count}`;

describe('a sign-in that did not succeed', () => {
  it('says what the person at the form can do', () => {
    expect(signInRefusalOf(refused(401), 0)).toEqual({ kind: 'refused' });
    expect(signInRefusalOf(refused(429, 75), 1_000)).toEqual({ kind: 'wait', until: 76_000 });
    // A server that does not say how long is given a minute.
    expect(signInRefusalOf(refused(429), 1_000)).toEqual({ kind: 'wait', until: 61_000 });
    for (const status of [0, 502, 503, 504])
      expect(signInRefusalOf(refused(status), 0)).toEqual({ kind: 'unreachable' });
    expect(signInRefusalOf(refused(422), 0)).toEqual({ kind: 'other', words: 'why' });
  });

  it('does not take a mistake of the page for a refusal', () => {
    expect(() => signInRefusalOf(new TypeError('a mistake'), 0)).toThrow('a mistake');
  });

  it('tells seconds, and from a minute and a half on minutes rounded up', () => {
    expect([1, 75, 90, 91, 120, 121].map((seconds) => waitWords(seconds, named))).toEqual([
      'seconds 1',
      'seconds 75',
      'seconds 90',
      'minutes 2',
      'minutes 2',
      'minutes 3',
    ]);
  });

  it('reads Retry-After as seconds or as an hour of the clock', () => {
    expect(secondsOf('75')).toBe(75);
    expect(secondsOf('Tue, 24 Nov 2026 02:01:15 GMT', Date.parse('2026-11-24T02:00:00Z'))).toBe(75);
    expect(secondsOf('Tue, 24 Nov 2026 01:00:00 GMT', Date.parse('2026-11-24T02:00:00Z'))).toBe(0);
    expect([secondsOf(null), secondsOf('soon')]).toEqual([null, null]);
  });
});
