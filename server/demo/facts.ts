import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { type CommuneRecord, communeCode, communeTypes } from '../../contract/places.ts';

/** What `gis-data/ninh-binh/communes.csv` states of a commune: facts, from which the demo province is made. */
export const communeFact = z.object({
  code: communeCode,
  name: z.string().min(1),
  type: z.enum(communeTypes),
  formerProvince: z.string().min(1),
  lon: z.coerce.number().min(102).max(110),
  lat: z.coerce.number().min(8).max(24),
  areaSquareKm: z.coerce.number().positive(),
  population: z.number().int().positive().nullable(),
  adjoiningProvinces: z.array(z.string().min(1)),
  coastal: z.boolean(),
  formerUnits: z.string().min(1),
});
export type CommuneFact = z.infer<typeof communeFact>;

export const demoProvince = { code: '37', name: 'Ninh Bình' } as const;
export const neighbourProvinceCodes: Readonly<Record<string, string>> = {
  'Hà Nội': '01',
  'Phú Thọ': '25',
  'Hưng Yên': '33',
  'Thanh Hóa': '38',
};

export function parseCommuneFacts(csvText: string): CommuneFact[] {
  const rows: Record<string, string>[] = parse(csvText, { columns: true, bom: true });
  return rows.map((row) =>
    communeFact.parse({
      code: row.code,
      name: row.name,
      type: row.type,
      formerProvince: row.former_province,
      lon: row.lon,
      lat: row.lat,
      areaSquareKm: row.area_km2,
      population: row.population === '' ? null : Number(row.population),
      adjoiningProvinces: row.adjoining_provinces === '' ? [] : row.adjoining_provinces?.split('; '),
      coastal: row.coastal === '1',
      formerUnits: row.former_units,
    }),
  );
}

/** Yên Sơn, Thanh Sơn, Quỳnh Lưu: within the former Nho Quan and Tam Điệp, shut in by communes of the hills. */
const enclosedByHills = new Set(['14371', '14434', '14452']);
const hillsEndEastOf = 105.95;

/**
 * An ASSUMPTION of the demo, not a decision of any authority: the hills are the communes that adjoin Phú Thọ, those
 * that adjoin Thanh Hóa west of 105.95° E, and three that these enclose. Of the rest the coast goes before the town.
 */
export function assumedTerrain(fact: CommuneFact): NonNullable<CommuneRecord['terrain']> {
  const adjoinsHills =
    fact.adjoiningProvinces.includes('Phú Thọ') ||
    (fact.adjoiningProvinces.includes('Thanh Hóa') && fact.lon < hillsEndEastOf);
  if (adjoinsHills || enclosedByHills.has(fact.code)) return 'mountainous';
  if (fact.coastal) return 'coastal';
  return fact.type === 'phường' ? 'urban' : 'lowland';
}

export function communeRecordOf(fact: CommuneFact): CommuneRecord {
  return {
    code: fact.code,
    name: fact.name,
    type: fact.type,
    provinceCode: demoProvince.code,
    provinceName: demoProvince.name,
    terrain: assumedTerrain(fact),
    population: fact.population,
    areaSquareKm: fact.areaSquareKm,
    formerProvince: fact.formerProvince,
    formerUnits: fact.formerUnits,
    adjoiningProvinces: fact.adjoiningProvinces,
    coastal: fact.coastal,
  };
}
