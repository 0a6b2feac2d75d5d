import type { Geometry, MultiLineString, MultiPolygon, Polygon, Position } from 'geojson';
import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { type Sql, sql } from '../db/sql.ts';
import type { LabelledEdge, OuterEdge } from './border-areas.ts';
import { geometryFromWkb, hexWkb } from './well-known-binary.ts';

/** A neighbour's outline within this distance of a commune's touches it: outlines come simplified by tens of metres. */
export const touchMeters = 50;
const shortestEdgeMeters = 100;
/** A corner that meets a neighbour has up to 150 m of outline within touch of it: that is no common border. */
const shortestTouchMeters = 250;

/**
 * UTM on WGS 84, one zone for all communes: 48 when their middle is west of 108° E, else 49. Within the zone a length is
 * true to 0.1 %; over the whole country to 0.3 %, which for a strip of 1,000 m is 3 m.
 */
export async function readMetricSrid(transaction: Transaction): Promise<number> {
  const { middle } = await transaction.row(
    z.object({ middle: z.number().nullable() }),
    sql`select (ST_XMin(extent) + ST_XMax(extent)) / 2 as middle from (select ST_Extent(geom) as extent from communes) as all_communes`,
  );
  return middle !== null && middle >= 108 ? 32649 : 32648;
}

export type NeighbourProvince = { code: string; name: string; geometry: Polygon | MultiPolygon };

/** Writes neighbour outlines; real ones clear simulated ones away, of which no outline would fit theirs. */
export async function writeNeighbours(
  transaction: Transaction,
  neighbours: readonly NeighbourProvince[],
  { simulated }: { simulated: boolean },
): Promise<number> {
  const removed = simulated
    ? 0
    : await transaction.execute(sql`delete from neighbour_provinces where simulated`);
  const written = await transaction.execute(sql`
    insert into neighbour_provinces as existing (code, name, geom, simulated)
    select code, name, ST_Multi(ST_CollectionExtract(ST_MakeValid(hex::geometry), 3)), ${simulated}::boolean
      from unnest(${neighbours.map(({ code }) => code)}::text[], ${neighbours.map(({ name }) => name)}::text[],
                  ${neighbours.map(({ geometry }) => hexWkb(geometry, 4326))}::text[]) as raw (code, name, hex)
    on conflict (code) do update
       set name = excluded.name, geom = excluded.geom, simulated = excluded.simulated
     where (existing.name, existing.geom, existing.simulated) is distinct from (excluded.name, excluded.geom, excluded.simulated)`);
  return removed + written;
}

/** The neighbour outlines that fit the communes: simulated ones go with simulated communes only. */
const fittingNeighbours = sql`
  select code, name, geom from neighbour_provinces
   where not simulated or not exists (select from communes where not simulated)`;

const edgeOfNeighbours = (srid: number) => sql`
  select name, ST_Transform(part, ${srid}::integer) as part
    from (${fittingNeighbours}) as fitting,
         lateral ST_ClipByBox2D(geom, (select ST_Expand(ST_Extent(geom), 0.1) from communes)) as near,
         lateral ST_Subdivide(ST_CollectionExtract(ST_MakeValid(near), 3), 64) as part
   where not ST_IsEmpty(near)`;

const metricCommunes = (srid: number) => sql`
  select code, simulated, ST_Transform(geom, ${srid}::integer) as geom from communes`;

export type Touching = { communeCode: string; neighbourProvince: string };

/** Communes and the known neighbour outlines that they have a border with: not a mere corner. */
export async function readTouching(transaction: Transaction, srid: number): Promise<Touching[]> {
  return transaction.rows(
    z.object({ communeCode: z.string(), neighbourProvince: z.string() }),
    sql`
      with parts as materialized (${edgeOfNeighbours(srid)}),
           metric as materialized (${metricCommunes(srid)}),
           near as (
             select metric.code, metric.geom, parts.name, ST_Collect(part) as parts
               from metric join parts
                 on parts.part && ST_Expand(metric.geom, ${touchMeters}::double precision)
                and ST_DWithin(parts.part, metric.geom, ${touchMeters}::double precision)
              group by metric.code, metric.geom, parts.name
           )
      select code as "communeCode", name as "neighbourProvince"
        from near
       where ST_Length(ST_Intersection(ST_Boundary(geom), ST_Buffer(parts, ${touchMeters}::double precision, 2)))
             >= ${shortestTouchMeters}::double precision
       order by 1, 2`,
  );
}

const listed = z.object({ code: z.string(), adjoiningProvinces: z.array(z.string()), coastal: z.boolean() });
export const readListedNeighbours = (transaction: Transaction) =>
  transaction.rows(
    listed,
    sql`select code, adjoining_provinces as "adjoiningProvinces", coastal from communes order by code`,
  );

export const readNeighbourNames = async (transaction: Transaction): Promise<string[]> =>
  (
    await transaction.rows(
      z.object({ name: z.string() }),
      sql`select name from (${fittingNeighbours}) as fitting order by code`,
    )
  ).map(({ name }) => name);

/** Sets what communes adjoin where it differs; returns how many changed. */
export const writeAdjoining = (transaction: Transaction, adjoining: ReadonlyMap<string, readonly string[]>) =>
  transaction.execute(sql`
    update communes set adjoining_provinces = string_to_array(names, chr(31))
      from unnest(${[...adjoining.keys()]}::text[],
                  ${[...adjoining.values()].map((names) => names.join('\u001f'))}::text[]) as known (commune_code, names)
     where code = commune_code and adjoining_provinces is distinct from string_to_array(names, chr(31))`);

const edgeRow = z.object({ code: z.string(), wkb: z.instanceof(Buffer) });

/**
 * What of the outer edges (web mercator, from the coverage) no known neighbour outline touches, in metres: there only
 * the communes' own facts tell what is beyond. Stretches under 100 m are slivers between outlines and are left out.
 */
export async function readOpenEdges(
  transaction: Transaction,
  edges: readonly OuterEdge[],
  srid: number,
): Promise<OuterEdge[]> {
  const rows = await transaction.rows(
    edgeRow,
    sql`
      with parts as materialized (${edgeOfNeighbours(srid)}),
           edges as materialized (
             select code, ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(lines), 3857), ${srid}::integer) as geom
               from unnest(${edges.map(({ communeCode }) => communeCode)}::text[],
                           ${edges.map(({ lines }) => JSON.stringify({ type: 'MultiLineString', coordinates: lines }))}::text[])
                      as outer_edges (code, lines)
           )
      select code, ST_AsBinary(ST_Multi(ST_LineMerge(open_edge))) as wkb
        from edges
       cross join lateral (
             select ST_Buffer(ST_Union(part), ${touchMeters}::double precision, 2) as covered
               from parts where part && ST_Expand(edges.geom, ${touchMeters}::double precision)
           ) as around
       cross join lateral ST_CollectionExtract(
             case when covered is null then edges.geom else ST_Difference(edges.geom, covered) end, 2) as open_edge
       where not ST_IsEmpty(open_edge)
       order by code`,
  );
  const labels = new Map(edges.map((edge) => [edge.communeCode, edge.labels]));
  return rows.map(({ code, wkb }) => ({
    communeCode: code,
    labels: labels.get(code) ?? [],
    lines: linesOf(geometryFromWkb(wkb)).filter((line) => lengthOf(line) >= shortestEdgeMeters),
  }));
}

const linesOf = (geometry: Geometry | null): Position[][] =>
  (geometry as MultiLineString | null)?.coordinates ?? [];
const lengthOf = (line: readonly Position[]) =>
  line.reduce(
    (sum, [x, y], at) => (at === 0 ? 0 : sum + Math.hypot(x! - line[at - 1]![0]!, y! - line[at - 1]![1]!)),
    0,
  );

/** To 10⁻⁷ degrees (1 cm), valid: what a strip is stored as, so that deriving it again gives the same bytes. */
const stored = (strip: Sql) =>
  sql`ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_ReducePrecision(ST_Transform(${strip}, 4326), 1e-7)), 3))`;

/**
 * Makes the derived border areas exactly: for each commune that touches a known neighbour outline, its part within
 * `widthMeters` of that province; for each labelled edge, its part within `widthMeters` of the edge.
 * Imported border areas stay.
 */
export async function replaceBorderAreas(
  transaction: Transaction,
  {
    touching,
    edges,
    widthMeters,
    srid,
  }: { touching: readonly Touching[]; edges: readonly LabelledEdge[]; widthMeters: number; srid: number },
): Promise<number> {
  const derived = sql`
    with parts as materialized (${edgeOfNeighbours(srid)}),
         metric as materialized (${metricCommunes(srid)}),
         strips as materialized (
           select 'adjoining' as kind, metric.code, touching.neighbour_province, 'neighbour-outline' as derivation, metric.simulated,
                  ST_Intersection(metric.geom, (
                    select ST_Buffer(ST_Union(part), ${widthMeters}::double precision, 16)
                      from parts
                     where parts.name = touching.neighbour_province
                       and part && ST_Expand(metric.geom, ${widthMeters}::double precision))) as strip
             from unnest(${touching.map(({ communeCode }) => communeCode)}::text[],
                         ${touching.map(({ neighbourProvince }) => neighbourProvince)}::text[])
                    as touching (commune_code, neighbour_province)
             join metric on metric.code = touching.commune_code
            union all
           select edge.kind, metric.code, edge.neighbour_province,
                  case edge.kind when 'coastal' then 'coast' else 'listed-neighbours' end, metric.simulated,
                  ST_Intersection(metric.geom, ST_Buffer(
                    -- a buffer of a coast in full detail took 40 s; a 200th of the width less of it does not show
                    ST_Simplify(ST_LineMerge(ST_SetSRID(ST_GeomFromGeoJSON(edge.lines), ${srid}::integer)), ${widthMeters / 200}::double precision),
                    ${widthMeters}::double precision, 16))
             from unnest(${edges.map(({ label }) => label.kind)}::text[],
                         ${edges.map(({ communeCode }) => communeCode)}::text[],
                         ${edges.map(({ label }) => (label.kind === 'adjoining' ? label.neighbourProvince : null))}::text[],
                         ${edges.map(({ lines }) => JSON.stringify({ type: 'MultiLineString', coordinates: lines }))}::text[])
                    as edge (kind, commune_code, neighbour_province, lines)
             join metric on metric.code = edge.commune_code
         ),
         derived as materialized (
           select kind, code as commune_code, neighbour_province, derivation, simulated, ${stored(sql`strip`)} as geom
             from strips
         ),
         removed as (
           delete from border_areas
            where derivation <> 'imported'
              and not exists (select from derived
                               where derived.commune_code = border_areas.commune_code and derived.kind = border_areas.kind
                                 and derived.neighbour_province is not distinct from border_areas.neighbour_province
                                 and not ST_IsEmpty(derived.geom))
           returning 1
         ),
         written as (
           insert into border_areas as existing (kind, commune_code, neighbour_province, width_meters, derivation, simulated, geom)
           select kind, commune_code, neighbour_province, ${widthMeters}::double precision, derivation, simulated, geom
             from derived where not ST_IsEmpty(geom)
           on conflict (commune_code, kind, neighbour_province) do update
              set width_meters = excluded.width_meters, derivation = excluded.derivation,
                  simulated = excluded.simulated, geom = excluded.geom
            where existing.derivation <> 'imported'
              and (existing.width_meters, existing.derivation, existing.simulated, existing.geom)
                  is distinct from (excluded.width_meters, excluded.derivation, excluded.simulated, excluded.geom)
           returning 1
         )
    select (select count(*) from removed) + (select count(*) from written) as changed`;
  return (await transaction.row(z.object({ changed: z.number() }), derived)).changed;
}

const borderSummary = z.object({
  kind: z.enum(['adjoining', 'coastal']),
  neighbourProvince: z.string().nullable(),
  communes: z.number(),
});
/** How many communes have a strip, by what they adjoin. */
export const readBorderSummary = (transaction: Transaction) =>
  transaction.rows(
    borderSummary,
    sql`select kind, neighbour_province as "neighbourProvince", count(distinct commune_code) as communes
          from border_areas group by kind, neighbour_province order by kind, neighbour_province`,
  );

/** The width that border areas were derived with last, if any were. */
export async function readBorderWidth(transaction: Transaction): Promise<number | null> {
  const row = await transaction.maybeRow(
    z.object({ width: z.number() }),
    sql`select width_meters as width from border_areas where derivation <> 'imported' limit 1`,
  );
  return row?.width ?? null;
}
