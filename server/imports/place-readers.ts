import { storedName } from '../../contract/vietnamese-text.ts';
import { readCommuneCode, splitCommuneName } from './commune-finder.ts';
import { readArea, readPoint } from './geometry.ts';
import type { InputByKind, PlaceInput } from './kinds.ts';
import * as labels from './labels.ts';
import { plainProvinceName, provinceCode, provinceName } from './provinces.ts';
import { type Builder, type Cells, type ReadingContext, readCommune, reader } from './row-cells.ts';
import { isMissing, readBoolean, readList } from './values.ts';

/** A place's lasting reference: its own, or else its name. */
const referenceOf = (cells: Cells, name: string | null) =>
  cells.text('reference') ?? (cells.has('reference') ? null : name);

export const placeBuilders: {
  [Kind in
    | 'communes'
    | 'border-areas'
    | 'industrial-parks'
    | 'dormitories'
    | 'schools'
    | 'establishments']: Builder<Kind>;
} = {
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
    checkStatedCommune(cells, context);
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
      checkStatedCommune(cells, context);
      return {
        identity: reference,
        input: () => ({
          record: { reference: reference!, name: name!, kind: kind!, residents },
          geometry: geometry!,
        }),
      };
    };
  },

  schools(context) {
    const readKind = reader(labels.schoolKindLabels);
    return (cells) => {
      const name = cells.text('name');
      const reference = referenceOf(cells, name);
      if (!reference && name) cells.fail('reference', null, 'a lasting reference');
      const kind = cells.read('kind', readKind);
      const students = cells.whole('students');
      const point = cells.point();
      checkStatedCommune(cells, context);
      return {
        identity: reference,
        input: () => ({
          record: { reference: reference!, name: name!, kind: kind!, students },
          geometry: { type: 'Point', coordinates: point! },
        }),
      };
    };
  },

  establishments(context) {
    const { categories } = context;
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
      checkStatedCommune(cells, context);
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
};

/** A commune code that a place's row states must be one; names are left aside, since old ones stand in many files. */
function checkStatedCommune(cells: Cells, { communes }: ReadingContext): void {
  cells.read('statedCommune', (value) =>
    /^\d/.test(String(value).trim()) ? communes.find(value, null) : null,
  );
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
