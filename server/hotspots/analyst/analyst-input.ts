import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Geometry, Position } from 'geojson';
import { AnalysisInputError } from '../analysis-input-error.ts';

/**
 * Tables that an analyst hands to the command line: CSV (comma, semicolon or tab; UTF-8 with or without a mark) and
 * GeoJSON feature collections. Every complaint names the field, the row and the remedy.
 */
export type AnalystTable = {
  path: string;
  kind: 'csv' | 'geojson';
  fields: string[];
  rows: AnalystRow[];
};

export type AnalystRow = {
  /** How the row is named in a message: "row 2 (line 3)" of a CSV, "feature 2" of GeoJSON; both count from 1. */
  label: string;
  values: Record<string, unknown>;
  geometry: Geometry | null;
};

/** A column of numbers. Where there is none, `values` holds NaN and `reasons` says why; elsewhere the reason is null. */
export type NumberColumn = { values: Float64Array; reasons: (string | null)[] };

/** An id as it stands in the file: text in a CSV, text or number in GeoJSON. `String(id)` is unique. */
export type AreaId = string | number;

/** Outer ring first, then holes; each ring a list of [x, y]. */
export type PolygonRings = Position[][];

export function readTextFile(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new AnalysisInputError({
      field: option,
      problem: `cannot read the file "${path}" (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      remedy: 'Give the path of a file that exists and may be read.',
    });
  }
}

/** Reads a JSON document; `option` is the option to name when that fails. */
export function readJsonFile(path: string, option: string): unknown {
  const text = readTextFile(path, option);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AnalysisInputError({
      field: option,
      problem: `"${path}" is not valid JSON (${(error as Error).message}).`,
      remedy:
        'Write it again as JSON, in UTF-8. NaN and Infinity are not JSON: use null where a value is missing.',
    });
  }
}

/**
 * Reads a CSV or GeoJSON file; the content decides which, since names lie: text that begins with a brace is JSON.
 * An empty table is an error. `option` is the option to name in complaints, "--input" by default.
 */
export function readTable(path: string, option = '--input'): AnalystTable {
  const text = readTextFile(path, option);
  if (text.trimStart().startsWith('{')) return readGeoJson(path, option);
  return readCsv(path, text, option);
}

function readCsv(path: string, text: string, option: string): AnalystTable {
  const firstLine = text.slice(0, Math.max(0, `${text}\n`.indexOf('\n')));
  const delimiter = [',', ';', '\t'].reduce((best, next) =>
    firstLine.split(next).length > firstLine.split(best).length ? next : best,
  );
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      delimiter,
      info: true,
      skip_empty_lines: true,
      trim: true,
      relax_column_count: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
  } catch (error) {
    throw new AnalysisInputError({
      field: option,
      problem: `"${path}" cannot be read as CSV: ${(error as Error).message}.`,
      remedy: 'Check the quotes, and that the file is CSV or GeoJSON in UTF-8.',
    });
  }
  const header = records[0]?.record ?? [];
  const duplicate = header.find((name, index) => name !== '' && header.indexOf(name) !== index);
  if (duplicate !== undefined) {
    throw new AnalysisInputError({
      field: duplicate,
      row: 'the header',
      problem: `two columns of "${path}" have this name.`,
      remedy: 'Rename one of them.',
    });
  }
  const rows = records.slice(1).map(({ record, info }, index): AnalystRow => {
    const label = `row ${index + 1} (line ${info.lines})`;
    if (record.length > header.length) {
      throw new AnalysisInputError({
        field: option,
        row: label,
        problem: `has ${record.length} columns where the header has ${header.length}.`,
        remedy: 'Put quotes about values that hold the delimiter, and write decimals with a point.',
      });
    }
    const values: Record<string, unknown> = {};
    header.forEach((name, column) => {
      values[name] = record[column] ?? null;
    });
    return { label, values, geometry: null };
  });
  if (rows.length === 0) throw emptyTable(path, option);
  return { path, kind: 'csv', fields: header, rows };
}

function readGeoJson(path: string, option: string): AnalystTable {
  const document = readJsonFile(path, option) as { type?: unknown; features?: unknown };
  if (document.type !== 'FeatureCollection' || !Array.isArray(document.features)) {
    const problem = `"${path}" is JSON, but not a GeoJSON FeatureCollection (type ${JSON.stringify(document.type ?? null)}).`;
    throw new AnalysisInputError({ field: option, problem, remedy: 'Give a FeatureCollection, or CSV.' });
  }
  const fields = new Set<string>();
  const rows = document.features.map((entry: unknown, index): AnalystRow => {
    const label = `feature ${index + 1}`;
    const feature = entry as {
      type?: unknown;
      id?: unknown;
      properties?: Record<string, unknown> | null;
      geometry?: Geometry | null;
    } | null;
    if (typeof feature !== 'object' || feature?.type !== 'Feature') {
      throw new AnalysisInputError({
        field: option,
        row: label,
        problem: 'is not a GeoJSON Feature.',
        remedy: 'Each member of "features" must have "type": "Feature".',
      });
    }
    const values: Record<string, unknown> = { ...(feature.properties ?? {}) };
    if (feature.id !== undefined && !('id' in values)) values.id = feature.id;
    for (const name of Object.keys(values)) fields.add(name);
    return { label, values, geometry: feature.geometry ?? null };
  });
  if (rows.length === 0) throw emptyTable(path, option);
  return { path, kind: 'geojson', fields: [...fields], rows };
}

function emptyTable(path: string, option: string): AnalysisInputError {
  return new AnalysisInputError({
    field: option,
    problem: `"${path}" holds no rows.`,
    remedy: 'Give at least one row under the header, or one feature.',
  });
}

/** Throws when no row of the table has the field; `option` says which option asked for it, e.g. "--value". */
export function requireField(table: AnalystTable, field: string, option: string): void {
  if (table.fields.includes(field)) return;
  throw new AnalysisInputError({
    field,
    problem: `"${table.path}" has no such field (asked for by ${option}).`,
    remedy: `Its fields are: ${table.fields.join(', ') || 'none'}.`,
  });
}

/** The ids of the rows, in order. A missing or repeated id is an error: answers could not be told apart. */
export function readIds(table: AnalystTable, field: string, option = '--id'): AreaId[] {
  requireField(table, field, option);
  const seen = new Map<string, string>();
  return table.rows.map((row) => {
    const value = row.values[field];
    if ((typeof value !== 'string' && typeof value !== 'number') || String(value).trim() === '') {
      throw new AnalysisInputError({
        field,
        row: row.label,
        problem: 'the id is missing or is neither text nor a number.',
        remedy: 'Give every row an id of its own.',
      });
    }
    const earlier = seen.get(String(value));
    if (earlier !== undefined) {
      throw new AnalysisInputError({
        field,
        row: row.label,
        problem: `the id ${JSON.stringify(value)} stands at ${earlier} already.`,
        remedy:
          'Make the ids unique, or merge the rows (several parts of one area belong in one MultiPolygon).',
      });
    }
    seen.set(String(value), row.label);
    return value;
  });
}

const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const MISSING = /^(|na|n\/a|nan|null|none|-)$/i;

/** The number that a cell holds, or why it holds none. Text such as "1,5", "0x1F" or "Infinity" is not a number. */
export function numberOrReason(value: unknown, field: string): number | string {
  if (typeof value === 'number') return Number.isFinite(value) ? value : `${field} is not finite`;
  if (value === null || value === undefined) return `${field} is missing`;
  if (typeof value !== 'string') return `${field} is not a number: ${shorten(JSON.stringify(value))}`;
  const text = value.trim();
  if (MISSING.test(text)) return `${field} is missing`;
  if (!DECIMAL.test(text)) {
    const hint = /^[-+]?\d+,\d+$/.test(text) ? ' (write decimals with a point)' : '';
    return `${field} is not a number: ${shorten(JSON.stringify(text))}${hint}`;
  }
  const parsed = Number(text);
  return Number.isFinite(parsed) ? parsed : `${field} is not finite`;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** Reads a column where gaps are allowed: each gap comes back as NaN with its reason. */
export function readNumbers(table: AnalystTable, field: string, option: string): NumberColumn {
  requireField(table, field, option);
  const values = new Float64Array(table.rows.length);
  const reasons: (string | null)[] = [];
  table.rows.forEach((row, index) => {
    const parsed = numberOrReason(row.values[field], field);
    values[index] = typeof parsed === 'number' ? parsed : Number.NaN;
    reasons.push(typeof parsed === 'number' ? null : parsed);
  });
  return { values, reasons };
}

/** A column without a single number is the wrong column, or is written in a way that is not read here. */
export function refuseNoNumbers(table: AnalystTable, field: string, column: NumberColumn): void {
  if (!column.values.every(Number.isNaN)) return;
  throw new AnalysisInputError({
    field,
    row: table.rows[0]!.label,
    problem: `${column.reasons[0]}, and no other row holds a number either.`,
    remedy: 'Check that this is the field meant, and write decimals with a point.',
  });
}

/** Reads a column where every row must hold a number, not below `minimum` when that is given. */
export function readAllNumbers(
  table: AnalystTable,
  field: string,
  option: string,
  limits: { minimum?: number; integer?: boolean } = {},
): Float64Array {
  const column = readNumbers(table, field, option);
  table.rows.forEach((row, index) => {
    const reason = column.reasons[index];
    if (reason) {
      throw new AnalysisInputError({
        field,
        row: row.label,
        problem: `${reason}.`,
        remedy: 'Give a number with a decimal point, or leave the row out.',
      });
    }
    const value = column.values[index]!;
    if (limits.minimum !== undefined && value < limits.minimum) {
      throw new AnalysisInputError({
        field,
        row: row.label,
        problem: `${value} is below ${limits.minimum}.`,
        remedy:
          limits.minimum === 0
            ? 'A count cannot be negative: correct the value or leave the row out.'
            : 'Correct it.',
      });
    }
    if (limits.integer && !Number.isInteger(value)) {
      throw new AnalysisInputError({
        field,
        row: row.label,
        problem: `${value} is not a whole number.`,
        remedy: 'Give a count of events.',
      });
    }
  });
  return column.values;
}

/** A negative count is a mistake in the data, never an area that merely cannot be tested. */
export function refuseNegative(table: AnalystTable, field: string, column: NumberColumn): void {
  const index = column.values.findIndex((value) => value < 0);
  if (index < 0) return;
  throw new AnalysisInputError({
    field,
    row: table.rows[index]!.label,
    problem: `the count ${column.values[index]} is negative.`,
    remedy: 'Correct the value, or empty the cell if it is not known.',
  });
}

const COORDINATE_FIELDS = [
  ['x', 'y'],
  ['lon', 'lat'],
  ['lng', 'lat'],
  ['long', 'lat'],
  ['longitude', 'latitude'],
] as const;

/** The points of a table: Point geometries, or the columns x,y · lon,lat · lng,lat · longitude,latitude (any case). */
export function readPoints(table: AnalystTable, option = '--input'): { xs: Float64Array; ys: Float64Array } {
  if (table.kind === 'csv') {
    const lower = table.fields.map((name) => name.toLowerCase());
    const pair = COORDINATE_FIELDS.find(([x, y]) => lower.includes(x) && lower.includes(y));
    if (!pair) {
      throw new AnalysisInputError({
        field: 'x, y',
        problem: `"${table.path}" has no columns of coordinates (asked for by ${option}).`,
        remedy: 'Name them x and y, or longitude and latitude.',
      });
    }
    const [xField, yField] = pair.map((name) => table.fields[lower.indexOf(name)]!) as [string, string];
    return { xs: readAllNumbers(table, xField, option), ys: readAllNumbers(table, yField, option) };
  }
  const xs = new Float64Array(table.rows.length);
  const ys = new Float64Array(table.rows.length);
  table.rows.forEach((row, index) => {
    const position = row.geometry?.type === 'Point' ? row.geometry.coordinates : null;
    if (!position || !Number.isFinite(position[0]) || !Number.isFinite(position[1])) {
      throw new AnalysisInputError({
        field: 'geometry',
        row: row.label,
        problem: `is ${row.geometry?.type ?? 'missing'}, not a Point with two finite coordinates.`,
        remedy: 'Give Point features, or CSV with x and y.',
      });
    }
    xs[index] = position[0]!;
    ys[index] = position[1]!;
  });
  return { xs, ys };
}

/** The polygons of a row (several for a MultiPolygon); a message names the row when there are none. */
export function polygonsOf(row: AnalystRow, option = '--input'): PolygonRings[] {
  const geometry = row.geometry;
  const polygons =
    geometry?.type === 'Polygon'
      ? [geometry.coordinates]
      : geometry?.type === 'MultiPolygon'
        ? geometry.coordinates
        : null;
  if (!Array.isArray(polygons) || !polygons.some((rings) => Array.isArray(rings) && rings.length > 0)) {
    const problem = polygons ? 'has no coordinates' : `is ${geometry?.type ?? 'missing'}`;
    throw new AnalysisInputError({
      field: 'geometry',
      row: row.label,
      problem: `${problem}, not a Polygon or MultiPolygon with an outline (asked for by ${option}).`,
      remedy: 'Give GeoJSON of areas, or weights from a file (--weights file:PATH).',
    });
  }
  for (const ring of polygons.flat()) {
    const sound = Array.isArray(ring) && ring.length >= 3;
    if (!sound || !ring.every((p) => Number.isFinite(p?.[0]) && Number.isFinite(p?.[1]))) {
      throw new AnalysisInputError({
        field: 'geometry',
        row: row.label,
        problem: 'has a ring with fewer than 3 points or with a coordinate that is not a finite number.',
        remedy: 'Repair the outline (for example with ST_MakeValid or "Fix geometries" in QGIS).',
      });
    }
  }
  return polygons;
}

/** One JSON document on standard output. A number that JSON cannot hold is a defect of ours, so it throws. */
export function printJson(document: unknown): void {
  const text = JSON.stringify(document, (key, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`"${key}" is ${value}`);
    return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  });
  process.stdout.write(`${text}\n`);
}

/** Runs the action of a command: bad input goes to standard error with exit code 2, anything else is thrown on. */
export async function runAnalysis(action: () => void | Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof AnalysisInputError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 2;
  }
}
