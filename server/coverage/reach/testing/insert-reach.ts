import type { ReachPopulation } from '../../../../contract/coverage-reach.ts';
import type { Database, Transaction } from '../../../db/database.ts';
import { type Sql, sql } from '../../../db/sql.ts';

/** Where a test's place lies: so many metres from a position on a bearing (degrees, clockwise from north). */
export type TestPosition = { from: readonly [number, number]; meters?: number; bearing?: number };
export type TestPlace = {
  reference: string;
  population: ReachPopulation;
  communeCode: string;
  people: number | null;
  at: TestPosition;
  /** Side of a square area about the position, in degrees; without it a point. */
  squareDegrees?: number;
  kind?: string;
  activeFrom?: string;
  activeTo?: string | null;
};
export type TestSession = {
  on: string;
  form?: string;
  audience: string;
  communeCode: string;
  /** Reference of the place; without it the commune at large. */
  place?: string;
  attendance?: number;
};

const positionOf = ({ from: [lon, lat], meters = 0, bearing = 90 }: TestPosition): Sql => sql`
  ST_Project(ST_SetSRID(ST_MakePoint(${lon}::float8, ${lat}::float8), 4326)::geography, ${meters}::float8, radians(${bearing}::float8))::geometry`;

export const insertReachPlaces = (db: Database, places: readonly TestPlace[]): Promise<void> =>
  db.write(async (transaction) => {
    for (const place of places) await insertPlace(transaction, place);
  });

async function insertPlace(transaction: Transaction, place: TestPlace): Promise<void> {
  const { reference, communeCode, people, squareDegrees } = place;
  const point = positionOf(place.at);
  const geometry = squareDegrees ? sql`ST_Expand(${point}, ${squareDegrees / 2}::float8)` : point;
  if (place.population === 'establishment-workers') {
    const { activeFrom = '2020-01-01', activeTo = null } = place;
    await transaction.execute(sql`
      insert into establishments (license_number, category, lead_agency, commune_code, workers, active_from, active_to, geom)
      values (${reference}, 'karaoke', 'so-van-hoa-the-thao', ${communeCode}, ${people}, ${activeFrom}, ${activeTo}, ${geometry})`);
  } else if (place.population === 'industrial-workers') {
    await transaction.execute(sql`
      insert into industrial_parks (reference, name, commune_code, workers, geom)
      values (${reference}, ${reference}, ${communeCode}, ${people}, ST_Multi(${geometry}))`);
  } else if (place.population === 'students') {
    await transaction.execute(sql`
      insert into schools (reference, name, kind, commune_code, students, geom)
      values (${reference}, ${reference}, ${place.kind ?? 'upper-secondary'}, ${communeCode}, ${people}, ${geometry})`);
  } else {
    await transaction.execute(sql`
      insert into dormitories (reference, name, kind, commune_code, residents, geom)
      values (${reference}, ${reference}, ${place.kind ?? 'workers-housing'}, ${communeCode}, ${people}, ${geometry})`);
  }
}

export const insertReachSessions = (
  db: Database,
  sessions: readonly TestSession[],
  prefix = 'TT',
): Promise<void> =>
  db.write(async (transaction) => {
    for (const [index, session] of sessions.entries()) {
      const place = session.place ?? null;
      await transaction.execute(sql`
        insert into outreach_sessions (reference, held_on, form, audience, commune_code, establishment_id, industrial_park_id,
                                       school_id, dormitory_id, attendance)
        values (${`${prefix}-${index}`}, ${session.on}, ${session.form ?? 'direct'}, ${session.audience}, ${session.communeCode},
                (select id from establishments where license_number = ${place}),
                (select id from industrial_parks where reference = ${place}),
                (select id from schools where reference = ${place}),
                (select id from dormitories where reference = ${place}), ${session.attendance ?? 20})`);
    }
  });
