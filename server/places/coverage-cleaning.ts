// Coordinates here are integers (grid units), so that every orientation test below is exact.

export type GridRing = [number, number][];
/** One area: its polygons, each with its rings; rings are closed. */
export type GridArea = { code: string; polygons: GridRing[][] };

export const vertexKey = (x: number, y: number) => `${x} ${y}`;
const maximumPasses = 4;

/**
 * Welds what neighbours drew apart by no more than `tolerance`: vertices that nearly coincide become one, and a vertex
 * that nearly lies on a neighbour's edge becomes a vertex of it too. Only edges that belong to one area alone take part,
 * so that a coverage that already fits comes out as it went in. Consecutive duplicates and spikes are removed; a ring
 * that collapses is dropped.
 */
export function weldCoverage(
  areas: readonly GridArea[],
  tolerance: number,
): { areas: GridArea[]; welded: number } {
  let current = areas.map(({ code, polygons }) => ({ code, polygons: tidyPolygons(polygons) }));
  let welded = 0;
  for (let pass = 0; pass < maximumPasses; pass += 1) {
    const changes = weldOnce(current, tolerance);
    if (changes.count === 0) break;
    welded += changes.count;
    current = changes.areas;
  }
  return { areas: current, welded };
}

function weldOnce(areas: readonly GridArea[], tolerance: number): { areas: GridArea[]; count: number } {
  const uses = new Map<string, number>();
  const rings = areas.flatMap(({ polygons }) => polygons.flat());
  for (const ring of rings)
    for (let i = 1; i < ring.length; i += 1) count(uses, edgeKey(ring[i - 1]!, ring[i]!));
  const isLoose = (a: readonly number[], b: readonly number[]) => uses.get(edgeKey(a, b)) === 1;

  // Ends of loose edges, in cells as wide as the tolerance: what lies within reach is in the nine cells around.
  const cellSize = Math.max(1, tolerance) * 4;
  const cells = new Map<string, [number, number][]>();
  const loose = new Set<string>();
  for (const ring of rings)
    for (let i = 1; i < ring.length; i += 1) {
      if (!isLoose(ring[i - 1]!, ring[i]!)) continue;
      for (const [x, y] of [ring[i - 1]!, ring[i]!]) {
        if (loose.has(vertexKey(x, y))) continue;
        loose.add(vertexKey(x, y));
        const cell = vertexKey(Math.floor(x / cellSize), Math.floor(y / cellSize));
        const members = cells.get(cell);
        if (members) members.push([x, y]);
        else cells.set(cell, [[x, y]]);
      }
    }
  function* looseVerticesNear(west: number, south: number, east: number, north: number) {
    for (let column = Math.floor(west / cellSize); column <= Math.floor(east / cellSize); column += 1)
      for (let row = Math.floor(south / cellSize); row <= Math.floor(north / cellSize); row += 1)
        yield* cells.get(vertexKey(column, row)) ?? [];
  }

  // Near-coincident vertices: each goes to the smallest within reach that stays where it is.
  const target = new Map<string, [number, number]>();
  const ordered = [...cells.values()].flat().sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let changed = 0;
  for (const [x, y] of ordered) {
    let nearest: [number, number] | null = null;
    let nearestSquare = tolerance * tolerance;
    for (const [u, v] of looseVerticesNear(x - tolerance, y - tolerance, x + tolerance, y + tolerance)) {
      const square = (u - x) ** 2 + (v - y) ** 2;
      const earlier = u < x || (u === x && v < y);
      if (!earlier || square > nearestSquare || target.has(vertexKey(u, v))) continue;
      nearest = [u, v];
      nearestSquare = square;
    }
    if (nearest) {
      target.set(vertexKey(x, y), nearest);
      changed += 1;
    }
  }
  const moved = ([x, y]: [number, number]) => target.get(vertexKey(x, y)) ?? ([x, y] as [number, number]);

  const weldRing = (ring: GridRing): GridRing => {
    const out: GridRing = [moved(ring[0]!)];
    for (let i = 1; i < ring.length; i += 1) {
      const from = moved(ring[i - 1]!);
      const to = moved(ring[i]!);
      if (isLoose(ring[i - 1]!, ring[i]!)) {
        const along: { at: number; vertex: [number, number] }[] = [];
        const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
        const length = Math.hypot(dx, dy);
        for (const vertex of looseVerticesNear(
          Math.min(from[0], to[0]) - tolerance,
          Math.min(from[1], to[1]) - tolerance,
          Math.max(from[0], to[0]) + tolerance,
          Math.max(from[1], to[1]) + tolerance,
        )) {
          if (target.has(vertexKey(...vertex)) || length === 0) continue;
          const at = ((vertex[0] - from[0]) * dx + (vertex[1] - from[1]) * dy) / length;
          const aside = Math.abs((vertex[0] - from[0]) * dy - (vertex[1] - from[1]) * dx) / length;
          if (at > 0 && at < length && aside <= tolerance && !same(vertex, from) && !same(vertex, to))
            along.push({ at, vertex });
        }
        along.sort((a, b) => a.at - b.at);
        for (const { vertex } of along) out.push(vertex);
        changed += along.length;
      }
      out.push(to);
    }
    return out;
  };
  // Counting edges again costs as much as welding: a pass that found nothing changes nothing.
  const welded = areas.map(({ code, polygons }) => ({
    code,
    polygons: tidyPolygons(polygons.map((polygon) => polygon.map(weldRing))),
  }));
  return { areas: changed ? welded : [...areas], count: changed };
}

/** Without consecutive duplicates, spikes and collapsed rings; a polygon whose outer ring collapsed goes with its holes. */
function tidyPolygons(polygons: readonly GridRing[][]): GridRing[][] {
  const tidied: GridRing[][] = [];
  for (const [outer, ...holes] of polygons) {
    const ring = outer && tidyRing(outer);
    if (ring)
      tidied.push([ring, ...holes.flatMap((hole) => [tidyRing(hole)].filter((kept) => kept !== null))]);
  }
  return tidied;
}

function tidyRing(ring: GridRing): GridRing | null {
  const open: GridRing = [];
  const last = same(ring[0]!, ring.at(-1)!) ? ring.length - 1 : ring.length;
  for (let i = 0; i < last; i += 1) {
    const vertex = ring[i]!;
    if (open.length && same(open.at(-1)!, vertex)) continue;
    if (open.length > 1 && same(open.at(-2)!, vertex)) open.pop();
    else open.push(vertex);
  }
  while (open.length > 2 && (same(open[0]!, open.at(-1)!) || same(open[1]!, open.at(-1)!))) {
    if (same(open[1]!, open.at(-1)!)) open.shift();
    else open.pop();
  }
  if (open.length < 3 || signedDoubleArea([...open, open[0]!]) === 0) return null;
  return [...open, open[0]!];
}

const same = (a: readonly number[], b: readonly number[]) => a[0] === b[0] && a[1] === b[1];

function edgeKey(a: readonly number[], b: readonly number[]): string {
  const ordered = a[0]! < b[0]! || (a[0] === b[0] && a[1]! < b[1]!);
  return ordered ? `${a[0]} ${a[1]} ${b[0]} ${b[1]}` : `${b[0]} ${b[1]} ${a[0]} ${a[1]}`;
}

function count(uses: Map<string, number>, key: string): void {
  uses.set(key, (uses.get(key) ?? 0) + 1);
}

/** Twice the area, positive when counter-clockwise. Taken from the first vertex, so that the products stay exact. */
export function signedDoubleArea(ring: readonly (readonly number[])[]): number {
  const [originX, originY] = ring[0] as readonly [number, number];
  let sum = 0;
  for (let i = 1; i < ring.length; i += 1) {
    const [ax, ay] = ring[i - 1] as readonly [number, number];
    const [bx, by] = ring[i] as readonly [number, number];
    sum += (ax - originX) * (by - originY) - (bx - originX) * (ay - originY);
  }
  return sum;
}
