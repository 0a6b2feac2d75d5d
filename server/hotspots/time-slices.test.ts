import { describe, expect, it } from 'vitest';
import { addDays, sliceOf, slicesOf, wholeSlices } from './time-slices.ts';

describe('time slices', () => {
  it('begin on the first of months and quarters, and every seven days from the first day', () => {
    expect(slicesOf('2025-11-15', '2026-02-01', 'month')).toEqual([
      '2025-11-01',
      '2025-12-01',
      '2026-01-01',
      '2026-02-01',
    ]);
    expect(slicesOf('2025-11-15', '2026-04-01', 'quarter')).toEqual([
      '2025-10-01',
      '2026-01-01',
      '2026-04-01',
    ]);
    expect(slicesOf('2026-02-25', '2026-03-11', 'week')).toEqual(['2026-02-25', '2026-03-04', '2026-03-11']);
  });

  it('leave cut slices out when whole ones are asked for', () => {
    expect(wholeSlices('2025-05-01', '2026-10-31', 'quarter')).toEqual([
      '2025-07-01',
      '2025-10-01',
      '2026-01-01',
      '2026-04-01',
      '2026-07-01',
    ]);
    expect(wholeSlices('2026-01-01', '2026-03-31', 'month')).toEqual([
      '2026-01-01',
      '2026-02-01',
      '2026-03-01',
    ]);
    expect(wholeSlices('2026-01-02', '2026-03-30', 'month')).toEqual(['2026-02-01']);
    expect(wholeSlices('2026-01-02', '2026-01-30', 'month')).toEqual([]);
  });

  it('find the slice of a day, the first and last days included', () => {
    const starts = slicesOf('2026-01-01', '2026-12-31', 'month');
    expect([
      sliceOf(starts, '2026-01-01'),
      sliceOf(starts, '2026-01-31'),
      sliceOf(starts, '2026-02-01'),
      sliceOf(starts, '2026-12-31'),
    ]).toEqual([0, 0, 1, 11]);
  });

  it('count days over a leap day', () => {
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
  });
});
