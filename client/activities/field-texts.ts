import { readDay } from '../ui/day-text.ts';

/**
 * A count as people here write it: "1234", "1.234", "1 234"; null for anything else. "1,5" and "1.23" are not counts, and
 * guessing a thousand from a misplaced point would make a wrong figure of a slip.
 */
export function readCount(text: string): number | null {
  const typed = text.trim();
  if (!/^(\d+|\d{1,3}([.,\s\u00a0]\d{3})+)$/.test(typed)) return null;
  const count = Number(typed.replace(/\D/g, ''));
  return Number.isSafeInteger(count) ? count : null;
}

/**
 * A day as `readDay` reads it, or shorter, as one who records this week's work writes it: "5/11" and "5" are the last such
 * day up to `near`, or with `coming` the first from it on. Two digits of a year are of this century.
 */
export function readShortDay(text: string, near: string, { coming = false } = {}): string | null {
  const parts = text.trim().split(/[/.-]/);
  if (parts.length > 3 || parts.some((part) => !/^\d{1,4}$/.test(part))) return null;
  const [day = '', month, year] = parts as [string, string?, string?];
  if (year !== undefined) return readDay(`${day}/${month}/${year.length === 2 ? `20${year}` : year}`);
  if (day.length > 2) return null;
  const [nearYear, nearMonth] = near.split('-').map(Number) as [number, number];
  // 29 February is at most eight years away, and a day that not every month has at most two months.
  for (let steps = 0; steps <= 8; steps += 1) {
    const away = coming ? steps : -steps;
    const months = nearYear * 12 + (nearMonth - 1) + (month === undefined ? away : away * 12);
    const found = readDay(`${day}/${month ?? (months % 12) + 1}/${Math.floor(months / 12)}`);
    if (found !== null && (coming ? found >= near : found <= near)) return found;
  }
  return null;
}

/** A calendar day so many days on, or back when negative. */
export function dayAfter(day: string, days: number): string {
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

export const dayText = (day: string): string => day.split('-').reverse().join('/');
