import { LRUCache } from 'lru-cache';
import { dayInVietnam } from '../../../contract/calendar-day.ts';
import { type ReportFormat, reportEndpoint, reportMediaTypes } from '../../../contract/coverage-report.ts';
import { askerOf, scopeOf } from '../../access/asker.ts';
import { communeAsked } from '../../access/commune-asked.ts';
import type { Config } from '../../config.ts';
import type { Database } from '../../db/database.ts';
import type { AnalysisPool } from '../../hotspots/analysis-pool.ts';
import { ProblemError } from '../../http/problem.ts';
import { plainRoute, type Route, readAsked } from '../../http/route.ts';
import { answeredNotModified, entityTag, readDataVersion } from '../../http/versioned.ts';
import { createPdfPrinter } from './chromium.ts';
import { type ReadIndicators, type ReportQuery, readReport } from './read-report.ts';
import type { ReportData } from './report-data.ts';
import { periodOfYear } from './report-period.ts';
import { settlePdf } from './settle-pdf.ts';

type ReportParts = {
  db: Database;
  config: Partial<Pick<Config, 'chromium'>>;
  clock: () => Date;
  /** Threads in which the files are written. */
  pool: AnalysisPool;
  readIndicators: ReadIndicators;
};

const cachedBytes = 64 * 1024 ** 2;
/** A province's report has under 2 MB; what is larger has gone wrong and is not sent. */
const largestBytes = 32 * 1024 ** 2;

/**
 * The report as a file. Figures are read in one transaction, which has ended before any document is made: printing takes
 * seconds. Files are kept by their tag, which holds the data's version, what was asked and what the asker may see; who asks the same
 * meanwhile joins.
 */
export function reportRoute({ db, config, clock, pool, readIndicators }: ReportParts): Route {
  const printPdf = createPdfPrinter(config);
  const made = new LRUCache<string, Buffer>({ maxSize: cachedBytes, sizeCalculation: (file) => file.length });
  const make = async (tag: string, data: ReportData, format: ReportFormat, signal: AbortSignal) => {
    const written = await pool.run(`report ${tag}`, { name: 'report', input: { data, format } }, { signal });
    const file = Buffer.from(written.buffer, written.byteOffset, written.byteLength);
    return format === 'pdf' ? settlePdf(await printPdf(file, signal), data.asOf) : file;
  };
  return plainRoute(reportEndpoint.path, async (request, response) => {
    const asker = askerOf(request);
    const asked = readAsked(reportEndpoint, request, response).query;
    const query = { ...asked, commune: communeAsked(asker, asked.commune) };
    const now = clock();
    const left = new AbortController();
    response.once('close', () => left.abort(new Error('the asker has left')));

    const read = await db.as(asker).read(async (transaction) => {
      const scope = `${scopeOf(asker)} ${dayInVietnam(now)}`;
      const tag = entityTag(await readDataVersion(transaction), request, scope);
      if (answeredNotModified(request, response, tag)) return null;
      const file = made.get(tag);
      if (file) return { tag, work: async () => file };
      const data = await readReport(transaction, readIndicators, query, now, asker.role === 'commune');
      return { tag, work: () => make(tag, data, query.format, left.signal) };
    });
    if (!read) return;
    let file: Buffer;
    try {
      file = await read.work();
    } catch (error) {
      if (left.signal.aborted) return;
      throw error;
    }
    if (file.length > largestBytes)
      throw new ProblemError(500, 'The report is too large', {
        detail: `it has ${file.length} bytes; the limit is ${largestBytes}`,
        remedy: 'Ask for the report of a commune, or tell the keeper of the system.',
      });
    made.set(read.tag, file);
    response
      .set('Content-Type', reportMediaTypes[query.format])
      .set('Content-Disposition', `attachment; filename="${fileName(query)}"`)
      .send(file);
  });
}

const fileName = ({ period, year, commune, format }: ReportQuery) =>
  `${periodOfYear(period, year).fileName}${commune ? `-${commune}` : ''}.${format}`;
