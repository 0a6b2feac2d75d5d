import { indicatorRowsEndpoint, indicatorsEndpoint } from '../../../contract/coverage-indicators.ts';
import { askerOf } from '../../access/asker.ts';
import { communeAsked } from '../../access/commune-asked.ts';
import type { Database, Transaction } from '../../db/database.ts';
import { type Answer, type Asked, type Route, route } from '../../http/route.ts';
import { versioned } from '../../http/versioned.ts';
import { indicatorsAnswer } from './answer.ts';
import { indicatorsCsv } from './indicators-csv.ts';
import { indicatorsXlsx } from './indicators-xlsx.ts';
import { indicatorRowsAnswer } from './rows-answer.ts';

type IndicatorParts = { db: Database; clock: () => Date; checkResponses: boolean };

// 129 communes by ten indicators are half a megabyte.
const keptAnswers = 64;
const mediaTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

export const indicatorRoutes = ({ db, clock, checkResponses }: IndicatorParts): Route[] => [
  route(indicatorsEndpoint, indicatorsRoute(db, clock), { checkResponses }),
  // Names premises, and where outreach was held: for planners, and for a commune its own.
  route(
    indicatorRowsEndpoint,
    versioned(db, clock, ({ params, query, request }, transaction) => {
      const commune = communeAsked(askerOf(request), query.commune);
      return indicatorRowsAnswer(transaction, { ...query, ...params, commune }, clock());
    }),
    { checkResponses },
  ),
];

function indicatorsRoute(db: Database, clock: () => Date): Answer<typeof indicatorsEndpoint> {
  const work = ({ query, request }: Asked<typeof indicatorsEndpoint>, transaction: Transaction) => {
    // Without one it is the province's totals, which a commune's account has too.
    communeAsked(askerOf(request), query.commune);
    return indicatorsAnswer(transaction, { ...query, now: clock() });
  };
  const asJson = versioned<typeof indicatorsEndpoint>(db, clock, work, { kept: keptAnswers });
  const forFile = versioned<typeof indicatorsEndpoint>(db, clock, work);
  return async (asked) => {
    const { format, by } = asked.query;
    if (format === 'json') return asJson(asked);
    const answer = await forFile(asked);
    if (!answer) return undefined;
    const file = format === 'csv' ? Buffer.from(indicatorsCsv(answer)) : await indicatorsXlsx(answer);
    asked.response
      .set('Content-Type', mediaTypes[format])
      .set('Content-Disposition', `attachment; filename="chi-tieu-${by}.${format}"`)
      .send(file);
    return undefined;
  };
}
