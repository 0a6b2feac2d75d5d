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

  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: longestRowBytes,
  });
  const batches = recordsOf(parser, text())[Symbol.asyncIterator]();
  const opening: string[][] = [];
  while (opening.length < headerLines) {
    const { value, done } = await batches.next();
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

  async function* rows(): AsyncIterable<SourceRow> {
    let line = 1;
    for (const record of opening.slice(0, header!.index + 1)) line += linesOf(record);
    const row = (record: string[]): SourceRow | null => {
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
      for (const record of batch) {
        const read = row(record);
        if (read) yield read;
      }
      const next = await batches.next();
      batch = next.done ? undefined : next.value;
    }
  }
  return { format: 'CSV', rowWord: 'line', columns, statedCrs: null, rows: rows() };
}

const linesOf = (record: readonly string[]) =>
  record.reduce((lines, value) => (value.includes('\n') ? lines + value.split('\n').length - 1 : lines), 1);

/** Feeds text by hand and takes what is parsed in batches: row by row, csv-parse's own stream costs a third more. */
async function* recordsOf(parser: Parser, text: AsyncIterable<string>): AsyncIterable<string[][]> {
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
  for await (const piece of text) {
    let writing = true;
    parser.write(piece, () => {
      writing = false;
    });
    while (writing && !failure) {
      yield take();
      if (writing) await aMoment();
    }
    if (failure) throw unreadable(failure);
    yield take();
  }
  parser.end();
  while (!ended) {
    yield take();
    if (failure) throw unreadable(failure);
    await aMoment();
  }
}

function unreadable(error: Error): ImportRefused {
  const line = error instanceof CsvError && typeof error.lines === 'number' ? error.lines : null;
  const what =
    error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? `A quotation mark is opened and never closed${line ? `, at the latest on line ${line}` : ''}: the file may be cut short.`
      : `The text cannot be read${line ? ` at line ${line}` : ''}: ${error.message}.`;
  return new ImportRefused({ what, remedy: 'Correct the quotation marks there, or export the file again.' });
}
