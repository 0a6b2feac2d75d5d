import type { Language, Translate } from '../i18n/language.ts';
import type { TableModel } from './table-model.tsx';

type Words = { t: Translate; language: Language; simulated: boolean };

/**
 * A table as text for a spreadsheet: a byte-order mark and the separator that Excel expects for the language, since with
 * Vietnamese settings a comma is the decimal mark. What is missing is an empty cell; classes are in words.
 */
export function tableCsv({ columns, rows }: TableModel, { t, language, simulated }: Words): string {
  const separator = language === 'vi' ? ';' : ',';
  // What begins like a formula is made text, so that a name cannot run in a spreadsheet.
  const asText = (words: string) => (/^[=+\-@\t]/.test(words) ? `'${words}` : words);
  const written = (value: string | number | null) => {
    if (value === null) return '';
    if (typeof value === 'string') return asText(value);
    return language === 'vi' ? String(value).replace('.', ',') : String(value);
  };
  const quoted = (cell: string) =>
    /["\n\r]/.test(cell) || cell.includes(separator) ? `"${cell.replace(/"/g, '""')}"` : cell;
  const lines = [
    ...(simulated ? [[t('product.simulated')]] : []),
    columns.map(({ label }) => t(label)),
    ...rows.map(({ cells }) =>
      cells.map(({ value, words }) => (words === undefined ? written(value) : asText(words))),
    ),
  ];
  return `\ufeff${lines.map((line) => line.map(quoted).join(separator)).join('\r\n')}\r\n`;
}

export function downloadTable(model: TableModel, name: string, words: Words): void {
  const address = URL.createObjectURL(new Blob([tableCsv(model, words)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
