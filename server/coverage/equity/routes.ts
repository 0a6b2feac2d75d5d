import { type equityEndpoint, equityGroupings } from '../../../contract/coverage-equity.ts';
import { indicatorIds } from '../../../contract/coverage-indicators.ts';
import type { Database } from '../../db/database.ts';
import type { Answer } from '../../http/route.ts';
import { versioned } from '../../http/versioned.ts';
import { indicatorPeriod } from '../indicators/answer.ts';
import {
  type GroupedCommune,
  readGroupedCommunes,
  readIndicatorFigures,
  readSimulated,
} from '../indicators/queries.ts';
import { inFives } from '../small-numbers/told-counts.ts';
import { type CommuneFacts, equityOf } from './equity.ts';
import { cautionsFor, groupingNames } from './equity-sentences.ts';

export const equityRoute = (db: Database, clock: () => Date): Answer<typeof equityEndpoint> =>
  versioned(db, clock, async ({ query }, transaction, dataVersion) => {
    const { year, asOf } = await indicatorPeriod(transaction, { ...query, now: clock() });
    const communes = (await readGroupedCommunes(transaction)).map(factsOf);
    const figures = toldFigures(
      await readIndicatorFigures(transaction, { year, asOf, indicator: query.indicator }),
    );
    const indicators = query.indicator ? [query.indicator] : indicatorIds;
    const comparisons = equityOf(figures, communes, indicators, equityGroupings);
    return {
      dataVersion,
      simulated: await readSimulated(transaction),
      year,
      asOf,
      method: {
        share: 'Wilson 1927',
        difference: 'Newcombe 1998, method 10',
        clustering: 'Korn & Graubard 1998, communes as clusters',
        level: 0.95,
      },
      groupings: equityGroupings.map((id) => {
        const having = (belongs: boolean | null) =>
          communes.filter((commune) => commune[id] === belongs).length;
        return {
          id,
          name: groupingNames[id],
          communes: having(true),
          rest: having(false),
          unknown: having(null),
        };
      }),
      comparisons,
      cautions: cautionsFor(comparisons),
    };
  });

/** Figures that are not exact in fives, as they are told elsewhere. */
const toldFigures = (figures: Awaited<ReturnType<typeof readIndicatorFigures>>) =>
  figures.map((figure) =>
    figure.exact
      ? figure
      : {
          ...figure,
          numerator: inFives(figure.numerator),
          upperNumerator: figure.upperNumerator === null ? null : inFives(figure.upperNumerator),
          denominator: figure.denominator === null ? null : inFives(figure.denominator),
        },
  );

const factsOf = ({ code, terrain, coastal, adjoining }: GroupedCommune): CommuneFacts => ({
  code,
  mountainous: terrain === null ? null : terrain === 'mountainous',
  coastal,
  adjoining,
});
