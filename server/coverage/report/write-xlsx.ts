import ExcelJS from '@protobi/exceljs';
import { rasterise } from './rasterise.ts';
import {
  type Figure,
  pageMillimeters,
  type ReportDocument,
  type Sheet,
  simulatedWords,
} from './report-document.ts';
import { settleArchive } from './settle-archive.ts';

const fontName = 'Times New Roman';
// [$-42A] is Vietnamese: 1.234 and 12,5 % in programs that follow it; Excel writes separators as the reader's system does.
const numberFormats: Record<Sheet['columns'][number]['format'], string> = {
  text: '@',
  count: '[$-42A]#,##0',
  percent: '[$-42A]0.0\\ %',
  decimal: '[$-42A]#,##0.0',
};
const inches = (millimeters: number) => millimeters / 25.4;
const thin = { style: 'thin' } as const;
const borders = { top: thin, bottom: thin, left: thin, right: thin };

/**
 * The report's figures as a workbook: numbers as numbers, one head row with filters that stays in sight, every sheet set
 * up for A4. Text is text: nothing of the data is ever taken for a formula.
 */
export async function writeXlsx(report: ReportDocument): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  workbook.creator = report.issuingBody.join(' ');
  workbook.lastModifiedBy = workbook.creator;
  workbook.title = `${report.title} ${report.subject}`;
  for (const sheet of report.sheets) addSheet(workbook, sheet, report);
  const figures = report.parts.flatMap(({ blocks }) =>
    blocks.filter((block): block is Figure => block.kind === 'figure'),
  );
  for (const [index, figure] of figures.entries()) await addFigure(workbook, figure, index + 1, report);
  return settleArchive(new Uint8Array(await workbook.xlsx.writeBuffer()), report.asOf);
}

function pageSetup(orientation: Sheet['orientation']): Partial<ExcelJS.PageSetup> {
  const { top, bottom, left, right, pageNumber } = pageMillimeters;
  return {
    paperSize: 9, // A4
    orientation,
    fitToPage: true,
    fitToWidth: 1,
    fitToHeight: 0,
    margins: {
      top: inches(top),
      bottom: inches(bottom),
      left: inches(left),
      right: inches(right),
      header: inches(pageNumber),
      footer: inches(pageNumber),
    },
  };
}

/** Page numbers above, from the second on; of simulated data that they are so, on every printed page. */
const headerFooter = (simulated: boolean): Partial<ExcelJS.HeaderFooter> => ({
  differentFirst: true,
  firstHeader: simulated ? `&C&"${fontName},Bold"${simulatedWords}` : '',
  oddHeader: `&C&P${simulated ? `    &"${fontName},Bold"${simulatedWords}` : ''}`,
});

function newSheet(
  workbook: ExcelJS.Workbook,
  name: string,
  orientation: Sheet['orientation'],
  simulated: boolean,
): ExcelJS.Worksheet {
  return workbook.addWorksheet(name, {
    pageSetup: pageSetup(orientation),
    headerFooter: headerFooter(simulated),
  });
}

/** Lines above the table, each over its whole width. */
function addLines(
  worksheet: ExcelJS.Worksheet,
  columns: readonly { widthCharacters: number }[],
  lines: readonly { text: string; bold?: boolean; italic?: boolean; size?: number }[],
): void {
  for (const { text, bold = false, italic = false, size = 12 } of lines) {
    const row = worksheet.addRow([text]);
    worksheet.mergeCells(row.number, 1, row.number, columns.length);
    // merged cells grow by themselves nowhere; a column's width is in characters of 11 points
    const room = columns.reduce((sum, { widthCharacters }) => sum + widthCharacters, 0) * (10 / size);
    row.height = size * 1.4 * Math.ceil(text.length / room);
    row.getCell(1).font = { name: fontName, size, bold, italic };
    row.getCell(1).alignment = { horizontal: 'left', vertical: 'middle', wrapText: true };
  }
}

const markLine = (simulated: boolean) => (simulated ? [{ text: simulatedWords, bold: true, size: 14 }] : []);

function addSheet(workbook: ExcelJS.Workbook, sheet: Sheet, { simulated }: ReportDocument): void {
  const worksheet = newSheet(workbook, sheet.name, sheet.orientation, simulated);
  const { columns } = sheet;
  columns.forEach(({ widthCharacters }, index) => {
    worksheet.getColumn(index + 1).width = widthCharacters;
  });
  addLines(worksheet, columns, [
    ...markLine(simulated),
    { text: sheet.title, bold: true, size: 13 },
    ...sheet.notes.map((text) => ({ text, italic: true, size: 11 })),
  ]);
  const head = worksheet.addRow(columns.map(({ title }) => title));
  head.height = heightOf(
    columns,
    columns.map(({ title }) => title),
    1.25,
  );
  head.eachCell((cell) => {
    cell.font = { name: fontName, size: 11, bold: true };
    cell.alignment = { horizontal: 'center', vertical: 'middle', wrapText: true };
    cell.border = borders;
  });
  for (const values of sheet.rows) {
    const row = worksheet.addRow([...values]);
    row.height = heightOf(columns, values);
    columns.forEach(({ format, widthCharacters }, index) => {
      const cell = row.getCell(index + 1);
      const isText = typeof cell.value === 'string';
      cell.font = { name: fontName, size: 11 };
      cell.border = borders;
      cell.alignment = {
        vertical: 'middle',
        wrapText: true,
        horizontal: widthCharacters <= 6 ? 'center' : isText ? 'left' : 'right',
      };
      cell.numFmt = isText ? numberFormats.text : numberFormats[format];
    });
  }
  worksheet.autoFilter = {
    from: { row: head.number, column: 1 },
    to: { row: head.number + sheet.rows.length, column: columns.length },
  };
  const named = columns.findIndex(
    ({ format, widthCharacters }) => format === 'text' && widthCharacters >= 20,
  );
  worksheet.views = [{ state: 'frozen', xSplit: named + 1, ySplit: head.number }];
  worksheet.pageSetup.printTitlesRow = `${head.number}:${head.number}`;
}

const linePoints = 15;
/** Of a row whose texts wrap: programs other than Excel do not work it out. `wider` allows for bold type. */
const heightOf = (columns: Sheet['columns'], values: Sheet['rows'][number], wider = 1): number =>
  linePoints *
  Math.max(
    1,
    ...values.map((value, index) =>
      typeof value === 'string'
        ? Math.ceil((value.length * wider) / (columns[index]?.widthCharacters ?? value.length))
        : 1,
    ),
  );

const pixelsPerInch = 96;
const pictureDotsPerInch = 200;

async function addFigure(
  workbook: ExcelJS.Workbook,
  figure: Figure,
  number: number,
  { simulated }: ReportDocument,
): Promise<void> {
  const worksheet = newSheet(workbook, `Hình ${number}`, 'portrait', simulated);
  worksheet.getColumn(1).width = 90;
  addLines(
    worksheet,
    [{ widthCharacters: 90 }],
    [...markLine(simulated), { text: figure.caption, bold: true, size: 13 }],
  );
  const png = await rasterise(figure.svg, Math.round(inches(figure.widthMillimeters) * pictureDotsPerInch));
  const image = workbook.addImage({ base64: png.toString('base64'), extension: 'png' });
  worksheet.addImage(image, {
    tl: { col: 0, row: worksheet.rowCount + 1 },
    ext: {
      width: Math.round(inches(figure.widthMillimeters) * pixelsPerInch),
      height: Math.round(inches(figure.heightMillimeters) * pixelsPerInch),
    },
  });
}
