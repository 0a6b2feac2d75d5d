import type { Database } from '../db/database.ts';
import { sql } from '../db/sql.ts';

/** How many of each collection `insertManyPlaces` makes. */
export const manyPlaces = {
  communes: 129,
  'border-areas': 41,
  'industrial-parks': 60,
  dormitories: 120,
  schools: 150,
  establishments: 2500,
};

/**
 * A province of every kind of place: communes are squares of 0.08° in rows of 13 from 105.5° E, 19.9° N, with codes that
 * begin with 0, and names with all that JSON has to escape. Positions run through residues, so that they repeat in
 * every run and are spread over the squares. Establishment n is in business from 2019-01-01 + n mod 1500 days, every fifth
 * for 400 days and the others without end; every tenth place is simulated.
 */
export async function insertManyPlaces(db: Database): Promise<void> {
  const point = sql`ST_SetSRID(ST_MakePoint(105.5 + (n * 7919 % 10399) / 10000.0, 19.9 + (n * 6007 % 7993) / 10000.0), 4326)`;
  const communeAt = sql`lpad(((floor((ST_X(point) - 105.5) / 0.08) + 13 * floor((ST_Y(point) - 19.9) / 0.08) + 1)::int * 7)::text, 5, '0')`;
  const places = (count: number) => sql`
    (select n, point, least(${communeAt}, lpad((129 * 7)::text, 5, '0')) as commune, n % 10 = 0 as simulated
       from generate_series(1, ${count}::int) n, lateral (select ${point} as point) at) numbered`;
  const square = (meters: number) => sql`ST_Envelope(ST_Buffer(point::geography, ${meters})::geometry)`;
  await db.write(async (transaction) => {
    await transaction.execute(sql`insert into provinces (code, name) values ('37', 'Ninh Bình')`);
    await transaction.execute(sql`
      insert into communes (code, province_code, name, search_key, type, terrain, population, area_square_km,
                            adjoining_provinces, coastal, simulated, geom)
      select lpad((n * 7)::text, 5, '0'), '37', 'Xã "Đồng" \\ số ' || n, 'xa ' || n,
             (array['xã', 'phường'])[1 + n % 2], (array['lowland', 'coastal', 'urban', null])[1 + n % 4],
             case when n % 3 > 0 then n * 1000 end, 70 + n / 10.0,
             case when n <= 30 then array['Hà Nội', 'Hưng Yên'] else '{}' end, n > 118, n % 10 = 0,
             ST_Multi(ST_MakeEnvelope(105.5 + (n - 1) % 13 * 0.08, 19.9 + (n - 1) / 13 * 0.08,
                                      105.58 + (n - 1) % 13 * 0.08, 19.98 + (n - 1) / 13 * 0.08, 4326))
        from generate_series(1, ${manyPlaces.communes}::int) n`);
    await transaction.execute(sql`
      insert into border_areas (kind, commune_code, neighbour_province, width_meters, derivation, simulated, geom)
      select case when n <= 30 then 'adjoining' else 'coastal' end, code, case when n <= 30 then 'Hà Nội' end, 1000,
             case when n <= 30 then 'neighbour-outline' else 'coast' end, n % 10 = 0, geom
        from (select row_number() over (order by coastal, code)::int as n, code, geom from communes
               where coastal or code <= '00210') bordering`);
    await transaction.execute(sql`
      insert into industrial_parks (reference, name, commune_code, workers, simulated, geom)
      select 'KCN-' || n, 'Khu công nghiệp ' || n, commune, case when n % 4 > 0 then n * 100 end, simulated,
             ST_Multi(${square(500)})
        from ${places(manyPlaces['industrial-parks'])}`);
    await transaction.execute(sql`
      insert into dormitories (reference, name, kind, commune_code, residents, simulated, geom)
      select 'KTX-' || n, 'Ký túc xá ' || n, (array['student-dormitory', 'workers-housing', 'social-housing'])[1 + n % 3],
             commune, n * 10, simulated,
             case n % 3 when 0 then point when 1 then ${square(60)} else ST_Multi(${square(80)}) end
        from ${places(manyPlaces.dormitories)}`);
    await transaction.execute(sql`
      insert into schools (reference, name, kind, commune_code, students, simulated, geom)
      select 'TH-' || n, 'Trường Trần Hưng Đạo ' || n, (array['upper-secondary', 'university-college', 'vocational'])[1 + n % 3],
             commune, n * 20, simulated, point
        from ${places(manyPlaces.schools)}`);
    await transaction.execute(sql`
      insert into establishments (license_number, category, lead_agency, commune_code, workers, active_from, active_to,
                                  simulated, geom)
      select 'GP/' || n, (array['hotel', 'karaoke', 'massage-sauna'])[1 + n % 3],
             (array['so-du-lich', 'so-van-hoa-the-thao', 'so-y-te'])[1 + n % 3], commune, n % 40,
             date '2019-01-01' + n % 1500, case when n % 5 = 0 then date '2019-01-01' + n % 1500 + 400 end, simulated, point
        from ${places(manyPlaces.establishments)}`);
  });
}
