import type { Random } from '../random.ts';
import { nextBelow } from '../random.ts';
import { type AliasTable, addMultinomial, createAliasTable } from './random-counts.ts';
import { BLOCK, type ScanCircles } from './scan-circles.ts';
import {
  countThresholds,
  createThresholdTables,
  expectedBin,
  logLikelihoodRatio,
  type ScanLikelihood,
  type ThresholdTables,
} from './scan-likelihood.ts';

/**
 * The purely spatial scan, prepared once and shared by all replications and threads. Each list of circles is walked in
 * blocks of 8: within a block no window holds more cases than the block's end nor expects less than its first member, so
 * one comparison with a table of thresholds disposes of eight windows. The maximum found is exact. Replications go over
 * `scan-spatial-lanes.ts` instead, which compares each window, eight worlds at a time.
 */
export type SpatialPlan = {
  kind: 'spatial';
  likelihood: ScanLikelihood;
  circles: ScanCircles;
  /** Expected cases of each location; one more, the padding, expects none. */
  expected: Float64Array;
  /** Expected in the circle before each block, and the bin of what it is with each member. */
  blockExpected: Float64Array;
  memberBins: Uint16Array;
  mostExpected: number;
  /** What a replication draws from: expected cases (Poisson) or individuals (Bernoulli). */
  drawFrom: Float64Array;
};

export function planSpatial(
  likelihood: ScanLikelihood,
  circles: ScanCircles,
  expected: Float64Array,
  drawFrom: Float64Array,
): SpatialPlan {
  const { count, listStart, members } = circles;
  const blocks = listStart[count]! / BLOCK;
  const blockExpected = new Float64Array(new SharedArrayBuffer(8 * blocks));
  const memberBins = new Uint16Array(new SharedArrayBuffer(2 * members.length));
  const padded = new Float64Array(count + 1);
  padded.set(expected.subarray(0, count));
  let mostExpected = 0;
  for (let centre = 0; centre < count; centre++) {
    let held = 0;
    for (let block = listStart[centre]! / BLOCK; block < listStart[centre + 1]! / BLOCK; block++) {
      blockExpected[block] = held;
      for (let i = block * BLOCK; i < (block + 1) * BLOCK; i++) held += padded[members[i]!]!;
    }
    if (held > mostExpected) mostExpected = held;
  }
  for (let block = 0; block < blocks; block++) {
    let held = blockExpected[block]!;
    for (let i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
      held += padded[members[i]!]!;
      memberBins[i] = expectedBin(held, mostExpected);
    }
  }
  return {
    kind: 'spatial',
    likelihood,
    circles,
    expected: padded,
    blockExpected,
    memberBins,
    mostExpected,
    drawFrom,
  };
}

export function spatialTables(plan: SpatialPlan): ThresholdTables {
  return createThresholdTables(plan.likelihood, plan.mostExpected * 1e-6, plan.mostExpected);
}

/**
 * The best circle about one centre with a ratio above `floor`: writes [ratio, members] to `best`, or leaves it alone.
 * `cases` has one location more, the padding, with none.
 */
export function scanCentre(
  plan: SpatialPlan,
  tables: ThresholdTables,
  cases: Int32Array,
  centre: number,
  floor: number,
  best: Float64Array,
): number {
  const { circles, blockExpected, memberBins } = plan;
  const { listStart, members } = circles;
  let thresholds = countThresholds(tables, floor);
  let highest = floor;
  let held = 0;
  const from = listStart[centre]! / BLOCK;
  const to = listStart[centre + 1]! / BLOCK;
  for (let block = from, i = from * BLOCK; block < to; block++, i += 8) {
    const after =
      held +
      cases[members[i]!]! +
      cases[members[i + 1]!]! +
      cases[members[i + 2]!]! +
      cases[members[i + 3]!]! +
      cases[members[i + 4]!]! +
      cases[members[i + 5]!]! +
      cases[members[i + 6]!]! +
      cases[members[i + 7]!]!;
    if (after >= thresholds[memberBins[i]!]!) {
      const found = scanBlock(plan, thresholds, cases, i, held, blockExpected[block]!, highest, best);
      if (found > highest) {
        highest = found;
        best[1] = best[1]! - from * BLOCK;
        thresholds = countThresholds(tables, highest);
      }
    }
    held = after;
  }
  return highest;
}

/** The best window of one block, member by member. */
export function scanBlock(
  plan: SpatialPlan,
  thresholds: Int32Array,
  cases: Int32Array,
  first: number,
  heldBefore: number,
  expectedBefore: number,
  floor: number,
  best: Float64Array,
): number {
  const { members } = plan.circles;
  let held = heldBefore;
  let expected = expectedBefore;
  let highest = floor;
  for (let i = first; i < first + BLOCK; i++) {
    const member = members[i]!;
    held += cases[member]!;
    expected += plan.expected[member]!;
    if (held < thresholds[plan.memberBins[i]!]!) continue;
    const ratio = logLikelihoodRatio(plan.likelihood, held, expected);
    if (ratio > highest) {
      highest = ratio;
      best[0] = ratio;
      best[1] = i + 1;
    }
  }
  return highest;
}

/** What a thread keeps between replications. */
export type SpatialScratch = {
  tables: ThresholdTables;
  cases: Int32Array;
  best: Float64Array;
  alias: AliasTable | null;
  /** Bernoulli: the location of each individual. */
  individuals: Int32Array | null;
  swaps: Int32Array;
};

export function spatialScratch(plan: SpatialPlan): SpatialScratch {
  const bernoulli = plan.likelihood.kind === 'bernoulli';
  const cases = new Int32Array(plan.circles.count + 1);
  const best = new Float64Array(2);
  const tables = spatialTables(plan);
  if (!bernoulli) {
    return {
      tables,
      cases,
      best,
      alias: createAliasTable(plan.drawFrom),
      individuals: null,
      swaps: new Int32Array(0),
    };
  }
  const individuals = new Int32Array(plan.likelihood.individuals);
  let next = 0;
  for (let location = 0; location < plan.circles.count; location++) {
    individuals.fill(location, next, next + plan.drawFrom[location]!);
    next += plan.drawFrom[location]!;
  }
  const drawn = Math.min(plan.likelihood.cases, plan.likelihood.individuals - plan.likelihood.cases);
  return { tables, cases, best, alias: null, individuals, swaps: new Int32Array(drawn) };
}

/** The greatest ratio of one world without clusters. */
export function replicateSpatial(plan: SpatialPlan, scratch: SpatialScratch, random: Random): number {
  const { cases } = scratch;
  cases.fill(0);
  drawCases(plan, scratch, random, cases);
  let highest = 0;
  for (let centre = 0; centre < plan.circles.count; centre++) {
    highest = scanCentre(plan, scratch.tables, cases, centre, highest, scratch.best);
  }
  return highest;
}

/** Adds the cases of a world without clusters to `cases`. */
export function drawCases(
  plan: SpatialPlan,
  scratch: SpatialScratch,
  random: Random,
  cases: Int32Array,
): void {
  if (scratch.individuals) drawIndividuals(plan, scratch.individuals, scratch.swaps, cases, random);
  else addMultinomial(random, plan.likelihood.cases, plan.drawFrom, scratch.alias!, cases);
}

/**
 * Which individuals are the cases: a partial shuffle, undone afterwards so that each replication starts from the same
 * order and none depends on another. The rarer of cases and controls is drawn.
 */
function drawIndividuals(
  plan: SpatialPlan,
  individuals: Int32Array,
  swaps: Int32Array,
  cases: Int32Array,
  random: Random,
): void {
  const size = individuals.length;
  for (let i = 0; i < swaps.length; i++) {
    const other = i + nextBelow(random, size - i);
    swaps[i] = other;
    const chosen = individuals[other]!;
    individuals[other] = individuals[i]!;
    individuals[i] = chosen;
    cases[chosen]!++;
  }
  for (let i = swaps.length - 1; i >= 0; i--) {
    const other = swaps[i]!;
    const chosen = individuals[i]!;
    individuals[i] = individuals[other]!;
    individuals[other] = chosen;
  }
  if (swaps.length === plan.likelihood.cases) return;
  for (let location = 0; location < plan.circles.count; location++) {
    cases[location] = plan.drawFrom[location]! - cases[location]!;
  }
}
