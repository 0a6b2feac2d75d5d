import type { DensityGrid } from '../../hotspots/density/density-window.ts';

/**
 * Where the places that were missed lie, as a lattice of cells.
 *
 * A cell belongs to a gap when its centre lies within `marginMeters` of a missed place, nearer to it than to any place
 * that was reached, and within the province. The cell that holds a missed place always belongs, so that none is lost between
 * reached neighbours or at the border. Cells that share a side are one gap.
 *
 * Rejected: the union of circles about the missed places (30,000 take PostGIS seconds, and cover reached neighbours); the
 * same less the circles about sessions (a place a metre outside one keeps a sickle); concave hulls (they cover what lies
 * between).
 */
export type GapLattice = {
  grid: DensityGrid;
  /** By cell: how deep in a gap its centre lies, in metres; 0 or less outside. The border runs where it would be 0. */
  depth: Float32Array;
  /** By cell: the gap it belongs to, from 0; -1 outside. Gaps are numbered from the south-west corner, row by row. */
  gaps: Int32Array;
  gapCount: number;
};

/** Points and areas in the plane of the grid. */
export type PlanePlaces = {
  xs: ArrayLike<number>;
  ys: ArrayLike<number>;
  /** By position: closed rings [x0, y0, x1, y1, …] of one or more polygons, the even–odd rule deciding what is inside. */
  areas: ReadonlyMap<number, readonly Float64Array[]>;
};

export function gapLattice(
  grid: DensityGrid,
  province: Uint8Array,
  missed: PlanePlaces,
  reached: PlanePlaces,
  marginMeters: number,
): GapLattice {
  const size = grid.columns * grid.rows;
  // A little beyond the margin, so that the border can be drawn between cell centres.
  const toMissed = distancesUpTo(grid, missed, marginMeters + 1.5 * grid.step);
  const toReached = distancesUpTo(grid, reached, marginMeters);
  const depth = new Float32Array(size);
  for (let cell = 0; cell < size; cell += 1) {
    const inside =
      toMissed[cell] === Infinity
        ? -grid.step
        : Math.min(marginMeters - toMissed[cell]!, toReached[cell]! - toMissed[cell]!);
    depth[cell] = province[cell] === 1 ? inside : Math.min(inside, -grid.step / 2);
  }
  for (let place = 0; place < missed.xs.length; place += 1) {
    const cell = cellOf(grid, missed.xs[place]!, missed.ys[place]!);
    depth[cell] = Math.max(depth[cell]!, grid.step / 4);
  }
  return { grid, depth, ...connectedCells(grid, depth) };
}

/** The cell that a point lies in; of a point outside the grid the nearest. */
export function cellOf(grid: DensityGrid, x: number, y: number): number {
  const column = Math.floor((x - grid.x0) / grid.step + 0.5);
  const row = Math.floor((y - grid.y0) / grid.step + 0.5);
  return (
    Math.max(0, Math.min(grid.rows - 1, row)) * grid.columns + Math.max(0, Math.min(grid.columns - 1, column))
  );
}

/** From each cell's centre to the nearest place, where that is at most so many metres; infinite elsewhere. */
function distancesUpTo(grid: DensityGrid, places: PlanePlaces, most: number): Float32Array {
  const nearest = new Float32Array(grid.columns * grid.rows).fill(Infinity);
  const { step, columns, rows, x0, y0 } = grid;
  const stamp = (
    west: number,
    south: number,
    east: number,
    north: number,
    distance: (x: number, y: number) => number,
  ) => {
    const firstColumn = Math.max(0, Math.ceil((west - most - x0) / step));
    const lastColumn = Math.min(columns - 1, Math.floor((east + most - x0) / step));
    const firstRow = Math.max(0, Math.ceil((south - most - y0) / step));
    const lastRow = Math.min(rows - 1, Math.floor((north + most - y0) / step));
    for (let row = firstRow; row <= lastRow; row += 1) {
      for (let column = firstColumn; column <= lastColumn; column += 1) {
        const meters = distance(x0 + column * step, y0 + row * step);
        const cell = row * columns + column;
        if (meters <= most && meters < nearest[cell]!) nearest[cell] = meters;
      }
    }
  };
  for (let place = 0; place < places.xs.length; place += 1) {
    const rings = places.areas.get(place);
    if (rings) {
      const [west, south, east, north] = boundsOfRings(rings);
      stamp(west, south, east, north, (x, y) => distanceToArea(x, y, rings));
    } else {
      const px = places.xs[place]!;
      const py = places.ys[place]!;
      stamp(px, py, px, py, (x, y) => Math.sqrt((x - px) * (x - px) + (y - py) * (y - py)));
    }
  }
  return nearest;
}

function boundsOfRings(rings: readonly Float64Array[]): [number, number, number, number] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      west = Math.min(west, ring[at]!);
      east = Math.max(east, ring[at]!);
      south = Math.min(south, ring[at + 1]!);
      north = Math.max(north, ring[at + 1]!);
    }
  }
  return [west, south, east, north];
}

function distanceToArea(x: number, y: number, rings: readonly Float64Array[]): number {
  let inside = false;
  let squared = Infinity;
  for (const ring of rings) {
    for (let at = 2; at < ring.length; at += 2) {
      const [x1, y1, x2, y2] = [ring[at - 2]!, ring[at - 1]!, ring[at]!, ring[at + 1]!];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
      const along = (x2 - x1) ** 2 + (y2 - y1) ** 2;
      const share = along === 0 ? 0 : ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / along;
      const t = Math.max(0, Math.min(1, share));
      squared = Math.min(squared, (x - x1 - t * (x2 - x1)) ** 2 + (y - y1 - t * (y2 - y1)) ** 2);
    }
  }
  return inside ? 0 : Math.sqrt(squared);
}

/** Numbers the parts that cells above zero form by their common sides. */
function connectedCells({ columns, rows }: DensityGrid, depth: Float32Array) {
  const gaps = new Int32Array(columns * rows).fill(-1);
  const waiting = new Int32Array(columns * rows);
  let gapCount = 0;
  for (let first = 0; first < gaps.length; first += 1) {
    if (!(depth[first]! > 0) || gaps[first] !== -1) continue;
    let end = 0;
    const add = (cell: number) => {
      if (!(depth[cell]! > 0) || gaps[cell] !== -1) return;
      gaps[cell] = gapCount;
      waiting[end] = cell;
      end += 1;
    };
    add(first);
    for (let at = 0; at < end; at += 1) {
      const cell = waiting[at]!;
      const column = cell % columns;
      if (column > 0) add(cell - 1);
      if (column < columns - 1) add(cell + 1);
      if (cell >= columns) add(cell - columns);
      if (cell < columns * (rows - 1)) add(cell + columns);
    }
    gapCount += 1;
  }
  return { gaps, gapCount };
}
