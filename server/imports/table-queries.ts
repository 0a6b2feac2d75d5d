import type { Point } from 'geojson';
import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { type Sql, sql } from '../db/sql.ts';
import { hexWkb } from '../places/well-known-binary.ts';
import type { AreaShape } from './kinds.ts';
import type { WriteCounts } from './write-results.ts';

export type Column = { name: string; values: readonly unknown[]; type: keyof typeof columnTypes };

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
 * `keep` names columns that are written for new rows only. `conflictAmong` (`where …`) names the partial unique index that
 * holds the key, `onlyWhere` (`and …`) what else must hold of a row that is there already (`existing`) to be changed. In a
 * `firstLoad` no row can be there already, and none is looked for.
 */
export async function upsert(
  transaction: Transaction,
  table: string,
  key: readonly string[],
  columns: readonly Column[],
  keep: ReadonlySet<string> = new Set(),
  {
    conflictAmong = sql.empty,
    onlyWhere = sql.empty,
    firstLoad = false,
  }: { conflictAmong?: Sql; onlyWhere?: Sql; firstLoad?: boolean | undefined } = {},
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
    return sql`${arrayText(sent)}::${columnTypes[type].array}`;
  });
  const values = columns.map(({ name, type }) => columnTypes[type].value(sql`raw.${named(name)}`));
  if (firstLoad) {
    const inserted = await transaction.execute(sql`
      insert into ${named(table)} (${names})
      select ${sql.join(values, ', ')} from unnest(${sql.join(arrays, ', ')}) as raw (${names})`);
    return { inserted, updated: 0, unchanged: 0 };
  }
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
        on conflict (${sql.join(key.map(named), ', ')}) ${conflictAmong} do update
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
               ${onlyWhere}
        returning xmax = 0 as inserted
      )
      select count(*) filter (where inserted) as inserted, count(*) filter (where not inserted) as updated
        from written`,
  );
  return { ...counts, unchanged: rowCount - counts.inserted - counts.updated };
}

/** An array as PostgreSQL reads it. The driver's own way took a tenth of an import: two replacements for each element. */
export function arrayText(values: readonly unknown[]): string {
  let text = '{';
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (index > 0) text += ',';
    if (value === null || value === undefined) text += 'NULL';
    else if (typeof value === 'string')
      text += `"${/["\\]/.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`;
    else if (typeof value === 'number' || typeof value === 'boolean') text += String(value);
    else throw new TypeError(`no element of an array: ${typeof value}`);
  }
  return `${text}}`;
}

/** Columns of a batch, each named, typed and picked from its rows. */
export function columnsOf<Row>(rows: readonly Row[]) {
  const column =
    <Value>(type: Column['type']) =>
    (name: string, pick: (row: Row) => Value): Column => ({ name, type, values: rows.map(pick) });
  return {
    text: column<string | null>('text'),
    integer: column<number | null>('integer'),
    smallint: column<number>('smallint'),
    bigint: column<number | null>('bigint'),
    double: column<number>('double precision'),
    boolean: column<boolean>('boolean'),
    day: column<string | null>('date'),
    textList: column<readonly string[]>('textList'),
    areaOrMeasured: column<number | null>('areaOrMeasured'),
    /** The geometry column, from a point or area in EPSG:4326; areas become multipolygons. */
    geometry: (pick: (row: Row) => Point | AreaShape): Column => ({
      name: 'geom',
      type: 'geometry',
      values: rows.map((row) => hexWkb(pick(row), 4326)),
    }),
    areas: (pick: (row: Row) => AreaShape): Column => ({
      name: 'geom',
      type: 'areaGeometry',
      values: rows.map((row) => hexWkb(pick(row), 4326)),
    }),
    simulated: (simulated: boolean): Column => ({
      name: 'simulated',
      type: 'boolean',
      values: rows.map(() => simulated),
    }),
  };
}
