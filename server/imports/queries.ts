import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { loadedCommuneLocator } from '../places/outline-queries.ts';
import { activityWriters } from './activity-queries.ts';
import type { ImportKind, InputByKind } from './kinds.ts';
import { placeWriters } from './place-queries.ts';
import type { RecordIssue, WriteOptions, WriteResult, Writer } from './write-results.ts';

/** Fewer, larger statements: the triggers that keep counts by area touch most areas again with each (100,000 rows: 16.6 s by 5,000, 9.5 s by 20,000). */
const batchRows = 20_000;
const writers: { [Kind in ImportKind]: Writer<Kind> } = { ...placeWriters, ...activityWriters };

/**
 * Writes records of one kind: inserts what is new by its key, updates what differs, leaves the rest untouched (so that
 * writing the same twice moves neither rows nor `data_version`). Records must already fit their contract schema.
 * Places get their commune by location. After communes, `followCommuneOutlines` must run in the same transaction.
 *
 * @throws {RecordsRefused} on the first batch with an issue, unless `collectIssues`.
 */
export async function writeRecords<Kind extends ImportKind>(
  transaction: Transaction,
  kind: Kind,
  records: readonly InputByKind[Kind][],
  options: WriteOptions,
): Promise<WriteResult> {
  const total: WriteResult = { inserted: 0, updated: 0, unchanged: 0, issues: [], notes: [] };
  const locator = options.locator ?? loadedCommuneLocator();
  for (let start = 0; start < records.length; start += batchRows) {
    const batch = records.slice(start, start + batchRows);
    const result = await writers[kind](transaction, batch as never[], { ...options, locator });
    const moved = <Item extends { index: number }>(item: Item) => ({ ...item, index: item.index + start });
    total.inserted += result.inserted;
    total.updated += result.updated;
    total.unchanged += result.unchanged;
    total.issues.push(...result.issues.map(moved));
    total.notes.push(...result.notes.map(moved));
    if (total.issues.length && !options.collectIssues) throw new RecordsRefused(kind, total.issues);
  }
  return total;
}

export class RecordsRefused extends Error {
  override name = 'RecordsRefused';
  readonly issues: readonly RecordIssue[];
  constructor(kind: ImportKind, issues: readonly RecordIssue[]) {
    const [first] = issues;
    super(
      `${issues.length} of the ${kind} cannot be written. Record ${first!.index}, ${first!.field} "${first!.value}": expected ${first!.expected}`,
    );
    this.issues = issues;
  }
}

export async function recordImport(
  transaction: Transaction,
  entry: {
    kind: string;
    source: string;
    sha256: string;
    rowCount: number;
    changedCount: number;
    simulated: boolean;
  },
): Promise<void> {
  await transaction.execute(sql`
    insert into data_imports (kind, source, sha256, row_count, changed_count, simulated)
    values (${entry.kind}, ${entry.source}, ${entry.sha256}, ${entry.rowCount}, ${entry.changedCount}, ${entry.simulated})`);
}
