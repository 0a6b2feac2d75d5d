import { escapeXml } from './province-map.ts';
import {
  type Block,
  bodyPoints,
  type Cell,
  type Figure,
  nationalMotto,
  nationalName,
  type Part,
  pageMillimeters,
  type ReportDocument,
  simulatedWords,
  type Table,
} from './report-document.ts';
import { reportFontFiles } from './report-fonts.ts';

/**
 * The report as one HTML file that needs nothing else: what Chromium prints. Pages are laid out by CSS Paged Media:
 * named pages for the two orientations, the page number in a margin box.
 */
export function writeHtml(report: ReportDocument): string {
  return `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:">
<title>${escapeXml(`${report.title} ${report.subject}`)}</title>
<style>${fontFaces()}${styles(report.simulated)}</style>
</head>
<body>
${report.parts.map((part, index) => partHtml(part, report, index === 0, index === report.parts.length - 1)).join('\n')}
</body>
</html>
`;
}

let faces: string | undefined;
/** Times New Roman where it is installed; else Tinos, which has its metrics, so that lines break alike everywhere. */
const fontFaces = () =>
  (faces ??= reportFontFiles
    .map(
      ({ weight, style, local, read }) =>
        `@font-face{font-family:Report;font-weight:${weight};font-style:${style};src:local('${local}'),url(data:font/ttf;base64,${read().toString('base64')})}`,
    )
    .join('\n'));

function styles(simulated: boolean): string {
  const { short, long, top, right, bottom, left, pageNumber } = pageMillimeters;
  const margin = `margin: ${top}mm ${right}mm ${bottom}mm ${left}mm;`;
  const mark = (width: number, height: number) =>
    simulated
      ? `background: url("data:image/svg+xml,${encodeURIComponent(watermark(width, height))}") 0 0 / ${width}mm ${height}mm no-repeat;`
      : '';
  const foot = simulated
    ? `@bottom-center { content: '${simulatedWords}'; font: bold 10pt Report, serif; }`
    : '';
  const number = `@top-center { content: counter(page); font: 13pt Report, serif; vertical-align: top; padding-top: ${pageNumber}mm; }`;
  return `
@page { size: ${short}mm ${long}mm; ${margin} ${mark(short, long)} ${number} ${foot} }
@page landscape { size: ${long}mm ${short}mm; ${margin} ${mark(long, short)} ${number} ${foot} }
@page :first { @top-center { content: none; } }
* { box-sizing: border-box; }
html { color: #000; font: ${bodyPoints}pt/1.25 Report, serif; }
body { margin: 0; }
.landscape { page: landscape; }
.head { display: grid; grid-template-columns: 70fr 95fr; text-align: center; font-size: 13pt; line-height: 1.2; white-space: pre-line; }
.head b, .head .rule { display: block; }
.head .rule { height: 0; border-top: 0.7pt solid #000; margin: 2pt auto 5pt; }
.head .motto { display: inline-block; border-bottom: 0.7pt solid #000; font-weight: 700; font-size: 14pt; padding-bottom: 1pt; margin-bottom: 5pt; white-space: nowrap; }
h1 { font-size: ${bodyPoints}pt; text-align: center; margin: 18pt 0 0; }
.subject { font-weight: 700; text-align: center; margin: 0 12mm; text-wrap: balance; }
.subject-rule { width: 45mm; border-top: 0.7pt solid #000; margin: 4pt auto 14pt; }
h2, h3 { font-size: ${bodyPoints}pt; margin: 10pt 0 4pt; break-after: avoid; text-indent: 10mm; }
p { margin: 0 0 5pt; text-align: justify; text-indent: 10mm; orphans: 2; widows: 2; }
.caption { text-align: center; font-weight: 700; text-indent: 0; font-size: 13pt; margin: 8pt 0 4pt; break-after: avoid; }
table.figures { border-collapse: collapse; table-layout: fixed; width: calc(100% - 1pt); line-height: 1.15; font-variant-numeric: tabular-nums; }
table.figures th, table.figures td { border: 0.5pt solid #000; padding: 1.6pt 2.5pt; vertical-align: middle; overflow-wrap: break-word; }
table.figures thead { display: table-header-group; }
table.figures tr { break-inside: avoid; }
.note { font-size: 11pt; font-style: italic; text-indent: 0; margin: 3pt 0 0; line-height: 1.15; }
figure { margin: 6pt 0 10pt; break-inside: avoid; text-align: center; }
figure svg { font-family: Report, serif; display: block; margin: 0 auto; max-width: 100%; }
figcaption { font-weight: 700; font-size: 13pt; margin-top: 4pt; }
figcaption, .caption { text-wrap: balance; }
.kept { break-inside: avoid; }
.line { border-bottom: 1pt dotted #000; height: 22pt; }
.end { break-inside: avoid; margin-top: 10pt; }
.closing { display: grid; grid-template-columns: 1fr 1fr; margin-top: 12pt; }
.recipients { font-size: 11pt; line-height: 1.2; }
.recipients b { font-size: 12pt; font-style: italic; }
.signature { text-align: center; font-weight: 700; padding-bottom: 32mm; }
`;
}

/** Pale grey from corner to corner, behind the text: a page's background, so that it is on every page. */
const watermark = (width: number, height: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><text x="${width / 2}" y="${height / 2}" text-anchor="middle" dominant-baseline="middle" font-family="'Times New Roman', Tinos, 'Liberation Serif', serif" font-weight="700" font-size="22" fill="#000" fill-opacity=".13" transform="rotate(${width > height ? -30 : -52} ${width / 2} ${height / 2})">${simulatedWords}</text></svg>`;

function partHtml(part: Part, report: ReportDocument, first: boolean, last: boolean): string {
  return `<section class="${part.orientation}">
${first ? headHtml(report) : ''}
${blocksHtml(part.blocks)}
${last ? closingHtml(report) : ''}
</section>`;
}

const headHtml = (report: ReportDocument): string => `<div class="head">
<div>${report.parentBody ? escapeXml(report.parentBody) : ''}<b>${report.issuingBody.map(escapeXml).join('\n')}</b><span class="rule" style="width: 24mm"></span>${escapeXml(report.documentNumber)}</div>
<div><b>${nationalName}</b><span class="motto">${nationalMotto}</span>
<i>${escapeXml(report.placeAndDate)}</i></div>
</div>
<h1>${escapeXml(report.title)}</h1>
<div class="subject">${escapeXml(report.subject)}</div>
<div class="subject-rule"></div>`;

const closingHtml = ({ closing }: ReportDocument): string => `<div class="end">
<p>${escapeXml(closing.sentence)}</p>
<div class="closing">
<div class="recipients"><b>Nơi nhận:</b>${closing.recipients.map((line) => `<br>- ${escapeXml(line)}`).join('')}</div>
<div class="signature">${closing.signature.map(escapeXml).join('<br>')}</div>
</div>
</div>`;

/** A heading stays on one page with the lines beneath it. */
function blocksHtml(blocks: readonly Block[]): string {
  return blocks
    .map((block, index) => {
      const html = blockHtml(block);
      if (block.kind === 'heading' && blocks[index + 1]?.kind === 'dotted-lines')
        return `<div class="kept">${html}`;
      if (block.kind === 'dotted-lines' && blocks[index - 1]?.kind === 'heading') return `${html}</div>`;
      return html;
    })
    .join('\n');
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return block.level === 1 ? `<h2>${escapeXml(block.text)}</h2>` : `<h3>${escapeXml(block.text)}</h3>`;
    case 'paragraph': {
      const text = escapeXml(block.text);
      const tag = { italic: 'i', bold: 'b' } as const;
      return `<p>${block.emphasis ? `<${tag[block.emphasis]}>${text}</${tag[block.emphasis]}>` : text}</p>`;
    }
    case 'dotted-lines':
      return '<div class="line"></div>'.repeat(block.lines);
    case 'table':
      return tableHtml(block);
    case 'figure':
      return figureHtml(block);
  }
}

function tableHtml({ caption, columns, head, rows, fontPoints, notes }: Table): string {
  const cell = (tag: 'th' | 'td') => (content: Cell, index: number) =>
    `<${tag} style="text-align: ${content.align ?? columns[index]?.align ?? 'left'}; font-weight: ${content.bold ? 700 : 400}">${escapeXml(content.text)}</${tag}>`;
  return `<p class="caption">${escapeXml(caption)}</p>
<table class="figures" style="font-size: ${fontPoints}pt">
<colgroup>${columns.map(({ widthMillimeters }) => `<col style="width: ${widthMillimeters}mm">`).join('')}</colgroup>
<thead>${head.map((row) => `<tr>${row.map(cell('th')).join('')}</tr>`).join('')}</thead>
<tbody>
${rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('\n')}
</tbody>
</table>
${notes.map((note) => `<p class="note">${escapeXml(note)}</p>`).join('\n')}`;
}

const figureHtml = ({ svg, caption, description, widthMillimeters, heightMillimeters }: Figure): string =>
  `<figure role="img" aria-label="${escapeXml(description)}" style="width: ${widthMillimeters}mm; min-height: ${heightMillimeters.toFixed(1)}mm">${svg}<figcaption>${escapeXml(caption)}</figcaption></figure>`;
