import type { GriddedWindow } from './density-window.ts';
import { GAUSSIAN_REACH, type KernelName, kernelPeak, kernelReach } from './smoothing-kernels.ts';

/**
 * Kernel sums without any approximation but the cut of the Gaussian at 8 σ: each point visits the cells of the window
 * within the kernel's reach.
 */

/** Visits that the direct sum makes, to weigh against the lattice. */
export function directCost(gridded: GriddedWindow, kernel: KernelName, sigma: number, points: number) {
  const across = (2 * kernelReach(kernel, sigma)) / gridded.grid.step + 1;
  const cells = Math.min(across, gridded.grid.columns) * Math.min(across, gridded.grid.rows);
  // A Gaussian costs two exponentials for each row and column and a set-up for each row; a polynomial kernel is
  // evaluated twice for each cell.
  return kernel === 'gaussian' ? points * (cells + 40 * across) : points * cells * 2.5;
}

/**
 * Adds Σ_j w_j·k(u − x_j)/e(x_j) to `surface` at each cell u of the window; without `diggle`, e = 1. e(x_j) is the sum
 * of k(v − x_j)·step² over the window's cells v, so the surface of one point sums to its weight. Writes the edge masses
 * to `edgeMasses` when given.
 */
export function addDirectDensity(
  gridded: GriddedWindow,
  kernel: KernelName,
  sigma: number,
  xs: Float64Array,
  ys: Float64Array,
  weights: Float64Array,
  diggle: boolean,
  edgeMasses: Float64Array | null,
  surface: Float64Array,
): void {
  if (kernel === 'gaussian') {
    addDirectGaussian(gridded, sigma, xs, ys, weights, diggle, edgeMasses, surface);
  } else {
    addDirectPolynomial(gridded, kernel, sigma, xs, ys, weights, diggle, edgeMasses, surface);
  }
}

function addDirectGaussian(
  gridded: GriddedWindow,
  sigma: number,
  xs: Float64Array,
  ys: Float64Array,
  weights: Float64Array,
  diggle: boolean,
  edgeMasses: Float64Array | null,
  surface: Float64Array,
): void {
  const { grid, runStart, runFrom, runTo } = gridded;
  const { columns, rows, x0, y0, step } = grid;
  const reach = GAUSSIAN_REACH * sigma;
  const scale = -1 / (2 * sigma * sigma);
  const peak = kernelPeak('gaussian', sigma);
  const acrossX = new Float64Array(columns);
  const sumToX = new Float64Array(columns + 1);
  const acrossY = new Float64Array(rows);
  for (let point = 0; point < xs.length; point++) {
    const x = xs[point]!;
    const y = ys[point]!;
    const columnFrom = Math.max(0, Math.ceil((x - reach - x0) / step));
    const columnTo = Math.min(columns - 1, Math.floor((x + reach - x0) / step));
    const rowFrom = Math.max(0, Math.ceil((y - reach - y0) / step));
    const rowTo = Math.min(rows - 1, Math.floor((y + reach - y0) / step));
    sumToX[columnFrom] = 0;
    for (let column = columnFrom; column <= columnTo; column++) {
      const dx = x0 + column * step - x;
      const value = Math.exp(scale * dx * dx);
      acrossX[column] = value;
      sumToX[column + 1] = sumToX[column]! + value;
    }
    for (let row = rowFrom; row <= rowTo; row++) {
      const dy = y0 + row * step - y;
      acrossY[row] = Math.exp(scale * dy * dy);
    }
    let mass = weights[point]! * peak;
    if (diggle) {
      let edge = 0;
      for (let row = rowFrom; row <= rowTo; row++) {
        let line = 0;
        for (let run = runStart[row]!; run < runStart[row + 1]!; run++) {
          const from = Math.max(columnFrom, runFrom[run]!);
          const to = Math.min(columnTo + 1, runTo[run]!);
          if (to > from) line += sumToX[to]! - sumToX[from]!;
        }
        edge += acrossY[row]! * line;
      }
      edge *= peak * step * step;
      if (edgeMasses) edgeMasses[point] = edge;
      mass /= edge;
    }
    for (let row = rowFrom; row <= rowTo; row++) {
      const share = mass * acrossY[row]!;
      const base = row * columns;
      for (let run = runStart[row]!; run < runStart[row + 1]!; run++) {
        const from = Math.max(columnFrom, runFrom[run]!);
        const to = Math.min(columnTo + 1, runTo[run]!);
        for (let column = from; column < to; column++) surface[base + column]! += share * acrossX[column]!;
      }
    }
  }
}

function addDirectPolynomial(
  gridded: GriddedWindow,
  kernel: 'quartic' | 'epanechnikov',
  sigma: number,
  xs: Float64Array,
  ys: Float64Array,
  weights: Float64Array,
  diggle: boolean,
  edgeMasses: Float64Array | null,
  surface: Float64Array,
): void {
  const { step } = gridded.grid;
  const peak = kernelPeak(kernel, sigma);
  const reach = kernelReach(kernel, sigma);
  const squared = kernel === 'quartic';
  for (let point = 0; point < xs.length; point++) {
    let mass = weights[point]! * peak;
    if (diggle) {
      const edge =
        visitDisc(gridded, xs[point]!, ys[point]!, reach, squared, 0, surface) * peak * step * step;
      if (edgeMasses) edgeMasses[point] = edge;
      mass /= edge;
    }
    visitDisc(gridded, xs[point]!, ys[point]!, reach, squared, mass, surface);
  }
}

/** Sums (1 − r²/R²), squared or not, over the window's cells in the disc, or adds `mass` times it to them. */
function visitDisc(
  gridded: GriddedWindow,
  x: number,
  y: number,
  reach: number,
  squared: boolean,
  mass: number,
  surface: Float64Array,
): number {
  const { grid, runStart, runFrom, runTo } = gridded;
  const { columns, rows, x0, y0, step } = grid;
  const rowFrom = Math.max(0, Math.ceil((y - reach - y0) / step));
  const rowTo = Math.min(rows - 1, Math.floor((y + reach - y0) / step));
  const perReach = 1 / reach;
  let total = 0;
  for (let row = rowFrom; row <= rowTo; row++) {
    const dy = (y0 + row * step - y) * perReach;
    const rest = 1 - dy * dy;
    if (rest <= 0) continue;
    const half = Math.sqrt(rest) * reach;
    const columnFrom = Math.max(0, Math.ceil((x - half - x0) / step));
    const columnTo = Math.min(columns - 1, Math.floor((x + half - x0) / step));
    const base = row * columns;
    for (let run = runStart[row]!; run < runStart[row + 1]!; run++) {
      const from = Math.max(columnFrom, runFrom[run]!);
      const to = Math.min(columnTo + 1, runTo[run]!);
      for (let column = from; column < to; column++) {
        const dx = (x0 + column * step - x) * perReach;
        let value = rest - dx * dx;
        // The cell on the circle itself may come out a rounding below zero.
        if (value < 0) value = 0;
        if (squared) value *= value;
        if (mass === 0) total += value;
        else surface[base + column]! += mass * value;
      }
    }
  }
  return total;
}

/** e(u) at each cell u of the window, by differences of the kernel's running sums along the runs of each row. */
export function directEdgeMassOnGrid(
  gridded: GriddedWindow,
  kernel: KernelName,
  sigma: number,
): Float64Array {
  const { grid, runStart, runFrom, runTo } = gridded;
  const { columns, rows, step } = grid;
  const reach = kernelReach(kernel, sigma);
  const most = Math.min(Math.max(columns, rows), Math.floor(reach / step));
  const width = 2 * most + 2;
  const peak = kernelPeak(kernel, sigma) * step * step;
  const masses = new Float64Array(columns * rows);
  const sumTo = new Float64Array(width);
  for (let down = 0; down <= Math.min(most, rows - 1); down++) {
    // sumTo[i] = Σ of the kernel over offsets −most … i − 1 − most, at this distance between rows.
    for (let i = 0; i < width - 1; i++) {
      const squaredDistance = ((i - most) ** 2 + down * down) * step * step;
      sumTo[i + 1] = sumTo[i]! + unitKernel(kernel, sigma, reach, squaredDistance);
    }
    for (let row = 0; row < rows; row++) {
      for (let side = down === 0 ? 1 : -1; side <= 1; side += 2) {
        const other = row + side * down;
        if (other < 0 || other >= rows) continue;
        for (let run = runStart[other]!; run < runStart[other + 1]!; run++) {
          const from = runFrom[run]!;
          const to = runTo[run]!;
          for (let mine = runStart[row]!; mine < runStart[row + 1]!; mine++) {
            for (let column = runFrom[mine]!; column < runTo[mine]!; column++) {
              const low = Math.min(width - 1, Math.max(0, from - column + most));
              const high = Math.max(0, Math.min(width - 1, to - column + most));
              masses[row * columns + column]! += peak * (sumTo[high]! - sumTo[low]!);
            }
          }
        }
      }
    }
  }
  return masses;
}

function unitKernel(kernel: KernelName, sigma: number, reach: number, squaredDistance: number): number {
  if (kernel === 'gaussian') return Math.exp(-squaredDistance / (2 * sigma * sigma));
  const rest = 1 - squaredDistance / (reach * reach);
  if (rest <= 0) return 0;
  return kernel === 'quartic' ? rest * rest : rest;
}
