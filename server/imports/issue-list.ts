import type { ImportIssue } from './import-refused.ts';
import { personalText } from './personal-text.ts';
import type { RowIssue } from './row-cells.ts';
import type { Source } from './source.ts';

const listedIssues = 1_000;

/** Faults as they are found: the first thousand kept, all of them counted, and the first points outside Vietnam. */
export function issueList(rowWord: Source['rowWord'], sourceName: string) {
  const listed: ImportIssue[] = [];
  const bad = new Set<number>();
  const outside: (readonly [number, number])[] = [];
  let count = 0;
  let outsideRows = 0;
  return {
    add(line: number, { column, value, expected, outside: point }: RowIssue): void {
      count += 1;
      bad.add(line);
      if (point) {
        outsideRows += 1;
        if (outside.length < 50) outside.push(point);
      }
      if (listed.length < listedIssues)
        listed.push({
          line,
          where: `${sourceName}, ${rowWord} ${line}`,
          column,
          // a telephone in the column of days is told as a fault of the row, and not said again
          value: value !== null && personalText(value) ? '…' : value,
          expected,
        });
    },
    isBad: (line: number) => bad.has(line),
    badRows: () => bad.size,
    count: () => count,
    listed: () => listed,
    outside: () => outside,
    outsideRows: () => outsideRows,
  };
}
export type IssueList = ReturnType<typeof issueList>;
