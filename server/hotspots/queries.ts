import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

const communeRow = z.object({
  name: z.string(),
  polygons: z.array(z.array(z.array(z.tuple([z.number(), z.number()])))),
});
export type CommuneOutline = z.infer<typeof communeRow>;

/**
 * The outlines of all communes, longitude and latitude, with their full names. They are left in their parts: the edges of a
 * density window carry a sign, so that what two communes share cancels, and a union of 100,000 vertices is spared.
 */
export const readOutlines = (transaction: Transaction) =>
  transaction.rows(
    communeRow,
    sql`select type || ' ' || name as name, ST_AsGeoJSON(geom, 7)::json -> 'coordinates' as polygons
          from communes order by code`,
    { name: 'outline-of-communes' },
  );

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

const categoryRow = z.object({ code: z.string() });

export const readCategories = (transaction: Transaction) =>
  transaction.rows(categoryRow, sql`select code from establishment_categories order by position`, {
    name: 'categories',
  });
