import { createRandom } from './random.ts';
import {
  replicateSpaceTime,
  type SpaceTimePlan,
  type SpaceTimeScratch,
  spaceTimeScratch,
} from './scan-space-time.ts';
import { replicateSpatial, type SpatialPlan, type SpatialScratch, spatialScratch } from './scan-spatial.ts';

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

let prepared: { planId: string; scratch: SpatialScratch | SpaceTimeScratch } | null = null;

/**
 * The greatest log-likelihood ratio of each replication. Replication r draws from stream r of the seed, so the answer does
 * not depend on how replications are shared out among threads, nor on how many there are.
 *
 * To be run as a worker: `new Piscina({ filename: …/scan-replications.ts }).run(job, { name: 'runReplications' })`.
 */
export function runReplications(job: ReplicationJob): Float64Array {
  const { plan, from, to, seed } = job;
  const scratch = scratchFor(plan, job.planId);
  const maxima = new Float64Array(to - from);
  for (let replication = from; replication < to; replication++) {
    const random = createRandom(seed, replication);
    maxima[replication - from] =
      plan.kind === 'spatial'
        ? replicateSpatial(plan, scratch as SpatialScratch, random)
        : replicateSpaceTime(plan, scratch as SpaceTimeScratch, random);
  }
  return maxima;
}

function scratchFor(plan: ScanPlan, planId: string | undefined): SpatialScratch | SpaceTimeScratch {
  if (planId !== undefined && prepared?.planId === planId) return prepared.scratch;
  const scratch = plan.kind === 'spatial' ? spatialScratch(plan) : spaceTimeScratch(plan);
  prepared = planId === undefined ? null : { planId, scratch };
  return scratch;
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
