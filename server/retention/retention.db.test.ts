import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { latLngToCell } from 'h3-js';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Role } from '../../contract/access.ts';
import { sql } from '../db/sql.ts';
import { deleteSimulated } from '../demo/queries.ts';
import { succeed } from '../places/reassign-queries.ts';
import { makeApp } from '../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../testing/database.ts';
import { eraseActivities } from '../testing/erase-activities.ts';
import { insertSquareCommunes } from '../testing/province.ts';
import { foldOldReports } from './queries.ts';
import { endKeeping, keptFrom } from './retention.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002', '10003']);
});
afterAll(() => db.close());
beforeEach(() =>
  db.write(async (transaction) => {
    await eraseActivities(transaction);
    await transaction.execute(sql`truncate report_month_counts, retention_runs`);
  }),
);

type Report = {
  communeCode: string;
  receivedOn: string;
  dueOn: string;
  resolvedOn: string | null;
  withdrawn?: boolean;
  simulated?: boolean;
};
const cell = latLngToCell(20.05, 106.05, 7);
const day = (offset: number) => new Date(Date.UTC(2015, 0, 1 + offset)).toISOString().slice(0, 10);

const insertReports = (reports: readonly Report[]) =>
  db.write(async (transaction) => {
    await transaction.execute(sql`
      insert into report_records (reference, received_on, due_on, status, resolved_on, commune_code, h3_cell, simulated)
      select 'TB' || at, received, due, case when resolved is null then 'received' else 'resolved' end, resolved, commune, ${cell}, simulated
        from unnest(${reports.map(({ communeCode }) => communeCode)}::text[], ${reports.map(({ receivedOn }) => receivedOn)}::date[],
                    ${reports.map(({ dueOn }) => dueOn)}::date[], ${reports.map(({ resolvedOn }) => resolvedOn)}::date[],
                    ${reports.map(({ simulated = false }) => simulated)}::boolean[]) with ordinality
          as r (commune, received, due, resolved, simulated, at)`);
    const withdrawn = reports.flatMap((report, at) => (report.withdrawn ? [`TB${at + 1}`] : []));
    await transaction.execute(
      sql`update report_records set withdrawal_reason = 'duplicate' where reference = any(${withdrawn}::text[])`,
    );
  });

const standing = z.object({ commune: z.string(), end: z.string(), due: z.number(), resolved: z.number() });
/** How each commune stands at the end of each month of the years read, as the indicators' table has it. */
const standingsAtMonthEnds = () =>
  db.read((transaction) =>
    transaction.rows(
      standing,
      sql`select c.code as commune, m.day::text as end, coalesce(s.denominator, 0) as due, coalesce(s.numerator, 0) as resolved
            from communes c
           cross join (select (d + interval '1 month')::date - 1 as day
                         from generate_series(timestamp '2014-01-01', timestamp '2019-12-01', interval '1 month') as d) m
            left join lateral (
              select numerator, denominator from indicator_days i
               where i.indicator = 'reports-resolved' and i.commune_code = c.code and i.year = extract(year from m.day) and i.day <= m.day
               order by i.day desc limit 1) s on true
           order by 1, 2`,
    ),
  );
const totals = () =>
  db.read((transaction) =>
    transaction.row(
      z.object({ received: z.number(), due: z.number(), inTime: z.number(), late: z.number() }),
      sql`select sum(received)::int as received, sum(due)::int as due, sum(in_time)::int as "inTime", sum(late)::int as late
            from (select 1 as received, 1 as due, coalesce((resolved_on <= due_on)::int, 0) as in_time, coalesce((resolved_on > due_on)::int, 0) as late
                    from reports
                  union all select received, due, resolved_in_time, resolved_late from report_month_counts
                  union all select 0, 0, 0, 0) as both_of_them`,
    ),
  );
const count = (table: string) =>
  db.read(
    async (transaction) =>
      (
        await transaction.row(
          z.object({ n: z.number() }),
          sql`select count(*)::int as n from ${sql.identifier(table)}`,
        )
      ).n,
  );
const clock = () => new Date('2026-11-24T09:00:00+07:00');
const message = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: Error) => error.message,
  );

it('whole months before the month of today are kept: worked out by hand', () => {
  expect(keptFrom('2026-11-24', 60)).toBe('2021-11-01');
  expect(keptFrom('2026-11-01', 24)).toBe('2024-11-01');
  expect(keptFrom('2026-01-31', 25)).toBe('2023-12-01');
  expect(keptFrom('2026-12-31', 24)).toBe('2024-12-01');
});

describe('reports whose time of keeping has ended', () => {
  it('become the counts that they were, and leave the figures as they stood', async () => {
    await insertReports([
      // of 10001: two due in March 2015, one in time (on the very day), one late; one due in April, never resolved
      { communeCode: '10001', receivedOn: '2015-02-20', dueOn: '2015-03-10', resolvedOn: '2015-03-10' },
      { communeCode: '10001', receivedOn: '2015-03-01', dueOn: '2015-03-31', resolvedOn: '2015-04-01' },
      { communeCode: '10001', receivedOn: '2015-03-31', dueOn: '2015-04-20', resolvedOn: null },
      // a withdrawn one counts nowhere
      {
        communeCode: '10001',
        receivedOn: '2015-03-01',
        dueOn: '2015-03-02',
        resolvedOn: null,
        withdrawn: true,
      },
      // resolved much later than due: it stays until that too is old
      { communeCode: '10002', receivedOn: '2015-01-01', dueOn: '2015-01-31', resolvedOn: '2025-06-01' },
      // due on the first day that is kept
      { communeCode: '10002', receivedOn: '2021-10-01', dueOn: '2021-11-01', resolvedOn: null },
    ]);
    const before = await standingsAtMonthEnds();
    const report = await endKeeping(db, { months: 60, clock, dryRun: false });
    // 3 reports and 1 withdrawn: all small, so that none is said, and of the total only that it is above 0
    expect(report).toEqual({
      dueBefore: '2021-11-01',
      years: [{ year: 2015, reports: null, unresolved: null, withdrawn: null }],
      total: { count: 1, exact: false },
      dryRun: false,
    });
    expect(
      await db.read((transaction) =>
        transaction.rows(
          z.array(z.union([z.string(), z.number()])).or(z.unknown()),
          sql`select commune_code, month, received, due, resolved_in_time, resolved_late from report_month_counts order by 1, 2`,
        ),
      ),
    ).toEqual([
      {
        commune_code: '10001',
        month: '2015-02-01',
        received: 1,
        due: 0,
        resolved_in_time: 0,
        resolved_late: 0,
      },
      {
        commune_code: '10001',
        month: '2015-03-01',
        received: 2,
        due: 2,
        resolved_in_time: 1,
        resolved_late: 1,
      },
      {
        commune_code: '10001',
        month: '2015-04-01',
        received: 0,
        due: 1,
        resolved_in_time: 0,
        resolved_late: 0,
      },
    ]);
    expect(await count('report_records')).toBe(2);
    // of the withdrawn one a version was kept; it went too
    expect(await count('activity_history')).toBe(0);
    expect(await standingsAtMonthEnds()).toEqual(before);
    // through the API as well: as of the end of 2015, 3 were due and 1 was resolved in time in 10001; in 10002 1 and 0
    const answer = await request(makeApp({ db })).get(
      '/api/coverage/indicators?asOf=2015-12-31&indicator=reports-resolved&by=commune',
    );
    expect(answer.status).toBe(200);
  });

  it('leave totals and every standing at a month’s end as they were, whatever they are, and once more', async () => {
    const reports = fc.array(
      fc
        .record({
          communeCode: fc.constantFrom('10001', '10002', '10003'),
          received: fc.integer({ min: 0, max: 1_500 }),
          term: fc.integer({ min: 0, max: 60 }),
          resolvedAfter: fc.option(fc.integer({ min: 0, max: 120 })),
          withdrawn: fc.boolean(),
          simulated: fc.boolean(),
        })
        .map(
          ({ communeCode, received, term, resolvedAfter, withdrawn, simulated }): Report => ({
            communeCode,
            receivedOn: day(received),
            dueOn: day(received + term),
            resolvedOn: resolvedAfter === null ? null : day(received + resolvedAfter),
            withdrawn,
            simulated,
          }),
        ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(reports, fc.integer({ min: 1, max: 50 }), async (drawn, laterMonths) => {
        await db.write(async (transaction) => {
          await eraseActivities(transaction);
          await transaction.execute(sql`delete from report_month_counts`);
          await transaction.execute(sql`truncate retention_runs`);
        });
        await insertReports(drawn);
        const before = { standings: await standingsAtMonthEnds(), totals: await totals() };
        const boundary = `2016-${String((laterMonths % 12) + 1).padStart(2, '0')}-01`;
        const old = drawn.filter(
          ({ dueOn, resolvedOn }) => dueOn < boundary && (resolvedOn ?? '') < boundary,
        );
        const folded = await db.write((transaction) => foldOldReports(transaction, boundary));
        expect(folded).toEqual({
          reports: old.filter(({ withdrawn }) => !withdrawn).length,
          withdrawn: old.filter(({ withdrawn }) => withdrawn).length,
        });
        expect(await count('report_records')).toBe(drawn.length - old.length);
        expect({ standings: await standingsAtMonthEnds(), totals: await totals() }).toEqual(before);
        // a second run adds to the counts of the first
        await db.write((transaction) => foldOldReports(transaction, '2019-01-01'));
        expect({ standings: await standingsAtMonthEnds(), totals: await totals() }).toEqual(before);
      }),
      { seed: 20261124, numRuns: 25 },
    );
  });

  it('are only told of by a dry run, and 1 to 4 not even then', async () => {
    const many = (year: number, n: number, resolved: number): Report[] =>
      Array.from({ length: n }, (_, at) => ({
        communeCode: '10001',
        receivedOn: `${year}-05-01`,
        dueOn: `${year}-05-20`,
        resolvedOn: at < resolved ? `${year}-05-10` : null,
      }));
    await insertReports([
      ...many(2016, 12, 6),
      ...many(2017, 12, 9),
      ...many(2018, 3, 0),
      ...many(2019, 7, 7),
    ]);
    expect(await endKeeping(db, { months: 60, clock, dryRun: true })).toEqual({
      dueBefore: '2021-11-01',
      years: [
        { year: 2016, reports: 12, unresolved: 6, withdrawn: 0 },
        { year: 2017, reports: 12, unresolved: null, withdrawn: 0 },
        { year: 2018, reports: null, unresolved: null, withdrawn: 0 },
        { year: 2019, reports: 7, unresolved: 0, withdrawn: 0 },
      ],
      // 12 + 12 + 7, and of 2018 at least one
      total: { count: 32, exact: false },
      dryRun: true,
    });
    expect(await count('report_records')).toBe(34);
    expect(await count('report_month_counts')).toBe(0);
    expect(await count('retention_runs')).toBe(0);
  });

  it('do not come back: not by an insert, not by the API', async () => {
    await insertReports([
      { communeCode: '10001', receivedOn: '2015-02-20', dueOn: '2015-03-10', resolvedOn: null },
    ]);
    await endKeeping(db, { months: 60, clock, dryRun: false });
    expect(
      await message(
        insertReports([
          { communeCode: '10001', receivedOn: '2015-02-20', dueOn: '2015-03-10', resolvedOn: null },
        ]),
      ),
    ).toMatch(/kept as counts alone/);
    const answer = await request(makeApp({ db })).post('/api/activities/reports').send({
      receivedOn: '2021-10-01',
      dueOn: '2021-10-31',
      status: 'received',
      resolvedOn: null,
      communeCode: '10001',
      h3Cell: cell,
    });
    expect(answer.status).toBe(422);
    expect(answer.body.faults).toMatchObject([{ field: 'dueOn', rule: 'past-keeping' }]);
    expect(answer.text).toContain('hết thời hạn lưu');
  });
});

describe('the time of keeping', () => {
  const old: Report = {
    communeCode: '10001',
    receivedOn: '2015-02-20',
    dueOn: '2015-03-10',
    resolvedOn: null,
  };

  it('is ended by the owner alone, by whole months, and never for the last 24', async () => {
    await insertReports([old]);
    for (const role of ['planner', 'inspector', 'leader', 'commune', 'admin', 'visitor'] as const)
      expect(
        await message(
          db
            .as({ account: 'a', role: role as Role, commune: '10001', address: '' })
            .write((transaction) => foldOldReports(transaction, '2016-01-01')),
        ),
        role,
      ).toMatch(/permission denied/);
    expect(await message(db.write((transaction) => foldOldReports(transaction, '2016-01-02')))).toMatch(
      /whole months/,
    );
    expect(await message(db.write((transaction) => foldOldReports(transaction, '2099-01-01')))).toMatch(
      /24 months/,
    );
    expect(await count('report_records')).toBe(1);
  });

  it('is needed: without a run, and for a younger row within one, nothing real is deleted', async () => {
    await insertReports([old, { ...old, dueOn: '2016-06-01' }]);
    expect(
      await message(db.write((transaction) => transaction.execute(sql`delete from report_records`))),
    ).toMatch(/is real and cannot be deleted/);
    expect(
      await message(
        db.write(async (transaction) => {
          await foldOldReports(transaction, '2016-01-01');
          await transaction.execute(sql`delete from report_records`);
        }),
      ),
    ).toMatch(/is real and cannot be deleted/);
    expect([
      await count('report_records'),
      await count('report_month_counts'),
      await count('retention_runs'),
    ]).toEqual([2, 0, 0]);
  });

  it('ends for all or for none: what fails behind it takes it back', async () => {
    await insertReports([old]);
    const before = await standingsAtMonthEnds();
    expect(
      await message(
        db.write(async (transaction) => {
          await foldOldReports(transaction, '2016-01-01');
          throw new Error('the light went out');
        }),
      ),
    ).toBe('the light went out');
    expect([await count('report_records'), await count('report_month_counts')]).toEqual([1, 0]);
    expect(await standingsAtMonthEnds()).toEqual(before);
  });

  it('leaves a line on the audit log, with no small number', async () => {
    await insertReports([old]);
    await endKeeping(db, { months: 60, clock, dryRun: false });
    const lines = await db.read((transaction) =>
      transaction.rows(z.object({ line: z.string() }), sql`select l::text as line from audit_log l`),
    );
    const line = lines.map((found) => found.line).find((text) => text.includes('retention'));
    expect(line).toMatch(/due_before.*2021-11-01/);
    expect(line).toMatch(/reports[^,}]*null/);
  });
});

it('counts follow a commune to its successor, and simulated ones go with the demo', async () => {
  const old: Report = {
    communeCode: '10001',
    receivedOn: '2015-03-01',
    dueOn: '2015-03-10',
    resolvedOn: '2015-03-05',
  };
  await insertReports([old, old, { ...old, communeCode: '10002' }, { ...old, simulated: true }]);
  await endKeeping(db, { months: 60, clock, dryRun: false });
  await db.write((transaction) => succeed(transaction, new Map([['10001', '10002']])));
  const counts = () =>
    db.read((transaction) =>
      transaction.rows(
        z.object({ commune: z.string(), due: z.number(), simulated: z.boolean() }),
        sql`select commune_code as commune, due, simulated from report_month_counts order by simulated`,
      ),
    );
  expect(await counts()).toEqual([
    { commune: '10002', due: 3, simulated: false },
    { commune: '10002', due: 1, simulated: true },
  ]);
  await db.write(deleteSimulated);
  expect(await counts()).toEqual([{ commune: '10002', due: 3, simulated: false }]);
  const [last] = (await standingsAtMonthEnds()).filter(
    ({ commune, end }) => commune === '10002' && end === '2015-03-31',
  );
  expect(last).toMatchObject({ due: 3, resolved: 3 });
});

it('no role reads the counts or the runs', async () => {
  for (const role of ['planner', 'inspector', 'leader', 'commune', 'admin', 'visitor'] as const)
    for (const table of ['report_month_counts', 'retention_runs'])
      expect(
        await message(
          db
            .as({ account: 'a', role, commune: role === 'commune' ? '10001' : null, address: '' })
            .read((transaction) =>
              transaction.rows(z.unknown(), sql`select * from ${sql.identifier(table)}`),
            ),
        ),
        `${role} ${table}`,
      ).toMatch(/permission denied/);
});

it('`diaban retention --dry-run` says it on the command line', async () => {
  const run = (...given: string[]) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/diaban.ts', 'retention', ...given], {
      env: { ...process.env, ...db.environment, BASE_URL: '', REPORT_RETENTION_MONTHS: '36' },
    });
  expect((await run('--dry-run')).stdout).toMatch(/nothing goes/);
  await insertReports(
    Array.from({ length: 6 }, () => ({
      communeCode: '10001',
      receivedOn: '2015-02-20',
      dueOn: '2015-03-10',
      resolvedOn: null,
    })),
  );
  const said = (await run('--dry-run')).stdout;
  expect(said).toMatch(/2015: 6 reports, 6 of them never resolved; 0 withdrawn/);
  expect(said).toMatch(/6 in all\nDry run: nothing was changed\./);
  expect(await count('report_records')).toBe(6);
  expect((await run()).stdout).toMatch(/became counts by month/);
  expect(await count('report_records')).toBe(0);
  await expect(run('--months', '12')).rejects.toMatchObject({ code: 2 });
});
