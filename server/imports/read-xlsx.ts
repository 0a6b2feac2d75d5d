import { SaxesParser } from 'saxes';
import { ImportRefused } from './import-refused.ts';
import type { Source, SourceOptions, SourceRow } from './source.ts';
import { findHeader, namedColumns } from './table-header.ts';
import type { ZipArchive } from './zip-archive.ts';

// A reader of our own over an XML parser, because the library's unpacks through temporary files, follows the archive's
// local headers instead of its directory, and bounds nothing. ECMA-376 part 1: workbook, shared strings, styles, sheets.

const headerRows = 20;
const maximumSharedStringBytes = 512 * 1024 ** 2;
const columnLimit = 1_000;

/** A workbook's sheet, row by row. Of a formula only the value that the file stores is taken; nothing is computed. */
export async function readXlsx(
  archive: ZipArchive,
  recognised: (columns: readonly string[]) => number,
  { layer }: SourceOptions,
): Promise<Source> {
  const { sheets, date1904 } = await readWorkbook(archive);
  const visible = sheets.filter(({ hidden }) => !hidden);
  const wanted = layer
    ? sheets.filter(({ name }) => name === layer)
    : visible.length === 1
      ? visible
      : await fullSheets(archive, visible);
  if (wanted.length !== 1)
    throw new ImportRefused({
      what: layer
        ? `The workbook has no sheet "${layer}".`
        : `The workbook has ${wanted.length} sheets with data.`,
      remedy: `Give one with --layer: ${sheets.map(({ name }) => `"${name}"`).join(', ')}.`,
    });
  const strings = await readSharedStrings(archive);
  const dateStyles = await readDateStyles(archive);
  const iterator = sheetRows(archive, wanted[0]!.path, strings, dateStyles, date1904)[Symbol.asyncIterator]();
  const opening: SheetRow[] = [];
  while (opening.length < headerRows) {
    const { value, done } = await iterator.next();
    if (done) break;
    opening.push(value);
  }
  const header = findHeader(
    opening.map(({ cells }) => cells),
    recognised,
  );
  if (!header)
    throw new ImportRefused({
      what: `The sheet "${wanted[0]!.name}" is empty.`,
      remedy: 'Its first row must name the columns.',
    });
  const columns = namedColumns(header.names);

  async function* rows(): AsyncIterable<SourceRow> {
    const toRow = ({ number, cells }: SheetRow): SourceRow | null => {
      if (cells.every((cell) => cell === null || cell === undefined || cell === '')) return null;
      const values: Record<string, unknown> = {};
      let fault: string | undefined;
      columns.forEach((column, at) => {
        const cell = cells[at];
        if (cell instanceof CellError) fault = `a value in column "${column}" (found the error ${cell.text})`;
        values[column] = cell instanceof CellError ? null : (cell ?? null);
      });
      return { line: number, values, geometry: null, ...(fault ? { fault } : {}) };
    };
    for (const opened of opening.slice(header!.index + 1)) {
      const row = toRow(opened);
      if (row) yield row;
    }
    for (;;) {
      const { value, done } = await iterator.next();
      if (done) return;
      const row = toRow(value);
      if (row) yield row;
    }
  }
  return { format: 'XLSX', rowWord: 'row', columns, statedCrs: null, rows: rows() };
}

class CellError {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Handlers = {
  open?: (name: string, attributes: Record<string, string>) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
};

/** Runs one XML part through the parser, chunk by chunk; between chunks the caller may take what came. */
async function* parseXml(archive: ZipArchive, path: string, handlers: Handlers): AsyncIterable<void> {
  const parser = new SaxesParser();
  const decoder = new TextDecoder('utf-8');
  const local = (name: string) => name.slice(name.indexOf(':') + 1);
  const refused = (what: string) =>
    new ImportRefused({
      what: `The workbook's part "${path}" ${what}.`,
      remedy: 'Open it in a spreadsheet program and save it again as .xlsx.',
    });
  let failure: ImportRefused | null = null;
  // Entities, internal or external, can only be declared in a document type declaration, which no spreadsheet has.
  parser.on('doctype', () => {
    failure ??= refused('declares a document type, through which XML can reach other files');
  });
  parser.on('error', (error) => {
    failure ??= refused(`is damaged (${error.message})`);
  });
  parser.on('opentag', ({ name, attributes }) =>
    handlers.open?.(local(name), attributes as Record<string, string>),
  );
  parser.on('text', (text) => handlers.text?.(text));
  parser.on('closetag', ({ name }) => handlers.close?.(local(name)));
  for await (const chunk of archive.chunks(path)) {
    parser.write(decoder.decode(chunk, { stream: true }));
    if (failure) throw failure;
    yield;
  }
  parser.close();
  if (failure) throw failure;
  yield;
}

async function parseWhole(archive: ZipArchive, path: string, handlers: Handlers): Promise<void> {
  for await (const _ of parseXml(archive, path, handlers));
}

type Sheet = { name: string; path: string; hidden: boolean };

async function readWorkbook(archive: ZipArchive): Promise<{ sheets: Sheet[]; date1904: boolean }> {
  const targets = new Map<string, string>();
  if (archive.names.includes('xl/_rels/workbook.xml.rels'))
    await parseWhole(archive, 'xl/_rels/workbook.xml.rels', {
      open(name, { Id, Target, TargetMode }) {
        if (name === 'Relationship' && Id && Target && TargetMode !== 'External')
          targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`);
      },
    });
  const sheets: Sheet[] = [];
  let date1904 = false;
  await parseWhole(archive, 'xl/workbook.xml', {
    open(name, attributes) {
      if (name === 'workbookPr') date1904 = attributes.date1904 === '1' || attributes.date1904 === 'true';
      if (name !== 'sheet') return;
      const path = targets.get(attributes['r:id'] ?? '') ?? `xl/worksheets/sheet${sheets.length + 1}.xml`;
      if (archive.names.includes(path))
        sheets.push({
          name: attributes.name ?? '',
          path,
          hidden: (attributes.state ?? 'visible') !== 'visible',
        });
    },
  });
  if (!sheets.length)
    throw new ImportRefused({ what: 'The workbook has no sheet.', remedy: 'Save it again as .xlsx.' });
  return { sheets, date1904 };
}

async function fullSheets(archive: ZipArchive, sheets: readonly Sheet[]): Promise<Sheet[]> {
  const full: Sheet[] = [];
  for (const sheet of sheets) {
    let hasValue = false;
    for await (const _ of parseXml(archive, sheet.path, {
      open(name) {
        if (name === 'v' || name === 'is') hasValue = true;
      },
    }))
      if (hasValue) break;
    if (hasValue) full.push(sheet);
  }
  return full;
}

async function readSharedStrings(archive: ZipArchive): Promise<string[]> {
  const strings: string[] = [];
  if (!archive.names.includes('xl/sharedStrings.xml')) return strings;
  let [current, inText, phonetic, bytes] = ['', false, false, 0];
  await parseWhole(archive, 'xl/sharedStrings.xml', {
    open(name) {
      if (name === 'si') current = '';
      if (name === 'rPh') phonetic = true;
      inText = name === 't' && !phonetic;
    },
    text(text) {
      if (inText) current += text;
    },
    close(name) {
      inText = false;
      if (name === 'rPh') phonetic = false;
      if (name !== 'si') return;
      bytes += current.length;
      if (bytes > maximumSharedStringBytes)
        throw new ImportRefused({
          what: 'The workbook holds more text than can be read.',
          remedy: 'Save the sheet as CSV.',
        });
      strings.push(current);
    },
  });
  return strings;
}

/** Cell styles whose number format shows a date (built-in 14–22 and 45–47, or a format with day, month or year). */
async function readDateStyles(archive: ZipArchive): Promise<Set<number>> {
  const styles = new Set<number>();
  if (!archive.names.includes('xl/styles.xml')) return styles;
  const custom = new Map<string, boolean>();
  let inCellFormats = false;
  let index = 0;
  await parseWhole(archive, 'xl/styles.xml', {
    open(name, { numFmtId, formatCode }) {
      if (name === 'numFmt' && numFmtId)
        custom.set(numFmtId, /[dmy]/i.test((formatCode ?? '').replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '')));
      if (name === 'cellXfs') inCellFormats = true;
      if (name === 'xf' && inCellFormats) {
        const id = Number(numFmtId ?? 0);
        if (custom.get(String(id)) ?? ((id >= 14 && id <= 22) || (id >= 45 && id <= 47))) styles.add(index);
        index += 1;
      }
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return styles;
}

type SheetRow = { number: number; cells: unknown[] };

async function* sheetRows(
  archive: ZipArchive,
  path: string,
  strings: readonly string[],
  dateStyles: ReadonlySet<number>,
  date1904: boolean,
): AsyncIterable<SheetRow> {
  let ready: SheetRow[] = [];
  let row: SheetRow = { number: 0, cells: [] };
  let column = 0;
  let [type, style, text] = ['n', -1, ''];
  let [inValue, phonetic, hasValue] = [false, false, false];

  const value = (): unknown => {
    if (!hasValue) return null;
    if (type === 's') return strings[Number(text)] ?? null;
    if (type === 'str' || type === 'inlineStr') return text;
    if (type === 'b') return text === '1';
    if (type === 'e') return new CellError(text);
    if (type === 'd') return text.slice(0, 10);
    const number = Number(text);
    if (text === '' || Number.isNaN(number)) return null;
    if (!dateStyles.has(style)) return number;
    const days = Math.floor(number) + (date1904 ? 1462 : 0);
    return new Date(Date.UTC(1899, 11, 30) + days * 86_400_000);
  };

  const events = parseXml(archive, path, {
    open(name, attributes) {
      if (name === 'row') {
        row = { number: Number(attributes.r ?? row.number + 1), cells: [] };
        column = 0;
      } else if (name === 'c') {
        if (attributes.r) column = columnIndex(attributes.r);
        type = attributes.t ?? 'n';
        style = Number(attributes.s ?? -1);
        text = '';
        hasValue = false;
      } else if (name === 'rPh') phonetic = true;
      inValue = (name === 'v' || (name === 't' && type === 'inlineStr')) && !phonetic;
      if (inValue) hasValue = true;
    },
    text(piece) {
      if (inValue) text += piece;
    },
    close(name) {
      inValue = false;
      if (name === 'rPh') phonetic = false;
      else if (name === 'c') {
        if (column < columnLimit) row.cells[column] = value();
        column += 1;
      } else if (name === 'row') ready.push(row);
    },
  });
  for await (const _ of events) {
    if (!ready.length) continue;
    const taken = ready;
    ready = [];
    for (const done of taken) yield { number: done.number, cells: Array.from(done.cells) };
  }
}

function columnIndex(reference: string): number {
  let index = 0;
  for (const letter of /^[A-Z]+/.exec(reference)?.[0] ?? 'A') index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}
