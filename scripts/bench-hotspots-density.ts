import {
  gridForWindow,
  layWindowOverGrid,
  windowFromGeometry,
} from '../server/hotspots/density/density-window.ts';
import { addDirectDensity } from '../server/hotspots/density/direct-density.ts';
import { convolve, prepareFftKernel } from '../server/hotspots/density/fft-convolution.ts';
import { kernelDensity } from '../server/hotspots/density/kernel-density.ts';
import { type KernelName, kernelAt, kernelReach } from '../server/hotspots/density/smoothing-kernels.ts';
import { createRandom, nextNormal, nextUniform } from '../server/hotspots/random.ts';

const CELLS = 512;
const POINTS = 100_000;
const RUNS = 5;

/** A province 80 km across: a ragged outline of 800 points with a lake in it and an island beside it. */
function benchWindow() {
  const ring = (x: number, y: number, radius: number, corners: number) => {
    const points = Array.from({ length: corners }, (_, i) => {
      const angle = (2 * Math.PI * i) / corners;
      const r = radius * (1 + 0.25 * Math.sin(5 * angle) + 0.06 * Math.sin(37 * angle + 1));
      return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    });
    return [...points, points[0]!];
  };
  return windowFromGeometry({
    type: 'MultiPolygon',
    coordinates: [[ring(0, 0, 33_000, 800), ring(9000, -4000, 3000, 120)], [ring(44_000, 15_000, 2500, 120)]],
  });
}

/** Half in towns of 1.5 km, half anywhere; those outside the window are drawn again by the caller's window test. */
function benchPoints(count: number, seed: number, window: ReturnType<typeof benchWindow>) {
  const random = createRandom(seed);
  const towns = Array.from({ length: 40 }, () => [
    window.xMin + (window.xMax - window.xMin) * nextUniform(random),
    window.yMin + (window.yMax - window.yMin) * nextUniform(random),
  ]);
  const xs = new Float64Array(count);
  const ys = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const [x, y] = towns[i % 40] as [number, number];
    const town = i % 2 === 0;
    xs[i] = town
      ? x + 1500 * nextNormal(random)
      : window.xMin + (window.xMax - window.xMin) * nextUniform(random);
    ys[i] = town
      ? y + 1500 * nextNormal(random)
      : window.yMin + (window.yMax - window.yMin) * nextUniform(random);
  }
  return { xs, ys };
}

function within(points: { xs: Float64Array; ys: Float64Array }, inside: Uint8Array) {
  return { xs: points.xs.filter((_, i) => inside[i] === 1), ys: points.ys.filter((_, i) => inside[i] === 1) };
}

export async function benchDensity(): Promise<void> {
  const window = benchWindow();
  const grid = gridForWindow(window, { cellsAlongLongerSide: CELLS });
  const many = benchPoints(2.2 * POINTS, 1, window);
  const probe = kernelDensity({ ...many, window, sigma: 2000, kernel: 'gaussian', edge: 'none', grid });
  const kept = within(many, probe.inside);
  const points = { xs: kept.xs.slice(0, POINTS), ys: kept.ys.slice(0, POINTS) };
  console.log(
    `density: ${points.xs.length} points, ${grid.columns} × ${grid.rows} cells, outline in 2 parts with a hole, edge diggle, one thread`,
  );
  console.log(
    '| kernel | σ in cells | ours | off the direct sum | direct sum | ratio | pixels and FFT | off | ∫ − n |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const [kernel, cells] of [
    ['gaussian', 10],
    ['gaussian', 4],
    ['gaussian', 40],
    ['quartic', 10],
    ['epanechnikov', 10],
  ] as const) {
    const sigma = cells * grid.step;
    const ours = median(() => kernelDensity({ ...points, window, sigma, kernel, edge: 'diggle', grid }));
    const direct = timed(() => directSum(points, window, grid, kernel, sigma));
    const pixels = timed(() => pixelsAndFft(points, window, grid, kernel, sigma));
    console.log(
      `| ${kernel} | ${cells} | ${ms(ours.time)} | ${percentOff(ours.value.values, direct.value)} of the peak | ${ms(direct.time)} | ${(ours.time / direct.time).toFixed(4)} | ${ms(pixels.time)} | ${percentOff(pixels.value, direct.value)} | ${Math.abs(ours.value.integral - ours.value.n).toExponential(0)} |`,
    );
  }
  const sizes = [1e3, 1e4, 1e5, 1e6];
  const times = sizes.map((size) => {
    const sample = within(benchPoints(2.2 * size, 2, window), new Uint8Array(2.2 * size).fill(1));
    const input = { xs: sample.xs.slice(0, size), ys: sample.ys.slice(0, size) };
    return median(() =>
      kernelDensity({ ...input, window, sigma: 10 * grid.step, kernel: 'gaussian', edge: 'diggle', grid }),
    ).time;
  });
  console.log(`\n| points | ${sizes.join(' | ')} | exponent |\n|---|---|---|---|---|---|`);
  console.log(
    `| gaussian, σ = 10 cells | ${times.map(ms).join(' | ')} | ${fittedExponent(sizes, times).toFixed(2)} |\n`,
  );
}

function directSum(
  points: { xs: Float64Array; ys: Float64Array },
  window: ReturnType<typeof benchWindow>,
  grid: ReturnType<typeof gridForWindow>,
  kernel: KernelName,
  sigma: number,
): Float64Array {
  const gridded = layWindowOverGrid(window, grid);
  const surface = new Float64Array(grid.columns * grid.rows);
  const weights = new Float64Array(points.xs.length).fill(1);
  addDirectDensity(gridded, kernel, sigma, points.xs, points.ys, weights, true, null, surface);
  return surface.map((value, cell) => (gridded.mask[cell] === 1 ? value : Number.NaN));
}

/** What most programs do, spatstat among them: count points by pixel, convolve by FFT, edge mass by pixel. */
function pixelsAndFft(
  points: { xs: Float64Array; ys: Float64Array },
  window: ReturnType<typeof benchWindow>,
  grid: ReturnType<typeof gridForWindow>,
  kernel: KernelName,
  sigma: number,
): Float64Array {
  const { mask } = layWindowOverGrid(window, grid);
  const reach = Math.ceil(kernelReach(kernel, sigma) / grid.step);
  const fft = prepareFftKernel(grid.columns, grid.rows, reach, (dx, dy) =>
    kernelAt(kernel, sigma, (dx * dx + dy * dy) * grid.step ** 2),
  );
  const [edges] = convolve(fft, Float64Array.from(mask));
  const counts = new Float64Array(mask.length);
  for (let i = 0; i < points.xs.length; i++) {
    const column = Math.min(grid.columns - 1, Math.max(0, Math.round((points.xs[i]! - grid.x0) / grid.step)));
    const row = Math.min(grid.rows - 1, Math.max(0, Math.round((points.ys[i]! - grid.y0) / grid.step)));
    const cell = row * grid.columns + column;
    counts[cell]! += 1 / (edges[cell]! * grid.step ** 2);
  }
  return convolve(fft, counts)[0];
}

function percentOff(values: Float64Array, exact: Float64Array): string {
  let peak = 0;
  let off = 0;
  for (let i = 0; i < exact.length; i++) {
    if (Number.isNaN(exact[i]!)) continue;
    peak = Math.max(peak, exact[i]!);
    off = Math.max(off, Math.abs(values[i]! - exact[i]!));
  }
  return `${((100 * off) / peak).toPrecision(2)} %`;
}

function timed<T>(run: () => T): { time: number; value: T } {
  const start = performance.now();
  const value = run();
  return { time: performance.now() - start, value };
}

/** Of five runs after one to warm up. */
function median<T>(run: () => T): { time: number; value: T } {
  const first = timed(run);
  const times = Array.from({ length: RUNS }, () => timed(run).time).sort((a, b) => a - b);
  return { time: times[Math.floor(RUNS / 2)]!, value: first.value };
}

function ms(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** Slope of log time over log size by least squares. */
function fittedExponent(sizes: number[], times: number[]): number {
  const xs = sizes.map(Math.log);
  const ys = times.map(Math.log);
  const xMean = xs.reduce((a, b) => a + b) / xs.length;
  const yMean = ys.reduce((a, b) => a + b) / ys.length;
  const above = xs.reduce((sum, x, i) => sum + (x - xMean) * (ys[i]! - yMean), 0);
  return above / xs.reduce((sum, x) => sum + (x - xMean) ** 2, 0);
}
