import { Piscina } from 'piscina';
import { type ReplicationJob, replicationJobs, runReplications, type ScanPlan } from './scan-replications.ts';

/** Entries of all circles × replications (× intervals) that one thread does in the half second that starting others takes. */
const WORTH_THREADS = 2e8;

/**
 * All replications of a scan, spread over threads of their own where that pays. Equal to `runReplications` in one thread,
 * to the last bit. `warmed`: a pool that stands already, from `startScanThreads`.
 */
export async function runReplicationsInThreads(
  plan: ScanPlan,
  replications: number,
  seed: number,
  threads: number,
  warmed?: ScanThreads,
): Promise<Float64Array> {
  const work = plan.circles.members.length * replications * (plan.kind === 'spatial' ? 1 : plan.intervals);
  if (!warmed && (threads === 1 || work < WORTH_THREADS)) {
    return runReplications({ plan, from: 0, to: replications, seed });
  }
  const pool = warmed ?? startScanThreads(threads);
  try {
    const jobs = replicationJobs(plan, replications, seed, threads, `scan ${planCount++}`);
    const parts = await Promise.all(jobs.map((job) => pool.run(job)));
    const maxima = new Float64Array(replications);
    jobs.forEach((job, index) => {
      maxima.set(parts[index]!, job.from);
    });
    return maxima;
  } finally {
    if (!warmed) await pool.close();
  }
}

let planCount = 0;

export type ScanThreads = {
  run: (job: ReplicationJob) => Promise<Float64Array>;
  close: () => Promise<void>;
};

export function startScanThreads(threads: number): ScanThreads {
  const pool = new Piscina<ReplicationJob, Float64Array>({
    filename: new URL('./scan-worker-thread.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
  });
  return { run: (job) => pool.run(job, { name: 'runReplications' }), close: () => pool.destroy() };
}
