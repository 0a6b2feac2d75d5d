/**
 * A table out of docs/access.md: the one whose first heading is `first`, as a record by the first cell. Code marks are taken
 * off; an empty cell and a dash mean no right.
 *
 * @throws when there is no such table, or a row that is not as wide as its heading.
 */
export function documentedTable<Column extends string>(
  markdown: string,
  first: string,
  columns: readonly Column[],
): Record<string, Record<Column, string>> {
  const lines = markdown.split('\n').map((line) => line.trim());
  const cellsOf = (line: string) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', ''));
  const start = lines.findIndex((line) => line.startsWith('|') && cellsOf(line)[0] === first);
  if (start < 0) throw new Error(`docs/access.md has no table of each ${first}`);
  const heading = cellsOf(lines[start]!);
  const rows: Record<string, Record<Column, string>> = {};
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith('|')) break;
    const cells = cellsOf(line);
    if (cells.length !== heading.length) throw new Error(`docs/access.md: ${line} has ${cells.length} cells`);
    rows[cells[0]!] = Object.fromEntries(
      columns.map((column) => [column, cells[heading.indexOf(column)]!.replace('—', '')]),
    ) as Record<Column, string>;
  }
  return rows;
}
