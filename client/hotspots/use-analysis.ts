import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { callWithProgress } from '../api/call.ts';
import type { Answers, Asking } from './question.ts';

export type Answered = { [Name in keyof Answers]: { name: Name; answer: Answers[Name] } }[keyof Answers];

export type Analysis = {
  /** The answer to what is asked now; null while it is being made, after it was cancelled, and when it failed. */
  answered: Answered | null;
  error: unknown;
  /** From 0 to 1 while the server works. */
  progress: number | null;
  cancelled: boolean;
  cancel: () => void;
  again: () => void;
};

/** One analysis of the server. Work for a question that is no longer asked is cancelled, there as well as here. */
export function useAnalysis({ name, endpoint, query }: Asking): Analysis {
  const queries = useQueryClient();
  const queryKey = ['hotspots', name, query];
  const key = JSON.stringify(queryKey);
  const [told, setTold] = useState<{ key: string; share: number } | null>(null);
  const [cancelledKey, setCancelledKey] = useState<string | null>(null);
  const asked = useRef(key);
  asked.current = key;

  const cancelled = cancelledKey === key;
  const result = useQuery({
    queryKey,
    enabled: !cancelled,
    queryFn: ({ signal }) =>
      callWithProgress(endpoint, { query: query as never, signal }, (share) => {
        if (asked.current === key) setTold({ key, share });
      }),
  });
  const { data } = result;
  const answered = useMemo(() => (data ? ({ name, answer: data } as Answered) : null), [name, data]);
  return {
    answered,
    error: result.isFetching ? null : result.error,
    progress: result.isFetching ? (told?.key === key ? told.share : 0) : null,
    cancelled: cancelled && !data,
    cancel: () => {
      setCancelledKey(key);
      void queries.cancelQueries({ queryKey });
    },
    again: () => {
      setTold(null);
      if (cancelled) setCancelledKey(null);
      else void result.refetch();
    },
  };
}
