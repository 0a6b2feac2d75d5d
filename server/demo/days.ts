const millisecondsPerDay = 86_400_000;

/** Days since 1970-01-01 of a calendar day `YYYY-MM-DD`. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / millisecondsPerDay;
}

export function dayOf(number: number): string {
  return new Date(number * millisecondsPerDay).toISOString().slice(0, 10);
}

/** Sundays, on which no team goes out and no session is held. */
export function isSunday(number: number): boolean {
  return ((number % 7) + 7) % 7 === 3;
}

/** The demo's activities: a year and a half up to a fixed end, so that every result can be made again. */
export const demoPeriod = { from: '2025-05-01', to: '2026-10-31' } as const;
export const monthsOfPeriod: readonly string[] = Array.from({ length: 18 }, (_, k) => {
  const month = 4 + k;
  return `${2025 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
});

export function firstDayOf(month: string): number {
  return dayNumber(`${month}-01`);
}

export function lastDayOf(month: string): number {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return Date.UTC(year, number, 0) / millisecondsPerDay;
}
