import { describe, expect, it } from 'vitest';
import { createRandom, nextUniform } from '../random.ts';
import { areaCentroid } from './area-centroid.ts';
import {
  distanceBand,
  distanceBetween,
  geodesicMeters,
  nearestNeighbours,
  type PointSet,
} from './distance-weights.ts';
import { neighbourCounts, type SpatialWeights } from './weights.ts';

const rowOf = (weights: SpatialWeights, i: number) =>
  Array.from(weights.neighbours.slice(weights.offsets[i]!, weights.offsets[i + 1]!));

function scatter(kind: PointSet['kind'], n: number, seed: number): PointSet {
  const random = createRandom(seed);
  const xs = Float64Array.from({ length: n }, () => (kind === 'planar' ? 1e5 : 105.5) + nextUniform(random));
  const ys = Float64Array.from(
    { length: n },
    () => (kind === 'planar' ? 2e6 : 19.9) + nextUniform(random) / 2,
  );
  return { kind, xs, ys };
}

describe('distance on the ellipsoid', () => {
  it('agrees with published lines', () => {
    // Vincenty (1975) inverse on WGS 84, Flinders Peak to Buninyong: 54,972.271 m (Geoscience Australia).
    const flinders = [144 + 25 / 60 + 29.52442 / 3600, -(37 + 57 / 60 + 3.7203 / 3600)] as const;
    const buninyong = [143 + 55 / 60 + 35.38393 / 3600, -(37 + 39 / 60 + 10.1561 / 3600)] as const;
    expect(geodesicMeters(...flinders, ...buninyong)).toBeCloseTo(54972.271, 2);
    // A quarter of the meridian of WGS 84, and a degree of the equator.
    expect(geodesicMeters(0, 0, 0, 90)).toBeCloseTo(10001965.729, 2);
    expect(geodesicMeters(10, 0, 11, 0)).toBeCloseTo((6378137 * Math.PI) / 180, 4);
    expect(geodesicMeters(5, 5, 5, 5)).toBe(0);
  });

  it('gives nearly opposite points the arc on the sphere instead of failing', () => {
    expect(Math.abs(geodesicMeters(0, 0.3, 179.9, -0.1) / 20_000_000 - 1)).toBeLessThan(0.01);
  });
});

describe.each(['planar', 'geographic'] as const)('%s neighbours', (kind) => {
  const points = scatter(kind, 150, 8);
  const byDistance = (i: number) =>
    [...Array(150).keys()]
      .filter((j) => j !== i)
      .map((j) => ({ j, distance: distanceBetween(points, i, j) }))
      .sort((a, b) => a.distance - b.distance);

  it('are the k nearest of a full comparison', () => {
    const { weights, ties } = nearestNeighbours(points, 7);
    expect(ties).toBe(0);
    for (let i = 0; i < 150; i++) {
      const nearest = byDistance(i)
        .slice(0, 7)
        .map(({ j }) => j);
      expect(rowOf(weights, i)).toEqual(nearest.sort((a, b) => a - b));
    }
    expect(Array.from(neighbourCounts(nearestNeighbours(points, 149).weights))).toEqual(Array(150).fill(149));
  });

  it('are those within a band of a full comparison, the limit included', () => {
    const limit = byDistance(3)[5]!.distance;
    const band = distanceBand(points, limit);
    for (let i = 0; i < 150; i++) {
      const within = byDistance(i).filter(({ distance }) => distance <= limit * (1 + 1e-9));
      expect(rowOf(band, i)).toEqual(within.map(({ j }) => j).sort((a, b) => a - b));
    }
  });
});

describe('ties and edges', () => {
  const grid: PointSet = {
    kind: 'planar',
    xs: Float64Array.from({ length: 16 }, (_, i) => 0.1 * (i % 4)),
    ys: Float64Array.from({ length: 16 }, (_, i) => 0.1 * Math.floor(i / 4)),
  };

  it('counts the areas where several tie for the last place, and takes those first in the file', () => {
    const { weights, ties } = nearestNeighbours(grid, 3);
    // Corners have 2 at one step and 1 over the diagonal; edges have 3 at one step; the 4 in the middle have 4.
    expect(ties).toBe(4);
    expect(rowOf(weights, 0)).toEqual([1, 4, 5]);
    expect(rowOf(weights, 5)).toEqual([1, 4, 6]);
  });

  it('takes a step of 0.1 as 0.1 although 0.3 − 0.2 is not', () => {
    expect(Array.from(neighbourCounts(distanceBand(grid, 0.1)))).toEqual([
      2, 3, 3, 2, 3, 4, 4, 3, 3, 4, 4, 3, 2, 3, 3, 2,
    ]);
  });

  it('takes coincident points, joins across the antimeridian, and refuses an impossible k', () => {
    const same: PointSet = {
      kind: 'geographic',
      xs: Float64Array.of(105, 105, 106),
      ys: Float64Array.of(20, 20, 20),
    };
    expect(rowOf(nearestNeighbours(same, 1).weights, 0)).toEqual([1]);
    expect(Array.from(neighbourCounts(distanceBand(same, 0)))).toEqual([1, 1, 0]);
    const far: PointSet = {
      kind: 'geographic',
      xs: Float64Array.of(179.99, -179.99, 0),
      ys: Float64Array.of(1, 1, 1),
    };
    expect(rowOf(nearestNeighbours(far, 1).weights, 0)).toEqual([1]);
    expect(() => nearestNeighbours(same, 3)).toThrow(/from 1 to 2/);
    expect(() => nearestNeighbours(same, 1.5)).toThrow(/from 1 to 2/);
    expect(() => distanceBand(same, -1)).toThrow(/0 or more/);
  });
});

describe('centroid of an area', () => {
  it('weights by area, takes holes away and does not mind the direction of rings', () => {
    const outer = [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 4],
      [0, 0],
    ];
    const hole = [
      [0, 0],
      [2, 0],
      [2, 4],
      [0, 4],
      [0, 0],
    ];
    expect(areaCentroid([[outer]])).toEqual([2, 2]);
    expect(areaCentroid([[outer.slice().reverse()]])).toEqual([2, 2]);
    expect(areaCentroid([[outer, hole]])).toEqual([3, 2]);
    expect(areaCentroid([[outer, hole.slice().reverse()]])).toEqual([3, 2]);
    const small = [
      [10, 0],
      [12, 0],
      [12, 2],
      [10, 2],
      [10, 0],
    ];
    expect(areaCentroid([[outer], [small]])).toEqual([(16 * 2 + 4 * 11) / 20, (16 * 2 + 4 * 1) / 20]);
  });

  it('keeps its digits far from the origin, and takes an outline without area', () => {
    const triangle = [
      [5e5, 2.2e6],
      [5e5 + 3, 2.2e6],
      [5e5, 2.2e6 + 3],
    ];
    expect(areaCentroid([[triangle]])).toEqual([5e5 + 1, 2.2e6 + 1]);
    expect(
      areaCentroid([
        [
          [
            [1, 1],
            [4, 4],
            [1, 1],
          ],
        ],
      ]),
    ).toEqual([2, 2]);
    expect(() => areaCentroid([])).toThrow(/no centroid/);
  });
});
