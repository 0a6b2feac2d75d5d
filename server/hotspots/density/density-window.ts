import type { MultiPolygon, Polygon, Position } from 'geojson';
import { AnalysisInputError } from '../analysis-input-error.ts';

/**
 * The region W in which events could have been seen, in a plane (projected metres, or the units of a planar file).
 * Several parts and holes are allowed; parts must not overlap. Each ring is flat [x0, y0, x1, y1, …], without the closing
 * point; outer rings run counter-clockwise and holes clockwise whatever the source did, since the exact edge
 * correction adds the edges with their sign.
 */
export type DensityWindow = {
  polygons: Float64Array[][];
  xMin: number;
  yMin: number;
  xMax: number;
  yMax: number;
  area: number;
};

/** Cells of one size. (x0, y0) is the CENTRE of the first cell; row 0 is the southernmost. */
export type DensityGrid = { x0: number; y0: number; step: number; columns: number; rows: number };

/** A window laid over a grid: which cells belong to it, and what is needed to say of a point whether it does. */
export type GriddedWindow = {
  window: DensityWindow;
  grid: DensityGrid;
  /** 1 where the centre of the cell lies in the window (border included). */
  mask: Uint8Array;
  /** Maximal runs of masked cells in each row: run i covers columns runFrom[i] … runTo[i] − 1. */
  runStart: Int32Array;
  runFrom: Int32Array;
  runTo: Int32Array;
  /** 1 where an edge of the outline passes through the cell, so that the mask does not decide for its points. */
  crossed: Uint8Array;
  edges: WindowEdges;
  /** Edges that touch the band of each row, in the order of their polygons. */
  bandStart: Int32Array;
  bandEdges: Int32Array;
};

export type WindowEdges = {
  x0: Float64Array;
  y0: Float64Array;
  x1: Float64Array;
  y1: Float64Array;
  polygon: Int32Array;
};

export type ProjectPosition = (position: Position) => [number, number];

/**
 * A window from a GeoJSON Polygon or MultiPolygon. Repeated points and the closing point are dropped. Throws
 * AnalysisInputError naming `field` for an empty geometry, a coordinate that is not finite, or a window without area.
 */
export function windowFromGeometry(
  geometry: Polygon | MultiPolygon,
  options: { project?: ProjectPosition; field?: string } = {},
): DensityWindow {
  const field = options.field ?? 'window';
  const source = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const polygons: Float64Array[][] = [];
  const bounds = { xMin: Infinity, yMin: Infinity, xMax: -Infinity, yMax: -Infinity };
  let area = 0;
  for (const rings of source) {
    const polygon: Float64Array[] = [];
    for (const [index, positions] of rings.entries()) {
      const ring = flattenRing(positions, options.project, field);
      const signed = ring.length >= 6 ? signedArea(ring) : 0;
      if (signed === 0) {
        // Without its outer ring a polygon has no inside; a hole without area takes nothing away.
        if (index === 0) break;
        continue;
      }
      if (signed > 0 !== (index === 0)) reverseRing(ring);
      area += index === 0 ? Math.abs(signed) : -Math.abs(signed);
      polygon.push(ring);
      if (index === 0) extendBounds(bounds, ring);
    }
    if (polygon.length > 0) polygons.push(polygon);
  }
  if (polygons.length === 0 || !(area > 0)) {
    throw new AnalysisInputError({
      field,
      problem: 'the window is empty: no ring of it encloses an area.',
      remedy: 'Give a Polygon or MultiPolygon with an area above zero.',
    });
  }
  return { polygons, ...bounds, area };
}

function flattenRing(positions: Position[], project: ProjectPosition | undefined, field: string) {
  const flat: number[] = [];
  for (const position of positions) {
    const [x, y] = project ? project(position) : (position as [number, number]);
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      throw new AnalysisInputError({
        field,
        problem: `the window has a coordinate that is not a finite number: ${JSON.stringify(position)}.`,
        remedy: 'Repair the outline, or check that its coordinate system is the one given by --crs.',
      });
    }
    if (flat.length > 0 && flat[flat.length - 2] === x && flat[flat.length - 1] === y) continue;
    flat.push(x, y);
  }
  if (flat.length > 2 && flat[0] === flat[flat.length - 2] && flat[1] === flat[flat.length - 1]) {
    flat.length -= 2;
  }
  return Float64Array.from(flat);
}

/** Shoelace about the first point: about the origin, projected coordinates of 10^6 m would cost six digits. */
export function signedArea(ring: Float64Array): number {
  const x0 = ring[0]!;
  const y0 = ring[1]!;
  let twice = 0;
  for (let i = 2; i + 3 < ring.length; i += 2) {
    twice += (ring[i]! - x0) * (ring[i + 3]! - y0) - (ring[i + 2]! - x0) * (ring[i + 1]! - y0);
  }
  return twice / 2;
}

function reverseRing(ring: Float64Array): void {
  for (let i = 0, j = ring.length - 2; i < j; i += 2, j -= 2) {
    const x = ring[i]!;
    const y = ring[i + 1]!;
    ring[i] = ring[j]!;
    ring[i + 1] = ring[j + 1]!;
    ring[j] = x;
    ring[j + 1] = y;
  }
}

function extendBounds(
  bounds: { xMin: number; yMin: number; xMax: number; yMax: number },
  ring: Float64Array,
): void {
  for (let i = 0; i < ring.length; i += 2) {
    bounds.xMin = Math.min(bounds.xMin, ring[i]!);
    bounds.xMax = Math.max(bounds.xMax, ring[i]!);
    bounds.yMin = Math.min(bounds.yMin, ring[i + 1]!);
    bounds.yMax = Math.max(bounds.yMax, ring[i + 1]!);
  }
}

/** 16 million cells are 128 MB a surface: beyond what a map or an analyst can use. */
const MAXIMUM_CELLS = 1 << 24;

/** A grid over the bounding box of the window, its corner on the window's: either a cell size, or cells along the longer side. */
export function gridForWindow(
  window: DensityWindow,
  size: { step: number } | { cellsAlongLongerSide: number },
  field = 'cell',
): DensityGrid {
  const width = window.xMax - window.xMin;
  const height = window.yMax - window.yMin;
  const step = 'step' in size ? size.step : Math.max(width, height) / size.cellsAlongLongerSide;
  if (!(step > 0) || !Number.isFinite(step)) {
    throw new AnalysisInputError({
      field,
      problem: `the cell size ${step} is not above zero.`,
      remedy: 'Give a cell size in the units of the plane (metres unless --planar).',
    });
  }
  // An exact multiple must not gain an empty column from rounding.
  const columns = Math.max(1, Math.ceil(width / step - 1e-9));
  const rows = Math.max(1, Math.ceil(height / step - 1e-9));
  if (columns * rows > MAXIMUM_CELLS) {
    throw new AnalysisInputError({
      field,
      problem: `a cell of ${step} makes ${columns} × ${rows} cells, above ${MAXIMUM_CELLS}.`,
      remedy: `Give a cell of at least ${Math.sqrt((width * height) / MAXIMUM_CELLS).toPrecision(3)}.`,
    });
  }
  return { x0: window.xMin + step / 2, y0: window.yMin + step / 2, step, columns, rows };
}

export function layWindowOverGrid(window: DensityWindow, grid: DensityGrid): GriddedWindow {
  const edges = listEdges(window);
  const { bandStart, bandEdges } = bandsOfEdges(edges, grid);
  const mask = new Uint8Array(grid.columns * grid.rows);
  fillMask(mask, grid, edges, bandStart, bandEdges);
  const crossed = new Uint8Array(mask.length);
  markCrossed(crossed, grid, edges);
  return { window, grid, mask, ...runsOfMask(mask, grid), crossed, edges, bandStart, bandEdges };
}

export function listEdges(window: DensityWindow): WindowEdges {
  let count = 0;
  for (const polygon of window.polygons) for (const ring of polygon) count += ring.length / 2;
  const edges: WindowEdges = {
    x0: new Float64Array(count),
    y0: new Float64Array(count),
    x1: new Float64Array(count),
    y1: new Float64Array(count),
    polygon: new Int32Array(count),
  };
  let edge = 0;
  for (const [index, polygon] of window.polygons.entries()) {
    for (const ring of polygon) {
      for (let i = 0; i < ring.length; i += 2) {
        const next = i + 2 === ring.length ? 0 : i + 2;
        edges.x0[edge] = ring[i]!;
        edges.y0[edge] = ring[i + 1]!;
        edges.x1[edge] = ring[next]!;
        edges.y1[edge] = ring[next + 1]!;
        edges.polygon[edge++] = index;
      }
    }
  }
  return edges;
}

/** The band of row r reaches from half a step below its centre to half a step above, and a little more on both sides. */
function bandsOfEdges(edges: WindowEdges, grid: DensityGrid) {
  const { rows } = grid;
  const count = edges.x0.length;
  const bandStart = new Int32Array(rows + 1);
  for (let edge = 0; edge < count; edge++) {
    const [from, to] = rowsOfEdge(edges, edge, grid);
    for (let row = from; row <= to; row++) bandStart[row + 1]!++;
  }
  for (let row = 0; row < rows; row++) bandStart[row + 1]! += bandStart[row]!;
  const bandEdges = new Int32Array(bandStart[rows]!);
  const next = bandStart.slice(0, rows);
  for (let edge = 0; edge < count; edge++) {
    const [from, to] = rowsOfEdge(edges, edge, grid);
    for (let row = from; row <= to; row++) bandEdges[next[row]!++] = edge;
  }
  return { bandStart, bandEdges };
}

const BAND_MARGIN = 1e-6;

function rowsOfEdge(edges: WindowEdges, edge: number, grid: DensityGrid): [number, number] {
  const a = (edges.y0[edge]! - grid.y0) / grid.step + 0.5;
  const b = (edges.y1[edge]! - grid.y0) / grid.step + 0.5;
  return [
    Math.max(0, Math.floor(Math.min(a, b) - BAND_MARGIN)),
    Math.min(grid.rows - 1, Math.floor(Math.max(a, b) + BAND_MARGIN)),
  ];
}

function fillMask(
  mask: Uint8Array,
  grid: DensityGrid,
  edges: WindowEdges,
  bandStart: Int32Array,
  bandEdges: Int32Array,
): void {
  let crossings = new Float64Array(64);
  for (let row = 0; row < grid.rows; row++) {
    const y = grid.y0 + row * grid.step;
    let i = bandStart[row]!;
    const end = bandStart[row + 1]!;
    while (i < end) {
      const polygon = edges.polygon[bandEdges[i]!]!;
      let count = 0;
      for (; i < end && edges.polygon[bandEdges[i]!] === polygon; i++) {
        const edge = bandEdges[i]!;
        const ya = edges.y0[edge]!;
        const yb = edges.y1[edge]!;
        if (ya <= y === yb <= y) continue;
        if (count === crossings.length) {
          const longer = new Float64Array(2 * count);
          longer.set(crossings);
          crossings = longer;
        }
        const xa = edges.x0[edge]!;
        crossings[count++] = xa + ((y - ya) / (yb - ya)) * (edges.x1[edge]! - xa);
      }
      const sorted = crossings.subarray(0, count).sort();
      for (let pair = 0; pair + 1 < count; pair += 2) {
        const from = Math.max(0, Math.ceil((sorted[pair]! - grid.x0) / grid.step - 1e-9));
        const to = Math.min(grid.columns - 1, Math.floor((sorted[pair + 1]! - grid.x0) / grid.step + 1e-9));
        if (to >= from) mask.fill(1, row * grid.columns + from, row * grid.columns + to + 1);
      }
    }
  }
}

export function runsOfMask(mask: Uint8Array, grid: DensityGrid) {
  const { rows, columns } = grid;
  const from: number[] = [];
  const to: number[] = [];
  const runStart = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    const base = row * columns;
    let column = 0;
    while (column < columns) {
      while (column < columns && mask[base + column] === 0) column++;
      if (column === columns) break;
      from.push(column);
      while (column < columns && mask[base + column] === 1) column++;
      to.push(column);
    }
    runStart[row + 1] = from.length;
  }
  return { runStart, runFrom: Int32Array.from(from), runTo: Int32Array.from(to) };
}

function markCrossed(crossed: Uint8Array, grid: DensityGrid, edges: WindowEdges): void {
  for (let edge = 0; edge < edges.x0.length; edge++) {
    const xa = (edges.x0[edge]! - grid.x0) / grid.step + 0.5;
    const ya = (edges.y0[edge]! - grid.y0) / grid.step + 0.5;
    const xb = (edges.x1[edge]! - grid.x0) / grid.step + 0.5;
    const yb = (edges.y1[edge]! - grid.y0) / grid.step + 0.5;
    const [first, last] = rowsOfEdge(edges, edge, grid);
    for (let row = first; row <= last; row++) {
      // The part of the edge within this band, between the parameters at which it enters and leaves.
      let low = 0;
      let high = 1;
      if (ya !== yb) {
        const atBottom = (row - BAND_MARGIN - ya) / (yb - ya);
        const atTop = (row + 1 + BAND_MARGIN - ya) / (yb - ya);
        low = Math.max(0, Math.min(atBottom, atTop));
        high = Math.min(1, Math.max(atBottom, atTop));
      }
      const p = xa + low * (xb - xa);
      const q = xa + high * (xb - xa);
      const from = Math.max(0, Math.floor(Math.min(p, q) - BAND_MARGIN));
      const to = Math.min(grid.columns - 1, Math.floor(Math.max(p, q) + BAND_MARGIN));
      if (to >= from) crossed.fill(1, row * grid.columns + from, row * grid.columns + to + 1);
    }
  }
}

/** 1 for each point within the window or on its border, else 0. Cost: a look-up, but for points in cells on the outline. */
export function pointsInWindow(gridded: GriddedWindow, xs: Float64Array, ys: Float64Array): Uint8Array {
  const { grid, mask, crossed, window } = gridded;
  const inside = new Uint8Array(xs.length);
  const perStep = 1 / grid.step;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i]!;
    const y = ys[i]!;
    if (!(x >= window.xMin && x <= window.xMax && y >= window.yMin && y <= window.yMax)) continue;
    const column = Math.floor((x - grid.x0) * perStep + 0.5);
    const row = Math.floor((y - grid.y0) * perStep + 0.5);
    const within = column >= 0 && column < grid.columns && row >= 0 && row < grid.rows;
    const cell = row * grid.columns + column;
    if (within && crossed[cell] === 0) inside[i] = mask[cell]!;
    else inside[i] = isPointInWindow(gridded, x, y) ? 1 : 0;
  }
  return inside;
}

/** Points this near to the outline, as a share of the window's extent, count as on it. */
const BORDER_TOLERANCE = 1e-9;

export function isPointInWindow(gridded: GriddedWindow, x: number, y: number): boolean {
  const { grid, edges, window } = gridded;
  const tolerance = BORDER_TOLERANCE * Math.max(window.xMax - window.xMin, window.yMax - window.yMin);
  const row = Math.floor((y - grid.y0) / grid.step + 0.5);
  const banded = row >= 0 && row < grid.rows;
  const from = banded ? gridded.bandStart[row]! : 0;
  const to = banded ? gridded.bandStart[row + 1]! : edges.x0.length;
  let polygon = -1;
  let odd = false;
  for (let i = from; i < to; i++) {
    const edge = banded ? gridded.bandEdges[i]! : i;
    if (edges.polygon[edge] !== polygon) {
      if (odd) return true;
      polygon = edges.polygon[edge]!;
    }
    const xa = edges.x0[edge]!;
    const ya = edges.y0[edge]!;
    const xb = edges.x1[edge]!;
    const yb = edges.y1[edge]!;
    if (distanceToSegment(x, y, xa, ya, xb, yb) <= tolerance) return true;
    if (ya <= y !== yb <= y && x < xa + ((y - ya) / (yb - ya)) * (xb - xa)) odd = !odd;
  }
  return odd;
}

function distanceToSegment(x: number, y: number, xa: number, ya: number, xb: number, yb: number): number {
  const dx = xb - xa;
  const dy = yb - ya;
  const along = ((x - xa) * dx + (y - ya) * dy) / (dx * dx + dy * dy);
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(x - xa - t * dx, y - ya - t * dy);
}
