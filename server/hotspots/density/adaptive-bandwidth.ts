import { densityAtPoints } from './density-at-points.ts';
import { type DensityWindow, gridForWindow } from './density-window.ts';
import { type EdgeCorrection, kernelDensity } from './kernel-density.ts';
import type { KernelName } from './smoothing-kernels.ts';

/** Points × points up to which the pilot is the direct sum; beyond it is read from a surface of 512 cells a side. */
const MOST_PAIRS = 1e8;

/**
 * A bandwidth for each point by Abramson's square-root law: σ_j = σ·√(g/f(x_j)), f a pilot surface with bandwidth σ and g
 * the geometric mean of f over the points, so that σ stays the typical bandwidth: narrow where events crowd, wide where
 * they are few. Kept between σ/`limit` and σ·`limit` (5), as an outlier would otherwise spread over everything.
 *
 * Give the result as `sigma` to `kernelDensity` with edge "diggle" (which integrates to n with a bandwidth of each point
 * too) or "none". Points outside the window get σ and are left out there.
 *
 * Abramson (1982), Annals of Statistics 10, 1217–1223; Davies & Hazelton (2010), Statistics in Medicine 29, 2423–2437.
 */
export function adaptiveBandwidths(input: {
  xs: Float64Array;
  ys: Float64Array;
  weights?: Float64Array | null;
  window: DensityWindow;
  sigma: number;
  kernel: KernelName;
  edge: EdgeCorrection;
  limit?: number;
}): Float64Array {
  const { xs, sigma } = input;
  const limit = input.limit ?? 5;
  const pilot = xs.length ** 2 <= MOST_PAIRS ? exactPilot(input) : surfacePilot(input);
  let logs = 0;
  let count = 0;
  for (const value of pilot) {
    if (!(value > 0)) continue;
    logs += Math.log(value);
    count++;
  }
  const typical = Math.exp(logs / count);
  return pilot.map((value) => {
    if (!(value > 0)) return sigma;
    return sigma * Math.min(limit, Math.max(1 / limit, Math.sqrt(typical / value)));
  });
}

function exactPilot(input: Parameters<typeof adaptiveBandwidths>[0]): Float64Array {
  return densityAtPoints({ ...input, atXs: input.xs, atYs: input.ys }).values;
}

function surfacePilot(input: Parameters<typeof adaptiveBandwidths>[0]): Float64Array {
  const grid = gridForWindow(input.window, { cellsAlongLongerSide: 512 });
  const { values } = kernelDensity({ ...input, grid });
  return input.xs.map((x, i) => {
    const column = Math.round((x - grid.x0) / grid.step);
    const row = Math.round((input.ys[i]! - grid.y0) / grid.step);
    const within = column >= 0 && row >= 0 && column < grid.columns && row < grid.rows;
    return within ? values[row * grid.columns + column]! : Number.NaN;
  });
}
