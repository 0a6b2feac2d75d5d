import { existsSync, readFileSync } from 'node:fs';
import type { Database } from '../db/database.ts';
import { sql } from '../db/sql.ts';
import { generaliseCoverage } from '../places/generalise.ts';
import { readMercatorOutlines, replaceOutlines } from '../places/outline-queries.ts';

/** The real outlines may not be part of the project; where they lie beside it they are tested and measured with. */
export const realOutlines = '../shared/data/ninh_binh_communes_2025.geojson';
export const hasRealOutlines = () => existsSync(realOutlines);

/** The real communes with their generalised outlines, and of their facts no more than tiles need. */
export async function insertRealCommunes(db: Database): Promise<void> {
  const text = readFileSync(realOutlines, 'utf8');
  await db.write(async (transaction) => {
    await transaction.execute(sql`insert into provinces (code, name) values ('37', 'Ninh Bình')`);
    await transaction.execute(sql`
      insert into communes (code, province_code, name, search_key, type, area_square_km, geom)
      select facts->>'code', '37', normalize(facts->>'name_vi', nfc), facts->>'code', facts->>'type', (facts->>'area_km2_geom')::float8,
             ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_SetSRID(ST_GeomFromGeoJSON(feature->>'geometry'), 4326)), 3))
        from json_array_elements(${text}::json->'features') as feature, lateral (select feature->'properties' as facts) as properties`);
    const { outlines } = generaliseCoverage(await readMercatorOutlines(transaction));
    await replaceOutlines(transaction, outlines);
  });
}

/** As many simulated establishments, spread evenly within the communes, each commune's alike in every run. */
export async function insertSpreadEstablishments(db: Database, count: number): Promise<void> {
  await db.write((transaction) =>
    transaction.execute(sql`
      insert into establishments (license_number, category, lead_agency, commune_code, workers, active_from, simulated, geom)
      select code || '-' || number, (array['hotel', 'guest-house', 'karaoke', 'cafe', 'restaurant'])[1 + number % 5], 'cong-an',
             code, 3, '2020-01-01', true, (point).geom
        from (select code, geom, row_number() over (order by code) as position, count(*) over () as communes from communes) as held,
             lateral (select ST_Dump(ST_GeneratePoints(
               geom, (${count}::int / communes + (position <= ${count}::int % communes)::int)::int, position::int)) as point) as points,
             lateral (select (point).path[1] as number) as numbers`),
  );
}
