import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { EndpointResponse } from '../../contract/endpoint.ts';
import { healthEndpoint } from '../../contract/health.ts';
import type { Problem } from '../../contract/problem.ts';
import { call, isApiError } from './call.ts';

const calmIntervalMilliseconds = 30_000;
const retryIntervalMilliseconds = 3_000;

const queryKey = ['health'];
type Connection = {
  /** What the server last said of itself. */
  known: EndpointResponse<typeof healthEndpoint> | null;
  /** Why it does not answer now. */
  problem: Problem | null;
};

/**
 * Whether the server answers, asked for as long as the page is open. When it comes back, or when the data have moved,
 * everything on screen is read again.
 */
export function useConnection() {
  const queries = useQueryClient();
  const health = useQuery({
    queryKey,
    // An absence is an answer here, not an error: a query that has failed forgets that it has while it asks again.
    queryFn: async ({ signal }): Promise<Connection> => {
      try {
        return { known: await call(healthEndpoint, { signal }), problem: null };
      } catch (error) {
        if (!isApiError(error)) throw error;
        const before = queries.getQueryData<Connection>(queryKey);
        return { known: before?.known ?? null, problem: error.problem };
      }
    },
    retry: false,
    refetchInterval: ({ state }) =>
      state.data?.problem ? retryIntervalMilliseconds : calmIntervalMilliseconds,
    refetchIntervalInBackground: false,
  });
  const problem = health.data?.problem ?? null;
  const away = problem !== null;
  const dataVersion = health.data?.known?.dataVersion ?? null;

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
    problem,
    dataVersion,
    demo: health.data?.known?.demo ?? false,
    retry: () => void health.refetch(),
  };
}
