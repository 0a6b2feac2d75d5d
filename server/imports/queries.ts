import type { MultiPolygon, Point, Polygon } from 'geojson';
import { z } from 'zod';
import { searchKey, storedName } from '../../contract/vietnamese-text.ts';
import type { Transaction } from '../db/database.ts';
import { type Sql, sql } from '../db/sql.ts';
import type { CommuneLocator } from '../places/commune-locator.ts';
import { loadedCommuneLocator } from '../places/outline-queries.ts';
import { geometryFromWkb, hexWkb } from '../places/well-known-binary.ts';
import type { AreaShape, ImportKind, InputByKind } from './kinds.ts';

export type WriteCounts = { inserted: number; updated: number; unchanged: number };
/** A record that the database cannot take: `index` counts in the records given, `field` is the record's property. */
export type RecordIssue = { index: number; field: string; value: string; expected: string };
export type RecordNote = { index: number; note: string };
export type WriteResult = WriteCounts & { issues: RecordIssue[]; notes: RecordNote[] };

export type WriteOptions = {
  /** Marks the rows as simulated. Simulated rows never replace real ones; real rows replace simulated ones. */
  simulated: boolean;
  /** Columns that the source does not have: what the database knows of them stays. By column name. */
  keep?: ReadonlySet<string>;
  /** Taken along from batch to batch, so that outlines are read once. */
  locator?: BatchLocator;
  /** A place outside all communes belongs to the nearest within this distance, and a note says so. */
  nearestMeters?: number;
  /** Leaves unsuitable records out and returns them as issues. Without it, any issue throws. */
  collectIssues?: boolean;
};

/** Finds communes for places; reads outlines from the database as points reach them. */
export type BatchLocator = {
  locator: CommuneLocator;
  reach(transaction: Transaction, points: readonly (readonly [number, number])[]): Promise<void>;
};

export const defaultNearestMeters = 500;
const batchRows = 5_000;

/**
 * Writes records of one kind: inserts what is new by its key, updates what differs, leaves the rest untouched (so that
 * writing the same twice moves neither rows nor `data_version`). Records must already fit their contract schema.
 * Places get their commune by location. After communes, `followCommuneOutlines` must run in the same transaction.
 *
 * @throws {RecordsRefused} on the first batch with an issue, unless `collectIssues`.
 */
export async function writeRecords<Kind extends ImportKind>(
  transaction: Transaction,
  kind: Kind,
  records: readonly InputByKind[Kind][],
  options: WriteOptions,
): Promise<WriteResult> {
  const total: WriteResult = { inserted: 0, updated: 0, unchanged: 0, issues: [], notes: [] };
  const locator = options.locator ?? loadedCommuneLocator();
  for (let start = 0; start < records.length; start += batchRows) {
    const batch = records.slice(start, start + batchRows);
    const result = await writers[kind](transaction, batch as never[], { ...options, locator });
    const moved = <Item extends { index: number }>(item: Item) => ({ ...item, index: item.index + start });
    total.inserted += result.inserted;
    total.updated += result.updated;
    total.unchanged += result.unchanged;
    total.issues.push(...result.issues.map(moved));
    total.notes.push(...result.notes.map(moved));
    if (total.issues.length && !options.collectIssues) throw new RecordsRefused(kind, total.issues);
  }
  return total;
}

export class RecordsRefused extends Error {
  override name = 'RecordsRefused';
  readonly issues: readonly RecordIssue[];
  constructor(kind: ImportKind, issues: readonly RecordIssue[]) {
    const [first] = issues;
    super(
      `${issues.length} of the ${kind} cannot be written. Record ${first!.index}, ${first!.field} "${first!.value}": expected ${first!.expected}`,
    );
    this.issues = issues;
  }
}

type Settings = WriteOptions & { locator: BatchLocator };
type Writer<Kind extends ImportKind> = (
  transaction: Transaction,
  records: readonly InputByKind[Kind][],
  settings: Settings,
) => Promise<WriteResult>;

const writers: { [Kind in ImportKind]: Writer<Kind> } = {
  async communes(transaction, records, settings) {
    const { good, issues } = await validAreas(transaction, records);
    const provinces = new Map(
      good.map(({ item: { record } }) => [record.provinceCode, storedName(record.provinceName)]),
    );
    await upsert(
      transaction,
      'provinces',
      ['code'],
      [
        { name: 'code', type: 'text', values: [...provinces.keys()] },
        { name: 'name', type: 'text', values: [...provinces.values()] },
      ],
    );
    const rows = good.map(({ item }) => item);
    const facts = rows.map(({ record }) => record);
    const counts = await upsert(
      transaction,
      'communes',
      ['code'],
      [
        text(
          'code',
          facts.map(({ code }) => code),
        ),
        text(
          'province_code',
          facts.map(({ provinceCode }) => provinceCode),
        ),
        text(
          'name',
          facts.map(({ name }) => storedName(name)),
        ),
        text(
          'search_key',
          facts.map(({ name }) => searchKey(name)),
        ),
        text(
          'type',
          facts.map(({ type }) => type),
        ),
        text(
          'terrain',
          facts.map(({ terrain }) => terrain),
        ),
        integer(
          'population',
          facts.map(({ population }) => population),
        ),
        {
          name: 'area_square_km',
          type: 'areaOrMeasured',
          values: facts.map(({ areaSquareKm }) => areaSquareKm),
        },
        text(
          'former_province',
          facts.map(({ formerProvince }) => formerProvince && storedName(formerProvince)),
        ),
        text(
          'former_units',
          facts.map(({ formerUnits }) => formerUnits && storedName(formerUnits)),
        ),
        {
          name: 'adjoining_provinces',
          type: 'textList',
          values: facts.map(({ adjoiningProvinces }) => adjoiningProvinces.map(storedName).sort()),
        },
        { name: 'coastal', type: 'boolean', values: facts.map(({ coastal }) => coastal) },
        simulatedColumn(rows, settings),
        areas(rows),
      ],
      // followCommuneOutlines settles these: known neighbour outlines outrank what a file lists.
      new Set([...(settings.keep ?? []), 'adjoining_provinces']),
    );
    return { ...counts, issues, notes: [] };
  },

  async 'border-areas'(transaction, records, settings) {
    const valid = await validAreas(transaction, records);
    const known = await knownCommunes(
      transaction,
      valid.good.map(({ item }) => item.record.communeCode),
    );
    const { good, issues } = refuse(valid.good, ({ record }) =>
      known.has(record.communeCode) ? null : unknownCommune(record.communeCode),
    );
    const rows = good.map(({ item }) => item);
    const facts = rows.map(({ record }) => record);
    const counts = await upsert(
      transaction,
      'border_areas',
      ['commune_code', 'kind', 'neighbour_province'],
      [
        text(
          'kind',
          facts.map(({ kind }) => kind),
        ),
        text(
          'commune_code',
          facts.map(({ communeCode }) => communeCode),
        ),
        text(
          'neighbour_province',
          facts.map(({ neighbourProvince }) => neighbourProvince && storedName(neighbourProvince)),
        ),
        {
          name: 'width_meters',
          type: 'double precision',
          values: facts.map(({ widthMeters }) => widthMeters),
        },
        text(
          'derivation',
          facts.map(() => 'imported'),
        ),
        simulatedColumn(rows, settings),
        areas(rows),
      ],
      settings.keep,
    );
    return { ...counts, issues: [...valid.issues, ...issues], notes: [] };
  },

  async 'industrial-parks'(transaction, records, settings) {
    const valid = await validAreas(transaction, records);
    const placed = await inCommunes(transaction, valid.good, settings);
    const rows = placed.good.map(({ item }) => item);
    const facts = rows.map(({ record }) => record);
    const counts = await upsert(
      transaction,
      'industrial_parks',
      ['reference'],
      [
        text(
          'reference',
          facts.map(({ reference }) => reference),
        ),
        text(
          'name',
          facts.map(({ name }) => storedName(name)),
        ),
        text('commune_code', placed.communeCodes),
        integer(
          'workers',
          facts.map(({ workers }) => workers),
        ),
        simulatedColumn(rows, settings),
        areas(rows),
      ],
      settings.keep,
    );
    return { ...counts, issues: [...valid.issues, ...placed.issues], notes: placed.notes };
  },

  async dormitories(transaction, records, settings) {
    const valid = await validAreas(transaction, records);
    const placed = await inCommunes(transaction, valid.good, settings);
    const rows = placed.good.map(({ item }) => item);
    const facts = rows.map(({ record }) => record);
    const counts = await upsert(
      transaction,
      'dormitories',
      ['reference'],
      [
        text(
          'reference',
          facts.map(({ reference }) => reference),
        ),
        text(
          'name',
          facts.map(({ name }) => storedName(name)),
        ),
        text(
          'kind',
          facts.map(({ kind }) => kind),
        ),
        text('commune_code', placed.communeCodes),
        integer(
          'residents',
          facts.map(({ residents }) => residents),
        ),
        simulatedColumn(rows, settings),
        { name: 'geom', type: 'geometry', values: rows.map(({ geometry }) => hexWkb(geometry, 4326)) },
      ],
      settings.keep,
    );
    return { ...counts, issues: [...valid.issues, ...placed.issues], notes: placed.notes };
  },

  async schools(transaction, records, settings) {
    const placed = await inCommunes(transaction, indexed(records), settings);
    const rows = placed.good.map(({ item }) => item);
    const facts = rows.map(({ record }) => record);
    const counts = await upsert(
      transaction,
      'schools',
      ['reference'],
      [
        text(
          'reference',
          facts.map(({ reference }) => reference),
        ),
        text(
          'name',
          facts.map(({ name }) => storedName(name)),
        ),
        text(
          'kind',
          facts.map(({ kind }) => kind),
        ),
        text('commune_code', placed.communeCodes),
        integer(
          'students',
          facts.map(({ students }) => students),
        ),
        simulatedColumn(rows, settings),
        { name: 'geom', type: 'geometry', values: rows.map(({ geometry }) => hexWkb(geometry, 4326)) },
      ],
      settings.keep,
    );
    return { ...counts, issues: placed.issues, notes: placed.notes };
  },

  async establishments(transaction, records, settings) {
    const categories = new Set((await readCategories(transaction)).map(({ code }) => code));
    const known = refuse(indexed(records), ({ record }) =>
      categories.has(record.category)
        ? null
        : { field: 'category', value: record.category, expected: `one of ${[...categories].join(', ')}` },
    );
    const placed = await inCommunes(transaction, known.good, settings);
    const rows = placed.good.map(({ item }) => item);
    const facts = rows.map(({ record }) => record);
    const counts = await upsert(
      transaction,
      'establishments',
      ['license_number'],
      [
        text(
          'license_number',
          facts.map(({ licenseNumber }) => licenseNumber),
        ),
        text(
          'category',
          facts.map(({ category }) => category),
        ),
        text(
          'lead_agency',
          facts.map(({ leadAgency }) => leadAgency),
        ),
        text('commune_code', placed.communeCodes),
        integer(
          'workers',
          facts.map(({ workers }) => workers),
        ),
        day(
          'active_from',
          facts.map(({ activeFrom }) => activeFrom),
        ),
        day(
          'active_to',
          facts.map(({ activeTo }) => activeTo),
        ),
        simulatedColumn(rows, settings),
        { name: 'geom', type: 'geometry', values: rows.map(({ geometry }) => hexWkb(geometry, 4326)) },
      ],
      settings.keep,
    );
    return { ...counts, issues: [...known.issues, ...placed.issues], notes: placed.notes };
  },

  async outreach(transaction, records, settings) {
    const known = await knownCommunes(
      transaction,
      records.map(({ communeCode }) => communeCode),
    );
    const places = await resolvePlaces(
      transaction,
      records.flatMap(({ place }) => place ?? []),
    );
    const { good, issues } = refuse(indexed(records), ({ communeCode, place }) => {
      if (!known.has(communeCode)) return unknownCommune(communeCode);
      if (place && !places.has(placeKey(place)))
        return {
          field: 'place',
          value: place.reference,
          expected: `the reference of one of the ${place.collection} in the database`,
        };
      return null;
    });
    const rows = good.map(({ item }) => item);
    const placeIds = (collection: ReferencedCollection) =>
      rows.map(({ place }) => (place?.collection === collection ? places.get(placeKey(place))!.id : null));
    const counts = await upsert(
      transaction,
      'outreach_sessions',
      ['reference'],
      [
        text(
          'reference',
          rows.map(({ reference }) => reference),
        ),
        day(
          'held_on',
          rows.map(({ heldOn }) => heldOn),
        ),
        text(
          'form',
          rows.map(({ form }) => form),
        ),
        text(
          'audience',
          rows.map(({ audience }) => audience),
        ),
        text(
          'commune_code',
          rows.map(({ communeCode }) => communeCode),
        ),
        { name: 'industrial_park_id', type: 'bigint', values: placeIds('industrial-parks') },
        { name: 'dormitory_id', type: 'bigint', values: placeIds('dormitories') },
        { name: 'school_id', type: 'bigint', values: placeIds('schools') },
        { name: 'establishment_id', type: 'bigint', values: placeIds('establishments') },
        integer(
          'attendance',
          rows.map(({ attendance }) => attendance),
        ),
        simulatedColumn(rows, settings),
      ],
      settings.keep,
    );
    return { ...counts, issues, notes: [] };
  },

  async inspections(transaction, records, settings) {
    const places = await resolvePlaces(
      transaction,
      records.map(({ licenseNumber }) => ({ collection: 'establishments', reference: licenseNumber })),
    );
    const idOf = (licenseNumber: string) =>
      places.get(placeKey({ collection: 'establishments', reference: licenseNumber }))?.id;
    const { good, issues } = refuse(indexed(records), ({ licenseNumber }) =>
      idOf(licenseNumber) === undefined
        ? {
            field: 'licenseNumber',
            value: licenseNumber,
            expected: 'the licence number of an establishment in the database',
          }
        : null,
    );
    const rows = good.map(({ item }) => item);
    const counts = await upsert(
      transaction,
      'inspections',
      ['reference'],
      [
        text(
          'reference',
          rows.map(({ reference }) => reference),
        ),
        day(
          'inspected_on',
          rows.map(({ inspectedOn }) => inspectedOn),
        ),
        {
          name: 'establishment_id',
          type: 'bigint',
          values: rows.map(({ licenseNumber }) => idOf(licenseNumber)),
        },
        text(
          'team_level',
          rows.map(({ teamLevel }) => teamLevel),
        ),
        text(
          'outcome',
          rows.map(({ outcome }) => outcome),
        ),
        text(
          'ground',
          rows.map(({ ground }) => ground),
        ),
        simulatedColumn(rows, settings),
      ],
      settings.keep,
    );
    return { ...counts, issues, notes: [] };
  },

  async reports(transaction, records, settings) {
    const { rows, issues } = await ofKnownCommunes(transaction, records);
    const counts = await upsert(
      transaction,
      'reports',
      ['reference'],
      [
        text(
          'reference',
          rows.map(({ reference }) => reference),
        ),
        day(
          'received_on',
          rows.map(({ receivedOn }) => receivedOn),
        ),
        day(
          'due_on',
          rows.map(({ dueOn }) => dueOn),
        ),
        text(
          'status',
          rows.map(({ status }) => status),
        ),
        day(
          'resolved_on',
          rows.map(({ resolvedOn }) => resolvedOn),
        ),
        text(
          'commune_code',
          rows.map(({ communeCode }) => communeCode),
        ),
        text(
          'h3_cell',
          rows.map(({ h3Cell }) => h3Cell),
        ),
        simulatedColumn(rows, settings),
      ],
      settings.keep,
    );
    return { ...counts, issues, notes: [] };
  },

  async 'commune-plans'(transaction, records, settings) {
    const { rows, issues } = await ofKnownCommunes(transaction, records);
    const counts = await upsert(
      transaction,
      'commune_plans',
      ['commune_code', 'year'],
      [
        text(
          'commune_code',
          rows.map(({ communeCode }) => communeCode),
        ),
        { name: 'year', type: 'smallint', values: rows.map(({ year }) => year) },
        day(
          'issued_on',
          rows.map(({ issuedOn }) => issuedOn),
        ),
        {
          name: 'integrated_with',
          type: 'textList',
          values: rows.map(({ integratedWith }) => [...integratedWith].sort()),
        },
        simulatedColumn(rows, settings),
      ],
      settings.keep,
    );
    return { ...counts, issues, notes: [] };
  },

  async training(transaction, records, settings) {
    const { rows, issues } = await ofKnownCommunes(transaction, records);
    const counts = await upsert(
      transaction,
      'trainings',
      ['reference'],
      [
        text(
          'reference',
          rows.map(({ reference }) => reference),
        ),
        day(
          'held_on',
          rows.map(({ heldOn }) => heldOn),
        ),
        text(
          'commune_code',
          rows.map(({ communeCode }) => communeCode),
        ),
        text(
          'unit',
          rows.map(({ unit }) => storedName(unit)),
        ),
        integer(
          'officers_attending',
          rows.map(({ officersAttending }) => officersAttending),
        ),
        integer(
          'officers_in_post',
          rows.map(({ officersInPost }) => officersInPost),
        ),
        simulatedColumn(rows, settings),
      ],
      settings.keep,
    );
    return { ...counts, issues, notes: [] };
  },

  async 'press-items'(transaction, rows, settings) {
    const counts = await upsert(
      transaction,
      'press_items',
      ['reference'],
      [
        text(
          'reference',
          rows.map(({ reference }) => reference),
        ),
        day(
          'published_on',
          rows.map(({ publishedOn }) => publishedOn),
        ),
        text(
          'outlet_level',
          rows.map(({ outletLevel }) => outletLevel),
        ),
        simulatedColumn(rows, settings),
      ],
      settings.keep,
    );
    return { ...counts, issues: [], notes: [] };
  },
};

// ------------------------------------------------------------------------------------------- one way to write

type Column = { name: string; values: readonly unknown[]; type: keyof typeof columnTypes };

/** How each kind of column is sent (as one array for the whole batch) and read again on the other side. */
const columnTypes = {
  text: { array: sql`text[]`, value: (raw: Sql) => raw },
  integer: { array: sql`integer[]`, value: (raw: Sql) => raw },
  smallint: { array: sql`smallint[]`, value: (raw: Sql) => raw },
  bigint: { array: sql`bigint[]`, value: (raw: Sql) => raw },
  'double precision': { array: sql`double precision[]`, value: (raw: Sql) => raw },
  boolean: { array: sql`boolean[]`, value: (raw: Sql) => raw },
  date: { array: sql`date[]`, value: (raw: Sql) => raw },
  // unnest would take a list of lists apart to its last element
  textList: { array: sql`text[]`, value: (raw: Sql) => sql`string_to_array(${raw}, chr(31))` },
  geometry: { array: sql`text[]`, value: (raw: Sql) => sql`${raw}::geometry` },
  areaGeometry: { array: sql`text[]`, value: (raw: Sql) => sql`ST_Multi(${raw}::geometry)` },
  // to 6 decimals (1 m²), so that both engines store the same and a repeated import finds no difference
  areaOrMeasured: {
    array: sql`double precision[]`,
    value: (raw: Sql) =>
      sql`coalesce(${raw}, round((ST_Area(raw.geom::geometry::geography) / 1e6)::numeric, 6)::double precision)`,
  },
};

const writeCounts = z.object({ inserted: z.number(), updated: z.number() });

/**
 * One statement for a batch. The arrays of all columns must be equally long.
 * `keep` names columns that are written for new rows only.
 */
async function upsert(
  transaction: Transaction,
  table: string,
  key: readonly string[],
  columns: readonly Column[],
  keep: ReadonlySet<string> = new Set(),
): Promise<WriteCounts> {
  const rowCount = columns[0]!.values.length;
  if (rowCount === 0) return { inserted: 0, updated: 0, unchanged: 0 };
  const named = (name: string) => sql.identifier(name);
  const names = sql.join(
    columns.map(({ name }) => named(name)),
    ', ',
  );
  const arrays = columns.map(({ type, values }) => {
    const sent =
      type === 'textList' ? (values as (readonly string[])[]).map((list) => list.join('\u001f')) : values;
    return sql`${sent}::${columnTypes[type].array}`;
  });
  const values = columns.map(({ name, type }) => columnTypes[type].value(sql`raw.${named(name)}`));
  const changing = columns
    .filter(({ name }) => !key.includes(name) && !keep.has(name))
    .map(({ name }) => named(name));
  const assignments = changing.map((name) => sql`${name} = excluded.${name}`);
  const marked = columns.some(({ name }) => name === 'simulated');
  const counts = await transaction.row(
    writeCounts,
    sql`
      with written as (
        insert into ${named(table)} as existing (${names})
        select ${sql.join(values, ', ')}
          from unnest(${sql.join(arrays, ', ')}) as raw (${names})
        on conflict (${sql.join(key.map(named), ', ')}) do update
           set ${sql.join(assignments, ', ')}
         where (${sql.join(
           changing.map((name) => sql`existing.${name}`),
           ', ',
         )})
               is distinct from (${sql.join(
                 changing.map((name) => sql`excluded.${name}`),
                 ', ',
               )})
               ${marked ? sql`and (existing.simulated or not excluded.simulated)` : sql.empty}
        returning xmax = 0 as inserted
      )
      select count(*) filter (where inserted) as inserted, count(*) filter (where not inserted) as updated
        from written`,
  );
  return { ...counts, unchanged: rowCount - counts.inserted - counts.updated };
}

const text = (name: string, values: readonly (string | null)[]): Column => ({ name, type: 'text', values });
const integer = (name: string, values: readonly (number | null)[]): Column => ({
  name,
  type: 'integer',
  values,
});
const day = (name: string, values: readonly (string | null)[]): Column => ({ name, type: 'date', values });
const simulatedColumn = (rows: readonly unknown[], { simulated }: WriteOptions): Column => ({
  name: 'simulated',
  type: 'boolean',
  values: rows.map(() => simulated),
});
const areas = (rows: readonly { geometry: AreaShape }[]): Column => ({
  name: 'geom',
  type: 'areaGeometry',
  values: rows.map(({ geometry }) => hexWkb(geometry, 4326)),
});

// ----------------------------------------------------------------------------------- what a row leans on

type Indexed<Item> = { index: number; item: Item };
const indexed = <Item>(items: readonly Item[]): Indexed<Item>[] =>
  items.map((item, index) => ({ index, item }));

function refuse<Item>(
  items: readonly Indexed<Item>[],
  fault: (item: Item) => Omit<RecordIssue, 'index'> | null,
): { good: Indexed<Item>[]; issues: RecordIssue[] } {
  const good: Indexed<Item>[] = [];
  const issues: RecordIssue[] = [];
  for (const { index, item } of items) {
    const found = fault(item);
    if (found) issues.push({ index, ...found });
    else good.push({ index, item });
  }
  return { good, issues };
}

const unknownCommune = (communeCode: string) => ({
  field: 'communeCode',
  value: communeCode,
  expected: 'the code of a commune in the database',
});

async function ofKnownCommunes<Item extends { communeCode: string | null }>(
  transaction: Transaction,
  records: readonly Item[],
): Promise<{ rows: Item[]; issues: RecordIssue[] }> {
  const known = await knownCommunes(
    transaction,
    records.flatMap(({ communeCode }) => communeCode ?? []),
  );
  const { good, issues } = refuse(indexed(records), ({ communeCode }) =>
    communeCode === null || known.has(communeCode) ? null : unknownCommune(communeCode),
  );
  return { rows: good.map(({ item }) => item), issues };
}

async function knownCommunes(transaction: Transaction, codes: readonly string[]): Promise<Set<string>> {
  const rows = await transaction.rows(
    z.object({ code: z.string() }),
    sql`select code from communes where code = any(${[...new Set(codes)]}::text[])`,
  );
  return new Set(rows.map(({ code }) => code));
}

type ReferencedCollection = 'industrial-parks' | 'dormitories' | 'schools' | 'establishments';
export type PlaceReference = { collection: ReferencedCollection; reference: string };
const referenceColumns: Record<ReferencedCollection, { table: Sql; column: Sql }> = {
  'industrial-parks': { table: sql`industrial_parks`, column: sql`reference` },
  dormitories: { table: sql`dormitories`, column: sql`reference` },
  schools: { table: sql`schools`, column: sql`reference` },
  establishments: { table: sql`establishments`, column: sql`license_number` },
};
export const placeKey = ({ collection, reference }: PlaceReference) => `${collection} ${reference}`;

/** Ids and communes of places by what their sources call them; what is not in the database is not in the answer. */
export async function resolvePlaces(
  transaction: Transaction,
  places: readonly PlaceReference[],
): Promise<Map<string, { id: number; communeCode: string }>> {
  const found = new Map<string, { id: number; communeCode: string }>();
  for (const collection of Object.keys(referenceColumns) as ReferencedCollection[]) {
    const references = [
      ...new Set(places.filter((place) => place.collection === collection).map((place) => place.reference)),
    ];
    if (!references.length) continue;
    const { table, column } = referenceColumns[collection];
    const rows = await transaction.rows(
      z.object({ id: z.number(), reference: z.string(), communeCode: z.string() }),
      sql`select id, ${column} as reference, commune_code as "communeCode"
            from ${table} where ${column} = any(${references}::text[])`,
    );
    for (const { id, reference, communeCode } of rows)
      found.set(placeKey({ collection, reference }), { id, communeCode });
  }
  return found;
}

const categoryRow = z.object({
  code: z.string(),
  nameVi: z.string(),
  nameEn: z.string(),
  leadAgency: z.string(),
});
export const readCategories = (transaction: Transaction) =>
  transaction.rows(
    categoryRow,
    sql`select code, name_vi as "nameVi", name_en as "nameEn", lead_agency as "leadAgency"
          from establishment_categories order by position`,
  );

/** Gives every place its commune: where it lies, or the nearest one within reach. */
async function inCommunes<Item extends { geometry: Point | Polygon | MultiPolygon }>(
  transaction: Transaction,
  items: readonly Indexed<Item>[],
  { locator, nearestMeters = defaultNearestMeters }: Settings,
): Promise<{ good: Indexed<Item>[]; communeCodes: string[]; issues: RecordIssue[]; notes: RecordNote[] }> {
  const points = await innerPoints(
    transaction,
    items.map(({ item }) => item.geometry),
  );
  await locator.reach(transaction, points);
  const communeCodes: string[] = [];
  const notes: RecordNote[] = [];
  const good: Indexed<Item>[] = [];
  const issues: RecordIssue[] = [];
  items.forEach(({ index, item }, at) => {
    const [lon, lat] = points[at]!;
    const located = locator.locator.locate(lon, lat, nearestMeters);
    if (!located) {
      issues.push({
        index,
        field: 'geometry',
        value: `${lon.toFixed(6)}, ${lat.toFixed(6)}`,
        expected: `a position within a commune, or within ${nearestMeters} m of one`,
      });
      return;
    }
    if (located.distanceMeters > 0)
      notes.push({
        index,
        note: `lies outside all communes; taken as ${located.communeCode}, ${Math.ceil(located.distanceMeters)} m away`,
      });
    communeCodes.push(located.communeCode);
    good.push({ index, item });
  });
  return { good, communeCodes, issues, notes };
}

/** A point within each geometry. Areas are asked of PostGIS, because a centroid may lie outside its polygon. */
async function innerPoints(
  transaction: Transaction,
  geometries: readonly (Point | Polygon | MultiPolygon)[],
): Promise<[number, number][]> {
  const areaShapes = geometries.flatMap((geometry) =>
    geometry.type === 'Point' ? [] : [hexWkb(geometry, 4326)],
  );
  const inner = areaShapes.length
    ? await transaction.rows(
        z.object({ lon: z.number(), lat: z.number() }),
        sql`select ST_X(point) as lon, ST_Y(point) as lat
              from unnest(${areaShapes}::text[]) with ordinality as shape (geom, position),
                   lateral ST_PointOnSurface(shape.geom::geometry) as point
             order by position`,
      )
    : [];
  let next = 0;
  return geometries.map((geometry) => {
    if (geometry.type === 'Point') return [geometry.coordinates[0]!, geometry.coordinates[1]!];
    const { lon, lat } = inner[next++]!;
    return [lon, lat];
  });
}

// ----------------------------------------------------------------------------------------- polygons that hold

const fault = z.object({
  position: z.number(),
  reason: z.string(),
  lon: z.number().nullable(),
  lat: z.number().nullable(),
});

/** Splits records into those whose area is valid and those that cross or touch themselves, with the place of the fault. */
async function validAreas<Item extends { geometry: Point | Polygon | MultiPolygon }>(
  transaction: Transaction,
  records: readonly Item[],
): Promise<{ good: Indexed<Item>[]; issues: RecordIssue[] }> {
  const faults = await invalidAreas(
    transaction,
    records.map(({ geometry }) => geometry),
  );
  const issues = faults.map(({ index, reason, lon, lat }) => ({
    index,
    field: 'geometry',
    value: lon === null || lat === null ? reason : `${reason} at ${lon.toFixed(6)}, ${lat.toFixed(6)}`,
    expected: 'an outline that does not cross itself: correct it there, or import with --repair',
  }));
  const bad = new Set(faults.map(({ index }) => index));
  return { good: indexed(records).filter(({ index }) => !bad.has(index)), issues };
}

export type AreaFault = { index: number; reason: string; lon: number | null; lat: number | null };

export async function invalidAreas(
  transaction: Transaction,
  geometries: readonly (Point | Polygon | MultiPolygon)[],
): Promise<AreaFault[]> {
  const shapes = geometries.flatMap((geometry, index) =>
    geometry.type === 'Point' ? [] : [{ index, hex: hexWkb(geometry, 4326) }],
  );
  if (!shapes.length) return [];
  const rows = await transaction.rows(
    fault,
    sql`select position, case when ST_IsEmpty(geom) then 'Empty outline' else coalesce((detail).reason, 'Invalid') end as reason,
               ST_X((detail).location) as lon, ST_Y((detail).location) as lat
          from unnest(${shapes.map(({ hex }) => hex)}::text[]) with ordinality as shape (hex, position),
               lateral (select shape.hex::geometry as geom) as made,
               lateral ST_IsValidDetail(geom) as detail
         where not (detail).valid or ST_IsEmpty(geom)
         order by position`,
  );
  return rows.map(({ position, reason, lon, lat }) => ({
    index: shapes[position - 1]!.index,
    reason,
    lon,
    lat,
  }));
}

const repaired = z.object({ wkb: z.instanceof(Buffer), share: z.number() });

/** ST_MakeValid, areas only. `changedShare` is the share of the area (of the drawn rings, by their sum) that it changed. */
export async function repairArea(
  transaction: Transaction,
  geometry: AreaShape,
): Promise<{ geometry: AreaShape; changedShare: number } | null> {
  const row = await transaction.row(
    repaired,
    sql`select ST_AsBinary(mended) as wkb,
               case when ST_Area(mended) = 0 then 1
                    else abs(ST_Area(mended) - abs(ST_Area(broken))) / greatest(ST_Area(mended), abs(ST_Area(broken))) end as share
          from (select ${hexWkb(geometry, 4326)}::geometry as broken) as input,
               lateral (select ST_CollectionExtract(ST_MakeValid(broken), 3) as mended) as output`,
  );
  const mended = geometryFromWkb(row.wkb);
  if (!mended || (mended.type !== 'Polygon' && mended.type !== 'MultiPolygon') || !mended.coordinates.length)
    return null;
  return { geometry: mended, changedShare: row.share };
}

// --------------------------------------------------------------------------------------- the list of imports

export async function recordImport(
  transaction: Transaction,
  entry: {
    kind: string;
    source: string;
    sha256: string;
    rowCount: number;
    changedCount: number;
    simulated: boolean;
  },
): Promise<void> {
  await transaction.execute(sql`
    insert into data_imports (kind, source, sha256, row_count, changed_count, simulated)
    values (${entry.kind}, ${entry.source}, ${entry.sha256}, ${entry.rowCount}, ${entry.changedCount}, ${entry.simulated})`);
}

const communeName = z.object({
  code: z.string(),
  name: z.string(),
  type: z.string(),
  provinceCode: z.string(),
  provinceName: z.string(),
  formerProvince: z.string().nullable(),
});
export type CommuneName = z.infer<typeof communeName>;

/** What a row may call a commune by. */
export const readCommuneNames = (transaction: Transaction) =>
  transaction.rows(
    communeName,
    sql`select communes.code, communes.name, communes.type, province_code as "provinceCode",
               provinces.name as "provinceName", former_province as "formerProvince"
          from communes join provinces on provinces.code = communes.province_code
         order by communes.code`,
  );

export async function readDataVersion(transaction: Transaction): Promise<number> {
  const { version } = await transaction.row(
    z.object({ version: z.number() }),
    sql`select version from data_version`,
  );
  return version;
}

const bound = z.number().nullable();
const extentRow = z.object({ west: bound, south: bound, east: bound, north: bound });

/** West, south, east and north of all communes; null when there are none. */
export async function readCommuneExtent(
  transaction: Transaction,
): Promise<[number, number, number, number] | null> {
  const extent = await transaction.row(
    extentRow,
    sql`select ST_XMin(extent) as west, ST_YMin(extent) as south, ST_XMax(extent) as east, ST_YMax(extent) as north
          from (select ST_Extent(geom) as extent from communes) as communes`,
  );
  return extent.west === null ? null : [extent.west, extent.south!, extent.east!, extent.north!];
}
