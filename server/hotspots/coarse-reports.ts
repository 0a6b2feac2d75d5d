import { cellToLatLng, cellToParent, getResolution } from 'h3-js';

/** Fewer reports than this in a cell do not leave the server. */
const fewest = 5;
/** Cells of 36 km² and 253 km²: beyond, a place says nothing any more. */
const coarsest = 5;

export type PlacedCounts = { longitudes: number[]; latitudes: number[]; counts: number[]; withheld: number };

/**
 * Reports by H3 cell, made coarser until each cell holds at least five: cells with fewer are joined in their parent, up to
 * resolution 5; what is still fewer is withheld and counted. So no place on a map of reports stands for one to four.
 *
 * @param cells H3 indices of one resolution; `counts` the reports in each.
 * @returns centres of the cells in degrees, in the order of the cells.
 */
export function coarseReports(cells: readonly string[], counts: readonly number[]): PlacedCounts {
  let open = new Map<string, number>();
  cells.forEach((cell, index) => {
    open.set(cell, (open.get(cell) ?? 0) + (counts[index] ?? 0));
  });
  const kept = new Map<string, number>();
  for (;;) {
    const joined = new Map<string, number>();
    for (const [cell, count] of open) {
      if (count >= fewest) kept.set(cell, count);
      else if (getResolution(cell) > coarsest) {
        const parent = cellToParent(cell, getResolution(cell) - 1);
        joined.set(parent, (joined.get(parent) ?? 0) + count);
      } else joined.set(cell, count);
    }
    open = joined;
    if ([...open.keys()].every((cell) => getResolution(cell) === coarsest)) {
      for (const [cell, count] of open) {
        if (count < fewest) continue;
        kept.set(cell, count);
        open.delete(cell);
      }
      break;
    }
  }
  const sorted = [...kept].sort(([a], [b]) => (a < b ? -1 : 1));
  const centres = sorted.map(([cell]) => cellToLatLng(cell));
  return {
    longitudes: centres.map(([, longitude]) => longitude),
    latitudes: centres.map(([latitude]) => latitude),
    counts: sorted.map(([, count]) => count),
    withheld: [...open.values()].reduce((sum, count) => sum + count, 0),
  };
}
