import type { densityEndpoint } from '../../contract/hotspots.ts';
import { readAsOfDay } from '../activities/queries.ts';
import { ProblemError } from '../http/problem.ts';
import type { Prepare } from './analysis-route.ts';
import { densitySentence } from './density-answer.ts';
import { readCategories, readOutlines, readViolations } from './queries.ts';

export const prepareDensity =
  (clock: () => Date): Prepare<typeof densityEndpoint> =>
  async ({ query }, transaction, dataVersion) => {
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
    const communes = await readOutlines(transaction);
    if (communes.length === 0) {
      throw new ProblemError(409, 'There is no map yet', {
        remedy: 'Import the communes first: diaban import communes FILE.',
      });
    }
    const { simulated, longitudes, latitudes } = await readViolations(transaction, { from, to, category });
    return {
      task: {
        name: 'density',
        input: { communes, longitudes, latitudes, bandwidthMeters: query.bandwidthMeters },
      },
      compose(surface) {
        const { values, step, ...grid } = surface.grid;
        return {
          dataVersion,
          simulated,
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
          ...(query.grid === 'values' && {
            grid: {
              ...grid,
              stepMeters: step,
              values: Array.from(values, (value) =>
                Number.isNaN(value) ? null : Number(value.toPrecision(6)),
              ),
            },
          }),
          contours: { type: 'FeatureCollection', features: surface.bands },
          found: densitySentence(surface, { from, to }),
        };
      },
    };
  };
