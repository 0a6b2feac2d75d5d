/**
 * The H3 cell of resolution 7 around a position. The library is loaded when first asked for: it takes as long to load as
 * 10,000 rows to read.
 */
export async function cellAround([lon, lat]: readonly [number, number]): Promise<string> {
  const { latLngToCell } = await import('h3-js');
  return latLngToCell(lat, lon, 7);
}

/** The outline of a cell as a closed ring of longitude and latitude; null for what only looks like a cell. */
export async function cellOutlines(
  cells: readonly string[],
): Promise<Map<string, [number, number][] | null>> {
  const { cellToBoundary, isValidCell } = await import('h3-js');
  return new Map(
    cells.map((cell) => [
      cell,
      isValidCell(cell) ? (cellToBoundary(cell, true) as [number, number][]) : null,
    ]),
  );
}
