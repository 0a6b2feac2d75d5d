import { createHash } from 'node:crypto';
import { z } from 'zod';
import { roles } from '../../contract/access.ts';
import { tileLayersFor } from '../../contract/place-access.ts';
import { type PlaceCollection, placeCollections } from '../../contract/places.ts';
import {
  hexagonMaxZoom,
  hexagonSide,
  tileBuffer,
  tileExtent,
  tileLayers,
  tileMaxZoom,
} from '../../contract/tiles.ts';
import type { Database, Transaction } from '../db/database.ts';
import { type Sql, sql, sqlText } from '../db/sql.ts';
import { encodeTile } from './encode-tile.ts';
import { rowHeight, triangleBounds, triangleScale } from './hexagon-lattice.ts';
import { halfWorldMeters, type TileAddress, type TileFrame, tileFrame } from './tile-address.ts';
import {
  establishmentCounts,
  establishmentsFor,
  type PlaceReader,
  trianglesFor,
} from './triangle-queries.ts';

// Every layer is one query whose rows have a `feature_id`, attributes, and `geom` in the tile's own whole grid units with
// outer rings wound as the tile specification wants them. The geometry is plain PostGIS, the same on both databases;
// only what writes the bytes differs: ST_AsMVT, or a library where PostGIS has no protobuf.
//
// ST_AsMVTGeom is not used on either: its polygon repair works on each polygon by itself and differs between builds
// (Wagyu or GEOS), and it is slower here: 2,058 tiles of zoom 14 took it 302 ms, clip and shift 181 ms.

type Tile = Pick<TileAddress, 'x' | 'y' | 'z'>;
type LayerQuery = (tile: Tile, frame: TileFrame, reader: PlaceReader) => Sql;

const box = ({ west, south, east, north }: TileFrame) =>
  sql`ST_MakeEnvelope(${west}, ${south}, ${east}, ${north}, 3857)`;

// A row is in a tile at most once for each layer; the order makes the same bytes of the same data, as a strong entity
// tag promises. `offset 0` keeps a geometry from being computed once to be tested and again to be given.
//
// The clip falls on vertices (see migration 0002) and rounds nothing; but where an outline comes back to the clip's edge
// its ring may touch itself there, which ST_MakeValid parts, 23 µs an outline.
const communes: LayerQuery = (tile, { left, top }) => {
  const west = left + tileExtent * 2 ** tile.z;
  const clipBox = sql`ST_MakeEnvelope(${west - tileBuffer}, ${top - tileBuffer},
    ${west + tileExtent + tileBuffer}, ${top + tileExtent + tileBuffer})`;
  return sql`
    select code::integer as feature_id, code, name, type, terrain, simulated,
           ST_ForcePolygonCCW(ST_Translate(clipped, ${-west}, ${-top})) as geom
      from (select c.code, c.name, c.type, c.terrain, c.simulated,
                   case when o.outline @ ${clipBox} then o.outline
                        else ST_CollectionExtract(ST_MakeValid(ST_ClipByBox2D(o.outline, ${clipBox})), 3) end as clipped
              from commune_tile_outlines o join communes c on c.code = o.commune_code
             where o.outline && ${clipBox}
            offset 0) as outlines
     where not ST_IsEmpty(clipped)
     order by code`;
};

// In one tile alone, without a buffer: a name is then placed once.
const communeLabels: LayerQuery = (tile, { unitMeters, left, top }) => {
  const own = tileFrame(tile, 0);
  return sql`
    select code::integer as feature_id, code, name, type, area_square_km, simulated,
           ST_MakePoint(floor(units_x) - ${left}, floor(units_y) - ${top}) as geom
      from (select c.code, c.name, c.type, c.area_square_km, c.simulated,
                   (ST_X(label) + ${halfWorldMeters}) / ${unitMeters} as units_x,
                   (${halfWorldMeters} - ST_Y(label)) / ${unitMeters} as units_y
              from communes c, lateral (select ST_Transform(c.label_point, 3857) as label offset 0) as labels
             where c.geom_mercator && ${box(own)}) as placed
     where units_x >= ${left} and units_x < ${left + tileExtent} and units_y >= ${top} and units_y < ${top + tileExtent}
     order by code`;
};

/**
 * A count of people as it is told to everybody: left out where it is 1–4, of which 2 or 3 stands in its masked column
 * (migration 0016).
 */
const toldCount = (column: string, name: string) => {
  const masked = sql.identifier(column);
  return sql`case when ${masked} not between 1 and 4 then ${masked} end as ${sql.identifier(name)}`;
};

/** Areas apart from each other: clipped, put on the grid and kept valid in one step. */
const areas =
  (table: Sql, attributes: Sql, names: Sql = attributes): LayerQuery =>
  (_, frame) => {
    const { unitMeters, left, top } = frame;
    const [lowest, highest] = [-tileBuffer, tileExtent + tileBuffer];
    return sql`
      select id as feature_id, ${names}, simulated, ST_ForcePolygonCCW(clipped) as geom
        from (select id, ${attributes}, simulated, ST_CollectionExtract(ST_Intersection(
                       ST_Affine(geom_mercator, 1 / ${unitMeters}::double precision, 0, 0, -1 / ${unitMeters}::double precision,
                                 ${halfWorldMeters / unitMeters - left}, ${halfWorldMeters / unitMeters - top}),
                       ST_MakeEnvelope(${lowest}, ${lowest}, ${highest}, ${highest}, 3857), 1), 3) as clipped
                from ${table} place
               where geom_mercator && ${box(frame)}
              offset 0) as placed
       where not ST_IsEmpty(clipped)
       order by id`;
  };

const points =
  (
    table: Sql | ((reader: PlaceReader) => Sql),
    attributes: Sql,
    names: Sql = attributes,
    point: Sql = sql`geom_mercator`,
  ): LayerQuery =>
  (_, frame, reader) => {
    const from = typeof table === 'function' ? table(reader) : table;
    const { unitMeters, left, top } = frame;
    // `&&` compares boxes in single precision, some units wider; and an area that reaches into the tile may have its point
    // in another.
    const within = (units: Sql) => sql`${units} between ${-tileBuffer} and ${tileExtent + tileBuffer}`;
    return sql`
      select id as feature_id, commune_code, ${names}, simulated, ST_MakePoint(across, down) as geom
        from (select id, commune_code, ${attributes}, simulated, round((ST_X(${point}) + ${halfWorldMeters}) / ${unitMeters}) - ${left} as across,
                     round((${halfWorldMeters} - ST_Y(${point})) / ${unitMeters}) - ${top} as down
                from ${from} place where geom_mercator && ${box(frame)} offset 0) as placed
       where ${within(sql`across`)} and ${within(sql`down`)}
       order by id`;
  };

/**
 * Triangles of zoom 9 into hexagons, in whole numbers. Of the three corners of a triangle of the hexagons' own size one
 * has i ≡ j (mod 3): those are the hexagons' centres.
 */
const hexagons =
  (collection: PlaceCollection): LayerQuery =>
  (tile, { left, top }, reader) => {
    const scale = triangleScale(tile.z);
    const shift = Math.log2(scale);
    const { minA, maxA, minB, maxB } = triangleBounds(tile);
    const triangles = trianglesFor(reader, collection);
    const equator = (tileExtent * 2 ** tile.z) / 2;
    const corner = (i: number, j: number) =>
      sql`ST_MakePoint(${hexagonSide}::integer * (i + ${i}::integer) + ${hexagonSide / 2}::integer * (j + ${j}::integer) - ${left}::integer,
                       round(${equator}::float8 - ${rowHeight}::float8 * (j + ${j}::integer)) - ${top}::float8)`;
    // `offset 0` between the steps: flattened into one, each step would be computed once for every use of the one before
    // (7.4 ms of 11 at zoom 8).
    return sql`
      select (i + 65536)::bigint * 262144 + j + 131072 as feature_id, count, simulated,
             ST_MakePolygon(ST_MakeLine(array[
               ${corner(1, 0)}, ${corner(1, -1)}, ${corner(0, -1)}, ${corner(-1, 0)},
               ${corner(-1, 1)}, ${corner(0, 1)}, ${corner(1, 0)}])) as geom
        from (select i, j, sum(places)::integer as count, sum(simulated_places) > 0 as simulated
                from (select a + (d = 2 or d = 0 and upper)::integer as i, b + (d = 1 or d = 0 and upper)::integer as j,
                             places, simulated_places
                        from (select a, b, upper, ((a - b) % 3 + 3) % 3 as d, places, simulated_places
                                from (select a >> ${shift}::integer as a, b >> ${shift}::integer as b,
                                             (a & ${scale - 1}::integer) + (b & ${scale - 1}::integer) >= ${scale}::integer - upper::integer as upper,
                                             places, simulated_places
                                        from ${triangles.from} as counted
                                       where ${triangles.where}
                                         and b between ${minB}::integer and ${maxB}::integer and a between ${minA}::integer and ${maxA}::integer
                                      offset 0) as triangles
                              offset 0) as sided
                      offset 0) as centred
               group by i, j
              offset 0) as hexagons
       where ${hexagonSide}::integer * i + ${hexagonSide / 2}::integer * j
             between ${left - hexagonSide}::integer and ${left + tileExtent + hexagonSide}::integer
         and ${equator}::float8 - ${rowHeight}::float8 * j between ${top - hexagonSide}::float8 and ${top + tileExtent + hexagonSide}::float8
       order by feature_id`;
  };

const layerQueries: Record<string, LayerQuery> = {
  communes,
  'communes-labels': communeLabels,
  'border-areas': areas(sql`border_areas`, sql`kind, commune_code, neighbour_province`),
  'industrial-parks': areas(
    sql`industrial_parks`,
    sql`name, commune_code, ${toldCount('masked_workers', 'workers')}`,
    sql`name, commune_code, workers`,
  ),
  dormitories: points(
    sql`dormitories`,
    sql`name, kind, ${toldCount('masked_residents', 'residents')}`,
    sql`name, kind, residents`,
    sql`case when ST_Dimension(geom_mercator) = 0 then geom_mercator else ST_PointOnSurface(geom_mercator) end`,
  ),
  schools: points(
    sql`schools`,
    sql`name, kind, ${toldCount('masked_students', 'students')}`,
    sql`name, kind, students`,
  ),
  establishments: points(
    establishmentsFor,
    sql`category, lead_agency, active_to::text as active_to`,
    sql`category, lead_agency, active_to`,
  ),
  'dormitories-hexagons': hexagons('dormitories'),
  'schools-hexagons': hexagons('schools'),
  'establishments-hexagons': hexagons('establishments'),
};

/** The layer whose features are single premises. */
const premisesLayer = 'establishments';

function layersAt(address: TileAddress, reader: PlaceReader): { id: string; rows: Sql }[] {
  const frame = tileFrame(address);
  return address.collections
    .flatMap((collection) =>
      reader === 'owner' ? tileLayers[collection] : tileLayersFor(reader, collection),
    )
    .filter(({ minzoom, maxzoom }) => address.z >= minzoom && address.z <= maxzoom)
    .map(({ id }) => ({ id, rows: layerQueries[id]!(address, frame, reader) }));
}

/** Whether a tile may show single premises: making it and giving it away is then a reading of premises. */
export const showsPremises = ({ collections, z }: TileAddress): boolean =>
  collections.includes('establishments') && z > hexagonMaxZoom;

const tileRow = z.object({
  data_version: z.number().int(),
  tile: z.instanceof(Buffer),
  /** How many single premises are in it. */
  premises: z.number().int(),
});
export type TileRow = z.infer<typeof tileRow>;

/** A whole tile in one statement: the same text for all tiles of the same layers, so that it is planned once. */
export function tileQuery(address: TileAddress, reader: PlaceReader): Sql {
  const layers = layersAt(address, reader).map(({ id, rows }, index) => {
    const name = sql.identifier(`layer_${index}`);
    return {
      id,
      name,
      from: sql`(select coalesce(ST_AsMVT(layer, ${id}, ${tileExtent}, 'geom', 'feature_id'), '') as tile, count(*)::integer as features
                   from (${rows}) as layer) as ${name}`,
    };
  });
  const premises = layers.find(({ id }) => id === premisesLayer);
  return sql`select version as data_version, ${sql.join(
    layers.map(({ name }) => sql`${name}.tile`),
    ' || ',
  )} as tile, ${premises ? sql`${premises.name}.features` : sql`0`} as premises
               from ${sql.join([sql`data_version`, ...layers.map(({ from }) => from)], ', ')}`;
}

/** The statement of a tile with its values written into it, for who can bind none: pgbench, explain. */
export function tileStatement(address: TileAddress, reader: PlaceReader): string {
  const { values } = tileQuery(address, reader);
  return sqlText(tileQuery(address, reader)).replace(/\$(\d+)/g, (_, number) => {
    const value = values[Number(number) - 1];
    if (typeof value === 'number') return value < 0 ? `(${value})` : String(value);
    return `'${String(value).replaceAll("'", "''")}'`;
  });
}

/** Changes when a release makes other tiles of the same data. */
export const tileForm = (): string => {
  const digest = createHash('sha256').update(JSON.stringify(tileLayers));
  for (const role of roles)
    for (const zoom of [0, tileMaxZoom]) {
      const address = { collections: placeCollections, z: zoom, x: 0, y: 0 };
      digest.update(sqlText(tileQuery(address, role)));
    }
  return digest.digest('base64url').slice(0, 12);
};

const featureRow = z.object({
  layer: z.string(),
  feature_id: z.number().int(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  geom: z.instanceof(Buffer),
});
export type TileFeatureRow = z.infer<typeof featureRow>;

/** The features of the same layers as rows, for a database that cannot encode them itself. */
export function tileFeaturesQuery(address: TileAddress, reader: PlaceReader): Sql {
  const layers = layersAt(address, reader).map(
    ({ id, rows }) => sql`
      (select ${id}::text as layer, feature_id, to_jsonb(layer) - 'feature_id' - 'geom' as attributes, ST_AsBinary(geom) as geom
         from (${rows}) as layer)`,
  );
  return sql.join(layers, ' union all ');
}

const versionRow = z.object({ version: z.number().int() });

/** A tile and the data version that it was made from. */
export const readTile = (
  transaction: Transaction,
  engine: Database['engine'],
  address: TileAddress,
  reader: PlaceReader,
): Promise<TileRow> =>
  engine === 'server'
    ? transaction.row(tileRow, tileQuery(address, reader), statementName(address, reader))
    : readTileByLibrary(transaction, address, reader);

/** The same where PostGIS cannot write it. */
export async function readTileByLibrary(
  transaction: Transaction,
  address: TileAddress,
  reader: PlaceReader,
): Promise<TileRow> {
  const { version } = await transaction.row(versionRow, sql`select version from data_version`);
  const features = await transaction.rows(featureRow, tileFeaturesQuery(address, reader));
  return {
    data_version: version,
    tile: encodeTile(features),
    premises: features.filter(({ layer }) => layer === premisesLayer).length,
  };
}

/**
 * Tiles of the same layers have one text and are planned once. Not so with hexagons: how many triangles lie in a tile
 * differs by a thousand times, and the plan for all of them took 10 ms where its own takes 6 and its making 0.7.
 * Numbers, because PostgreSQL cuts names off at 63 characters.
 */
const statementName = ({ collections, z }: TileAddress, reader: PlaceReader): { name?: string } =>
  z <= hexagonMaxZoom &&
  collections.some((name) => tileLayers[name].some(({ maxzoom }) => maxzoom === hexagonMaxZoom))
    ? {}
    : {
        name: `tile-${reader}-${z <= hexagonMaxZoom}-${collections.map((name) => placeCollections.indexOf(name)).join('-')}`,
      };

const extentRow = z.object({
  west: z.number().nullable(),
  south: z.number().nullable(),
  east: z.number().nullable(),
  north: z.number().nullable(),
  simulated: z.boolean(),
});

const tables: Record<Exclude<PlaceCollection, 'establishments'>, Sql> = {
  communes: sql`communes`,
  'border-areas': sql`border_areas`,
  'industrial-parks': sql`industrial_parks`,
  dormitories: sql`dormitories`,
  schools: sql`schools`,
};

/**
 * West, south, east and north of all that the reader sees of the collections, in degrees, and whether any of it is
 * simulated. Of establishments as far as the triangles reach that they lie in: to say where they are to the metre would be
 * a reading of premises.
 */
export function readExtent(
  transaction: Transaction,
  collections: readonly PlaceCollection[],
  reader: PlaceReader,
) {
  const parts = collections.map((name) =>
    name === 'establishments'
      ? sql`select extent, simulated_places > 0 as simulated from (${establishmentCounts(reader)}) as counts`
      : sql`select ST_Extent(geom)::geometry as extent, coalesce(bool_or(simulated), false) as simulated from ${tables[name]}`,
  );
  return transaction.row(
    extentRow,
    sql`select ST_XMin(extent) as west, ST_YMin(extent) as south, ST_XMax(extent) as east, ST_YMax(extent) as north, simulated
          from (select ST_Extent(extent) as extent, bool_or(simulated) as simulated
                  from (${sql.join(parts, ' union all ')}) as parts) as whole`,
  );
}
