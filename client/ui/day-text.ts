/**
 * A day as people here write it, dd/mm/yyyy, as a calendar day `YYYY-MM-DD`. Days and months may have one digit and the
 * separator may be a slash, a point or a hyphen; null for what is no day, 31/02/2026 among it. The browser's own date
 * field is not used: it shows days in the order of the machine's language, not the page's.
 */
export function readDay(text: string): string | null {
  const match = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(text);
  if (!match) return null;
  const [day, month, year] = match.slice(1).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1900;
  return exists ? date.toISOString().slice(0, 10) : null;
}

/** The first day of the month so many months back, the month of the day itself counted: 18 from 2026-10-31 is 2025-05-01. */
export function monthsUpTo(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - months, 1)).toISOString().slice(0, 10);
}
