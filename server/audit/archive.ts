import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { beginning, type ChainReport, type Fault, hashOf } from './chain.ts';
import { archiveLine } from './export.ts';
import { readArchived, readSpan } from './queries.ts';

const pageLines = 5000;

/**
 * The log of some days, whole and in the order of its chain, as JSON lines. Lines are sealed in the order in which their
 * transactions ended, so that near midnight a line of the next day may stand between: it is in the file too, and the file
 * is one piece of the chain.
 */
export async function* archivedLines(
  db: Pick<Database, 'read'>,
  { from, to }: { from: string | null; to: string | null },
): AsyncGenerator<string> {
  const { first, last } = await db.read((transaction) => readSpan(transaction, from, to));
  if (first === null || last === null) return;
  for (let position = first; position <= last; ) {
    const rows = await db.read((transaction) => readArchived(transaction, position, last, pageLines));
    if (!rows.length) return;
    yield rows.map(archiveLine).join('');
    position = rows.at(-1)!.position + 1;
  }
}

const archived = z.object({
  position: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  sealed: z.string(),
  salt: z.string().nullish(),
  content: z.string().nullish(),
});
const sealedText = z.object({
  position: z.number(),
  previous: z.string(),
  id: z.number(),
  content: z.string().nullable(),
});

export type ArchiveReport = ChainReport & {
  /** What the first line is sealed upon: the last hash of the file before. Null for an empty file. */
  upon: string | null;
  /** Places that the file leaves out: an export with filters. Between them the chain cannot be checked. */
  leftOut: number;
};

/**
 * Checks an exported file without the database: each line against its own hash, and each against the one before where they
 * are neighbours.
 *
 * @throws when a line is not one of an export.
 */
export async function checkArchive(file: string): Promise<ArchiveReport> {
  const report: ArchiveReport = { lines: 0, head: null, faults: [], upon: null, leftOut: 0 };
  const fault = (kind: Fault['kind'], position: number, line: number | null, what: string) =>
    report.faults.push({ kind, position, line, what });
  const lines = createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (!text) continue;
    const { position, hash, sealed, salt, content } = parsed(archived, text, file, number);
    const said = parsed(sealedText, sealed, file, number);
    report.lines += 1;
    const { head } = report;
    if (hashOf(sealed) !== hash)
      fault('altered', position, said.id, `line ${number} of the file does not have its hash`);
    else if (said.position !== position)
      fault(
        'reordered',
        position,
        said.id,
        `line ${number} of the file was sealed at position ${said.position}`,
      );
    if (content != null && hashOf(`${salt}${content}`) !== said.content)
      fault(
        'altered',
        position,
        said.id,
        `the values in line ${number} of the file are not those that were sealed`,
      );
    if (!head) {
      report.upon = said.previous;
      if (position === 1 && said.previous !== beginning)
        fault('altered', 1, said.id, 'the first line of all is sealed upon another');
    } else if (position <= head.position)
      fault(
        'reordered',
        position,
        said.id,
        `line ${number} of the file stands behind position ${head.position}`,
      );
    else if (position > head.position + 1) report.leftOut += position - head.position - 1;
    else if (said.previous !== head.hash)
      fault(
        'altered',
        position,
        said.id,
        `line ${number} of the file was not sealed upon the line before it`,
      );
    report.head = { position, hash };
  }
  return report;
}

function parsed<Value>(schema: z.ZodType<Value>, text: string, file: string, number: number): Value {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new Error(`${file}, line ${number}: not a line of an exported audit log`);
  }
}
