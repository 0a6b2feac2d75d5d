import { type SpatialWeights, weightsFromPairs } from './weights.ts';

/** One area as rings of [x, y] in a plane: outer rings and holes alike, closed or not; their direction does not matter. */
export type AreaRings = readonly (readonly (readonly number[])[])[];

/**
 * Which areas touch: `queen` in at least a point, `rook` along a border of some length.
 *
 * Real outlines touch imperfectly, so two borders touch where they come within `tolerance` (in the units of the
 * coordinates; 0 asks for exact contact). Unlike a comparison of shared vertices (spdep's poly2nb), T-junctions count:
 * where one area's edge passes the corner of another, or the two have different vertices along a common border. Outlines that
 * cross, as slivers do, touch. An area wholly inside another without a hole around it does not touch it.
 *
 * For `rook` the parts where two edges run within the tolerance of each other are added up, and must exceed twice the
 * tolerance (for exact contact: 1e-9 of the mean edge).
 *
 * The coordinates must be plane ones in which edges are straight. For longitude and latitude scale the
 * longitudes by the cosine of the middle latitude: a projection would bend long edges away from the corners that lie on
 * them (0.7 m over 10 km at 20° N). Areas across the antimeridian are not joined.
 *
 * Edges are cut into pieces of at most two cells of a grid whose cell is the mean edge, so that each is compared only with those
 * nearby: 10,000 areas take well under a second.
 */
export function contiguityWeights(
  areas: readonly AreaRings[],
  kind: 'queen' | 'rook',
  tolerance: number,
): SpatialWeights {
  if (!(tolerance >= 0)) throw new RangeError(`the tolerance must be 0 or more, not ${tolerance}`);
  const edges = edgesOf(areas);
  const grid = gridOf(edges, tolerance);
  const pairs = new PairTable();
  const firsts: number[] = [];
  const seconds: number[] = [];
  const needed = Math.max(2 * tolerance, 1e-9 * edges.meanLength);
  const reach = kind === 'rook' ? Math.max(tolerance, 1e-9 * edges.meanLength) : tolerance;
  const { x0, y0, x1, y1, area } = edges;
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const cell = row * grid.columns + column;
      const start = grid.offsets[cell]!;
      const end = grid.offsets[cell + 1]!;
      for (let p = start; p < end; p++) {
        const a = grid.members[p]!;
        const lowX = Math.min(x0[a]!, x1[a]!) - reach;
        const highX = Math.max(x0[a]!, x1[a]!) + reach;
        const lowY = Math.min(y0[a]!, y1[a]!) - reach;
        const highY = Math.max(y0[a]!, y1[a]!) + reach;
        for (let q = start; q < p; q++) {
          const b = grid.members[q]!;
          if (area[a] === area[b]) continue;
          if (x0[b]! < lowX && x1[b]! < lowX) continue;
          if (x0[b]! > highX && x1[b]! > highX) continue;
          if (y0[b]! < lowY && y1[b]! < lowY) continue;
          if (y0[b]! > highY && y1[b]! > highY) continue;
          // Two edges may share several cells: they are compared in the first that both reach.
          if (column !== Math.max(grid.firstColumn[a]!, grid.firstColumn[b]!)) continue;
          if (row !== Math.max(grid.firstRow[a]!, grid.firstRow[b]!)) continue;
          const low = Math.min(area[a]!, area[b]!);
          const high = Math.max(area[a]!, area[b]!);
          const slot = pairs.slotOf(low * areas.length + high);
          if (pairs.lengths[slot]! > needed) continue;
          const length =
            kind === 'queen'
              ? touch(edges, a, b, tolerance)
                ? Infinity
                : 0
              : commonLength(edges, a, b, reach);
          pairs.lengths[slot]! += length;
          if (pairs.lengths[slot]! > needed) {
            firsts.push(low);
            seconds.push(high);
          }
        }
      }
    }
  }
  return weightsFromPairs(areas.length, firsts, seconds);
}

type Edges = {
  count: number;
  x0: Float64Array;
  y0: Float64Array;
  x1: Float64Array;
  y1: Float64Array;
  area: Int32Array;
  meanLength: number;
};

function edgesOf(areas: readonly AreaRings[]): Edges {
  let vertexCount = 0;
  for (const rings of areas) for (const ring of rings) vertexCount += ring.length;
  const fromX = new Float64Array(vertexCount);
  const fromY = new Float64Array(vertexCount);
  const toX = new Float64Array(vertexCount);
  const toY = new Float64Array(vertexCount);
  const lengths = new Float64Array(vertexCount);
  const owner = new Int32Array(vertexCount);
  let edgeCount = 0;
  let total = 0;
  for (let area = 0; area < areas.length; area++) {
    for (const ring of areas[area]!) {
      let from = ring[ring.length - 1]!;
      for (let index = 0; index < ring.length; index++) {
        const to = ring[index]!;
        const dx = to[0]! - from[0]!;
        const dy = to[1]! - from[1]!;
        // Math.sqrt, since Math.hypot took a third of the whole.
        const length = Math.sqrt(dx * dx + dy * dy);
        if (length > 0) {
          fromX[edgeCount] = from[0]!;
          fromY[edgeCount] = from[1]!;
          toX[edgeCount] = to[0]!;
          toY[edgeCount] = to[1]!;
          lengths[edgeCount] = length;
          owner[edgeCount] = area;
          edgeCount++;
          total += length;
        }
        from = to;
      }
    }
  }
  const meanLength = edgeCount > 0 ? total / edgeCount : 0;
  const longest = 2 * meanLength;
  let pieceCount = 0;
  for (let edge = 0; edge < edgeCount; edge++) pieceCount += Math.ceil(lengths[edge]! / longest);
  const edges: Edges = {
    count: pieceCount,
    x0: new Float64Array(pieceCount),
    y0: new Float64Array(pieceCount),
    x1: new Float64Array(pieceCount),
    y1: new Float64Array(pieceCount),
    area: new Int32Array(pieceCount),
    meanLength,
  };
  let at = 0;
  for (let edge = 0; edge < edgeCount; edge++) {
    const pieces = Math.ceil(lengths[edge]! / longest);
    const dx = (toX[edge]! - fromX[edge]!) / pieces;
    const dy = (toY[edge]! - fromY[edge]!) / pieces;
    for (let piece = 0; piece < pieces; piece++) {
      const last = piece + 1 === pieces;
      edges.x0[at] = fromX[edge]! + dx * piece;
      edges.y0[at] = fromY[edge]! + dy * piece;
      edges.x1[at] = last ? toX[edge]! : fromX[edge]! + dx * (piece + 1);
      edges.y1[at] = last ? toY[edge]! : fromY[edge]! + dy * (piece + 1);
      edges.area[at] = owner[edge]!;
      at++;
    }
  }
  return edges;
}

type Grid = {
  columns: number;
  rows: number;
  offsets: Int32Array;
  members: Int32Array;
  firstColumn: Int32Array;
  firstRow: Int32Array;
};

function gridOf(edges: Edges, tolerance: number): Grid {
  const { count, x0, y0, x1, y1 } = edges;
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (let e = 0; e < count; e++) {
    minX = Math.min(minX, x0[e]!, x1[e]!);
    maxX = Math.max(maxX, x0[e]!, x1[e]!);
    minY = Math.min(minY, y0[e]!, y1[e]!);
    maxY = Math.max(maxY, y0[e]!, y1[e]!);
  }
  if (count === 0) minX = maxX = minY = maxY = 0;
  const padding = tolerance + 1e-9 * edges.meanLength;
  minX -= padding;
  minY -= padding;
  const width = maxX + padding - minX;
  const height = maxY + padding - minY;
  const cell =
    Math.max(edges.meanLength, 4 * tolerance, Math.sqrt((width * height) / (4 * count + 16)) / 4) || 1;
  const columns = Math.max(1, Math.min(16384, Math.ceil(width / cell)));
  const rows = Math.max(1, Math.min(16384, Math.ceil(height / cell)));
  const perX = columns / (width || 1);
  const perY = rows / (height || 1);
  const firstColumn = new Int32Array(count);
  const firstRow = new Int32Array(count);
  const lastColumn = new Int32Array(count);
  const lastRow = new Int32Array(count);
  const offsets = new Int32Array(columns * rows + 1);
  for (let e = 0; e < count; e++) {
    firstColumn[e] = cellAt((Math.min(x0[e]!, x1[e]!) - padding - minX) * perX, columns);
    lastColumn[e] = cellAt((Math.max(x0[e]!, x1[e]!) + padding - minX) * perX, columns);
    firstRow[e] = cellAt((Math.min(y0[e]!, y1[e]!) - padding - minY) * perY, rows);
    lastRow[e] = cellAt((Math.max(y0[e]!, y1[e]!) + padding - minY) * perY, rows);
    for (let row = firstRow[e]!; row <= lastRow[e]!; row++) {
      for (let column = firstColumn[e]!; column <= lastColumn[e]!; column++) {
        offsets[row * columns + column + 1]! += 1;
      }
    }
  }
  for (let index = 0; index < columns * rows; index++) offsets[index + 1]! += offsets[index]!;
  const members = new Int32Array(offsets[columns * rows]!);
  const next = offsets.slice();
  for (let e = 0; e < count; e++) {
    for (let row = firstRow[e]!; row <= lastRow[e]!; row++) {
      for (let column = firstColumn[e]!; column <= lastColumn[e]!; column++) {
        const index = row * columns + column;
        members[next[index]!] = e;
        next[index]! += 1;
      }
    }
  }
  return { columns, rows, offsets, members, firstColumn, firstRow };
}

function cellAt(position: number, count: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor(position)));
}

/** Whether two edges come within the tolerance: an end of one lies by the other, or they cross. */
function touch(edges: Edges, a: number, b: number, tolerance: number): boolean {
  const { x0, y0, x1, y1 } = edges;
  const limit = tolerance * tolerance;
  return (
    squaredDistance(x0[a]!, y0[a]!, x0[b]!, y0[b]!, x1[b]!, y1[b]!) <= limit ||
    squaredDistance(x1[a]!, y1[a]!, x0[b]!, y0[b]!, x1[b]!, y1[b]!) <= limit ||
    squaredDistance(x0[b]!, y0[b]!, x0[a]!, y0[a]!, x1[a]!, y1[a]!) <= limit ||
    squaredDistance(x1[b]!, y1[b]!, x0[a]!, y0[a]!, x1[a]!, y1[a]!) <= limit ||
    cross(edges, a, b)
  );
}

function squaredDistance(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const along = ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy);
  if (along <= 0) return (px - ax) * (px - ax) + (py - ay) * (py - ay);
  if (along >= 1) return (px - bx) * (px - bx) + (py - by) * (py - by);
  const off = (px - ax) * dy - (py - ay) * dx;
  return (off * off) / (dx * dx + dy * dy);
}

function cross(edges: Edges, a: number, b: number): boolean {
  const { x0, y0, x1, y1 } = edges;
  const dxA = x1[a]! - x0[a]!;
  const dyA = y1[a]! - y0[a]!;
  const dxB = x1[b]! - x0[b]!;
  const dyB = y1[b]! - y0[b]!;
  const b0 = dxA * (y0[b]! - y0[a]!) - dyA * (x0[b]! - x0[a]!);
  const b1 = dxA * (y1[b]! - y0[a]!) - dyA * (x1[b]! - x0[a]!);
  const a0 = dxB * (y0[a]! - y0[b]!) - dyB * (x0[a]! - x0[b]!);
  const a1 = dxB * (y1[a]! - y0[b]!) - dyB * (x1[a]! - x0[b]!);
  return b0 * b1 < 0 && a0 * a1 < 0;
}

/** The length over which two edges run within the tolerance of each other: of b's shadow on a, both ends must be near. */
function commonLength(edges: Edges, a: number, b: number, tolerance: number): number {
  const { x0, y0, x1, y1 } = edges;
  const dx = x1[a]! - x0[a]!;
  const dy = y1[a]! - y0[a]!;
  const length = Math.sqrt(dx * dx + dy * dy);
  const ux = dx / length;
  const uy = dy / length;
  const along0 = (x0[b]! - x0[a]!) * ux + (y0[b]! - y0[a]!) * uy;
  const along1 = (x1[b]! - x0[a]!) * ux + (y1[b]! - y0[a]!) * uy;
  const start = Math.max(0, Math.min(along0, along1));
  const end = Math.min(length, Math.max(along0, along1));
  if (end <= start) return 0;
  const limit = tolerance * tolerance;
  const startDistance = squaredDistance(
    x0[a]! + start * ux,
    y0[a]! + start * uy,
    x0[b]!,
    y0[b]!,
    x1[b]!,
    y1[b]!,
  );
  const endDistance = squaredDistance(x0[a]! + end * ux, y0[a]! + end * uy, x0[b]!, y0[b]!, x1[b]!, y1[b]!);
  return startDistance <= limit && endDistance <= limit ? end - start : 0;
}

/** The common border found so far of each pair of areas, by open addressing: a Map of numbers took four times as long. */
class PairTable {
  private keys = new Float64Array(1024).fill(-1);
  lengths = new Float64Array(1024);
  private used = 0;

  slotOf(key: number): number {
    if (this.used * 2 > this.keys.length) this.grow();
    const slot = this.find(key);
    if (this.keys[slot] === -1) {
      this.keys[slot] = key;
      this.used++;
    }
    return slot;
  }

  private find(key: number): number {
    const mask = this.keys.length - 1;
    let slot = (Math.imul((key % 4294967296) | 0, 0x9e3779b1) >>> 7) & mask;
    while (this.keys[slot] !== -1 && this.keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, lengths } = this;
    this.keys = new Float64Array(keys.length * 2).fill(-1);
    this.lengths = new Float64Array(keys.length * 2);
    for (let slot = 0; slot < keys.length; slot++) {
      if (keys[slot] === -1) continue;
      const place = this.find(keys[slot]!);
      this.keys[place] = keys[slot]!;
      this.lengths[place] = lengths[slot]!;
    }
  }
}
