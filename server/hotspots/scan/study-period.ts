import { AnalysisInputError } from '../analysis-input-error.ts';

export const TIME_UNITS = ['day', 'week', 'month', 'year'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** Days since 1970-01-01. */
export type DayNumber = number;

export type StudyPeriod = {
  unit: TimeUnit;
  /** First day of each interval, then the day after the study. */
  starts: Int32Array;
  days: Float64Array;
};

const DATE = /^(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:[T ].*)?$/;

/**
 * The days that a date covers: "2026-03-05" (or 2026/3/5, with or without a time) one day, "2026-03" a month, "2026" a
 * year. Null for anything else, 31 February among it.
 */
export function daysOfDate(text: string): { first: DayNumber; last: DayNumber } | null {
  const match = DATE.exec(text.trim());
  if (!match) return null;
  const year = Number(match[1]);
  if (match[2] === undefined) return { first: dayNumber(year, 1, 1), last: dayNumber(year + 1, 1, 1) - 1 };
  const month = Number(match[2]);
  if (month < 1 || month > 12) return null;
  const first = dayNumber(year, month, 1);
  const after = dayNumber(year, month + 1, 1);
  if (match[3] === undefined) return { first, last: after - 1 };
  const day = first + Number(match[3]) - 1;
  return day < first || day >= after ? null : { first: day, last: day };
}

function dayNumber(year: number, month: number, day: number): DayNumber {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

export function dateOfDay(day: DayNumber): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/**
 * Intervals of a study from `first` to `last`, counted back from the last day, so that only the first can be shorter than
 * the others (as in SaTScan). Months and years are counted back by the calendar.
 */
export function studyPeriod(first: DayNumber, last: DayNumber, unit: TimeUnit): StudyPeriod {
  if (last < first) {
    throw new AnalysisInputError({
      field: '--end',
      problem: `the study ends (${dateOfDay(last)}) before it begins (${dateOfDay(first)}).`,
      remedy: 'Exchange --start and --end.',
    });
  }
  const starts = [last + 1];
  for (let back = 1; starts[starts.length - 1]! > first; back++) {
    starts.push(Math.max(first, stepBack(last + 1, unit, back)));
  }
  starts.reverse();
  if (starts.length > 5001) {
    throw new AnalysisInputError({
      field: '--time-unit',
      problem: `the study has ${starts.length - 1} intervals of a ${unit}, above 5,000.`,
      remedy: 'Take a longer unit or a shorter study.',
    });
  }
  const days = new Float64Array(starts.length - 1);
  for (let i = 0; i < days.length; i++) days[i] = starts[i + 1]! - starts[i]!;
  return { unit, starts: Int32Array.from(starts), days };
}

function stepBack(end: DayNumber, unit: TimeUnit, count: number): DayNumber {
  if (unit === 'day') return end - count;
  if (unit === 'week') return end - 7 * count;
  const date = new Date(end * 86_400_000);
  const months = unit === 'month' ? count : 12 * count;
  const index = date.getUTCFullYear() * 12 + date.getUTCMonth() - months;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  const length = dayNumber(year, month + 1, 1) - dayNumber(year, month, 1);
  return dayNumber(year, month, Math.min(length, date.getUTCDate()));
}

/**
 * By default the study runs over the events, for months and years over whole ones (a study by months is one of calendar
 * months), for days and weeks from the first event to the last.
 */
export function spanOfUnit(first: DayNumber, last: DayNumber, unit: TimeUnit): [DayNumber, DayNumber] {
  if (unit === 'day' || unit === 'week') return [first, last];
  const length = unit === 'month' ? 7 : 4;
  return [
    daysOfDate(dateOfDay(first).slice(0, length))!.first,
    daysOfDate(dateOfDay(last).slice(0, length))!.last,
  ];
}

/** The interval of a day, or −1 outside the study. */
export function intervalOfDay(period: StudyPeriod, day: DayNumber): number {
  const { starts } = period;
  if (day < starts[0]! || day >= starts[starts.length - 1]!) return -1;
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= day) low = middle;
    else high = middle;
  }
  return low;
}

/** The longest span that is at most a share of the study: whole units, rounded down, as in SaTScan; at least 1. */
export function longestSpan(period: StudyPeriod, share: number): number {
  const { days, unit } = period;
  const total = days.reduce((sum, own) => sum + own, 0);
  const units = unit === 'week' ? Math.floor(Math.floor(total * share) / 7) : Math.floor(days.length * share);
  return Math.max(1, units);
}
