import type { Geometry } from 'geojson';
import initSqlJs, { type Database, type SqlValue } from 'sql.js';
import { geometryFromWkb } from '../places/well-known-binary.ts';
import { crsOfWkt } from './coordinate-systems.ts';
import { ImportRefused } from './import-refused.ts';
import type { Source, SourceOptions, SourceRow } from './source.ts';

type Layer = { table: string; geometryColumn: string | null; srsId: number | null };

/** A layer of a GeoPackage (OGC 12-128r19): features, or a table of attributes. The file is held in memory. */
export async function readGeopackage(bytes: Buffer, { layer }: SourceOptions): Promise<Source> {
  const engine = await initSqlJs();
  let database: Database;
  let layers: Layer[];
  try {
    database = new engine.Database(bytes);
    for (const table of catalogueTables) requirePlainTable(database, table);
    layers = readLayers(database);
  } catch (error) {
    if (error instanceof ImportRefused) throw error;
    throw new ImportRefused({
      what: `The file is an SQLite database but not a whole GeoPackage (${(error as Error).message}).`,
      remedy: 'Fetch or export the file again as GeoPackage.',
    });
  }
  const features = layers.filter(({ geometryColumn }) => geometryColumn);
  const candidates = layer
    ? layers.filter(({ table }) => table === layer)
    : features.length
      ? features
      : layers;
  if (candidates.length !== 1)
    throw new ImportRefused({
      what: layer
        ? `The GeoPackage has no layer "${layer}".`
        : `The GeoPackage has ${candidates.length} layers.`,
      remedy: `Give one with --layer: ${layers.map(({ table }) => table).join(', ')}.`,
    });
  const [chosen] = candidates as [Layer];
  requirePlainTable(database, chosen.table);
  const columns =
    database
      .exec(`select name from pragma_table_info(${quoted(chosen.table, "'")})`)[0]
      ?.values.map(([name]) => String(name)) ?? [];
  return {
    format: 'GeoPackage',
    rowWord: 'feature',
    columns: columns.filter((name) => name !== chosen.geometryColumn),
    statedCrs: statedCrs(database, chosen.srsId),
    rows: rows(database, chosen, columns),
  };
}

const catalogueTables = ['gpkg_contents', 'gpkg_geometry_columns', 'gpkg_spatial_ref_sys'];

/**
 * A view or a virtual table runs what its file says: rows without end, at no cost to who made it. GeoPackages of plain
 * programs have tables.
 */
function requirePlainTable(database: Database, name: string): void {
  const made = database.exec('select type, sql from sqlite_master where name = ? collate nocase', [name])[0]
    ?.values;
  if (
    !made ||
    (made.length === 1 && made[0]![0] === 'table' && /^\s*create\s+table\b/i.test(String(made[0]![1])))
  )
    return;
  throw new ImportRefused({
    what: `In the GeoPackage "${name}" is a view or a virtual table, which computes its rows.`,
    remedy: 'Export the layer as a plain table.',
  });
}

const quoted = (name: string, quote: '"' | "'") => `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;

function readLayers(database: Database): Layer[] {
  const found = database.exec(`
    select contents.table_name, columns.column_name, coalesce(columns.srs_id, contents.srs_id)
      from gpkg_contents as contents left join gpkg_geometry_columns as columns using (table_name)
     where contents.data_type in ('features', 'attributes')
     order by contents.table_name`);
  return (found[0]?.values ?? []).map(([table, column, srs]) => ({
    table: String(table),
    geometryColumn: column === null || column === undefined ? null : String(column),
    srsId: srs === null || srs === undefined ? null : Number(srs),
  }));
}

function statedCrs(database: Database, srsId: number | null): Source['statedCrs'] {
  // −1 and 0 are "undefined" in the standard
  if (srsId === null || srsId <= 0) return null;
  const row = database.exec(
    'select organization, organization_coordsys_id, definition, srs_name from gpkg_spatial_ref_sys where srs_id = ?',
    [srsId],
  )[0]?.values[0];
  if (!row) return { unknown: `SRS ${srsId}` };
  const [organization, code, definition, name] = row;
  if (/^epsg$/i.test(String(organization))) return { code: Number(code) };
  const recognised = crsOfWkt(String(definition));
  return recognised ? { code: recognised } : { unknown: String(name) };
}

function* rows(
  database: Database,
  { table, geometryColumn }: Layer,
  columns: readonly string[],
): Iterable<SourceRow> {
  const statement = database.prepare(`select * from ${quoted(table, '"')}`);
  try {
    for (let line = 1; statement.step(); line += 1) {
      const record = statement.get();
      const values: Record<string, unknown> = {};
      let geometry: Geometry | null = null;
      let fault: string | undefined;
      columns.forEach((column, at) => {
        const value = record[at] as SqlValue;
        if (column !== geometryColumn) {
          values[column] = value;
          return;
        }
        try {
          geometry = value instanceof Uint8Array ? geometryFromPackage(value) : null;
        } catch {
          fault = 'a GeoPackage geometry that is whole';
        }
      });
      yield { line, values, geometry, ...(fault ? { fault } : {}) };
    }
  } catch (error) {
    throw new ImportRefused({
      what: `The GeoPackage is damaged (${(error as Error).message}).`,
      remedy: 'Fetch or export the file again.',
    });
  } finally {
    statement.free();
    database.close();
  }
}

const envelopeBytes = [0, 32, 48, 48, 64];

/** The GeoPackage's own header ("GP", version, flags, SRS, envelope), then well-known binary. */
export function geometryFromPackage(bytes: Uint8Array): Geometry | null {
  if (bytes[0] !== 0x47 || bytes[1] !== 0x50) throw new RangeError('no GeoPackage geometry');
  const flags = bytes[3]!;
  const envelope = envelopeBytes[(flags >> 1) & 7];
  if (envelope === undefined) throw new RangeError('no such envelope');
  const empty = (flags & 0x10) !== 0;
  return empty ? null : geometryFromWkb(bytes.subarray(8 + envelope));
}
