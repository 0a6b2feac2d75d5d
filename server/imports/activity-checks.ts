import { isDeepStrictEqual } from 'node:util';
import { type ActivityKind, type ActivityRecord, activityDayFields } from '../../contract/activities.ts';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import { storedName } from '../../contract/vietnamese-text.ts';
import { noticesOf } from '../activities/notices.ts';
import { breachesOf, type KnownPlace, type Surroundings } from '../activities/rules.ts';
import { namedBy, readSurroundings } from '../activities/surroundings-queries.ts';
import { readImportedBefore, readTouched, type TouchedRow } from '../activities/touched-queries.ts';
import type { Transaction } from '../db/database.ts';
import type { RecordIssue, RecordNote, WriteSettings } from './write-results.ts';

/**
 * Parts what an import may write from what breaks a rule (the same as the API's), and from what a person has decided
 * since: a row that was withdrawn is not brought back, and a correction stands against the file that it corrected. A file
 * that says something new of a corrected row is news, and is written; history keeps the correction.
 *
 * @returns `left`: rows that stay as they are. Every one has a note.
 */
export async function takeable<Kind extends ActivityKind>(
  transaction: Transaction,
  kind: Kind,
  records: readonly ActivityRecord<Kind>[],
  settings: WriteSettings,
): Promise<{
  good: ActivityRecord<Kind>[];
  left: number;
  known: Surroundings;
  issues: RecordIssue[];
  notes: RecordNote[];
}> {
  const known = await readSurroundings(transaction, namedBy(kind, records), settings.today ?? null);
  const touched = await readTouched(transaction, kind, records);
  const corrected = [...touched.values()].filter(({ withdrawnAt }) => withdrawnAt === null);
  const before = await readImportedBefore(
    transaction,
    kind,
    corrected.map(({ id }) => id),
  );
  const good: ActivityRecord<Kind>[] = [];
  const issues: RecordIssue[] = [];
  const notes: RecordNote[] = [];
  let left = 0;
  for (const [index, record] of records.entries()) {
    const breaches = breachesOf(kind, record, known);
    for (const { field, value, message } of breaches)
      issues.push({ index, field, value, expected: message.en });
    if (breaches.length) continue;
    const found = touched.get(keyOf(kind, record));
    const stays = found && reasonToStay(kind, record, found, before, settings.keep);
    if (stays) {
      left += 1;
      notes.push({ index, note: stays });
      continue;
    }
    good.push(record);
    for (const note of slips(kind, record, known)) notes.push({ index, note });
  }
  return { good, left, known, issues, notes };
}

/** What makes two records the same activity; of withdrawn plans their day too, since a new one may follow. */
export const keyOf = <Kind extends ActivityKind>(kind: Kind, record: ActivityRecord<Kind>): string =>
  kind === 'commune-plans'
    ? `${(record as ActivityRecord<'commune-plans'>).communeCode} ${(record as ActivityRecord<'commune-plans'>).year}`
    : (record as ActivityRecord<'outreach'>).reference;

function reasonToStay<Kind extends ActivityKind>(
  kind: Kind,
  record: ActivityRecord<Kind>,
  { id, withdrawnAt, changedAt }: TouchedRow,
  before: ReadonlyMap<number, unknown>,
  keep: ReadonlySet<string> = new Set(),
): string | null {
  if (withdrawnAt)
    return `was withdrawn on ${dayInVietnam(withdrawnAt)} and stays so; record it anew if it stands after all`;
  const imported = before.get(id);
  if (imported === undefined) return null;
  const news = comparable(kind, record, keep);
  return isDeepStrictEqual(news, comparable(kind, imported as ActivityRecord<Kind>, keep))
    ? `was corrected on ${dayInVietnam(changedAt!)}; the correction stays, since the file says what it said before`
    : null;
}

/** A record as it is stored, without what the file does not tell. */
function comparable<Kind extends ActivityKind>(
  kind: Kind,
  record: ActivityRecord<Kind>,
  keep: ReadonlySet<string>,
): Record<string, unknown> {
  const same: Record<string, unknown> = { ...record };
  if (kind === 'training') same.unit = storedName(same.unit as string);
  if (kind === 'commune-plans')
    same.integratedWith = [...new Set(same.integratedWith as readonly string[])].sort();
  if (keep.has('commune_code')) delete same.communeCode;
  if (keep.has('integrated_with')) delete same.integratedWith;
  return same;
}

/** What is taken and may be a slip. */
function slips<Kind extends ActivityKind>(
  kind: Kind,
  record: ActivityRecord<Kind>,
  known: Surroundings,
): string[] {
  const place = placeOf(kind, record, known);
  if (!place) return [];
  const day = (record as Readonly<Record<string, unknown>>)[activityDayFields[kind]] as string;
  const attendance = 'attendance' in record ? record.attendance : null;
  return noticesOf({ day, attendance, ...place, twin: null }).map(
    ({ message }) => `is taken, and may be a slip: ${message.en}`,
  );
}

function placeOf<Kind extends ActivityKind>(
  kind: Kind,
  record: ActivityRecord<Kind>,
  known: Surroundings,
): KnownPlace | undefined {
  if (kind === 'inspections') {
    const { licenseNumber } = record as ActivityRecord<'inspections'>;
    return known.place({ collection: 'establishments', reference: licenseNumber });
  }
  const { place } = record as Partial<ActivityRecord<'outreach'>>;
  return place ? known.place(place) : undefined;
}
