import { createRandom, nextBelow, nextUniform } from '../server/hotspots/random.ts';
import { nextBinomial } from '../server/hotspots/scan/random-counts.ts';
import { logLikelihoodRatio } from '../server/hotspots/scan/scan-likelihood.ts';
import { runReplications } from '../server/hotspots/scan/scan-replications.ts';
import type { SpaceTimePlan } from '../server/hotspots/scan/scan-space-time.ts';
import type { SpatialPlan } from '../server/hotspots/scan/scan-spatial.ts';
import { finishScan, prepareScan, type ScanInput } from '../server/hotspots/scan/scan-statistic.ts';
import {
  runReplicationsInThreads,
  type ScanThreads,
  startScanThreads,
} from '../server/hotspots/scan/scan-threads.ts';

const THREADS = 4;

function areas(count: number, seed: number) {
  const random = createRandom(seed);
  const draw = () => new Float64Array(count).map(() => 100_000 * nextUniform(random));
  return { random, xs: draw(), ys: draw(), geographic: false, maximumShare: 0.5 };
}

function poisson(count: number): ScanInput {
  const { random, ...place } = areas(count, 1);
  const population = new Float64Array(count).map(() => 1000 + nextBelow(random, 20_000));
  return {
    model: 'poisson',
    ...place,
    population,
    cases: population.map((own) => nextBinomial(random, own, 0.001)),
  };
}

function permutation(count: number, intervals: number, cases: number): ScanInput {
  const { random, ...place } = areas(count, 2);
  const rows = new Int32Array(cases).map(() => nextBelow(random, count));
  return {
    model: 'space-time-permutation',
    ...place,
    events: {
      rows,
      intervals: rows.map(() => nextBelow(random, intervals)),
      counts: new Int32Array(cases).fill(1),
      days: new Float64Array(intervals).fill(7),
    },
  };
}

/** Everything from the input to the p, on warm threads, beside the floor: every window, its ratio where the rate is high. */
export async function benchScan(): Promise<void> {
  const threads = startScanThreads(THREADS);
  try {
    await whole(permutation(20, 8, 100), 99, threads);
    console.log(
      `scan: prepared, replicated on ${THREADS} threads and ranked; the floor is one thread looking at every window`,
    );
    console.log('| work | windows | replications | whole scan | a replication, one thread | floor | ratio |');
    console.log('|---|---|---|---|---|---|---|');
    await row('Poisson, 3,321 areas, 50 %', poisson(3321), 999, threads);
    await row('permutation, 129 areas × 52 weeks, 3,000 cases', permutation(129, 52, 3000), 9999, threads);
    const sizes = [129, 1000, 3321, 10_000];
    const times: number[] = [];
    for (const size of sizes) {
      const input = poisson(size);
      const start = performance.now();
      await whole(input, 199, threads);
      times.push(performance.now() - start);
    }
    console.log(`\n| areas | ${sizes.join(' | ')} | exponent |\n|---|---|---|---|---|---|`);
    console.log(
      `| Poisson, 50 %, 199 replications | ${times.map(seconds).join(' | ')} | ${fittedExponent(sizes.slice(1), times.slice(1)).toFixed(2)} (from 1,000) |\n`,
    );
  } finally {
    await threads.close();
  }
}

async function whole(input: ScanInput, replications: number, threads: ScanThreads) {
  const prepared = prepareScan(input);
  const maxima = await runReplicationsInThreads(prepared.plan, replications, 1, THREADS, threads);
  return { prepared, result: finishScan(prepared, maxima) };
}

async function row(
  name: string,
  input: ScanInput,
  replications: number,
  threads: ScanThreads,
): Promise<void> {
  const start = performance.now();
  const { prepared } = await whole(input, replications, threads);
  const time = performance.now() - start;
  const { plan } = prepared;
  const sample = plan.kind === 'spatial' ? 24 : 200;
  runReplications({ plan, from: 0, to: sample, seed: 1, planId: name });
  const before = performance.now();
  runReplications({ plan, from: 0, to: sample, seed: 1, planId: name });
  const own = (performance.now() - before) / sample;
  const floorStart = performance.now();
  const windows = plan.kind === 'spatial' ? everyCircle(plan) : everyCylinder(plan);
  const floor = performance.now() - floorStart;
  console.log(
    `| ${name} | ${windows.toLocaleString('en')} | ${replications} | ${seconds(time)} | ${own.toFixed(2)} ms | ${floor.toFixed(0)} ms | ${(own / floor).toFixed(3)} |`,
  );
}

function everyCircle(plan: SpatialPlan): number {
  const { circles, expected, likelihood } = plan;
  const cases = new Int32Array(circles.count + 1);
  const random = createRandom(9);
  for (let i = 0; i < likelihood.cases; i++) cases[nextBelow(random, circles.count)]!++;
  let windows = 0;
  let greatest = 0;
  for (let centre = 0; centre < circles.count; centre++) {
    let held = 0;
    let mean = 0;
    const start = circles.listStart[centre]!;
    for (let i = start; i < start + circles.listLength[centre]!; i++) {
      const member = circles.members[i]!;
      held += cases[member]!;
      mean += expected[member]!;
      windows++;
      if (held > mean) greatest = Math.max(greatest, logLikelihoodRatio(likelihood, held, mean));
    }
  }
  return greatest > 0 ? windows : 0;
}

function everyCylinder(plan: SpaceTimePlan): number {
  const { circles, expected, likelihood, intervals, longest, shares } = plan;
  const cells = new Int32Array(circles.count * intervals);
  for (let i = 0; i < plan.caseLocations.length; i++) {
    cells[plan.caseLocations[i]! * intervals + plan.caseIntervals[i]!]!++;
  }
  const series = new Int32Array(intervals);
  let windows = 0;
  let greatest = 0;
  for (let centre = 0; centre < circles.count; centre++) {
    series.fill(0);
    let zone = 0;
    const start = circles.listStart[centre]!;
    for (let i = start; i < start + circles.listLength[centre]!; i++) {
      const member = circles.members[i]!;
      zone += expected[member]!;
      for (let t = 0; t < intervals; t++) series[t]! += cells[member * intervals + t]!;
      for (let from = 0; from < intervals; from++) {
        let held = 0;
        let mean = 0;
        const last = Math.min(intervals, from + longest);
        for (let t = from; t < last; t++) {
          held += series[t]!;
          mean += zone * shares[t]!;
          windows++;
          if (held > mean) greatest = Math.max(greatest, logLikelihoodRatio(likelihood, held, mean));
        }
      }
    }
  }
  return greatest > 0 ? windows : 0;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** Slope of log time over log size by least squares. */
function fittedExponent(sizes: number[], times: number[]): number {
  const xs = sizes.map(Math.log);
  const ys = times.map(Math.log);
  const xMean = xs.reduce((a, b) => a + b) / xs.length;
  const yMean = ys.reduce((a, b) => a + b) / ys.length;
  const above = xs.reduce((sum, x, i) => sum + (x - xMean) * (ys[i]! - yMean), 0);
  return above / xs.reduce((sum, x) => sum + (x - xMean) ** 2, 0);
}
