import { z } from 'zod';
import { outreachForms } from '../../../contract/activities.ts';
import type { ReachPopulation } from '../../../contract/coverage-reach.ts';
import type { Transaction } from '../../db/database.ts';
import { type Sql, sql } from '../../db/sql.ts';

/** A commune's account sees the rows of its own commune alone: of the others nothing is to be said, and not that it is 0. */
const whereSeen = (code: Sql) =>
  sql`where (select own_commune()) is null or ${code} = (select own_commune())`;

const communeRow = z.object({
  code: z.string(),
  name: z.string(),
  terrain: z.string().nullable(),
  adjoining: z.boolean(),
  coastal: z.boolean(),
  simulated: z.boolean(),
});
export type ReachCommune = z.infer<typeof communeRow>;

/** All communes, or of a commune's account its own, by code: the order that places name them in. */
export const readReachCommunes = (transaction: Transaction) =>
  transaction.rows(
    communeRow,
    sql`select code, type || ' ' || name as name, terrain, cardinality(adjoining_provinces) > 0 as adjoining, coastal, simulated
          from communes ${whereSeen(sql`code`)} order by code`,
    { name: 'reach-communes' },
  );

const outlineRow = z.object({
  polygons: z.array(z.array(z.array(z.tuple([z.number(), z.number()])))),
});

/**
 * Outlines of the communes, to clip to: generalised to about 50 m where they are kept so, which is half a cell of the lattice
 * that they clip, else exact.
 */
export const readClippingOutlines = (transaction: Transaction) =>
  transaction.rows(
    outlineRow,
    sql`
      select ST_AsGeoJSON(coalesce(ST_Transform(o.geom_mercator, 4326), c.geom), 6)::json -> 'coordinates' as polygons
        from communes c
        left join lateral (
          select geom_mercator from commune_outlines
           where commune_code = c.code and tolerance_meters <= 60
           order by max_zoom limit 1
        ) o on true
       order by c.code`,
    { name: 'reach-clipping-outlines' },
  );

const formRow = z.object({
  form: z.enum(outreachForms),
  vi: z.string(),
  en: z.string(),
  radiusMeters: z.number().nullable(),
});
export const readOutreachForms = (transaction: Transaction) =>
  transaction.rows(
    formRow,
    sql`select form, name_vi as vi, name_en as en, radius_meters as "radiusMeters" from outreach_forms order by position`,
    { name: 'outreach-forms' },
  );

/**
 * A column as one JSON array. The driver reads numbers out of JSON seven times as fast as out of an SQL array (100,000
 * in 12 ms against 90). Columns of one query come in the order of its rows.
 */
const asJson = (value: Sql) => sql`coalesce(array_to_json(array_agg(${value})), '[]')`;

const placeColumns = z.object({
  ids: z.array(z.number()),
  communes: z.array(z.number()),
  people: z.array(z.number()),
  longitudes: z.array(z.number()),
  latitudes: z.array(z.number()),
  counted: z.array(z.number()),
  kinds: z.array(z.string()).nullable(),
  simulated: z.boolean(),
});
export type PlaceColumns = z.infer<typeof placeColumns>;

// Of places with 1–4 people the masked number, 2 or 3 (migration 0016): circles that differ by one place tell it of none.
const sources: Record<
  ReachPopulation,
  { people: string; kind: string | null; counted: (asOf: string) => Sql }
> = {
  'establishment-workers': {
    people: 'masked_workers',
    kind: null,
    counted: (asOf) =>
      sql`p.active_from <= ${asOf}::date and (p.active_to is null or p.active_to >= ${asOf}::date)`,
  },
  'industrial-workers': { people: 'masked_workers', kind: null, counted: () => sql`true` },
  students: { people: 'masked_students', kind: null, counted: () => sql`true` },
  'dormitory-residents': { people: 'masked_residents', kind: 'kind', counted: () => sql`true` },
};
const tables: Record<ReachPopulation, string> = {
  'establishment-workers': 'establishments',
  'industrial-workers': 'industrial_parks',
  students: 'schools',
  'dormitory-residents': 'dormitories',
};

/**
 * The places of one population as columns, by id. An area is given by a point on it; people of unknown number are -1; communes
 * are positions in the list by code. Establishments count while their licence is in force on the day.
 */
export const readReachPlaces = (transaction: Transaction, population: ReachPopulation, asOf: string) => {
  const { people, kind, counted } = sources[population];
  const point =
    population === 'establishment-workers' || population === 'students'
      ? sql`p.geom`
      : sql`ST_PointOnSurface(p.geom)`;
  return transaction.row(
    placeColumns,
    sql`
      select ${asJson(sql`id`)} as ids, ${asJson(sql`position`)} as communes, ${asJson(sql`people`)} as people,
             ${asJson(sql`ST_X(point)`)} as longitudes, ${asJson(sql`ST_Y(point)`)} as latitudes, ${asJson(sql`counted::int`)} as counted,
             ${kind === null ? sql`null::json` : asJson(sql`kind`)} as kinds, coalesce(bool_or(simulated), false) as simulated
        from (select p.id, c.position, coalesce(p.${sql.identifier(people)}, -1) as people, ${point} as point,
                     ${counted(asOf)} as counted, ${kind === null ? sql.empty : sql`p.${sql.identifier(kind)} as kind,`} p.simulated
                from ${sql.identifier(tables[population])} p
                join (select code, (row_number() over (order by code) - 1)::int as position from communes ${whereSeen(sql`code`)}) c on c.code = p.commune_code
               order by p.id) as placed`,
    { name: `reach-places-${population}` },
  );
};

const areaRow = z.object({
  population: z.enum(['industrial-workers', 'dormitory-residents']),
  id: z.number(),
  polygons: z.array(z.array(z.array(z.tuple([z.number(), z.number()])))),
});
/** Outlines of the places that are areas. 15 decimals: distances are compared with those of PostGIS. */
export const readPlaceAreas = (transaction: Transaction) =>
  transaction.rows(
    areaRow,
    sql`
      select 'industrial-workers' as population, id, ST_AsGeoJSON(geom, 15)::json -> 'coordinates' as polygons
        from industrial_parks
      union all
      select 'dormitory-residents', id, ST_AsGeoJSON(ST_Multi(geom), 15)::json -> 'coordinates'
        from dormitories where ST_GeometryType(geom) <> 'ST_Point'`,
    { name: 'reach-place-areas' },
  );

const sessionColumns = z.object({
  populations: z.array(z.number()),
  ids: z.array(z.number()),
  audiences: z.array(z.string()),
  radii: z.array(z.number()),
  quarters: z.array(z.number()),
  counts: z.array(z.number()),
  lastHeldOn: z.array(z.string()),
  simulated: z.boolean(),
});
export type SessionColumns = z.infer<typeof sessionColumns>;

export type SessionWindow = {
  from: string;
  asOf: string;
  /** In place of the radius of every form that has one. */
  radiusMeters: number | null;
  /** Whole quarters of the window. */
  quarters: readonly { firstDay: string; lastDay: string }[];
};

/**
 * Sessions of the window that were held at a place, as columns: those for one audience with one radius at one place
 * together, with the whole quarters in which there were any as bits, how many there were and the last day. Populations
 * are positions in `reachPopulations`; a radius of -1 is the place itself alone.
 */
export const readReachSessions = (transaction: Transaction, window: SessionWindow) =>
  transaction.row(
    sessionColumns,
    sql`
      with quarters as (
        select first_day, last_day, (1 << (position - 1)::int) as bit
          from unnest(${window.quarters.map(({ firstDay }) => firstDay)}::date[], ${window.quarters.map(({ lastDay }) => lastDay)}::date[])
               with ordinality as q (first_day, last_day, position)
      ), days as materialized (
        select day::date as day, coalesce((select bit from quarters where day between first_day and last_day), 0) as bit
          from generate_series(${window.from}::date, ${window.asOf}::date, interval '1 day') as day
      ), held as (
        select s.industrial_park_id, s.dormitory_id, s.school_id, s.establishment_id, s.audience,
               case when f.radius_meters is null then -1 else coalesce(${window.radiusMeters}::float8, f.radius_meters) end as radius,
               bit_or(d.bit) as quarters, count(*)::int as sessions, max(s.held_on) as last_held_on, bool_or(s.simulated) as simulated
          from outreach_sessions s
          join outreach_forms f on f.form = s.form
          join days d on d.day = s.held_on
         where s.held_on between ${window.from}::date and ${window.asOf}::date
           and num_nonnulls(s.industrial_park_id, s.dormitory_id, s.school_id, s.establishment_id) = 1
         group by 1, 2, 3, 4, 5, 6
      )
      select ${asJson(sql`case when establishment_id is not null then 0 when industrial_park_id is not null then 1
                               when school_id is not null then 2 else 3 end`)} as populations,
             ${asJson(sql`coalesce(establishment_id, industrial_park_id, school_id, dormitory_id)`)} as ids,
             ${asJson(sql`audience`)} as audiences, ${asJson(sql`radius`)} as radii, ${asJson(sql`quarters`)} as quarters,
             ${asJson(sql`sessions`)} as counts, ${asJson(sql`last_held_on`)} as "lastHeldOn", coalesce(bool_or(simulated), false) as simulated
        from held`,
    { name: 'reach-sessions' },
  );

const communeCount = z.object({
  code: z.string(),
  atPlaces: z.number(),
  communeWide: z.number(),
  simulated: z.boolean(),
});
/** How many sessions of the window each commune held at a place, and for the commune at large. */
export const readSessionsByCommune = (transaction: Transaction, from: string, asOf: string) =>
  transaction.rows(
    communeCount,
    sql`
      select commune_code as code, count(*) filter (where at_place) as "atPlaces", count(*) filter (where not at_place) as "communeWide",
             bool_or(simulated) as simulated
        from (select commune_code, simulated,
                     num_nonnulls(industrial_park_id, dormitory_id, school_id, establishment_id) = 1 as at_place
                from outreach_sessions where held_on between ${from}::date and ${asOf}::date) held
       group by commune_code`,
    { name: 'reach-sessions-by-commune' },
  );

const borderPlaces = z.object({
  kind: z.enum(['adjoining', 'coastal']),
  population: z.number(),
  ids: z.array(z.number()),
});
/** Places that touch a border area, by its kind. */
export const readPlacesInBorderAreas = (transaction: Transaction) =>
  transaction.rows(
    borderPlaces,
    sql.join(
      (
        [
          ['establishments', 0],
          ['industrial_parks', 1],
          ['schools', 2],
          ['dormitories', 3],
        ] as const
      ).map(
        ([table, population]) => sql`
          select b.kind, ${population}::int as population, array_to_json(array_agg(distinct p.id)) as ids
            from border_areas b join ${sql.identifier(table)} p on ST_Intersects(b.geom, p.geom)
           group by b.kind`,
      ),
      ' union all ',
    ),
  );

const quarterRow = z.object({
  code: z.string(),
  name: z.string(),
  terrain: z.string().nullable(),
  sessions: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  simulated: z.boolean(),
});
/** Every commune's sessions in each quarter of a year, up to and with a day. */
export const readSessionsByQuarter = (transaction: Transaction, year: number, asOf: string) =>
  transaction.rows(
    quarterRow,
    sql`
      with held as (
        select commune_code, extract(quarter from held_on)::int as quarter, count(*)::int as sessions, bool_or(simulated) as simulated
          from outreach_sessions
         where held_on between make_date(${year}::int, 1, 1) and least(${asOf}::date, make_date(${year}::int, 12, 31))
         group by commune_code, quarter
      ), gathered as (
        select commune_code, bool_or(simulated) as simulated,
               array[coalesce(sum(sessions) filter (where quarter = 1), 0)::int, coalesce(sum(sessions) filter (where quarter = 2), 0)::int,
                     coalesce(sum(sessions) filter (where quarter = 3), 0)::int, coalesce(sum(sessions) filter (where quarter = 4), 0)::int]
                 as sessions
          from held group by commune_code
      )
      select c.code, c.type || ' ' || c.name as name, c.terrain, coalesce(g.sessions, '{0,0,0,0}'::int[]) as sessions,
             c.simulated or coalesce(g.simulated, false) as simulated
        from communes c left join gathered g on g.commune_code = c.code
       ${whereSeen(sql`c.code`)}
       order by c.code`,
    { name: 'outreach-by-quarter' },
  );
