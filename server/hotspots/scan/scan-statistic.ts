import { AnalysisInputError } from '../analysis-input-error.ts';
import { buildCircles, locateRows, type ScanLocations, scanDistance } from './scan-circles.ts';
import type { ScanLikelihood } from './scan-likelihood.ts';
import { runReplications, type ScanPlan } from './scan-replications.ts';
import { fitGumbel, gumbelP, rankP } from './scan-significance.ts';
import { countCells, scanCentreInTime, spaceTimeScratch } from './scan-space-time.ts';
import { planSpatial, scanCentre, spatialTables } from './scan-spatial.ts';

export const SCAN_MODELS = ['poisson', 'bernoulli', 'space-time-permutation', 'space-time-poisson'] as const;
export type ScanModel = (typeof SCAN_MODELS)[number];

export type ScanInput = {
  model: ScanModel;
  /** A plane, or longitude and latitude (`geographic`): then distances run along the sphere, in metres. */
  xs: Float64Array;
  ys: Float64Array;
  geographic: boolean;
  /** By row, for the purely spatial models: whole, ≥ 0. */
  cases?: Float64Array;
  /** By row, for the Poisson models. */
  population?: Float64Array;
  /** By row, for Bernoulli. */
  controls?: Float64Array;
  /** For the space–time models. */
  events?: ScanEvents;
  /** The greatest share of the population at risk in a circle, above 0 and at most 0.5. */
  maximumShare: number;
  /** The longest span of a cylinder in intervals; by default half of all, rounded down. */
  longest?: number;
  prospective?: boolean;
};

export type ScanEvents = {
  /** Row of the place, interval from 0, and number of cases, event by event. */
  rows: Int32Array;
  intervals: Int32Array;
  counts: Int32Array;
  /** Days of each interval: its share of the population's time. */
  days: Float64Array;
};

export type ScanCluster = {
  /** Input rows within, nearest to the centre first. */
  rows: number[];
  centreRow: number;
  /** Distance from the centre to the furthest place within: metres, or units of the plane. */
  radius: number;
  /** First and last interval, both within; null for a purely spatial scan. */
  intervals: [number, number] | null;
  observed: number;
  expected: number;
  /** Risk within over risk without; null for the permutation model, which has no population. */
  relativeRisk: number | null;
  population: number | null;
  logLikelihoodRatio: number;
  /** Rank among the replications, (#{replication ≥ it} + 1)/(R + 1); null without replications. */
  p: number | null;
  /** From a Gumbel distribution fitted to the replications by moments: for p far below 1/(R + 1). */
  pGumbel: number | null;
};

export type PreparedScan = {
  input: ScanInput;
  plan: ScanPlan;
  locations: ScanLocations;
  candidates: Candidate[];
};

export type ScanResult = {
  clusters: ScanCluster[];
  totalCases: number;
  totalPopulation: number | null;
  locations: number;
  replications: number;
  /** Null with fewer than 2 replications. */
  gumbel: { location: number; scale: number } | null;
};

type Candidate = {
  centre: number;
  members: number;
  ratio: number;
  from: number;
  to: number;
};

/**
 * Kulldorff's scan statistic for clusters of high rates: circles about every place, grown place by place to the greatest
 * share of the population at risk, in the space–time models times every span of intervals up to the longest; the window
 * with the greatest log-likelihood ratio is the most likely cluster, and its p is its rank among the greatest ratios of
 * worlds without clusters. Conventions are those of SaTScan 10 (User Guide): a window holds whole places; rows at one point are
 * one place; equal distances in the order of the lesser coordinate; at least 2 cases; expected by indirect
 * standardisation, C·P/ΣP, summing to C; one candidate for each centre, reported while it shares no place with a likelier
 * one; those with p = 1 are not reported, but for the first.
 *
 * `prepareScan` finds the candidates; `runReplications` makes the null worlds, in any number of threads; `finishScan` puts
 * them together. `scanStatistic` does all three in this thread.
 *
 * Does not say which risk factor is at work, nor that a place at the rim of a circle belongs to the cluster: the p is that
 * of "no cluster anywhere". With counts of what was found where one looked, use Bernoulli, or the answer maps the looking.
 */
export function scanStatistic(input: ScanInput, replications: number, seed: number): ScanResult {
  const prepared = prepareScan(input);
  return finishScan(prepared, runReplications({ plan: prepared.plan, from: 0, to: replications, seed }));
}

export function prepareScan(input: ScanInput): PreparedScan {
  if (!(input.maximumShare > 0 && input.maximumShare <= 0.5)) {
    throw new AnalysisInputError({
      field: '--max-share',
      problem: `${input.maximumShare} is not above 0 and at most 0.5.`,
      remedy:
        'A cluster of more than half the population is better called an empty area outside it: give 0.5 or less.',
    });
  }
  const locations = locateRows(input.xs, input.ys, input.geographic);
  const plan = isSpaceTime(input.model) ? planSpaceTime(input, locations) : planSpace(input, locations);
  return { input, plan, locations, candidates: findCandidates(plan) };
}

export function isSpaceTime(model: ScanModel): boolean {
  return model === 'space-time-permutation' || model === 'space-time-poisson';
}

function planSpace(input: ScanInput, locations: ScanLocations): ScanPlan {
  const { locationOfRow, count } = locations;
  const cases = sumByLocation(input.cases!, locationOfRow, count);
  const population =
    input.model === 'bernoulli'
      ? sumByLocation(input.controls!, locationOfRow, count).map((controls, i) => controls + cases[i]!)
      : sumByLocation(input.population!, locationOfRow, count);
  const totalCases = sum(cases);
  const totalPopulation = sum(population);
  refuseTooFew(totalCases, totalPopulation);
  refuseCasesWithoutPeople(cases, population, locationOfRow);
  const bernoulli = input.model === 'bernoulli';
  if (bernoulli && totalCases === totalPopulation) {
    throw new AnalysisInputError({
      field: 'controls',
      problem: 'there are no controls at all, so no rate can be higher than another.',
      remedy:
        'Give the controls (inspections without a violation), or use --model poisson with a population.',
    });
  }
  const expected = population.map((own) => (totalCases * own) / totalPopulation);
  const likelihood: ScanLikelihood = {
    kind: bernoulli ? 'bernoulli' : 'poisson',
    cases: totalCases,
    individuals: bernoulli ? totalPopulation : 0,
  };
  const circles = buildCircles(locations, population, input.maximumShare);
  const plan = planSpatial(likelihood, circles, expected, bernoulli ? population : expected);
  observedCases.set(plan, cases);
  return plan;
}

/** The observed counts of a plan. Kept beside it, since the worlds of a replication have their own. */
const observedCases = new WeakMap<ScanPlan, Float64Array>();

function planSpaceTime(input: ScanInput, locations: ScanLocations): ScanPlan {
  const { locationOfRow, count } = locations;
  const events = input.events!;
  const intervals = events.days.length;
  const totalCases = sum(events.counts);
  const byLocation = new Float64Array(count);
  const byInterval = new Float64Array(intervals);
  const caseLocations = new Int32Array(totalCases);
  const caseIntervals = new Int32Array(totalCases);
  let next = 0;
  for (let event = 0; event < events.rows.length; event++) {
    const location = locationOfRow[events.rows[event]!]!;
    const interval = events.intervals[event]!;
    const cases = events.counts[event]!;
    byLocation[location]! += cases;
    byInterval[interval]! += cases;
    caseLocations.fill(location, next, next + cases);
    caseIntervals.fill(interval, next, next + cases);
    next += cases;
  }
  const permutation = input.model === 'space-time-permutation';
  const atRisk = permutation ? byLocation : sumByLocation(input.population!, locationOfRow, count);
  const totalAtRisk = sum(atRisk);
  refuseTooFew(totalCases, totalAtRisk);
  refuseCasesWithoutPeople(byLocation, atRisk, locationOfRow);
  const expected = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) expected[i] = (totalCases * atRisk[i]!) / totalAtRisk;
  const totalDays = sum(events.days);
  const shares = permutation
    ? byInterval.map((cases) => cases / totalCases)
    : events.days.map((days) => days / totalDays);
  const longest = input.longest ?? Math.floor(intervals / 2);
  if (!(Number.isInteger(longest) && longest >= 1 && longest <= intervals)) {
    throw new AnalysisInputError({
      field: '--max-duration',
      problem: `a span of ${longest} intervals is not between 1 and the ${intervals} of the study.`,
      remedy: 'Give a shorter time unit, a longer study period or another --max-duration.',
    });
  }
  return {
    kind: 'space-time',
    model: permutation ? 'space-time-permutation' : 'space-time-poisson',
    likelihood: { kind: 'poisson', cases: totalCases, individuals: 0 },
    circles: buildCircles(locations, atRisk, input.maximumShare),
    intervals,
    longest,
    prospective: input.prospective === true,
    expected,
    shares,
    mostExpected: Math.min(input.maximumShare * 1.000001, 1) * totalCases,
    caseLocations,
    caseIntervals,
  };
}

function refuseTooFew(cases: number, population: number): void {
  if (cases < 2) {
    throw new AnalysisInputError({
      field: 'cases',
      problem: `there ${cases === 1 ? 'is 1 case' : 'are no cases'} in all; a cluster needs 2.`,
      remedy: 'Check that the column holds counts of cases, or take a longer period.',
    });
  }
  if (!(population > 0)) {
    throw new AnalysisInputError({
      field: 'population',
      problem: 'the population is 0 everywhere.',
      remedy: 'Give the population at risk of each area.',
    });
  }
}

/** Cases where nobody is at risk would make a rate without bound. */
function refuseCasesWithoutPeople(
  cases: ArrayLike<number>,
  population: Float64Array,
  locationOfRow: Int32Array,
): void {
  const row = locationOfRow.findIndex((location) => cases[location]! > 0 && !(population[location]! > 0));
  if (row < 0) return;
  throw new AnalysisInputError({
    field: 'population',
    row: `row ${row + 1}`,
    problem: `there are ${cases[locationOfRow[row]!]} cases where the population is ${population[locationOfRow[row]!]}.`,
    remedy: 'Correct the population, or leave the cases of this area out.',
  });
}

function sumByLocation(values: Float64Array, locationOfRow: Int32Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  for (let row = 0; row < values.length; row++) sums[locationOfRow[row]!]! += values[row]!;
  return sums;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

function findCandidates(plan: ScanPlan): Candidate[] {
  const candidates: Candidate[] = [];
  if (plan.kind === 'spatial') {
    const tables = spatialTables(plan);
    const cases = new Int32Array(plan.circles.count + 1);
    cases.set(observedCases.get(plan)!);
    const best = new Float64Array(2);
    for (let centre = 0; centre < plan.circles.count; centre++) {
      const ratio = scanCentre(plan, tables, cases, centre, 0, best);
      if (ratio > 0) candidates.push({ centre, members: best[1]!, ratio, from: 0, to: 0 });
    }
    return candidates;
  }
  const scratch = spaceTimeScratch(plan);
  countCells(plan, scratch, plan.caseIntervals);
  for (let centre = 0; centre < plan.circles.count; centre++) {
    const ratio = scanCentreInTime(plan, scratch, centre, 0);
    const [, members, from, to] = scratch.best as unknown as [number, number, number, number];
    if (ratio > 0) candidates.push({ centre, members, ratio, from, to });
  }
  return candidates;
}

/** Clusters with their p from the greatest ratios of the replications (none: p is null). */
export function finishScan(prepared: PreparedScan, maxima: Float64Array): ScanResult {
  const { input, plan, locations } = prepared;
  const gumbel = fitGumbel(maxima);
  const clusters: ScanCluster[] = [];
  for (const candidate of withoutOverlap(prepared)) {
    const p = maxima.length > 0 ? rankP(candidate.ratio, maxima) : null;
    if (p === 1 && clusters.length > 0) break;
    const pGumbel = gumbel && gumbelP(candidate.ratio, gumbel);
    clusters.push({ ...describe(prepared, candidate), p, pGumbel });
  }
  return {
    clusters,
    totalCases: plan.likelihood.cases,
    totalPopulation: input.model === 'space-time-permutation' ? null : sum(populationOf(input)),
    locations: locations.count,
    replications: maxima.length,
    gumbel,
  };
}

function populationOf(input: ScanInput): Float64Array {
  if (input.model !== 'bernoulli') return input.population!;
  return input.controls!.map((controls, row) => controls + input.cases![row]!);
}

/** Likeliest first; then those that share no location with a likelier one. */
function withoutOverlap(prepared: PreparedScan): Candidate[] {
  const { plan, locations } = prepared;
  const { listStart, members } = plan.circles;
  const radii = new Map(prepared.candidates.map((c) => [c, radiusOf(prepared, c)]));
  const ordered = [...prepared.candidates].sort(
    (a, b) =>
      // Sums taken in another order differ in the last digits: such ratios are equal, and the smaller circle is named.
      (Math.abs(a.ratio - b.ratio) > 1e-9 * Math.max(1, a.ratio) ? b.ratio - a.ratio : 0) ||
      radii.get(a)! - radii.get(b)! ||
      compareCoordinates(locations, a.centre, b.centre),
  );
  const taken = new Uint8Array(locations.count);
  return ordered.filter((candidate) => {
    const start = listStart[candidate.centre]!;
    const own = members.subarray(start, start + candidate.members);
    if (own.some((location) => taken[location] === 1)) return false;
    for (const location of own) taken[location] = 1;
    return true;
  });
}

function compareCoordinates(locations: ScanLocations, a: number, b: number): number {
  const { coordinates, dimensions } = locations;
  for (let k = 0; k < dimensions; k++) {
    const apart = coordinates[a * dimensions + k]! - coordinates[b * dimensions + k]!;
    if (apart !== 0) return apart;
  }
  return 0;
}

function radiusOf(prepared: PreparedScan, candidate: Candidate): number {
  const { listStart, members } = prepared.plan.circles;
  const furthest = members[listStart[candidate.centre]! + candidate.members - 1]!;
  return scanDistance(prepared.locations, candidate.centre, furthest);
}

function describe(prepared: PreparedScan, candidate: Candidate): Omit<ScanCluster, 'p' | 'pGumbel'> {
  const { input, plan, locations } = prepared;
  const start = plan.circles.listStart[candidate.centre]!;
  const within = plan.circles.members.subarray(start, start + candidate.members);
  const rowsOf = rowsByLocation(prepared);
  const rows = Array.from(within).flatMap((location) => rowsOf[location]!);
  let observed = 0;
  let expected = 0;
  for (const location of within) expected += plan.expected[location]!;
  if (plan.kind === 'spatial') {
    const cases = observedCases.get(plan)!;
    for (const location of within) observed += cases[location]!;
  } else {
    let share = 0;
    for (let t = candidate.from; t < candidate.to; t++) share += plan.shares[t]!;
    expected *= share;
    const held = new Set(within);
    for (let i = 0; i < plan.caseLocations.length; i++) {
      const interval = plan.caseIntervals[i]!;
      if (interval >= candidate.from && interval < candidate.to && held.has(plan.caseLocations[i]!))
        observed++;
    }
  }
  const population = input.model === 'space-time-permutation' ? null : populationOf(input);
  return {
    rows,
    centreRow: rowsOf[candidate.centre]![0]!,
    radius: radiusOf(prepared, candidate),
    intervals: plan.kind === 'spatial' ? null : [candidate.from, candidate.to - 1],
    observed,
    expected,
    relativeRisk: population && relativeRiskOf(observed, expected, plan.likelihood.cases),
    population: population && rows.reduce((total, row) => total + population[row]!, 0),
    logLikelihoodRatio: candidate.ratio,
  };

  function rowsByLocation(of: PreparedScan): number[][] {
    const rowsAt: number[][] = Array.from({ length: of.locations.count }, () => []);
    for (let row = 0; row < locations.locationOfRow.length; row++)
      rowsAt[locations.locationOfRow[row]!]!.push(row);
    return rowsAt;
  }
}

/** (c/E)/((C − c)/(C − E)), which for Bernoulli is (c/n)/((C − c)/(N − n)); infinite when no case lies outside: null. */
function relativeRiskOf(observed: number, expected: number, cases: number): number | null {
  return observed === cases ? null : observed / expected / ((cases - observed) / (cases - expected));
}
