import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import type { Database, Transaction } from '../db/database.ts';
import { type NeighbourProvince, readBorderSummary, readBorderWidth } from '../places/border-area-queries.ts';
import {
  defaultBorderWidthMeters,
  type FollowReport,
  followCommuneOutlines,
  OutlinesRefused,
} from '../places/follow-commune-outlines.ts';
import { loadedCommuneLocator } from '../places/outline-queries.ts';
import { completeCommunes, repairAreas } from './batch-preparation.ts';
import { columnTable, givenMapping, personalRefusal } from './column-table.ts';
import { communeFinder } from './commune-finder.ts';
import {
  type CoordinateSystem,
  coordinateSystem,
  crsCode,
  knownCoordinateSystems,
} from './coordinate-systems.ts';
import { recogniseColumns } from './fields.ts';
import { beginFirstLoad } from './first-load-queries.ts';
import { emptyTally, type GeometryTally } from './geometry.ts';
import { type ImportIssue, ImportRefused } from './import-refused.ts';
import { issueList } from './issue-list.ts';
import type { ImportKind, InputByKind } from './kinds.ts';
import { readCategories, readCommuneExtent, readCommuneNames, readDataVersion } from './lookup-queries.ts';
import { readNeighbours } from './neighbours.ts';
import { openSource } from './open-source.ts';
import { personalContent } from './personal-columns.ts';
import { recordImport, writeRecords } from './queries.ts';
import { recordReader } from './record-readers.ts';
import { withReferences } from './references.ts';
import type { ReadingContext } from './row-cells.ts';
import { batchesOf, type Source, type SourceOptions, type SourceRow } from './source.ts';
import { type NumberStyle, ownCopy } from './values.ts';
import type { WriteCounts } from './write-results.ts';
import { refuseWrongSystem } from './wrong-system.ts';

export type ImportOptions = SourceOptions & {
  /** "EPSG:5897"; without it what the file states, or else WGS 84. */
  crs?: string | undefined;
  /** Columns by field, where recognition does not find them. */
  map?: Readonly<Record<string, string>> | undefined;
  numbers?: NumberStyle | undefined;
  /** Checks all of it and writes nothing. */
  dryRun?: boolean | undefined;
  /** Leaves bad rows out, lists them, and writes the rest. */
  skipBad?: boolean | undefined;
  /** Mends outlines that cross themselves when that changes less than this share of their area. */
  repairShare?: number | undefined;
  simulated?: boolean | undefined;
  /** The province of communes that do not say theirs. */
  province?: string | undefined;
  /** A file of neighbouring provinces' outlines, for communes. */
  neighbours?: string | undefined;
  borderWidthMeters?: number | undefined;
  /** Places outside all communes go to the nearest within this distance. */
  nearestMeters?: number | undefined;
  /** The file holds only some communes of its province; the others stay. */
  partial?: boolean | undefined;
  successors?: ReadonlyMap<string, string> | undefined;
  /** What the source is called in messages and in the list of imports; the file's own name without it. */
  sourceName?: string | undefined;
  maximumBytes?: number | undefined;
  /** The time now: nothing is recorded that lies ahead. */
  clock?: (() => Date) | undefined;
  onProgress?: ((rows: number) => void) | undefined;
};

export type ImportReport = {
  kind: ImportKind;
  source: string;
  format: string;
  crs: { code: number; name: string; from: 'given' | 'file' | 'assumed' } | null;
  columns: Record<string, string>;
  ignoredColumns: string[];
  rows: number;
  written: WriteCounts;
  /** Rows left out by `skipBad`: the first thousand, and how many in all. */
  skipped: readonly ImportIssue[];
  skippedRows: number;
  notes: readonly string[];
  noteCount: number;
  geometry: GeometryTally;
  outlines: FollowReport | null;
  borderAreas: { kind: string; neighbourProvince: string | null; communes: number }[] | null;
  dryRun: boolean;
  dataVersion: number;
};

const batchRows = 20_000;
/** Without the counts to keep (see `writeRecords`), smaller batches cost nothing more and keep both sides busy. */
const firstLoadBatchRows = 5_000;
const listedNotes = 200;

class DryRunDone extends Error {
  readonly report: ImportReport;
  constructor(report: ImportReport) {
    super('dry run');
    this.report = report;
  }
}

/**
 * Brings one file of one kind into the database: all of it or nothing, in one transaction. Reading goes row by row and
 * writing by batches of 20,000, so that memory does not grow with the file beyond its keys (which must not repeat).
 *
 * @throws {ImportRefused} with every bad row, unless `skipBad`; nothing is written then.
 */
export async function importFile(
  db: Database,
  kind: ImportKind,
  path: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const sourceName = options.sourceName ?? basename(path);
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (options.maximumBytes !== undefined && size > options.maximumBytes)
    throw new ImportRefused({
      what: `The file has ${Math.ceil(size / 1e6)} MB; at most ${Math.floor(options.maximumBytes / 1e6)} MB are taken here.`,
      remedy: 'Split it, or import it on the command line.',
    });
  const given = givenMapping(kind, options.map ?? {});
  const source = await openSource(
    path,
    (columns) => recogniseColumns(kind, columns.map(String), given).size,
    options,
  );
  try {
    const sha256 = await hashOf(path);
    const neighbours =
      options.neighbours && kind === 'communes' ? await readNeighbours(options.neighbours) : null;
    return await db.write(async (transaction) => {
      const report = await importSource(transaction, kind, source, given, neighbours, sourceName, options);
      if (options.dryRun) throw new DryRunDone(report);
      const { inserted, updated } = report.written;
      await recordImport(transaction, {
        kind,
        source: sourceName,
        sha256,
        rowCount: report.rows,
        changedCount: inserted + updated,
        simulated: options.simulated ?? false,
      });
      return report;
    });
  } catch (error) {
    if (error instanceof DryRunDone) return error.report;
    if (error instanceof OutlinesRefused)
      throw new ImportRefused({
        what: 'The outlines cannot be followed by what rests on them.',
        remedy: 'Nothing was written.',
        issues: error.problems.slice(0, 1_000).map(({ what, remedy }) => ({
          line: null,
          where: sourceName,
          column: null,
          value: what,
          expected: remedy,
        })),
        issueCount: error.problems.length,
      });
    throw error;
  } finally {
    source.close();
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function systemOf(
  source: Source,
  crs: string | undefined,
): { system: CoordinateSystem; from: 'given' | 'file' | 'assumed' } {
  const known = `Known are EPSG:${knownCoordinateSystems.join(', ')}.`;
  if (crs) {
    const code = crsCode(crs);
    const system = code === null ? null : coordinateSystem(code);
    if (!system)
      throw new ImportRefused({ what: `The coordinate system "${crs}" is not known.`, remedy: known });
    return { system, from: 'given' };
  }
  const stated = source.statedCrs;
  if (!stated) return { system: coordinateSystem(4326)!, from: 'assumed' };
  const system = 'code' in stated ? coordinateSystem(stated.code) : null;
  if (!system)
    throw new ImportRefused({
      what: `The file states a coordinate system that is not known here: ${'code' in stated ? `EPSG:${stated.code}` : stated.unknown}.`,
      remedy: `Say which it is with --crs. ${known}`,
    });
  return { system, from: 'file' };
}

async function importSource(
  transaction: Transaction,
  kind: ImportKind,
  source: Source,
  given: ReadonlyMap<string, string>,
  neighbours: readonly NeighbourProvince[] | null,
  sourceName: string,
  options: ImportOptions,
): Promise<ImportReport> {
  const simulated = options.simulated ?? false;
  const today = dayInVietnam(options.clock?.() ?? new Date());
  const { system, from } = systemOf(source, options.crs);
  const locator = loadedCommuneLocator();
  const names = await readCommuneNames(transaction);
  const extent = await readCommuneExtent(transaction);
  // A report's position is looked up while it is read, because it must not be kept until a batch is full.
  if (kind === 'reports')
    await locator.reach(transaction, [
      [102, 6],
      [118, 24],
    ]);
  const columns = columnTable(kind, given);
  const context: ReadingContext = {
    mapping: columns.mapping,
    system,
    numbers: options.numbers ?? null,
    tally: emptyTally(),
    communes: communeFinder(names),
    locator: locator.locator,
    categories: await readCategories(transaction),
    provinceCode: options.province ?? null,
    cellOf: kind === 'reports' ? await reportCells() : noCells,
    borderWidthMeters:
      options.borderWidthMeters ?? (await readBorderWidth(transaction)) ?? defaultBorderWidthMeters,
  };
  const issues = issueList(source.rowWord, sourceName);
  const notes: string[] = [];
  let noteCount = 0;
  const note = (text: string) => {
    noteCount += 1;
    if (notes.length < listedNotes) notes.push(text);
  };
  const written: WriteCounts = { inserted: 0, updated: 0, unchanged: 0 };
  const lineOf = new Map<string, number>();
  const content = personalContent(columns.extent);
  const listed = new Map<string, readonly string[]>();
  const ordinals = new Map<string, number>();
  let rows = 0;
  let batches = 0;
  let endFirstLoad: (() => Promise<void>) | null = null;
  let writing: Promise<unknown> = Promise.resolve();
  let pending: { line: number; input: InputByKind[ImportKind] }[] = [];

  async function flush(): Promise<void> {
    const batch = pending;
    pending = [];
    if (!batch.length) return;
    await completeCommunes(transaction, kind, batch, issues);
    if (options.repairShare !== undefined)
      await repairAreas(transaction, batch, options.repairShare, note, source.rowWord);
    const kept = batch.filter(({ line }) => !issues.isBad(line));
    const result = await writeRecords(transaction, kind, kept.map(({ input }) => input) as never[], {
      simulated,
      keep: columns.keep(),
      locator,
      today,
      firstLoad: endFirstLoad !== null,
      categories: new Set(context.categories.map(({ code }) => code)),
      collectIssues: true,
      ...(options.nearestMeters === undefined ? {} : { nearestMeters: options.nearestMeters }),
    });
    written.inserted += result.inserted;
    written.updated += result.updated;
    written.unchanged += result.unchanged;
    for (const { index, field, value, expected } of result.issues)
      issues.add(kept[index]!.line, { column: columns.mapping.get(field) ?? field, value, expected });
    for (const found of result.notes) note(`${source.rowWord} ${kept[found.index]!.line} ${found.note}`);
  }

  columns.see(source.columns);
  columns.check(source.columns.length > 0);
  let read = recordReader(kind, context);
  function take(row: SourceRow): void {
    rows += 1;
    if (rows % 50_000 === 0) options.onProgress?.(rows);
    if (!source.columns.length && columns.see(Object.keys(row.values))) {
      columns.check(false);
      read = recordReader(kind, context);
    }
    content.see(row.values, row.line);
    const { input, identity, issues: found } = read(row);
    for (const issue of found) issues.add(row.line, issue);
    const earlier = identity === null ? undefined : lineOf.get(identity);
    if (identity !== null && earlier === undefined) lineOf.set(ownCopy(identity), row.line);
    if (earlier !== undefined) {
      issues.add(row.line, {
        column: columns.keyColumn(),
        value: identity,
        expected: `each only once; ${source.rowWord} ${earlier} has it too`,
      });
      return;
    }
    refuseWrongSystem(issues, rows, system, from, extent, columns.mapping);
    if (!input) return;
    if (kind === 'communes') {
      const { record } = input as InputByKind['communes'];
      listed.set(record.code, record.adjoiningProvinces);
    }
    pending.push({ line: row.line, input: withReferences(kind, input, identity, ordinals) });
  }

  try {
    for await (const batch of batchesOf(source))
      for (const row of batch) {
        take(row);
        if (pending.length === firstLoadBatchRows && batches === 0 && !endFirstLoad)
          endFirstLoad = await beginFirstLoad(transaction, kind);
        if (pending.length < (endFirstLoad ? firstLoadBatchRows : batchRows)) continue;
        batches += 1;
        // The next batch is read while the database writes this one; at most two are under way.
        const before = writing;
        writing = Promise.all([before, flush()]);
        writing.catch(() => {});
        await before;
        await onTheWire();
      }
    await writing;
    await flush();
  } finally {
    // Whatever was wrong: no statement may come behind the end of the transaction.
    await Promise.allSettled([writing]);
  }
  refuseWrongSystem(issues, Number.POSITIVE_INFINITY, system, from, extent, columns.mapping);
  if (rows === 0)
    throw new ImportRefused({
      what: `The file "${sourceName}" has no rows.`,
      remedy: 'Check that it is the right file, layer or sheet.',
    });
  columns.check(true);
  const personal = content.found();
  if (personal.length) throw personalRefusal(personal, source.rowWord);
  if (issues.badRows() && !options.skipBad)
    throw new ImportRefused({
      what: `${issues.badRows()} of ${rows} rows of "${sourceName}" cannot be taken. Nothing was written.`,
      remedy: 'Correct them, or leave them out with --skip-bad.',
      issues: issues.listed(),
      issueCount: issues.count(),
    });
  await endFirstLoad?.();

  let outlines: FollowReport | null = null;
  if (kind === 'communes') {
    const codes = [...listed.keys()];
    const own = new Set(names.map(({ provinceCode }) => provinceCode));
    for (const { provinceCode } of await readCommuneNames(transaction)) own.add(provinceCode);
    outlines = await followCommuneOutlines(transaction, {
      simulated,
      // A file of all provinces holds those of the communes themselves too
      ...(neighbours ? { neighbours: neighbours.filter(({ code }) => !own.has(code)) } : {}),
      ...(columns.mapping.has('adjoiningProvinces') ? { listed } : {}),
      ...(options.borderWidthMeters === undefined ? {} : { borderWidthMeters: options.borderWidthMeters }),
      ...(options.nearestMeters === undefined ? {} : { nearestMeters: options.nearestMeters }),
      ...(options.partial || issues.badRows() ? {} : { wholeProvince: codes }),
      ...(options.successors ? { successors: options.successors } : {}),
    });
    for (const text of outlines.notes) note(text);
    for (const place of outlines.nearest)
      note(
        `${place.collection} ${place.reference} lies outside all communes; taken as ${place.communeCode}, ${Math.ceil(place.distanceMeters)} m away`,
      );
  }
  return {
    kind,
    source: sourceName,
    format: source.format,
    crs: columns.isPlaced() ? { code: system.code, name: system.name, from } : null,
    columns: Object.fromEntries(columns.mapping),
    ignoredColumns: columns.ignored(),
    rows,
    written,
    skipped: issues.listed(),
    skippedRows: issues.badRows(),
    notes,
    noteCount,
    geometry: context.tally,
    outlines,
    borderAreas: outlines ? await readBorderSummary(transaction) : null,
    dryRun: options.dryRun ?? false,
    dataVersion: await readDataVersion(transaction),
  };
}

/** Lets the statements that are ready leave: reading a whole piece of a file would otherwise go before. */
const onTheWire = () => new Promise((resolve) => setImmediate(resolve));

/** Loaded for reports alone: the library takes as long to load as 10,000 rows to read. */
async function reportCells(): Promise<(lon: number, lat: number) => string> {
  const { latLngToCell } = await import('h3-js');
  return (lon, lat) => latLngToCell(lat, lon, 7);
}

const noCells = (): string => {
  throw new Error('only reports have cells');
};
