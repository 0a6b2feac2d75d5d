import { storedName } from '../../contract/vietnamese-text.ts';
import { sql } from '../db/sql.ts';
import {
  knownCommunes,
  ofKnownCommunes,
  placeKey,
  type ReferencedCollection,
  resolvePlaces,
  unknownCommune,
} from './lookup-queries.ts';
import { columnsOf, upsert } from './table-queries.ts';
import { indexed, refuse, type Writer } from './write-results.ts';

/** What was withdrawn stays so: an import does not touch it. */
const standing = { onlyWhere: sql`and existing.withdrawn_at is null` };

export const activityWriters: {
  [Kind in
    | 'outreach'
    | 'inspections'
    | 'reports'
    | 'commune-plans'
    | 'training'
    | 'press-items']: Writer<Kind>;
} = {
  async outreach(transaction, records, settings) {
    const known = await knownCommunes(
      transaction,
      records.map(({ communeCode }) => communeCode),
    );
    const places = await resolvePlaces(
      transaction,
      records.flatMap(({ place }) => place ?? []),
    );
    const { good, issues } = refuse(indexed(records), ({ communeCode, place }) => {
      if (!known.has(communeCode)) return unknownCommune(communeCode);
      if (place && !places.has(placeKey(place)))
        return {
          field: 'place',
          value: place.reference,
          expected: `the reference of one of the ${place.collection} in the database`,
        };
      return null;
    });
    const row = columnsOf(good.map(({ item }) => item));
    const placeId = (name: string, collection: ReferencedCollection) =>
      row.bigint(name, ({ place }) =>
        place?.collection === collection ? places.get(placeKey(place))!.id : null,
      );
    const counts = await upsert(
      transaction,
      'outreach_session_records',
      ['reference'],
      [
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
        row.simulated(settings.simulated),
      ],
      settings.keep,
      standing,
    );
    return { ...counts, issues, notes: [] };
  },

  async inspections(transaction, records, settings) {
    const establishment = (licenseNumber: string) => ({
      collection: 'establishments' as const,
      reference: licenseNumber,
    });
    const places = await resolvePlaces(
      transaction,
      records.map(({ licenseNumber }) => establishment(licenseNumber)),
    );
    const idOf = (licenseNumber: string) => places.get(placeKey(establishment(licenseNumber)))?.id ?? null;
    const { good, issues } = refuse(indexed(records), ({ licenseNumber }) =>
      idOf(licenseNumber) === null
        ? {
            field: 'licenseNumber',
            value: licenseNumber,
            expected: 'the licence number of an establishment in the database',
          }
        : null,
    );
    const row = columnsOf(good.map(({ item }) => item));
    const counts = await upsert(
      transaction,
      'inspection_records',
      ['reference'],
      [
        row.text('reference', ({ reference }) => reference),
        row.day('inspected_on', ({ inspectedOn }) => inspectedOn),
        row.bigint('establishment_id', ({ licenseNumber }) => idOf(licenseNumber)),
        row.text('team_level', ({ teamLevel }) => teamLevel),
        row.text('outcome', ({ outcome }) => outcome),
        row.text('ground', ({ ground }) => ground),
        row.simulated(settings.simulated),
      ],
      settings.keep,
      standing,
    );
    return { ...counts, issues, notes: [] };
  },

  async reports(transaction, records, settings) {
    const { rows, issues } = await ofKnownCommunes(transaction, records);
    const row = columnsOf(rows);
    const counts = await upsert(
      transaction,
      'report_records',
      ['reference'],
      [
        row.text('reference', ({ reference }) => reference),
        row.day('received_on', ({ receivedOn }) => receivedOn),
        row.day('due_on', ({ dueOn }) => dueOn),
        row.text('status', ({ status }) => status),
        row.day('resolved_on', ({ resolvedOn }) => resolvedOn),
        row.text('commune_code', ({ communeCode }) => communeCode),
        row.text('h3_cell', ({ h3Cell }) => h3Cell),
        row.simulated(settings.simulated),
      ],
      settings.keep,
      standing,
    );
    return { ...counts, issues, notes: [] };
  },

  async 'commune-plans'(transaction, records, settings) {
    const { rows, issues } = await ofKnownCommunes(transaction, records);
    const row = columnsOf(rows);
    const counts = await upsert(
      transaction,
      'commune_plan_records',
      ['commune_code', 'year'],
      [
        row.text('commune_code', ({ communeCode }) => communeCode),
        row.smallint('year', ({ year }) => year),
        row.day('issued_on', ({ issuedOn }) => issuedOn),
        row.textList('integrated_with', ({ integratedWith }) => [...integratedWith].sort()),
        row.simulated(settings.simulated),
      ],
      settings.keep,
      { ...standing, conflictAmong: sql`where withdrawn_at is null` },
    );
    return { ...counts, issues, notes: [] };
  },

  async training(transaction, records, settings) {
    const { rows, issues } = await ofKnownCommunes(transaction, records);
    const row = columnsOf(rows);
    const counts = await upsert(
      transaction,
      'training_records',
      ['reference'],
      [
        row.text('reference', ({ reference }) => reference),
        row.day('held_on', ({ heldOn }) => heldOn),
        row.text('commune_code', ({ communeCode }) => communeCode),
        row.text('unit', ({ unit }) => storedName(unit)),
        row.integer('officers_attending', ({ officersAttending }) => officersAttending),
        row.integer('officers_in_post', ({ officersInPost }) => officersInPost),
        row.simulated(settings.simulated),
      ],
      settings.keep,
      standing,
    );
    return { ...counts, issues, notes: [] };
  },

  async 'press-items'(transaction, records, settings) {
    const { rows, issues } = await ofKnownCommunes(transaction, records);
    const row = columnsOf(rows);
    const counts = await upsert(
      transaction,
      'press_item_records',
      ['reference'],
      [
        row.text('reference', ({ reference }) => reference),
        row.day('published_on', ({ publishedOn }) => publishedOn),
        row.text('outlet_level', ({ outletLevel }) => outletLevel),
        row.text('commune_code', ({ communeCode }) => communeCode),
        row.simulated(settings.simulated),
      ],
      settings.keep,
      standing,
    );
    return { ...counts, issues, notes: [] };
  },
};
