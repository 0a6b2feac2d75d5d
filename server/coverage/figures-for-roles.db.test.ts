import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Role } from '../../contract/access.ts';
import { askersOf, insertPolicyProvince, otherCommune, ownCommune } from '../access/testing/two-communes.ts';
import type { Transaction } from '../db/database.ts';
import { type Sql, sql } from '../db/sql.ts';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';

// Every role asks under its own rights in the database: what it may see is what a planner sees, and what it may not is
// refused. Then the same straight in SQL: that no premises can be had out of what makes the figures.

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertPolicyProvince(db);
});
afterAll(() => db.close());

type Counted = { areas?: { inspections: number }[]; inspections?: number; n: number };
const countedIn = ({ areas, inspections, n }: Counted) =>
  areas?.reduce((sum, area) => sum + area.inspections, 0) ?? inspections ?? n;

const as = (role: Role) => request(makeApp({ db, asker: askersOf[role] }));
const ask = (role: Role, path: string) => as(role).get(path);
const inSql = <Result>(role: Role, work: (transaction: Transaction) => Promise<Result>): Promise<Result> =>
  db.as({ ...askersOf[role], address: '127.0.0.1' }).read(work);
const refused = { code: '42501' };

describe('GET /api/coverage/inspections', () => {
  it.each(['commune', 'category', 'lead-agency', 'area&radius=1000', 'area&radius=5000'])(
    'says the same to planner, inspector and leader, by=%s',
    async (by) => {
      const path = `/api/coverage/inspections?by=${by}`;
      const { body, status } = await ask('planner', path);
      expect([status, body.total.active]).toEqual([200, 96]);
      for (const role of ['inspector', 'leader'] as const) expect((await ask(role, path)).body).toEqual(body);
    },
  );

  it('takes any radius of a planner, and of a leader those that search nothing out', async () => {
    const path = '/api/coverage/inspections?by=area&radius=900';
    expect((await ask('planner', path)).status).toBe(200);
    const { status, body } = await ask('leader', path);
    expect([status, body.where]).toEqual([403, 'query radius']);
    const straight = inSql('leader', (transaction) =>
      transaction.rows(
        z.unknown(),
        sql`select inspection_coverage('2026-01-01', '2026-10-31', 'area', null, null, null, 900, 365, 730)`,
      ),
    );
    await expect(straight).rejects.toMatchObject(refused);
  });

  it.each([
    ['category', '/api/coverage/inspections?category=karaoke'],
    ['agency', '/api/coverage/inspections?agency=so-y-te'],
    ['commune', `/api/coverage/inspections?by=category&commune=${ownCommune}`],
    ['category', '/api/hotspots/local?category=karaoke&measure=count'],
    ['category', '/api/hotspots/density?category=karaoke&grid=none'],
  ])('tells a leader nothing as narrow as a single establishment, by its %s: %s', async (where, path) => {
    expect((await ask('planner', path)).status).toBe(200);
    const { status, body } = await ask('leader', path);
    expect([status, body.where]).toEqual([403, `query ${where}`]);
  });

  it.each([
    [
      'of a category',
      sql`inspection_coverage('2026-01-01', '2026-11-01', 'commune', 'karaoke', null, null, 500, 365, 731)`,
    ],
    [
      'of an agency',
      sql`inspection_coverage('2026-01-01', '2026-11-01', 'commune', null, 'so-y-te', null, 500, 365, 731)`,
    ],
    [
      'by category in a commune',
      sql`inspection_coverage('2026-01-01', '2026-11-01', 'category', null, null, ${ownCommune}, 500, 365, 731)`,
    ],
    ['of a category in space', sql`inspection_places('2026-01-10', '2026-01-10', 'karaoke', '{planned}')`],
    [
      'of a category by commune and day',
      sql`inspections_by_commune('2026-01-01', '2026-11-01', 'karaoke', '{planned}')`,
    ],
    [
      'of a category by commune',
      sql`active_establishments_by_commune('2026-01-01', '2026-11-01', 'karaoke')`,
    ],
  ])('nor does the database, %s', async (_, call) => {
    const asked = (role: Role) => inSql(role, (transaction) => told(transaction, call));
    await expect(asked('leader')).rejects.toMatchObject(refused);
  });

  it('tells a commune of itself alone, what the planner is told of it', async () => {
    const own = await ask('planner', `/api/coverage/inspections?commune=${ownCommune}`);
    expect(own.body.total.active).toBe(8);
    for (const path of ['/api/coverage/inspections', `/api/coverage/inspections?commune=${ownCommune}`])
      expect((await ask('commune', path)).body).toEqual(own.body);
    const other = await ask('commune', `/api/coverage/inspections?commune=${otherCommune}`);
    expect([other.status, other.body.where]).toEqual([403, 'query commune']);
  });

  it('lists premises to who may read them', async () => {
    const { body } = await ask('planner', '/api/coverage/inspections/never?limit=1000');
    expect(body.matched).toBe(96);
    expect((await ask('inspector', '/api/coverage/inspections/never?limit=1000')).body).toEqual(body);
    expect((await ask('leader', '/api/coverage/inspections/never')).status).toBe(403);
    const own = await ask('commune', '/api/coverage/inspections/never?limit=1000');
    expect(own.body.establishments).toEqual(
      body.establishments.filter(({ communeCode }: { communeCode: string }) => communeCode === ownCommune),
    );
    expect((await ask('commune', `/api/coverage/inspections/never?commune=${otherCommune}`)).status).toBe(
      403,
    );
  });
});

describe('hotspots', () => {
  it.each([
    '/api/hotspots/local?measure=count',
    '/api/hotspots/local?statistic=moran&p=permutation&permutations=99',
    '/api/hotspots/scan?replications=99',
    '/api/hotspots/scan?model=space-time-permutation&replications=99',
    '/api/hotspots/scan?model=poisson&replications=99',
    '/api/hotspots/trend?slice=month',
    '/api/hotspots/density?events=outreach&grid=none',
  ])('by commune says the same to planner, inspector and leader: %s', async (path) => {
    const { body, status } = await ask('planner', path);
    expect([status, JSON.stringify(body).length > 200]).toEqual([200, true]);
    for (const role of ['inspector', 'leader'] as const) expect((await ask(role, path)).body).toEqual(body);
    expect((await ask('commune', path)).status).toBe(403);
    expect((await ask('admin', path)).status).toBe(403);
  });

  it.each([
    '/api/hotspots/density?bandwidthMeters=2000',
    '/api/hotspots/relative-risk?bandwidthMeters=3000&grid=values',
    '/api/hotspots/local?unit=cell&measure=count&weights=knn:4',
  ])(
    'in space places premises exactly for who may read them, by square kilometre for a leader: %s',
    async (path) => {
      const { body, status } = await ask('planner', path);
      expect([status, body.method.positions]).toEqual([200, 'establishment']);
      expect(body.found.vi).not.toContain('ô vuông 1 km');
      // what the owner's rights give
      expect(body).toEqual((await request(makeApp({ db })).get(path)).body);
      expect((await ask('inspector', path)).body).toEqual(body);
      const seen = await ask('leader', path);
      expect([seen.status, seen.body.method.positions]).toEqual([200, 'square-kilometre']);
      expect(seen.body.found.vi).toContain('Vị trí chỉ lấy đến ô vuông 1 km');
      expect(seen.body).not.toEqual(body);
      // and yet it counts all of them
      expect(countedIn(seen.body)).toBe(countedIn(body));
    },
  );

  it('never gives one role what was kept for another, nor takes a tag of theirs', async () => {
    const path = '/api/hotspots/density?bandwidthMeters=2100';
    // one app, and so one memory, for all who ask
    const app = makeApp({
      db,
      identify: async (asked) => ({ ...askersOf[asked.get('x-role') as Role], address: '127.0.0.1' }),
    });
    const askAs = (role: Role, where: string, tag = '"none"') =>
      request(app).get(where).set('x-role', role).set('If-None-Match', tag);
    const exact = await askAs('planner', path);
    const coarse = await askAs('leader', path, exact.headers.etag);
    expect([coarse.status, coarse.body.method.positions]).toEqual([200, 'square-kilometre']);
    const again = await askAs('inspector', path, coarse.headers.etag);
    expect([again.status, again.body.method.positions]).toEqual([200, 'establishment']);
    expect((await askAs('leader', path, coarse.headers.etag)).status).toBe(304);
    // nor is work that is under way shared across roles
    const both = await Promise.all(
      (['planner', 'leader'] as const).map((role) =>
        askAs(role, '/api/hotspots/density?bandwidthMeters=2200'),
      ),
    );
    expect(both.map(({ body }) => body.method.positions)).toEqual(['establishment', 'square-kilometre']);
  });
});

describe('outreach in space', () => {
  it('is for planners, and for a commune its own', async () => {
    for (const path of ['/api/coverage/reach', '/api/coverage/gaps', '/api/coverage/near-misses'])
      for (const role of ['inspector', 'leader', 'admin'] as const)
        expect((await ask(role, path)).status).toBe(403);
    const { body } = await ask('planner', '/api/coverage/reach');
    expect(body.method.sessionsOf).toBe('province');
    expect(body.groups).toHaveLength(12);
    const own = (await ask('commune', '/api/coverage/reach')).body;
    expect(own.method.sessionsOf).toBe('own-commune');
    expect(own.found.vi).toContain('Chỉ tính các buổi của xã, phường mình');
    // no group of it is anybody else's, and no place outside of it was near enough to count for its people
    expect(own.groups).toEqual(body.groups.filter(({ key }: { key: string }) => key === ownCommune));
    expect(own.total).toEqual(
      body.groups
        .filter(({ key }: { key: string }) => key === ownCommune)
        .map(({ key: _, name: __, ...figures }: { key: string; name: string }) => figures)[0],
    );
  });

  it('shows a commune no gap and no near miss of another', async () => {
    const gaps = (await ask('commune', '/api/coverage/gaps?minPeople=0')).body;
    expect(gaps.method.sessionsOf).toBe('own-commune');
    expect(gaps.total.places).toBeGreaterThan(0);
    const codes = gaps.features.flatMap((gap: { properties: { communes: { code: string }[] } }) =>
      gap.properties.communes.map(({ code }) => code),
    );
    expect([...new Set(codes)]).toEqual([ownCommune]);
    const misses = (await ask('commune', '/api/coverage/near-misses')).body;
    expect(JSON.stringify(misses)).not.toContain(otherCommune);
  });
});

// ----------------------------------------------------------------------------------------------------- in SQL

const text = z.object({ text: z.string().nullable() });
const told = (transaction: Transaction, call: Sql) =>
  transaction.row(
    text,
    sql`select json_agg(told order by told::text)::text as text from (select * from ${call}) as told`,
  );

/** Every figure that a leader can ask of the database. */
const calls: [name: string, call: Sql][] = [
  ...['commune', 'category', 'lead-agency', 'area'].flatMap((by): [string, Sql][] => [
    [
      `inspection_coverage by ${by}`,
      sql`inspection_coverage('2026-01-01', '2026-11-01', ${by}, null, null, null, 1000, 365, 731)`,
    ],
  ]),
  [
    'inspection_coverage of a commune',
    sql`inspection_coverage('2026-01-01', '2026-11-01', 'commune', null, null, ${ownCommune}, 1000, 365, 731)`,
  ],
  [
    'inspection_places',
    sql`inspection_places('2026-01-01', '2026-11-01', null, '{planned,random,sign-of-violation}')`,
  ],
  [
    'inspection_places of a day',
    sql`inspection_places('2026-01-10', '2026-01-10', null, '{planned,random,sign-of-violation}')`,
  ],
  [
    'inspections_by_commune',
    sql`inspections_by_commune('2026-01-01', '2026-11-01', null, '{planned,random}')`,
  ],
  [
    'active_establishments_by_commune',
    sql`active_establishments_by_commune('2026-01-01', '2026-11-01', null)`,
  ],
  ['outreach_by_commune', sql`outreach_by_commune('2026-01-01', '2026-11-01')`],
  ['licences_on_record', sql`licences_on_record('2026-01-01', '2026-11-01')`],
  ['inspections_recorded_from', sql`inspections_recorded_from()`],
  ['simulated_until', sql`simulated_until()`],
];

describe('the database itself', () => {
  it.each([
    'establishments',
    'inspections',
    'inspection_records',
    'counted_inspections',
    'establishment_years',
  ])('shows a leader no row of %s', async (relation) => {
    await expect(
      inSql('leader', (transaction) =>
        transaction.rows(z.unknown(), sql`select 1 from ${sql.identifier(relation)} limit 1`),
      ),
    ).rejects.toMatchObject(refused);
  });

  it('tells a leader the same, whatever the ids and licence numbers, and wherever in its square kilometre each one lies', async () => {
    const before = new Map<string, string | null>();
    for (const [name, call] of calls)
      before.set(name, (await inSql('leader', (transaction) => told(transaction, call))).text);
    expect(before.get('inspection_places')).toMatch(/"exact":false/);
    await db.write(async (transaction) => {
      // each is written anew under another id and number, up to some hundred metres away, as near to the middle of its square
      await transaction.execute(sql`
        create temporary table moved on commit drop as
        select e.id, nextval(pg_get_serial_sequence('establishments', 'id')) as new_id, e.license_number,
               ST_SetSRID(ST_MakePoint(
                 (floor(ST_X(geom) / width) + 0.5) * width + (ST_X(geom) - (floor(ST_X(geom) / width) + 0.5) * width) / 3,
                 (floor(ST_Y(geom) / height) + 0.5) * height + (ST_Y(geom) - (floor(ST_Y(geom) / height) + 0.5) * height) / 3), 4326) as place
          from establishments e,
               lateral (select 1000 / 110574.0::float8 as height) h,
               lateral (select 1000 / 111319.0::float8 / cosd(greatest(abs(floor(ST_Y(geom) / height)), abs(floor(ST_Y(geom) / height) + 1)) * height) as width) w`);
      await transaction.execute(sql`
        insert into establishments (id, license_number, category, lead_agency, commune_code, workers, active_from, active_to, simulated, geom)
        overriding system value
        select m.new_id, 'X-' || m.new_id, e.category, e.lead_agency, e.commune_code, e.workers, e.active_from, e.active_to, e.simulated, m.place
          from moved m join establishments e on e.id = m.id order by md5(m.license_number)`);
      await transaction.execute(sql`
        update inspection_records i set establishment_id = m.new_id from moved m where m.id = i.establishment_id`);
      await transaction.execute(sql`delete from establishments e using moved m where m.id = e.id`);
    });
    const places = await db.read((transaction) =>
      transaction.row(
        z.object({ renamed: z.boolean() }),
        sql`select bool_and(license_number like 'X-%') as renamed from establishments`,
      ),
    );
    expect(places.renamed).toBe(true);
    for (const [name, call] of calls) {
      // what lies near a park or a dormitory may not do so any more: counts of areas follow where each one lies
      if (name.includes('by area')) continue;
      expect([name, (await inSql('leader', (transaction) => told(transaction, call))).text]).toEqual([
        name,
        before.get(name),
      ]);
    }
  });

  it('is asked here of every function that gives a leader anything, but for those that are told elsewhere', async () => {
    // counts of people and reports: server/coverage/small-numbers/
    const elsewhere = ['shown_indicator_months', 'communes_in_quarter', 'report_cells'];
    const granted = await db.read((transaction) =>
      transaction.rows(
        z.object({ name: z.string() }),
        sql`select distinct p.proname as name from pg_proc p
             where p.pronamespace = 'public'::regnamespace and p.prosecdef and p.prorettype <> 'trigger'::regtype
               and has_function_privilege('diaban_leader', p.oid, 'execute')
               -- flags, and what every account has for itself
               and not has_function_privilege('diaban_admin', p.oid, 'execute')`,
      ),
    );
    const tried = calls.map(([name]) => name.split(' ')[0]);
    expect(
      granted.map(({ name }) => name).filter((name) => !tried.includes(name) && !elsewhere.includes(name)),
    ).toEqual([]);
  });

  it('places nothing for a leader more closely than a kilometre', async () => {
    const places = await inSql('leader', (transaction) =>
      transaction.row(
        z.object({
          longitudes: z.array(z.number()),
          latitudes: z.array(z.number()),
          inspections: z.array(z.number()),
        }),
        sql`select longitudes, latitudes, inspections from inspection_places('2026-01-01', '2026-11-01', null, '{planned,random,sign-of-violation}')`,
      ),
    );
    const exact = await db.read((transaction) =>
      transaction.rows(
        z.object({ lon: z.number(), lat: z.number() }),
        sql`select ST_X(geom) as lon, ST_Y(geom) as lat from establishments`,
      ),
    );
    const told = new Set(places.longitudes.map((lon, index) => `${lon} ${places.latitudes[index]}`));
    expect(exact.filter(({ lon, lat }) => told.has(`${lon} ${lat}`))).toEqual([]);
    // 1 km and more apart, but for two parts of one square in two communes
    const middles = places.longitudes.map((lon, index) => [lon, places.latitudes[index]!] as const);
    const near = middles.flatMap(([lon, lat], one) =>
      middles
        .slice(one + 1)
        .filter(
          ([otherLon, otherLat]) =>
            Math.max(
              Math.abs(otherLon - lon) * 111_319 * Math.cos((20.1 * Math.PI) / 180),
              Math.abs(otherLat - lat) * 110_574,
            ) < 999,
        )
        .filter(([otherLon]) => Math.floor((otherLon - 106) * 10) === Math.floor((lon - 106) * 10)),
    );
    expect(near).toEqual([]);
    expect(places.inspections.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(200);
  });

  it('gives exact places in a transaction that is on the audit log alone', async () => {
    const call = sql`inspection_places('2026-01-01', '2026-11-01', null, '{planned}')`;
    for (const role of ['planner', 'inspector'] as const) {
      await expect(inSql(role, (transaction) => told(transaction, call))).rejects.toMatchObject(refused);
      const logged = await db.as({ ...askersOf[role], address: '127.0.0.1' }).write(async (transaction) => {
        await transaction.rows(z.unknown(), sql`select begin_premises_reading('test', '{}')`);
        return told(transaction, call);
      });
      expect(logged.text).toMatch(/"exact":true/);
    }
  });

  it('gives a commune the figures of its own, and refuses it any other and the analyses in space', async () => {
    const coverage = (commune: string | null) =>
      sql`inspection_coverage('2026-01-01', '2026-11-01', 'commune', null, null, ${commune}, 500, 365, 731)`;
    const own = (await inSql('commune', (transaction) => told(transaction, coverage(null)))).text;
    expect(own).toContain(ownCommune);
    expect(own).not.toContain(otherCommune);
    expect(own).toBe((await inSql('leader', (transaction) => told(transaction, coverage(ownCommune)))).text);
    for (const call of [
      coverage(otherCommune),
      sql`inspection_places('2026-01-01', '2026-11-01', null, '{planned}')`,
      sql`inspections_by_commune('2026-01-01', '2026-11-01', null, '{planned}')`,
      sql`active_establishments_by_commune('2026-01-01', '2026-11-01', null)`,
      sql`outreach_by_commune('2026-01-01', '2026-11-01')`,
    ])
      await expect(inSql('commune', (transaction) => told(transaction, call))).rejects.toMatchObject(refused);
    // an account whose commune is not set is nobody's
    await expect(
      db
        .as({ ...askersOf.commune, commune: null, address: '127.0.0.1' })
        .read((transaction) => told(transaction, coverage(ownCommune))),
    ).rejects.toMatchObject(refused);
  });

  it('tells every role alike whether records are simulated, and of outreach by commune', async () => {
    const roles = ['planner', 'inspector', 'leader', 'commune'] as const;
    const toldTo = (role: Role, call: Sql) =>
      inSql(role, async (transaction) => (await told(transaction, call)).text);
    const byCommune = sql`outreach_by_commune('2026-01-01', '2026-11-01')`;
    const sessions = await toldTo('planner', byCommune);
    expect(sessions).toContain(otherCommune);
    for (const role of ['inspector', 'leader'] as const) expect(await toldTo(role, byCommune)).toBe(sessions);
    for (const role of roles) expect(await toldTo(role, sql`figures_are_simulated()`)).toContain('false');
    await db.write(async (transaction) => {
      await transaction.execute(sql`
        insert into outreach_session_records (reference, held_on, form, audience, commune_code, attendance, simulated)
        values ('SIM-1', '2026-07-07', 'direct', 'residents', ${otherCommune}, 30, true)`);
    });
    for (const role of roles) expect(await toldTo(role, sql`figures_are_simulated()`)).toContain('true');
    // some are real: no last simulated day
    for (const role of roles) expect(await toldTo(role, sql`simulated_until()`)).toContain('null');
  });

  it('gives an admin no figure', async () => {
    for (const [name, call] of calls) {
      if (name === 'simulated_until') continue;
      await expect(
        inSql('admin', (transaction) => told(transaction, call)),
        name,
      ).rejects.toMatchObject(refused);
    }
  });

  it('keeps what the figures are put together with to itself', async () => {
    for (const call of [sql`establishment_areas(500, null, null, null)`, sql`commune_in_scope(null)`])
      for (const role of ['planner', 'inspector', 'leader', 'commune', 'admin'] as const)
        await expect(inSql(role, (transaction) => told(transaction, call))).rejects.toMatchObject(refused);
  });
});
