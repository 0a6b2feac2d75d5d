import type { ActivityKind, ActivityRecord } from '../../contract/activities.ts';
import { storedName } from '../../contract/vietnamese-text.ts';
import type { Surroundings } from '../activities/rules.ts';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { takeable } from './activity-checks.ts';
import { type Column, columnsOf, upsert } from './table-queries.ts';
import type { WriteResult, Writer, WriteSettings } from './write-results.ts';

/** What was withdrawn stays so: an import does not touch it. */
const standing = { onlyWhere: sql`and existing.withdrawn_at is null` };

/** Writes the records that break no rule; see `takeable` for what else is left as it is. */
async function writeActivities<Kind extends ActivityKind>(
  transaction: Transaction,
  kind: Kind,
  records: readonly ActivityRecord<Kind>[],
  settings: WriteSettings,
  target: { table: string; key: readonly string[]; conflictAmong?: ReturnType<typeof sql> },
  columns: (row: ReturnType<typeof columnsOf<ActivityRecord<Kind>>>, known: Surroundings) => Column[],
): Promise<WriteResult> {
  const { good, left, known, issues, notes } = await takeable(transaction, kind, records, settings);
  const row = columnsOf(good);
  const counts = await upsert(
    transaction,
    target.table,
    target.key,
    [...columns(row, known), row.simulated(settings.simulated)],
    settings.keep,
    target.conflictAmong ? { ...standing, conflictAmong: target.conflictAmong } : standing,
  );
  return { ...counts, unchanged: counts.unchanged + left, issues, notes };
}

export const activityWriters: { [Kind in ActivityKind]: Writer<Kind> } = {
  outreach: (transaction, records, settings) =>
    writeActivities(
      transaction,
      'outreach',
      records,
      settings,
      { table: 'outreach_session_records', key: ['reference'] },
      (row, known) => {
        const placeId = (
          name: string,
          collection: NonNullable<ActivityRecord<'outreach'>['place']>['collection'],
        ) =>
          row.bigint(name, ({ place }) => (place?.collection === collection ? known.place(place)!.id : null));
        return [
          row.text('reference', ({ reference }) => reference),
          row.day('held_on', ({ heldOn }) => heldOn),
          row.text('form', ({ form }) => form),
          row.text('audience', ({ audience }) => audience),
          row.text('commune_code', ({ communeCode }) => communeCode),
          placeId('industrial_park_id', 'industrial-parks'),
          placeId('dormitory_id', 'dormitories'),
          placeId('school_id', 'schools'),
          placeId('establishment_id', 'establishments'),
          row.integer('attendance', ({ attendance }) => attendance),
        ];
      },
    ),

  inspections: (transaction, records, settings) =>
    writeActivities(
      transaction,
      'inspections',
      records,
      settings,
      { table: 'inspection_records', key: ['reference'] },
      (row, known) => [
        row.text('reference', ({ reference }) => reference),
        row.day('inspected_on', ({ inspectedOn }) => inspectedOn),
        row.bigint(
          'establishment_id',
          ({ licenseNumber }) => known.place({ collection: 'establishments', reference: licenseNumber })!.id,
        ),
        row.text('team_level', ({ teamLevel }) => teamLevel),
        row.text('outcome', ({ outcome }) => outcome),
        row.text('ground', ({ ground }) => ground),
      ],
    ),

  reports: (transaction, records, settings) =>
    writeActivities(
      transaction,
      'reports',
      records,
      settings,
      { table: 'report_records', key: ['reference'] },
      (row) => [
        row.text('reference', ({ reference }) => reference),
        row.day('received_on', ({ receivedOn }) => receivedOn),
        row.day('due_on', ({ dueOn }) => dueOn),
        row.text('status', ({ status }) => status),
        row.day('resolved_on', ({ resolvedOn }) => resolvedOn),
        row.text('commune_code', ({ communeCode }) => communeCode),
        row.text('h3_cell', ({ h3Cell }) => h3Cell),
      ],
    ),

  'commune-plans': (transaction, records, settings) =>
    writeActivities(
      transaction,
      'commune-plans',
      records,
      settings,
      {
        table: 'commune_plan_records',
        key: ['commune_code', 'year'],
        conflictAmong: sql`where withdrawn_at is null`,
      },
      (row) => [
        row.text('commune_code', ({ communeCode }) => communeCode),
        row.smallint('year', ({ year }) => year),
        row.day('issued_on', ({ issuedOn }) => issuedOn),
        row.textList('integrated_with', ({ integratedWith }) => [...integratedWith].sort()),
      ],
    ),

  training: (transaction, records, settings) =>
    writeActivities(
      transaction,
      'training',
      records,
      settings,
      { table: 'training_records', key: ['reference'] },
      (row) => [
        row.text('reference', ({ reference }) => reference),
        row.day('held_on', ({ heldOn }) => heldOn),
        row.text('commune_code', ({ communeCode }) => communeCode),
        row.text('unit', ({ unit }) => storedName(unit)),
        row.integer('officers_attending', ({ officersAttending }) => officersAttending),
        row.integer('officers_in_post', ({ officersInPost }) => officersInPost),
      ],
    ),

  'press-items': (transaction, records, settings) =>
    writeActivities(
      transaction,
      'press-items',
      records,
      settings,
      { table: 'press_item_records', key: ['reference'] },
      (row) => [
        row.text('reference', ({ reference }) => reference),
        row.day('published_on', ({ publishedOn }) => publishedOn),
        row.text('outlet_level', ({ outletLevel }) => outletLevel),
        row.text('commune_code', ({ communeCode }) => communeCode),
      ],
    ),
};
