import type { Role } from '../../contract/access.ts';
import type { PlaceCollection } from '../../contract/places.ts';
import { hexagonMaxZoom, hexagonSide, tileExtent } from '../../contract/tiles.ts';
import { type Sql, sql } from '../db/sql.ts';
import { halfWorldMeters } from './tile-address.ts';

/**
 * Whose rights a statement is for. What a role sees is the database's to say; the role only chooses the relations that it
 * may read and that are quick for it. `owner` reads the tables as they are: tests, and benchmarks of what the roles cost.
 */
export type PlaceReader = Role | 'owner';

/** Establishments one by one, for a transaction that is on the audit log (migration 0012 says why not the table alone). */
export const establishmentsFor = (reader: PlaceReader): Sql =>
  reader === 'planner' || reader === 'inspector' ? sql`all_establishments` : sql`establishments`;

/** Rows of place_triangles, or of the same form, for one collection. */
export const trianglesFor = (reader: PlaceReader, collection: PlaceCollection) =>
  reader === 'commune'
    ? { from: sql`own_place_triangles(${collection})`, where: sql`true` }
    : { from: sql`place_triangles`, where: sql`collection = ${collection}` };

/**
 * How many establishments the reader sees, and the box of the triangles that they lie in, in degrees, by the arithmetic of
 * migration 0002. To say to the metre how far they reach would be a reading of premises.
 */
export const establishmentCounts = (reader: PlaceReader): Sql => {
  const side = (2 * halfWorldMeters) / 2 ** hexagonMaxZoom / (tileExtent / hexagonSide);
  const { from, where } = trianglesFor(reader, 'establishments');
  return sql`
    select places, simulated_places,
           ST_Transform(ST_MakeEnvelope(
             west * ${side} - ${halfWorldMeters}, bottom * sqrt(0.75) * ${side},
             east * ${side} - ${halfWorldMeters}, top * sqrt(0.75) * ${side}, 3857), 4326) as extent
      from (select coalesce(sum(places), 0)::integer as places, coalesce(sum(simulated_places), 0)::integer as simulated_places,
                   min(corner) as west, max(corner + 1) as east, min(b) as bottom, max(b) + 1 as top
              from (select b, a + (b + upper::integer) / 2.0 as corner, places, simulated_places
                      from ${from} as counted where ${where} and places > 0) as placed) as whole`;
};
