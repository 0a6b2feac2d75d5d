import { type ActivityKind, activityKinds } from '../../contract/activities.ts';
import { activityEndpoints } from '../../contract/activity-endpoints.ts';
import { type May, useMay } from '../access/session.ts';

/** The kinds that a role records, in their order; whoever records a kind reads its rows and history. */
export const recordableKinds = (may: Pick<May, 'ask'>): ActivityKind[] =>
  activityKinds.filter((kind) => may.ask(`POST ${activityEndpoints[kind].create.path}`));

export const useRecordableKinds = (): ActivityKind[] => recordableKinds(useMay());
