/**
 * The row that names the columns: the first, unless a later one among the first rows names more columns that are
 * recognised (tables often begin with a title and a date).
 */
export function findHeader(
  rows: readonly (readonly unknown[])[],
  recognised: (columns: readonly string[]) => number,
): { index: number; names: string[] } | null {
  let best: { index: number; names: string[]; points: number } | null = null;
  rows.forEach((row, index) => {
    const names = row.map((value) => (value === null || value === undefined ? '' : String(value)));
    if (names.every((name) => name.trim() === '')) return;
    const points = recognised(names);
    if (!best || points > best.points) best = { index, names, points };
  });
  return best;
}

/** Header names that can serve as keys: a column without a name is called by its letter, a repeated one is numbered. */
export function namedColumns(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name, index) => {
    const plain =
      name
        .replace(/^\ufeff/, '')
        .replace(/\s+/g, ' ')
        .trim() || `(column ${columnLetter(index)})`;
    const times = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, times);
    return times === 1 ? plain : `${plain} (${times})`;
  });
}

export function columnLetter(index: number): string {
  return index < 26
    ? String.fromCharCode(65 + index)
    : columnLetter(Math.floor(index / 26) - 1) + columnLetter(index % 26);
}
