import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { healthEndpoint } from '../../contract/health.ts';
import { call, isApiError } from './call.ts';

const calmIntervalMilliseconds = 30_000;
const retryIntervalMilliseconds = 3_000;

/**
 * Whether the server answers, asked for as long as the page is open. When it comes back, or when the data have moved,
 * everything on screen is read again.
 */
export function useConnection() {
  const queries = useQueryClient();
  const health = useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => call(healthEndpoint, { signal }),
    retry: false,
    refetchInterval: ({ state }) =>
      state.status === 'error' ? retryIntervalMilliseconds : calmIntervalMilliseconds,
    refetchIntervalInBackground: false,
  });
  const away = health.isError;
  const dataVersion = health.data?.dataVersion ?? null;

  const seen = useRef({ away: false, dataVersion });
  useEffect(() => {
    const before = seen.current;
    seen.current = { away, dataVersion };
    const back = before.away && !away;
    const moved = before.dataVersion !== null && dataVersion !== before.dataVersion;
    if (back || moved)
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'health' });
  }, [queries, away, dataVersion]);

  return {
    away,
    problem: isApiError(health.error) ? health.error.problem : null,
    dataVersion,
    demo: health.data?.demo ?? false,
    retry: () => void health.refetch(),
  };
}
