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
  /** Calls `visit` once for each place whose bounds meet the given ones, and some others, until it answers true. */
  search(within: Bounds, visit: (place: number) => boolean): void;
  /** The longer side of a cell, in degrees. */
  cellDegrees: number;
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
  if (members.length === 0) return { search: () => {}, cellDegrees, bounds };

  let cell = cellDegrees;
  const sizes = () => [
    Math.floor((bounds.east - bounds.west) / cell) + 1,
    Math.floor((bounds.north - bounds.south) / cell) + 1,
  ];
  let [columns = 1, rows = 1] = sizes();
  while (columns * rows > mostCells) {
    cell *= 2;
    [columns = 1, rows = 1] = sizes();
  }
  const columnAt = (longitude: number) =>
    Math.max(0, Math.min(columns - 1, Math.floor((longitude - bounds.west) / cell)));
  const rowAt = (latitude: number) =>
    Math.max(0, Math.min(rows - 1, Math.floor((latitude - bounds.south) / cell)));

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
    cellDegrees: cell,
    bounds,
    search(within, visit) {
      if (within.east < bounds.west || within.west > bounds.east) return;
      if (within.north < bounds.south || within.south > bounds.north) return;
      const firstColumn = columnAt(within.west);
      const lastColumn = columnAt(within.east);
      // An area stands in several cells: it is met again in the next row or column.
      let met: Set<number> | undefined;
      for (let row = rowAt(within.south); row <= rowAt(within.north); row += 1) {
        // The cells of a row lie one after the other, and so do their places.
        const end = starts[row * columns + lastColumn + 1]!;
        for (let at = starts[row * columns + firstColumn]!; at < end; at += 1) {
          const place = sorted[at]!;
          if (isArea[place] === 1) {
            met ??= new Set();
            if (met.has(place)) continue;
            met.add(place);
          }
          if (visit(place)) return;
        }
      }
    },
  };
}
