import { z } from 'zod';

/** The six place collections, by the names they have in URLs, files and the interface. */
export const placeCollections = [
  'communes',
  'border-areas',
  'industrial-parks',
  'dormitories',
  'schools',
  'establishments',
] as const;
export const placeCollection = z.enum(placeCollections);
export type PlaceCollection = z.infer<typeof placeCollection>;

export const communeCode = z.string().regex(/^\d{5}$/, 'a commune code is 5 digits, kept as text');
/** A calendar day in Vietnam, `YYYY-MM-DD`; refuses days that do not exist, such as 2026-02-31. */
export const calendarDay = z.iso.date('a date is YYYY-MM-DD and must exist');

export const communeTypes = ['xã', 'phường', 'đặc khu'] as const;
export const terrains = ['mountainous', 'lowland', 'coastal', 'urban'] as const;
export const borderKinds = ['adjoining', 'coastal'] as const;
export const dormitoryKinds = [
  'student-dormitory',
  'workers-housing',
  'social-housing',
  'specialists-lodging',
] as const;
export const schoolKinds = ['upper-secondary', 'university-college', 'vocational'] as const;
export const leadAgencies = ['cong-an', 'so-y-te', 'so-van-hoa-the-thao', 'so-du-lich'] as const;

const count = z.number().int().nonnegative();
const name = z.string().trim().min(1);

/**
 * What is known of each place apart from its geometry, before it is in the database: what an import row becomes once
 * its columns are recognised, and what the demo generator makes. Geometry travels beside it (EPSG:4326).
 */
export const communeRecord = z.object({
  code: communeCode,
  name,
  type: z.enum(communeTypes),
  provinceCode: z.string().regex(/^\d{2}$/),
  provinceName: name,
  terrain: z.enum(terrains).nullable(),
  population: count.nullable(),
  areaSquareKm: z.number().positive().nullable(),
  formerProvince: z.string().nullable(),
  formerUnits: z.string().nullable(),
  adjoiningProvinces: z.array(z.string()),
  coastal: z.boolean(),
});
export type CommuneRecord = z.infer<typeof communeRecord>;

export const borderAreaRecord = z.object({
  kind: z.enum(borderKinds),
  communeCode,
  neighbourProvince: z.string().nullable(),
  widthMeters: z.number().positive(),
});
export type BorderAreaRecord = z.infer<typeof borderAreaRecord>;

export const industrialParkRecord = z.object({
  reference: name,
  name,
  workers: count.nullable(),
});
export type IndustrialParkRecord = z.infer<typeof industrialParkRecord>;

export const dormitoryRecord = z.object({
  reference: name,
  name,
  kind: z.enum(dormitoryKinds),
  residents: count.nullable(),
});
export type DormitoryRecord = z.infer<typeof dormitoryRecord>;

export const schoolRecord = z.object({
  reference: name,
  name,
  kind: z.enum(schoolKinds),
  students: count.nullable(),
});
export type SchoolRecord = z.infer<typeof schoolRecord>;

export const establishmentRecord = z.object({
  licenseNumber: name,
  category: name,
  leadAgency: z.enum(leadAgencies),
  workers: count.nullable(),
  activeFrom: calendarDay,
  activeTo: calendarDay.nullable(),
});
export type EstablishmentRecord = z.infer<typeof establishmentRecord>;
