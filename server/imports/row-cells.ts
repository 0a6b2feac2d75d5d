import type { CommuneLocator } from '../places/commune-locator.ts';
import type { CommuneFinder } from './commune-finder.ts';
import type { CoordinateSystem } from './coordinate-systems.ts';
import { fieldsByKind } from './fields.ts';
import { type GeometryTally, readPoint, readWkt, toLonLat } from './geometry.ts';
import type { ImportKind, InputByKind } from './kinds.ts';
import type { SourceRow } from './source.ts';
import {
  codeReader,
  isMissing,
  labelledCodes,
  type NumberStyle,
  readDay,
  readNumber,
  readText,
  UnreadableValue,
} from './values.ts';

export type ReadingContext = {
  mapping: ReadonlyMap<string, string>;
  system: CoordinateSystem;
  numbers: NumberStyle;
  tally: GeometryTally;
  communes: CommuneFinder;
  locator: CommuneLocator;
  categories: readonly { code: string; nameVi: string; nameEn: string; leadAgency: string }[];
  /** The province of a commune file that names none. */
  provinceCode: string | null;
  borderWidthMeters: number;
  /** The H3 cell of resolution 7 around a position. */
  cellOf(lon: number, lat: number): string;
};
export type RowIssue = {
  column: string | null;
  value: string | null;
  expected: string;
  outside?: readonly [number, number];
};
/** `identity` is what must not come twice in a file; null when the record has no reference of its own yet. */
export type ReadRow<Kind extends ImportKind> = {
  input: InputByKind[Kind] | null;
  identity: string | null;
  issues: RowIssue[];
};

/** The columns of one row, read field by field; what cannot be read is gathered, so that one pass finds all of a row's faults. */
export type Cells = {
  readonly issues: RowIssue[];
  has(name: string): boolean;
  raw(name: string): unknown;
  fail(name: string | null, value: unknown, expected: string): void;
  read<Value>(name: string, read: (value: unknown) => Value): Value | null;
  text(name: string): string | null;
  whole(name: string): number | null;
  decimal(name: string): number | null;
  day(name: string): string | null;
  geometry<Shape>(read: (geometry: NonNullable<SourceRow['geometry']>) => Shape): Shape | null;
  point(): [number, number] | null;
};

const shown = (value: unknown) => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
};

export function cellsOf(kind: ImportKind, context: ReadingContext): (row: SourceRow) => Cells {
  const required = new Set(fieldsByKind[kind].filter((field) => field.required).map(({ name }) => name));
  const { mapping, system, tally, numbers } = context;
  // One set of functions for all rows: made anew for each, they cost as much as the reading.
  let row: SourceRow = { line: 0, values: {}, geometry: null };
  let issues: RowIssue[] = [];
  const raw = (name: string) => {
    const column = mapping.get(name);
    return column === undefined ? null : row.values[column];
  };
  const fail = (
    name: string | null,
    value: unknown,
    expected: string,
    outside?: readonly [number, number],
  ) => {
    const column = name === null ? null : (mapping.get(name) ?? null);
    issues.push({
      column,
      value: value === null || value === undefined ? null : shown(value),
      expected,
      ...(outside ? { outside } : {}),
    });
  };
  const read = <Value>(name: string, reader: (value: unknown) => Value): Value | null => {
    const value = raw(name);
    if (isMissing(value)) {
      if (required.has(name))
        fail(name, value, `a value (${fieldsByKind[kind].find((field) => field.name === name)?.label})`);
      return null;
    }
    try {
      return reader(value);
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      fail(name, value, error.message);
      return null;
    }
  };
  const wholeNumber = (value: unknown) => {
    const number = readNumber(value, { whole: true, style: numbers });
    if (number < 0 || number > 2_147_483_647) throw new UnreadableValue('a whole number of 0 or more');
    return number;
  };
  const guarded = <Value>(name: string | null, value: unknown, make: () => Value): Value | null => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      const at = error as UnreadableValue & { x?: number; y?: number };
      fail(name, value, error.message, at.x === undefined ? undefined : [at.x, at.y!]);
      return null;
    }
  };
  const geometry: Cells['geometry'] = (reader) => {
    const source =
      row.geometry ?? (isMissing(raw('wkt')) ? null : guarded('wkt', raw('wkt'), () => readWkt(raw('wkt'))));
    if (!source) {
      if (isMissing(raw('wkt'))) fail(null, null, 'a geometry');
      return null;
    }
    return guarded(null, row.geometry ? 'geometry' : raw('wkt'), () => reader(source));
  };
  const cells: Cells = {
    get issues() {
      return issues;
    },
    has: (name) => mapping.has(name),
    raw,
    fail,
    read,
    text: (name) => read(name, readText),
    whole: (name) => read(name, wholeNumber),
    decimal: (name) => read(name, (value) => readNumber(value, { whole: false, style: numbers })),
    day: (name) => read(name, readDay),
    geometry,
    point() {
      if (row.geometry || !isMissing(raw('wkt'))) {
        const found = geometry((shape) => readPoint(shape, system, tally));
        return found ? [found.coordinates[0]!, found.coordinates[1]!] : null;
      }
      const [x, y] = [raw('lon'), raw('lat')];
      if (isMissing(x) || isMissing(y)) {
        fail(
          isMissing(x) ? 'lon' : 'lat',
          null,
          mapping.has('lon') && mapping.has('lat')
            ? 'a position (longitude and latitude)'
            : 'a geometry, or columns of longitude and latitude',
        );
        return null;
      }
      const coordinate = (value: unknown) => readNumber(value, { whole: false, style: numbers });
      const lon = guarded('lon', x, () => coordinate(x));
      const lat = guarded('lat', y, () => coordinate(y));
      if (lon === null || lat === null) return null;
      const found = guarded('lon', `${shown(x)}, ${shown(y)}`, () => toLonLat(lon, lat, system, tally));
      return found ? [found[0]!, found[1]!] : null;
    },
  };
  return (opened) => {
    row = opened;
    issues = [];
    return cells;
  };
}

/** Reads a code by its labels; messages show the first label of each. */
export const reader = <Code extends string>(codes: Readonly<Record<Code, readonly string[]>>) =>
  codeReader(
    labelledCodes(codes),
    (Object.values(codes) as (readonly string[])[]).map(([first]) => first!),
  );

export type Reader<Kind extends ImportKind> = (row: SourceRow) => ReadRow<Kind>;
export type Builder<Kind extends ImportKind> = (
  context: ReadingContext,
) => (cells: Cells) => { input: () => InputByKind[Kind]; identity: string | null };

/** The commune that a row names, by code or name. */
export function readCommune(cells: Cells, { communes }: ReadingContext, required = false): string | null {
  if (required && isMissing(cells.raw('commune'))) {
    cells.fail('commune', null, 'the commune, by code or name');
    return null;
  }
  const former = isMissing(cells.raw('formerProvince')) ? null : cells.text('formerProvince');
  return cells.read('commune', (value) => communes.find(value, former));
}
