import fc from 'fast-check';
import { cellToChildren, cellToParent, getResolution, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { coarseReports } from './coarse-reports.ts';

const [first = '', second = '', third = ''] = cellToChildren(latLngToCell(20.3, 106.1, 6), 7);
const alone = latLngToCell(19.9, 106.5, 7);

describe('coarseReports', () => {
  it('keeps a cell of five, joins fewer in their parent, and withholds what stays fewer', () => {
    // 6 stay where they are; 3 + 2 meet in the parent; 4 far away meet nobody up to resolution 5.
    const placed = coarseReports([first, second, third, alone], [6, 3, 2, 4]);
    expect(placed.counts.sort()).toEqual([5, 6]);
    expect(placed.withheld).toBe(4);
  });

  it('places nothing that stands for one to four, and loses nothing', () => {
    const cell = fc
      .record({
        latitude: fc.double({ min: 19.9, max: 20.7, noNaN: true }),
        longitude: fc.double({ min: 105.5, max: 106.6, noNaN: true }),
      })
      .map(({ latitude, longitude }) => latLngToCell(latitude, longitude, 7));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, fc.integer({ min: 1, max: 9 })), { maxLength: 60 }), (rows) => {
        const cells = rows.map(([own]) => own);
        const counts = rows.map(([, count]) => count);
        const placed = coarseReports(cells, counts);
        for (const count of placed.counts) expect(count).toBeGreaterThanOrEqual(5);
        const total = counts.reduce((sum, count) => sum + count, 0);
        expect(placed.counts.reduce((sum, count) => sum + count, 0) + placed.withheld).toBe(total);
      }),
      { seed: 20261101 },
    );
  });

  it('joins within the common parent only', () => {
    expect(cellToParent(first, 6)).toBe(cellToParent(second, 6));
    expect(getResolution(first)).toBe(7);
    expect(coarseReports([first, second], [2, 2]).withheld).toBe(4);
  });
});
