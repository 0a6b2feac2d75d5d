import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  accountsEndpoint,
  changeAccountEndpoint,
  makeAccountEndpoint,
  signOutAccountEndpoint,
} from '../../contract/access-endpoints.ts';
import type { EndpointBodyInput } from '../../contract/endpoint.ts';
import { call } from '../api/call.ts';

const queryKey = ['access', 'accounts'];

export const useAccounts = () =>
  useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await call(accountsEndpoint, { signal })).accounts,
    // Sessions come and go: read each time that the page is opened.
    gcTime: 0,
  });

export function useAccountChanges() {
  const queries = useQueryClient();
  const readAgain = () => queries.invalidateQueries({ queryKey });
  return {
    make: async (body: EndpointBodyInput<typeof makeAccountEndpoint>) => {
      const made = await call(makeAccountEndpoint, { body });
      await readAgain();
      return made;
    },
    change: async (account: string, body: EndpointBodyInput<typeof changeAccountEndpoint>) => {
      const changed = await call(changeAccountEndpoint, { params: { account }, body });
      await readAgain();
      return changed;
    },
    signOut: async (account: string) => {
      const ended = await call(signOutAccountEndpoint, { params: { account } });
      await readAgain();
      return ended;
    },
  };
}
