import { dayInVietnam } from '../../contract/calendar-day.ts';
import type { Database } from '../db/database.ts';
import { foldOldReports, readYearsThatGo, type YearThatGoes } from './queries.ts';

/** Below this a count is small: it is not said. */
const leastCount = 5;

/** Years are read by the day and by the report this long at least; the database holds to it too. */
export const leastMonthsKept = 24;

/** The first day of the month that lies this many months before the month of a day. */
export function keptFrom(today: string, months: number): string {
  const [year, month] = today.split('-').map(Number) as [number, number];
  const counted = year * 12 + (month - 1) - months;
  return `${String(Math.floor(counted / 12)).padStart(4, '0')}-${String((counted % 12) + 1).padStart(2, '0')}-01`;
}

export type RetentionReport = {
  /** Reports that were due, and resolved if they were, before this day become counts. */
  dueBefore: string;
  /** Each count exact, 0, or null where it is 1 to 4. */
  years: { year: number; reports: number | null; unresolved: number | null; withdrawn: number | null }[];
  /** All of them, or at least so many: exact only where no year's count is hidden, or it would give that one back. */
  total: { count: number; exact: boolean };
  dryRun: boolean;
};

/**
 * Ends the time of keeping of reports older than `months`: all that are old enough, in one transaction, or none. With
 * `dryRun` it only says what would go. Counts of 1 to 4 are not said, here either.
 */
export async function endKeeping(
  db: Database,
  { months, clock, dryRun }: { months: number; clock: () => Date; dryRun: boolean },
): Promise<RetentionReport> {
  const dueBefore = keptFrom(dayInVietnam(clock()), months);
  if (dryRun)
    return {
      dueBefore,
      ...told(await db.read((transaction) => readYearsThatGo(transaction, dueBefore))),
      dryRun,
    };
  const years = await db.write(async (transaction) => {
    const going = await readYearsThatGo(transaction, dueBefore);
    if (going.length) await foldOldReports(transaction, dueBefore);
    return going;
  });
  return { dueBefore, ...told(years), dryRun };
}

function told(years: readonly YearThatGoes[]): Pick<RetentionReport, 'years' | 'total'> {
  const hidden = (count: number) => (count > 0 && count < leastCount ? null : count);
  const shown = years.map(({ year, reports, unresolved, withdrawn }) => ({
    year,
    reports: hidden(reports),
    // beside the reports of the year, those that were resolved are small too
    unresolved: hidden(reports) === null || hidden(reports - unresolved) === null ? null : hidden(unresolved),
    withdrawn: hidden(withdrawn),
  }));
  const hides = shown.filter(({ reports }) => reports === null).length;
  return {
    years: shown,
    total: {
      count: shown.reduce((sum, { reports }) => sum + (reports ?? 0), 0) + hides,
      exact: hides === 0,
    },
  };
}
