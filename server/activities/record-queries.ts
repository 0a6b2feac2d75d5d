import { z } from 'zod';
import type { ActivityKind, ActivityRecord } from '../../contract/activities.ts';
import { storedName } from '../../contract/vietnamese-text.ts';
import type { Transaction } from '../db/database.ts';
import { type Sql, sql } from '../db/sql.ts';
import type { Surroundings } from './rules.ts';
import { toldPeople } from './surroundings-queries.ts';

// How each kind of activity lies in the database: one description, from which rows are read, listed, written and looked
// up in their history. A row stands as `a` in the fragments below, whether it comes from the table or out of the history.

type KindInSql = {
  table: Sql;
  /** What its rows are read from: of counts of 1–4, those alone that the asker's own role recorded. */
  shown: Sql;
  day: Sql;
  /** What beside the communes is needed to tell the record, and the commune that it counts in. */
  joins: Sql;
  commune: Sql;
  /** The record as the contract has it. */
  record: Sql;
  placeVi: Sql;
  placeEn: Sql;
  attendance: Sql;
  people: Sql;
  activeFrom: Sql;
  activeTo: Sql;
  /** Another standing row that says the same of the same day. */
  twin: Sql;
};

const no = {
  text: sql`null::text`,
  number: sql`null::integer`,
  day: sql`null::date`,
};
const withoutPlace = {
  joins: sql.empty,
  placeVi: no.text,
  placeEn: no.text,
  attendance: no.number,
  people: no.number,
  activeFrom: no.day,
  activeTo: no.day,
  twin: no.text,
};
const establishmentNamed = {
  vi: sql`ec.name_vi || ', giấy phép ' || e.license_number`,
  en: sql`ec.name_en || ', licence ' || e.license_number`,
};

export const kindsInSql: { readonly [Kind in ActivityKind]: KindInSql } = {
  outreach: {
    table: sql`outreach_session_records`,
    shown: sql`shown_outreach_session_records`,
    day: sql`held_on`,
    joins: sql`
      left join industrial_parks ip on ip.id = a.industrial_park_id
      left join dormitories d on d.id = a.dormitory_id
      left join schools s on s.id = a.school_id
      left join establishments e on e.id = a.establishment_id
      left join establishment_categories ec on ec.code = e.category`,
    commune: sql`a.commune_code`,
    record: sql`json_build_object(
      'reference', a.reference, 'heldOn', a.held_on, 'form', a.form, 'audience', a.audience, 'communeCode', a.commune_code,
      'place', case
        when ip.id is not null then json_build_object('collection', 'industrial-parks', 'reference', ip.reference)
        when d.id is not null then json_build_object('collection', 'dormitories', 'reference', d.reference)
        when s.id is not null then json_build_object('collection', 'schools', 'reference', s.reference)
        when e.id is not null then json_build_object('collection', 'establishments', 'reference', e.license_number)
      end,
      'attendance', a.attendance)`,
    placeVi: sql`coalesce(ip.name, d.name, s.name, ${establishmentNamed.vi})`,
    placeEn: sql`coalesce(ip.name, d.name, s.name, ${establishmentNamed.en})`,
    attendance: sql`a.attendance`,
    people: sql`coalesce(${toldPeople('masked_workers', 'ip.')}, ${toldPeople('masked_residents', 'd.')}, ${toldPeople('masked_students', 's.')})`,
    activeFrom: sql`e.active_from`,
    activeTo: sql`e.active_to`,
    twin: sql`(
      select min(twin.reference) from outreach_sessions as twin
       where twin.commune_code = a.commune_code and twin.held_on = a.held_on and twin.id <> a.id
         and (twin.form, twin.audience) = (a.form, a.audience)
         and (twin.industrial_park_id, twin.dormitory_id, twin.school_id, twin.establishment_id)
             is not distinct from (a.industrial_park_id, a.dormitory_id, a.school_id, a.establishment_id))`,
  },
  inspections: {
    table: sql`inspection_records`,
    shown: sql`inspection_records`,
    day: sql`inspected_on`,
    joins: sql`
      left join establishments e on e.id = a.establishment_id
      left join establishment_categories ec on ec.code = e.category`,
    commune: sql`e.commune_code`,
    record: sql`json_build_object(
      'reference', a.reference, 'inspectedOn', a.inspected_on, 'licenseNumber', e.license_number,
      'teamLevel', a.team_level, 'outcome', a.outcome, 'ground', a.ground)`,
    placeVi: establishmentNamed.vi,
    placeEn: establishmentNamed.en,
    attendance: no.number,
    people: no.number,
    activeFrom: sql`e.active_from`,
    activeTo: sql`e.active_to`,
    twin: sql`(
      select min(twin.reference) from inspections as twin
       where twin.establishment_id = a.establishment_id and twin.inspected_on = a.inspected_on and twin.id <> a.id)`,
  },
  reports: {
    ...withoutPlace,
    table: sql`report_records`,
    shown: sql`report_records`,
    day: sql`received_on`,
    commune: sql`a.commune_code`,
    record: sql`json_build_object(
      'reference', a.reference, 'receivedOn', a.received_on, 'dueOn', a.due_on, 'status', a.status,
      'resolvedOn', a.resolved_on, 'communeCode', a.commune_code, 'h3Cell', a.h3_cell)`,
  },
  'commune-plans': {
    ...withoutPlace,
    table: sql`commune_plan_records`,
    shown: sql`commune_plan_records`,
    day: sql`issued_on`,
    commune: sql`a.commune_code`,
    record: sql`json_build_object(
      'communeCode', a.commune_code, 'year', a.year, 'issuedOn', a.issued_on, 'integratedWith', a.integrated_with)`,
  },
  training: {
    ...withoutPlace,
    table: sql`training_records`,
    shown: sql`shown_training_records`,
    day: sql`held_on`,
    commune: sql`a.commune_code`,
    record: sql`json_build_object(
      'reference', a.reference, 'heldOn', a.held_on, 'communeCode', a.commune_code, 'unit', a.unit,
      'officersAttending', a.officers_attending, 'officersInPost', a.officers_in_post)`,
  },
  'press-items': {
    ...withoutPlace,
    table: sql`press_item_records`,
    shown: sql`press_item_records`,
    day: sql`published_on`,
    commune: sql`a.commune_code`,
    record: sql`json_build_object(
      'reference', a.reference, 'publishedOn', a.published_on, 'outletLevel', a.outlet_level,
      'communeCode', a.commune_code)`,
  },
};

/** The columns of a record, by name. */
export function columnsOfRecord<Kind extends ActivityKind>(
  kind: Kind,
  record: ActivityRecord<Kind>,
  known: Surroundings,
): [name: string, value: Sql][] {
  return (columns[kind] as ColumnsOf<Kind>)(record, known);
}

type ColumnsOf<Kind extends ActivityKind> = (
  record: ActivityRecord<Kind>,
  known: Surroundings,
) => [name: string, value: Sql][];

const columns: { [Kind in ActivityKind]: ColumnsOf<Kind> } = {
  outreach: ({ heldOn, form, audience, communeCode, place, attendance }, known) => {
    const idIn = (collection: NonNullable<typeof place>['collection']) =>
      sql`${place?.collection === collection ? known.place(place)!.id : null}::bigint`;
    return [
      ['held_on', sql`${heldOn}::date`],
      ['form', sql`${form}`],
      ['audience', sql`${audience}`],
      ['commune_code', sql`${communeCode}`],
      ['industrial_park_id', idIn('industrial-parks')],
      ['dormitory_id', idIn('dormitories')],
      ['school_id', idIn('schools')],
      ['establishment_id', idIn('establishments')],
      ['attendance', sql`${attendance}::integer`],
    ];
  },
  inspections: ({ inspectedOn, licenseNumber, teamLevel, outcome, ground }, known) => [
    ['inspected_on', sql`${inspectedOn}::date`],
    [
      'establishment_id',
      sql`${known.place({ collection: 'establishments', reference: licenseNumber })!.id}::bigint`,
    ],
    ['team_level', sql`${teamLevel}`],
    ['outcome', sql`${outcome}`],
    ['ground', sql`${ground}`],
  ],
  reports: ({ receivedOn, dueOn, status, resolvedOn, communeCode, h3Cell }) => [
    ['received_on', sql`${receivedOn}::date`],
    ['due_on', sql`${dueOn}::date`],
    ['status', sql`${status}`],
    ['resolved_on', sql`${resolvedOn}::date`],
    ['commune_code', sql`${communeCode}`],
    ['h3_cell', sql`${h3Cell}`],
  ],
  'commune-plans': ({ communeCode, year, issuedOn, integratedWith }) => [
    ['commune_code', sql`${communeCode}`],
    ['year', sql`${year}::smallint`],
    ['issued_on', sql`${issuedOn}::date`],
    ['integrated_with', sql`${[...new Set(integratedWith)].sort()}::text[]`],
  ],
  training: ({ heldOn, communeCode, unit, officersAttending, officersInPost }) => [
    ['held_on', sql`${heldOn}::date`],
    ['commune_code', sql`${communeCode}`],
    ['unit', sql`${storedName(unit)}`],
    ['officers_attending', sql`${officersAttending}::integer`],
    ['officers_in_post', sql`${officersInPost}::integer`],
  ],
  'press-items': ({ publishedOn, outletLevel, communeCode }) => [
    ['published_on', sql`${publishedOn}::date`],
    ['outlet_level', sql`${outletLevel}`],
    ['commune_code', sql`${communeCode}`],
  ],
};

const idRow = z.object({ id: z.number() });

/** Records one; null when the reference, or the plan's commune and year, are taken. */
export async function insertActivity<Kind extends ActivityKind>(
  transaction: Transaction,
  kind: Kind,
  record: ActivityRecord<Kind>,
  known: Surroundings,
  simulated: boolean,
): Promise<number | null> {
  if (kind === 'reports') return writeReport(transaction, record as ActivityRecord<'reports'>);
  const values = columnsOfRecord(kind, record, known);
  values.push(['simulated', sql`${simulated}::boolean`]);
  if ('reference' in record) values.push(['reference', sql`${record.reference}`]);
  const inserted = await transaction.maybeRow(
    idRow,
    sql`insert into ${kindsInSql[kind].table} (${sql.join(
      values.map(([name]) => sql.identifier(name)),
      ', ',
    )})
        values (${sql.join(
          values.map(([, value]) => value),
          ', ',
        )})
        on conflict do nothing returning id`,
  );
  return inserted?.id ?? null;
}

/** Corrects one; a record that says what is there already leaves its version as it is. */
export async function updateActivity<Kind extends ActivityKind>(
  transaction: Transaction,
  kind: Kind,
  id: number,
  record: ActivityRecord<Kind>,
  known: Surroundings,
  simulated: boolean,
): Promise<void> {
  if (kind === 'reports') return correctReport(transaction, id, record as ActivityRecord<'reports'>);
  const values = columnsOfRecord(kind, record, known);
  values.push(['simulated', sql`${simulated}::boolean`]);
  await transaction.execute(sql`
    update ${kindsInSql[kind].table}
       set ${sql.join(
         values.map(([name, value]) => sql`${sql.identifier(name)} = ${value}`),
         ', ',
       )}
     where id = ${id}`);
}

const writtenRow = z.object({ id: z.number().nullable() });

/** No role may write the table itself: the function makes any cell the one of resolution 7, and knows what is simulated. */
async function writeReport(
  transaction: Transaction,
  { reference, receivedOn, dueOn, status, resolvedOn, communeCode, h3Cell }: ActivityRecord<'reports'>,
): Promise<number | null> {
  const { id } = await transaction.row(
    writtenRow,
    sql`select write_report(${reference}, ${receivedOn}, ${dueOn}, ${status}, ${resolvedOn}, ${communeCode}, ${h3Cell}) as id`,
  );
  return id;
}

async function correctReport(
  transaction: Transaction,
  id: number,
  { receivedOn, dueOn, status, resolvedOn, communeCode, h3Cell }: ActivityRecord<'reports'>,
): Promise<void> {
  const { corrected } = await transaction.row(
    z.object({ corrected: z.boolean() }),
    sql`select correct_report(${id}, ${receivedOn}, ${dueOn}, ${status}, ${resolvedOn}, ${communeCode}, ${h3Cell}) as corrected`,
  );
  if (!corrected) throw new Error('a report that was locked for its correction was not there to correct');
}

/** Triggers write the day, who, the version and the history. */
export const withdrawActivity = (
  transaction: Transaction,
  kind: ActivityKind,
  id: number,
  reason: string,
): Promise<number> =>
  transaction.execute(
    sql`update ${kindsInSql[kind].table} set withdrawal_reason = ${reason} where id = ${id}`,
  );

const lockedRow = z.object({ version: z.number(), withdrawnAt: z.date().nullable() });

/** The version of one, which nobody else changes until the transaction ends; null where there is none. */
export const lockActivity = (transaction: Transaction, kind: ActivityKind, id: number) =>
  transaction.maybeRow(
    lockedRow,
    sql`select version, withdrawn_at as "withdrawnAt" from ${kindsInSql[kind].table} where id = ${id} for update`,
  );

const takenRow = z.object({ id: z.number(), version: z.number(), withdrawn: z.boolean() });

/** Who has the reference, or the standing plan of the commune and year. */
export function readTaken<Kind extends ActivityKind>(
  transaction: Transaction,
  kind: Kind,
  record: ActivityRecord<Kind>,
) {
  const same =
    'reference' in record
      ? sql`reference = ${record.reference}`
      : sql`commune_code = ${record.communeCode} and year = ${(record as ActivityRecord<'commune-plans'>).year} and withdrawn_at is null`;
  return transaction.maybeRow(
    takenRow,
    sql`select id, version, withdrawn_at is not null as withdrawn from ${kindsInSql[kind].table} where ${same}`,
  );
}

/** Who acts, until the transaction ends: what triggers and defaults write down. */
export const actAs = (transaction: Transaction, actor: string): Promise<unknown> =>
  transaction.rows(z.unknown(), sql`select set_config('diaban.actor', ${actor}, true)`);

const allSimulatedRow = z.object({ allSimulated: z.boolean() });

/** Whether the province itself is the demo: what is recorded in it, for no place in particular, is simulated too. */
export const readAllSimulated = async (transaction: Transaction): Promise<boolean> =>
  (
    await transaction.row(
      allSimulatedRow,
      sql`select coalesce(bool_and(simulated), false) as "allSimulated" from communes`,
    )
  ).allSimulated;
