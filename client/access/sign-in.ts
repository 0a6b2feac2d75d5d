import { useEffect, useState } from 'react';
import { type ApiError, isApiError } from '../api/call.ts';
import type { MessageName, Translate } from '../i18n/language.ts';

/** Why a sign-in did not succeed, as far as the person at the form can do something about it. */
export type SignInRefusal =
  | { kind: 'refused' }
  /** Too many tries: when the next one will be answered, as an instant of this computer's clock. */
  | { kind: 'wait'; until: number }
  | { kind: 'unreachable' }
  | { kind: 'other'; words: string };

const usualWaitSeconds = 60;

export function signInRefusalOf(error: unknown, now: number): SignInRefusal {
  if (!isApiError(error)) throw error;
  const { problem, retryAfterSeconds } = error satisfies ApiError;
  if (problem.status === 429)
    return { kind: 'wait', until: now + 1000 * (retryAfterSeconds ?? usualWaitSeconds) };
  if (problem.status === 401) return { kind: 'refused' };
  if ([0, 502, 503, 504].includes(problem.status)) return { kind: 'unreachable' };
  return { kind: 'other', words: problem.detail ?? problem.title };
}

/** "40 giây", and from a minute and a half on in whole minutes, rounded up so that nobody tries too early. */
export function waitWords(seconds: number, t: Translate): string {
  const name: MessageName = seconds > 90 ? 'access.signIn.minutes' : 'access.signIn.seconds';
  return t(name, { count: seconds > 90 ? Math.ceil(seconds / 60) : Math.max(1, seconds) });
}

/** Whole seconds until an instant, told every second; 0 once it has come. */
export function useSecondsUntil(until: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  const left = until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
  const waiting = left > 0;
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    if (!waiting) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [until, waiting]);
  return left;
}
