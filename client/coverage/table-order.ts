const vietnamese = new Intl.Collator('vi');

/** Sorted by a column's value; what is missing comes last in either direction, and equals keep the order of the alphabet. */
export function sortedBy<Row extends { name: string; code: string }>(
  rows: readonly Row[],
  value: (row: Row) => string | number | null,
  descending: boolean,
): Row[] {
  const direction = descending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const first = value(one);
    const second = value(other);
    if (first === null || second === null) {
      if (first !== second) return first === null ? 1 : -1;
    } else {
      const order =
        typeof first === 'string' ? vietnamese.compare(first, String(second)) : first - Number(second);
      if (order !== 0) return order * direction;
    }
    return vietnamese.compare(one.name, other.name) || one.code.localeCompare(other.code);
  });
}
