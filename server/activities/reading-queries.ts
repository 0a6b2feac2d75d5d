import { z } from 'zod';
import {
  type ActivityKind,
  activityPlaceCollections,
  type withdrawalReasons,
} from '../../contract/activities.ts';
import {
  type Activity,
  type ActivityPlace,
  activityChanges,
  activityPlace,
} from '../../contract/activity-endpoints.ts';
import type { Transaction } from '../db/database.ts';
import { type Sql, sql } from '../db/sql.ts';
import type { NoticeFacts } from './notices.ts';
import { kindsInSql } from './record-queries.ts';
import { toldPeople } from './surroundings-queries.ts';

const activityRow = z.object({
  id: z.number(),
  version: z.number(),
  record: z.unknown(),
  communeCode: z.string().nullable(),
  communeName: z.string().nullable(),
  placeVi: z.string().nullable(),
  placeEn: z.string().nullable(),
  simulated: z.boolean(),
  recordedAt: z.date(),
  recordedBy: z.string(),
  changedAt: z.date().nullable(),
  changedBy: z.string().nullable(),
  withdrawnAt: z.date().nullable(),
  withdrawnBy: z.string().nullable(),
  withdrawalReason: z.string().nullable(),
});
type ActivityRow = z.infer<typeof activityRow>;

/** Rows of one kind as they are told; `rows` is anything that gives rows of the table. */
const told = (kind: ActivityKind, rows: Sql, more: Sql = sql.empty) => {
  const { record, commune, joins, placeVi, placeEn } = kindsInSql[kind];
  return sql`
    select a.id, a.version, ${record} as record, c.code as "communeCode", c.type || ' ' || c.name as "communeName",
           ${placeVi} as "placeVi", ${placeEn} as "placeEn", a.simulated,
           a.recorded_at as "recordedAt", a.recorded_by as "recordedBy", a.changed_at as "changedAt", a.changed_by as "changedBy",
           a.withdrawn_at as "withdrawnAt", a.withdrawn_by as "withdrawnBy", a.withdrawal_reason as "withdrawalReason"
           ${more}
      from ${rows} as a
      ${joins}
      left join communes c on c.code = ${commune}`;
};

const markOf = (at: Date | null, by: string | null) =>
  at === null || by === null ? null : { at: at.toISOString(), by };

function activityFrom<Kind extends ActivityKind>(_kind: Kind, row: ActivityRow): Activity<Kind> {
  const withdrawn = markOf(row.withdrawnAt, row.withdrawnBy);
  return {
    id: row.id,
    version: row.version,
    record: row.record,
    about: {
      communeCode: row.communeCode,
      communeName: row.communeName,
      place: row.placeVi === null || row.placeEn === null ? null : { vi: row.placeVi, en: row.placeEn },
    },
    simulated: row.simulated,
    recorded: { at: row.recordedAt.toISOString(), by: row.recordedBy },
    changed: markOf(row.changedAt, row.changedBy),
    withdrawn: withdrawn && {
      ...withdrawn,
      reason: row.withdrawalReason as (typeof withdrawalReasons)[number],
    },
  } as Activity<Kind>;
}

const oneRow = activityRow.extend({
  day: z.string(),
  attendance: z.number().nullable(),
  people: z.number().nullable(),
  activeFrom: z.string().nullable(),
  activeTo: z.string().nullable(),
  twin: z.string().nullable(),
});

/** One activity, withdrawn or not, and what notices are made of; null where there is none. */
export async function readActivity<Kind extends ActivityKind>(
  transaction: Transaction,
  kind: Kind,
  id: number,
): Promise<{ activity: Activity<Kind>; facts: NoticeFacts } | null> {
  const { shown, day, attendance, people, activeFrom, activeTo, twin } = kindsInSql[kind];
  const row = await transaction.maybeRow(
    oneRow,
    sql`${told(
      kind,
      shown,
      sql`, a.${day} as day, ${attendance} as attendance, ${people} as people,
          ${activeFrom} as "activeFrom", ${activeTo} as "activeTo", ${twin} as twin`,
    )} where a.id = ${id}`,
    { name: `activity-${kind}` },
  );
  return row && { activity: activityFrom(kind, row), facts: row };
}

const versionRow = activityRow.extend({
  change: z.enum(activityChanges),
  at: z.date(),
  by: z.string(),
});

/** Every version, the present one first, each with what made it. Empty where there is no such activity. */
export async function readVersions<Kind extends ActivityKind>(
  transaction: Transaction,
  kind: Kind,
  id: number,
) {
  const { shown } = kindsInSql[kind];
  // What made a version is told by the row of history that its making left; nothing left one when it was recorded.
  const made = sql`
    , coalesce(made.change, case when a.recorded_by = 'import' then 'imported' else 'recorded' end) as change,
      coalesce(made.changed_at, a.recorded_at) as at, coalesce(made.changed_by, a.recorded_by) as by`;
  const madeBy = sql`
    left join activity_history made
           on made.kind = ${kind} and made.activity_id = a.id and made.version = a.version - 1`;
  const was = sql`(
    select was.* from shown_activity_history h, lateral jsonb_populate_record(null::${shown}, h.was) as was
     where h.kind = ${kind} and h.activity_id = ${id}
    union all
    select * from ${shown} where id = ${id})`;
  const rows = await transaction.rows(
    versionRow,
    sql`${told(kind, was, made)} ${madeBy} order by a.version desc`,
  );
  return rows.map((row) => {
    const { version, record, about, withdrawn } = activityFrom(kind, row);
    return { version, record, about, withdrawn, change: row.change, at: row.at.toISOString(), by: row.by };
  });
}

export type Listing = {
  commune?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  withdrawn: 'exclude' | 'include' | 'only';
  after?: string | undefined;
  limit: number;
};

const matchedRow = z.object({ matched: z.number(), simulated: z.boolean() });

/** A page of activities, the newest day first and the last recorded of a day first. */
export async function readPage<Kind extends ActivityKind>(
  transaction: Transaction,
  kind: Kind,
  { commune, from, to, withdrawn, after, limit }: Listing,
  filters: Readonly<Record<string, string | number | undefined>>,
): Promise<{
  matched: number;
  simulated: boolean;
  items: Activity<Kind>[];
  last: string | null;
}> {
  const { shown, day } = kindsInSql[kind];
  const conditions = [
    withdrawn === 'exclude'
      ? sql`withdrawn_at is null`
      : withdrawn === 'only'
        ? sql`withdrawn_at is not null`
        : sql`true`,
  ];
  if (from !== undefined) conditions.push(sql`${day} >= ${from}::date`);
  if (to !== undefined) conditions.push(sql`${day} <= ${to}::date`);
  if (commune !== undefined)
    conditions.push(
      kind === 'inspections'
        ? sql`establishment_id in (select id from establishments where commune_code = ${commune})`
        : sql`commune_code = ${commune}`,
    );
  for (const [name, value] of Object.entries(filters))
    if (value !== undefined) conditions.push(conditionOf(name, value));
  const { matched, simulated } = await transaction.row(
    matchedRow,
    sql`select count(*) as matched, coalesce(bool_or(simulated), false) as simulated
          from ${shown} where ${sql.join(conditions, ' and ')}`,
  );
  if (after !== undefined) {
    const [afterDay, afterId] = [after.slice(0, 10), Number(after.slice(11))];
    // The first comparison alone goes by the index on the day.
    conditions.push(
      sql`${day} <= ${afterDay}::date and (${day} < ${afterDay}::date or id < ${afterId}::bigint)`,
    );
  }
  const page = sql`(
    select * from ${shown} where ${sql.join(conditions, ' and ')} order by ${day} desc, id desc limit ${limit + 1})`;
  const rows = await transaction.rows(
    activityRow.extend({ day: z.string() }),
    sql`${told(kind, page, sql`, a.${day} as day`)} order by a.${day} desc, a.id desc`,
  );
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1)! : null;
  return {
    matched,
    simulated,
    items: items.map((row) => activityFrom(kind, row)),
    last: last && `${last.day}.${last.id}`,
  };
}

const plainFilters: Readonly<Record<string, Sql>> = {
  form: sql`form`,
  audience: sql`audience`,
  teamLevel: sql`team_level`,
  outcome: sql`outcome`,
  ground: sql`ground`,
  status: sql`status`,
  year: sql`year`,
  outletLevel: sql`outlet_level`,
};
const placeIds: Readonly<Record<string, { id: Sql; table: Sql; reference: Sql }>> = {
  'industrial-parks': {
    id: sql`industrial_park_id`,
    table: sql`industrial_parks`,
    reference: sql`reference`,
  },
  dormitories: { id: sql`dormitory_id`, table: sql`dormitories`, reference: sql`reference` },
  schools: { id: sql`school_id`, table: sql`schools`, reference: sql`reference` },
  establishments: {
    id: sql`establishment_id`,
    table: sql`establishments`,
    reference: sql`license_number`,
  },
};

function conditionOf(name: string, value: string | number): Sql {
  if (plainFilters[name]) return sql`${plainFilters[name]} = ${value}`;
  if (name === 'level')
    return value === 'province' ? sql`commune_code is null` : sql`commune_code is not null`;
  if (name === 'licenseNumber')
    return sql`establishment_id = (select id from establishments where license_number = ${value})`;
  if (name === 'placeCollection') return sql`${placeIds[value]!.id} is not null`;
  if (name === 'placeReference')
    return sql`(${sql.join(
      Object.values(placeIds).map(
        ({ id, table, reference }) => sql`${id} = (select id from ${table} where ${reference} = ${value})`,
      ),
      ' or ',
    )})`;
  throw new Error(`no such filter: ${name}`);
}

const sorts = {
  'student-dormitory': { vi: 'Ký túc xá', en: 'Student dormitory' },
  'workers-housing': { vi: 'Nhà ở công nhân', en: "Workers' housing" },
  'social-housing': { vi: 'Nhà ở xã hội', en: 'Social housing' },
  'specialists-lodging': { vi: 'Khu lưu trú chuyên gia nước ngoài', en: "Foreign specialists' lodging" },
  'upper-secondary': { vi: 'Trường trung học phổ thông', en: 'Upper-secondary school' },
  'university-college': { vi: 'Trường đại học, cao đẳng', en: 'University or college' },
  vocational: { vi: 'Cơ sở giáo dục nghề nghiệp', en: 'Vocational school' },
} as const;
const parkSort = { vi: 'Khu công nghiệp', en: 'Industrial park' };

const placeRow = activityPlace
  .omit({ sort: true, position: true })
  .extend({ kind: z.string().nullable(), sortVi: z.string().nullable(), sortEn: z.string().nullable() })
  .extend({ lon: z.number(), lat: z.number() });

/** All places of a commune that an activity can name, in the collections asked. */
export async function readActivityPlaces(
  transaction: Transaction,
  commune: string,
  collections: readonly (typeof activityPlaceCollections)[number][] = activityPlaceCollections,
): Promise<ActivityPlace[]> {
  const rows = await transaction.rows(
    placeRow,
    sql`
      select *, ST_X(point) as lon, ST_Y(point) as lat from (
        select 'industrial-parks' as collection, reference, name, null as kind, null as "sortVi", null as "sortEn",
               ST_PointOnSurface(geom) as point, ${toldPeople('masked_workers')} as people, null::date as "activeFrom", null::date as "activeTo",
               simulated, commune_code
          from industrial_parks
        union all
        select 'dormitories', reference, name, kind, null, null,
               case when ST_GeometryType(geom) = 'ST_Point' then geom else ST_PointOnSurface(geom) end, ${toldPeople('masked_residents')}, null,
               null, simulated, commune_code
          from dormitories
        union all
        select 'schools', reference, name, kind, null, null, geom, ${toldPeople('masked_students')}, null, null, simulated, commune_code
          from schools
        union all
        select 'establishments', license_number, null, null, name_vi, name_en, geom, null, active_from, active_to,
               simulated, commune_code
          from establishments join establishment_categories on code = category
      ) as places
       where commune_code = ${commune} and collection = any(${[...collections]}::text[])
       order by collection, name, reference`,
  );
  return rows.map(({ kind, sortVi, sortEn, lon, lat, ...place }) => ({
    ...place,
    sort:
      sortVi !== null && sortEn !== null
        ? { vi: sortVi, en: sortEn }
        : (sorts[kind as keyof typeof sorts] ?? parkSort),
    position: [lon, lat],
  }));
}
