import {
  AlignmentType,
  BorderStyle,
  Document,
  Header,
  HeightRule,
  ImageRun,
  type IRunOptions,
  LineRuleType,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TabStopType,
  TextRun,
  VerticalAlign,
  WidthType,
} from 'docx';
import { TextWatermark } from 'docx/watermarks';
import { rasterise } from './rasterise.ts';
import {
  type Align,
  type Block,
  bodyPoints,
  type Figure,
  nationalMotto,
  nationalName,
  type Part,
  pageMillimeters,
  type ReportDocument,
  type Table as ReportTable,
  simulatedWords,
  textWidthMillimeters,
} from './report-document.ts';
import { settleArchive } from './settle-archive.ts';

// Word's units: twentieths of a point for lengths, half points for type, eighths of a point for borders.
const twips = (millimeters: number) => Math.round((millimeters / 25.4) * 1440);
const halfPoints = (points: number) => Math.round(points * 2);
const pixelsPerInch = 96;
/** Of pictures, in print. */
const dotsPerInch = 300;

const alignments = {
  left: AlignmentType.LEFT,
  center: AlignmentType.CENTER,
  right: AlignmentType.RIGHT,
} as const satisfies Record<Align, string>;
const noBorder = { style: BorderStyle.NONE, size: 0, color: 'auto' } as const;
const noBorders = { top: noBorder, bottom: noBorder, left: noBorder, right: noBorder };
const thin = { style: BorderStyle.SINGLE, size: 4, color: '000000' } as const;

/** The report as DOCX, to be finished in Word: the same document gives the same bytes. */
export async function writeDocx(report: ReportDocument): Promise<Buffer> {
  const sections = await Promise.all(
    report.parts.map(async (part, index) => ({
      properties: {
        page: { size: pageSize(part.orientation), margin: pageMargin },
        ...(index === 0 ? { titlePage: true } : {}),
      },
      headers: headers(report.simulated, part.orientation),
      children: [
        ...(index === 0 ? opening(report) : []),
        ...(await Promise.all(part.blocks.map((block) => blockOf(block, part.orientation)))).flat(),
        ...(index === report.parts.length - 1 ? closing(report) : []),
      ],
    })),
  );
  const document = new Document({
    title: `${report.title} ${report.subject}`,
    creator: report.issuingBody.join(' '),
    lastModifiedBy: report.issuingBody.join(' '),
    description: report.simulated ? simulatedWords : '',
    styles: {
      default: {
        document: {
          run: {
            font: 'Times New Roman',
            size: halfPoints(bodyPoints),
            color: '000000',
            language: { value: 'vi-VN' },
          },
        },
      },
    },
    sections,
  });
  const packed = await Packer.toBuffer(document);
  return settleArchive(packed, report.asOf);
}

const pageSize = (orientation: Part['orientation']) => ({
  // the library turns the sides round itself when a page lies across
  width: twips(pageMillimeters.short),
  height: twips(pageMillimeters.long),
  orientation: orientation === 'portrait' ? PageOrientation.PORTRAIT : PageOrientation.LANDSCAPE,
});
const pageMargin = {
  top: twips(pageMillimeters.top),
  bottom: twips(pageMillimeters.bottom),
  left: twips(pageMillimeters.left),
  right: twips(pageMillimeters.right),
  header: twips(pageMillimeters.pageNumber),
  footer: twips(pageMillimeters.pageNumber),
};

/** The page's number from the second page on, and the watermark on every one. */
function headers(simulated: boolean, orientation: Part['orientation']) {
  const mark = () =>
    simulated
      ? [
          new TextWatermark({
            text: simulatedWords,
            font: 'Times New Roman',
            bold: true,
            rotation: orientation === 'portrait' ? 308 : 330,
            width: 520,
            height: 58,
          }),
        ]
      : [];
  const numbered = new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [new TextRun({ children: [PageNumber.CURRENT], size: halfPoints(13) }), ...mark()],
  });
  return {
    default: new Header({ children: [numbered] }),
    first: new Header({ children: [new Paragraph({ children: mark() })] }),
  };
}

type Run = Omit<IRunOptions, 'text' | 'children'> & { points?: number };
const run = (text: string, { points, ...options }: Run = {}) =>
  new TextRun({ text, ...options, ...(points ? { size: halfPoints(points) } : {}) });
const centred = (text: string, options: Run = {}) =>
  new Paragraph({ alignment: AlignmentType.CENTER, children: [run(text, options)] });

/** A rule across the middle of a line that is otherwise empty. */
const rule = (widthMillimeters: number, ruleMillimeters: number, after: number) => {
  const indent = twips((widthMillimeters - ruleMillimeters) / 2);
  return new Paragraph({
    indent: { left: indent, right: indent },
    border: { top: { ...thin, space: 1 } },
    spacing: { before: 80, after, line: 60, lineRule: LineRuleType.EXACT },
    children: [run('', { points: 2 })],
  });
};

const headColumns = [68, 97] as const;
const bareTable = (columns: readonly number[], cells: readonly Paragraph[][]) =>
  new Table({
    layout: TableLayoutType.FIXED,
    width: { size: twips(columns.reduce((sum, width) => sum + width, 0)), type: WidthType.DXA },
    columnWidths: columns.map(twips),
    borders: { ...noBorders, insideHorizontal: noBorder, insideVertical: noBorder },
    rows: [
      new TableRow({
        cantSplit: true,
        children: cells.map(
          (children, index) =>
            new TableCell({
              width: { size: twips(columns[index] as number), type: WidthType.DXA },
              margins: { left: 0, right: 0 },
              borders: noBorders,
              children,
            }),
        ),
      }),
    ],
  });

function opening(report: ReportDocument): (Paragraph | Table)[] {
  const [left, right] = headColumns;
  const head = bareTable(headColumns, [
    [
      ...(report.parentBody?.split('\n') ?? []).map((line) => centred(line, { points: 13 })),
      ...report.issuingBody.map((line) => centred(line, { points: 13, bold: true })),
      rule(left, 24, 60),
      centred(report.documentNumber, { points: 13 }),
    ],
    [
      centred(nationalName, { points: 13, bold: true }),
      centred(nationalMotto, { points: 14, bold: true }),
      rule(right, 68, 60),
      centred(report.placeAndDate, { points: 13, italics: true }),
    ],
  ]);
  return [
    head,
    new Paragraph({
      alignment: AlignmentType.CENTER,
      spacing: { before: 280 },
      children: [run(report.title, { bold: true })],
    }),
    new Paragraph({
      alignment: AlignmentType.CENTER,
      indent: { left: twips(12), right: twips(12) },
      // "quý III năm" on one line and "2026" on the next reads badly
      children: [run(report.subject.replace(/năm (\d{4})/, 'năm\u00a0$1'), { bold: true })],
    }),
    rule(textWidthMillimeters('portrait'), 45, 200),
  ];
}

function closing({ closing: { sentence, recipients, signature } }: ReportDocument): (Paragraph | Table)[] {
  return [
    new Paragraph({
      ...bodyParagraph,
      spacing: { ...bodyParagraph.spacing, before: 200 },
      keepNext: true,
      children: [run(sentence)],
    }),
    bareTable(
      [82, 83],
      [
        [
          new Paragraph({ children: [run('Nơi nhận:', { points: 12, bold: true, italics: true })] }),
          ...recipients.map((line) => new Paragraph({ children: [run(`- ${line}`, { points: 11 })] })),
        ],
        [
          ...signature.map((line) => centred(line, { bold: true })),
          // room to sign
          new Paragraph({ spacing: { before: twips(28) }, children: [] }),
        ],
      ],
    ),
    new Paragraph({
      spacing: { line: 20, lineRule: LineRuleType.EXACT },
      children: [run('', { points: 1 })],
    }),
  ];
}

const firstLine = twips(10);
const bodyParagraph = {
  alignment: AlignmentType.JUSTIFIED,
  indent: { firstLine },
  spacing: { after: 100, line: 276, lineRule: LineRuleType.AUTO },
} as const;

async function blockOf(block: Block, orientation: Part['orientation']): Promise<(Paragraph | Table)[]> {
  switch (block.kind) {
    case 'heading':
      return [
        new Paragraph({
          indent: { firstLine },
          keepNext: true,
          outlineLevel: block.level - 1,
          spacing: { before: 200, after: 80 },
          children: [run(block.text, { bold: true })],
        }),
      ];
    case 'paragraph':
      return [
        new Paragraph({
          ...bodyParagraph,
          children: [
            run(block.text, { bold: block.emphasis === 'bold', italics: block.emphasis === 'italic' }),
          ],
        }),
      ];
    case 'dotted-lines':
      return Array.from(
        { length: block.lines },
        (_, index) =>
          new Paragraph({
            keepNext: index < block.lines - 1,
            tabStops: [
              { type: TabStopType.RIGHT, position: twips(textWidthMillimeters(orientation)), leader: 'dot' },
            ],
            spacing: { before: 120 },
            children: [run('\t')],
          }),
      );
    case 'table':
      return tableOf(block);
    case 'figure':
      return figureOf(block);
  }
}

function tableOf({ caption, columns, head, rows, fontPoints, notes }: ReportTable): (Paragraph | Table)[] {
  const row = (cells: ReportTable['rows'][number], tableHeader: boolean) =>
    new TableRow({
      tableHeader,
      cantSplit: true,
      height: { value: twips(5), rule: HeightRule.ATLEAST },
      children: cells.map(
        (cell, index) =>
          new TableCell({
            width: { size: twips(columns[index]?.widthMillimeters ?? 10), type: WidthType.DXA },
            verticalAlign: VerticalAlign.CENTER,
            children: [
              new Paragraph({
                alignment: alignments[cell.align ?? columns[index]?.align ?? 'left'],
                children: [run(cell.text, { points: fontPoints, bold: cell.bold ?? false })],
              }),
            ],
          }),
      ),
    });
  return [
    new Paragraph({
      alignment: AlignmentType.CENTER,
      keepNext: true,
      spacing: { before: 160, after: 80 },
      children: [run(caption, { points: 13, bold: true })],
    }),
    new Table({
      layout: TableLayoutType.FIXED,
      width: {
        size: twips(columns.reduce((sum, { widthMillimeters }) => sum + widthMillimeters, 0)),
        type: WidthType.DXA,
      },
      columnWidths: columns.map(({ widthMillimeters }) => twips(widthMillimeters)),
      margins: { top: 20, bottom: 20, left: 50, right: 50 },
      borders: {
        top: thin,
        bottom: thin,
        left: thin,
        right: thin,
        insideHorizontal: thin,
        insideVertical: thin,
      },
      rows: [...head.map((cells) => row(cells, true)), ...rows.map((cells) => row(cells, false))],
    }),
    ...notes.map(
      (note) =>
        new Paragraph({ spacing: { before: 60 }, children: [run(note, { points: 11, italics: true })] }),
    ),
  ];
}

// As PNG alone: older Words show no SVG, and 300 dots an inch print as sharp.
async function figureOf(figure: Figure): Promise<Paragraph[]> {
  const { svg, widthMillimeters, heightMillimeters } = figure;
  const data = await rasterise(svg, Math.round((widthMillimeters / 25.4) * dotsPerInch));
  const pixels = (millimeters: number) => Math.round((millimeters / 25.4) * pixelsPerInch);
  return [
    new Paragraph({
      alignment: AlignmentType.CENTER,
      keepNext: true,
      spacing: { before: 120 },
      children: [
        new ImageRun({
          type: 'png',
          data,
          transformation: { width: pixels(widthMillimeters), height: pixels(heightMillimeters) },
          altText: { name: figure.caption, title: figure.caption, description: figure.description },
        }),
      ],
    }),
    new Paragraph({
      alignment: AlignmentType.CENTER,
      spacing: { before: 80, after: 160 },
      children: [run(figure.caption, { points: 13, bold: true })],
    }),
  ];
}
