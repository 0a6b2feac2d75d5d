import fc from 'fast-check';
import type { MultiPolygon, Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import type { CommuneOutline } from './commune-locator.ts';
import { signedDoubleArea, weldCoverage } from './coverage-cleaning.ts';
import { generaliseCoverage, outlineLevels } from './generalise.ts';
import { crossingArcs } from './segment-crossings.ts';

const outline = (code: string, ...polygons: Position[][][]): CommuneOutline => ({
  code,
  geometry: { type: 'MultiPolygon', coordinates: polygons },
});
const closed = (...ring: Position[]): Position[] => [...ring, ring[0]!];
const box = (west: number, south: number, east: number, north: number) =>
  closed([west, south], [east, south], [east, north], [west, north]);

const areaOf = ({ coordinates }: MultiPolygon) =>
  coordinates.flat().reduce((sum, ring) => sum + signedDoubleArea(ring) / 2, 0);
const segmentsOf = (geometries: readonly MultiPolygon[]) => {
  const seen = new Map<string, { arc: number; ax: number; ay: number; bx: number; by: number }>();
  for (const { coordinates } of geometries)
    for (const ring of coordinates.flat())
      for (let i = 1; i < ring.length; i += 1) {
        const [a, b] = [ring[i - 1]!, ring[i]!].map(
          ([x, y]) => [Math.round(x! * 10), Math.round(y! * 10)] as const,
        );
        const [from, to] = a![0] < b![0] || (a![0] === b![0] && a![1] < b![1]) ? [a!, b!] : [b!, a!];
        seen.set(`${from} ${to}`, { arc: seen.size, ax: from[0], ay: from[1], bx: to[0], by: to[1] });
      }
  return [...seen.values()];
};

/** A grid of cells whose common borders wind by a seeded noise, without crossing. */
function windingGrid(size: number, seed: number, steps = 40): CommuneOutline[] {
  const noise = (a: number, b: number, c: number) => {
    const mixed = Math.sin(a * 127.1 + b * 311.7 + c * 74.7 + seed * 53.3) * 43_758.5453;
    return mixed - Math.floor(mixed) - 0.5;
  };
  const side = 5_000;
  const along = (column: number, row: number, vertical: boolean): Position[] =>
    Array.from({ length: steps + 1 }, (_, step) => {
      const share = step / steps;
      const bend =
        step === 0 || step === steps
          ? 0
          : noise(column + (vertical ? 1_000 : 0), row, step) * 900 * Math.sin(Math.PI * share);
      return vertical
        ? [column * side + bend, (row + share) * side]
        : [(column + share) * side, row * side + bend];
    });
  return Array.from({ length: size * size }, (_, index) => {
    const [column, row] = [index % size, Math.floor(index / size)];
    const ring = [
      ...along(column, row, false),
      ...along(column + 1, row, true).slice(1),
      ...along(column, row + 1, false)
        .reverse()
        .slice(1),
      ...along(column, row, true).reverse().slice(1),
    ];
    return outline(String(index).padStart(5, '0'), [ring]);
  });
}

describe('generalising outlines as one coverage', () => {
  it('leaves neither gap nor overlap between neighbours, and every commune, at every level', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const communes = windingGrid(4, seed);
        const { outlines, unresolved } = generaliseCoverage(communes);
        expect(unresolved).toEqual([]);
        for (const { maxZoom } of outlineLevels) {
          const level = outlines.filter((row) => row.maxZoom === maxZoom).map(({ geometry }) => geometry);
          expect(level).toHaveLength(16);
          for (const geometry of level) expect(areaOf(geometry)).toBeGreaterThan(0);
          // No two borders cross, and the areas add up to what the outer border encloses: then nothing is covered twice
          // and nothing is left open. Each inner edge is shared by two, so the outer border is what is used once.
          const segments = segmentsOf(level);
          expect(crossingArcs(segments).size).toBe(0);
          const uses = new Map<string, number>();
          for (const ring of level.flatMap(({ coordinates }) => coordinates.flat()))
            for (let i = 1; i < ring.length; i += 1) {
              const key = [String(ring[i - 1]), String(ring[i])].sort().join(' ');
              uses.set(key, (uses.get(key) ?? 0) + 1);
            }
          expect(Math.max(...uses.values())).toBe(2);
          const outerArea = level
            .flatMap(({ coordinates }) => coordinates.flat())
            .flatMap((ring) => ring.slice(1).map((vertex, at) => [ring[at]!, vertex] as const))
            .filter(([a, b]) => uses.get([String(a), String(b)].sort().join(' ')) === 1)
            .reduce((sum, [a, b]) => sum + (a[0]! * b[1]! - b[0]! * a[1]!) / 2, 0);
          const total = level.reduce((sum, geometry) => sum + areaOf(geometry), 0);
          expect(total / outerArea).toBeCloseTo(1, 9);
        }
      }),
      { seed: 20263, numRuns: 25 },
    );
  });

  it('drops vertices by level: the coarser, the fewer', () => {
    const { outlines } = generaliseCoverage(windingGrid(3, 7));
    const counts = outlineLevels.map(({ maxZoom }) =>
      outlines
        .filter((row) => row.maxZoom === maxZoom)
        .reduce((sum, { geometry }) => sum + geometry.coordinates.flat(2).length, 0),
    );
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts[0]!).toBeLessThan(counts[3]! / 3);
  });

  it('keeps a commune smaller than the tolerance, a narrow one, and an enclave inside its host', () => {
    const host = outline('1', [box(0, 0, 20_000, 20_000), box(19_700, 10_000, 19_900, 10_200).reverse()]);
    const enclave = outline('2', [box(19_700, 10_000, 19_900, 10_200)]);
    const narrow = outline('3', [box(20_000, 0, 20_050, 20_000)]);
    const { outlines } = generaliseCoverage(
      [host, enclave, narrow],
      [{ maxZoom: 6, toleranceMeters: 2_000 }],
    );
    expect(outlines.map(({ geometry }) => Math.round(areaOf(geometry)))).toEqual([
      20_000 * 20_000 - 200 * 200,
      200 * 200,
      50 * 20_000,
    ]);
  });

  it('keeps an enclave on its side where simplifying would move the border past it', () => {
    // The host's border bulges eastward around the enclave by less than the tolerance.
    const bulge: Position[] = [
      [10_000, 0],
      [10_000, 4_500],
      [10_600, 5_000],
      [10_000, 5_500],
      [10_000, 10_000],
    ];
    const host = outline('1', [
      closed([0, 0], ...bulge, [0, 10_000]),
      box(10_200, 4_950, 10_300, 5_050).reverse(),
    ]);
    const enclave = outline('2', [box(10_200, 4_950, 10_300, 5_050)]);
    const neighbour = outline('3', [closed(...bulge, [20_000, 10_000], [20_000, 0])]);
    const { outlines, unresolved } = generaliseCoverage(
      [host, enclave, neighbour],
      [{ maxZoom: 8, toleranceMeters: 1_000 }],
    );
    expect(unresolved).toEqual([]);
    const total = outlines.reduce((sum, { geometry }) => sum + areaOf(geometry), 0);
    expect(total).toBeCloseTo(20_000 * 10_000, 3);
    expect(outlines[0]!.geometry.coordinates[0]![0]).toContainEqual([10_600, 5_000]);
  });

  it('leaves out a far island under the tolerance, and keeps it where it is all there is', () => {
    const island = box(50_000, 0, 50_100, 100);
    const level = [{ maxZoom: 6, toleranceMeters: 600 }];
    const both = generaliseCoverage([outline('1', [box(0, 0, 10_000, 10_000)], [island])], level);
    expect(both.outlines[0]!.geometry.coordinates).toHaveLength(1);
    const alone = generaliseCoverage([outline('1', [island])], level);
    expect(areaOf(alone.outlines[0]!.geometry)).toBe(10_000);
  });

  it('welds slivers up to 2 m and names communes that overlap by more', () => {
    const left = outline('1', [box(0, 0, 1_000, 1_000)]);
    const meets = (west: number) =>
      outline('2', [closed([west, 0], [2_000, 0], [2_000, 1_000], [west, 1_000], [west + 0.5, 500])]);
    const level = [{ maxZoom: 12, toleranceMeters: 1 }];
    for (const west of [999, 1_001]) {
      const { outlines, weldedVertices, unresolved } = generaliseCoverage([left, meets(west)], level);
      expect(unresolved).toEqual([]);
      expect(weldedVertices).toBeGreaterThan(0);
      expect(outlines.reduce((sum, { geometry }) => sum + areaOf(geometry), 0)).toBe(2_000_000);
    }
    expect(generaliseCoverage([left, meets(900)], level).unresolved).toEqual(['1', '2']);
    // One within the other, without a hole for it
    expect(generaliseCoverage([left, outline('2', [box(400, 400, 600, 600)])], level).unresolved).toEqual([
      '1',
      '2',
    ]);
  });

  it('tells the outer edge from the common one', () => {
    const { outerEdges } = generaliseCoverage([
      outline('1', [box(0, 0, 100, 100)]),
      outline('2', [box(100, 0, 200, 100)]),
    ]);
    const length = (lines: Position[][]) =>
      lines.reduce(
        (sum, line) =>
          sum +
          line
            .slice(1)
            .reduce((own, [x, y], at) => own + Math.hypot(x! - line[at]![0]!, y! - line[at]![1]!), 0),
        0,
      );
    expect(length(outerEdges.get('1')!)).toBe(300);
    expect(length(outerEdges.get('2')!)).toBe(300);
  });
});

describe('welding', () => {
  it('removes duplicates, spikes and collapsed rings and changes nothing else', () => {
    const ring: [number, number][] = [
      [0, 0],
      [10, 0],
      [10, 0],
      [10, 10],
      [10, 30],
      [10, 10],
      [0, 10],
      [0, 0],
    ];
    const flat: [number, number][] = [
      [50, 50],
      [60, 50],
      [50, 50],
    ];
    const { areas, welded } = weldCoverage([{ code: '1', polygons: [[ring], [flat]] }], 1);
    expect(welded).toBe(0);
    expect(areas[0]!.polygons).toEqual([
      [
        [
          [0, 0],
          [10, 0],
          [10, 10],
          [0, 10],
          [0, 0],
        ],
      ],
    ]);
  });
});

describe('crossings', () => {
  const segment = (arc: number, ax: number, ay: number, bx: number, by: number) => ({ arc, ax, ay, bx, by });
  it('finds crossings, touches and overlaps, and lets common ends be', () => {
    expect(crossingArcs([segment(0, 0, 0, 10, 10), segment(1, 0, 10, 10, 0)])).toEqual(new Set([0, 1]));
    expect(crossingArcs([segment(0, 0, 0, 10, 0), segment(1, 5, 0, 5, 5)])).toEqual(new Set([0, 1]));
    expect(crossingArcs([segment(0, 0, 0, 10, 0), segment(1, 4, 0, 14, 0)])).toEqual(new Set([0, 1]));
    expect(crossingArcs([segment(0, 0, 0, 10, 0), segment(1, 10, 0, 0, 0)])).toEqual(new Set([0, 1]));
    expect(
      crossingArcs([segment(0, 0, 0, 10, 0), segment(1, 10, 0, 20, 5), segment(2, 0, 1, 10, 1)]),
    ).toEqual(new Set());
  });

  it('finds what comparing every pair finds', () => {
    const coordinate = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(coordinate, coordinate, coordinate, coordinate), { maxLength: 12 }),
        (tuples) => {
          const segments = tuples
            .filter(([ax, ay, bx, by]) => ax !== bx || ay !== by)
            .map(([ax, ay, bx, by], arc) => segment(arc, ax, ay, bx, by));
          const expected = new Set<number>();
          for (const one of segments)
            for (const other of segments)
              if (one !== other && crossingArcs([one, other]).size) {
                expected.add(one.arc);
                expected.add(other.arc);
              }
          expect(crossingArcs(segments)).toEqual(expected);
        },
      ),
      { seed: 20264, numRuns: 300 },
    );
  });
});
