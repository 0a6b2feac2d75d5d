import type { Random } from '../random.ts';
import { shuffle } from '../random.ts';
import { type AliasTable, createAliasTable, nextAlias } from './random-counts.ts';
import type { ScanCircles } from './scan-circles.ts';
import {
  boundaryAtCorners,
  createThresholdTables,
  LEAST_CASES,
  logLikelihoodRatio,
  type ScanLikelihood,
  type ThresholdTables,
} from './scan-likelihood.ts';

/**
 * The scan over cylinders: a circle and a span of time intervals. Expected cases are (expected of the circle) × (share of
 * the span), for the permutation model cases of the circle × share of all cases in the span (Kulldorff et al. 2005,
 * PLoS Medicine 2, e59), for the Poisson model its share of the population × the share of the days (Kulldorff et al. 1998,
 * Am. J. Public Health 88, 1377–1380).
 *
 * A circle has about T²/2 spans, 1,000 for a year of weeks. Nearly all circles of a replication are disposed of without
 * looking at one: the cases c(μ) at which the ratio reaches the best so far is a concave function of the expected number
 * μ, so it lies above its chord α·μ + β over the μ that the circle's spans can have; and whether any span has
 * c − α·μ > β is the greatest rise of the running sum of x_t − α·μ_t, found in T steps. If one has, the chord is halved, and
 * only then is each span looked at. The maximum is exact. 129 areas × 52 weeks, 3,000 cases:
 * of 8,400 circles a replication halves the chord for 500 and looks at the spans of 30.
 */
export type SpaceTimePlan = {
  kind: 'space-time';
  model: 'space-time-permutation' | 'space-time-poisson';
  likelihood: ScanLikelihood;
  circles: ScanCircles;
  intervals: number;
  longest: number;
  /** Only spans that reach the last interval (a surveillance that asks what goes on now). */
  prospective: boolean;
  /** Expected of each location over all time; one more, the padding, expects none. Sums to C. */
  expected: Float64Array;
  /** Share of the expected in each interval; sums to 1. */
  shares: Float64Array;
  mostExpected: number;
  /** Location and interval of each case, for the permutation. */
  caseLocations: Int32Array;
  caseIntervals: Int32Array;
};

export type SpaceTimeScratch = {
  tables: ThresholdTables;
  /** Intervals, rounded up to a multiple of 4; the last ones repeat the end of the study. */
  stride: number;
  /** Cases of each location up to and with each interval, and in all. */
  cells: Float64Array;
  totals: Float64Array;
  /** The same for the circle at hand, and for the share of the expected. */
  series: Float64Array;
  shareTo: Float64Array;
  /** [ratio, members, first interval, interval after the last]. */
  best: Float64Array;
  shuffled: Int32Array;
  spaceAlias: AliasTable | null;
  timeAlias: AliasTable | null;
  shortestShare: number;
  longestShare: number;
};

export function spaceTimeScratch(plan: SpaceTimePlan): SpaceTimeScratch {
  const { intervals, circles, shares } = plan;
  const stride = Math.ceil(intervals / 4) * 4;
  const shareTo = new Float64Array(stride).fill(1);
  let sum = 0;
  for (let t = 0; t < intervals; t++) {
    sum += shares[t]!;
    shareTo[t] = sum;
  }
  shareTo.fill(sum, intervals);
  let shortestShare = 1;
  let longestShare = 0;
  for (let t = 0; t < intervals; t++) {
    if (shares[t]! > 0) shortestShare = Math.min(shortestShare, shares[t]!);
    const end = Math.min(intervals, t + plan.longest) - 1;
    longestShare = Math.max(longestShare, shareTo[end]! - (t > 0 ? shareTo[t - 1]! : 0));
  }
  let least = Infinity;
  for (const own of plan.expected) if (own > 0 && own < least) least = own;
  const poisson = plan.model === 'space-time-poisson';
  return {
    tables: createThresholdTables(plan.likelihood, least * shortestShare, plan.mostExpected),
    stride,
    cells: new Float64Array((circles.count + 1) * stride),
    totals: new Float64Array(circles.count + 1),
    series: new Float64Array(stride),
    shareTo,
    best: new Float64Array(4),
    shuffled: new Int32Array(plan.caseIntervals.length),
    spaceAlias: poisson ? createAliasTable(plan.expected) : null,
    timeAlias: poisson ? createAliasTable(shares) : null,
    shortestShare,
    longestShare,
  };
}

/** Fills the counts from the location and interval of each case. */
export function countCells(plan: SpaceTimePlan, scratch: SpaceTimeScratch, intervals: Int32Array): void {
  const { cells, totals, stride } = scratch;
  cells.fill(0);
  totals.fill(0);
  for (let i = 0; i < intervals.length; i++) {
    const location = plan.caseLocations[i]!;
    cells[location * stride + intervals[i]!]!++;
    totals[location]!++;
  }
  sumUp(cells, stride);
}

function sumUp(cells: Float64Array, stride: number): void {
  for (let row = 0; row < cells.length; row += stride) {
    for (let i = row + 1; i < row + stride; i++) cells[i]! += cells[i - 1]!;
  }
}

/** The counts of a world without clusters. */
export function drawWorld(plan: SpaceTimePlan, scratch: SpaceTimeScratch, random: Random): void {
  if (plan.model === 'space-time-permutation') {
    scratch.shuffled.set(plan.caseIntervals);
    shuffle(random, scratch.shuffled);
    countCells(plan, scratch, scratch.shuffled);
  } else {
    scratch.cells.fill(0);
    scratch.totals.fill(0);
    for (let i = 0; i < plan.likelihood.cases; i++) {
      const location = nextAlias(random, scratch.spaceAlias!);
      scratch.cells[location * scratch.stride + nextAlias(random, scratch.timeAlias!)]!++;
      scratch.totals[location]!++;
    }
    sumUp(scratch.cells, scratch.stride);
  }
}

/** The greatest ratio of one world without clusters. */
export function replicateSpaceTime(plan: SpaceTimePlan, scratch: SpaceTimeScratch, random: Random): number {
  drawWorld(plan, scratch, random);
  let highest = 0;
  for (let centre = 0; centre < plan.circles.count; centre++) {
    highest = scanCentreInTime(plan, scratch, centre, highest);
  }
  return highest;
}

/** The best cylinder about one centre with a ratio above `floor`, written to `scratch.best`, which else is left alone. */
export function scanCentreInTime(
  plan: SpaceTimePlan,
  scratch: SpaceTimeScratch,
  centre: number,
  floor: number,
): number {
  const { circles, expected } = plan;
  const { cells, totals, series, shareTo, stride, tables } = scratch;
  const { corners } = tables;
  const start = circles.listStart[centre]!;
  const length = circles.listLength[centre]!;
  series.fill(0);
  let held = 0;
  let zone = 0;
  let low = 0;
  let high = 0;
  let highest = floor;
  for (let k = 0; k < length; k++) {
    const member = circles.members[start + k]!;
    zone += expected[member]!;
    // Without cases of its own the member adds to what is expected, or nothing at all.
    if (totals[member] === 0) continue;
    held += totals[member]!;
    const least = zone * scratch.shortestShare;
    const most = zone * scratch.longestShare;
    while (low + 1 < corners.length && corners[low + 1]! <= least) low++;
    if (high < low) high = low;
    while (high + 1 < corners.length && corners[high]! < most) high++;
    const boundary = boundaryAtCorners(tables, highest);
    const run = corners[high]! - corners[low]!;
    const slope = run > 0 ? (boundary[high]! - boundary[low]!) / run : 0;
    const limit = boundary[low]! - slope * corners[low]! - SLACK;
    const rise = addAndFindRise(series, cells, member * stride, shareTo, slope * zone);
    if (rise <= limit || held < LEAST_CASES) continue;
    const found = scanSpansOf(plan, scratch, zone, boundary, low, high, highest, k + 1);
    if (found > highest) highest = found;
  }
  return highest;
}

/** The spans of the circle whose running sums are in `scratch.series`, if either half of the chord lets one through. */
export function scanSpansOf(
  plan: SpaceTimePlan,
  scratch: SpaceTimeScratch,
  zone: number,
  boundary: Float64Array,
  low: number,
  high: number,
  floor: number,
  members: number,
): number {
  const middle = (low + high) >> 1;
  if (!mayExceed(scratch, zone, boundary, low, middle) && !mayExceed(scratch, zone, boundary, middle, high)) {
    return floor;
  }
  return scanSpans(plan, scratch, zone, boundary, low, middle, high, floor, members);
}

/** What rounding may do to a sum of cases. */
const SLACK = 1e-6;

/** Whether some span may hold more cases than the chord of the boundary between two corners. */
function mayExceed(
  scratch: SpaceTimeScratch,
  zone: number,
  boundary: Float64Array,
  low: number,
  high: number,
): boolean {
  const { corners } = scratch.tables;
  const run = corners[high]! - corners[low]!;
  const slope = run > 0 ? (boundary[high]! - boundary[low]!) / run : 0;
  const limit = boundary[low]! - slope * corners[low]! - SLACK;
  return greatestRise(scratch.series, scratch.shareTo, slope * zone) > limit;
}

/** The greatest rise of series − scale·shareTo from any interval (or the start) to a later one. */
function greatestRise(series: Float64Array, shareTo: Float64Array, scale: number): number {
  let least = 0;
  let greatest = 0;
  for (let t = 0; t < series.length; t++) {
    const value = series[t]! - scale * shareTo[t]!;
    if (value < least) least = value;
    else if (value - least > greatest) greatest = value - least;
  }
  return greatest;
}

/**
 * Adds a member's running sums to the series and returns its `greatestRise`. Nearly all the time of a run is spent here.
 * Four intervals at a time; Kadane's recurrence on the counts themselves, whose steps wait for one another, came out the
 * same within the noise.
 */
function addAndFindRise(
  series: Float64Array,
  cells: Float64Array,
  base: number,
  shareTo: Float64Array,
  scale: number,
): number {
  let least = 0;
  let greatest = 0;
  for (let t = 0; t < series.length; t += 4) {
    const at = base + t;
    const a = series[t]! + cells[at]!;
    const b = series[t + 1]! + cells[at + 1]!;
    const c = series[t + 2]! + cells[at + 2]!;
    const d = series[t + 3]! + cells[at + 3]!;
    series[t] = a;
    series[t + 1] = b;
    series[t + 2] = c;
    series[t + 3] = d;
    const p = a - scale * shareTo[t]!;
    const q = b - scale * shareTo[t + 1]!;
    const r = c - scale * shareTo[t + 2]!;
    const s = d - scale * shareTo[t + 3]!;
    if (p < least) least = p;
    else if (p - least > greatest) greatest = p - least;
    if (q < least) least = q;
    else if (q - least > greatest) greatest = q - least;
    if (r < least) least = r;
    else if (r - least > greatest) greatest = r - least;
    if (s < least) least = s;
    else if (s - least > greatest) greatest = s - least;
  }
  return greatest;
}

function scanSpans(
  plan: SpaceTimePlan,
  scratch: SpaceTimeScratch,
  zone: number,
  boundary: Float64Array,
  low: number,
  middle: number,
  high: number,
  floor: number,
  members: number,
): number {
  const { intervals, longest, likelihood } = plan;
  const { series, shareTo, best } = scratch;
  const { corners } = scratch.tables;
  const turn = corners[middle]!;
  const lowRun = turn - corners[low]!;
  const highRun = corners[high]! - turn;
  const lowSlope = lowRun > 0 ? (boundary[middle]! - boundary[low]!) / lowRun : 0;
  const highSlope = highRun > 0 ? (boundary[high]! - boundary[middle]!) / highRun : 0;
  let highest = floor;
  for (let from = 0; from < intervals; from++) {
    const last = Math.min(intervals, from + longest);
    const first = plan.prospective ? intervals : from + 1;
    const casesBefore = from > 0 ? series[from - 1]! : 0;
    const shareBefore = from > 0 ? shareTo[from - 1]! : 0;
    for (let to = first; to <= last; to++) {
      const cases = series[to - 1]! - casesBefore;
      if (cases < LEAST_CASES) continue;
      const expected = zone * (shareTo[to - 1]! - shareBefore);
      const chord = boundary[middle]! + (expected < turn ? lowSlope : highSlope) * (expected - turn);
      if (cases < chord - 1e-6) continue;
      const ratio = logLikelihoodRatio(likelihood, cases, expected);
      if (ratio > highest) {
        highest = ratio;
        best[0] = ratio;
        best[1] = members;
        best[2] = from;
        best[3] = to;
      }
    }
  }
  return highest;
}
