import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

const communeRow = z.object({
  code: z.string(),
  name: z.string(),
  longitude: z.number(),
  latitude: z.number(),
  polygons: z.array(z.array(z.array(z.tuple([z.number(), z.number()])))),
  simulated: z.boolean(),
});
/** A commune as the analyses take it: full name, label point and polygons in longitude and latitude. */
export type MappedCommune = z.infer<typeof communeRow>;

/**
 * All communes, by code. Their outlines are left in their parts: the edges of a density window carry a sign, so that what two
 * communes share cancels, and a union of 100,000 vertices is spared.
 */
export const readCommunes = (transaction: Transaction) =>
  transaction.rows(
    communeRow,
    sql`select code, type || ' ' || name as name, ST_X(label_point) as longitude, ST_Y(label_point) as latitude,
               ST_AsGeoJSON(geom, 7)::json -> 'coordinates' as polygons, simulated
          from communes order by code`,
    { name: 'communes-with-outlines' },
  );

/** Inspections from the first day to the last (both count), in one category or in all, made on one of the grounds. */
export type InspectionSelection = {
  from: string;
  to: string;
  category: string | null;
  grounds: readonly string[];
};

const selected = ({ from, to, category, grounds }: InspectionSelection) => sql`
  i.inspected_on between ${from}::date and ${to}::date
  and i.ground = any(${grounds}::text[])
  and (${category}::text is null or e.category = ${category})`;

const inspectionsRow = z.object({
  longitudes: z.array(z.number()),
  latitudes: z.array(z.number()),
  violations: z.array(z.boolean()),
  codes: z.array(z.string()),
  days: z.array(z.string()),
  simulated: z.boolean(),
});
/** Inspections as columns: where, in which commune, on which day, and whether a violation was found. */
export type InspectionColumns = z.infer<typeof inspectionsRow>;

export const readInspections = (transaction: Transaction, selection: InspectionSelection) =>
  transaction.row(
    inspectionsRow,
    sql`select coalesce(array_agg(ST_X(e.geom) order by i.id), '{}') as longitudes,
               coalesce(array_agg(ST_Y(e.geom) order by i.id), '{}') as latitudes,
               coalesce(array_agg(i.outcome <> 'no-violation' order by i.id), '{}') as violations,
               coalesce(array_agg(e.commune_code order by i.id), '{}') as codes,
               coalesce(array_agg(i.inspected_on::text order by i.id), '{}') as days,
               coalesce(bool_or(i.simulated), false) as simulated
          from inspections i
          join establishments e on e.id = i.establishment_id
         where ${selected(selection)}`,
    { name: 'inspections-selected' },
  );

const activeRow = z.object({ code: z.string(), active: z.number().int() });

/** Establishments with a licence in force on at least one day of the period, by commune. */
export const readActiveEstablishments = (
  transaction: Transaction,
  { from, to, category }: Pick<InspectionSelection, 'from' | 'to' | 'category'>,
) =>
  transaction.rows(
    activeRow,
    sql`select commune_code as code, count(*) as active
          from establishments
         where active_from <= ${to}::date and (active_to is null or active_to >= ${from}::date)
           and (${category}::text is null or category = ${category})
         group by commune_code`,
    { name: 'active-establishments' },
  );

const reportCellsRow = z.object({
  cells: z.array(z.string()),
  counts: z.array(z.number().int()),
  simulated: z.boolean(),
});

/** Reports received in the period, by their H3 cell of resolution 7. */
export const readReportCells = (transaction: Transaction, from: string, to: string) =>
  transaction.row(
    reportCellsRow,
    sql`select coalesce(array_agg(h3_cell order by h3_cell), '{}') as cells,
               coalesce(array_agg(n::int order by h3_cell), '{}') as counts,
               coalesce(bool_or(simulated), false) as simulated
          from (select h3_cell, count(*) as n, bool_or(simulated) as simulated
                  from reports where received_on between ${from}::date and ${to}::date
                 group by h3_cell) by_cell`,
    { name: 'reports-by-cell' },
  );

const outreachRow = z.object({
  codes: z.array(z.string()),
  counts: z.array(z.number().int()),
  simulated: z.boolean(),
});

/** Outreach sessions held in the period, by commune and never below: where help finds people is no lead. */
export const readOutreachByCommune = (transaction: Transaction, from: string, to: string) =>
  transaction.row(
    outreachRow,
    sql`select coalesce(array_agg(commune_code order by commune_code), '{}') as codes,
               coalesce(array_agg(n::int order by commune_code), '{}') as counts,
               coalesce(bool_or(simulated), false) as simulated
          from (select commune_code, count(*) as n, bool_or(simulated) as simulated
                  from outreach_sessions where held_on between ${from}::date and ${to}::date
                 group by commune_code) by_commune`,
    { name: 'outreach-by-commune' },
  );

const categoryRow = z.object({ code: z.string() });

export const readCategories = (transaction: Transaction) =>
  transaction.rows(categoryRow, sql`select code from establishment_categories order by position`, {
    name: 'categories',
  });
