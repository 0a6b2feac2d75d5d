// Quarters of the year, named as "2026-Q1".

export type Quarter = { name: string; firstDay: string; lastDay: string };

const lastDays = ['03-31', '06-30', '09-30', '12-31'];
const firstDays = ['01-01', '04-01', '07-01', '10-01'];

/** The four quarters of a year, oldest first. */
export const quartersOfYear = (year: number): Quarter[] =>
  lastDays.map((last, index) => ({
    name: `${year}-Q${index + 1}`,
    firstDay: `${year}-${firstDays[index]}`,
    lastDay: `${year}-${last}`,
  }));

/** The quarters that lie whole within two days, both of which count; oldest first. */
export function wholeQuarters(from: string, to: string): Quarter[] {
  const years = Array.from(
    { length: Number(to.slice(0, 4)) - Number(from.slice(0, 4)) + 1 },
    (_, more) => Number(from.slice(0, 4)) + more,
  );
  return years.flatMap(quartersOfYear).filter(({ firstDay, lastDay }) => firstDay >= from && lastDay <= to);
}

/**
 * The first day of the window of so many months up to and with a day: the day after the same day of an earlier month, or
 * after that month's last day where it has no such day. 12 months up to 2026-10-31 begin on 2025-11-01; 1 month up to
 * 2026-03-31 begins on 2026-03-01, and up to 2026-03-30 too, since February ends on the 28th.
 */
export function firstDayOfWindow(asOf: string, months: number): string {
  const [year = 0, month = 1, day = 1] = asOf.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  const before = new Date(Date.UTC(year, month - 1 - months, Math.min(day, lastOfMonth) + 1));
  return before.toISOString().slice(0, 10);
}
