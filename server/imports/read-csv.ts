import { CsvError, type Parser, parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { ImportRefused } from './import-refused.ts';
import type { Source, SourceOptions, SourceRow } from './source.ts';
import { findHeader, namedColumns } from './table-header.ts';
import { markedEncoding, textDecoding } from './text-encoding.ts';

const sampleBytes = 64 * 1024;
const headerLines = 20;
const longestRowBytes = 1024 ** 2;
const delimiters = [',', ';', '\t', '|'] as const;

/** Comma, semicolon, tab or bar, whichever parts the first lines into the most columns evenly. */
export function guessDelimiter(sample: string): string {
  const score = (delimiter: string) => {
    let rows: string[][];
    try {
      rows = parseSync(sample, {
        delimiter,
        relax_column_count: true,
        relax_quotes: true,
        skip_empty_lines: true,
        to: 10,
      });
    } catch {
      return 0;
    }
    const widths = rows.map((row) => row.length);
    const most = Math.max(0, ...widths);
    return most < 2 ? 0 : most * widths.filter((width) => width === most).length;
  };
  return delimiters
    .map((delimiter) => ({ delimiter, points: score(delimiter) }))
    .sort((a, b) => b.points - a.points)[0]!.delimiter;
}

/**
 * Delimited text, row by row: memory holds one chunk, whatever the file's size. `isHeader` tells how many columns of a
 * line are recognised, because many tables begin with a title.
 */
export async function readCsv(
  chunks: AsyncIterable<Buffer>,
  recognised: (columns: readonly string[]) => number,
  { encoding }: SourceOptions,
): Promise<Source> {
  const input = chunks[Symbol.asyncIterator]();
  const startParts: Buffer[] = [];
  for (let length = 0; length < sampleBytes; ) {
    const { value, done } = await input.next();
    if (done) break;
    startParts.push(value);
    length += value.length;
  }
  const start = Buffer.concat(startParts);
  const marked = markedEncoding(start);
  const decoding = textDecoding(encoding ?? marked?.name ?? 'utf-8');
  const first = decoding.decode(marked ? start.subarray(marked.bytes) : start, { stream: true });
  const lastLine = first.lastIndexOf('\n');
  const sample = lastLine > 0 ? first.slice(0, lastLine + 1) : first;
  const delimiter = guessDelimiter(sample);

  const records = recordsOf(text(), delimiter);
  const opening: string[][] = [];
  while (opening.length < headerLines) {
    const { value, done } = await records.next();
    if (done) break;
    opening.push(...value);
  }
  const header = findHeader(opening.slice(0, headerLines), recognised);
  if (!header)
    throw new ImportRefused({
      what: 'The file has no row at all.',
      remedy: 'Its first line must name the columns.',
    });
  const columns = namedColumns(header.names);

  async function* text(): AsyncIterable<string> {
    yield first;
    for (;;) {
      const { value, done } = await input.next();
      if (done) break;
      yield decoding.decode(value, { stream: true });
    }
    yield decoding.decode(new Uint8Array(), {});
  }

  async function* batches(): AsyncIterable<SourceRow[]> {
    let line = 1;
    for (const record of opening.slice(0, header!.index + 1)) line += linesOf(record);
    const row = (record: readonly string[]): SourceRow | null => {
      const own = line;
      line += linesOf(record);
      if (record.length <= 1 && (record[0] ?? '').trim() === '') return null;
      const values: Record<string, unknown> = {};
      for (let i = 0; i < columns.length; i += 1) values[columns[i]!] = record[i] ?? '';
      return record.length > columns.length &&
        record.slice(columns.length).some((value) => value.trim() !== '')
        ? {
            line: own,
            values,
            geometry: null,
            fault: `${columns.length} values, as the header names (found ${record.length}): a "${delimiter}" within a value needs quotes`,
          }
        : { line: own, values, geometry: null };
    };
    for (let batch: readonly string[][] | undefined = opening.slice(header!.index + 1); batch; ) {
      yield batch.map(row).filter((read) => read !== null);
      const next: IteratorResult<string[][]> = await records.next();
      batch = next.done ? undefined : next.value;
    }
  }
  async function* rows(): AsyncIterable<SourceRow> {
    for await (const batch of batches()) yield* batch;
  }
  return { format: 'CSV', rowWord: 'line', columns, statedCrs: null, rows: rows(), batches: batches() };
}

const linesOf = (record: readonly string[]) =>
  record.reduce((lines, value) => (value.includes('\n') ? lines + value.split('\n').length - 1 : lines), 1);

/**
 * Records in batches. Lines whose quotes are plain are parted here, in a fifth of csv-parse's time; from the first that is
 * not (doubled or stray quotes, a value over several lines, a lone carriage return, a line without end) csv-parse reads
 * the rest.
 */
async function* recordsOf(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<string[][]> {
  let rest = '';
  let lines = 0;
  const pieces = text[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await pieces.next();
    if (!done) rest += value;
    const records: string[][] = [];
    let start = 0;
    let difficult = false;
    while (start < rest.length) {
      let end = rest.indexOf('\n', start);
      if (end < 0 && !done) {
        difficult = rest.length - start > longestRowBytes;
        break;
      }
      if (end < 0) end = rest.length;
      const record = plainRecord(rest, start, rest[end - 1] === '\r' ? end - 1 : end, delimiter);
      if (!record) {
        difficult = true;
        break;
      }
      records.push(record);
      start = end + 1;
    }
    yield records;
    rest = rest.slice(start);
    lines += records.length;
    if (difficult) return yield* parsedRecords(rest, pieces, delimiter, lines);
    if (done) return;
  }
}

/** The values of the line between two places; null when its quotes or a carriage return need thought. */
function plainRecord(text: string, start: number, end: number, delimiter: string): string[] | null {
  const line = text.slice(start, end);
  if (line.includes('\r')) return null;
  if (!line.includes('"')) return line.split(delimiter);
  const record: string[] = [];
  for (let at = 0; ; ) {
    let next: number;
    if (line[at] === '"') {
      const close = line.indexOf('"', at + 1);
      next = close + 1;
      if (close < 0 || (next < line.length && line[next] !== delimiter)) return null;
      record.push(line.slice(at + 1, close));
    } else {
      next = line.indexOf(delimiter, at);
      if (next < 0) next = line.length;
      const value = line.slice(at, next);
      if (value.includes('"')) return null;
      record.push(value);
    }
    if (next === line.length) return record;
    at = next + 1;
  }
}

/** Feeds text by hand and takes what is parsed in batches: row by row, csv-parse's own stream costs a third more. */
async function* parsedRecords(
  first: string,
  more: AsyncIterator<string>,
  delimiter: string,
  linesBefore: number,
): AsyncGenerator<string[][]> {
  const parser: Parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: longestRowBytes,
  });
  let failure: Error | null = null;
  let ended = false;
  parser.on('error', (error: Error) => {
    failure = error;
  });
  parser.on('end', () => {
    ended = true;
  });
  const take = (): string[][] => {
    const taken: string[][] = [];
    for (let item = parser.read(); item !== null; item = parser.read()) taken.push(item as string[]);
    return taken;
  };
  const aMoment = () => new Promise((resolve) => setImmediate(resolve));
  for (let piece: string | null = first; piece !== null; ) {
    let writing = true;
    parser.write(piece, () => {
      writing = false;
    });
    while (writing && !failure) {
      yield take();
      if (writing) await aMoment();
    }
    if (failure) throw unreadable(failure, linesBefore);
    yield take();
    const next: IteratorResult<string> = await more.next();
    piece = next.done ? null : next.value;
  }
  parser.end();
  while (!ended) {
    yield take();
    if (failure) throw unreadable(failure, linesBefore);
    await aMoment();
  }
}

function unreadable(error: Error, linesBefore: number): ImportRefused {
  const line =
    error instanceof CsvError && typeof error.lines === 'number' ? linesBefore + error.lines : null;
  const what =
    error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? `A quotation mark is opened and never closed${line ? `, at the latest on line ${line}` : ''}: the file may be cut short.`
      : `The text cannot be read${line ? ` at line ${line}` : ''}: ${error.message}.`;
  return new ImportRefused({ what, remedy: 'Correct the quotation marks there, or export the file again.' });
}
