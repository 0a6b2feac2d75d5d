import fc from 'fast-check';
import { cellToParent, getPentagons, isValidCell, latLngToCell } from 'h3-js';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Role } from '../../contract/access.ts';
import { sql } from '../db/sql.ts';

import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { eraseActivities } from '../testing/erase-activities.ts';
import { insertSquareCommunes } from '../testing/province.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002']);
});
afterAll(() => db.close());
beforeEach(() => db.write(eraseActivities));

const actor = (role: Role | 'visitor', commune: string | null = null) => ({
  account: `${role}-1`,
  role,
  commune,
  address: '127.0.0.1',
});
const coarsened = (cells: readonly string[]) =>
  db.read((transaction) =>
    transaction.rows(
      z.object({ cell: z.string().nullable() }),
      sql`select coarse_report_cell(cell) as cell from unnest(${cells}::text[]) with ordinality as sent (cell, at) order by at`,
    ),
  );

/** What H3's own library says of the same text: the rule that the SQL is held to. */
const reference = (cell: string): string | null => {
  if (!/^[0-9a-f]{15}$/i.test(cell) || !isValidCell(cell)) return null;
  const resolution = Number.parseInt(cell[1]!, 16);
  return resolution < 7 ? null : cellToParent(cell, 7);
};

describe('coarse_report_cell', () => {
  it('is what H3 itself gives: 6,000 cells from the whole Earth, at every resolution', async () => {
    const positions = fc.sample(
      fc.tuple(
        fc.double({ min: -90, max: 90, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
      ),
      { seed: 7, numRuns: 6_000 },
    );
    const cells = positions.map(([lat, lon], at) => latLngToCell(lat, lon, at % 16));
    const expected = cells.map(reference);
    expect(expected.filter((cell) => cell !== null)).toHaveLength(3_375);
    expect((await coarsened(cells)).map(({ cell }) => cell)).toEqual(expected);
  });

  it('agrees with H3 about what is no cell: bits turned over, digits beyond, base cells and pentagons', async () => {
    const valid = fc
      .tuple(
        fc.double({ min: -90, max: 90, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.integer({ min: 7, max: 15 }),
      )
      .map(([lat, lon, resolution]) => latLngToCell(lat, lon, resolution));
    const turned = fc
      .tuple(valid, fc.array(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 3 }))
      .map(([cell, bits]) =>
        bits
          .reduce((index, bit) => index ^ (1n << BigInt(bit)), BigInt(`0x${cell}`))
          .toString(16)
          .padStart(15, '0'),
      );
    const anything = fc
      .bigInt({ min: 0n, max: (1n << 60n) - 1n })
      .map((index) => index.toString(16).padStart(15, '0'));
    const strange = fc.constantFrom(
      '',
      ' ',
      '87',
      "' or 1=1",
      '8741694d4ffffff ',
      '0x8741694d4ffffff',
      '8G41694d4ffffff',
    );
    // Around a pentagon: its children, and the ones that H3 leaves out, whose first digit is 1.
    const pentagonal = fc
      .tuple(
        fc.constantFrom(...getPentagons(9)),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 1, max: 9 }),
      )
      .map(([cell, digit, place]) => {
        const shift = BigInt(45 - 3 * place);
        return ((BigInt(`0x${cell}`) & ~(7n << shift)) | (BigInt(digit) << shift)).toString(16);
      });
    const cells = fc.sample(fc.oneof(turned, turned, anything, strange, pentagonal), {
      seed: 11,
      numRuns: 8_000,
    });
    const expected = cells.map(reference);
    // both answers are there to be told apart
    expect(expected.filter((cell) => cell === null).length).toBeGreaterThan(1_000);
    expect(expected.filter((cell) => cell !== null).length).toBeGreaterThan(1_000);
    const given = (await coarsened(cells)).map(({ cell }) => cell);
    expect(cells.filter((_, at) => given[at] !== expected[at])).toEqual([]);
  });
});

const fine = latLngToCell(20.051234567, 106.051234567, 15);
const coarse = cellToParent(fine, 7);
const write = (
  role: Role | 'visitor' | null,
  commune: string | null,
  { of = '10001', cell = fine, reference: name = 'TB1' } = {},
) =>
  (role ? db.as(actor(role, commune)) : db).write((transaction) =>
    transaction.row(
      z.object({ id: z.number().nullable() }),
      sql`select write_report(${name}, '2026-03-01', '2026-03-20', 'received', null, ${of}, ${cell}) as id`,
    ),
  );
const rows = () =>
  db.read((transaction) =>
    transaction.rows(
      z.object({ cell: z.string(), role: z.string(), by: z.string(), commune: z.string() }),
      sql`select h3_cell as cell, recorded_role as role, recorded_by as by, commune_code as commune from report_records order by id`,
    ),
  );
const sqlState = async (work: Promise<unknown>) => {
  const error = (await work.then(
    () => null,
    (thrown) => thrown,
  )) as (Error & { code?: string }) | null;
  return error && { code: error.code, message: error.message };
};

describe('write_report', () => {
  it.each([
    ['planner', null],
    ['inspector', null],
    ['commune', '10001'],
  ] as const)('writes for %s, under its name, with the cell made coarse', async (role, commune) => {
    await write(role, commune);
    expect(await rows()).toEqual([{ cell: coarse, role, by: `${role}-1`, commune: '10001' }]);
    expect(await write(role, commune)).toEqual({ id: null }); // the reference is taken
  });

  it('refuses leader, admin, visitor, and a commune for another or without one', async () => {
    for (const [role, commune, of] of [
      ['leader', null, '10001'],
      ['admin', null, '10001'],
      ['visitor', null, '10001'],
      ['commune', '10001', '10002'],
      ['commune', null, '10001'],
    ] as const)
      expect(await sqlState(write(role, commune, { of })), `${role} ${commune}`).toMatchObject({
        code: '42501',
      });
    expect(await rows()).toEqual([]);
  });

  it('refuses what is coarser or no cell, and does not say it again', async () => {
    for (const cell of [cellToParent(fine, 6), '8741694d4fffff0', fine.replace(/^8f/, '8e'), '', `${fine} `])
      expect(await sqlState(write('planner', null, { cell }))).toEqual({
        code: '22023',
        message: 'a report needs a valid H3 cell of resolution 7 to 15',
      });
  });

  it('is the only way: no role inserts, updates or deletes a row of its own', async () => {
    await write('commune', '10001');
    for (const [role, commune] of [
      ['planner', null],
      ['inspector', null],
      ['commune', '10001'],
      ['leader', null],
      ['admin', null],
      ['visitor', null],
    ] as const)
      for (const statement of [
        sql`insert into report_records (reference, received_on, due_on, status, commune_code, h3_cell)
              values ('TB2', '2026-03-01', '2026-03-20', 'received', '10001', ${coarse})`,
        sql`update report_records set h3_cell = ${coarse}`,
        sql`update report_records set due_on = '2026-04-01'`,
        sql`delete from report_records`,
        sql`truncate report_records`,
      ])
        expect(
          await sqlState(db.as(actor(role, commune)).write((transaction) => transaction.execute(statement))),
          role,
        ).toMatchObject({ code: '42501' });
    expect(await rows()).toHaveLength(1);
  });
});

describe('correct_report', () => {
  const correct = (role: Role, commune: string | null, id: number, { of = '10001', cell = fine } = {}) =>
    db
      .as(actor(role, commune))
      .write((transaction) =>
        transaction.row(
          z.object({ corrected: z.boolean() }),
          sql`select correct_report(${id}, '2026-03-02', '2026-03-20', 'verified', null, ${of}, ${cell}) as corrected`,
        ),
      );

  it('corrects what the same role recorded, a commune its own alone', async () => {
    const { id } = await write('commune', '10001');
    const other = latLngToCell(20.06, 106.06, 12);
    expect(await correct('planner', null, id!)).toEqual({ corrected: false });
    expect(await correct('inspector', null, id!)).toEqual({ corrected: false });
    expect(await correct('commune', '10002', id!, { of: '10002' })).toEqual({ corrected: false });
    expect(await sqlState(correct('commune', '10001', id!, { of: '10002' }))).toMatchObject({
      code: '42501',
    });
    expect(await sqlState(correct('leader', null, id!))).toMatchObject({ code: '42501' });
    expect(await correct('commune', '10001', id!, { cell: other })).toEqual({ corrected: true });
    expect((await rows())[0]!.cell).toBe(cellToParent(other, 7));
  });
});

it('the owner too, and an import, keep a valid cell of resolution 7 alone', async () => {
  for (const cell of [
    fine,
    fine.toUpperCase(),
    cellToParent(fine, 6),
    '87fffffffffffff',
    '87f400000ffffff',
    '870840000ffffff',
  ])
    expect(
      await sqlState(
        db.write((transaction) =>
          transaction.execute(sql`
            insert into report_records (reference, received_on, due_on, status, commune_code, h3_cell)
            values ('X', '2026-03-01', '2026-03-20', 'received', '10001', ${cell})`),
        ),
      ),
      cell,
    ).toMatchObject({ code: '23514' });
});

describe('a position that is sent', () => {
  // Digits that occur nowhere else: whatever holds them was told of the position.
  const position = [106.0512345, 20.0567891] as const;
  const traces = ['0512345', '0567891'];

  it('is in no answer, no log line and no table, whether it is taken or refused', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
    const asker = { role: 'commune', commune: '10001', account: 'xa-10001' } as const;
    const app = makeApp({ db, asker, log });
    const report = { receivedOn: '2026-03-01', dueOn: '2026-03-20', status: 'received', resolvedOn: null };
    const answers = [
      await request(app)
        .post('/api/activities/reports')
        .send({ ...report, communeCode: '10001', position }),
      // outside of the commune; a day that is none; twice a place; to the leader, who may not
      await request(app)
        .post('/api/activities/reports')
        .send({ ...report, communeCode: '10001', position: [107.0512345, 20.0567891] }),
      await request(app)
        .post('/api/activities/reports')
        .send({ ...report, receivedOn: 'x', communeCode: '10001', position }),
      await request(app)
        .post('/api/activities/reports')
        .send({ ...report, communeCode: '10001', position, h3Cell: coarse }),
      await request(app)
        .post('/api/activities/reports')
        .send({ ...report, communeCode: '10001', position: [position[0], 'x0567891'] }),
      await request(app)
        .post('/api/activities/reports')
        .set('Content-Type', 'application/json')
        .send(`{"position":[106.0512345,20.0567891`),
      await request(makeApp({ db, asker: { role: 'leader' }, log }))
        .post('/api/activities/reports')
        .send({ ...report, communeCode: '10001', position }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 422, 400, 400, 400, 400, 403]);
    const [made] = answers;
    expect(made!.body.record.h3Cell).toBe(latLngToCell(position[1], position[0], 7));
    const corrected = await request(app)
      .put(`/api/activities/reports/${made!.body.id}`)
      .set('If-Match', made!.headers.etag!)
      .send({ ...report, status: 'verified', communeCode: '10001', position });
    expect(corrected.status).toBe(200);
    const withdrawn = await request(app)
      .post(`/api/activities/reports/${made!.body.id}/withdrawal`)
      .set('If-Match', corrected.headers.etag!)
      .send({ reason: 'mistaken' });
    expect(withdrawn.status).toBe(200);
    const told = [...answers, corrected, withdrawn]
      .map((answer) => JSON.stringify([answer.headers, answer.text]))
      .join('\n');
    const tables = await db.read(async (transaction) => {
      const names = await transaction.rows(
        z.object({ name: z.string() }),
        sql`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'spatial_ref_sys'`,
      );
      const all = [];
      for (const { name } of names)
        all.push(
          await transaction.row(
            z.object({ text: z.string() }),
            sql`select coalesce(string_agg(t::text, E'\n'), '') as text from ${sql.identifier(name)} t`,
          ),
        );
      return all.map(({ text }) => text).join('\n');
    });
    expect(tables).toContain(latLngToCell(position[1], position[0], 7));
    expect(lines.length).toBeGreaterThan(5);
    for (const trace of traces) {
      expect(told).not.toContain(trace);
      expect(lines.join('')).not.toContain(trace);
      expect(tables).not.toContain(trace);
    }
  });
});
