import { describe, expect, it } from 'vitest';
import { reportCell } from '../../contract/activities.ts';
import { cellAt, cellsTouching, directionFrom, ringOf } from './report-cells.ts';

const square = (west: number, south: number, side: number) => ({
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [west, south],
        [west + side, south],
        [west + side, south + side],
        [west, south + side],
        [west, south],
      ],
    ],
  ],
});

describe('the cells of a commune', () => {
  it('are those that its outline touches, each once, from the north', async () => {
    const cells = await cellsTouching(square(105.9, 20.25, 0.06));
    const corners = await Promise.all(
      (
        [
          [105.9, 20.25],
          [105.96, 20.25],
          [105.96, 20.31],
          [105.9, 20.31],
          [105.93, 20.28],
        ] as const
      ).map(cellAt),
    );
    const known = cells.map(({ cell }) => cell);
    for (const corner of corners) expect(known).toContain(corner);
    expect(new Set(known).size).toBe(known.length);
    for (const cell of known) expect(reportCell.safeParse(cell).success).toBe(true);
    const latitudes = cells.map(({ center }) => center[1]);
    expect(latitudes).toEqual([...latitudes].sort((one, other) => other - one));
    // 6.3 × 6.7 km over cells of about 5 km²: 9 by area, and those of the rim.
    expect(cells.length).toBeGreaterThan(9);
    expect(cells.length).toBeLessThan(30);
  });

  it('are none where there is no outline', async () => {
    expect(await cellsTouching(null)).toEqual([]);
  });

  it('have a closed ring around the position that they were found by', async () => {
    const ring = await ringOf(await cellAt([105.93, 20.28]));
    expect(ring[0]).toEqual(ring.at(-1));
    const longitudes = ring.map(([longitude]) => longitude);
    expect(Math.min(...longitudes)).toBeLessThan(105.93);
    expect(Math.max(...longitudes)).toBeGreaterThan(105.93);
  });
});

it('names directions as they are on the ground', () => {
  const from = [106, 20] as const;
  const seen = [
    [106, 20.1],
    [106.1, 20.1],
    [106.1, 20],
    [106.1, 19.9],
    [106, 19.9],
    [105.9, 19.9],
    [105.9, 20],
    [105.9, 20.1],
    [106.001, 20.001],
  ] as const;
  expect(seen.map((to) => directionFrom(from, to, 0.006))).toEqual([
    'n',
    'ne',
    'e',
    'se',
    's',
    'sw',
    'w',
    'nw',
    'middle',
  ]);
});
