import type { Transaction } from '../db/database.ts';
import type { CommuneLocator } from '../places/commune-locator.ts';
import type { ImportKind, InputByKind } from './kinds.ts';

export type WriteCounts = { inserted: number; updated: number; unchanged: number };
/** A record that the database cannot take: `index` counts in the records given, `field` is the record's property. */
export type RecordIssue = { index: number; field: string; value: string; expected: string };
export type RecordNote = { index: number; note: string };
export type WriteResult = WriteCounts & { issues: RecordIssue[]; notes: RecordNote[] };

export type WriteOptions = {
  /** Marks the rows as simulated. Simulated rows never replace real ones; real rows replace simulated ones. */
  simulated: boolean;
  /** Columns that the source does not have: what the database knows of them stays. By column name. */
  keep?: ReadonlySet<string>;
  /** Taken along from batch to batch, so that outlines are read once. */
  locator?: BatchLocator;
  /** The table was empty and no key comes twice: see `beginFirstLoad`. */
  firstLoad?: boolean;
  /** Codes of establishments' categories where they are known already; read for each batch otherwise. */
  categories?: ReadonlySet<string>;
  /** A place outside all communes belongs to the nearest within this distance, and a note says so. */
  nearestMeters?: number;
  /** The day in Vietnam, after which no activity can lie; not checked without it, as for the demo. */
  today?: string | undefined;
  /** Leaves unsuitable records out and returns them as issues. Without it, any issue throws. */
  collectIssues?: boolean;
};

/** Finds communes for places; reads outlines from the database as points reach them. */
export type BatchLocator = {
  locator: CommuneLocator;
  reach(transaction: Transaction, points: readonly (readonly [number, number])[]): Promise<void>;
};

export const defaultNearestMeters = 500;

export type WriteSettings = WriteOptions & { locator: BatchLocator };
export type Writer<Kind extends ImportKind> = (
  transaction: Transaction,
  records: readonly InputByKind[Kind][],
  settings: WriteSettings,
) => Promise<WriteResult>;

export type Indexed<Item> = { index: number; item: Item };
export const indexed = <Item>(items: readonly Item[]): Indexed<Item>[] =>
  items.map((item, index) => ({ index, item }));

/** Parts what can be written from what has a fault. */
export function refuse<Item>(
  items: readonly Indexed<Item>[],
  fault: (item: Item) => Omit<RecordIssue, 'index'> | null,
): { good: Indexed<Item>[]; issues: RecordIssue[] } {
  const good: Indexed<Item>[] = [];
  const issues: RecordIssue[] = [];
  for (const { index, item } of items) {
    const found = fault(item);
    if (found) issues.push({ index, ...found });
    else good.push({ index, item });
  }
  return { good, issues };
}
