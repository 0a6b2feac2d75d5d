import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { sql } from '../db/sql.ts';
import { createRandom, nextBelow } from '../hotspots/random.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { insertManyPlaces } from '../testing/many-places.ts';

// A commune's counts are made when they are asked for, the province's kept by triggers: they are held to each other.

const collections = ['dormitories', 'schools', 'establishments'] as const;
const triangle = z.object({
  b: z.number(),
  a: z.number(),
  upper: z.boolean(),
  places: z.number(),
  simulated_places: z.number(),
});
type Sums = Map<string, { places: number; simulated: number }>;

let db: TestDatabase;
let codes: string[];
beforeAll(async () => {
  db = await openTestDatabase();
  await insertManyPlaces(db);
  codes = await db.read(async (tx) =>
    (await tx.rows(z.object({ code: z.string() }), sql`select code from communes order by code`)).map(
      ({ code }) => code,
    ),
  );
}, 300_000);
afterAll(() => db.close());

function add(sums: Sums, rows: readonly z.infer<typeof triangle>[]): Sums {
  for (const { b, a, upper, places, simulated_places } of rows) {
    const key = `${b} ${a} ${upper}`;
    const { places: known, simulated } = sums.get(key) ?? { places: 0, simulated: 0 };
    sums.set(key, { places: known + places, simulated: simulated + simulated_places });
  }
  return sums;
}

const sorted = (sums: Sums) => [...sums].sort(([one], [other]) => (one < other ? -1 : 1));

async function expectSumsToAgree() {
  for (const collection of collections) {
    const ofCommunes: Sums = new Map();
    for (const commune of codes)
      add(
        ofCommunes,
        await db
          .as({ account: `xa-${commune}`, role: 'commune', commune, address: '127.0.0.1' })
          .read((tx) => tx.rows(triangle, sql`select * from own_place_triangles(${collection})`)),
      );
    const kept = await db.read((tx) =>
      tx.rows(
        triangle,
        sql`select b, a, upper, places, simulated_places from place_triangles where collection = ${collection}`,
      ),
    );
    expect(sorted(ofCommunes), collection).toEqual(sorted(add(new Map(), kept)));
  }
}

it('counts by commune add up to those of the province, triangle by triangle, as places come, move and go', async () => {
  await expectSumsToAgree();
  const random = createRandom(20261124);
  for (let round = 0; round < 3; round += 1) {
    const one = (below: number) => nextBelow(random, below);
    await db.write(async (tx) => {
      for (const table of collections) {
        const name = sql.identifier(table);
        const divisor = 3 + one(5);
        await tx.execute(
          sql`update ${name} set geom = ST_Translate(geom, ${one(60) / 1000}::float8, ${one(30) / 1000}::float8) where id % ${divisor}::int = 0`,
        );
        await tx.execute(
          sql`update ${name} set commune_code = ${codes[one(codes.length)]!}, simulated = not simulated where id % ${divisor}::int = 1`,
        );
        await tx.execute(sql`delete from ${name} where id % 17 = ${one(17)}::int`);
      }
    });
    await expectSumsToAgree();
  }
}, 300_000);
