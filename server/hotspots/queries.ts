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

const numbers = z.array(z.number());
const placesRow = z.object({
  longitudes: numbers,
  latitudes: numbers,
  inspections: numbers,
  violations: numbers,
  exact: z.boolean(),
  simulated: z.boolean(),
});
/**
 * Places of inspections as columns: where, how many inspections, how many of them found a violation. `exact`: each is an
 * establishment; otherwise the middle of a square kilometre, for who may not read premises one by one.
 */
export type InspectionPlaces = z.infer<typeof placesRow>;

export const readInspectionPlaces = (
  transaction: Transaction,
  { from, to, category, grounds }: InspectionSelection,
) =>
  transaction.row(
    placesRow,
    sql`select longitudes, latitudes, inspections, violations, exact, simulated
          from inspection_places(${from}, ${to}, ${category}, ${grounds})`,
    { name: 'inspection-places' },
  );

const communeDaysRow = z.object({
  codes: z.array(z.string()),
  days: z.array(z.string()),
  inspections: numbers,
  violations: numbers,
  simulated: z.boolean(),
});

/** Inspections as columns, one entry for each: in which commune, on which day, and whether a violation was found. */
export type InspectionColumns = {
  codes: string[];
  days: string[];
  violations: boolean[];
  simulated: boolean;
};

/** By commune and day; within a day those that found a violation come first. The same for every role. */
export async function readInspections(
  transaction: Transaction,
  { from, to, category, grounds }: InspectionSelection,
): Promise<InspectionColumns> {
  const found = await transaction.row(
    communeDaysRow,
    sql`select codes, days, inspections, violations, simulated
          from inspections_by_commune(${from}, ${to}, ${category}, ${grounds})`,
    { name: 'inspections-by-commune' },
  );
  const columns: InspectionColumns = { codes: [], days: [], violations: [], simulated: found.simulated };
  found.codes.forEach((code, index) => {
    for (let one = 0; one < found.inspections[index]!; one++) {
      columns.codes.push(code);
      columns.days.push(found.days[index]!);
      columns.violations.push(one < found.violations[index]!);
    }
  });
  return columns;
}

const activeRow = z.object({ code: z.string(), active: z.number().int() });

/** Establishments with a licence in force on at least one day of the period, by commune. */
export const readActiveEstablishments = (
  transaction: Transaction,
  { from, to, category }: Pick<InspectionSelection, 'from' | 'to' | 'category'>,
) =>
  transaction.rows(
    activeRow,
    sql`select commune_code as code, active from active_establishments_by_commune(${from}, ${to}, ${category})`,
    { name: 'active-establishments' },
  );

const reportCellsRow = z.object({
  cells: z.array(z.string()),
  counts: z.array(z.number().int()),
  withheld: z.number().int(),
  simulated: z.boolean(),
});

/**
 * Reports received in the whole quarters of a period by H3 cell, of resolution 7 where there are five or more in a quarter,
 * joined in coarser ones where there are fewer, and what is withheld, in fives: small numbers stay in the database
 * (migration 0016).
 */
export const readReportCells = (transaction: Transaction, from: string, to: string) =>
  transaction.row(
    reportCellsRow,
    sql`select coalesce(array_agg(cell order by cell) filter (where cell is not null), '{}') as cells,
               coalesce(array_agg(counted::int order by cell) filter (where cell is not null), '{}') as counts,
               coalesce(sum(counted) filter (where cell is null), 0)::int as withheld,
               coalesce(bool_or(simulated), false) as simulated
          from report_cells(${from}::date, ${to}::date)`,
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
               coalesce(array_agg(sessions::int order by commune_code), '{}') as counts,
               coalesce(bool_or(simulated), false) as simulated
          from outreach_by_commune(${from}, ${to})`,
    { name: 'outreach-by-commune' },
  );

const categoryRow = z.object({ code: z.string() });

export const readCategories = (transaction: Transaction) =>
  transaction.rows(categoryRow, sql`select code from establishment_categories order by position`, {
    name: 'categories',
  });
