import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type AuditFilters, auditAccountsEndpoint, auditEndpoint } from '../../contract/audit.ts';
import { call } from '../api/call.ts';

const linesAtATime = 100;

/** Each look at the log is a line of it, so it is read when it is asked for and not again by itself. */
export const useAuditLines = (filters: AuditFilters) =>
  useInfiniteQuery({
    queryKey: ['access', 'audit', filters],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(auditEndpoint, {
        query: { ...filters, limit: linesAtATime, ...(pageParam ? { after: pageParam } : {}) },
        signal,
      }),
    getNextPageParam: ({ next }) => next ?? undefined,
    // What happened since is on the page each time that it is opened.
    gcTime: 0,
  });

export const useAuditAccounts = () =>
  useQuery({
    queryKey: ['access', 'audit-accounts'],
    queryFn: async ({ signal }) => (await call(auditAccountsEndpoint, { signal })).accounts,
    gcTime: 0,
  });
