import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

const multiPolygonRow = z.object({ rings: z.array(z.array(z.array(z.tuple([z.number(), z.number()])))) });

/**
 * The outline of everything that is mapped: the polygons of all communes, longitude and latitude. Left in their parts:
 * the window's edges carry a sign, so that what two communes share cancels, and a union of 100,000 vertices is spared.
 */
export const readOutline = async (transaction: Transaction): Promise<[number, number][][][]> => {
  const rows = await transaction.rows(
    multiPolygonRow,
    sql`select ST_AsGeoJSON(geom, 7)::json -> 'coordinates' as rings from communes order by code`,
    { name: 'outline-of-communes' },
  );
  return rows.flatMap(({ rings }) => rings);
};

const eventRow = z.object({
  longitudes: z.array(z.number()),
  latitudes: z.array(z.number()),
  simulated: z.boolean(),
});

/** Where inspections found a violation, from the first day to the last (both count), in one category or in all. */
export const readViolations = (
  transaction: Transaction,
  filter: { from: string; to: string; category: string | null },
) =>
  transaction.row(
    eventRow,
    sql`select coalesce(array_agg(ST_X(e.geom) order by i.id), '{}') as longitudes,
               coalesce(array_agg(ST_Y(e.geom) order by i.id), '{}') as latitudes,
               coalesce(bool_or(i.simulated), false) as simulated
          from inspections i
          join establishments e on e.id = i.establishment_id
         where i.outcome <> 'no-violation'
           and i.inspected_on between ${filter.from}::date and ${filter.to}::date
           and (${filter.category}::text is null or e.category = ${filter.category})`,
    { name: 'violations' },
  );

const nameRow = z.object({ name: z.string(), type: z.string() });

export const readCommuneAt = (transaction: Transaction, longitude: number, latitude: number) =>
  transaction.maybeRow(
    nameRow,
    sql`select name, type from communes
         where ST_Intersects(geom, ST_SetSRID(ST_MakePoint(${longitude}::float8, ${latitude}::float8), 4326))
         order by code limit 1`,
    { name: 'commune-at' },
  );

const categoryRow = z.object({ code: z.string() });

export const readCategories = (transaction: Transaction) =>
  transaction.rows(categoryRow, sql`select code from establishment_categories order by position`, {
    name: 'categories',
  });
