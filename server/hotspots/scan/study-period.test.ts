import { describe, expect, it } from 'vitest';
import {
  dateOfDay,
  daysOfDate,
  intervalOfDay,
  longestSpan,
  spanOfUnit,
  studyPeriod,
} from './study-period.ts';

const day = (text: string) => daysOfDate(text)!.first;
const starts = (first: string, last: string, unit: 'day' | 'week' | 'month' | 'year') =>
  Array.from(studyPeriod(day(first), day(last), unit).starts, dateOfDay);

describe('dates', () => {
  it('cover a day, a month or a year', () => {
    expect(daysOfDate('2026-03-05')).toEqual({ first: day('2026-03-05'), last: day('2026-03-05') });
    expect(dateOfDay(daysOfDate('2024-02')!.last)).toBe('2024-02-29');
    expect(dateOfDay(daysOfDate('2026')!.last)).toBe('2026-12-31');
    expect(daysOfDate('2026/3/5')).toEqual(daysOfDate('2026-03-05T08:00:00Z'));
  });

  it.each(['31/02/2026', '2026-02-31', '2026-13-01', '2026-00', 'yesterday', ''])('%j is none', (text) => {
    expect(daysOfDate(text)).toBeNull();
  });
});

describe('studyPeriod', () => {
  it('counts back from the last day, so that only the first interval is short', () => {
    const period = studyPeriod(day('2026-01-01'), day('2026-01-17'), 'week');
    expect(Array.from(period.starts, dateOfDay)).toEqual([
      '2026-01-01',
      '2026-01-04',
      '2026-01-11',
      '2026-01-18',
    ]);
    expect(Array.from(period.days)).toEqual([3, 7, 7]);
  });

  it('by months and years by the calendar', () => {
    expect(starts('2025-11-01', '2026-02-28', 'month')).toEqual([
      '2025-11-01',
      '2025-12-01',
      '2026-01-01',
      '2026-02-01',
      '2026-03-01',
    ]);
    expect(starts('1973-01-01', '1991-12-31', 'year')).toHaveLength(20);
  });

  it('puts days into intervals, both ends within', () => {
    const period = studyPeriod(day('2026-01-01'), day('2026-01-17'), 'week');
    expect(
      ['2025-12-31', '2026-01-01', '2026-01-03', '2026-01-04', '2026-01-17', '2026-01-18'].map((text) =>
        intervalOfDay(period, day(text)),
      ),
    ).toEqual([-1, 0, 0, 1, 2, -1]);
  });

  it('refuses an end before its beginning, and more intervals than can be scanned', () => {
    expect(() => studyPeriod(day('2026-02-01'), day('2026-01-01'), 'day')).toThrow(
      /--end: the study ends \(2026-01-01\)/,
    );
    expect(() => studyPeriod(day('1990-01-01'), day('2026-01-01'), 'day')).toThrow(
      /13150 intervals of a day/,
    );
  });
});

describe('longestSpan and spanOfUnit', () => {
  it('are half the study in whole units', () => {
    expect(longestSpan(studyPeriod(day('1973-01-01'), day('1991-12-31'), 'year'), 0.5)).toBe(9);
    // 365 days are 53 weeks, the first of one day; half of 365 days is 26 weeks.
    expect(longestSpan(studyPeriod(day('2026-01-01'), day('2026-12-31'), 'week'), 0.5)).toBe(26);
    expect(longestSpan(studyPeriod(day('2026-01-01'), day('2026-01-02'), 'day'), 0.1)).toBe(1);
  });

  it('run over whole months and years, but over the days that there are', () => {
    const dates = (unit: 'day' | 'week' | 'month' | 'year') =>
      spanOfUnit(day('2025-11-17'), day('2026-02-03'), unit).map(dateOfDay);
    expect(dates('day')).toEqual(['2025-11-17', '2026-02-03']);
    expect(dates('week')).toEqual(['2025-11-17', '2026-02-03']);
    expect(dates('month')).toEqual(['2025-11-01', '2026-02-28']);
    expect(dates('year')).toEqual(['2025-01-01', '2026-12-31']);
  });
});
