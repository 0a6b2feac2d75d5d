import type { MultiPolygon, Polygon } from 'geojson';
import { describe, expect, it } from 'vitest';
import { createRandom, nextUniform } from '../random.ts';
import {
  gridForWindow,
  isPointInWindow,
  layWindowOverGrid,
  pointsInWindow,
  windowFromGeometry,
} from './density-window.ts';

const square: Polygon = {
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
      [0, 0],
    ],
  ],
};

/** A square with a hole, the hole holding an island: three rings in two parts. */
const island: MultiPolygon = {
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [0, 0],
        [0, 10],
        [10, 10],
        [10, 0],
        [0, 0],
      ],
      [
        [2, 2],
        [8, 2],
        [8, 8],
        [2, 8],
        [2, 2],
      ],
    ],
    [
      [
        [4, 4],
        [6, 4],
        [6, 6],
        [4, 6],
        [4, 4],
      ],
    ],
  ],
};

describe('windowFromGeometry', () => {
  it('measures the area of parts less holes, whichever way the rings run', () => {
    expect(windowFromGeometry(square).area).toBe(100);
    expect(windowFromGeometry(island).area).toBe(100 - 36 + 4);
  });

  it('drops repeated points and the closing point', () => {
    const repeated: Polygon = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [0, 0],
          [10, 0],
          [10, 10],
          [10, 10],
          [0, 10],
          [0, 0],
        ],
      ],
    };
    expect(windowFromGeometry(repeated).polygons[0]![0]!.length).toBe(8);
  });

  it('refuses a window without area, and a coordinate that is no number, naming the field', () => {
    const flat: Polygon = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [5, 5],
          [10, 10],
          [0, 0],
        ],
      ],
    };
    expect(() => windowFromGeometry(flat, { field: '--window' })).toThrow(/--window: the window is empty/);
    expect(() => windowFromGeometry({ type: 'MultiPolygon', coordinates: [] })).toThrow(/empty/);
    const broken: Polygon = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [Number.NaN, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    };
    expect(() => windowFromGeometry(broken)).toThrow(/not a finite number/);
  });
});

describe('points in a window', () => {
  const window = windowFromGeometry(island);
  const gridded = layWindowOverGrid(window, gridForWindow(window, { step: 0.7 }));
  const within = (x: number, y: number) => pointsInWindow(gridded, Float64Array.of(x), Float64Array.of(y))[0];

  it.each([
    ['in the ring', 1, 5, 1],
    ['in the hole', 3, 5, 0],
    ['on the island', 5, 5, 1],
    ['outside', 11, 5, 0],
    ['on the outer border', 0, 5, 1],
    ['on a corner', 10, 10, 1],
    ['on the border of the hole', 2, 5, 1],
    ['on the border of the island', 4, 5, 1],
    ['a hair outside', 10 + 1e-6, 5, 0],
  ])('%s', (_name, x, y, expected) => {
    expect(within(x as number, y as number)).toBe(expected);
  });

  it('says the same by look-up as edge by edge', () => {
    const random = createRandom(11);
    const xs = new Float64Array(3000).map(() => -1 + 12 * nextUniform(random));
    const ys = new Float64Array(3000).map(() => -1 + 12 * nextUniform(random));
    const looked = pointsInWindow(gridded, xs, ys);
    const exact = xs.map((x, i) => (isPointInWindow(gridded, x, ys[i]!) ? 1 : 0));
    expect(Array.from(looked)).toEqual(Array.from(exact));
    expect(looked.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(1000);
  });
});

describe('the mask of a grid', () => {
  it('holds the cells whose centre lies within', () => {
    const window = windowFromGeometry(island);
    const gridded = layWindowOverGrid(window, gridForWindow(window, { step: 1 }));
    const rows = Array.from({ length: 10 }, (_, row) => gridded.mask.slice(row * 10, row * 10 + 10).join(''));
    expect(rows).toEqual([
      '1111111111',
      '1111111111',
      '1100000011',
      '1100000011',
      '1100110011',
      '1100110011',
      '1100000011',
      '1100000011',
      '1111111111',
      '1111111111',
    ]);
  });

  it('adds no column for rounding, and refuses cells without number or of no size', () => {
    const window = windowFromGeometry(square);
    expect(gridForWindow(window, { step: 0.1 })).toMatchObject({ columns: 100, rows: 100 });
    expect(() => gridForWindow(window, { step: 0 }, '--cell')).toThrow(
      /--cell: the cell size 0 is not above zero/,
    );
    expect(() => gridForWindow(window, { step: 0.001 }, '--cell')).toThrow(/10000 × 10000 cells/);
  });
});
