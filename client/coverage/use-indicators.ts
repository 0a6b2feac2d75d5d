import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import {
  type IndicatorGrouping,
  type IndicatorId,
  indicatorRowsEndpoint,
  indicatorsEndpoint,
} from '../../contract/coverage-indicators.ts';
import { call } from '../api/call.ts';
import { asked, type PlanQuestion } from './plan-question.ts';

/** The figures of one grouping: of all ten indicators, or of one. What was read stays on screen while another day is asked for. */
export const useIndicators = (
  question: PlanQuestion,
  by: IndicatorGrouping,
  { indicator, enabled = true }: { indicator?: IndicatorId; enabled?: boolean } = {},
) =>
  useQuery({
    queryKey: ['coverage', 'indicators', by, indicator ?? 'all', question.year, question.asOf],
    queryFn: ({ signal }) =>
      call(indicatorsEndpoint, {
        query: { ...asked(question), by, ...(indicator ? { indicator } : {}) },
        signal,
      }),
    placeholderData: keepPreviousData,
    enabled,
  });

const rowsAtATime = 50;

/** The activities behind a figure, page after page. */
export const useIndicatorRows = (question: PlanQuestion, indicator: IndicatorId, commune: string | null) =>
  useInfiniteQuery({
    queryKey: ['coverage', 'rows', indicator, commune, question.year, question.asOf],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(indicatorRowsEndpoint, {
        params: { indicator },
        query: {
          ...asked(question),
          limit: rowsAtATime,
          ...(commune ? { commune } : {}),
          ...(pageParam ? { after: pageParam } : {}),
        },
        signal,
      }),
    getNextPageParam: ({ next }) => (next === null ? undefined : afterOf(next)),
  });

/** Where the next page begins, from its address, which may carry another name of this host. */
export const afterOf = (address: string): string | undefined =>
  new URLSearchParams(address.slice(address.indexOf('?') + 1)).get('after') ?? undefined;
