/** A straight piece of an arc between integer points. */
export type Segment = { arc: number; ax: number; ay: number; bx: number; by: number };

/**
 * The arcs that cross, touch or run over one another (or themselves) anywhere but at a common end. Exact for integer
 * coordinates whose differences stay under 9·10⁷, because the products of the orientation test then stay under 2⁵³.
 */
export function crossingArcs(segments: readonly Segment[]): Set<number> {
  const found = new Set<number>();
  if (!segments.length) return found;
  const extent = segments
    .map(({ ax, ay, bx, by }) => Math.max(Math.abs(bx - ax), Math.abs(by - ay)))
    .sort((a, b) => a - b);
  const cellSize = Math.max(1, 2 * extent[Math.floor(extent.length / 2)]!);
  const cells = new Map<number, number[]>();
  const cellKey = (column: number, row: number) => column * 67_108_864 + row;

  segments.forEach((segment, index) => {
    const firstColumn = Math.floor(Math.min(segment.ax, segment.bx) / cellSize);
    const lastColumn = Math.floor(Math.max(segment.ax, segment.bx) / cellSize);
    const firstRow = Math.floor(Math.min(segment.ay, segment.by) / cellSize);
    const lastRow = Math.floor(Math.max(segment.ay, segment.by) / cellSize);
    for (let column = firstColumn; column <= lastColumn; column += 1)
      for (let row = firstRow; row <= lastRow; row += 1) {
        const key = cellKey(column, row);
        const members = cells.get(key);
        if (!members) {
          cells.set(key, [index]);
          continue;
        }
        for (const other of members)
          if (conflict(segment, segments[other]!)) {
            found.add(segment.arc);
            found.add(segments[other]!.arc);
          }
        members.push(index);
      }
  });
  return found;
}

function conflict(one: Segment, other: Segment): boolean {
  if (
    Math.max(one.ax, one.bx) < Math.min(other.ax, other.bx) ||
    Math.max(other.ax, other.bx) < Math.min(one.ax, one.bx) ||
    Math.max(one.ay, one.by) < Math.min(other.ay, other.by) ||
    Math.max(other.ay, other.by) < Math.min(one.ay, one.by)
  )
    return false;
  const otherStart = side(one, other.ax, other.ay);
  const otherEnd = side(one, other.bx, other.by);
  const oneStart = side(other, one.ax, one.ay);
  const oneEnd = side(other, one.bx, one.by);
  if (otherStart * otherEnd < 0 && oneStart * oneEnd < 0) return true;
  // An end of one on the other is a fault unless it is an end of the other too.
  return (
    (otherStart === 0 && within(one, other.ax, other.ay)) ||
    (otherEnd === 0 && within(one, other.bx, other.by)) ||
    (oneStart === 0 && within(other, one.ax, one.ay)) ||
    (oneEnd === 0 && within(other, one.bx, one.by)) ||
    (sameEnds(one, other) && one !== other)
  );
}

const side = ({ ax, ay, bx, by }: Segment, x: number, y: number) =>
  Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));

/** Strictly between the ends of a segment on whose line the point lies. */
function within({ ax, ay, bx, by }: Segment, x: number, y: number): boolean {
  if ((x === ax && y === ay) || (x === bx && y === by)) return false;
  return x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by);
}

const sameEnds = (one: Segment, other: Segment) =>
  (one.ax === other.ax && one.ay === other.ay && one.bx === other.bx && one.by === other.by) ||
  (one.ax === other.bx && one.ay === other.by && one.bx === other.ax && one.by === other.ay);
