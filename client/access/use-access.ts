import { useQuery } from '@tanstack/react-query';
import { sessionEndpoint } from '../../contract/access-endpoints.ts';
import { call } from '../api/call.ts';

export const sessionKey = ['session'] as const;

/** Who is signed in, and how one may sign in here. */
export const useAccess = () =>
  useQuery({
    queryKey: sessionKey,
    queryFn: ({ signal }) => call(sessionEndpoint, { signal }),
    // Another window may have signed out, or somebody else in.
    refetchOnWindowFocus: 'always',
  });
