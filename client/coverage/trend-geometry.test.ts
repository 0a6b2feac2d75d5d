import { describe, expect, it } from 'vitest';
import { indicatorFigure } from './testing/indicator-figure.ts';
import { axisParts, dayOfMonthGroup, niceTop, trendGeometry, trendPoints } from './trend-geometry.ts';

const box = { left: 0, top: 0, width: 365, height: 100 };

describe('a year’s line', () => {
  it('stands a day wide for each day: the end of 31 January is 31 days in, that of 31 December at the right edge', () => {
    const { x } = trendGeometry({ points: [], target: 1, projected: null, year: 2026, ceiling: 1 }, box);
    expect([x('2026-01-31'), x('2026-12-31')]).toEqual([31, 365]);
    // 31 + 29 of 366 days in a leap year.
    const leap = trendGeometry({ points: [], target: 1, projected: null, year: 2028, ceiling: 1 }, box);
    expect(leap.x('2028-02-29')).toBeCloseTo((365 * 60) / 366, 9);
  });

  it('begins at 0 and ends at a round number over everything drawn', () => {
    const drawn = trendGeometry(
      {
        points: [
          { day: '2026-01-31', value: 0.1, most: 0.15 },
          { day: '2026-03-31', value: 0.2, most: 0.3 },
        ],
        target: 0.25,
        projected: { value: 0.35, lower: 0.3, upper: 0.38 },
        year: 2026,
        ceiling: 1,
      },
      box,
    );
    // 0.38 is the highest; the next round number is 0.4, so that 0.1 is a quarter of the way up.
    expect(drawn.top).toBe(0.4);
    expect(drawn.line).toBe('M31 75L90 50');
    expect(drawn.band).toBe('M31 62.5L90 25L90 50L31 75Z');
    expect(drawn.targetY).toBeCloseTo(37.5, 9);
    expect(drawn.last).toEqual({ x: 90, y: 50 });
    expect(drawn.projection?.line).toBe('M90 50L365 12.5');
    expect(drawn.projection?.fan).toBe('M90 50L365 5L365 25Z');
  });

  it('expects nothing once the year is over, and draws nothing from nothing', () => {
    const projected = { value: 1, lower: 1, upper: 1 };
    const points = [{ day: '2026-12-31', value: 0.5, most: null }];
    const over = trendGeometry({ points, target: null, projected, year: 2026, ceiling: 1 }, box);
    expect([over.projection, over.targetY, over.band]).toEqual([null, null, '']);
    const empty = trendGeometry({ points: [], target: null, projected, year: 2026, ceiling: 1 }, box);
    expect([empty.line, empty.last, empty.projection]).toEqual(['', null, null]);
  });
});

describe('the axis', () => {
  it.each([
    [0.163, 1, 0.2],
    [0.2, 1, 0.2],
    [0.21, 1, 0.4],
    [0.48, 1, 0.5],
    [0.51, 1, 1],
    [1, 1, 1],
    [0, 1, 1],
    [86, null, 100],
    [101, null, 200],
    [3, null, 4],
    [0, null, 1],
  ])('over %d, at most %s, ends at %d', (highest, ceiling, top) => {
    expect(niceTop(highest, ceiling)).toBe(top);
  });

  it('is cut where its numbers are round', () => {
    expect([0.2, 0.5, 1, 50, 400].map(axisParts)).toEqual([4, 5, 4, 5, 4]);
  });
});

describe('monthly standings', () => {
  it('are of the last day of the month, and of the month under way of the day asked for', () => {
    expect(dayOfMonthGroup('2026-02', '2026-10-15')).toBe('2026-02-28');
    expect(dayOfMonthGroup('2028-02', '2028-10-15')).toBe('2028-02-29');
    expect(dayOfMonthGroup('2026-10', '2026-10-15')).toBe('2026-10-15');
  });

  it('are in the order of the year, without months that have not begun or have nothing to count of', () => {
    const months = new Map(
      (
        [
          ['2026-03', 0.3],
          ['2026-01', null],
          ['2026-02', 0.2],
          ['2026-11', 0.3],
        ] as const
      ).map(([key, value]) => [key, indicatorFigure({ group: key, value, upper: null })]),
    );
    expect(trendPoints(months, '2026-10-31', 'share').map(({ day, value }) => [day, value])).toEqual([
      ['2026-02-28', 0.2],
      ['2026-03-31', 0.3],
    ]);
  });

  it('are numbers where they are counted of nothing', () => {
    const months = new Map([['2026-01', indicatorFigure({ numerator: 7, value: null, denominator: null })]]);
    expect(trendPoints(months, '2026-10-31', 'count')).toEqual([{ day: '2026-01-31', value: 7, most: null }]);
  });
});
