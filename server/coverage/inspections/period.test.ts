import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../http/problem.ts';
import { coveragePeriod, monthsBefore, wholeMonths } from './period.ts';

describe('coveragePeriod', () => {
  const onRecord = '2026-10-31';
  const today = '2026-11-23';

  it('goes from 1 January to the day on record when nothing is asked', () => {
    // January to October: 31 + 28 + 31 + 30 + 31 + 30 + 31 + 31 + 30 + 31
    expect(coveragePeriod({}, onRecord, today)).toEqual({
      year: 2026,
      from: '2026-01-01',
      asOf: '2026-10-31',
      elapsedDays: 304,
      daysOfYear: 365,
    });
  });

  it.each([
    [{ year: 2024 }, '2024-12-31', 366, 366],
    [{ year: 2026 }, '2026-10-31', 304, 365],
    [{ asOf: '2024-02-29' }, '2024-02-29', 60, 366],
    [{ year: 2025, asOf: '2025-01-01' }, '2025-01-01', 1, 365],
    [{ asOf: '2026-11-23' }, '2026-11-23', 327, 365],
  ])('understands %j', (asked, asOf, elapsedDays, daysOfYear) => {
    expect(coveragePeriod(asked, onRecord, today)).toMatchObject({ asOf, elapsedDays, daysOfYear });
  });

  it('ends today in a year that has begun after the last day on record', () => {
    expect(coveragePeriod({ year: 2027 }, onRecord, '2027-02-03').asOf).toBe('2027-02-03');
  });

  it.each([
    [{ asOf: '2026-11-24' }, 'query asOf', '2026-11-23'],
    [{ year: 2027 }, 'query year', '2026'],
    [{ year: 2025, asOf: '2026-01-01' }, 'query asOf', 'that year'],
  ])('refuses %j and says what is allowed', (asked, where, allowed) => {
    const refusal = (() => {
      try {
        return coveragePeriod(asked, onRecord, today);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(ProblemError);
    expect((refusal as ProblemError).problem).toMatchObject({ status: 400, where });
    expect((refusal as ProblemError).problem.remedy).toContain(allowed);
  });
});

describe('wholeMonths', () => {
  it.each([
    ['2025-11-01', '2026-11-01', 12],
    ['2025-11-02', '2026-11-01', 11],
    ['2026-01-31', '2026-02-28', 0],
    ['2026-01-31', '2026-03-01', 1],
    ['2024-02-29', '2024-02-29', 0],
    ['2019-12-31', '2026-01-01', 72],
  ])('from %s to %s there are %i', (from, to, months) => {
    expect(wholeMonths(from, to)).toBe(months);
  });
});

describe('monthsBefore', () => {
  it.each([
    ['2026-10-31', 12, '2025-10-31'],
    ['2024-02-29', 12, '2023-02-28'],
    ['2024-02-29', 48, '2020-02-29'],
    ['2026-03-31', 1, '2026-02-28'],
    ['2026-01-15', 24, '2024-01-15'],
  ])('%s less %i months is %s', (day, months, expected) => {
    expect(monthsBefore(day, months)).toBe(expected);
  });
});
