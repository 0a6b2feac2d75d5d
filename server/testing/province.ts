import type { Database } from '../db/database.ts';
import { sql } from '../db/sql.ts';

/** A province of square communes in a row, 0.1° wide, from 106° E, 20° N eastward: small enough to work out on paper. */
export async function insertSquareCommunes(db: Database, codes: readonly string[]): Promise<void> {
  await db.write(async (transaction) => {
    await transaction.execute(
      sql`insert into provinces (code, name) values ('37', 'Ninh Bình') on conflict do nothing`,
    );
    for (const [index, code] of codes.entries()) {
      const west = 106 + index * 0.1;
      await transaction.execute(sql`
        insert into communes (code, province_code, name, search_key, type, terrain, area_square_km, geom)
        values (${code}, '37', ${`Xã ${code}`}, ${`xa ${code}`}, 'xã', 'lowland', 116,
                ST_Multi(ST_MakeEnvelope(${west}, 20, ${west + 0.1}, 20.1, 4326)))`);
    }
  });
}

export type TestEstablishment = {
  licenseNumber: string;
  communeCode: string;
  category?: string;
  leadAgency?: string;
  activeFrom?: string;
  activeTo?: string | null;
  /** Degrees; without it the middle of the commune. */
  position?: readonly [number, number];
  inspections?: readonly { on: string; outcome?: string; ground?: string }[];
};

export async function insertEstablishments(
  db: Database,
  establishments: readonly TestEstablishment[],
): Promise<void> {
  await db.write(async (transaction) => {
    for (const {
      licenseNumber,
      communeCode,
      category = 'karaoke',
      leadAgency = 'so-van-hoa-the-thao',
      activeFrom = '2020-01-01',
      activeTo = null,
      position,
      inspections = [],
    } of establishments) {
      const [lon, lat] = position ?? [null, null];
      await transaction.execute(sql`
        insert into establishments (license_number, category, lead_agency, commune_code, workers, active_from, active_to, geom)
        select ${licenseNumber}, ${category}, ${leadAgency}, code, 5, ${activeFrom}, ${activeTo},
               coalesce(ST_SetSRID(ST_MakePoint(${lon}::float8, ${lat}::float8), 4326), label_point)
          from communes where code = ${communeCode}`);
      for (const [index, { on, outcome = 'no-violation', ground = 'planned' }] of inspections.entries()) {
        await transaction.execute(sql`
          insert into inspections (reference, inspected_on, establishment_id, team_level, outcome, ground)
          select ${`${licenseNumber}/${index}`}, ${on}, id, 'province', ${outcome}, ${ground}
            from establishments where license_number = ${licenseNumber}`);
      }
    }
  });
}
