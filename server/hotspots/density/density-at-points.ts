import { AnalysisInputError } from '../analysis-input-error.ts';
import { type DensityWindow, gridForWindow, layWindowOverGrid, pointsInWindow } from './density-window.ts';
import { exactEdgeCost, exactEdgeMass } from './edge-correction.ts';
import {
  createGaussianLattice,
  edgeMassAtNodes,
  latticeCost,
  readNodesAt,
  readNodesOnGrid,
  smoothNodes,
  spreadPoints,
} from './gaussian-lattice.ts';
import { checkPoints, checkSigma, type EdgeCorrection, edgeMassOnGrid } from './kernel-density.ts';
import { type KernelName, kernelPeak, kernelReach } from './smoothing-kernels.ts';

export type DensityAtPointsInput = {
  xs: Float64Array;
  ys: Float64Array;
  weights?: Float64Array | null;
  window: DensityWindow;
  sigma: number | Float64Array;
  kernel: KernelName;
  edge: EdgeCorrection;
  /** Where to evaluate. */
  atXs: Float64Array;
  atYs: Float64Array;
  /** The places ARE the points, in the same order: each is evaluated without itself. Places that coincide stay in. */
  leaveOneOut?: boolean;
};

export type DensityAtPoints = {
  /** Events per unit area; NaN at places outside the window. */
  values: Float64Array;
  /** Sum of the weights of the points in the window. */
  n: number;
  outside: number;
};

/** Visits of edges that the exact edge mass may cost (some seconds) before the cells of a fine grid stand in for it. */
const MOST_EDGE_VISITS = 1e8;

/**
 * Kernel density at given places: the direct sum over all points, with the edge mass of the polygon itself (see
 * `edge-correction.ts`), so that nothing depends on a grid. With more than 10^8 pairs of points and outline edges the
 * edge mass is read from a grid of σ/8, off by some 1e-3 at a jagged outline.
 *
 * "uniform" divides by e at the place, "diggle" by e at each point; for the former a σ for each point is refused.
 * Cost: places × points.
 */
export function densityAtPoints(input: DensityAtPointsInput): DensityAtPoints {
  const { xs, ys, window, kernel, edge, sigma, atXs, atYs } = input;
  const weights = checkPoints(xs, ys, input.weights ?? null).slice();
  checkPoints(atXs, atYs, null);
  checkSigma(sigma, 0, xs.length);
  if (edge === 'uniform' && typeof sigma !== 'number') {
    throw new AnalysisInputError({
      field: 'edge',
      problem: 'the uniform correction at places is not defined for a bandwidth of each point.',
      remedy: 'Choose diggle or none.',
    });
  }
  const gridded = layWindowOverGrid(window, gridForWindow(window, { cellsAlongLongerSide: 256 }));
  const inside = pointsInWindow(gridded, xs, ys);
  const placeInside = pointsInWindow(gridded, atXs, atYs);
  let outside = 0;
  let n = 0;
  for (let j = 0; j < xs.length; j++) {
    if (inside[j] === 0) {
      weights[j] = 0;
      outside++;
    }
    n += weights[j]!;
  }
  if (edge === 'diggle') divideByEdgeMass(weights, inside, window, kernel, sigma, xs, ys);
  const values = sumKernels(input, weights);
  if (edge === 'uniform') {
    const masses = edgeMassAtPlaces(window, kernel, sigma as number, atXs, atYs);
    for (let i = 0; i < values.length; i++) values[i]! /= masses[i]!;
  }
  for (let i = 0; i < values.length; i++) if (placeInside[i] === 0) values[i] = Number.NaN;
  return { values, n, outside };
}

function divideByEdgeMass(
  weights: Float64Array,
  inside: Uint8Array,
  window: DensityWindow,
  kernel: KernelName,
  sigma: number | Float64Array,
  xs: Float64Array,
  ys: Float64Array,
): void {
  const masses =
    typeof sigma === 'number'
      ? edgeMassAtPlaces(window, kernel, sigma, xs, ys)
      : exactEdgeMass(window, kernel, sigma, xs, ys);
  for (let j = 0; j < xs.length; j++) if (inside[j] === 1) weights[j]! /= masses[j]!;
}

/** The edge mass at any places within the window: exact, or from a fine grid where that would take too long. */
export function edgeMassAtPlaces(
  window: DensityWindow,
  kernel: KernelName,
  sigma: number,
  xs: Float64Array,
  ys: Float64Array,
): Float64Array {
  if (exactEdgeCost(window, xs.length) <= MOST_EDGE_VISITS) {
    return exactEdgeMass(window, kernel, sigma, xs, ys);
  }
  const longer = Math.max(window.xMax - window.xMin, window.yMax - window.yMin);
  const step = Math.max(sigma / 8, longer / 2048);
  const gridded = layWindowOverGrid(window, gridForWindow(window, { step }));
  if (kernel === 'gaussian' && latticeCost(gridded, sigma) < 2e9) {
    const lattice = createGaussianLattice(gridded, sigma);
    return readNodesAt(lattice, edgeMassAtNodes(lattice, gridded), xs, ys);
  }
  const surface = edgeMassOnGrid(gridded, kernel, sigma);
  const masses = new Float64Array(xs.length);
  const { grid } = gridded;
  for (let i = 0; i < xs.length; i++) {
    const column = Math.min(grid.columns - 1, Math.max(0, Math.round((xs[i]! - grid.x0) / grid.step)));
    const row = Math.min(grid.rows - 1, Math.max(0, Math.round((ys[i]! - grid.y0) / grid.step)));
    const mass = surface[row * grid.columns + column]!;
    masses[i] =
      mass > 0
        ? mass
        : exactEdgeMass(window, kernel, sigma, xs.subarray(i, i + 1), ys.subarray(i, i + 1))[0]!;
  }
  return masses;
}

function sumKernels(input: DensityAtPointsInput, weights: Float64Array): Float64Array {
  const { xs, ys, kernel, sigma, atXs, atYs } = input;
  const values = new Float64Array(atXs.length);
  const leaveOneOut = input.leaveOneOut === true;
  for (let j = 0; j < xs.length; j++) {
    const weight = weights[j]!;
    if (weight === 0) continue;
    const own = typeof sigma === 'number' ? sigma : sigma[j]!;
    const share = weight * kernelPeak(kernel, own);
    const reach = kernelReach(kernel, own);
    const scale = kernel === 'gaussian' ? -1 / (2 * own * own) : 1 / (reach * reach);
    const squared = kernel === 'quartic';
    const x = xs[j]!;
    const y = ys[j]!;
    for (let i = 0; i < values.length; i++) {
      const dx = atXs[i]! - x;
      const dy = atYs[i]! - y;
      const d2 = dx * dx + dy * dy;
      if (leaveOneOut && i === j) continue;
      if (kernel === 'gaussian') values[i]! += share * Math.exp(scale * d2);
      else {
        const rest = 1 - d2 * scale;
        if (rest > 0) values[i]! += share * (squared ? rest * rest : rest);
      }
    }
  }
  return values;
}

/**
 * The Gaussian surface at its own points, each without itself, and its integral over the window, in time that does not grow
 * with points²: by the lattice of `gaussian-lattice.ts`, the point's own share taken off. For likelihood
 * cross-validation, which needs it for many σ. Beyond 20,000 points the edge mass comes from a grid of 256 cells.
 */
export function gaussianLeaveOneOut(
  window: DensityWindow,
  sigma: number,
  xs: Float64Array,
  ys: Float64Array,
  weights: Float64Array,
  edge: EdgeCorrection,
): { values: Float64Array; integral: number } {
  const gridded = layWindowOverGrid(window, gridForWindow(window, { cellsAlongLongerSide: 256 }));
  const lattice = createGaussianLattice(gridded, sigma);
  const edgeNodes = edgeMassAtNodes(lattice, gridded);
  const masses =
    xs.length > 20_000
      ? readNodesAt(lattice, edgeNodes, xs, ys)
      : edgeMassAtPlaces(window, 'gaussian', sigma, xs, ys);
  const own = edge === 'diggle' ? weights.map((weight, i) => weight / masses[i]!) : weights;
  const nodes = new Float64Array(lattice.nodeColumns * lattice.nodeRows);
  spreadPoints(lattice, xs, ys, own, null, null, nodes);
  const smoothed = smoothNodes(lattice, nodes);
  const values = readNodesAt(lattice, smoothed, xs, ys);
  const peak = kernelPeak('gaussian', sigma);
  let integral = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.max(0, values[i]! - own[i]! * peak);
    if (edge === 'uniform') values[i]! /= masses[i]!;
    integral += own[i]! * (edge === 'uniform' ? 0 : masses[i]!);
  }
  if (edge !== 'uniform') return { values, integral };
  const { grid, mask } = gridded;
  const surface = new Float64Array(mask.length);
  const edgeSurface = new Float64Array(mask.length);
  readNodesOnGrid(lattice, smoothed, gridded, surface);
  readNodesOnGrid(lattice, edgeNodes, gridded, edgeSurface);
  for (let cell = 0; cell < mask.length; cell++) {
    if (mask[cell] === 1) integral += (surface[cell]! / edgeSurface[cell]!) * grid.step * grid.step;
  }
  return { values, integral };
}
