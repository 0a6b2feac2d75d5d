import { type inspectionCoverageEndpoint, inspectionTarget } from '../../../contract/coverage-inspections.ts';
import { readAsOfDay } from '../../activities/queries.ts';
import type { Database } from '../../db/database.ts';
import type { Answer } from '../../http/route.ts';
import { versioned } from '../../http/versioned.ts';
import { readInspectionsByCommune } from './queries.ts';
import { inspectionCoverage } from './target-share.ts';

export const inspectionCoverageRoute = (
  db: Database,
  clock: () => Date,
): Answer<typeof inspectionCoverageEndpoint> =>
  versioned(db, clock, async ({ query }, transaction, dataVersion) => {
    const asOf = query.asOf ?? (await readAsOfDay(transaction, clock()));
    const year = Number(asOf.slice(0, 4));
    const rows = await readInspectionsByCommune(transaction, `${year}-01-01`, asOf);
    const simulated = rows.some((row) => row.simulated);
    const counts = rows.map(({ simulated: _, ...count }) => count);
    return {
      dataVersion,
      simulated,
      year,
      asOf,
      target: inspectionTarget,
      ...inspectionCoverage(counts, inspectionTarget),
    };
  });
