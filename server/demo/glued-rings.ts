/** One side of a cell, `region` on its left and `beyond` on its right. */
export type DirectedEdge = { from: string; to: string; region: string; beyond: string };

/**
 * Puts the sides of cells together to rings round regions, counter-clockwise round what they hold. A line between two
 * junctions (corners where three regions meet) is drawn once, in one direction, for both regions, so that the rings of
 * neighbours have the same vertices whatever `drawLine` does between its two ends.
 *
 * Rings are not closed by a repeated first point. `skipped` regions get no ring. At a corner exactly three cells meet,
 * as is the case in a power diagram whose sites are in general position.
 */
export function chainRings(
  edges: readonly DirectedEdge[],
  drawLine: (corners: readonly string[]) => [number, number][],
  skipped: ReadonlySet<string>,
): Map<string, [number, number][][]> {
  const between = edges.filter(({ region, beyond }) => region !== beyond);
  const meetings = new Map<string, Set<string>>();
  for (const { from, to, region, beyond } of between) {
    for (const corner of [from, to]) {
      const meeting = meetings.get(corner) ?? new Set<string>();
      meetings.set(corner, meeting.add(region).add(beyond));
    }
  }
  const isJunction = (corner: string): boolean => meetings.get(corner)!.size >= 3;

  const drawn = new Map<string, [number, number][]>();
  const lineAlong = (corners: readonly string[]): [number, number][] => {
    const forward = corners.join(' ');
    const backward = [...corners].reverse().join(' ');
    const key = [forward, backward].sort()[0]!;
    let line = drawn.get(key);
    if (!line) {
      line = drawLine(key.split(' '));
      drawn.set(key, line);
    }
    return key === forward ? line : [...line].reverse();
  };

  const byRegion = new Map<string, DirectedEdge[]>();
  for (const edge of between) {
    if (skipped.has(edge.region)) continue;
    byRegion.set(edge.region, [...(byRegion.get(edge.region) ?? []), edge]);
  }
  const rings = new Map<string, [number, number][][]>();
  for (const [region, own] of byRegion) {
    rings.set(
      region,
      cornerLoops(own).map((loop) => ringAlong(loop, isJunction, lineAlong)),
    );
  }
  return rings;
}

function cornerLoops(edges: readonly DirectedEdge[]): string[][] {
  const next = new Map(edges.map(({ from, to }) => [from, to]));
  const loops: string[][] = [];
  while (next.size > 0) {
    const [start] = next.keys();
    const loop: string[] = [];
    for (let corner = start!; next.has(corner); ) {
      loop.push(corner);
      const following = next.get(corner)!;
      next.delete(corner);
      corner = following;
    }
    loops.push(loop);
  }
  return loops;
}

function ringAlong(
  loop: readonly string[],
  isJunction: (corner: string) => boolean,
  lineAlong: (corners: readonly string[]) => [number, number][],
): [number, number][] {
  // A loop without junctions (a region within another) starts at the corner that comes first by name.
  const junction = loop.findIndex(isJunction);
  const first = junction >= 0 ? junction : loop.indexOf([...loop].sort()[0]!);
  const turned = [...loop.slice(first), ...loop.slice(0, first), loop[first]!];
  const ring: [number, number][] = [];
  let start = 0;
  for (let k = 1; k < turned.length; k++) {
    if (k < turned.length - 1 && !isJunction(turned[k]!)) continue;
    ring.push(...lineAlong(turned.slice(start, k + 1)).slice(0, -1));
    start = k;
  }
  return ring.filter((point, k) => {
    const before = ring[(k + ring.length - 1) % ring.length]!;
    return point[0] !== before[0] || point[1] !== before[1];
  });
}
