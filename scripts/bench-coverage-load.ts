import type { Database } from '../server/db/database.ts';
import { loadDemo } from '../server/demo/load.ts';
import {
  analyseTables,
  countBenchRows,
  insertBenchEstablishments,
  insertBenchInspections,
  insertBenchOutreach,
  insertBenchReports,
  numberOpenEstablishments,
} from './bench-coverage-queries.ts';

const wanted = { establishments: 100_000, activities: 1_000_000 };
/** Outreach : inspections : reports as in the demo, which has a few hundred plans, trainings and press items beside them. */
const shares = { outreach: 9 / 17.5, inspections: 6 / 17.5 };

/**
 * The load that coverage is measured under: the demo's 129 communes, parks, dormitories and schools, 100,000 establishments
 * and 1,000,000 activities over the 18 months to 2026-10-31, all simulated. The demo's own rows are repeated about 57 times at
 * other places and days of the same commune and quarter, so that what the demo plants (quarters without a session, communes
 * without an inspection) is there too. One seed makes one database, whatever plans it runs.
 *
 * @param db migrated and empty.
 * @returns how many rows there are then.
 */
export async function loadCoverageBench(
  db: Database,
  seed: number,
  progress: (line: string) => void = () => {},
) {
  await loadDemo(db, { progress: () => {} });
  const demo = await db.read(countBenchRows);
  progress(`demo: ${demo.establishments} establishments, ${demo.activities} activities`);
  await db.write((transaction) =>
    insertBenchEstablishments(transaction, wanted.establishments - demo.establishments, seed),
  );
  progress('establishments');
  await db.write(async (transaction) => {
    const more = wanted.activities - demo.activities;
    const outreach = Math.round(more * shares.outreach);
    const inspections = Math.round(more * shares.inspections);
    await numberOpenEstablishments(transaction);
    await insertBenchOutreach(transaction, outreach, seed);
    progress('outreach');
    await insertBenchInspections(transaction, inspections, seed);
    progress('inspections');
    await insertBenchReports(transaction, more - outreach - inspections, seed);
    progress('reports');
  });
  await db.write(analyseTables);
  return db.read(countBenchRows);
}
