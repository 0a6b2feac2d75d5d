import type { densityEndpoint } from '../../contract/hotspots.ts';
import { readAsOfDay } from '../activities/queries.ts';
import type { Database } from '../db/database.ts';
import { ProblemError } from '../http/problem.ts';
import type { Answer } from '../http/route.ts';
import { versioned } from '../http/versioned.ts';
import { densitySentence, provinceDensity } from './density-answer.ts';
import { readCategories, readCommuneAt, readOutline, readViolations } from './queries.ts';

export const densityRoute = (db: Database, clock: () => Date): Answer<typeof densityEndpoint> =>
  versioned(db, clock, async ({ query }, transaction, dataVersion) => {
    const to = query.to ?? (await readAsOfDay(transaction, clock()));
    const from = query.from ?? `${to.slice(0, 4)}-01-01`;
    if (from > to) {
      throw new ProblemError(400, 'A value of the request is wrong', {
        where: 'query from',
        detail: `the period begins on ${from}, after its end on ${to}`,
        remedy: 'Give a first day on or before the last.',
      });
    }
    const category = query.category ?? null;
    if (category !== null) {
      const categories = (await readCategories(transaction)).map(({ code }) => code);
      if (!categories.includes(category)) {
        throw new ProblemError(400, 'A value of the request is wrong', {
          where: 'query category',
          detail: `there is no category "${category}"`,
          remedy: `Give one of ${categories.join(', ')}.`,
        });
      }
    }
    const outline = await readOutline(transaction);
    if (outline.length === 0) {
      throw new ProblemError(409, 'There is no map yet', {
        remedy: 'Import the communes first: diaban import communes FILE.',
      });
    }
    const violations = await readViolations(transaction, { from, to, category });
    const surface = provinceDensity({ outline, ...violations, bandwidthMeters: query.bandwidthMeters });
    const peakCommune =
      surface.peak && (await readCommuneAt(transaction, surface.peak.longitude, surface.peak.latitude));
    const { values, ...grid } = surface.grid;
    return {
      dataVersion,
      simulated: violations.simulated,
      method: {
        statistic: 'kernel density',
        kernel: 'gaussian',
        edge: 'diggle',
        bandwidthMeters: query.bandwidthMeters,
        crs: surface.crs,
      },
      from,
      to,
      category,
      unit: 'events/km²',
      n: surface.n,
      outside: surface.outside,
      integral: surface.integral,
      ...(query.grid === 'values'
        ? {
            grid: {
              x0: grid.x0,
              y0: grid.y0,
              stepMeters: grid.step,
              columns: grid.columns,
              rows: grid.rows,
              values: Array.from(values, (value) =>
                Number.isNaN(value) ? null : Number(value.toPrecision(6)),
              ),
            },
          }
        : {}),
      contours: { type: 'FeatureCollection', features: surface.bands },
      found: densitySentence(surface, { from, to }, peakCommune),
    };
  });
