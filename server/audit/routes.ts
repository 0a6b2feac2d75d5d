import {
  type AuditFilters,
  auditAccountsEndpoint,
  auditEndpoint,
  auditExportEndpoint,
} from '../../contract/audit.ts';
import { askerOf } from '../access/asker.ts';
import type { Database } from '../db/database.ts';
import { wrongQuery } from '../http/problem.ts';
import { plainRoute, type Route, readAsked, route } from '../http/route.ts';
import { archiveLine, csvHead, csvLine } from './export.ts';
import { countUnsealed, exportLines, type LinesAsked, readAccounts, readHead, readLines } from './queries.ts';
import { eventsOf, shownLine } from './shown-line.ts';
import { sealAll } from './verify.ts';

type Parts = { db: Database; checkResponses: boolean };

const partOfExport = 5000;
const mediaTypes = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' };

/** The log for an admin. Each of these readings is a line of it, so that they are writes. */
export function auditRoutes({ db, checkResponses }: Parts): Route[] {
  return [
    route(
      auditEndpoint,
      async ({ query, request, response }) => {
        const { after, limit, ...filters } = query;
        const asked = linesAsked(filters);
        const before = after === undefined ? null : readAfter(after);
        response.set('Cache-Control', 'no-store');
        return db.as(askerOf(request)).write(async (transaction) => {
          const rows = await readLines(transaction, asked, before, limit + 1);
          const shown = rows.slice(0, limit);
          return {
            lines: shown.map(shownLine),
            next: rows.length > limit ? String(shown.at(-1)!.id) : null,
            head: await readHead(transaction),
            unsealed: await countUnsealed(transaction),
          };
        });
      },
      { checkResponses },
    ),
    route(
      auditAccountsEndpoint,
      ({ request }) =>
        db.as(askerOf(request)).read(async (transaction) => ({ accounts: await readAccounts(transaction) })),
      { checkResponses },
    ),
    // In parts, each in a transaction of its own: a year's log is some hundred megabytes, and whoever takes it slowly must
    // not keep a transaction open. Lines are only ever added behind, so that the parts are one file.
    plainRoute(auditExportEndpoint.path, async (request, response) => {
      const { query } = readAsked(auditExportEndpoint, request, response);
      const { format, ...filters } = query;
      const asked = linesAsked(filters);
      const asker = askerOf(request);
      await sealAll(db.as(asker));
      const end = (await db.as(asker).read(readHead))?.position ?? 0;
      response.set('Content-Type', mediaTypes[format]);
      response.set('Content-Disposition', `attachment; filename="nhat-ky.${format}"`);
      response.set('Cache-Control', 'no-store');
      // An answer that has begun may take its time.
      response.flushHeaders();
      if (format === 'csv') response.write(csvHead);
      for (let place = 0; place < end && !response.destroyed; ) {
        const rows = await db
          .as(asker)
          .write((transaction) => exportLines(transaction, asked, place, partOfExport));
        const text = rows
          .filter((row) => row.place! <= end)
          .map((row) =>
            format === 'csv'
              ? csvLine(shownLine(row))
              : archiveLine({ position: row.place!, hash: row.hash!, sealed: row.entry! }),
          )
          .join('');
        if (text && !response.write(text)) await drained(response);
        if (rows.length < partOfExport) break;
        place = rows.at(-1)!.place!;
      }
      response.end();
    }),
  ];
}

const drained = (response: NodeJS.WritableStream): Promise<void> =>
  new Promise((done) => {
    response.once('drain', done);
    response.once('close', done);
  });

function linesAsked({ account, from, to, kind, event, endpoint }: AuditFilters): LinesAsked {
  if (from !== undefined && to !== undefined && from > to)
    throw wrongQuery('to', `a day on or after ${from}, which from names`, 'Correct the value and ask again.');
  const events = kind === undefined ? undefined : eventsOf(kind);
  if (event === undefined) return { account, from, to, events, endpoint };
  return { account, from, to, endpoint, events: !events || events.includes(event) ? [event] : [] };
}

function readAfter(after: string): number {
  if (/^[1-9]\d{0,14}$/.test(after)) return Number(after);
  throw wrongQuery('after', 'not the next of a page', 'Give what a page before gave as "next".');
}
