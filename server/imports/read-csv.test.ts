import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCsv } from './read-csv.ts';

const header = ['ma', 'ten', 'loai'];
const recognised = (columns: readonly string[]) => columns.filter((column) => header.includes(column)).length;

async function rowsOf(text: string, chunkBytes: number): Promise<string[][]> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const rows: string[][] = [];
  for await (const { values } of (await readCsv(chunks(), recognised, {})).rows)
    rows.push(header.map((column) => values[column] as string));
  return rows;
}

const word = fc.constantFrom('', 'a', 'Phủ Lý', '12', ' đông ', '-', "o'n");
const quoted = fc
  .array(fc.constantFrom('a', 'Lý', ',', '""', ' ', '\n'), { maxLength: 4 })
  .map((parts) => `"${parts.join('')}"`);
const plainlyQuoted = fc
  .array(fc.constantFrom('a', 'Lý', ',', ' '), { maxLength: 4 })
  .map((parts) => `"${parts.join('')}"`);
const stray = fc.constantFrom('a"b', '12"', 'a""');

it.each([
  ['plain values', fc.oneof(word, plainlyQuoted)],
  [
    'values of all kinds',
    fc.oneof({ arbitrary: word, weight: 12 }, { arbitrary: plainlyQuoted, weight: 6 }, quoted, stray),
  ],
])('reads %s as csv-parse does, however the text is cut into chunks', async (_, value) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 40 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.integer({ min: 1, max: 90_000 }),
      fc.integer({ min: 0, max: 2_000 }),
      async (records, end, endsWithOne, chunkBytes, padding) => {
        // what comes before makes the sample that the columns are told by end in different places
        const before = Array.from({ length: padding }, (_, at) => [`p${at}`, 'một chỗ', '"x"']);
        const lines = [header, ...before, ...records].map((record) => record.join());
        const text = lines.join(end) + (endsWithOne ? end : '');
        const expected = (
          parse(text, { delimiter: ',', relax_column_count: true, relax_quotes: true }) as string[][]
        )
          .slice(1)
          .filter((record) => record.length > 1)
          .map((record) => header.map((_, index) => record[index] ?? ''));
        expect(await rowsOf(text, Math.max(chunkBytes, 50))).toEqual(expected);
      },
    ),
    { seed: 20261123, numRuns: 150 },
  );
});

it('says on which line of the whole file a quotation mark was opened and never closed', async () => {
  const lines = [
    'ma,ten,loai',
    ...Array.from({ length: 30_000 }, (_, at) => `${at},"một chỗ",x`),
    '1,"một chỗ,x',
  ];
  await expect(rowsOf(lines.join('\n'), 65_536)).rejects.toThrow(
    /never closed, at the latest on line 30002:/,
  );
});
