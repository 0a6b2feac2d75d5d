import { QueryClient } from '@tanstack/react-query';
import { isApiError } from './call.ts';

// The data on record move seldom; `useConnection` has everything read again when they do.
export const makeQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        // A refusal (4xx) stays one; an absence of the server is asked for again by `useConnection`.
        retry: (failures, error) => failures < 2 && !(isApiError(error) && error.problem.status !== 0),
        refetchOnWindowFocus: false,
      },
    },
  });
