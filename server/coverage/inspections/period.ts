import { wrongQuery } from '../../http/problem.ts';
import { daysBetween } from '../pace.ts';

/** A year of the plan up to a day: from 1 January, both days counted. */
export type CoveragePeriod = {
  year: number;
  from: string;
  asOf: string;
  elapsedDays: number;
  daysOfYear: number;
};

/**
 * What the asker means by a year and a day, or by one of them, or by none.
 *
 * @param asked as given; `asOf` is a day that exists.
 * @param onRecord the day on which the records stand: what is meant when no day is given.
 * @param today in Vietnam. What lies after both has not come and is refused.
 */
export function coveragePeriod(
  asked: { year?: number | undefined; asOf?: string | undefined },
  onRecord: string,
  today: string,
): CoveragePeriod {
  const latest = onRecord > today ? onRecord : today;
  if (asked.asOf && asked.asOf > latest) {
    throw wrongQuery('asOf', `${asked.asOf} has not come`, `Ask for a day up to ${latest}.`);
  }
  if (asked.year && asked.year > yearOf(latest)) {
    throw wrongQuery('year', `${asked.year} has not begun`, `Ask for a year up to ${yearOf(latest)}.`);
  }
  if (asked.year && asked.asOf && yearOf(asked.asOf) !== asked.year) {
    throw wrongQuery(
      'asOf',
      `${asked.asOf} is not in the year ${asked.year}`,
      'Give a day of that year, or leave one of the two out.',
    );
  }
  const asOf = asked.asOf ?? lastDayOf(asked.year ?? yearOf(onRecord), onRecord, latest);
  const year = yearOf(asOf);
  const from = `${year}-01-01`;
  return {
    year,
    from,
    asOf,
    elapsedDays: daysBetween(from, asOf) + 1,
    daysOfYear: daysBetween(from, `${year}-12-31`) + 1,
  };
}

function lastDayOf(year: number, onRecord: string, latest: string): string {
  if (year === yearOf(onRecord)) return onRecord;
  const last = `${year}-12-31`;
  return last < latest ? last : latest;
}

const yearOf = (day: string) => Number(day.slice(0, 4));

/** Whole calendar months from a day to a later one: 31 January to 28 February is none, to 1 March one. */
export function wholeMonths(from: string, to: string): number {
  const [fromYear = 0, fromMonth = 0, fromDay = 0] = from.split('-').map(Number);
  const [toYear = 0, toMonth = 0, toDay = 0] = to.split('-').map(Number);
  return (toYear - fromYear) * 12 + (toMonth - fromMonth) - (toDay < fromDay ? 1 : 0);
}

/** The same day of the month so many months earlier, or that month's last: 12 months before 29 February 2024 is 28 February 2023. */
export function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 0, dayOfMonth = 0] = day.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month - months, 0));
  lastOfMonth.setUTCDate(Math.min(dayOfMonth, lastOfMonth.getUTCDate()));
  return lastOfMonth.toISOString().slice(0, 10);
}
