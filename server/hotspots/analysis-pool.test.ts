import { afterEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../http/problem.ts';
import { type AnalysisPool, createAnalysisPool } from './analysis-pool.ts';

const square: [number, number][][] = [
  [
    [106, 20],
    [106.3, 20],
    [106.3, 20.3],
    [106, 20.3],
    [106, 20],
  ],
];
const communes = [{ name: 'xã Thử', polygons: [square] }];
const density = (events: number, bandwidthMeters = 2000) => ({
  name: 'density' as const,
  input: {
    communes,
    longitudes: Array.from({ length: events }, (_, index) => 106 + (index % 300) / 1000),
    latitudes: Array.from({ length: events }, (_, index) => 20 + ((index * 7) % 300) / 1000),
    bandwidthMeters,
  },
});
const waiting = () => new AbortController().signal;

let pool: AnalysisPool;
afterEach(() => pool.close());

describe('the analysis pool', () => {
  it('computes once for all who ask the same', async () => {
    pool = createAnalysisPool({ threads: 1 });
    const both = await Promise.all([
      pool.run('same', density(50), { signal: waiting() }),
      pool.run('same', density(50), { signal: waiting() }),
    ]);
    expect(both[0].n).toBe(50);
    expect(both[1]).toBe(both[0]);
  });

  it('cancels what nobody waits for, and only that', async () => {
    pool = createAnalysisPool({ threads: 1 });
    const impatient = new AbortController();
    const alone = pool.run('alone', density(20_000, 200), { signal: impatient.signal });
    const shared = pool.run('shared', density(30), { signal: impatient.signal });
    const patient = pool.run('shared', density(30), { signal: waiting() });
    impatient.abort();
    await expect(alone).rejects.toMatchObject({ problem: { status: 499 } });
    expect((await patient).n).toBe(30);
    expect((await shared).n).toBe(30);
  });

  it('refuses more than may wait, with a word on what to do', async () => {
    pool = createAnalysisPool({ threads: 1, mostWaiting: 1 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, (_, index) =>
        pool.run(`work ${index}`, density(2000, 400), { signal: waiting() }),
      ),
    );
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toHaveLength(2);
    for (const reason of refused) {
      expect(reason).toBeInstanceOf(ProblemError);
      expect(reason.problem).toMatchObject({ status: 503, remedy: expect.any(String) });
    }
  });

  it('ends what takes too long', async () => {
    pool = createAnalysisPool({ threads: 1, timeoutMilliseconds: 1 });
    await expect(pool.run('slow', density(20_000, 200), { signal: waiting() })).rejects.toMatchObject({
      problem: { status: 504 },
    });
  });

  it('tells input that cannot be analysed by its field and remedy', async () => {
    pool = createAnalysisPool({ threads: 1 });
    const refused = pool.run('wrong', density(3, -1), { signal: waiting() });
    await expect(refused).rejects.toMatchObject({
      problem: { status: 422, where: 'sigma', remedy: expect.any(String) },
    });
  });

  it('leaves the event loop free meanwhile', async () => {
    pool = createAnalysisPool({ threads: 2 });
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 1);
    await Promise.all(
      [0, 1].map((index) => pool.run(`work ${index}`, density(20_000, 250), { signal: waiting() })),
    );
    clearInterval(counting);
    // On the loop's own thread not one turn could pass while the work runs.
    expect(turns).toBeGreaterThan(10);
  });
});
