import { describe, expect, it } from 'vitest';
import { firstDayOfWindow, quartersOfYear, wholeQuarters } from './quarters.ts';

describe('the window of some months', () => {
  it.each([
    ['2026-10-31', 12, '2025-11-01'],
    ['2026-10-31', 1, '2026-10-01'],
    ['2026-10-15', 1, '2026-09-16'],
    // February has no 31st, nor a 30th: the window begins on the day after its last
    ['2026-03-31', 1, '2026-03-01'],
    ['2026-03-30', 1, '2026-03-01'],
    ['2026-02-28', 12, '2025-03-01'],
    // a leap year
    ['2024-03-31', 1, '2024-03-01'],
    ['2024-02-29', 12, '2023-03-01'],
    ['2026-01-01', 36, '2023-01-02'],
    ['2026-12-31', 36, '2024-01-01'],
  ])('up to %s with %i months begins on %s', (asOf, months, first) => {
    expect(firstDayOfWindow(asOf, months)).toBe(first);
  });

  it('holds the quarters that lie whole within it', () => {
    const names = (from: string, to: string) => wholeQuarters(from, to).map(({ name }) => name);
    expect(names('2025-11-01', '2026-10-31')).toEqual(['2026-Q1', '2026-Q2', '2026-Q3']);
    expect(names('2025-10-01', '2026-09-30')).toEqual(['2025-Q4', '2026-Q1', '2026-Q2', '2026-Q3']);
    expect(names('2025-10-02', '2026-09-29')).toEqual(['2026-Q1', '2026-Q2']);
    expect(names('2026-10-01', '2026-10-31')).toEqual([]);
  });

  it('ends each quarter where the next begins', () => {
    expect(quartersOfYear(2026).map(({ firstDay, lastDay }) => [firstDay, lastDay])).toEqual([
      ['2026-01-01', '2026-03-31'],
      ['2026-04-01', '2026-06-30'],
      ['2026-07-01', '2026-09-30'],
      ['2026-10-01', '2026-12-31'],
    ]);
  });
});
