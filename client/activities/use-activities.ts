import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ActivityBodyInput, ActivityKind, withdrawalReasons } from '../../contract/activities.ts';
import {
  type Activity,
  type ActivityAnswer,
  type activityChanges,
  activityEndpoints,
  activityPlacesEndpoint,
} from '../../contract/activity-endpoints.ts';
import type { Endpoint, EndpointResponse } from '../../contract/endpoint.ts';
import { call } from '../api/call.ts';
import { readPlaces } from '../places/read-places.ts';
import { cellsTouching, type ReportCell } from './report-cells.ts';

export type AnyActivity = { [Kind in ActivityKind]: Activity<Kind> }[ActivityKind];
export type AnyAnswer = { [Kind in ActivityKind]: ActivityAnswer<Kind> }[ActivityKind];
export type AnyVersion = Pick<AnyActivity, 'version' | 'record' | 'about' | 'withdrawn'> & {
  change: (typeof activityChanges)[number];
  at: string;
  by: string;
};
export type AnyBody = { [Kind in ActivityKind]: ActivityBodyInput<Kind> }[ActivityKind];
export type WithdrawalReason = Exclude<(typeof withdrawalReasons)[number], 'superseded'>;

// The endpoints of six kinds differ in their records alone; what is sent and answered is told apart by the kind, which
// the types of a call cannot follow.
type Outreach = (typeof activityEndpoints)['outreach'];
const endpointsOf = (kind: ActivityKind) => activityEndpoints[kind] as unknown as Outreach;

/** So many that a screen is filled, and no more than are read. */
const listedAtATime = 20;

export type Listed = Omit<EndpointResponse<Outreach['list']>, 'items'> & { items: AnyActivity[] };

export const useActivityList = (kind: ActivityKind, commune: string, withWithdrawn: boolean) =>
  useInfiniteQuery({
    queryKey: ['activities', 'list', kind, commune, withWithdrawn],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) =>
      (await call(endpointsOf(kind).list, {
        query: {
          commune,
          withdrawn: withWithdrawn ? 'include' : 'exclude',
          limit: listedAtATime,
          ...(pageParam ? { after: pageParam } : {}),
        },
        signal,
      })) as Listed,
    getNextPageParam: ({ next }) => next?.after,
    // Of the same kind only: records of another have other fields.
    placeholderData: (before, query) => (query?.queryKey[2] === kind ? before : undefined),
  });

export const useActivityHistory = (kind: ActivityKind, id: number, version: number) =>
  useQuery({
    queryKey: ['activities', 'history', kind, id, version],
    queryFn: async ({ signal }) =>
      (await call(endpointsOf(kind).history, { params: { id }, signal })).versions as unknown as AnyVersion[],
  });

export const readActivity = async (kind: ActivityKind, id: number): Promise<AnyAnswer> =>
  (await call(endpointsOf(kind).one, { params: { id } })) as AnyAnswer;

export const createActivity = async (
  kind: ActivityKind,
  body: AnyBody,
  idempotencyKey: string,
): Promise<AnyAnswer> =>
  (await call(endpointsOf(kind).create, {
    body: body as ActivityBodyInput<'outreach'>,
    headers: { 'idempotency-key': idempotencyKey },
  })) as AnyAnswer;

export const correctActivity = async (
  kind: ActivityKind,
  { id, version }: { id: number; version: number },
  body: AnyBody,
): Promise<AnyAnswer> =>
  (await call(endpointsOf(kind).correct, {
    params: { id },
    body: body as ActivityBodyInput<'outreach'>,
    headers: { 'if-match': `"${version}"` },
  })) as AnyAnswer;

export const withdrawActivity = async (
  kind: ActivityKind,
  { id, version }: { id: number; version: number },
  reason: WithdrawalReason,
): Promise<AnyAnswer> =>
  (await call(endpointsOf(kind).withdraw, {
    params: { id },
    body: { reason },
    headers: { 'if-match': `"${version}"` },
  })) as AnyAnswer;

/**
 * All places of a commune that an activity can name, so that a search answers at the keystroke. A province has a few
 * thousand; the most that the server gives at once is 5000, for one commune.
 */
export const useActivityPlaces = (commune: string, enabled = true) =>
  useQuery({
    queryKey: ['places', 'for-activities', commune],
    queryFn: async ({ signal }) =>
      (await call(activityPlacesEndpoint satisfies Endpoint, { query: { commune, limit: 5000 }, signal }))
        .places,
    enabled,
  });

export type CommuneOutline = {
  geometry: { type: string; coordinates: unknown } | null;
  cells: ReportCell[];
};

/** A commune's outline with the cells that touch it. */
export const useReportCells = (commune: string) =>
  useQuery({
    queryKey: ['places', 'report-cells', commune],
    queryFn: async ({ signal }): Promise<CommuneOutline> => {
      const { features } = await readPlaces('communes', { code: commune }, signal);
      const geometry = features[0]?.geometry ?? null;
      return { geometry, cells: await cellsTouching(geometry) };
    },
  });

/**
 * Has everything read again that a recorded activity moves. The frame hears from the server that the data have moved and
 * has the figures and tiles read anew; the records themselves are asked for here, since not all of them move a figure.
 */
export function useReadAgain(): () => void {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: ['activities'] });
    void queries.invalidateQueries({ queryKey: ['health'] });
  };
}
