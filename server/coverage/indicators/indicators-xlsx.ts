import ExcelJS from '@protobi/exceljs';
import type { IndicatorsAnswer } from '../../../contract/coverage-indicators.ts';
import { settleArchive } from '../report/settle-archive.ts';
import { indicatorTable } from './indicator-table.ts';

const widths = [8, 42, 12, 30, 12, 12, 12, 10, 10, 10, 10, 12, 12, 12, 12, 12, 12, 18, 12, 40];
const formats = { text: '@', count: '#,##0', decimal: '#,##0.0', share: '0.0%' };

/** The figures as a workbook: numbers as numbers, a head that stays in sight, filters, A4 across. The same answer gives the same bytes. */
export async function indicatorsXlsx(answer: IndicatorsAnswer): Promise<Buffer> {
  const { title, head, rows } = indicatorTable(answer);
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet('Chỉ tiêu', {
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
    ...(answer.simulated ? { headerFooter: { oddHeader: '&C&"Times New Roman,Bold"DỮ LIỆU MÔ PHỎNG' } } : {}),
  });
  const top = answer.simulated ? [['DỮ LIỆU MÔ PHỎNG'], [title]] : [[title]];
  for (const line of top) sheet.addRow(line).font = { name: 'Times New Roman', size: 13, bold: true };
  const headRow = sheet.addRow(head.map((name) => name.replace(' (%)', '')));
  headRow.font = { name: 'Times New Roman', size: 11, bold: true };
  headRow.alignment = { wrapText: true, vertical: 'middle', horizontal: 'center' };
  for (const cells of rows) {
    const row = sheet.addRow(cells.map(({ value }) => value));
    row.font = { name: 'Times New Roman', size: 11 };
    for (const [index, { kind }] of cells.entries()) row.getCell(index + 1).numFmt = formats[kind];
  }
  widths.forEach((width, index) => {
    sheet.getColumn(index + 1).width = width;
  });
  const headAt = headRow.number;
  sheet.views = [{ state: 'frozen', ySplit: headAt }];
  sheet.autoFilter = {
    from: { row: headAt, column: 1 },
    to: { row: headAt + rows.length, column: head.length },
  };
  sheet.pageSetup.printTitlesRow = `${headAt}:${headAt}`;
  return settleArchive(new Uint8Array(await workbook.xlsx.writeBuffer()), answer.asOf);
}
