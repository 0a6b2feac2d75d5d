import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

export const unknownCommune = (communeCode: string) => ({
  field: 'communeCode',
  value: communeCode,
  expected: 'the code of a commune in the database',
});

export async function knownCommunes(
  transaction: Transaction,
  codes: readonly string[],
): Promise<Set<string>> {
  const rows = await transaction.rows(
    z.object({ code: z.string() }),
    sql`select code from communes where code = any(${[...new Set(codes)]}::text[])`,
  );
  return new Set(rows.map(({ code }) => code));
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
