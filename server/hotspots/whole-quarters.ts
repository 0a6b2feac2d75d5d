/**
 * The whole quarters within a period, both days counted; null where there is none. Reports are told by whole quarters, so that
 * no two periods differ by a few of them.
 */
export function wholeQuarters(from: string, to: string): { from: string; to: string } | null {
  const [fromYear = 0, fromMonth = 1, fromDay = 1] = from.split('-').map(Number);
  const startsLate = (fromMonth - 1) % 3 !== 0 || fromDay !== 1;
  const firstMonth = Math.floor((fromMonth - 1) / 3) * 3 + (startsLate ? 3 : 0);
  const [toYear = 0, toMonth = 1, toDay = 1] = to.split('-').map(Number);
  // the first day after the period begins the quarter that is not whole
  const after = new Date(Date.UTC(toYear, toMonth - 1, toDay + 1));
  const last = Date.UTC(after.getUTCFullYear(), Math.floor(after.getUTCMonth() / 3) * 3, 0);
  const first = Date.UTC(fromYear, firstMonth, 1);
  if (first > last) return null;
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  return { from: day(first), to: day(last) };
}
