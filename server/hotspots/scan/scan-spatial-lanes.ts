import { createRandom } from '../random.ts';
import { BLOCK } from './scan-circles.ts';
import { countThresholds } from './scan-likelihood.ts';
import { compileNextBlock, type LaneCount, memoryOf, type NextBlock } from './scan-simd.ts';
import {
  drawCases,
  type SpatialPlan,
  type SpatialScratch,
  scanBlock,
  spatialScratch,
} from './scan-spatial.ts';

/**
 * Replications of the purely spatial scan, 8 at a time (4 where the counts need more than 16 bits), by the loop of
 * `scan-simd.ts`. Gives the very maxima of `replicateSpatial`, which it falls back to beyond 65,534 locations.
 */
export type SpatialLanes = {
  scratch: SpatialScratch;
  lanes: LaneCount;
  nextBlock: NextBlock;
  /** Cases by location and lane, thresholds by bin and lane, and what is held before and after a block. */
  caseTable: Uint16Array | Uint32Array;
  thresholdTable: Uint16Array | Uint32Array;
  held: Uint16Array | Uint32Array;
  members: Uint16Array;
  bins: Uint16Array;
  address: { thresholds: number; held: number; members: number; bins: number };
  /** The counts of each lane, for the blocks that are looked at member by member. */
  cases: Int32Array[];
  highest: Float64Array;
  thresholds: Int32Array[];
};

export function canScanInLanes(plan: SpatialPlan): boolean {
  return plan.circles.members instanceof Uint16Array;
}

export function spatialLanes(plan: SpatialPlan): SpatialLanes {
  const { circles, likelihood } = plan;
  const lanes: LaneCount = likelihood.cases < 65535 ? 8 : 4;
  const scratch = spatialScratch(plan);
  const bins = countThresholds(scratch.tables, 0).length;
  let longest = 0;
  for (const length of circles.listLength) if (length > longest) longest = length;
  const padded = Math.ceil(longest / BLOCK) * BLOCK;
  const thresholds = 16 * (circles.count + 1);
  const held = thresholds + 16 * bins;
  const members = held + 32;
  const binsAt = members + 2 * padded;
  const memory = memoryOf(binsAt + 2 * padded);
  const Table = lanes === 8 ? Uint16Array : Uint32Array;
  const { buffer } = memory;
  return {
    scratch,
    lanes,
    nextBlock: compileNextBlock(memory, lanes),
    caseTable: new Table(buffer, 0, lanes * (circles.count + 1)),
    thresholdTable: new Table(buffer, thresholds, lanes * bins),
    held: new Table(buffer, held, 2 * lanes),
    members: new Uint16Array(buffer, members, padded),
    bins: new Uint16Array(buffer, binsAt, padded),
    address: { thresholds, held, members, bins: binsAt },
    cases: Array.from({ length: lanes }, () => new Int32Array(circles.count + 1)),
    highest: new Float64Array(lanes),
    thresholds: new Array<Int32Array>(lanes),
  };
}

/** Replications from … from + maxima.length − 1. */
export function replicateSpatialLanes(
  plan: SpatialPlan,
  state: SpatialLanes,
  seed: number,
  from: number,
  maxima: Float64Array,
): void {
  for (let first = 0; first < maxima.length; first += state.lanes) {
    const used = Math.min(state.lanes, maxima.length - first);
    for (let lane = 0; lane < state.lanes; lane++) {
      state.cases[lane]!.fill(0);
      if (lane < used) {
        drawCases(plan, state.scratch, createRandom(seed, from + first + lane), state.cases[lane]!);
      }
      const cases = state.cases[lane]!;
      for (let i = 0; i < cases.length; i++) state.caseTable[i * state.lanes + lane] = cases[i]!;
      state.highest[lane] = 0;
      raise(state, lane);
    }
    for (let centre = 0; centre < plan.circles.count; centre++) scanCentreInLanes(plan, state, centre);
    for (let lane = 0; lane < used; lane++) maxima[first + lane] = state.highest[lane]!;
  }
}

/** Writes the thresholds of a lane's highest ratio into the table. */
function raise(state: SpatialLanes, lane: number): void {
  const { lanes, thresholdTable } = state;
  const thresholds = countThresholds(state.scratch.tables, state.highest[lane]!);
  if (thresholds === state.thresholds[lane]) return;
  state.thresholds[lane] = thresholds;
  // Counts in 8 lanes stay below 65,535, so that this threshold is out of their reach as any higher one is.
  const most = lanes === 8 ? 65535 : 0xffffffff;
  for (let bin = 0; bin < thresholds.length; bin++) {
    thresholdTable[bin * lanes + lane] = Math.min(most, thresholds[bin]!);
  }
}

function scanCentreInLanes(plan: SpatialPlan, state: SpatialLanes, centre: number): void {
  const { circles, memberBins, blockExpected } = plan;
  const { lanes, held, address, thresholdTable, highest } = state;
  const start = circles.listStart[centre]!;
  const blocks = (circles.listStart[centre + 1]! - start) / BLOCK;
  if (blocks === 0) return;
  const firstBlock = start / BLOCK;
  state.members.set((circles.members as Uint16Array).subarray(start, start + blocks * BLOCK));
  state.bins.set(memberBins.subarray(start, start + blocks * BLOCK));
  held.fill(0);
  let block = 0;
  for (;;) {
    block = state.nextBlock(address.members, address.bins, block, blocks, address.thresholds, address.held);
    if (block >= blocks) return;
    for (let lane = 0; lane < lanes; lane++) {
      // Lanes that stay below the threshold of the block's first member throughout are not the ones that stopped it.
      if (held[lanes + lane]! < thresholdTable[state.bins[block * BLOCK]! * lanes + lane]!) continue;
      const found = scanBlock(
        plan,
        state.thresholds[lane]!,
        state.cases[lane]!,
        start + block * BLOCK,
        held[lane]!,
        blockExpected[firstBlock + block]!,
        highest[lane]!,
        state.scratch.best,
      );
      if (found > highest[lane]!) {
        highest[lane] = found;
        raise(state, lane);
      }
    }
    block++;
  }
}
