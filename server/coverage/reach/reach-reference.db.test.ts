import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ReachPopulation, reachPopulations } from '../../../contract/coverage-reach.ts';
import type { Transaction } from '../../db/database.ts';
import { sql } from '../../db/sql.ts';
import { createRandom, nextBelow, nextUniform } from '../../hotspots/random.ts';
import { makeApp } from '../../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { insertSquareCommunes } from '../../testing/province.ts';
import { type Shape, shapeMeters } from './place-distance.ts';
import { readOutreachForms } from './queries.ts';
import {
  insertReachPlaces,
  insertReachSessions,
  type TestPlace,
  type TestSession,
} from './testing/insert-reach.ts';

// Our distances and our reach against PostGIS, which takes every place with every session: ST_Distance on geography.

const random = createRandom(4, 1);
const between = (from: number, to: number) => from + (to - from) * nextUniform(random);
const oneOf = <Item>(items: readonly Item[]): Item => items[nextBelow(random, items.length)]!;

const forms = ['direct', 'group-discussion', 'loudspeaker', 'leaflet', 'online', 'contest', 'counselling'];
const scattered: TestPlace[] = Array.from({ length: 260 }, (_, n) => {
  const population =
    n < 20
      ? 'industrial-workers'
      : oneOf<ReachPopulation>(['establishment-workers', 'students', 'dormitory-residents']);
  const isArea =
    population === 'industrial-workers' ||
    (population === 'dormitory-residents' && nextBelow(random, 2) === 0);
  return {
    reference: `P${n}`,
    population,
    communeCode: '10001',
    people: nextBelow(random, 9) === 0 ? null : nextBelow(random, 400),
    at: { from: [between(106.02, 106.08), between(20.02, 20.08)] },
    ...(isArea ? { squareDegrees: between(0.0005, 0.012) } : {}),
    ...(population === 'dormitory-residents'
      ? { kind: oneOf(['student-dormitory', 'workers-housing', 'social-housing', 'specialists-lodging']) }
      : {}),
  };
});
/** Schools along a road through both communes, one every 418 m for 19 km: a gap that has to be divided. */
const road: TestPlace[] = Array.from({ length: 46 }, (_, n) => ({
  reference: `R${n}`,
  population: 'students',
  communeCode: n < 23 ? '10001' : '10002',
  people: 100,
  at: { from: [106.01 + n * 0.004, 20.092] },
}));
const places = [...scattered, ...road];
const sessions: TestSession[] = Array.from({ length: 90 }, () => {
  const day = new Date(Date.UTC(2025, 9, 1 + nextBelow(random, 400)));
  return {
    on: day.toISOString().slice(0, 10),
    form: oneOf(forms),
    audience: oneOf(['residents', 'establishment-workers', 'industrial-workers', 'students', 'officers']),
    communeCode: '10001',
    ...(nextBelow(random, 8) > 0 ? { place: oneOf(scattered).reference } : {}),
  };
});

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002']);
  await insertReachPlaces(db, places);
  await insertReachSessions(db, sessions);
});
afterAll(() => db.close());

/** Every place, with its population, people (of 1–4 the masked number) and geometry. */
const everyPlace = sql`
  (select 'establishment-workers' as population, null as kind, license_number as reference, masked_workers as people, geom from establishments
   union all select 'industrial-workers', null, reference, masked_workers, geom from industrial_parks
   union all select 'students', null, reference, masked_students, geom from schools
   union all select 'dormitory-residents', kind, reference, masked_residents, geom from dormitories)`;

const pair = z.object({ a: z.unknown(), b: z.unknown(), meters: z.number() });
const shapeOfGeoJson = (geometry: unknown): Shape => {
  const { type, coordinates } = geometry as { type: string; coordinates: never };
  return type === 'Polygon' ? [coordinates] : coordinates;
};

describe('distances', () => {
  it('agree with ST_Distance on geography, for points and areas, to a millionth or a tenth of a millimetre', async () => {
    const pairs = await db.read((transaction) =>
      transaction.rows(
        pair,
        sql`
          select ST_AsGeoJSON(a.geom, 15)::json as a, ST_AsGeoJSON(b.geom, 15)::json as b,
                 ST_Distance(a.geom::geography, b.geom::geography) as meters
            from ${everyPlace} a join ${everyPlace} b on b.reference > a.reference
           where hashtext(a.reference || b.reference) % 4 = 0`,
      ),
    );
    expect(pairs.length).toBeGreaterThan(5000);
    const off = pairs.map(({ a, b, meters }) => {
      const own = shapeMeters(shapeOfGeoJson(a), shapeOfGeoJson(b));
      return Math.abs(own - meters) / Math.max(meters, 100);
    });
    expect(Math.max(...off)).toBeLessThan(1e-6);
    expect(pairs.filter(({ meters }) => meters === 0).length).toBeGreaterThan(10);
  });
});

describe('reach', () => {
  const counted = z.object({
    population: z.enum(reachPopulations),
    people: z.number().nullable(),
    within: z.number(),
    out: z.number(),
  });
  /** By the definition, in SQL: every place with every session of the window. */
  const bruteForce = (transaction: Transaction, matching: boolean, radius: number | null) =>
    transaction.rows(
      counted,
      sql`
        with held as (
          select s.audience, p.reference, p.geom::geography as geog, coalesce(case when f.radius_meters is not null then ${radius}::float8 end, f.radius_meters) as radius
            from outreach_sessions s
            join outreach_forms f using (form)
            left join establishments e on e.id = s.establishment_id
            left join industrial_parks i on i.id = s.industrial_park_id
            left join schools c on c.id = s.school_id
            left join dormitories d on d.id = s.dormitory_id
            join ${everyPlace} p on p.reference = coalesce(e.license_number, i.reference, c.reference, d.reference)
           where s.held_on between '2025-11-01' and '2026-10-31'
        ), judged as (
          select p.*, exists (
            select from held h
             where (h.reference = p.reference or ST_Distance(h.geog, p.geom::geography) <= h.radius)
               and (not ${matching}::boolean or case
                 when p.population = 'dormitory-residents' then
                   h.audience = 'residents' or (h.audience = 'students' and p.kind = 'student-dormitory')
                   or (h.audience = 'industrial-workers' and p.kind <> 'student-dormitory')
                 else h.audience = p.population end)
          ) as is_within
          from ${everyPlace} p
        )
        select population, sum(people) filter (where is_within)::int as people, count(*) filter (where is_within)::int as within,
               count(*) filter (where not is_within)::int as out
          from judged group by population`,
    );

  it.each([
    ['matching', ''],
    ['any', ''],
    ['matching', '200'],
    ['any', '1500'],
    ['matching', '6000'],
  ])(
    'with audience=%s and radius=%s is what every place with every session gives',
    async (audience, radius) => {
      const query = `asOf=2026-10-31&audience=${audience}${radius && `&radius=${radius}`}`;
      const { body } = await request(makeApp({ db })).get(`/api/coverage/reach?${query}`);
      const expected = await db.read((transaction) =>
        bruteForce(transaction, audience === 'matching', radius ? Number(radius) : null),
      );
      const answered = (body.total.populations as Record<string, number | string>[]).map((figures) => ({
        population: figures.population,
        people: figures.peopleWithinReach,
        within: figures.placesWithinReach,
        out: figures.placesOutOfReach,
      }));
      const inOrder = reachPopulations.map((population) => {
        const found = expected.find((row) => row.population === population)!;
        return { ...found, people: found.people ?? 0 };
      });
      expect(answered).toEqual(inOrder);
      // neither nothing nor everything, or it would prove little
      const within = inOrder.reduce((sum, row) => sum + row.within, 0);
      expect(within).toBeGreaterThan(20);
      const { body: gaps } = await request(makeApp({ db })).get(`/api/coverage/gaps?${query}&minPeople=0`);
      expect(gaps.total.places).toBe(places.length - within);
    },
  );
});

describe('the polygons of gaps', () => {
  const judged = z.object({
    polygons: z.number(),
    invalid: z.number(),
    labels: z.number(),
    squareKm: z.number(),
    overlapSquareMeters: z.number(),
  });

  it.each(['minPeople=0', 'minPeople=0&radius=100', 'minPeople=0&months=1&population=students'])(
    'with %s are valid, do not overlap, and hold their labels',
    async (query) => {
      const { body } = await request(makeApp({ db })).get(`/api/coverage/gaps?asOf=2026-10-31&${query}`);
      type Drawn = { geometry: unknown; properties: { labelPoint: [number, number]; areaSquareKm: number } };
      const drawn = body.features as Drawn[];
      const row = await db.read((transaction) =>
        transaction.row(
          judged,
          sql`
          with gaps as materialized (
            select number, ST_SetSRID(ST_GeomFromGeoJSON(geometry), 4326) as geom, ST_SetSRID(ST_MakePoint(x, y), 4326) as label
              from unnest(${drawn.map(({ geometry }) => JSON.stringify(geometry))}::text[],
                          ${drawn.map(({ properties }) => properties.labelPoint[0])}::float8[],
                          ${drawn.map(({ properties }) => properties.labelPoint[1])}::float8[])
                   with ordinality as drawn (geometry, x, y, number)
          )
          select count(*) as polygons, count(*) filter (where not ST_IsValid(geom)) as invalid,
                 count(*) filter (where ST_Contains(geom, label)) as labels, sum(ST_Area(geom::geography)) / 1e6 as "squareKm",
                 (select coalesce(sum(ST_Area(ST_Intersection(a.geom, b.geom)::geography)), 0)
                    from gaps a join gaps b on b.number > a.number and ST_Intersects(a.geom, b.geom)) as "overlapSquareMeters"
            from gaps`,
        ),
      );
      expect(row).toMatchObject({ polygons: body.features.length, invalid: 0, labels: body.features.length });
      expect(row.polygons).toBeGreaterThan(1);
      const said = drawn.reduce((sum, { properties }) => sum + properties.areaSquareKm, 0);
      expect(Math.abs(row.squareKm - said) / said).toBeLessThan(0.001);
      // what rounding to a metre can make along a common border
      expect(row.overlapSquareMeters).toBeLessThan(500);
    },
  );
});

describe('the forms of outreach', () => {
  it('are those of the contract, each with a name and a radius', async () => {
    const rows = await db.read(readOutreachForms);
    expect(rows.map(({ form }) => form).sort()).toEqual([...forms].sort());
    expect(rows.filter(({ radiusMeters }) => radiusMeters === null).map(({ form }) => form)).toEqual([
      'online',
    ]);
  });
});
