import type { Position } from 'geojson';

/** What a stretch of the province's outer edge adjoins: a province by name, or the sea. */
export type EdgeLabel = { kind: 'adjoining'; neighbourProvince: string } | { kind: 'coastal' };
/** The parts of a commune's outline (metres) that no other known area shares, with what it is known to adjoin there. */
export type OuterEdge = { communeCode: string; labels: readonly EdgeLabel[]; lines: readonly Position[][] };
export type LabelledEdge = { communeCode: string; label: EdgeLabel; lines: Position[][] };

const pieceMeters = 100;

/**
 * Tells which stretch of each commune's outer edge adjoins what, where only the list of its neighbours is known and not
 * their outlines. With one neighbour the whole edge adjoins it. With several, the edge is cut into pieces of at most
 * 100 m, and each goes to the neighbour that is also listed by the nearest other commune: along a province's edge the
 * communes before and after a corner tell the two sides apart. A neighbour that no other commune lists gets the whole
 * edge, because nothing tells where it begins; its strip then overlaps the others'.
 *
 * A list without an edge (the outline has no stretch that nothing else touches) gives nothing; the caller says so.
 */
export function labelOuterEdges(edges: readonly OuterEdge[]): LabelledEdge[] {
  const pieces = edges.map((edge) => ({ ...edge, pieces: edge.lines.flatMap(cutLine) }));
  return pieces.flatMap(({ communeCode, labels, lines, pieces: own }): LabelledEdge[] => {
    if (!lines.length) return [];
    const [only] = labels;
    if (only && labels.length === 1) return [{ communeCode, label: only, lines: [...lines] }];
    const elsewhere = labels.map((label) => ({
      label,
      points: pieces
        .filter(
          (other) =>
            other.communeCode !== communeCode &&
            other.labels.some((candidate) => sameLabel(candidate, label)),
        )
        .flatMap((other) => other.pieces.map(middle)),
    }));
    const distances = own.map((piece) => elsewhere.map(({ points }) => nearestSquare(middle(piece), points)));
    return elsewhere.flatMap(({ label, points }, at) => {
      const mine = own.filter(
        (_, index) =>
          points.length === 0 || distances[index]!.every((distance) => distances[index]![at]! <= distance),
      );
      return mine.length ? [{ communeCode, label, lines: mine }] : [];
    });
  });
}

export const sameLabel = (one: EdgeLabel, other: EdgeLabel) =>
  one.kind === 'adjoining'
    ? other.kind === 'adjoining' && one.neighbourProvince === other.neighbourProvince
    : other.kind === 'coastal';

/** Pieces of two points each, at most `pieceMeters` long. */
function cutLine(line: readonly Position[]): Position[][] {
  const pieces: Position[][] = [];
  for (let i = 1; i < line.length; i += 1) {
    const [ax, ay] = line[i - 1] as [number, number];
    const [bx, by] = line[i] as [number, number];
    const count = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / pieceMeters));
    const at = (share: number): Position => [ax + (bx - ax) * share, ay + (by - ay) * share];
    for (let piece = 0; piece < count; piece += 1) pieces.push([at(piece / count), at((piece + 1) / count)]);
  }
  return pieces;
}

const middle = ([a, b]: readonly Position[]): Position => [(a![0]! + b![0]!) / 2, (a![1]! + b![1]!) / 2];

function nearestSquare([x, y]: Position, points: readonly Position[]): number {
  let nearest = Infinity;
  for (const [px, py] of points as [number, number][])
    nearest = Math.min(nearest, (px - x!) ** 2 + (py - y!) ** 2);
  return nearest;
}
