import { normalTwoSided } from '../normal-distribution.ts';
import { type ContourArea, contourAreas } from './contours.ts';
import { type DensityGrid, type DensityWindow, layWindowOverGrid } from './density-window.ts';
import { type EdgeCorrection, edgeMassOnGrid, type KernelDensity, kernelDensity } from './kernel-density.ts';
import type { KernelName } from './smoothing-kernels.ts';

type Points = { xs: Float64Array; ys: Float64Array; weights?: Float64Array | null };

export type RelativeRisk = {
  grid: DensityGrid;
  /** The share of cases at u over their share of the base there: 1 where the risk is the window's own. NaN where masked. */
  risk: Float64Array;
  /** z of risk = 1, and two-sided p; NaN where masked. */
  z: Float64Array;
  p: Float64Array;
  /** Cells of the window left out since the base is too low there. */
  maskedCells: number;
  minimumBase: number;
  cases: KernelDensity;
  base: KernelDensity;
};

/**
 * Relative risk of events against what they could have come from (violations over inspections, or over premises), as the
 * ratio of two kernel densities with ONE bandwidth: r(u) = (f(u)/n_f)/(g(u)/n_g). A wider bandwidth below than above would
 * make risk appear wherever both crowd. Both use the same edge correction, which mostly cancels.
 *
 * Masked where the expected number of base events within one kernel, g(u)·4πσ² (Gaussian; the effective area
 * 1/∫k²), is below `minimumBase` (5 by default): a ratio over next to nothing is noise.
 *
 * Tolerance: under equal risk 2(√r − 1) is about normal, with variance R(u)·(1/f₀(u) − 1/g(u)) where the cases are part of the
 * base, each base event being a case with the same probability (`casesWithinBase`, the default), and R(u)·(1/f₀ + 1/g) for
 * two separate samples; f₀ = g·n_f/n_g is what f would be, so that a cell without cases has a variance too, and
 * R(u) = ∫_W k(u − v)²/e² dv. p is pointwise: 5 % of the window is expected below 0.05 when nothing is going on; use the scan
 * statistic to test for any cluster at all. Events that come in bunches (weights above 1) make it too small.
 *
 * When not to use it: cases that are not a subset of, or at least exposed like, the base; fewer than some 30 cases.
 * Kelsall & Diggle (1995), Statistics in Medicine 14, 2335–2342; Hazelton & Davies (2009), Biometrical Journal 51, 98–109
 * (asymptotic tolerance contours).
 */
export function relativeRisk(input: {
  cases: Points;
  base: Points;
  window: DensityWindow;
  sigma: number;
  kernel: KernelName;
  edge: EdgeCorrection;
  grid: DensityGrid;
  minimumBase?: number;
  casesWithinBase?: boolean;
}): RelativeRisk {
  const { window, sigma, kernel, edge, grid } = input;
  const minimumBase = input.minimumBase ?? 5;
  const sign = input.casesWithinBase === false ? 1 : -1;
  const options = { window, sigma, kernel, edge, grid };
  const cases = kernelDensity({ ...input.cases, ...options });
  const base = kernelDensity({ ...input.base, ...options });
  const size = grid.columns * grid.rows;
  const risk = new Float64Array(size).fill(Number.NaN);
  const z = new Float64Array(size).fill(Number.NaN);
  const p = new Float64Array(size).fill(Number.NaN);
  const effectiveArea = 1 / squaredKernelIntegral(kernel, sigma);
  const roughness = roughnessOnGrid(window, grid, kernel, sigma, edge);
  const share = cases.n / base.n;
  let maskedCells = 0;
  for (let cell = 0; cell < size; cell++) {
    if (base.mask[cell] === 0) continue;
    const below = base.values[cell]!;
    if (!(below * effectiveArea >= minimumBase) || !(cases.n > 0)) {
      maskedCells++;
      continue;
    }
    const above = cases.mask[cell] === 1 ? cases.values[cell]! : 0;
    const ratio = above / below / share;
    risk[cell] = ratio;
    const deviation = Math.sqrt(Math.max(0, roughness[cell]! * (1 / (share * below) + sign / below)));
    // The ratio is compared on its own scale below 1, where its logarithm runs off to −∞ with no case in reach.
    // The square root has nearly the same variance whatever the count, and is finite without a case in reach; the
    // logarithm (above 1, and r − 1 below) called 2.2 % of null cells significant at 5 %.
    const apart = 2 * (Math.sqrt(ratio) - 1);
    // When every base event is a case nothing varies, and the ratio is 1 but for rounding.
    z[cell] = deviation > 0 ? apart / deviation : 0;
    p[cell] = normalTwoSided(z[cell]!);
  }
  return { grid, risk, z, p, maskedCells, minimumBase, cases, base };
}

/** Where the risk is higher ("above") or lower ("below") than the window's own at pointwise two-sided level `level`. */
export function toleranceContours(
  result: RelativeRisk,
  levels: readonly number[] = [0.05, 0.01],
  unproject?: (x: number, y: number) => [number, number],
): { level: number; side: 'above' | 'below'; geometry: ContourArea['geometry'] }[] {
  const mirrored = result.z.map((z) => -z);
  return levels.flatMap((level) =>
    (['above', 'below'] as const).map((side) => {
      const values = side === 'above' ? result.z : mirrored;
      const [area] = contourAreas(result.grid, values, [twoSidedQuantile(level)], unproject);
      return { level, side, geometry: area!.geometry };
    }),
  );
}

/** z with P(|Z| ≥ z) = level, by bisection on the exact tail: 60 halvings of [0, 40]. */
function twoSidedQuantile(level: number): number {
  let low = 0;
  let high = 40;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalTwoSided(middle) > level) low = middle;
    else high = middle;
  }
  return high;
}

/** ∫k² over the plane: 1/(4πσ²) for the Gaussian, 9/(5πR²) for the quartic, 4/(3πR²) for Epanechnikov's. */
export function squaredKernelIntegral(kernel: KernelName, sigma: number): number {
  if (kernel === 'gaussian') return 1 / (4 * Math.PI * sigma * sigma);
  return kernel === 'quartic' ? 9 / (5 * Math.PI * 8 * sigma * sigma) : 4 / (3 * Math.PI * 6 * sigma * sigma);
}

/**
 * ∫_W k(u − v)²/e² dv at each cell. k² of a Gaussian is a Gaussian of σ/√2 over 4πσ², so its integral over the window is
 * another edge mass; for compact kernels the share of k² within the window is taken to be that of the Gaussian, which
 * moves the variance near the border by a few per cent.
 */
function roughnessOnGrid(
  window: DensityWindow,
  grid: DensityGrid,
  kernel: KernelName,
  sigma: number,
  edge: EdgeCorrection,
): Float64Array {
  const gridded = layWindowOverGrid(window, grid);
  const whole = squaredKernelIntegral(kernel, sigma);
  const squared = edgeMassOnGrid(gridded, 'gaussian', sigma / Math.SQRT2);
  const masses = edge === 'none' ? null : edgeMassOnGrid(gridded, kernel, sigma);
  return squared.map((share, cell) => (share * whole) / (masses ? masses[cell]! ** 2 : 1));
}
