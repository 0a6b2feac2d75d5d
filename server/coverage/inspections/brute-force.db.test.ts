import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type InspectionCoverageAnswer, inspectionAreas } from '../../../contract/coverage-inspections.ts';
import type { Database } from '../../db/database.ts';
import { sql } from '../../db/sql.ts';
import { createRandom, nextBelow, nextUniform, type Random, shuffle } from '../../hotspots/random.ts';
import { makeApp } from '../../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { insertSquareCommunes } from '../../testing/province.ts';

// The answer held against the same figures counted one establishment after another from the records, in provinces made up
// at random: licences that begin and end anywhere, inspections on any day, places that overlap.

type Inspection = { reference: string; on: string; ground: string; outcome: string };
type Establishment = {
  licenseNumber: string;
  communeCode: string;
  category: string;
  agency: string;
  from: string;
  to: string | null;
  position: [number, number];
  inspections: Inspection[];
};

const communes = ['10001', '10002', '10003'];
const categories = ['hotel', 'karaoke', 'cafe'];
const agencies = ['so-du-lich', 'cong-an'];
const grounds = ['planned', 'planned', 'planned', 'sign-of-violation', 'random'];
const outcomes = ['no-violation', 'no-violation', 'no-violation', 'administrative', 'referred'];

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[nextBelow(random, items.length)]!;
/** Any day from 2023 to 2026; often one at the edges of a year. */
function anyDay(random: Random): string {
  const year = 2023 + nextBelow(random, 4);
  const turn = nextBelow(random, 6);
  if (turn === 0) return `${year}-01-01`;
  if (turn === 1) return `${year}-12-31`;
  return new Date(Date.UTC(year, 0, 1 + nextBelow(random, 365))).toISOString().slice(0, 10);
}

function makeProvince(seed: number): Establishment[] {
  const random = createRandom(seed);
  return Array.from({ length: 70 }, (_, index) => {
    const [from, to] = [anyDay(random), anyDay(random)].sort() as [string, string];
    const commune = nextBelow(random, 3);
    return {
      licenseNumber: `GP-${index}`,
      communeCode: communes[commune]!,
      category: pick(random, categories),
      agency: pick(random, agencies),
      from,
      to: nextBelow(random, 3) === 0 ? to : null,
      position: [106 + 0.1 * (commune + nextUniform(random)), 20 + 0.1 * nextUniform(random)],
      inspections: Array.from({ length: nextBelow(random, 5) }, (_, number) => ({
        reference: `KT-${index}-${number}`,
        on: anyDay(random),
        ground: pick(random, grounds),
        outcome: pick(random, outcomes),
      })),
    };
  });
}

async function write(db: Database, establishments: readonly Establishment[]): Promise<void> {
  await db.write(async (transaction) => {
    for (const one of establishments) {
      const [lon, lat] = one.position;
      await transaction.execute(sql`
        insert into establishments (license_number, category, lead_agency, commune_code, active_from, active_to, geom)
        values (${one.licenseNumber}, ${one.category}, ${one.agency}, ${one.communeCode}, ${one.from}, ${one.to},
                ST_SetSRID(ST_MakePoint(${lon}, ${lat}), 4326))`);
    }
    const inspections = establishments.flatMap(({ licenseNumber, inspections }) =>
      inspections.map((inspection) => ({ licenseNumber, ...inspection })),
    );
    for (const { licenseNumber, reference, on, ground, outcome } of inspections) {
      await transaction.execute(sql`
        insert into inspections (reference, inspected_on, establishment_id, team_level, outcome, ground)
        select ${reference}, ${on}, id, 'commune', ${outcome}, ${ground}
          from establishments where license_number = ${licenseNumber}`);
    }
  });
}

const inPeriod = (day: string, from: string, asOf: string) => day >= from && day <= asOf;
const dayNumber = (day: string) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
const isActive = ({ from, to }: Establishment, first: string, asOf: string) =>
  from <= asOf && (to === null || to >= first);
const monthsBefore = (day: string, months: number) => {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const end = new Date(Date.UTC(year, month - months, 0));
  return new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth(), Math.min(date, end.getUTCDate())))
    .toISOString()
    .slice(0, 10);
};

/** One group's figures, straight from the definitions. */
function count(group: readonly Establishment[], all: readonly Establishment[], first: string, asOf: string) {
  const daysOfYear = dayNumber(`${asOf.slice(0, 4)}-12-31`) - dayNumber(first) + 1;
  const of = (some: readonly Establishment[]) => {
    const active = some.filter((one) => isActive(one, first, asOf));
    let days = 0;
    for (const { from, to } of active) {
      for (let day = dayNumber(first); day <= dayNumber(asOf); day++) {
        if (day >= dayNumber(from) && (to === null || day <= dayNumber(to))) days++;
      }
    }
    const looks = active.map((one) => one.inspections.filter(({ on }) => inPeriod(on, first, asOf)));
    return { active, days, looks, inspected: looks.filter((of) => of.length > 0).length };
  };
  const { active, days, looks, inspected } = of(group);
  const whole = of(all);
  const onGround = (ground: string) => ({
    inspections: looks.flat().filter((one) => one.ground === ground).length,
    inspected: looks.filter((of) => of.some((one) => one.ground === ground)).length,
  });
  // a further planned inspection before any day on which a sign is on record: one that brought a team counts from its own
  // day, one that a team found from the next
  const repeated = looks.filter((of) => {
    const excused = (day: string) =>
      of.some((one) =>
        one.ground === 'sign-of-violation' ? one.on <= day : one.outcome !== 'no-violation' && one.on < day,
      );
    return of.filter((one) => one.ground === 'planned' && !excused(one.on)).length > 1;
  });
  const licensed = group.filter((one) => isActive(one, asOf, asOf));
  const lasts = licensed.map(
    ({ inspections }) =>
      inspections
        .map(({ on }) => on)
        .filter((on) => on <= asOf)
        .sort()
        .at(-1) ?? null,
  );
  const since = lasts
    .flatMap((last) => (last === null ? [] : [dayNumber(asOf) - dayNumber(last)]))
    .sort((one, other) => one - other);
  const middle = (since.length - 1) / 2;
  const median = since.length === 0 ? null : (since[Math.floor(middle)]! + since[Math.ceil(middle)]!) / 2;
  return {
    active: active.length,
    inspected,
    share: active.length === 0 ? null : inspected / active.length,
    missing: Math.max(0, Math.ceil(active.length / 5) - inspected),
    shareReason: active.length === 0 ? 'no-active-establishment' : null,
    inspections: looks.flat().length,
    byGround: {
      planned: onGround('planned'),
      'sign-of-violation': onGround('sign-of-violation'),
      random: onGround('random'),
    },
    repeatedPlanned: repeated.length,
    establishmentYears: expect.closeTo(days / daysOfYear, 10),
    inspectionsPerEstablishmentYear:
      days === 0 ? null : expect.closeTo((looks.flat().length * daysOfYear) / days, 8),
    expectedShare:
      days === 0
        ? null
        : expect.closeTo(Math.min(1, (whole.inspected / whole.days) * (days / active.length)), 10),
    sinceLast: {
      active: licensed.length,
      medianMonths: median === null ? null : expect.closeTo((median * 12) / 365.2425, 10),
      medianReason:
        median !== null ? null : licensed.length === 0 ? 'no-active-establishment' : 'never-inspected',
      overTwelveMonths: lasts.filter((last) => last !== null && last < monthsBefore(asOf, 12)).length,
      overTwentyFourMonths: lasts.filter((last) => last !== null && last < monthsBefore(asOf, 24)).length,
      never: lasts.filter((last) => last === null).length,
    },
  };
}

const pairwiseGini = (values: readonly number[]) => {
  const sum = values.reduce((total, value) => total + value, 0);
  const differences = values.flatMap((one) => values.map((other) => Math.abs(one - other)));
  return differences.reduce((total, difference) => total + difference, 0) / (2 * values.length * sum);
};

async function ask(db: Database, query: Record<string, string>): Promise<InspectionCoverageAnswer> {
  // the last day of the last year that anything may be asked of
  const clock = () => new Date('2026-12-31T12:00:00+07:00');
  const { body, status } = await request(makeApp({ db, clock })).get(
    `/api/coverage/inspections?${new URLSearchParams(query)}`,
  );
  expect({ status, problem: body.detail }).toEqual({ status: 200, problem: undefined });
  return body;
}

const distanceRow = z.object({ license_number: z.string(), area: z.string() });

/** In which areas each lies, by measuring each from each on the ellipsoid. */
const measuredAreas = (db: Database, radius: number) =>
  db.read((transaction) =>
    transaction.rows(
      distanceRow,
      sql`select distinct e.license_number, 'border-' || b.kind as area from establishments e, border_areas b where ST_Covers(b.geom, e.geom)
          union select e.license_number, 'near-industrial-park' from establishments e, industrial_parks p
                 where ST_Distance(p.geom::geography, e.geom::geography) <= ${radius}
          union select e.license_number, 'near-dormitory' from establishments e, dormitories d
                 where ST_Distance(d.geom::geography, e.geom::geography) <= ${radius}`,
    ),
  );

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, communes);
  await db.write(async (transaction) => {
    await transaction.execute(sql`
      insert into border_areas (kind, commune_code, neighbour_province, width_meters, derivation, geom)
      values ('adjoining', '10001', 'Hà Nội', 3000, 'imported', ST_Multi(ST_MakeEnvelope(106, 20.07, 106.1, 20.1, 4326))),
             ('coastal', '10001', null, 3000, 'imported', ST_Multi(ST_MakeEnvelope(106, 20, 106.03, 20.1, 4326))),
             ('coastal', '10002', null, 3000, 'imported', ST_Multi(ST_MakeEnvelope(106.1, 20, 106.2, 20.02, 4326)))`);
    await transaction.execute(sql`
      insert into industrial_parks (reference, name, commune_code, geom)
      values ('KCN-1', 'Khu 1', '10001', ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(106.06, 20.05), 4326), 0.01))),
             ('KCN-2', 'Khu 2', '10002', ST_Multi(ST_MakeEnvelope(106.14, 20.04, 106.17, 20.05, 4326)))`);
    await transaction.execute(sql`
      insert into dormitories (reference, name, kind, commune_code, geom)
      select 'KTX-' || n, 'Ký túc xá ' || n, 'student-dormitory', '10001',
             case when n % 2 = 0 then point else ST_Envelope(ST_Buffer(point, 0.002)) end
        from generate_series(1, 9) n,
             lateral (select ST_SetSRID(ST_MakePoint(106 + n * 7 % 10 * 0.03, 20.01 + n * 3 % 8 * 0.01), 4326) as point) at`);
  });
});
afterAll(() => db.close());

describe.each([11, 12, 13, 14])('a province made up at random (%i)', (seed) => {
  const province = makeProvince(seed);
  beforeAll(async () => {
    await db.write(async (transaction) => {
      await transaction.execute(sql`update inspection_records set simulated = true`);
      await transaction.execute(sql`delete from inspection_records`);
      await transaction.execute(sql`delete from establishments`);
    });
    await write(db, province);
  });

  it.each(['2023-12-31', '2024-02-29', '2025-01-01', '2026-07-15', '2026-12-31'])(
    'agrees with counting one by one, as of %s',
    async (asOf) => {
      const first = `${asOf.slice(0, 4)}-01-01`;
      const byCommune = await ask(db, { asOf });
      expect(byCommune.total).toEqual(count(province, province, first, asOf));
      for (const code of communes) {
        const group = province.filter(({ communeCode }) => communeCode === code);
        expect(byCommune.groups.find(({ key }) => key === code)).toMatchObject(
          count(group, province, first, asOf),
        );
      }
      const byCategory = await ask(db, { asOf, by: 'category', agency: 'cong-an' });
      const cong = province.filter(({ agency }) => agency === 'cong-an');
      expect(byCategory.total).toEqual(count(cong, cong, first, asOf));
      for (const code of categories) {
        const group = cong.filter(({ category }) => category === code);
        expect(byCategory.groups.find(({ key }) => key === code)).toMatchObject(
          count(group, cong, first, asOf),
        );
      }
      const byAgency = await ask(db, { asOf, by: 'lead-agency', commune: '10002', category: 'hotel' });
      const hotels = province.filter((one) => one.communeCode === '10002' && one.category === 'hotel');
      for (const code of agencies) {
        const group = hotels.filter(({ agency }) => agency === code);
        expect(byAgency.groups.find(({ key }) => key === code)).toMatchObject(
          count(group, hotels, first, asOf),
        );
      }
      const outside = (some: readonly Establishment[]) =>
        some.flatMap((one) =>
          one.inspections.filter(({ on }) => inPeriod(on, first, asOf) && !isActive(one, on, on)),
        ).length;
      expect(byCommune.outsideLicence).toEqual({
        counted: outside(province.filter((one) => isActive(one, first, asOf))),
        notCounted: outside(province.filter((one) => !isActive(one, first, asOf))),
      });
    },
  );

  it.each(['2024-05-05', '2026-12-31'])('agrees with the indicator of the plan, as of %s', async (asOf) => {
    const coverage = await ask(db, { asOf });
    const clock = () => new Date('2026-12-31T12:00:00+07:00');
    const { body } = await request(makeApp({ db, clock })).get(
      `/api/coverage/indicators?indicator=establishments-inspected&by=commune&asOf=${asOf}`,
    );
    const figures: { group: string; numerator: number; denominator: number }[] = body.figures;
    const ofCommunes = figures.filter(({ group }) => communes.includes(group));
    expect(ofCommunes.map((one) => [one.group, one.numerator, one.denominator])).toEqual(
      coverage.groups.map(({ key, inspected, active }) => [key, inspected, active]),
    );
  });

  it('spreads as the pairs say', async () => {
    const asOf = '2026-12-31';
    const active = province.filter((one) => isActive(one, '2026-01-01', asOf));
    const counts = (routine: boolean) =>
      active.map(
        ({ inspections }) =>
          inspections.filter(
            ({ on, ground }) =>
              inPeriod(on, '2026-01-01', asOf) && !(routine && ground === 'sign-of-violation'),
          ).length,
      );
    const { spread } = await ask(db, { asOf });
    expect(spread.all.establishments.gini).toBeCloseTo(pairwiseGini(counts(false)), 10);
    expect(spread.routine.establishments.gini).toBeCloseTo(pairwiseGini(counts(true)), 10);
    // each establishment stands for its commune's mean
    const means = communes.map((code) => {
      const own = counts(false).filter((_, index) => active[index]!.communeCode === code);
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    });
    const weighted = active.map(({ communeCode }) => means[communes.indexOf(communeCode)]!);
    expect(spread.all.communes.gini).toBeCloseTo(pairwiseGini(weighted), 10);
  });

  // either way of finding who is near: pairwise up to 1,500 m, by region beyond
  it.each([50, 500, 1500, 1501, 4000, 20_000])(
    'agrees with measuring each from each at %i m',
    async (radius) => {
      const asOf = '2026-12-31';
      const measured = await measuredAreas(db, radius);
      const areasOf = ({ licenseNumber }: Establishment) => {
        const lying = measured.filter((row) => row.license_number === licenseNumber).map(({ area }) => area);
        return lying.length ? lying : ['elsewhere'];
      };
      const answer = await ask(db, { asOf, by: 'area', radius: String(radius) });
      expect(answer.groups.map(({ key }) => key)).toEqual(inspectionAreas);
      expect(answer.radiusMeters).toBe(radius);
      for (const area of inspectionAreas) {
        const group = province.filter((one) => areasOf(one).includes(area));
        expect(answer.groups.find(({ key }) => key === area)).toMatchObject(
          count(group, province, '2026-01-01', asOf),
        );
      }
      const active = province.filter((one) => isActive(one, '2026-01-01', asOf));
      expect(answer.inSeveralAreas).toBe(active.filter((one) => areasOf(one).length > 1).length);
      expect(answer.total).toEqual(count(province, province, '2026-01-01', asOf));

      const cafes = province.filter(({ category }) => category === 'cafe');
      const narrowed = await ask(db, { asOf, by: 'area', radius: String(radius), category: 'cafe' });
      for (const area of inspectionAreas) {
        const group = cafes.filter((one) => areasOf(one).includes(area));
        expect(narrowed.groups.find(({ key }) => key === area)).toMatchObject(
          count(group, cafes, '2026-01-01', asOf),
        );
      }
    },
  );
});

describe('the edge of what is near', () => {
  it('lies at the radius along the ellipsoid, to half a metre', async () => {
    // Around (106.25, 20.05), at 499.5 and 500.5 m and at 1,999.5 and 2,000.5 m in eight directions, by PostGIS's geodesic
    const edges = [499.5, 500.5, 1999.5, 2000.5];
    await db.write(async (transaction) => {
      await transaction.execute(sql`update inspection_records set simulated = true`);
      await transaction.execute(sql`delete from inspection_records`);
      await transaction.execute(sql`delete from establishments`);
      await transaction.execute(sql`delete from dormitories`);
      await transaction.execute(sql`
        insert into dormitories (reference, name, kind, commune_code, geom)
        values ('KTX-X', 'Ký túc xá', 'student-dormitory', '10003', ST_SetSRID(ST_MakePoint(106.25, 20.05), 4326))`);
      await transaction.execute(sql`
        insert into establishments (license_number, category, lead_agency, commune_code, active_from, geom)
        select 'E-' || meters || '-' || direction, 'hotel', 'so-du-lich', '10003', '2020-01-01',
               ST_Project(ST_SetSRID(ST_MakePoint(106.25, 20.05), 4326)::geography, meters, radians(direction * 45))::geometry
          from unnest(${edges}::float8[]) as meters, generate_series(0, 7) as direction`);
    });
    const near = async (radius: number) =>
      (await ask(db, { asOf: '2026-06-01', by: 'area', radius: String(radius) })).groups.find(
        ({ key }) => key === 'near-dormitory',
      )?.active;
    expect(await near(500)).toBe(8);
    expect(await near(501)).toBe(16);
    expect(await near(2000)).toBe(24);
    expect(await near(2001)).toBe(32);
  });
});

describe('what follows from the definitions', () => {
  it('adding an inspection never lowers what is inspected, and the order of rows does not matter', async () => {
    const random = createRandom(99);
    const province = makeProvince(15);
    const order = Int32Array.from(province, (_, index) => index);
    shuffle(random, order);
    const reordered = Array.from(order, (index) => ({
      ...province[index]!,
      inspections: [...province[index]!.inspections].reverse(),
    }));
    const other = await openTestDatabase();
    try {
      await insertSquareCommunes(other, communes);
      await db.write(async (transaction) => {
        await transaction.execute(sql`delete from establishments`);
      });
      await write(db, province);
      await write(other, reordered);
      const query = { asOf: '2026-12-31', by: 'category' };
      const { dataVersion: _, ...answer } = await ask(db, query);
      const { dataVersion: __, ...answerReordered } = await ask(other, query);
      expect(answerReordered).toEqual(answer);

      let before = answer.total;
      for (let added = 0; added < 12; added++) {
        await db.write((transaction) =>
          transaction.execute(sql`
            insert into inspections (reference, inspected_on, establishment_id, team_level, outcome, ground)
            select ${`THÊM-${added}`}, ${anyDay(random)}, id, 'province', 'no-violation', ${pick(random, grounds)}
              from establishments where license_number = ${`GP-${nextBelow(random, 70)}`}`),
        );
        const { total } = await ask(db, query);
        expect(total.inspected).toBeGreaterThanOrEqual(before.inspected);
        expect(total.inspections).toBeGreaterThanOrEqual(before.inspections);
        expect(total.sinceLast.never).toBeLessThanOrEqual(before.sinceLast.never);
        expect([total.active, total.establishmentYears]).toEqual([before.active, before.establishmentYears]);
        before = total;
      }
    } finally {
      await other.close();
    }
  });

  it('a withdrawn inspection does not count', async () => {
    const query = { asOf: '2026-12-31' };
    const before = (await ask(db, query)).total.inspections;
    const withdrawn = await db.write((transaction) =>
      transaction.execute(sql`
        update inspection_records set withdrawn_at = now(), withdrawn_by = 'test', withdrawal_reason = 'mistaken'
         where id in (select i.id from inspections i join establishments e on e.id = i.establishment_id
                       where i.inspected_on between '2026-01-01' and '2026-12-31'
                         and e.active_from <= '2026-12-31' and (e.active_to is null or e.active_to >= '2026-01-01')
                       order by i.id limit 3)`),
    );
    expect(withdrawn).toBe(3);
    expect((await ask(db, query)).total.inspections).toBe(before - 3);
  });
});
