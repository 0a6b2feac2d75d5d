import { useQuery, useQueryClient } from '@tanstack/react-query';
import { makeTokenEndpoint, revokeTokenEndpoint, tokensEndpoint } from '../../contract/access-endpoints.ts';
import { call } from '../api/call.ts';

const queryKey = ['access', 'tokens'];

export const useTokens = () =>
  useQuery({ queryKey, queryFn: ({ signal }) => call(tokensEndpoint, { signal }) });

export function useTokenChanges() {
  const queries = useQueryClient();
  const readAgain = () => queries.invalidateQueries({ queryKey });
  return {
    make: async (body: { name: string; endsOn: string }) => {
      const made = await call(makeTokenEndpoint, { body });
      await readAgain();
      return made;
    },
    revoke: async (id: number) => {
      await call(revokeTokenEndpoint, { params: { id } });
      await readAgain();
    },
  };
}
