import { unzipSync } from 'fflate';
import request from 'supertest';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../../contract/access.ts';
import { indicatorIds } from '../../../contract/coverage-indicators.ts';
import type { Database } from '../../db/database.ts';
import { sql } from '../../db/sql.ts';
import { createRandom, nextUniform } from '../../hotspots/random.ts';
import { makeApp } from '../../testing/app.ts';
import { openTestDatabase } from '../../testing/database.ts';
import { insertSquareCommunes } from '../../testing/province.ts';

// Two provinces that differ in nothing but in which of 1, 2, 3 and 4 their small counts of people are. Whatever a role asks,
// both answer the same, to the byte: so no programme at all, however it solves, learns a count from the answers. What their
// owner is answered differs nearly everywhere: so the two are not the same by chance.

const communes = Array.from({ length: 9 }, (_, index) => String(10_001 + index));
const own = communes[0]!;
const day = (month: number, date: number) => `2026-0${month}-${String(date).padStart(2, '0')}`;

/** `small` gives each hidden count; all else is the same in every world. */
async function insertWorld(db: Database, small: () => number): Promise<void> {
  await insertSquareCommunes(db, communes);
  const random = createRandom(9, 1);
  const some = (fewest: number, most: number) =>
    fewest + Math.floor(nextUniform(random) * (most - fewest + 1));
  /** Mostly small. Of the asking commune's own books nothing changes between the worlds but what others recorded. */
  const count = (isSame: boolean) => {
    const isSmall = nextUniform(random) < 0.6;
    const large = some(5, 40);
    const hidden = small();
    return isSmall ? (isSame ? 2 : hidden) : large;
  };
  await db.write(async (transaction) => {
    for (const [index, code] of communes.entries()) {
      const isOwn = code === own;
      const west = 106 + index * 0.1;
      await transaction.execute(sql`
        insert into industrial_parks (reference, name, commune_code, workers, geom)
        values (${`KCN-${code}`}, 'Khu', ${code}, ${count(isOwn)}::int, ST_Multi(ST_MakeEnvelope(${west + 0.01}, 20.03, ${west + 0.02}, 20.04, 4326)))`);
      await transaction.execute(sql`
        insert into dormitories (reference, name, kind, commune_code, residents, geom)
        values (${`KTX-${code}`}, 'Ký túc xá', 'student-dormitory', ${code}, ${count(isOwn)}::int, ST_SetSRID(ST_MakePoint(${west + 0.05}, 20.05), 4326))`);
      await transaction.execute(sql`
        insert into schools (reference, name, kind, commune_code, students, geom)
        values (${`TH-${code}`}, 'Trường', 'vocational', ${code}, ${count(isOwn)}::int, ST_SetSRID(ST_MakePoint(${west + 0.06}, 20.06), 4326))`);
      for (let place = 0; place < 4; place++)
        await transaction.execute(sql`
          insert into establishments (license_number, category, lead_agency, commune_code, workers, active_from, active_to, geom)
          values (${`GP-${code}-${place}`}, 'karaoke', 'cong-an', ${code}, ${count(false)}::int, ${place < 2 ? '2020-01-01' : day(some(1, 9), 7)}::date,
                  ${place === 1 ? '2026-08-01' : null}::date, ST_SetSRID(ST_MakePoint(${west + 0.02 + place * 0.01}, 20.07), 4326))`);
      for (let session = 0; session < 14; session++) {
        const role = session % 5 === 4 ? 'planner' : 'commune';
        const place = session % 4;
        // what planners recorded is theirs to see: it is the same in both worlds
        const attendance = count(role === 'planner' || isOwn);
        await transaction.execute(sql`
          insert into outreach_session_records (reference, held_on, form, audience, commune_code, establishment_id, industrial_park_id, school_id, attendance, recorded_role)
          select ${`TT-${code}-${session}`}, ${day(some(1, 9), some(1, 28))}::date, 'direct',
                 ${['establishment-workers', 'industrial-workers', 'students', 'students'][place]!}, ${code},
                 ${place === 0 ? sql`(select min(id) + ${session % 3}::int from establishments where commune_code = ${code})` : sql`null`}::bigint,
                 ${place === 1 ? sql`(select id from industrial_parks where commune_code = ${code})` : sql`null`}::bigint,
                 ${place === 2 ? sql`(select id from schools where commune_code = ${code})` : sql`null`}::bigint,
                 ${attendance}::int, ${role}`);
      }
      for (let training = 0; training < 3; training++) {
        const attending = count(isOwn);
        await transaction.execute(sql`
          insert into training_records (reference, held_on, commune_code, unit, officers_attending, officers_in_post)
          values (${`TH-${code}-${training}`}, ${day(some(1, 9), some(1, 28))}::date, ${code}, ${`Đơn vị ${training % 2}`}, ${attending}::int,
                  ${attending < 5 ? attending : some(attending, 50)}::int)`);
      }
    }
  });
  // One that was corrected, so that there is a version before it.
  await db.write((transaction) =>
    transaction.execute(
      sql`update outreach_session_records set form = 'leaflet' where reference like '%-10003-%'`,
    ),
  );
}

const groupings = ['province', 'commune', 'terrain', 'border', 'former-province', 'quarter', 'month'];
const asOfDays = ['2026-02-11', '2026-05-30', '2026-09-28', '2026-10-15'];
const ofFigures = [
  ...groupings.flatMap((by) => asOfDays.map((asOf) => `/api/coverage/indicators?by=${by}&asOf=${asOf}`)),
  '/api/coverage/indicators?by=commune&format=csv&year=2026',
  '/api/coverage/indicators?by=month&format=xlsx&year=2026',
  `/api/coverage/indicators?by=month&commune=${own}&year=2026`,
];
const ofPlaces = ['industrial-parks', 'dormitories', 'schools', 'establishments'].flatMap((collection) => [
  `/ogc/collections/${collection}/items?limit=1000`,
  `/ogc/collections/${collection}/schema`,
]);
const equity = asOfDays.map((asOf) => `/api/coverage/equity?year=2026&asOf=${asOf}`);
const reports = ['docx', 'xlsx'].map((format) => `/api/coverage/report?year=2026&period=9M&format=${format}`);
const ofRows = [
  ...indicatorIds.map((id) => `/api/coverage/indicators/${id}/rows?year=2026&limit=1000`),
  '/api/activities/outreach?limit=500',
  '/api/activities/training?limit=500',
  `/api/activities/places?commune=${own}`,
  ...[300, 900, 2000, 5000, 20_000].map((radius) => `/api/coverage/reach?radius=${radius}`),
  ...[500, 5000].map((radius) => `/api/coverage/gaps?radius=${radius}&minPeople=0`),
];
/** One activity each, with all its versions. */
const ofOne = (ids: readonly number[]) =>
  ids.flatMap((id) => [`/api/activities/outreach/${id}`, `/api/activities/outreach/${id}/history`]);

const addresses: Readonly<Record<Exclude<Role, 'admin'>, readonly string[]>> = {
  planner: [...ofFigures, ...ofPlaces, ...equity, ...reports, ...ofRows, ...ofOne([1, 3, 30, 33, 60])],
  inspector: [...ofFigures, ...ofPlaces, ...equity],
  leader: [
    ...ofFigures,
    ...ofPlaces.filter((path) => !path.includes('establishments')),
    ...equity,
    ...reports,
  ],
  commune: [
    ...ofFigures,
    ...ofPlaces,
    `/api/coverage/report?year=2026&period=9M&format=xlsx&commune=${own}`,
    ...ofRows,
    ...ofOne([1, 3]),
  ],
};

type Answers = Map<string, string>;

/** Everything that each role, and the owner, is answered. */
async function askAll(small: () => number): Promise<Answers> {
  const db = await openTestDatabase();
  try {
    await insertWorld(db, small);
    const answers: Answers = new Map();
    for (const [role, paths] of Object.entries(addresses)) {
      const commune = role === 'commune' ? own : null;
      const app = makeApp({ db, asker: { role: role as Role, commune } });
      for (const path of paths) answers.set(`${role} ${path}`, await textOf(app, path));
    }
    const app = makeApp({ db });
    for (const path of addresses.planner) answers.set(`owner ${path}`, await textOf(app, path));
    return answers;
  } finally {
    await db.close();
  }
}

/** An answer as text, without when rows were written; of a document the text of its parts. */
async function textOf(app: ReturnType<typeof makeApp>, path: string): Promise<string> {
  const { status, body } = await request(app).get(path).buffer(true).parse(asBytes);
  const bytes = body as Buffer;
  const text =
    bytes.subarray(0, 2).toString() === 'PK'
      ? Object.values(unzipSync(bytes))
          .map((part) => Buffer.from(part).toString('latin1'))
          .join('\n')
      : bytes.toString('utf8');
  return `${status} ${text.replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'an instant')}`;
}

const asBytes = (response: request.Response, done: (error: Error | null, body: Buffer) => void) => {
  const pieces: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  stream.on('end', () => done(null, Buffer.concat(pieces)));
};

describe('two provinces that differ in their small counts of people alone', () => {
  let one: Answers;
  let other: Answers;
  beforeAll(async () => {
    const drawn = createRandom(31, 2);
    one = await askAll(() => 1 + Math.floor(nextUniform(drawn) * 4));
    other = await askAll(() => 1 + Math.floor(nextUniform(drawn) * 4));
  }, 600_000);

  const of = (answers: Answers, who: string) =>
    new Map([...answers].filter(([name]) => name.startsWith(`${who} `)));

  it.each(Object.keys(addresses))('answer %s the same', (role) => {
    for (const [name, text] of of(one, role)) {
      expect(`${name} ${text.slice(0, 3)}`).toMatch(/ (200|403)$/);
      expect(other.get(name), name).toBe(text);
    }
    expect([...of(one, role).values()].filter((text) => text.startsWith('200')).length).toBeGreaterThan(20);
  });

  it('answer their owner otherwise, wherever people are counted', () => {
    const differing = [...of(one, 'owner')].filter(([name, text]) => other.get(name) !== text);
    expect(differing.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'owner /api/coverage/indicators?by=commune&asOf=2026-09-28',
        'owner /api/coverage/indicators?by=commune&format=csv&year=2026',
        'owner /api/coverage/indicators/students-reached/rows?year=2026&limit=1000',
        'owner /api/activities/outreach?limit=500',
        'owner /api/activities/outreach/60/history',
      ]),
    );
  });

  it('tell no number of 1–4 people of a commune, nor two that differ by as few', () => {
    const people = /"(?:numerator|upperNumerator|denominator)":(\d+)/g;
    for (const [name, text] of of(one, 'leader')) {
      if (!name.includes('/indicators?') || name.includes('format=')) continue;
      for (const figure of text.match(/\{"indicator":"[^}]*?"placesOfUnknownSize"/g) ?? []) {
        if (!/-reached"|officers-trained|reports-resolved/.test(figure)) continue;
        for (const [, count] of figure.matchAll(people)) expect([name, Number(count) % 5]).toEqual([name, 0]);
      }
    }
  });
});
