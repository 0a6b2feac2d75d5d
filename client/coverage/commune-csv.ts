import type { Language, Translate } from '../i18n/language.ts';
import { communeTitle } from '../places/place-names.ts';
import { type CommuneRow, type SortOrder, sortRows } from './commune-rows.ts';

/**
 * The table as text for a spreadsheet. A byte-order mark and the separator that Excel expects for the language, since
 * with Vietnamese settings a comma is the decimal mark; codes as formulas-free text; what is missing is an empty cell.
 */
export function communeCsv(rows: readonly CommuneRow[], t: Translate, language: Language): string {
  const separator = language === 'vi' ? ';' : ',';
  const number = (value: number | null | undefined) =>
    value === null || value === undefined
      ? ''
      : language === 'vi'
        ? String(value).replace('.', ',')
        : String(value);
  const columns: [string, (row: CommuneRow) => string][] = [
    [t('table.code'), ({ code }) => code],
    [t('table.name'), (row) => communeTitle(row, language, t(`communeType.${row.type}`))],
    [t('table.terrain'), ({ terrain }) => (terrain ? t(`terrain.${terrain}`) : '')],
    [t('table.formerProvince'), ({ former_province }) => former_province ?? ''],
    [t('table.population'), ({ population }) => number(population)],
    [t('table.area'), ({ area_square_km }) => number(area_square_km)],
    [t('table.activeLong'), ({ coverage }) => number(coverage?.active)],
    [t('table.inspectedLong'), ({ coverage }) => number(coverage?.inspected)],
    [t('table.inspections'), ({ coverage }) => number(coverage?.inspections)],
    [
      `${t('table.share')} (%)`,
      ({ coverage }) => number(coverage?.share == null ? null : Number((coverage.share * 100).toFixed(4))),
    ],
    [t('table.missing'), ({ coverage }) => number(coverage?.missing)],
    [t('table.rank'), ({ rank }) => number(rank?.rank)],
  ];
  // What begins like a formula is made text, so that a name cannot run in a spreadsheet.
  const cell = (text: string) => {
    const safe = /^[=+\-@\t]/.test(text) && !/^-?\d/.test(text) ? `'${text}` : text;
    return /["\n\r;,]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };
  const lines = [
    ...(rows.some(({ simulated }) => simulated) ? [[t('product.simulated')]] : []),
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, value]) => value(row))),
  ];
  return `\ufeff${lines.map((line) => line.map(cell).join(separator)).join('\r\n')}\r\n`;
}

export function downloadCsv(
  rows: readonly CommuneRow[],
  order: SortOrder,
  t: Translate,
  language: Language,
): void {
  const address = URL.createObjectURL(
    new Blob([communeCsv(sortRows(rows, order), t, language)], { type: 'text/csv;charset=utf-8' }),
  );
  const link = document.createElement('a');
  link.href = address;
  link.download = 'dia-ban-xa-phuong.csv';
  link.click();
  URL.revokeObjectURL(address);
}
