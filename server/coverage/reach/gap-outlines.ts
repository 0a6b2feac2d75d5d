import type { MultiPolygon, Position } from 'geojson';
import { contourAreas } from '../../hotspots/density/contours.ts';
import { signedArea } from '../../hotspots/density/density-window.ts';
import type { GapLattice } from './gap-lattice.ts';

export type GapOutline = {
  /** In longitude and latitude, 5 decimals (1 m): a hundredth of the lattice. */
  geometry: MultiPolygon;
  areaSquareKm: number;
  /** The centre of its deepest cell, which is within the outline. */
  labelPoint: [number, number];
};

/**
 * The outlines of some of the lattice's gaps, by marching squares with linear interpolation between cell centres: smooth to
 * within a cell of where the depth is 0. Each is drawn from its own cells alone.
 *
 * @param wanted gaps by number; the outlines come in the same order.
 * @param inverse from the plane to longitude and latitude.
 */
export function gapOutlines(
  { grid, depth, gaps, gapCount }: GapLattice,
  wanted: readonly number[],
  inverse: (x: number, y: number) => [number, number],
): GapOutline[] {
  const heights = heightsToDraw({ grid, depth, gaps, gapCount });
  const boxes = boxesOfGaps(grid.columns, gaps, gapCount);
  const place = (x: number, y: number): [number, number] => {
    const [longitude, latitude] = inverse(x, y);
    return [Math.round(longitude * 1e5) / 1e5, Math.round(latitude * 1e5) / 1e5];
  };
  return wanted.map((gap) => {
    const [west, south, east, north] = boxes.subarray(gap * 4, gap * 4 + 4) as unknown as number[];
    // One cell more on every side, where the outline turns.
    const own = {
      x0: grid.x0 + (west! - 1) * grid.step,
      y0: grid.y0 + (south! - 1) * grid.step,
      step: grid.step,
      columns: east! - west! + 3,
      rows: north! - south! + 3,
    };
    const values = new Float64Array(own.columns * own.rows).fill(-grid.step / 2);
    let deepest = -1;
    for (let row = 0; row < own.rows; row += 1) {
      for (let column = 0; column < own.columns; column += 1) {
        const [c, r] = [west! - 1 + column, south! - 1 + row];
        if (c < 0 || c >= grid.columns || r < 0 || r >= grid.rows) continue;
        const cell = r * grid.columns + c;
        const isOwn = gaps[cell] === gap;
        values[row * own.columns + column] = isOwn ? heights[cell]! : -Math.abs(heights[cell]!);
        if (isOwn && (deepest < 0 || depth[cell]! > depth[deepest]!)) deepest = cell;
      }
    }
    const [{ geometry } = { geometry: { type: 'MultiPolygon' as const, coordinates: [] } }] = contourAreas(
      own,
      values,
      [0],
    );
    const squareMeters = geometry.coordinates
      .flat()
      .reduce((sum, ring) => sum + signedArea(Float64Array.from(ring.flat())), 0);
    return {
      geometry: {
        type: 'MultiPolygon',
        coordinates: geometry.coordinates.map((rings) =>
          rings.map((ring) => closedRing(ring.map(([x, y]) => place(x!, y!)))),
        ),
      },
      areaSquareKm: squareMeters / 1e6,
      labelPoint: place(
        grid.x0 + (deepest % grid.columns) * grid.step,
        grid.y0 + Math.floor(deepest / grid.columns) * grid.step,
      ),
    };
  });
}

/**
 * What is drawn from: the depth, at least a twentieth of a step above or below 0 and at most a step, so that the border
 * crosses the line between two centres at least a twentieth of its length from either, and no two of its corners fall
 * together when rounded. Where a gap touches another it is at most half a step on both sides, so that both draw one border.
 */
function heightsToDraw({ grid, depth, gaps }: GapLattice): Float32Array {
  const { columns, rows, step } = grid;
  const touchesAnother = (cell: number) => {
    const column = cell % columns;
    const row = (cell - column) / columns;
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r += 1) {
      for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c += 1) {
        const other = gaps[r * columns + c]!;
        if (other >= 0 && other !== gaps[cell]) return true;
      }
    }
    return false;
  };
  const heights = new Float32Array(depth.length);
  for (let cell = 0; cell < depth.length; cell += 1) {
    const isInside = gaps[cell]! >= 0;
    const most = isInside && touchesAnother(cell) ? step / 2 : step;
    const height = Math.max(step / 20, Math.min(most, Math.abs(depth[cell]!)));
    heights[cell] = isInside ? height : -height;
  }
  return heights;
}

/** Without positions that rounding made alike. */
const closedRing = (ring: Position[]): Position[] =>
  ring.filter(([x, y], index) => index === 0 || x !== ring[index - 1]![0] || y !== ring[index - 1]![1]);

/** For each gap the first and last column and row: west, south, east, north. */
function boxesOfGaps(columns: number, gaps: Int32Array, gapCount: number): Int32Array {
  const boxes = new Int32Array(gapCount * 4);
  for (let gap = 0; gap < gapCount; gap += 1) boxes.set([2 ** 31 - 1, 2 ** 31 - 1, -1, -1], gap * 4);
  for (let cell = 0; cell < gaps.length; cell += 1) {
    const gap = gaps[cell]!;
    if (gap < 0) continue;
    const column = cell % columns;
    const row = Math.floor(cell / columns);
    boxes[gap * 4] = Math.min(boxes[gap * 4]!, column);
    boxes[gap * 4 + 1] = Math.min(boxes[gap * 4 + 1]!, row);
    boxes[gap * 4 + 2] = Math.max(boxes[gap * 4 + 2]!, column);
    boxes[gap * 4 + 3] = Math.max(boxes[gap * 4 + 3]!, row);
  }
  return boxes;
}
