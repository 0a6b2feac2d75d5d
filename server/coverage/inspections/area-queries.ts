import { type Sql, sql } from '../../db/sql.ts';
import { areaBit } from './areas.ts';

/**
 * Up to here each place looks up the establishments around it; beyond, those around all places at once. On 98,000
 * establishments and 600 dormitories the first takes 38 ms at 500 m, 88 at 1,000 and 258 at 2,000, growing with the square;
 * the second some 210 at any radius (6 s is what comparing each with each takes at 5,000 m).
 */
const pairwiseUpToMeters = 1500;

/**
 * Common table expressions, the last of them `membership (id, bits)`: the areas in which each establishment lies that lies
 * in any of the four.
 *
 * Distances are along the ellipsoid, from the point of the establishment to the point or outline of the place: 0 within.
 * Those are dear (25 µs to a polygon), so that distances on the Mercator map decide wherever they can: a path of d metres
 * has there between 0.9966·d/cos φ and 1.0068·d/cos φ (the least and greatest scale of the spherical Mercator on WGS 84),
 * φ of the latitudes that it may pass. Only what lies between the two is measured; what comes out is what measuring all
 * gives.
 *
 * @param radiusMeters at most 20,000: the latitudes of a path are taken to stay within it.
 * @param chosen conditions on an establishment `e`.
 */
export const areaMembership = (radiusMeters: number, chosen: Sql): Sql => sql`
  bordering as (
    select e.id, case b.kind when 'adjoining' then ${areaBit['border-adjoining']}::int else ${areaBit['border-coastal']}::int end as bit
      from border_areas b join establishments e on ST_Intersects(b.geom, e.geom)
     where ${chosen}
  ),
  ${near('industrial_parks', radiusMeters, chosen)},
  ${near('dormitories', radiusMeters, chosen)},
  membership as (
    select id, bit_or(bit) as bits
      from (select id, bit from bordering
            union all select id, ${areaBit['near-industrial-park']}::int from near_industrial_parks
            union all select id, ${areaBit['near-dormitory']}::int from near_dormitories) as lying
     group by id
  )`;

type Places = 'industrial_parks' | 'dormitories';

/** `near_…`: ids of establishments within the radius; one may come more than once. */
function near(table: Places, radiusMeters: number, chosen: Sql): Sql {
  const places = sql.identifier(`places_${table}`);
  const found = sql.identifier(`near_${table}`);
  // 110,000 m is less than any degree of latitude has
  const reach = sql`
    ${places} as materialized (
      select geom, geom_mercator,
             ${radiusMeters}::float8 * 0.9966 / cosd(greatest(0, least(abs(ST_YMin(geom)), abs(ST_YMax(geom))) - ${radiusMeters}::float8 / 110000)) as surely_within,
             ${radiusMeters}::float8 * 1.0068 / cosd(greatest(abs(ST_YMin(geom)), abs(ST_YMax(geom))) + ${radiusMeters}::float8 / 110000) as possibly_within
        from ${sql.identifier(table)}
    )`;
  const measured = sql`ST_DWithin(place.geom::geography, e.geom::geography, ${radiusMeters}::float8)`;
  if (radiusMeters <= pairwiseUpToMeters) {
    return sql`
      ${reach},
      ${found} as (
        select e.id
          from ${places} as place
          join establishments e on ST_DWithin(place.geom_mercator, e.geom_mercator, place.possibly_within)
         where ${chosen} and (ST_DWithin(place.geom_mercator, e.geom_mercator, place.surely_within) or ${measured})
      )`;
  }
  const region = sql.identifier(`region_${table}`);
  const inside = sql.identifier(`inside_${table}`);
  const doubtful = sql.identifier(`doubtful_${table}`);
  // A circle of 32 sides reaches 0.9952 of its radius everywhere. So whoever is possibly within of a place, and not in the
  // region, is at most `doubt` from the region's edge.
  return sql`
    ${reach},
    ${region} as materialized (
      select ST_Union(ST_Buffer(geom_mercator, surely_within, 'quad_segs=8')) as geom,
             max(possibly_within - 0.995 * surely_within) as doubt
        from ${places}
    ),
    ${inside} as materialized (
      select e.id
        from (select ST_Subdivide(geom, 32) as geom from ${region}) as piece
        join establishments e on ST_Intersects(piece.geom, e.geom_mercator)
       where ${chosen}
    ),
    ${doubtful} as materialized (
      select distinct e.id, e.geom, e.geom_mercator
        from (select ST_Subdivide(ST_Boundary(geom), 8) as geom, doubt from ${region}) as edge
        join establishments e on ST_DWithin(edge.geom, e.geom_mercator, edge.doubt)
       where ${chosen} and not exists (select 1 from ${inside} as known where known.id = e.id)
    ),
    ${found} as (
      select id from ${inside}
      union all
      select e.id from ${doubtful} as e
       where exists (select 1 from ${places} as place
                      where ST_DWithin(place.geom_mercator, e.geom_mercator, place.possibly_within) and ${measured})
    )`;
}
