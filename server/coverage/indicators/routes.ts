import { LRUCache } from 'lru-cache';
import { dayInVietnam } from '../../../contract/calendar-day.ts';
import { indicatorRowsEndpoint, indicatorsEndpoint } from '../../../contract/coverage-indicators.ts';
import type { Database } from '../../db/database.ts';
import { type Route, readAsked, route } from '../../http/route.ts';
import { answeredNotModified, entityTag, readDataVersion, versioned } from '../../http/versioned.ts';
import { indicatorsAnswer } from './answer.ts';
import { indicatorsCsv } from './indicators-csv.ts';
import { indicatorsXlsx } from './indicators-xlsx.ts';
import { indicatorRowsAnswer } from './rows-answer.ts';

type IndicatorParts = { db: Database; clock: () => Date; checkResponses: boolean };

const keptBytes = 64 * 1024 ** 2;
const mediaTypes = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

export const indicatorRoutes = ({ db, clock, checkResponses }: IndicatorParts): Route[] => {
  // By entity tag, which moves with the data, the day and what was asked.
  const kept = new LRUCache<string, Buffer>({
    maxSize: keptBytes,
    sizeCalculation: (body) => body.length || 1,
  });
  return [
    {
      method: indicatorsEndpoint.method,
      path: indicatorsEndpoint.path,
      async handler(request, response) {
        const { query } = readAsked(indicatorsEndpoint, request, response);
        const { format, ...asked } = query;
        const now = clock();
        const answered = await db.read(async (transaction) => {
          const tag = entityTag(await readDataVersion(transaction), request, dayInVietnam(now));
          if (answeredNotModified(request, response, tag)) return null;
          return { tag, body: kept.get(tag) ?? (await indicatorsAnswer(transaction, { ...asked, now })) };
        });
        if (!answered) return;
        let { body } = answered;
        if (!Buffer.isBuffer(body)) {
          if (checkResponses) indicatorsEndpoint.response.parse(body);
          body =
            format === 'json'
              ? Buffer.from(JSON.stringify(body))
              : format === 'csv'
                ? Buffer.from(indicatorsCsv(body))
                : await indicatorsXlsx(body);
          kept.set(answered.tag, body);
        }
        response.set('Content-Type', mediaTypes[format]);
        if (format !== 'json')
          response.set('Content-Disposition', `attachment; filename="chi-tieu-${asked.by}.${format}"`);
        response.send(body);
      },
    },
    // Names premises: sign-in will hold it to those who may see them, and help is never a lead (rule of trust 3).
    route(
      indicatorRowsEndpoint,
      versioned(db, clock, ({ params, query }, transaction) =>
        indicatorRowsAnswer(transaction, { ...query, ...params }, clock()),
      ),
      { checkResponses },
    ),
  ];
};
