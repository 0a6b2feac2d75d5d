import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { ProblemError } from '../http/problem.ts';
import type { AnalysisTasks, TaskOutcome } from './worker.ts';

type TaskName = keyof AnalysisTasks;
type TaskInput<Name extends TaskName> = Parameters<AnalysisTasks[Name]>[0];
type TaskResult<Name extends TaskName> = Awaited<ReturnType<AnalysisTasks[Name]>>;
/** Called with the share done, 0 to 1. */
export type Progress = (share: number) => void;

/** Long work in threads of its own: bounded in number, memory and time, shared by all who ask the same, and cancelled when nobody waits any more. */
export type AnalysisPool = {
  /**
   * @param key names the work: the same key, asked while it runs, joins it.
   * @param signal of this asker; the work ends when the last asker has gone.
   * @throws ProblemError 503 when too much waits already, 504 when it takes too long, AnalysisFailure for input that cannot be analysed.
   */
  run<Name extends TaskName>(
    key: string,
    task: { name: Name; input: TaskInput<Name> },
    asker: { signal: AbortSignal; onProgress?: Progress },
  ): Promise<TaskResult<Name>>;
  close(): Promise<void>;
};

type Running = {
  outcome: Promise<unknown>;
  askers: number;
  listeners: Set<Progress>;
  controller: AbortController;
};

export type AnalysisPoolOptions = { threads?: number; mostWaiting?: number; timeoutMilliseconds?: number };

const heapMegabytes = 768;

export function createAnalysisPool(options: AnalysisPoolOptions = {}): AnalysisPool {
  const { mostWaiting = 16, timeoutMilliseconds = 120_000 } = options;
  // One core is left to the process that answers.
  const threads = options.threads ?? Math.max(1, Math.min(4, availableParallelism() - 1));
  const piscina = new Piscina({
    filename: new URL('./worker-thread.js', import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 60_000,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  const running = new Map<string, Running>();

  function start(key: string, task: { name: TaskName; input: unknown }): Running {
    if (running.size >= threads + mostWaiting) {
      throw new ProblemError(503, 'Too many analyses are waiting', { remedy: 'Try again in a minute.' });
    }
    const controller = new AbortController();
    const listeners = new Set<Progress>();
    const { port1: heard, port2: told } = new MessageChannel();
    heard.on('message', (share: number) => {
      for (const listener of listeners) listener(share);
    });
    const patience = setTimeout(() => controller.abort('too long'), timeoutMilliseconds);
    const outcome = piscina
      .run({ ...task, progress: told }, { name: 'perform', signal: controller.signal, transferList: [told] })
      .then(resultOf, (error: Error) => {
        throw problemOf(error, controller.signal.reason);
      })
      .finally(() => {
        clearTimeout(patience);
        heard.close();
        running.delete(key);
      });
    outcome.catch(() => {});
    const started = { outcome, askers: 0, listeners, controller };
    running.set(key, started);
    return started;
  }

  return {
    async run(key, task, { signal, onProgress }) {
      const work = running.get(key) ?? start(key, task);
      work.askers += 1;
      if (onProgress) work.listeners.add(onProgress);
      let left = false;
      const leave = () => {
        if (left) return;
        left = true;
        work.askers -= 1;
        if (onProgress) work.listeners.delete(onProgress);
        if (work.askers === 0) work.controller.abort('nobody waits');
      };
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
      try {
        return (await work.outcome) as never;
      } finally {
        signal.removeEventListener('abort', leave);
        left = true;
      }
    },
    close: () => piscina.close({ force: true }),
  };
}

function resultOf(outcome: TaskOutcome): unknown {
  if ('result' in outcome) return outcome.result;
  const { field, problem, remedy } = outcome.refused;
  throw new ProblemError(422, 'This cannot be analysed', { where: field, detail: problem, remedy });
}

function problemOf(error: Error, reason: unknown): Error {
  if (error instanceof ProblemError) return error;
  if (reason === 'too long') {
    return new ProblemError(504, 'The analysis took too long', {
      remedy: 'Ask for fewer replications or a shorter period.',
    });
  }
  if (reason === 'nobody waits') return new ProblemError(499, 'The analysis was cancelled');
  if (/memory limit/i.test(error.message)) {
    return new ProblemError(422, 'The analysis is too large', {
      detail: `it needs more than ${heapMegabytes} MB`,
      remedy: 'Ask for a shorter period, coarser cells or fewer replications.',
    });
  }
  return error;
}
