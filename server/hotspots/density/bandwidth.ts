import { AnalysisInputError } from '../analysis-input-error.ts';
import { densityAtPoints, edgeMassAtPlaces, gaussianLeaveOneOut } from './density-at-points.ts';
import { type DensityWindow, gridForWindow, layWindowOverGrid, pointsInWindow } from './density-window.ts';
import { type EdgeCorrection, kernelDensity } from './kernel-density.ts';
import type { KernelName } from './smoothing-kernels.ts';

export type BandwidthInput = {
  xs: Float64Array;
  ys: Float64Array;
  weights?: Float64Array | null;
  window: DensityWindow;
  kernel: KernelName;
  edge: EdgeCorrection;
  /** The bandwidths to consider; by default those of `bandwidthRange`. */
  least?: number;
  most?: number;
};

export type ChosenBandwidth = {
  sigma: number;
  /** Σ_i w_i·log f_{−i}(x_i) − ∫f at that σ. */
  logLikelihood: number;
  tried: { sigma: number; logLikelihood: number }[];
  /** The best σ lies at an end of the range: the likelihood still rises there, so the choice is the range's, not the data's. */
  atEnd: boolean;
  /** Points not used: outside the window. */
  outside: number;
};

/** Steps of the first pass over log σ; then golden sections about the best of them. */
const STEPS = 24;
const SECTIONS = 18;
/** Points × points of one direct evaluation; beyond it the likelihood is that of the Gaussian, over a lattice. */
const MOST_PAIRS = 4e6;

/**
 * Likelihood cross-validation: the σ that makes each event likeliest given the others as a Poisson process,
 * max Σ_i log f_{−i}(x_i) − ∫_W f, with the edge correction inside f (spatstat's bw.ppl; with Diggle's correction the
 * integral is n whatever σ). Between the spacing of near neighbours and half the window's shorter side unless a range is
 * given.
 *
 * Coincident events (several visits to one address) have infinite likelihood as σ → 0: the range's lower end keeps the
 * answer finite, and `atEnd` then says that the data did not choose. An event alone in its kernel's reach makes the
 * likelihood −∞ for a compact kernel: such σ lose.
 *
 * With more than 2,000 points the likelihood is the Gaussian's whatever the kernel: σ, a standard deviation, means the same for
 * each. A million points take some 20 s.
 *
 * Loader (1999), Local Regression and Likelihood, section 5.3; Baddeley, Rubak & Turner (2015), section 6.5.1.2.
 * Throws AnalysisInputError for fewer than 3 points in the window.
 */
export function chooseBandwidth(input: BandwidthInput): ChosenBandwidth {
  const points = pointsWithin(input);
  if (points.xs.length < 3) {
    throw new AnalysisInputError({
      field: 'sigma',
      problem: `a bandwidth cannot be chosen from ${points.xs.length} points in the window.`,
      remedy: 'Give sigma, or more points (3 at least; 30 for a choice worth having).',
    });
  }
  const range = bandwidthRange(input.window, points.xs.length);
  const least = input.least ?? range.least;
  const most = input.most ?? range.most;
  if (!(least > 0 && most >= least)) {
    throw new AnalysisInputError({
      field: 'sigma',
      problem: `the range of bandwidths ${least} … ${most} is not one.`,
      remedy: 'Give a lower end above zero and an upper end no less.',
    });
  }
  const tried: ChosenBandwidth['tried'] = [];
  let best = 0;
  for (let i = 0; i <= STEPS; i++) {
    const sigma = least * (most / least) ** (i / STEPS);
    tried.push({ sigma, logLikelihood: logLikelihood(input, points, sigma) });
    if (tried[i]!.logLikelihood > tried[best]!.logLikelihood) best = i;
  }
  const atEnd = best === 0 || best === STEPS;
  if (!atEnd) refine(input, points, tried, best);
  const chosen = tried.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
  tried.sort((a, b) => a.sigma - b.sigma);
  return { ...chosen, tried, atEnd, outside: input.xs.length - points.xs.length };
}

/**
 * From a tenth of the mean distance between nearest neighbours of uniform points, 0.5·√(area/n), but no less than the
 * longer side over 400, below which a lattice would take 4 million nodes; to half the shorter side.
 */
export function bandwidthRange(window: DensityWindow, n: number): { least: number; most: number } {
  const width = window.xMax - window.xMin;
  const height = window.yMax - window.yMin;
  const most = Math.min(width, height) / 2;
  const least = Math.max(0.05 * Math.sqrt(window.area / n), Math.max(width, height) / 400);
  return { least: Math.min(least, most), most };
}

type Points = { xs: Float64Array; ys: Float64Array; weights: Float64Array };

function pointsWithin(input: BandwidthInput): Points {
  const gridded = layWindowOverGrid(input.window, gridForWindow(input.window, { cellsAlongLongerSide: 256 }));
  const inside = pointsInWindow(gridded, input.xs, input.ys);
  const weights = input.weights ?? new Float64Array(input.xs.length).fill(1);
  const keep = (values: Float64Array) => values.filter((_, i) => inside[i] === 1 && weights[i]! > 0);
  return { xs: keep(input.xs), ys: keep(input.ys), weights: keep(weights) };
}

function logLikelihood(input: BandwidthInput, points: Points, sigma: number): number {
  const { window, edge } = input;
  const { xs, ys, weights } = points;
  const many = xs.length ** 2 > MOST_PAIRS;
  const { values, integral } = many
    ? gaussianLeaveOneOut(window, sigma, xs, ys, weights, edge)
    : directLeaveOneOut(input, points, sigma);
  let total = -integral;
  for (let i = 0; i < values.length; i++) total += weights[i]! * Math.log(values[i]!);
  return total;
}

function directLeaveOneOut(input: BandwidthInput, points: Points, sigma: number) {
  const { window, kernel, edge } = input;
  const { xs, ys, weights } = points;
  const { values } = densityAtPoints({
    ...input,
    xs,
    ys,
    weights,
    sigma,
    atXs: xs,
    atYs: ys,
    leaveOneOut: true,
  });
  // The mass that stays in the window is, point by point, its edge mass; Diggle's correction makes it 1.
  const masses = edge === 'none' ? edgeMassAtPlaces(window, kernel, sigma, xs, ys) : null;
  let integral = 0;
  for (let i = 0; i < weights.length; i++) integral += weights[i]! * (masses ? masses[i]! : 1);
  if (edge === 'uniform') {
    const cells = Math.max(128, Math.min(1024, cellsFor(window, sigma)));
    const grid = gridForWindow(window, { cellsAlongLongerSide: cells });
    integral = kernelDensity({ ...input, xs, ys, weights, sigma, grid }).integral;
  }
  return { values, integral };
}

/** Two cells to a σ, so that the sum over cells is the integral. */
function cellsFor(window: DensityWindow, sigma: number): number {
  return Math.ceil((2 * Math.max(window.xMax - window.xMin, window.yMax - window.yMin)) / sigma);
}

/** The criterion at one bandwidth, −∞ where an event has no other in its kernel's reach. */
export function bandwidthLikelihood(input: BandwidthInput, sigma: number): number {
  return logLikelihood(input, pointsWithin(input), sigma);
}

/** Golden-section search on log σ between the neighbours of the best step. */
function refine(input: BandwidthInput, points: Points, tried: ChosenBandwidth['tried'], best: number): void {
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(tried[best - 1]!.sigma);
  let high = Math.log(tried[best + 1]!.sigma);
  let left = high - golden * (high - low);
  let right = low + golden * (high - low);
  let atLeft = logLikelihood(input, points, Math.exp(left));
  let atRight = logLikelihood(input, points, Math.exp(right));
  for (let i = 0; i < SECTIONS; i++) {
    if (atLeft > atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - golden * (high - low);
      atLeft = logLikelihood(input, points, Math.exp(left));
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + golden * (high - low);
      atRight = logLikelihood(input, points, Math.exp(right));
    }
  }
  const sigma = Math.exp((low + high) / 2);
  tried.push({ sigma, logLikelihood: logLikelihood(input, points, sigma) });
}
