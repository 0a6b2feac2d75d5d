import type { DensityGrid } from '../../hotspots/density/density-window.ts';

/**
 * Where the places that were missed lie, as a lattice of cells.
 *
 * A cell belongs to a gap when its centre lies within `marginMeters` of a missed place, nearer to it than to any place
 * that was reached, and within the province. The cell that holds a missed place always belongs, so that none is lost between
 * reached neighbours or at the border. Cells that share a side are one gap, until it is longer than `widestMeters`: then it
 * is divided by the communes of the nearest missed places, and what is still longer is cut at its waist. Without that, what one
 * month missed hangs together over half the province, which helps nobody to plan.
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
  /** The commune of each, as a position in a list. */
  communes: ArrayLike<number>;
  /** By position: closed rings [x0, y0, x1, y1, …] of one or more polygons, the even–odd rule deciding what is inside. */
  areas: ReadonlyMap<number, readonly Float64Array[]>;
};

export function gapLattice(
  grid: DensityGrid,
  province: Uint8Array,
  missed: PlanePlaces,
  reached: PlanePlaces,
  marginMeters: number,
  widestMeters: number,
): GapLattice {
  const size = grid.columns * grid.rows;
  // A little beyond the margin, so that the border can be drawn between cell centres.
  const { meters: toMissed, communes } = distancesUpTo(grid, missed, marginMeters + 1.5 * grid.step);
  const { meters: toReached } = distancesUpTo(grid, nearTo(reached, missed, 2 * marginMeters), marginMeters);
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
  return { grid, depth, ...connectedCells(grid, depth, communes, widestMeters / grid.step) };
}

/**
 * Those of some places that can lie within so many metres of one of the others, and some more: told by squares of that side.
 * Of 90,000 places within reach a few thousand lie where a gap could end; areas, which are few, are all kept.
 */
function nearTo(places: PlanePlaces, others: PlanePlaces, meters: number): PlanePlaces {
  // One number for each square: provinces have far fewer than a million in a row.
  const square = (east: number, north: number) => east * 1_000_000 + north;
  const near = new Set<number>();
  for (let other = 0; other < others.xs.length; other += 1) {
    const [x, y] = [others.xs[other]!, others.ys[other]!];
    const rings = others.areas.get(other);
    const [west, south, east, north] = rings ? boundsOfRings(rings) : [x, y, x, y];
    for (let column = Math.floor(west / meters) - 1; column <= Math.floor(east / meters) + 1; column += 1)
      for (let row = Math.floor(south / meters) - 1; row <= Math.floor(north / meters) + 1; row += 1)
        near.add(square(column, row));
  }
  const kept: number[] = [];
  for (let place = 0; place < places.xs.length; place += 1)
    if (
      places.areas.has(place) ||
      near.has(square(Math.floor(places.xs[place]! / meters), Math.floor(places.ys[place]! / meters)))
    )
      kept.push(place);
  return {
    xs: Float64Array.from(kept, (place) => places.xs[place]!),
    ys: Float64Array.from(kept, (place) => places.ys[place]!),
    communes: Int32Array.from(kept, (place) => places.communes[place]!),
    areas: new Map(
      kept.flatMap((place, at) => {
        const rings = places.areas.get(place);
        return rings ? [[at, rings] as const] : [];
      }),
    ),
  };
}

/** The cell that a point lies in; of a point outside the grid the nearest. */
export function cellOf(grid: DensityGrid, x: number, y: number): number {
  const column = Math.floor((x - grid.x0) / grid.step + 0.5);
  const row = Math.floor((y - grid.y0) / grid.step + 0.5);
  return (
    Math.max(0, Math.min(grid.rows - 1, row)) * grid.columns + Math.max(0, Math.min(grid.columns - 1, column))
  );
}

/**
 * From each cell's centre to the nearest place, where that is at most so many metres (infinite elsewhere), and that place's
 * commune; of equally near ones the first in the list of communes, whatever the order of places.
 */
function distancesUpTo(
  grid: DensityGrid,
  places: PlanePlaces,
  most: number,
): { meters: Float32Array; communes: Int32Array } {
  const { step, columns, rows, x0, y0 } = grid;
  const squared = new Float32Array(columns * rows).fill(Infinity);
  const communes = new Int32Array(columns * rows).fill(-1);
  const mostSquared = most * most;
  const columnsWithin = (west: number, east: number) =>
    [
      Math.max(0, Math.ceil((west - most - x0) / step)),
      Math.min(columns - 1, Math.floor((east + most - x0) / step)),
    ] as const;
  const rowsWithin = (south: number, north: number) =>
    [
      Math.max(0, Math.ceil((south - most - y0) / step)),
      Math.min(rows - 1, Math.floor((north + most - y0) / step)),
    ] as const;
  for (let place = 0; place < places.xs.length; place += 1) {
    const rings = places.areas.get(place);
    const x = places.xs[place]!;
    const y = places.ys[place]!;
    const commune = places.communes[place]!;
    const [west, south, east, north] = rings ? boundsOfRings(rings) : [x, y, x, y];
    const [firstColumn, lastColumn] = columnsWithin(west, east);
    const [firstRow, lastRow] = rowsWithin(south, north);
    for (let row = firstRow; row <= lastRow; row += 1) {
      const dy = y0 + row * step - y;
      for (let column = firstColumn; column <= lastColumn; column += 1) {
        const dx = x0 + column * step - x;
        const cell = row * columns + column;
        const found = rings ? squaredToArea(x + dx, y + dy, rings) : dx * dx + dy * dy;
        // Most are farther than what is known, by more than rounding.
        if (found > mostSquared || found > squared[cell]! * 1.000001) continue;
        // Rounded as it will be kept, so that equal ones are found equal.
        const meters = Math.fround(found);
        if (meters > squared[cell]!) continue;
        if (meters === squared[cell] && commune >= communes[cell]!) continue;
        squared[cell] = meters;
        communes[cell] = commune;
      }
    }
  }
  for (let cell = 0; cell < squared.length; cell += 1)
    if (squared[cell]! < Infinity) squared[cell] = Math.sqrt(squared[cell]!);
  return { meters: squared, communes };
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

function squaredToArea(x: number, y: number, rings: readonly Float64Array[]): number {
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
  return inside ? 0 : squared;
}

/**
 * The parts that cells above zero form by their common sides, numbered by their first cells. A part that is longer or wider
 * than `widestCells` falls into its communes; one within a commune is cut across where it is narrowest, within its middle
 * half, until none is longer.
 */
function connectedCells(
  { columns, rows }: DensityGrid,
  depth: Float32Array,
  communes: Int32Array,
  widestCells: number,
) {
  // -2: not in a part yet; -1: in none.
  const gaps = new Int32Array(columns * rows).fill(-1);
  for (let cell = 0; cell < gaps.length; cell += 1) if (depth[cell]! > 0) gaps[cell] = -2;
  const waiting = new Int32Array(columns * rows);
  /** Takes the part that a cell belongs to out of the cells marked so, and marks it anew. */
  const takePart = (first: number, marked: number, mark: number): Int32Array => {
    let end = 0;
    const add = (cell: number) => {
      if (gaps[cell] !== marked) return;
      gaps[cell] = mark;
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
    return waiting.slice(0, end).sort();
  };

  const parts: Int32Array[] = [];
  for (let first = 0; first < gaps.length; first += 1) {
    if (gaps[first] !== -2) continue;
    const uncut = [takePart(first, -2, -3)];
    for (let part = uncut.pop(); part; part = uncut.pop()) {
      const pieceOf = divide(part, columns, communes, widestCells);
      if (!pieceOf) {
        for (const cell of part) gaps[cell] = parts.length;
        parts.push(part);
        continue;
      }
      for (const cell of part) gaps[cell] = -4 - pieceOf(cell);
      for (const cell of part) if (gaps[cell]! <= -4) uncut.push(takePart(cell, gaps[cell]!, -3));
    }
  }
  parts.sort((a, b) => a[0]! - b[0]!);
  parts.forEach((part, gap) => {
    for (const cell of part) gaps[cell] = gap;
  });
  return { gaps, gapCount: parts.length };
}

/** Into which piece each cell of a part goes, from 0; null where the part is small enough. */
function divide(
  part: Int32Array,
  columns: number,
  communes: Int32Array,
  widestCells: number,
): ((cell: number) => number) | null {
  let [west, south, east, north] = [Infinity, Infinity, -1, -1];
  for (const cell of part) {
    const column = cell % columns;
    const row = (cell - column) / columns;
    if (column < west) west = column;
    if (column > east) east = column;
    if (row < south) south = row;
    if (row > north) north = row;
  }
  const isWide = east - west >= north - south;
  const [least, extent] = isWide ? [west, east - west + 1] : [south, north - south + 1];
  if (extent <= widestCells) return null;
  if (part.some((cell) => communes[cell] !== communes[part[0]!])) return (cell) => communes[cell]! + 1;
  const along = (cell: number) => (isWide ? cell % columns : Math.floor(cell / columns)) - least;
  const breadths = new Int32Array(extent);
  for (const cell of part) breadths[along(cell)]! += 1;
  const middle = extent / 2;
  let cut = -1;
  for (let at = Math.ceil(extent / 4); at <= Math.floor((extent * 3) / 4); at += 1) {
    const isNarrower = cut < 0 || breadths[at]! < breadths[cut]!;
    const isAsNarrow = cut >= 0 && breadths[at] === breadths[cut];
    if (isNarrower || (isAsNarrow && Math.abs(at - middle) < Math.abs(cut - middle))) cut = at;
  }
  return (cell) => (along(cell) >= cut ? 1 : 0);
}
