import { cellToParent, getResolution } from 'h3-js';

const fewest = 5;
const coarsest = 5;

export type CoarseCells = { kept: Map<string, number>; withheld: number };

/**
 * What `report_cells` (migrations/0016) makes of the reports of one quarter and one role, written without SQL: cells of five
 * or more are kept; fewer are joined in their parent, up to resolution 5, and kept there where five or more come together,
 * from two cells or more, and fewer than four from each; the rest is withheld.
 *
 * @param cells H3 indices of resolution 7, each once; `counts` the reports in each.
 */
export function coarseReports(cells: readonly string[], counts: readonly number[]): CoarseCells {
  const kept = new Map<string, number>();
  let open: [cell: string, count: number][] = [];
  cells.forEach((cell, index) => {
    const count = counts[index]!;
    if (count >= fewest) kept.set(cell, count);
    else open.push([cell, count]);
  });
  for (
    let resolution = getResolution(cells[0] ?? '8741a8c4affffff') - 1;
    resolution >= coarsest;
    resolution--
  ) {
    const joined = new Map<string, number[]>();
    for (const [cell, count] of open) {
      const parent = cellToParent(cell, resolution);
      joined.set(parent, [...(joined.get(parent) ?? []), count]);
    }
    open = [];
    for (const [parent, parts] of joined) {
      const count = parts.reduce((sum, part) => sum + part, 0);
      if (count >= fewest && parts.length >= 2 && count < 4 * parts.length) kept.set(parent, count);
      else open.push([parent, count]);
    }
  }
  return { kept, withheld: open.reduce((sum, [, count]) => sum + count, 0) };
}
