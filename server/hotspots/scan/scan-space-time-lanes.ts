import { createRandom } from '../random.ts';
import { boundaryAtCorners, LEAST_CASES } from './scan-likelihood.ts';
import { type AddAndFindRise, compileAddAndFindRise, memoryOf } from './scan-simd.ts';
import {
  drawWorld,
  type SpaceTimePlan,
  type SpaceTimeScratch,
  scanSpansOf,
  spaceTimeScratch,
} from './scan-space-time.ts';

const LANES = 4;

/**
 * Replications of the space–time scan, 4 at a time, by the loop of `scan-simd.ts`. Gives the very maxima of
 * `replicateSpaceTime`: the lanes are floats of 24 bits and only say which circles cannot hold the maximum, with what they
 * may lose by rounding allowed for; the others are looked at in doubles, as there.
 */
export type SpaceTimeLanes = {
  scratch: SpaceTimeScratch;
  rise: AddAndFindRise;
  /** Running sums of cases by location, interval and lane; of the circle at hand; shares; and per lane scale and rise. */
  cells: Float32Array;
  series: Float32Array;
  shares: Float32Array;
  scale: Float32Array;
  greatest: Float32Array;
  address: {
    cells: number;
    series: number;
    seriesEnd: number;
    shares: number;
    scale: number;
    greatest: number;
  };
  totals: Float64Array[];
  highest: Float64Array;
  boundaries: Float64Array[];
  held: Float64Array;
  slack: number;
};

export function spaceTimeLanes(plan: SpaceTimePlan): SpaceTimeLanes {
  const scratch = spaceTimeScratch(plan);
  const { stride } = scratch;
  const count = plan.circles.count + 1;
  const cells = 0;
  const series = cells + 4 * LANES * count * stride;
  const shares = series + 4 * LANES * stride;
  const scale = shares + 4 * stride;
  const greatest = scale + 4 * LANES;
  const memory = memoryOf(greatest + 4 * LANES);
  const { buffer } = memory;
  const state: SpaceTimeLanes = {
    scratch,
    rise: compileAddAndFindRise(memory),
    cells: new Float32Array(buffer, cells, LANES * count * stride),
    series: new Float32Array(buffer, series, LANES * stride),
    shares: new Float32Array(buffer, shares, stride),
    scale: new Float32Array(buffer, scale, LANES),
    greatest: new Float32Array(buffer, greatest, LANES),
    address: { cells, series, seriesEnd: shares, shares, scale, greatest },
    totals: Array.from({ length: LANES }, () => new Float64Array(count)),
    highest: new Float64Array(LANES),
    boundaries: new Array<Float64Array>(LANES),
    held: new Float64Array(LANES),
    // Four roundings of values up to C, each within 2^-24 of it.
    slack: 1e-6 + plan.likelihood.cases * 2 ** -21,
  };
  state.shares.set(scratch.shareTo);
  return state;
}

/** Beyond 2^24 a float no longer holds a count. */
export function canScanTimeInLanes(plan: SpaceTimePlan): boolean {
  return plan.likelihood.cases < 2 ** 24;
}

/** Replications from … from + maxima.length − 1. */
export function replicateSpaceTimeLanes(
  plan: SpaceTimePlan,
  state: SpaceTimeLanes,
  seed: number,
  from: number,
  maxima: Float64Array,
): void {
  const { scratch, cells } = state;
  for (let first = 0; first < maxima.length; first += LANES) {
    const used = Math.min(LANES, maxima.length - first);
    for (let lane = 0; lane < LANES; lane++) {
      // Lanes past the last replication repeat it: they cost nothing and need no case of their own.
      if (lane < used) drawWorld(plan, scratch, createRandom(seed, from + first + lane));
      for (let i = 0, at = lane; i < scratch.cells.length; i++, at += LANES) cells[at] = scratch.cells[i]!;
      state.totals[lane]!.set(scratch.totals);
      state.highest[lane] = 0;
      state.boundaries[lane] = boundaryAtCorners(scratch.tables, 0);
    }
    for (let centre = 0; centre < plan.circles.count; centre++) scanCentreInLanes(plan, state, centre);
    for (let lane = 0; lane < used; lane++) maxima[first + lane] = state.highest[lane]!;
  }
}

function scanCentreInLanes(plan: SpaceTimePlan, state: SpaceTimeLanes, centre: number): void {
  const { circles, expected } = plan;
  const { scratch, series, scale, greatest, address, boundaries, highest, totals, held, slack } = state;
  const { corners } = scratch.tables;
  const bytes = 4 * LANES * scratch.stride;
  const start = circles.listStart[centre]!;
  const length = circles.listLength[centre]!;
  series.fill(0);
  held.fill(0);
  let zone = 0;
  let low = 0;
  let high = 0;
  for (let k = 0; k < length; k++) {
    const member = circles.members[start + k]!;
    // Nobody at risk, and no case in any world.
    if (expected[member] === 0) continue;
    zone += expected[member]!;
    const least = zone * scratch.shortestShare;
    const most = zone * scratch.longestShare;
    while (low + 1 < corners.length && corners[low + 1]! <= least) low++;
    if (high < low) high = low;
    while (high + 1 < corners.length && corners[high]! < most) high++;
    const run = corners[high]! - corners[low]!;
    for (let lane = 0; lane < LANES; lane++) {
      const boundary = boundaries[lane]!;
      scale[lane] = run > 0 ? ((boundary[high]! - boundary[low]!) / run) * zone : 0;
    }
    state.rise(
      address.series,
      address.seriesEnd,
      address.cells + member * bytes,
      address.shares,
      address.scale,
      address.greatest,
    );
    for (let lane = 0; lane < LANES; lane++) {
      held[lane]! += totals[lane]![member]!;
      const limit = boundaries[lane]![low]! - (scale[lane]! / zone) * corners[low]! - slack;
      // Without cases of its own the member only adds to what is expected.
      if (greatest[lane]! <= limit || held[lane]! < LEAST_CASES || totals[lane]![member] === 0) continue;
      for (let t = 0, at = lane; t < scratch.stride; t++, at += LANES) scratch.series[t] = series[at]!;
      const found = scanSpansOf(plan, scratch, zone, boundaries[lane]!, low, high, highest[lane]!, k + 1);
      if (found > highest[lane]!) {
        highest[lane] = found;
        boundaries[lane] = boundaryAtCorners(scratch.tables, found);
      }
    }
  }
}
