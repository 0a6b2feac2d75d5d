import type { IndicatorsAnswer } from '../../../contract/coverage-indicators.ts';
import { type Cell, indicatorTable } from './indicator-table.ts';

/**
 * The figures as Vietnamese spreadsheets open them: a byte-order mark, semicolons, decimal commas; shares in percent. What
 * is missing is an empty cell.
 */
export function indicatorsCsv(answer: IndicatorsAnswer): string {
  const { head, rows, title } = indicatorTable(answer);
  const lines = [
    ...(answer.simulated ? [['DỮ LIỆU MÔ PHỎNG']] : []),
    [title],
    head,
    ...rows.map((row) => row.map(cellText)),
  ];
  return `\ufeff${lines.map((line) => line.map(csvValue).join(';')).join('\r\n')}\r\n`;
}

function cellText(cell: Cell): string {
  if (cell.value === null) return '';
  if (cell.kind === 'text') return cell.value;
  const number =
    cell.kind === 'share' ? Number((cell.value * 100).toFixed(4)) : Number(cell.value.toFixed(4));
  return String(number).replace('.', ',');
}

// What begins like a formula is made text, so that a name cannot run in a spreadsheet.
export function csvValue(value: string): string {
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(value) && !/^-?\d+(,\d+)?$/.test(value) ? `'${value}` : value;
  return /["\n\r;]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
