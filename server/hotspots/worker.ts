// What runs in the worker threads of the analysis pool: each task is pure, takes and gives plain data or typed arrays, and
// says how far it is.
import type { MessagePort } from 'node:worker_threads';
import type { makeReport } from '../coverage/report/make-report.ts';
import { AnalysisInputError } from './analysis-input-error.ts';
import { provinceDensity } from './density-answer.ts';
import { provinceLocal } from './local-answer.ts';
import { provinceRelativeRisk } from './relative-risk-answer.ts';
import { provinceScan } from './scan-answer.ts';
import { provinceTrend } from './trend-answer.ts';

// Its libraries take half a second to load, which no thread pays that only analyses.
const report: typeof makeReport = async (asked) =>
  (await import('../coverage/report/make-report.ts')).makeReport(asked);

const tasks = {
  density: provinceDensity,
  relativeRisk: provinceRelativeRisk,
  local: provinceLocal,
  scan: provinceScan,
  trend: provinceTrend,
  report,
};
export type AnalysisTasks = typeof tasks;

/** Errors lose their class between threads, so that an input that was refused is told as a value. */
export type TaskOutcome =
  | { result: unknown }
  | { refused: { field: string; problem: string; remedy: string } };

export async function perform(task: {
  name: keyof AnalysisTasks;
  input: unknown;
  progress: MessagePort;
}): Promise<TaskOutcome> {
  const run = tasks[task.name] as (input: unknown, progress: (share: number) => void) => unknown;
  let told = 0;
  const progress = (share: number) => {
    // A hundred messages say as much as a million.
    if (share - told < 0.01) return;
    told = share;
    task.progress.postMessage(share);
  };
  try {
    return { result: await run(task.input, progress) };
  } catch (error) {
    if (error instanceof AnalysisInputError) {
      const { field, problem, remedy } = error;
      return { refused: { field, problem, remedy } };
    }
    throw error;
  } finally {
    task.progress.close();
  }
}
