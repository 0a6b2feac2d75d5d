import { createRandom } from '../random.ts';
import {
  replicateSpaceTime,
  type SpaceTimePlan,
  type SpaceTimeScratch,
  spaceTimeScratch,
} from './scan-space-time.ts';
import {
  canScanTimeInLanes,
  replicateSpaceTimeLanes,
  type SpaceTimeLanes,
  spaceTimeLanes,
} from './scan-space-time-lanes.ts';
import { replicateSpatial, type SpatialPlan, type SpatialScratch, spatialScratch } from './scan-spatial.ts';
import {
  canScanInLanes,
  replicateSpatialLanes,
  type SpatialLanes,
  spatialLanes,
} from './scan-spatial-lanes.ts';

export type ScanPlan = SpatialPlan | SpaceTimePlan;

/** A run of replications: plain data, so that it can be posted to a worker thread. The large arrays are shared. */
export type ReplicationJob = {
  plan: ScanPlan;
  /** Replications from … to − 1. */
  from: number;
  to: number;
  seed: number;
  /** Names the plan, so that a thread which gets several jobs of one scan prepares itself once. */
  planId?: string;
};

type Prepared =
  | { kind: 'spatial'; plan: SpatialPlan; scratch: SpatialScratch }
  | { kind: 'spatial-lanes'; plan: SpatialPlan; lanes: SpatialLanes }
  | { kind: 'space-time'; plan: SpaceTimePlan; scratch: SpaceTimeScratch }
  | { kind: 'space-time-lanes'; plan: SpaceTimePlan; lanes: SpaceTimeLanes };

let prepared: { planId: string; state: Prepared } | null = null;

/**
 * The greatest log-likelihood ratio of each replication. Replication r draws from stream r of the seed, so the answer does
 * not depend on how replications are shared out among threads, nor on how many there are.
 *
 * To be run as a worker: `new Piscina({ filename: …/scan-replications.ts }).run(job, { name: 'runReplications' })`.
 */
export function runReplications(job: ReplicationJob): Float64Array {
  const { from, to, seed } = job;
  const state = prepare(job.plan, job.planId);
  const maxima = new Float64Array(to - from);
  if (state.kind === 'spatial-lanes') {
    replicateSpatialLanes(state.plan, state.lanes, seed, from, maxima);
    return maxima;
  }
  if (state.kind === 'space-time-lanes') {
    replicateSpaceTimeLanes(state.plan, state.lanes, seed, from, maxima);
    return maxima;
  }
  for (let replication = from; replication < to; replication++) {
    const random = createRandom(seed, replication);
    maxima[replication - from] =
      state.kind === 'spatial'
        ? replicateSpatial(state.plan, state.scratch, random)
        : replicateSpaceTime(state.plan, state.scratch, random);
  }
  return maxima;
}

function prepare(plan: ScanPlan, planId: string | undefined): Prepared {
  if (planId !== undefined && prepared?.planId === planId) return prepared.state;
  const state = prepareAfresh(plan);
  prepared = planId === undefined ? null : { planId, state };
  return state;
}

function prepareAfresh(plan: ScanPlan): Prepared {
  if (plan.kind === 'space-time') {
    return canScanTimeInLanes(plan)
      ? { kind: 'space-time-lanes', plan, lanes: spaceTimeLanes(plan) }
      : { kind: 'space-time', plan, scratch: spaceTimeScratch(plan) };
  }
  if (canScanInLanes(plan)) return { kind: 'spatial-lanes', plan, lanes: spatialLanes(plan) };
  return { kind: 'spatial', plan, scratch: spatialScratch(plan) };
}

/** Cuts replications 0 … count − 1 into jobs for a pool: four for each thread, so that a slow thread does not hold up all. */
export function replicationJobs(
  plan: ScanPlan,
  count: number,
  seed: number,
  threads: number,
  planId: string,
) {
  const pieces = Math.min(count, threads * 4);
  return Array.from(
    { length: pieces },
    (_, i): ReplicationJob => ({
      plan,
      from: Math.floor((count * i) / pieces),
      to: Math.floor((count * (i + 1)) / pieces),
      seed,
      planId,
    }),
  );
}
