import { latLngToCell } from 'h3-js';
import type { OutreachRecord } from '../../contract/activities.ts';
import { storedName } from '../../contract/vietnamese-text.ts';
import type { CommuneLocator } from '../places/commune-locator.ts';
import type { CommuneFinder } from './commune-finder.ts';
import { readCommuneCode, splitCommuneName } from './commune-finder.ts';
import type { CoordinateSystem } from './coordinate-systems.ts';
import { fieldsByKind } from './fields.ts';
import { type GeometryTally, readArea, readPoint, readWkt, toLonLat } from './geometry.ts';
import type { ImportKind, InputByKind, PlaceInput } from './kinds.ts';
import * as labels from './labels.ts';
import { plainProvinceName, provinceCode, provinceName } from './provinces.ts';
import type { SourceRow } from './source.ts';
import {
  codeReader,
  isMissing,
  labelledCodes,
  type NumberStyle,
  readBoolean,
  readDay,
  readList,
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
type Cells = {
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

function cellsOf(kind: ImportKind, context: ReadingContext): (row: SourceRow) => Cells {
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

const reader = <Code extends string>(codes: Readonly<Record<Code, readonly string[]>>) =>
  codeReader(
    labelledCodes(codes),
    (Object.values(codes) as (readonly string[])[]).map(([first]) => first!),
  );

type Reader<Kind extends ImportKind> = (row: SourceRow) => ReadRow<Kind>;
type Builder<Kind extends ImportKind> = (
  context: ReadingContext,
) => (cells: Cells) => { input: () => InputByKind[Kind]; identity: string | null };

/** A place's lasting reference: its own, or else its name. */
const referenceOf = (cells: Cells, name: string | null) =>
  cells.text('reference') ?? (cells.has('reference') ? null : name);

const builders: { [Kind in ImportKind]: Builder<Kind> } = {
  communes(context) {
    const readType = reader(labels.communeTypeLabels);
    const readTerrain = reader(labels.terrainLabels);
    return (cells) => {
      const code = cells.read('code', readCommuneCode);
      const fullName = cells.text('name');
      const split = fullName ? splitCommuneName(fullName) : null;
      const stated = cells.read('type', readType);
      const type = stated ?? split?.type ?? null;
      if (!type)
        cells.fail(
          'type',
          null,
          'the type: xã, phường or đặc khu (in a column of its own or before the name)',
        );
      const statedProvince = cells.text('provinceCode')?.padStart(2, '0') ?? null;
      const statedName = cells.text('provinceName');
      const known = code ? context.communes.communes.get(code) : undefined;
      const province =
        statedProvince ??
        (statedName ? provinceCode(statedName) : null) ??
        context.provinceCode ??
        known?.provinceCode ??
        null;
      if (!province || !/^\d{2}$/.test(province))
        cells.fail(
          statedProvince ? 'provinceCode' : statedName ? 'provinceName' : null,
          statedProvince ?? statedName,
          'the province: a 2-digit code or its name, in a column or by --province',
        );
      const areaSquareKm = cells.decimal('areaSquareKm');
      if (areaSquareKm !== null && areaSquareKm <= 0)
        cells.fail('areaSquareKm', areaSquareKm, 'an area above 0 km²');
      const terrain = cells.read('terrain', readTerrain);
      const population = cells.whole('population');
      const adjoiningProvinces = (cells.read('adjoiningProvinces', readList) ?? []).map((name) =>
        plainProvinceName(storedName(name)),
      );
      const coastal = cells.read('coastal', readBoolean) ?? false;
      const formerProvince = cells.text('formerProvince');
      const formerUnits = cells.text('formerUnits');
      const geometry = cells.geometry((shape) => readArea(shape, context.system, context.tally));
      return {
        identity: code,
        input: () => ({
          record: {
            code: code!,
            // With a type of its own, "Xã" before the name is no part of it
            name:
              split!.type && type && split!.type === type ? split!.name : stated ? fullName! : split!.name,
            type: type!,
            provinceCode: province!,
            provinceName: statedName
              ? plainProvinceName(statedName)
              : (provinceName(province!) ?? known?.provinceName ?? province!),
            terrain,
            population,
            areaSquareKm,
            formerProvince: formerProvince && plainProvinceName(formerProvince),
            formerUnits,
            adjoiningProvinces,
            coastal,
          },
          geometry: geometry!,
        }),
      };
    };
  },

  'border-areas'(context) {
    const readKind = reader(labels.borderKindLabels);
    return (cells) => {
      const kind = cells.read('kind', readKind);
      const communeCode = readCommune(cells, context);
      const named = cells.text('neighbourProvince');
      const neighbourProvince = kind === 'coastal' ? null : named && plainProvinceName(named);
      if (kind === 'adjoining' && !neighbourProvince)
        cells.fail('neighbourProvince', null, 'the province that the area adjoins');
      const widthMeters = cells.decimal('widthMeters') ?? context.borderWidthMeters;
      if (widthMeters <= 0) cells.fail('widthMeters', widthMeters, 'a width above 0 m');
      const geometry = cells.geometry((shape) => readArea(shape, context.system, context.tally));
      return {
        identity: `${kind} ${communeCode} ${neighbourProvince ?? ''}`,
        input: () => ({
          record: { kind: kind!, communeCode: communeCode!, neighbourProvince, widthMeters },
          geometry: geometry!,
        }),
      };
    };
  },

  'industrial-parks': (context) => (cells) => {
    const name = cells.text('name');
    const reference = referenceOf(cells, name);
    if (!reference && name) cells.fail('reference', null, 'a lasting reference');
    const workers = cells.whole('workers');
    const geometry = cells.geometry((shape) => readArea(shape, context.system, context.tally));
    return {
      identity: reference,
      input: () => ({ record: { reference: reference!, name: name!, workers }, geometry: geometry! }),
    };
  },

  dormitories(context) {
    const readKind = reader(labels.dormitoryKindLabels);
    return (cells) => {
      const name = cells.text('name');
      const reference = referenceOf(cells, name);
      if (!reference && name) cells.fail('reference', null, 'a lasting reference');
      const kind = cells.read('kind', readKind);
      const residents = cells.whole('residents');
      const geometry = pointOrArea(cells, context);
      return {
        identity: reference,
        input: () => ({
          record: { reference: reference!, name: name!, kind: kind!, residents },
          geometry: geometry!,
        }),
      };
    };
  },

  schools() {
    const readKind = reader(labels.schoolKindLabels);
    return (cells) => {
      const name = cells.text('name');
      const reference = referenceOf(cells, name);
      if (!reference && name) cells.fail('reference', null, 'a lasting reference');
      const kind = cells.read('kind', readKind);
      const students = cells.whole('students');
      const point = cells.point();
      return {
        identity: reference,
        input: () => ({
          record: { reference: reference!, name: name!, kind: kind!, students },
          geometry: { type: 'Point', coordinates: point! },
        }),
      };
    };
  },

  establishments({ categories }) {
    const codes = Object.fromEntries(
      categories.map(({ code, nameVi, nameEn }) => [
        code,
        [nameVi, nameEn, ...(labels.categoryLabels[code] ?? [])],
      ]),
    );
    const readCategory = reader(codes);
    const readAgency = reader(labels.leadAgencyLabels);
    const agencyOf = new Map(categories.map(({ code, leadAgency }) => [code, leadAgency]));
    return (cells) => {
      const licenseNumber = cells.text('licenseNumber');
      const category = cells.read('category', readCategory);
      const leadAgency =
        cells.read('leadAgency', readAgency) ?? (category ? (agencyOf.get(category) as 'cong-an') : null);
      const workers = cells.whole('workers');
      const activeFrom = cells.day('activeFrom');
      const activeTo = cells.day('activeTo');
      if (activeFrom && activeTo && activeTo < activeFrom)
        cells.fail('activeTo', cells.raw('activeTo'), `a day on or after ${activeFrom}, when it opened`);
      const point = cells.point();
      return {
        identity: licenseNumber,
        input: (): InputByKind['establishments'] => ({
          record: {
            licenseNumber: licenseNumber!,
            category: category!,
            leadAgency: leadAgency!,
            workers,
            activeFrom: activeFrom!,
            activeTo,
          },
          geometry: { type: 'Point', coordinates: point! },
        }),
      };
    };
  },

  outreach(context) {
    const readForm = reader(labels.outreachFormLabels);
    const readAudience = reader(labels.audienceLabels);
    const readCollection = reader(labels.placeCollectionLabels);
    const single = {
      industrialPark: 'industrial-parks',
      dormitory: 'dormitories',
      school: 'schools',
      establishment: 'establishments',
    } as const;
    return (cells) => {
      const heldOn = cells.day('heldOn');
      const form = cells.read('form', readForm);
      const audience = cells.read('audience', readAudience);
      const attendance = cells.whole('attendance');
      const places: OutreachRecord['place'][] = Object.entries(single).flatMap(([name, collection]) => {
        const found = cells.text(name);
        return found ? [{ collection, reference: found }] : [];
      });
      const collection = cells.read('placeCollection', readCollection);
      const placeReference = cells.text('placeReference');
      if (placeReference && collection) places.push({ collection, reference: placeReference });
      else if (placeReference)
        cells.fail(
          'placeCollection',
          cells.raw('placeCollection'),
          'what the place is: khu công nghiệp, ký túc xá, trường học or cơ sở',
        );
      if (places.length > 1)
        cells.fail(null, places.map((found) => found!.reference).join(', '), 'at most one place');
      const place = places[0] ?? null;
      // Empty until the place's own commune is looked up
      const communeCode = isMissing(cells.raw('commune')) && place ? '' : readCommune(cells, context, true);
      return {
        identity: cells.text('reference'),
        input: () => ({
          reference: '',
          heldOn: heldOn!,
          form: form!,
          audience: audience!,
          communeCode: communeCode!,
          place,
          attendance: attendance!,
        }),
      };
    };
  },

  inspections() {
    const readLevel = reader(labels.teamLevelLabels);
    const readOutcome = reader(labels.outcomeLabels);
    const readGround = reader(labels.groundLabels);
    return (cells) => {
      const inspectedOn = cells.day('inspectedOn');
      const licenseNumber = cells.text('licenseNumber');
      const teamLevel = cells.read('teamLevel', readLevel);
      const outcome = cells.read('outcome', readOutcome);
      const ground = cells.read('ground', readGround);
      return {
        identity: cells.text('reference'),
        input: () => ({
          reference: '',
          inspectedOn: inspectedOn!,
          licenseNumber: licenseNumber!,
          teamLevel: teamLevel!,
          outcome: outcome!,
          ground: ground!,
        }),
      };
    };
  },

  reports(context) {
    const readStatus = reader(labels.reportStatusLabels);
    return (cells) => {
      const receivedOn = cells.day('receivedOn');
      const dueOn = cells.day('dueOn');
      if (receivedOn && dueOn && dueOn < receivedOn)
        cells.fail('dueOn', cells.raw('dueOn'), `a day on or after ${receivedOn}, when it was received`);
      const status = cells.read('status', readStatus);
      const resolvedOn = cells.day('resolvedOn');
      if (status === 'resolved' && !resolvedOn && isMissing(cells.raw('resolvedOn')))
        cells.fail('resolvedOn', null, 'the day on which it was resolved');
      if (status && status !== 'resolved' && resolvedOn)
        cells.fail('resolvedOn', cells.raw('resolvedOn'), 'nothing, unless the status is resolved');
      if (resolvedOn && receivedOn && resolvedOn < receivedOn)
        cells.fail('resolvedOn', cells.raw('resolvedOn'), `a day on or after ${receivedOn}`);
      // The position becomes a cell here and goes no further.
      const stated = cells.read('h3Cell', (value) => {
        const cell = readText(value).toLowerCase();
        if (!/^87[0-9a-f]{7}ffffff$/.test(cell))
          throw new UnreadableValue('an H3 cell of resolution 7, as 15 hexadecimal digits');
        return cell;
      });
      const point = stated || (cells.has('h3Cell') && !isMissing(cells.raw('h3Cell'))) ? null : cells.point();
      const h3Cell = stated ?? (point ? latLngToCell(point[1], point[0], 7) : null);
      const located =
        point && isMissing(cells.raw('commune')) ? context.locator.locate(point[0], point[1], 500) : null;
      const communeCode = located?.communeCode ?? readCommune(cells, context, true);
      return {
        identity: cells.text('reference'),
        input: () => ({
          reference: '',
          receivedOn: receivedOn!,
          dueOn: dueOn!,
          status: status!,
          resolvedOn,
          communeCode: communeCode!,
          h3Cell: h3Cell!,
        }),
      };
    };
  },

  'commune-plans'(context) {
    const readProgramme = reader(labels.programmeLabels);
    return (cells) => {
      const communeCode = readCommune(cells, context);
      const year = cells.whole('year');
      if (year !== null && (year < 2003 || year > 2100)) cells.fail('year', year, 'a year from 2003 to 2100');
      const issuedOn = cells.day('issuedOn');
      const issuedIn = issuedOn === null ? null : Number(issuedOn.slice(0, 4));
      if (year !== null && issuedIn !== null && issuedIn !== year && issuedIn !== year - 1)
        cells.fail('issuedOn', cells.raw('issuedOn'), `a day in ${year - 1} or ${year}`);
      const integratedWith = [
        ...new Set(cells.read('integratedWith', (value) => programmesOf(value, readProgramme)) ?? []),
      ];
      return {
        identity: `${communeCode} ${year}`,
        input: () => ({ communeCode: communeCode!, year: year!, issuedOn: issuedOn!, integratedWith }),
      };
    };
  },

  training(context) {
    return (cells) => {
      const heldOn = cells.day('heldOn');
      const unit = cells.text('unit');
      const communeCode = isMissing(cells.raw('commune')) ? null : readCommune(cells, context);
      const officersAttending = cells.whole('officersAttending');
      const officersInPost = cells.whole('officersInPost');
      return {
        identity: cells.text('reference'),
        input: () => ({
          reference: '',
          heldOn: heldOn!,
          communeCode,
          unit: unit!,
          officersAttending: officersAttending!,
          officersInPost: officersInPost!,
        }),
      };
    };
  },

  'press-items'() {
    const readLevel = reader(labels.outletLevelLabels);
    return (cells) => {
      const publishedOn = cells.day('publishedOn');
      const outletLevel = cells.read('outletLevel', readLevel);
      return {
        identity: cells.text('reference'),
        input: () => ({ reference: '', publishedOn: publishedOn!, outletLevel: outletLevel! }),
      };
    };
  },
};

/** A list of programmes, some of whose names hold commas ("phòng, chống ma túy"). */
function programmesOf<Code extends string>(value: unknown, read: (value: unknown) => Code): Code[] {
  if (typeof value === 'string' && !value.trim().startsWith('[')) {
    const folded = value.replace(/phòng\s*,\s*chống/giu, 'phòng chống');
    return readList(folded).map(read);
  }
  return readList(value).map(read);
}

function readCommune(cells: Cells, { communes }: ReadingContext, required = false): string | null {
  if (required && isMissing(cells.raw('commune'))) {
    cells.fail('commune', null, 'the commune, by code or name');
    return null;
  }
  const former = isMissing(cells.raw('formerProvince')) ? null : cells.text('formerProvince');
  return cells.read('commune', (value) => communes.find(value, former));
}

function pointOrArea(
  cells: Cells,
  { system, tally }: ReadingContext,
): PlaceInput<unknown, InputByKind['dormitories']['geometry']>['geometry'] | null {
  if (isMissing(cells.raw('wkt')) && !isMissing(cells.raw('lon'))) {
    const point = cells.point();
    return point && { type: 'Point', coordinates: point };
  }
  return cells.geometry((shape) =>
    shape.type === 'Point' || shape.type === 'MultiPoint'
      ? readPoint(shape, system, tally)
      : readArea(shape, system, tally),
  );
}

/** A function that turns a source's rows into records of the contract, or says everything that is wrong with each. */
export function recordReader<Kind extends ImportKind>(kind: Kind, context: ReadingContext): Reader<Kind> {
  const cellsFor = cellsOf(kind, context);
  const build = (builders[kind] as Builder<Kind>)(context);
  return (row) => {
    if (row.fault)
      return { input: null, identity: null, issues: [{ column: null, value: null, expected: row.fault }] };
    const cells = cellsFor(row);
    const { input, identity } = build(cells);
    return cells.issues.length
      ? { input: null, identity, issues: cells.issues }
      : { input: input(), identity, issues: [] };
  };
}
