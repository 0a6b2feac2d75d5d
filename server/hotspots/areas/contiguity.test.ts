import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, nextUniform, shuffle } from '../random.ts';
import { caseJson, caseRows } from '../testing/reference-cases.ts';
import { type AreaRings, contiguityWeights } from './contiguity.ts';
import type { SpatialWeights } from './weights.ts';

const square = (x: number, y: number, size = 1): number[][] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];

function pairsOf(weights: SpatialWeights): string[] {
  const pairs: string[] = [];
  for (let i = 0; i < weights.count; i++) {
    for (let at = weights.offsets[i]!; at < weights.offsets[i + 1]!; at++) {
      if (weights.neighbours[at]! > i) pairs.push(`${i}-${weights.neighbours[at]}`);
    }
  }
  return pairs;
}

const queen = (areas: AreaRings[], tolerance = 0) => pairsOf(contiguityWeights(areas, 'queen', tolerance));
const rook = (areas: AreaRings[], tolerance = 0) => pairsOf(contiguityWeights(areas, 'rook', tolerance));

describe('contiguity', () => {
  it('joins squares by edges and, for queen, by corners', () => {
    const areas = [[square(0, 0)], [square(1, 0)], [square(0, 1)], [square(1, 1)], [square(5, 5)]];
    expect(queen(areas)).toEqual(['0-1', '0-2', '0-3', '1-2', '1-3', '2-3']);
    expect(rook(areas)).toEqual(['0-1', '0-2', '1-3', '2-3']);
  });

  it('joins at T-junctions, where no vertex is shared', () => {
    const areas = [
      [square(0, 0, 3)],
      [square(3, 1)],
      [square(3, 2.5, 2)],
      [
        [
          [3, 0.5],
          [4, 0.2],
          [4, 0.8],
        ],
      ],
    ];
    // Area 3 touches the long edge with a corner alone; area 2 overlaps a sixth of it.
    expect(queen(areas)).toEqual(['0-1', '0-2', '0-3']);
    expect(rook(areas)).toEqual(['0-1', '0-2']);
  });

  it('joins outlines that miss each other by less than the tolerance, and only those', () => {
    const areas = [[square(0, 0)], [square(1.0005, 0.1)], [square(2.01, 0)]];
    expect(queen(areas)).toEqual([]);
    expect(queen(areas, 0.001)).toEqual(['0-1']);
    expect(rook(areas, 0.001)).toEqual(['0-1']);
    expect(queen(areas, 0.02)).toEqual(['0-1', '1-2']);
    // Two corners within the tolerance are no border of some length.
    expect(rook([[square(0, 0)], [square(1.0005, 1.0005)]], 0.001)).toEqual([]);
    expect(queen([[square(0, 0)], [square(1.0005, 1.0005)]], 0.001)).toEqual(['0-1']);
  });

  it('adds up a border made of edges that are each shorter than the tolerance', () => {
    const wave = Array.from({ length: 401 }, (_, i) => [i / 400, 1 + 0.004 * Math.sin(i)]);
    const below = [[[0, 0], [1, 0], ...wave.slice().reverse(), [0, 0]]];
    const above = [[...wave.map(([x, y]) => [x! + 0.001, y! + 0.003]), [1, 2], [0, 2]]];
    expect(rook([below, above], 0.01)).toEqual(['0-1']);
  });

  it('joins an enclave through the hole around it, and the parts of a multipolygon', () => {
    const withHole = [square(0, 0, 10), square(4, 4, 2)];
    const island = [square(20, 0), square(10, 3)];
    expect(queen([withHole, [square(4, 4, 2)], island])).toEqual(['0-1', '0-2']);
    expect(rook([withHole, [square(4, 4, 2)], island])).toEqual(['0-1', '0-2']);
    // Wholly inside without a hole around it: the borders do not meet.
    expect(queen([[square(0, 0, 10)], [square(4, 4, 2)]])).toEqual([]);
  });

  it('joins slivers: outlines that cross', () => {
    expect(queen([[square(0, 0)], [square(0.9, 0.3)]])).toEqual(['0-1']);
  });

  it('takes one area, an area without extent, unclosed rings and repeated vertices', () => {
    expect(contiguityWeights([[square(0, 0)]], 'queen', 0).neighbours.length).toBe(0);
    expect(contiguityWeights([], 'queen', 0).count).toBe(0);
    expect(
      queen([
        [
          [
            [0, 0],
            [0, 0],
            [0, 0],
          ],
        ],
        [square(0, 0)],
      ]),
    ).toEqual([]);
    const open = square(0, 0).slice(0, 4);
    const repeated = square(1, 0).flatMap((point) => [point, point]);
    expect(rook([[open], [repeated]])).toEqual(['0-1']);
    expect(() => contiguityWeights([], 'queen', Number.NaN)).toThrow(/tolerance/);
  });

  it('finds on Columbus the list of spData and the three pairs that share a vertex and are missing there', () => {
    const map = caseJson<{ features: { geometry: { coordinates: number[][][] } }[] }>(
      'columbus/columbus.geojson',
    );
    const areas = map.features.map((feature) => feature.geometry.coordinates);
    const listed = new Set(
      caseRows('columbus/neighbours.csv')
        .filter((row) => Number(row.i) < Number(row.j))
        .map((row) => `${Number(row.i) - 1}-${Number(row.j) - 1}`),
    );
    for (const tolerance of [0, 1e-6, 1e-4]) {
      const found = queen(areas, tolerance);
      expect(found.filter((pair) => !listed.has(pair))).toEqual(['4-15', '24-29', '30-38']);
      expect(found.length).toBe(listed.size + 3);
    }
  });

  it('agrees with a comparison of every edge with every other on random splits, whatever their order and place', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.constantFrom(1, 1e-3, 5e4), (seed, scale) => {
        const areas = splitRectangle(seed, 24, scale);
        const expected = { queen: bruteForce(areas, false), rook: bruteForce(areas, true) };
        const move = areas.map((rings) =>
          rings.map((ring) => ring.map(([x, y]) => [x! + 7e5 * scale, y! - 3e5 * scale])),
        );
        const tolerance = 1e-7 * scale;
        expect(queen(areas, tolerance)).toEqual(expected.queen);
        expect(rook(areas, tolerance)).toEqual(expected.rook);
        expect(queen(move, tolerance)).toEqual(expected.queen);
        const order = Int32Array.from(areas.keys());
        shuffle(createRandom(seed, 9), order);
        const shuffled = pairsOf(
          contiguityWeights(
            Array.from(order, (i) => areas[i]!),
            'rook',
            tolerance,
          ),
        ).map((pair) =>
          pair
            .split('-')
            .map((at) => order[Number(at)]!)
            .sort((a, b) => a - b)
            .join('-'),
        );
        expect(new Set(shuffled)).toEqual(new Set(expected.rook));
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});

/** Rectangles made by cutting one again and again: full of T-junctions. */
function splitRectangle(seed: number, count: number, scale: number): number[][][][] {
  const random = createRandom(seed);
  const boxes = [[0, 0, 1, 1]];
  while (boxes.length < count) {
    boxes.sort((a, b) => (b[2]! - b[0]!) * (b[3]! - b[1]!) - (a[2]! - a[0]!) * (a[3]! - a[1]!));
    const [x0, y0, x1, y1] = boxes.shift()! as [number, number, number, number];
    // Cuts on a grid of sixteenths make some corners meet in fours.
    const share = Math.round((0.25 + 0.5 * nextUniform(random)) * 4) / 4 || 0.5;
    const cut = nextUniform(random) < 0.5 ? share : 0.25 + 0.5 * nextUniform(random);
    if (x1 - x0 > y1 - y0) boxes.push([x0, y0, x0 + cut * (x1 - x0), y1], [x0 + cut * (x1 - x0), y0, x1, y1]);
    else boxes.push([x0, y0, x1, y0 + cut * (y1 - y0)], [x0, y0 + cut * (y1 - y0), x1, y1]);
  }
  return boxes.map(([x0, y0, x1, y1]) => [
    [
      [x0! * scale, y0! * scale],
      [x1! * scale, y0! * scale],
      [x1! * scale, y1! * scale],
      [x0! * scale, y1! * scale],
    ],
  ]);
}

/** Touching boxes by their intervals: no edges, no grid. */
function bruteForce(areas: number[][][][], borders: boolean): string[] {
  const boxes = areas.map(([ring]) => [ring![0]![0]!, ring![0]![1]!, ring![2]![0]!, ring![2]![1]!] as const);
  const pairs: string[] = [];
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length; j++) {
      const [a, b] = [boxes[i]!, boxes[j]!];
      const size = Math.max(...boxes.map((box) => box[2]));
      const overlapX = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
      const overlapY = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
      const touching = overlapX > -1e-9 * size && overlapY > -1e-9 * size;
      if (touching && (!borders || Math.max(overlapX, overlapY) > 1e-6 * size)) pairs.push(`${i}-${j}`);
    }
  }
  return pairs;
}
