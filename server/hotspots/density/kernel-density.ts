import { AnalysisInputError } from '../analysis-input-error.ts';
import {
  type DensityGrid,
  type DensityWindow,
  type GriddedWindow,
  layWindowOverGrid,
  pointsInWindow,
  runsOfMask,
} from './density-window.ts';
import { addDirectDensity, directCost, directEdgeMassOnGrid } from './direct-density.ts';
import { convolve, fftCells, prepareFftKernel } from './fft-convolution.ts';
import {
  createGaussianLattice,
  edgeMassAtNodes,
  latticeCost,
  readNodesOnGrid,
  smoothNodes,
  spreadPoints,
} from './gaussian-lattice.ts';
import { type KernelName, kernelAt, kernelReach } from './smoothing-kernels.ts';

/** What is done about the mass that a kernel near the border sends outside the window. */
export type EdgeCorrection = 'none' | 'uniform' | 'diggle';

export const EDGE_CORRECTIONS: readonly EdgeCorrection[] = ['none', 'uniform', 'diggle'];

export type KernelDensityInput = {
  /** Projected coordinates in the units of the window (metres unless planar). Finite. */
  xs: Float64Array;
  ys: Float64Array;
  /** Events that each point stands for, ≥ 0; 1 where absent. */
  weights?: Float64Array | null;
  window: DensityWindow;
  /** Standard deviation per axis, for every kernel; one for all points, or one for each (adaptive). */
  sigma: number | Float64Array;
  kernel: KernelName;
  edge: EdgeCorrection;
  /** Must cover the window: see `gridForWindow`. */
  grid: DensityGrid;
};

export type KernelDensity = {
  grid: DensityGrid;
  /** Events per unit area at the centre of each cell, row by row from the south; NaN outside the window. */
  values: Float64Array;
  mask: Uint8Array;
  /** Σ values·step² over the window's cells. Equals n for "diggle". */
  integral: number;
  /** Sum of the weights of the points in the window. */
  n: number;
  /** Points left out since they lie outside the window. */
  outside: number;
  inside: Uint8Array;
  /** "direct": the kernel sum itself; "lattice": within 2e-5 of a kernel's peak; "binned": compact kernels on cell centres. */
  evaluation: 'direct' | 'lattice' | 'binned';
};

/**
 * Kernel density of points in a window: f(u) = Σ_j w_j·k(u − x_j)/e, with e = 1 ("none"), e(u) ("uniform", dividing at the
 * place of evaluation) or e(x_j) ("diggle", dividing at the event, which makes the surface integrate to n).
 * e(x) = ∫_W k(x − v) dv, taken over the same cells as the surface, as spatstat does, so that the integral holds in any
 * window: convex or not, with holes, in several parts. A cell belongs to the window when its centre does; a cell that
 * holds events but has no such cell in reach (a sliver, a small island) is added, so that no event is lost.
 *
 * Exact (direct sum) while that is cheap; otherwise the Gaussian goes over a lattice (`gaussian-lattice.ts`) and compact
 * kernels of wide reach go by FFT from points gathered at cell centres with linear weights. Permuting the points changes the answer by
 * rounding only. Cost: 100,000 points on 512 × 512 about 0.1 s.
 *
 * Throws AnalysisInputError for σ ≤ 0, σ under half a cell (the cells would not resolve it), a coordinate or weight that
 * is not finite, a negative weight. Points outside the window are left out and counted.
 *
 * Diggle (1985), Applied Statistics 34, 138–147; Baddeley, Rubak & Turner (2015), Spatial Point Patterns, section 6.5.
 */
export function kernelDensity(input: KernelDensityInput): KernelDensity {
  const { xs, ys, window, grid, kernel, edge, sigma } = input;
  const weights = checkPoints(xs, ys, input.weights ?? null);
  checkSigma(sigma, grid.step, xs.length);
  const laid = layWindowOverGrid(window, grid);
  const inside = pointsInWindow(laid, xs, ys);
  const classes = classesOfSigma(sigma, inside);
  const smallest = classes.reduce((least, { sigma: own }) => Math.min(least, own), Infinity);
  const gridded = reachEveryPoint(laid, xs, ys, inside, kernelReach(kernel, smallest));
  const surface = new Float64Array(grid.columns * grid.rows);
  let evaluation: KernelDensity['evaluation'] = 'direct';
  let n = 0;
  for (const { sigma: own, members } of classes) {
    const part = takePoints(members, xs, ys, weights);
    n += part.total;
    const way = addClass(gridded, kernel, own, part, edge, surface);
    if (way !== 'direct') evaluation = way;
  }
  const { mask } = gridded;
  let sum = 0;
  for (let cell = 0; cell < surface.length; cell++) {
    if (mask[cell] === 0) surface[cell] = Number.NaN;
    else {
      // Interpolation leaves ±1e-9 of a kernel's peak where the surface is zero.
      if (surface[cell]! < 0) surface[cell] = 0;
      sum += surface[cell]!;
    }
  }
  const outside = xs.length - classes.reduce((total, { members }) => total + members.length, 0);
  return {
    grid,
    values: surface,
    mask,
    integral: sum * grid.step * grid.step,
    n,
    outside,
    inside,
    evaluation,
  };
}

export function checkPoints(xs: Float64Array, ys: Float64Array, weights: Float64Array | null): Float64Array {
  const all = weights ?? new Float64Array(xs.length).fill(1);
  if (ys.length !== xs.length || all.length !== xs.length) {
    throw new RangeError(`${xs.length} xs, ${ys.length} ys and ${all.length} weights: lengths differ.`);
  }
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(xs[i]!) || !Number.isFinite(ys[i]!)) {
      throw new AnalysisInputError({
        field: 'x, y',
        row: `row ${i + 1}`,
        problem: `the coordinates (${xs[i]}, ${ys[i]}) are not finite numbers.`,
        remedy: 'Correct the point or leave it out.',
      });
    }
    if (!(all[i]! >= 0) || all[i] === Infinity) {
      throw new AnalysisInputError({
        field: 'weight',
        row: `row ${i + 1}`,
        problem: `the weight ${all[i]} is negative or not a finite number.`,
        remedy: 'Give the number of events at the point, zero or more.',
      });
    }
  }
  return all;
}

export function checkSigma(sigma: number | Float64Array, step: number, points: number): void {
  if (typeof sigma !== 'number' && sigma.length !== points) {
    throw new RangeError(`${sigma.length} bandwidths for ${points} points.`);
  }
  let least = typeof sigma === 'number' ? sigma : Infinity;
  if (typeof sigma !== 'number') for (const own of sigma) least = Math.min(least, own);
  if (points === 0 && least === Infinity) return;
  if (!(least > 0) || least === Infinity) {
    throw new AnalysisInputError({
      field: 'sigma',
      problem: `the bandwidth ${least} is not a finite number above zero.`,
      remedy: 'Give σ in the units of the plane (metres unless --planar).',
    });
  }
  if (least < step / 2) {
    throw new AnalysisInputError({
      field: 'sigma',
      problem: `the bandwidth ${least} is under half a cell of ${step}, which cannot show it.`,
      remedy: `Raise sigma to ${step / 2} or more, or make the cell ${2 * least} or less.`,
    });
  }
}

type SigmaClass = { sigma: number; members: Int32Array };

/** Up to this many different bandwidths are taken as they are. */
const EXACT_CLASSES = 64;

/**
 * Points by bandwidth. Where there are very many bandwidths they are rounded to steps of 1 %, which moves a point's peak by
 * at most 1 % and the sum of many by far less (spatstat's grouping into √n quantiles is much coarser).
 */
function classesOfSigma(sigma: number | Float64Array, inside: Uint8Array): SigmaClass[] {
  const byKey = new Map<number, number[]>();
  const different = typeof sigma === 'number' ? 1 : new Set(sigma).size;
  for (let i = 0; i < inside.length; i++) {
    if (inside[i] === 0) continue;
    let own = typeof sigma === 'number' ? sigma : sigma[i]!;
    if (different > EXACT_CLASSES) own = Math.exp(Math.round(Math.log(own) * 100) / 100);
    const members = byKey.get(own);
    if (members) members.push(i);
    else byKey.set(own, [i]);
  }
  return [...byKey.entries()]
    .sort(([a], [b]) => a - b)
    .map(([own, members]) => ({ sigma: own, members: Int32Array.from(members) }));
}

type Points = { xs: Float64Array; ys: Float64Array; weights: Float64Array; total: number };

function takePoints(members: Int32Array, xs: Float64Array, ys: Float64Array, weights: Float64Array): Points {
  const part = {
    xs: new Float64Array(members.length),
    ys: new Float64Array(members.length),
    weights: new Float64Array(members.length),
    total: 0,
  };
  for (let i = 0; i < members.length; i++) {
    const point = members[i]!;
    part.xs[i] = xs[point]!;
    part.ys[i] = ys[point]!;
    part.weights[i] = weights[point]!;
    part.total += weights[point]!;
  }
  return part;
}

/** Direct sums below this many visits (some 20 ms) are taken whatever the lattice would cost. */
const CHEAP_VISITS = 2e7;
/**
 * Compact kernels are summed point by point up to here (a second), and beyond it too where they reach few cells, since
 * the linear weights of the other way widen a kernel by a sixth of a cell squared.
 */
const MOST_VISITS = 4e8;
const LEAST_REACH_IN_CELLS = 12;
const MOST_FFT_CELLS = 1 << 25;

function addClass(
  gridded: GriddedWindow,
  kernel: KernelName,
  sigma: number,
  points: Points,
  edge: EdgeCorrection,
  surface: Float64Array,
): KernelDensity['evaluation'] {
  const target = edge === 'uniform' ? new Float64Array(surface.length) : surface;
  const cost = directCost(gridded, kernel, sigma, points.xs.length);
  let way: KernelDensity['evaluation'] = 'direct';
  if (kernel === 'gaussian' && cost > CHEAP_VISITS && cost > latticeCost(gridded, sigma)) {
    way = 'lattice';
    const lattice = createGaussianLattice(gridded, sigma);
    const nodes = new Float64Array(lattice.nodeColumns * lattice.nodeRows);
    const edgeNodes = edge === 'diggle' ? edgeMassAtNodes(lattice, gridded) : null;
    spreadPoints(lattice, points.xs, points.ys, points.weights, edgeNodes, null, nodes);
    readNodesOnGrid(lattice, smoothNodes(lattice, nodes), gridded, target);
  } else {
    const reachCells = Math.ceil(kernelReach(kernel, sigma) / gridded.grid.step);
    if (
      kernel !== 'gaussian' &&
      cost > MOST_VISITS &&
      reachCells >= LEAST_REACH_IN_CELLS &&
      fftCells(gridded.grid.columns, gridded.grid.rows, reachCells) <= MOST_FFT_CELLS
    ) {
      way = 'binned';
      addBinnedDensity(gridded, kernel, sigma, points, edge === 'diggle', reachCells, target);
    } else {
      const { xs, ys, weights } = points;
      addDirectDensity(gridded, kernel, sigma, xs, ys, weights, edge === 'diggle', null, target);
    }
  }
  if (edge === 'uniform') {
    const masses = edgeMassOnGrid(gridded, kernel, sigma);
    for (let cell = 0; cell < surface.length; cell++) {
      if (gridded.mask[cell] === 1) surface[cell]! += target[cell]! / masses[cell]!;
    }
  }
  return way;
}

/** e(u) at the window's cells. */
export function edgeMassOnGrid(gridded: GriddedWindow, kernel: KernelName, sigma: number): Float64Array {
  const { columns, rows, step } = gridded.grid;
  const rowsInReach = Math.min(rows, (2 * kernelReach(kernel, sigma)) / step + 1);
  const cost = 4 * columns * rows * rowsInReach;
  if (kernel !== 'gaussian' || cost <= Math.max(5 * CHEAP_VISITS, latticeCost(gridded, sigma))) {
    return directEdgeMassOnGrid(gridded, kernel, sigma);
  }
  const lattice = createGaussianLattice(gridded, sigma);
  const masses = new Float64Array(columns * rows);
  readNodesOnGrid(lattice, edgeMassAtNodes(lattice, gridded), gridded, masses);
  return masses;
}

/**
 * Spreads each point over the four cell centres about it with bilinear weights; those outside the window lose their share
 * to those within, in proportion.
 */
function gatherAtCellCentres(gridded: GriddedWindow, points: Points): Float64Array {
  const { grid, mask } = gridded;
  const masses = new Float64Array(mask.length);
  for (let i = 0; i < points.xs.length; i++) {
    const tx = (points.xs[i]! - grid.x0) / grid.step;
    const ty = (points.ys[i]! - grid.y0) / grid.step;
    const column = Math.floor(tx);
    const row = Math.floor(ty);
    let held = 0;
    for (let pass = 0; pass < 2; pass++) {
      for (let corner = 0; corner < 4; corner++) {
        const c = column + (corner & 1);
        const r = row + (corner >> 1);
        if (c < 0 || r < 0 || c >= grid.columns || r >= grid.rows) continue;
        const cell = r * grid.columns + c;
        if (mask[cell] === 0) continue;
        const share = (corner & 1 ? tx - column : 1 - tx + column) * (corner >> 1 ? ty - row : 1 - ty + row);
        if (pass === 0) held += share;
        else masses[cell]! += (points.weights[i]! * share) / held;
      }
      if (held === 0) {
        masses[nearestMaskedCell(gridded, points.xs[i]!, points.ys[i]!)]! += points.weights[i]!;
        break;
      }
    }
  }
  return masses;
}

function addBinnedDensity(
  gridded: GriddedWindow,
  kernel: KernelName,
  sigma: number,
  points: Points,
  diggle: boolean,
  reachCells: number,
  surface: Float64Array,
): void {
  const { grid, mask } = gridded;
  const step2 = grid.step * grid.step;
  const fft = prepareFftKernel(grid.columns, grid.rows, reachCells, (dx, dy) =>
    kernelAt(kernel, sigma, (dx * dx + dy * dy) * step2),
  );
  const masses = gatherAtCellCentres(gridded, points);
  if (diggle) {
    const [edges] = convolve(fft, Float64Array.from(mask));
    for (let cell = 0; cell < masses.length; cell++) {
      if (masses[cell]! > 0) masses[cell]! /= edges[cell]! * step2;
    }
  }
  const [density] = convolve(fft, masses);
  for (let cell = 0; cell < surface.length; cell++) {
    if (mask[cell] === 1) surface[cell]! += density[cell]!;
  }
}

/** The masked cell with the nearest centre among the nine about a point. */
function nearestMaskedCell(gridded: GriddedWindow, x: number, y: number): number {
  const { grid, mask } = gridded;
  const column = Math.min(grid.columns - 1, Math.max(0, Math.floor((x - grid.x0) / grid.step + 0.5)));
  const row = Math.min(grid.rows - 1, Math.max(0, Math.floor((y - grid.y0) / grid.step + 0.5)));
  let best = -1;
  let least = Infinity;
  for (let r = Math.max(0, row - 1); r <= Math.min(grid.rows - 1, row + 1); r++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(grid.columns - 1, column + 1); c++) {
      if (mask[r * grid.columns + c] === 0) continue;
      const distance = Math.hypot(grid.x0 + c * grid.step - x, grid.y0 + r * grid.step - y);
      if (distance < least) {
        least = distance;
        best = r * grid.columns + c;
      }
    }
  }
  return best;
}

/**
 * Adds to the mask the own cell of each point that has no masked cell centre well within the kernel's reach among the nine
 * cells about it: e(x) would be zero or next to it there, and the point would be lost or blown up.
 */
function reachEveryPoint(
  laid: GriddedWindow,
  xs: Float64Array,
  ys: Float64Array,
  inside: Uint8Array,
  reach: number,
): GriddedWindow {
  const { grid, mask } = laid;
  const added: number[] = [];
  for (let i = 0; i < xs.length; i++) {
    if (inside[i] === 0) continue;
    const column = Math.min(grid.columns - 1, Math.max(0, Math.floor((xs[i]! - grid.x0) / grid.step + 0.5)));
    const row = Math.min(grid.rows - 1, Math.max(0, Math.floor((ys[i]! - grid.y0) / grid.step + 0.5)));
    const own = row * grid.columns + column;
    if (mask[own] === 1) continue;
    const nearest = nearestMaskedCell(laid, xs[i]!, ys[i]!);
    if (nearest >= 0) {
      const x = grid.x0 + (nearest % grid.columns) * grid.step;
      const y = grid.y0 + Math.floor(nearest / grid.columns) * grid.step;
      if (Math.hypot(x - xs[i]!, y - ys[i]!) < 0.9 * reach) continue;
    }
    added.push(own);
  }
  if (added.length === 0) return laid;
  const wider = mask.slice();
  for (const cell of added) wider[cell] = 1;
  return { ...laid, mask: wider, ...runsOfMask(wider, grid) };
}
