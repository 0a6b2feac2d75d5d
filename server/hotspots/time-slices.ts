export type SliceUnit = 'week' | 'month' | 'quarter';

/** First days of the slices that the period touches, oldest first. Weeks are counted from the first day of the period. */
export function slicesOf(from: string, to: string, unit: SliceUnit): string[] {
  const starts: string[] = [];
  for (let index = 0; starts.length === 0 || starts.at(-1)! <= to; index += 1)
    starts.push(startOfSlice(from, index, unit));
  return starts.slice(0, -1);
}

/** The place of a day among slices given by their first days. */
export function sliceOf(starts: readonly string[], day: string): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= day) low = middle;
    else high = middle;
  }
  return low;
}

/** Slices that lie in the period whole: the first and the last may be cut. */
export function wholeSlices(from: string, to: string, unit: SliceUnit): string[] {
  const starts = slicesOf(from, to, unit);
  const afterLast = dayBefore(startOfSlice(from, starts.length, unit));
  const kept = afterLast <= to ? starts : starts.slice(0, -1);
  return (kept[0] ?? from) < from ? kept.slice(1) : kept;
}

export function dayBefore(day: string): string {
  return addDays(day, -1);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

function startOfSlice(from: string, index: number, unit: SliceUnit): string {
  if (unit === 'week') return addDays(from, 7 * index);
  const [year = 0, month = 1] = from.split('-').map(Number);
  const months = unit === 'month' ? index : 3 * index;
  const first = unit === 'month' ? month - 1 : 3 * Math.floor((month - 1) / 3);
  return new Date(Date.UTC(year, first + months, 1)).toISOString().slice(0, 10);
}
