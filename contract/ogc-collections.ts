import { z } from 'zod';
import {
  borderKinds,
  calendarDay,
  communeCode,
  communeTypes,
  dormitoryKinds,
  leadAgencies,
  type PlaceCollection,
  schoolKinds,
  terrains,
} from './places.ts';

// What a place says of itself at /ogc: the one list that the SQL, the OpenAPI document, the queryables and the client
// follow. Attribute names are snake_case, unlike the rest of the contract: in QGIS and GDAL they are column names, and
// camelCase ones come out of a copy into PostGIS or a GeoPackage in lower case, or have to be quoted in expressions.

const about = (title: string, description: string) => ({ title, description });

const count = z.number().int().nonnegative().nullable();
const text = z.string();
const simulated = z
  .boolean()
  .meta(about('Dữ liệu mô phỏng', 'Whether the place is simulated and not a record of the real one'));
const code = communeCode.meta(about('Mã xã, phường', 'Commune code: 5 digits, kept as text'));
const communeName = text.meta(about('Xã, phường', 'Name of the commune that the place lies in'));
const reference = text.meta(about('Mã tham chiếu', 'What the source calls the place for good'));

export const communeProperties = z.strictObject({
  code,
  name: text.meta(about('Tên', 'Name without its type')),
  type: z.enum(communeTypes).meta(about('Loại', 'Type of the commune-level unit')),
  terrain: z.enum(terrains).nullable().meta(about('Địa hình', 'Terrain; null where it is not on record')),
  population: count.meta(about('Dân số', 'Inhabitants; null where no trustworthy figure is on record')),
  area_square_km: z.number().positive().meta(about('Diện tích (km²)', 'Area in km²')),
  province_code: text.meta(about('Mã tỉnh', 'Province code: 2 digits, kept as text')),
  province_name: text.meta(about('Tỉnh', 'Name of the province')),
  former_province: text.nullable().meta(about('Tỉnh cũ', 'Province before the merger of 2025')),
  former_units: text.nullable().meta(about('Đơn vị cũ', 'Units that were merged into this one')),
  adjoining_provinces: z
    .array(text)
    .meta(about('Tỉnh giáp ranh', 'Other provinces that the commune adjoins; empty where there is none')),
  coastal: z.boolean().meta(about('Giáp biển', 'Whether the commune lies on the coast')),
  simulated,
});

export const borderAreaProperties = z.strictObject({
  kind: z.enum(borderKinds).meta(about('Loại', 'Adjoining another province (giáp ranh) or coastal')),
  commune_code: code,
  commune_name: communeName,
  neighbour_province: text
    .nullable()
    .meta(about('Tỉnh giáp ranh', 'The province adjoined; null for a coastal border area')),
  width_meters: z.number().positive().meta(about('Bề rộng (m)', 'Width of the strip in metres')),
  derivation: z
    .enum(['neighbour-outline', 'listed-neighbours', 'coast', 'imported'])
    .meta(about('Cách lập', 'What the area was derived from')),
  simulated,
});

export const industrialParkProperties = z.strictObject({
  reference,
  name: text.meta(about('Tên', 'Name of the park')),
  commune_code: code,
  commune_name: communeName,
  workers: count.meta(about('Số lao động', 'Workers; null where it is not on record, or fewer than 5')),
  simulated,
});

export const dormitoryProperties = z.strictObject({
  reference,
  name: text.meta(about('Tên', 'Name of the dormitory')),
  kind: z.enum(dormitoryKinds).meta(about('Loại', 'Kind of dormitory')),
  commune_code: code,
  commune_name: communeName,
  residents: count.meta(about('Số người ở', 'Residents; null where it is not on record, or fewer than 5')),
  simulated,
});

export const schoolProperties = z.strictObject({
  reference,
  name: text.meta(about('Tên', 'Name of the school')),
  kind: z.enum(schoolKinds).meta(about('Loại', 'Kind of school')),
  commune_code: code,
  commune_name: communeName,
  students: count.meta(
    about('Số học sinh, sinh viên', 'Students; null where it is not on record, or fewer than 5'),
  ),
  simulated,
});

export const establishmentProperties = z.strictObject({
  license_number: text.meta(about('Số giấy phép', 'Number of the licence of the premises')),
  category: text.meta(about('Mã loại hình', 'Category, by its code')),
  category_name: text.meta(about('Loại hình', 'Category in Vietnamese')),
  category_name_en: text.meta(about('Loại hình (tiếng Anh)', 'Category in English')),
  lead_agency: z.enum(leadAgencies).meta(about('Cơ quan chủ trì', 'Agency that leads inspections')),
  commune_code: code,
  commune_name: communeName,
  active_from: calendarDay.meta(about('Hoạt động từ', 'First day in business')),
  active_to: calendarDay
    .nullable()
    .meta(about('Hoạt động đến', 'Last day in business; null while it is open')),
  simulated,
});

// Equality filters, as they are written in the address. Names are compared in NFC, which is how they are stored.
const filterText = z
  .string()
  .min(1, 'a text that is not empty')
  .max(200, 'a text of at most 200 characters')
  .transform((value) => value.normalize('NFC'));
const filterFlag = z.enum(['true', 'false']).transform((value) => value === 'true');
const inCommune = { commune_code: communeCode, commune_name: filterText };
const bySource = { reference: filterText, name: filterText };

const mapOfPlaces = <const Definitions extends Record<PlaceCollection, OgcCollection>>(
  definitions: Definitions,
) => definitions;

export type OgcCollection = {
  title: string;
  description: string;
  /** `text` ids are quoted in JSON: a commune's code may begin with 0. */
  id: 'text' | 'number';
  geometryTypes: readonly ('Point' | 'Polygon' | 'MultiPolygon')[];
  properties: z.ZodObject;
  /** Properties that a parameter of the same name filters by. */
  filters: Record<string, z.ZodType<string | boolean, string>>;
  /** Properties that say when the feature is in being, both days included; null: at all times. */
  period: { from: string; to: string } | null;
};

export const ogcCollections = mapOfPlaces({
  communes: {
    title: 'Xã, phường · Communes',
    description: 'Commune-level units of the province with their outlines.',
    id: 'text',
    geometryTypes: ['MultiPolygon'],
    properties: communeProperties,
    filters: {
      code: communeCode,
      name: filterText,
      type: z.enum(communeTypes),
      terrain: z.enum(terrains),
      province_code: z.string().regex(/^\d{2}$/, 'a province code is 2 digits, kept as text'),
      former_province: filterText,
      adjoining_provinces: filterText,
      coastal: filterFlag,
      simulated: filterFlag,
    },
    period: null,
  },
  'border-areas': {
    title: 'Khu vực giáp ranh, biên giới biển · Border areas',
    description:
      'Strips along another province (giáp ranh) and along the coast (biên giới biển), derived from outlines by a width in metres. They are derived anew when outlines change, and then have new ids.',
    id: 'number',
    geometryTypes: ['MultiPolygon'],
    properties: borderAreaProperties,
    filters: {
      kind: z.enum(borderKinds),
      ...inCommune,
      neighbour_province: filterText,
      derivation: borderAreaProperties.shape.derivation,
      simulated: filterFlag,
    },
    period: null,
  },
  'industrial-parks': {
    title: 'Khu công nghiệp · Industrial parks',
    description: 'Industrial parks with their workers.',
    id: 'number',
    geometryTypes: ['MultiPolygon'],
    properties: industrialParkProperties,
    filters: { ...bySource, ...inCommune, simulated: filterFlag },
    period: null,
  },
  dormitories: {
    title: 'Ký túc xá, khu trọ · Dormitories',
    description:
      "Student dormitories, workers' and social housing and specialists' lodging, as a point or an outline.",
    id: 'number',
    geometryTypes: ['Point', 'Polygon', 'MultiPolygon'],
    properties: dormitoryProperties,
    filters: { ...bySource, kind: z.enum(dormitoryKinds), ...inCommune, simulated: filterFlag },
    period: null,
  },
  schools: {
    title: 'Trường học · Schools',
    description: 'Upper-secondary schools, universities and colleges, vocational schools.',
    id: 'number',
    geometryTypes: ['Point'],
    properties: schoolProperties,
    filters: { ...bySource, kind: z.enum(schoolKinds), ...inCommune, simulated: filterFlag },
    period: null,
  },
  establishments: {
    title: 'Cơ sở kinh doanh dịch vụ · Establishments',
    description:
      'Licensed premises of the kinds that the programme watches, with the days between which they are in business.',
    id: 'number',
    geometryTypes: ['Point'],
    properties: establishmentProperties,
    filters: {
      license_number: filterText,
      category: filterText,
      lead_agency: z.enum(leadAgencies),
      ...inCommune,
      active_from: calendarDay,
      active_to: calendarDay,
      simulated: filterFlag,
    },
    period: { from: 'active_from', to: 'active_to' },
  },
});

export type PlaceProperties<Name extends PlaceCollection> = z.infer<
  (typeof ogcCollections)[Name]['properties']
>;
export type PlaceFilters<Name extends PlaceCollection> = {
  [Property in keyof (typeof ogcCollections)[Name]['filters']]?:
    | z.input<(typeof ogcCollections)[Name]['filters'][Property] & z.ZodType>
    | z.output<(typeof ogcCollections)[Name]['filters'][Property] & z.ZodType>;
};
