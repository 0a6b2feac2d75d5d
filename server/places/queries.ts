import { z } from 'zod';
import type { Box, DayInterval } from '../../contract/ogc.ts';
import { ogcCollections, type PlaceProperties } from '../../contract/ogc-collections.ts';
import { type PlaceCollection, placeCollections } from '../../contract/places.ts';
import type { Transaction } from '../db/database.ts';
import { type Sql, sql, sqlText } from '../db/sql.ts';
import { establishmentCounts, establishmentsFor, type PlaceReader } from '../tiles/triangle-queries.ts';

type Source<Name extends PlaceCollection> = {
  /** The relation of the places, and what is joined to it. The place is called `place` within. */
  places: Sql | ((reader: PlaceReader) => Sql);
  joined: Sql;
  key: 'code' | 'id';
  columns: Record<keyof PlaceProperties<Name>, Sql>;
};

const inCommune = sql`join communes commune on commune.code = place.commune_code`;
const column = (name: string) => sql.identifier(`place.${name}`);
const own = <Name extends string>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, column(name)])) as Record<Name, Sql>;
/** People of a place, but for 1–4 of them: small numbers are nobody's to read here, nor to find by a filter. */
const told = <Name extends string>(name: Name) =>
  ({
    [name]: sql`case when ${column(`masked_${name}`)} not between 1 and 4 then ${column(`masked_${name}`)} end`,
  }) as Record<Name, Sql>;
const commune = { commune_code: column('commune_code'), commune_name: sql`commune.name` };

const sources: { [Name in PlaceCollection]: Source<Name> } = {
  communes: {
    places: sql`communes`,
    joined: sql`join provinces province on province.code = place.province_code`,
    key: 'code',
    columns: {
      ...own('code', 'name', 'type', 'terrain', 'population', 'area_square_km', 'province_code'),
      province_name: sql`province.name`,
      ...own('former_province', 'former_units', 'adjoining_provinces', 'coastal', 'simulated'),
    },
  },
  'border-areas': {
    places: sql`border_areas`,
    joined: inCommune,
    key: 'id',
    columns: {
      ...own('kind'),
      ...commune,
      ...own('neighbour_province', 'width_meters', 'derivation', 'simulated'),
    },
  },
  'industrial-parks': {
    places: sql`industrial_parks`,
    joined: inCommune,
    key: 'id',
    columns: { ...own('reference', 'name'), ...commune, ...told('workers'), ...own('simulated') },
  },
  dormitories: {
    places: sql`dormitories`,
    joined: inCommune,
    key: 'id',
    columns: { ...own('reference', 'name', 'kind'), ...commune, ...told('residents'), ...own('simulated') },
  },
  schools: {
    places: sql`schools`,
    joined: inCommune,
    key: 'id',
    columns: { ...own('reference', 'name', 'kind'), ...commune, ...told('students'), ...own('simulated') },
  },
  establishments: {
    places: establishmentsFor,
    joined: sql`${inCommune} join establishment_categories category on category.code = place.category`,
    key: 'id',
    columns: {
      ...own('license_number', 'category'),
      category_name: sql`category.name_vi`,
      category_name_en: sql`category.name_en`,
      ...own('lead_agency'),
      ...commune,
      ...own('active_from', 'active_to', 'simulated'),
    },
  },
};
const sourceOf = (collection: PlaceCollection) => sources[collection] as Source<never>;

function relationOf(collection: PlaceCollection, reader: PlaceReader): Sql {
  const { places, joined } = sourceOf(collection);
  return sql`${typeof places === 'function' ? places(reader) : places} place ${joined}`;
}

export type Selection = {
  boxes?: readonly Box[] | undefined;
  interval?: DayInterval | undefined;
  filters: readonly (readonly [property: string, value: string | boolean])[];
};
export type Presentation = { properties?: readonly string[] | undefined; skipGeometry?: boolean };
export type Key = string | number;

function conditions(collection: PlaceCollection, { boxes, interval, filters }: Selection): Sql[] {
  const { period } = ogcCollections[collection];
  const { columns } = sourceOf(collection);
  const all: Sql[] = filters.map(([property, value]) => {
    const wanted = (columns as Record<string, Sql>)[property]!;
    return property === 'adjoining_provinces' ? sql`${value} = any(${wanted})` : sql`${wanted} = ${value}`;
  });
  if (boxes) {
    const within = boxes.map(
      ([west, south, east, north]) =>
        sql`ST_Intersects(place.geom, ST_MakeEnvelope(${west}, ${south}, ${east}, ${north}, 4326))`,
    );
    all.push(sql`(${sql.join(within, ' or ')})`);
  }
  if (period && interval) {
    const { from, to } = interval;
    if (to) all.push(sql`${column(period.from)} <= ${to}::date`);
    if (from) all.push(sql`(${column(period.to)} is null or ${column(period.to)} >= ${from}::date)`);
  }
  return all;
}

const where = (all: readonly Sql[]) => (all.length ? sql`where ${sql.join(all, ' and ')}` : sql.empty);

// 7 decimals of a degree are 1 cm; RFC 7946 asks for outer rings that run counter-clockwise, which sources do not keep.
const geometryText = sql`ST_AsGeoJSON(ST_ForcePolygonCCW(place.geom), 7)`;
const boundsText = sql`json_build_array(round(ST_XMin(place.geom)::numeric, 7), round(ST_YMin(place.geom)::numeric, 7), round(ST_XMax(place.geom)::numeric, 7), round(ST_YMax(place.geom)::numeric, 7))`;

/**
 * A feature's JSON text in two columns, made by the database (137 pages/s against 14 built in Node). The geometry, nearly
 * all of the bytes, is apart because it is ASCII: one text with Vietnamese names in it takes Node 13 ms a page of 100
 * communes to decode and encode again, the two apart 2.
 */
function featureText(collection: PlaceCollection, { properties, skipGeometry }: Presentation) {
  const { key, columns } = sourceOf(collection);
  const shown = Object.entries<Sql>(columns)
    .filter(([name]) => !properties || name === 'simulated' || properties.includes(name))
    .map(([name, value]) => sql`${value} as ${sql.identifier(name)}`);
  const head = sql`'{"type":"Feature","id":' || to_json(${column(key)})
    || ',"properties":' || (select row_to_json(shown) from (select ${sql.join(shown, ', ')}) shown)
    ${skipGeometry ? sql`|| ',"bbox":' || ${boundsText}` : sql.empty} || ',"geometry":'`;
  return { head, geometry: skipGeometry ? sql`'null'` : geometryText };
}

const pageRow = z.object({
  key: z.union([z.string(), z.number()]),
  simulated: z.boolean(),
  head: z.string(),
  geometry: z.string(),
});

export type PageAsked = Selection & Presentation & { limit: number; after: Key | null };
export type Page = {
  /** JSON text of the features in order of key; each is `head + geometry + '}'`. */
  features: { head: string; geometry: string }[];
  simulated: boolean;
  /** The key after which the next page begins; null on the last page. */
  next: Key | null;
};

/** The query of a page: one row more than `limit`, which says that there is a next page. */
function pageQuery(reader: PlaceReader, collection: PlaceCollection, asked: PageAsked): Sql {
  const { key } = sourceOf(collection);
  const { head, geometry } = featureText(collection, asked);
  const all = conditions(collection, asked);
  if (asked.after !== null) all.push(sql`${column(key)} > ${asked.after}`);
  return sql`
    select ${column(key)} as key, place.simulated, ${head} as head, ${geometry} as geometry
      from ${relationOf(collection, reader)} ${where(all)}
     order by ${column(key)} limit ${asked.limit + 1}`;
}

/** The same statement as text with numbered placeholders, for benchmarks to run without this server. */
export function pageStatement(reader: PlaceReader, collection: PlaceCollection, asked: PageAsked) {
  const query = pageQuery(reader, collection, asked);
  return { text: sqlText(query), values: query.values };
}

export async function readPage(
  transaction: Transaction,
  reader: PlaceReader,
  collection: PlaceCollection,
  asked: PageAsked,
): Promise<Page> {
  // Prepared where the statement is always the same. With a box, a plan made without knowing the box is a bad one, and
  // filters and property lists have too many forms to keep one of each in every connection.
  const plain = !asked.boxes && !asked.properties && asked.filters.length === 0 && !asked.interval;
  const form = `${asked.skipGeometry ? 'bare' : 'full'}-${asked.after === null ? 'first' : 'later'}`;
  const rows = await transaction.rows(
    pageRow,
    pageQuery(reader, collection, asked),
    plain ? { name: `page-${reader}-${collection}-${form}` } : {},
  );
  const shown = rows.slice(0, asked.limit);
  return {
    features: shown,
    simulated: shown.some((row) => row.simulated),
    next: rows.length > asked.limit ? shown.at(-1)!.key : null,
  };
}

const keysRow = z.object({ keys: z.array(z.union([z.string(), z.number()])) });

/** Keys of all that match, in order: for collections whose features are few and long. */
export async function readKeys(
  transaction: Transaction,
  reader: PlaceReader,
  collection: PlaceCollection,
  selection: Selection,
): Promise<Key[]> {
  const { key } = sourceOf(collection);
  const query = sql`
    select coalesce(json_agg(${column(key)} order by ${column(key)}), '[]') as keys
      from ${relationOf(collection, reader)} ${where(conditions(collection, selection))}`;
  return (await transaction.row(keysRow, query)).keys;
}

/** Whole features by their keys, in no order. */
export function readFeatures(
  transaction: Transaction,
  reader: PlaceReader,
  collection: PlaceCollection,
  keys: readonly Key[],
) {
  const { key } = sourceOf(collection);
  const { head, geometry } = featureText(collection, {});
  const wanted = key === 'code' ? sql`${keys}::text[]` : sql`${keys}::bigint[]`;
  return transaction.rows(
    pageRow,
    sql`select ${column(key)} as key, place.simulated, ${head} as head, ${geometry} as geometry
          from ${relationOf(collection, reader)} where ${column(key)} = any(${wanted})`,
    { name: `features-${reader}-${collection}` },
  );
}

const countRow = z.object({ count: z.number().int() });

export const countPlaces = async (
  transaction: Transaction,
  reader: PlaceReader,
  collection: PlaceCollection,
  selection: Selection,
): Promise<number> => {
  const query = sql`select count(*) as count from ${relationOf(collection, reader)} ${where(conditions(collection, selection))}`;
  return (await transaction.row(countRow, query)).count;
};

const featureRow = z.object({ head: z.string(), geometry: z.string() });

export function readPlace(
  transaction: Transaction,
  reader: PlaceReader,
  collection: PlaceCollection,
  id: Key,
) {
  const { key } = sourceOf(collection);
  const { head, geometry } = featureText(collection, {});
  return transaction.maybeRow(
    featureRow,
    sql`select ${head} as head, ${geometry} as geometry from ${relationOf(collection, reader)} where ${column(key)} = ${id}`,
    { name: `place-${reader}-${collection}` },
  );
}

const summaryRow = z.object({
  collection: z.enum(placeCollections),
  count: z.number().int(),
  simulated: z.boolean(),
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable(),
  first_day: z.string().nullable(),
});
export type Summary = z.infer<typeof summaryRow>;

/** What the metadata of collections say of the data that the reader sees: counts, bounds, the first day of those with a period. */
export function readSummaries(
  transaction: Transaction,
  reader: PlaceReader,
  collections: readonly PlaceCollection[],
): Promise<Summary[]> {
  const each = collections.map((collection) =>
    collection === 'establishments'
      ? sql`select ${collection}::text as collection, places as count, simulated_places > 0 as simulated, extent,
                   case when places > 0 then first_day_in_business() end as first_day
              from (${establishmentCounts(reader)}) counts`
      : sql`select ${collection}::text as collection, count(*)::integer as count, coalesce(bool_or(simulated), false) as simulated,
                   ST_Extent(geom)::geometry as extent, null::date as first_day
              from ${sql.identifier(collection.replace('-', '_'))}`,
  );
  return transaction.rows(
    summaryRow,
    sql`select collection, count, simulated, first_day,
               case when extent is not null then
                 json_build_array(ST_XMin(extent), ST_YMin(extent), ST_XMax(extent), ST_YMax(extent)) end as box
          from (${sql.join(each, ' union all ')}) summaries`,
    { name: `place-summaries-${reader}` },
  );
}

const categoryRow = z.object({ code: z.string(), name_vi: z.string(), name_en: z.string() });
export type Category = z.infer<typeof categoryRow>;

export const readCategories = (transaction: Transaction): Promise<Category[]> =>
  transaction.rows(
    categoryRow,
    sql`select code, name_vi, name_en from establishment_categories order by position`,
  );
