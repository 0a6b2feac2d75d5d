import { randomUUID } from 'node:crypto';
import { evidenceBy } from './evidence.ts';
import { runReplications } from './scan/scan-replications.ts';
import {
  finishScan,
  isSpaceTime,
  prepareScan,
  type ScanInput,
  type ScanModel,
  type ScanResult,
} from './scan/scan-statistic.ts';
import { addDays, daysBetween, sliceOf } from './time-slices.ts';

export type ScanAnswer = { n: number; result: ScanResult };

/** Replications between two words on progress: a hundredth of 9,999. */
const replicationsAtOnce = 100;

/**
 * Kulldorff's scan over the communes: circles about their label points.
 *
 * - `bernoulli`: violations among inspections;
 * - `poisson`: violations to active establishments;
 * - `space-time-permutation`: violations alone, each place and each slice at its own level;
 * - `space-time-poisson`: violations to active establishments over the days of each slice.
 *
 * @param slices first days of the time slices, oldest first; used by the space–time models.
 */
export function provinceScan(
  input: {
    communes: { code: string; longitude: number; latitude: number }[];
    codes: readonly string[];
    days: readonly string[];
    violations: readonly boolean[];
    active: readonly number[];
    slices: readonly string[];
    to: string;
    model: ScanModel;
    maximumShare: number;
    replications: number;
    seed: number;
  },
  progress: (share: number) => void,
): ScanAnswer {
  const { communes, model, replications, seed } = input;
  const evidence = evidenceBy(input.codes, input.violations);
  // A place without any population at risk is no place of the scan: it could only pad a circle.
  const places = communes
    .map((commune, index) => ({
      ...commune,
      index,
      own: evidence.get(commune.code),
      active: input.active[index] ?? 0,
    }))
    .filter(({ own, active }) =>
      model === 'poisson' || model === 'space-time-poisson' ? active > 0 : own !== undefined,
    );
  const found = places.reduce((sum, { own }) => sum + (own?.violations ?? 0), 0);
  const looked = places.reduce((sum, { own }) => sum + (own?.inspections ?? 0), 0);
  // A window needs two violations, and among inspections some that found none: without them there is nothing to search.
  if (found < 2 || (model === 'bernoulli' && found === looked)) {
    return {
      n: places.length,
      result: {
        clusters: [],
        totalCases: found,
        totalPopulation: null,
        locations: places.length,
        replications: 0,
        gumbel: null,
      },
    };
  }
  const scan: ScanInput = {
    model,
    xs: Float64Array.from(places, ({ longitude }) => longitude),
    ys: Float64Array.from(places, ({ latitude }) => latitude),
    geographic: true,
    maximumShare: input.maximumShare,
    cases: Float64Array.from(places, ({ own }) => own?.violations ?? 0),
    controls: Float64Array.from(places, ({ own }) => (own ? own.inspections - own.violations : 0)),
    population: Float64Array.from(places, ({ active }) => active),
    ...(isSpaceTime(model) && {
      events: eventsOf(
        input,
        places.map(({ code }) => code),
      ),
    }),
  };
  const prepared = prepareScan(scan);
  const maxima = new Float64Array(replications);
  const planId = randomUUID();
  for (let from = 0; from < replications; from += replicationsAtOnce) {
    const to = Math.min(replications, from + replicationsAtOnce);
    maxima.set(runReplications({ plan: prepared.plan, from, to, seed, planId }), from);
    progress(to / replications);
  }
  const result = finishScan(prepared, maxima);
  const placeOf = (row: number) => places[row]!.index;
  return {
    n: places.length,
    result: {
      ...result,
      clusters: result.clusters.map((cluster) => ({
        ...cluster,
        rows: cluster.rows.map(placeOf),
        centreRow: placeOf(cluster.centreRow),
      })),
    },
  };
}

function eventsOf(
  input: {
    codes: readonly string[];
    days: readonly string[];
    violations: readonly boolean[];
    slices: readonly string[];
    to: string;
  },
  codes: readonly string[],
): NonNullable<ScanInput['events']> {
  const rowOf = new Map(codes.map((code, row) => [code, row]));
  const rows: number[] = [];
  const intervals: number[] = [];
  input.violations.forEach((found, index) => {
    const row = rowOf.get(input.codes[index]!);
    if (!found || row === undefined) return;
    rows.push(row);
    intervals.push(sliceOf(input.slices, input.days[index]!));
  });
  const ends = [...input.slices.slice(1), addDays(input.to, 1)];
  return {
    rows: Int32Array.from(rows),
    intervals: Int32Array.from(intervals),
    counts: new Int32Array(rows.length).fill(1),
    days: Float64Array.from(input.slices, (start, index) => daysBetween(start, ends[index]!)),
  };
}
