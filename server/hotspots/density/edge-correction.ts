import { type DensityWindow, listEdges, type WindowEdges } from './density-window.ts';
import { type KernelName, kernelReach } from './smoothing-kernels.ts';

/**
 * The edge mass e(x) = ∫_W k(x − v) dv of a polygon window, exactly, without pixels.
 *
 * With G(r) = ∫_0^r k(s)·s ds, the divergence theorem in polar coordinates about x turns the integral over W into one
 * along its outline: e(x) = ∮ G(r) dθ, and dθ = (x dy − y dx)/r². Beyond the kernel's reach G = 1/2π, and an edge
 * contributes the angle that it spans; within it, G(r)/r² is a polynomial (3 Gauss points are exact) or, for the
 * Gaussian, smooth on the scale of σ (6 points on each σ of edge leave less than 1e-12). Holes enter with the opposite
 * sign since they run the other way. x may lie anywhere, on the border and on a vertex too.
 *
 * Diggle (1985), "A kernel method for smoothing point process data", Applied Statistics 34, 138–147, defines e.
 */
export function exactEdgeMass(
  window: DensityWindow,
  kernel: KernelName,
  sigma: number | Float64Array,
  xs: Float64Array,
  ys: Float64Array,
): Float64Array {
  const edges = listEdges(window);
  const masses = new Float64Array(xs.length);
  for (let i = 0; i < xs.length; i++) {
    const own = typeof sigma === 'number' ? sigma : sigma[i]!;
    masses[i] = edgeMassAt(edges, kernel, own, xs[i]!, ys[i]!);
  }
  return masses;
}

/** The work of `exactEdgeMass`, in visits of an edge. */
export function exactEdgeCost(window: DensityWindow, points: number): number {
  let edges = 0;
  for (const polygon of window.polygons) for (const ring of polygon) edges += ring.length / 2;
  return edges * points;
}

const SHORT_NODES = Float64Array.of(-0.7745966692414834, 0, 0.7745966692414834);
const SHORT_WEIGHTS = Float64Array.of(0.5555555555555556, 0.8888888888888888, 0.5555555555555556);
const LONG_NODES = Float64Array.of(
  -0.932469514203152,
  -0.6612093864662645,
  -0.2386191860831969,
  0.2386191860831969,
  0.6612093864662645,
  0.932469514203152,
);
const LONG_WEIGHTS = Float64Array.of(
  0.17132449237917036,
  0.3607615730481386,
  0.46791393457269104,
  0.46791393457269104,
  0.3607615730481386,
  0.17132449237917036,
);

function edgeMassAt(edges: WindowEdges, kernel: KernelName, sigma: number, x: number, y: number): number {
  const reach = kernelReach(kernel, sigma);
  const reach2 = reach * reach;
  let angle = 0;
  let near = 0;
  for (let edge = 0; edge < edges.x0.length; edge++) {
    const ax = edges.x0[edge]! - x;
    const ay = edges.y0[edge]! - y;
    const dx = edges.x1[edge]! - edges.x0[edge]!;
    const dy = edges.y1[edge]! - edges.y0[edge]!;
    const cross = ax * dy - ay * dx;
    if (cross === 0) continue;
    const length2 = dx * dx + dy * dy;
    // Where the edge lies within the reach: the parameters of its crossings with the circle.
    const middle = -(ax * dx + ay * dy) / length2;
    const chord2 = (reach2 - (cross * cross) / length2) / length2;
    let low = 2;
    let high = -1;
    if (chord2 > 0) {
      const half = Math.sqrt(chord2);
      low = Math.max(0, middle - half);
      high = Math.min(1, middle + half);
    }
    if (low >= high) {
      angle += spannedAngle(ax, ay, dx, dy, 0, 1);
      continue;
    }
    if (low > 0) angle += spannedAngle(ax, ay, dx, dy, 0, low);
    if (high < 1) angle += spannedAngle(ax, ay, dx, dy, high, 1);
    near += cross * integrateAlong(kernel, sigma, reach2, ax, ay, dx, dy, low, high, Math.sqrt(length2));
  }
  return angle / (2 * Math.PI) + near;
}

function spannedAngle(ax: number, ay: number, dx: number, dy: number, from: number, to: number): number {
  const px = ax + from * dx;
  const py = ay + from * dy;
  const qx = ax + to * dx;
  const qy = ay + to * dy;
  return Math.atan2(px * qy - py * qx, px * qx + py * qy);
}

function integrateAlong(
  kernel: KernelName,
  sigma: number,
  reach2: number,
  ax: number,
  ay: number,
  dx: number,
  dy: number,
  low: number,
  high: number,
  length: number,
): number {
  const span = (high - low) * length;
  const short = kernel !== 'gaussian' || span < 0.1 * sigma;
  const pieces = kernel === 'gaussian' ? Math.ceil(span / sigma) : 1;
  const nodes = short ? SHORT_NODES : LONG_NODES;
  const weights = short ? SHORT_WEIGHTS : LONG_WEIGHTS;
  const half = (high - low) / pieces / 2;
  let total = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const centre = low + (2 * piece + 1) * half;
    for (let i = 0; i < nodes.length; i++) {
      const s = centre + half * nodes[i]!;
      const px = ax + s * dx;
      const py = ay + s * dy;
      total += weights[i]! * massOverSquare(kernel, sigma, reach2, px * px + py * py);
    }
  }
  return total * half;
}

/** G(r)/r². */
function massOverSquare(kernel: KernelName, sigma: number, reach2: number, r2: number): number {
  if (kernel === 'gaussian') {
    const q = r2 / (2 * sigma * sigma);
    const ratio = q < 1e-5 ? 1 - q / 2 : -Math.expm1(-q) / q;
    return ratio / (4 * Math.PI * sigma * sigma);
  }
  const t = Math.min(1, r2 / reach2);
  const ratio = kernel === 'quartic' ? 3 - 3 * t + t * t : 2 - t;
  return ratio / (2 * Math.PI * reach2);
}
