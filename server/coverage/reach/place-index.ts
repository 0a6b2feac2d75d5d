import { type Bounds, boundsOf, type Shape } from './place-distance.ts';

/** Where places are. Most are points, kept in columns; `areas` holds the shapes of the others, which have a point in them too. */
export type Located = {
  longitudes: Float64Array;
  latitudes: Float64Array;
  areas: ReadonlyMap<number, Exclude<Shape, readonly [number, number]>>;
};

export const shapeOf = (places: Located, place: number): Shape =>
  places.areas.get(place) ?? [places.longitudes[place]!, places.latitudes[place]!];

/** Some of the places, to be found by where they are. */
export type PlaceIndex = {
  /**
   * Calls `visit` once for each place whose bounds meet the given ones, and some others, until it answers true. Cells for
   * which `wants` says no are passed over with all that is in them.
   */
  search(within: Bounds, visit: (place: number) => boolean, wants?: (cell: number) => boolean): void;
  cellCount: number;
  /** Calls `put` for each cell in which a place stands. */
  eachCell(place: number, put: (cell: number) => void): void;
  bounds: Bounds;
};

const mostCells = 1 << 22;

/**
 * Places sorted into the cells of a grid; an area stands in every cell that its bounds touch. Against a tree, a grid
 * takes one pass to build, and cells of about the radius asked for are as good as a tree where all ask for the same.
 *
 * @param cellDegrees the side of a cell; taken larger where the grid would have more than 4 million cells.
 */
export function createPlaceIndex(
  places: Located,
  members: ArrayLike<number>,
  cellDegrees: number,
): PlaceIndex {
  const bounds: Bounds = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  const areaBounds = new Map<number, Bounds>();
  const isArea = new Uint8Array(places.longitudes.length);
  for (let i = 0; i < members.length; i += 1) {
    const place = members[i]!;
    const area = places.areas.get(place);
    const own = area && boundsOf(area);
    if (own) {
      areaBounds.set(place, own);
      isArea[place] = 1;
    }
    const x = places.longitudes[place]!;
    const y = places.latitudes[place]!;
    bounds.west = Math.min(bounds.west, own?.west ?? x);
    bounds.east = Math.max(bounds.east, own?.east ?? x);
    bounds.south = Math.min(bounds.south, own?.south ?? y);
    bounds.north = Math.max(bounds.north, own?.north ?? y);
  }
  if (members.length === 0) return { search: () => {}, cellCount: 0, eachCell: () => {}, bounds };

  let side = cellDegrees;
  const sizes = () => [
    Math.floor((bounds.east - bounds.west) / side) + 1,
    Math.floor((bounds.north - bounds.south) / side) + 1,
  ];
  let [columns = 1, rows = 1] = sizes();
  while (columns * rows > mostCells) {
    side *= 2;
    [columns = 1, rows = 1] = sizes();
  }
  const columnAt = (longitude: number) =>
    Math.max(0, Math.min(columns - 1, Math.floor((longitude - bounds.west) / side)));
  const rowAt = (latitude: number) =>
    Math.max(0, Math.min(rows - 1, Math.floor((latitude - bounds.south) / side)));

  // Counting sort: how many stand in each cell, where each cell's begin, then the places themselves.
  const starts = new Int32Array(columns * rows + 1);
  const eachCell = (place: number, put: (cell: number) => void) => {
    const own = areaBounds.get(place);
    if (!own) {
      put(rowAt(places.latitudes[place]!) * columns + columnAt(places.longitudes[place]!));
      return;
    }
    for (let row = rowAt(own.south); row <= rowAt(own.north); row += 1)
      for (let column = columnAt(own.west); column <= columnAt(own.east); column += 1)
        put(row * columns + column);
  };
  for (let i = 0; i < members.length; i += 1) eachCell(members[i]!, (at) => (starts[at + 1]! += 1));
  for (let at = 0; at < columns * rows; at += 1) starts[at + 1]! += starts[at]!;
  const next = starts.slice(0, -1);
  const sorted = new Int32Array(starts[columns * rows]!);
  for (let i = 0; i < members.length; i += 1)
    eachCell(members[i]!, (at) => {
      sorted[next[at]!] = members[i]!;
      next[at]! += 1;
    });

  return {
    cellCount: columns * rows,
    eachCell,
    bounds,
    search(within, visit, wants) {
      if (within.east < bounds.west || within.west > bounds.east) return;
      if (within.north < bounds.south || within.south > bounds.north) return;
      const firstColumn = columnAt(within.west);
      const lastColumn = columnAt(within.east);
      // An area stands in several cells: it is met again in the next row or column.
      let met: Set<number> | undefined;
      const [firstRow, lastRow] = [rowAt(within.south), rowAt(within.north)];
      // From the middle outwards, alternately: who stops at what is near then stops soon.
      const middleRow = (firstRow + lastRow) >> 1;
      const middleColumn = (firstColumn + lastColumn) >> 1;
      const lastStep = lastColumn - firstColumn + 1;
      for (let rowStep = 0; rowStep <= lastRow - firstRow + 1; rowStep += 1) {
        const row = middleRow + (rowStep & 1 ? -(rowStep + 1) >> 1 : rowStep >> 1);
        if (row < firstRow || row > lastRow) continue;
        for (let step = 0; step <= lastStep; step += 1) {
          const column = middleColumn + (step & 1 ? -(step + 1) >> 1 : step >> 1);
          if (column < firstColumn || column > lastColumn) continue;
          const cell = row * columns + column;
          const end = starts[cell + 1]!;
          let at = starts[cell]!;
          if (at === end || (wants && !wants(cell))) continue;
          for (; at < end; at += 1) {
            const place = sorted[at]!;
            if (isArea[place] === 1) {
              met ??= new Set();
              if (met.has(place)) continue;
              met.add(place);
            }
            if (visit(place)) return;
          }
        }
      }
    },
  };
}
