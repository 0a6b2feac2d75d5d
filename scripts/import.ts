import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { readConfig } from '../server/config.ts';
import { openDatabase } from '../server/db/database.ts';
import { migrate } from '../server/db/migrate.ts';
import { type ImportOptions, type ImportReport, importFile } from '../server/imports/import-file.ts';
import { type ImportIssue, ImportRefused } from '../server/imports/import-refused.ts';
import { type ImportKind, importKinds } from '../server/imports/kinds.ts';

type Given = {
  crs?: string;
  map: Record<string, string>;
  layer?: string;
  encoding?: string;
  numbers?: 'vi' | 'en';
  dryRun?: boolean;
  skipBad?: boolean;
  repair?: boolean;
  province?: string;
  neighbours?: string;
  borderWidth?: number;
  nearest?: number;
  partial?: boolean;
  successor: Map<string, string>;
  simulated?: boolean;
  json?: boolean;
};

const printedIssues = 50;
const repairShare = 0.01;

/** `diaban import KIND FILE`: ends with 0 when done, 2 when the input is bad, 1 otherwise. */
export function importCommand(): Command {
  return new Command('import')
    .description('bring a file into the database: all of it, or nothing')
    .addArgument(new Argument('<kind>', 'what the file holds').choices(importKinds))
    .argument('<file>', 'GeoJSON, zipped Shapefile, GeoPackage, CSV or XLSX')
    .option(
      '--crs <code>',
      'coordinate system, such as EPSG:5897; without it what the file states, or WGS 84',
    )
    .option(
      '--map <field=column>',
      'which column holds a field; may be given again',
      pair('=', 'field=column'),
      {},
    )
    .option('--layer <name>', 'layer of a GeoPackage, sheet of a workbook, Shapefile of an archive')
    .option(
      '--encoding <name>',
      'encoding of a CSV file or a Shapefile table: utf-8, windows-1258, tcvn3, utf-16le',
    )
    .addOption(
      new Option('--numbers <style>', 'vi: 1.234,5 · en: 1,234.5 · without it told by each number').choices([
        'vi',
        'en',
      ]),
    )
    .option('--dry-run', 'check all of it and write nothing')
    .option('--skip-bad', 'leave bad rows out, list them, and write the rest')
    .option(
      '--repair',
      `mend outlines that cross themselves where that changes less than ${repairShare * 100} % of their area`,
    )
    .option('--province <code>', 'communes: their province, where the file does not say it')
    .option(
      '--neighbours <file>',
      'communes: outlines of the provinces around, from which border areas are derived',
    )
    .option(
      '--border-width <meters>',
      'communes: width of the border areas (default: as before, or 1000)',
      meters,
    )
    .option(
      '--nearest <meters>',
      'a place outside all communes goes to the nearest within this distance',
      meters,
    )
    .option('--partial', 'communes: the file holds only some of its province; the others stay')
    .option(
      '--successor <old=new>',
      'communes: who takes over the activities of a commune that goes; may be given again',
      successor,
      new Map(),
    )
    .option('--simulated', 'mark the rows as simulated')
    .option('--json', 'print one JSON document')
    .action(run);
}

function pair(separator: string, shape: string) {
  return (text: string, previous: Record<string, string>): Record<string, string> => {
    const at = text.indexOf(separator);
    if (at < 1 || at === text.length - 1) throw new InvalidArgumentError(`It should be ${shape}.`);
    return { ...previous, [text.slice(0, at)]: text.slice(at + 1) };
  };
}

function successor(text: string, previous: Map<string, string>): Map<string, string> {
  const match = /^(\d{5})=(\d{5})$/.exec(text);
  if (!match) throw new InvalidArgumentError('It should be two 5-digit codes: 13285=13291.');
  return new Map([...previous, [match[1]!, match[2]!]]);
}

function meters(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('It should be a number of metres above 0.');
  return value;
}

async function run(kind: ImportKind, file: string, given: Given): Promise<void> {
  const { databaseUrl, dataDir } = readConfig();
  const say = given.json ? () => {} : (line: string) => console.error(line);
  const db = await openDatabase({ databaseUrl, dataDir, onEvent: say });
  try {
    await migrate(db);
    const report = await importFile(db, kind, file, optionsOf(given, say));
    if (given.json) console.log(JSON.stringify({ ok: true, ...report }, null, 2));
    else print(report);
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error;
    process.exitCode = 2;
    const { what, remedy, issues, issueCount } = error;
    if (given.json) console.log(JSON.stringify({ ok: false, what, remedy, issueCount, issues }, null, 2));
    else {
      for (const issue of issues.slice(0, printedIssues)) console.error(sentence(issue));
      if (issueCount > printedIssues)
        console.error(`… and ${issueCount - Math.min(issueCount, printedIssues)} more.`);
      console.error(`${what}\n${remedy}`);
    }
  } finally {
    await db.close();
  }
}

const optionsOf = (given: Given, say: (line: string) => void): ImportOptions => ({
  crs: given.crs,
  map: given.map,
  layer: given.layer,
  encoding: given.encoding,
  numbers: given.numbers,
  dryRun: given.dryRun,
  skipBad: given.skipBad,
  repairShare: given.repair ? repairShare : undefined,
  province: given.province,
  neighbours: given.neighbours,
  borderWidthMeters: given.borderWidth,
  nearestMeters: given.nearest,
  partial: given.partial,
  successors: given.successor.size ? given.successor : undefined,
  simulated: given.simulated,
  onProgress: (rows) => say(`  ${rows} rows read`),
});

/** "establishments.csv, line 12, column "ngaycap": 31/02/2026, expected a day that exists" */
function sentence({ where, column, value, expected }: ImportIssue): string {
  const place = column === null ? where : `${where}, column "${column}"`;
  return `${place}: ${value === null ? '' : `${value}, `}expected ${expected}`;
}

function print(report: ImportReport): void {
  const { written, geometry, outlines } = report;
  if (report.skippedRows) {
    for (const issue of report.skipped.slice(0, printedIssues)) console.log(`left out: ${sentence(issue)}`);
    if (report.skipped.length > printedIssues)
      console.log(`… and ${report.skipped.length - printedIssues} more faults.`);
  }
  for (const note of report.notes.slice(0, printedIssues)) console.log(`note: ${note}`);
  if (report.noteCount > printedIssues) console.log(`… and ${report.noteCount - printedIssues} more notes.`);
  console.log(
    `${report.source}: ${report.format}${report.crs ? `, ${report.crs.name} (EPSG:${report.crs.code}, ${{ given: 'as given', file: 'as the file states', assumed: 'as the file states none' }[report.crs.from]})` : ''}`,
  );
  console.log(
    `columns: ${Object.entries(report.columns)
      .map(([field, column]) => `${field} = ${column}`)
      .join(', ')}`,
  );
  if (report.ignoredColumns.length) console.log(`not taken: ${report.ignoredColumns.join(', ')}`);
  const taken = Object.entries({
    'rings turned': geometry.reversedRings,
    'repeated vertices removed': geometry.duplicateVertices,
    'vertices welded between neighbours': outlines?.weldedVertices ?? 0,
    'positions with northing first': geometry.swappedAxes,
  }).filter(([, count]) => count > 0);
  if (taken.length) console.log(`outlines: ${taken.map(([what, count]) => `${count} ${what}`).join(', ')}`);
  console.log(
    `${report.kind}: ${report.rows} rows: ${written.inserted} new, ${written.updated} changed, ${written.unchanged} as they were${report.skippedRows ? `, ${report.skippedRows} left out` : ''}`,
  );
  if (outlines) {
    const moved = Object.entries(outlines.reassigned).filter(([, count]) => count > 0);
    if (moved.length)
      console.log(
        `places in another commune now: ${moved.map(([what, count]) => `${count} ${what}`).join(', ')}`,
      );
    if (outlines.removedCommunes.length)
      console.log(`communes that went: ${outlines.removedCommunes.join(', ')}`);
    const strips = (report.borderAreas ?? []).map(
      ({ kind, neighbourProvince, communes }) =>
        `${kind === 'coastal' ? 'the sea' : neighbourProvince} ${communes}`,
    );
    console.log(
      `border areas, ${outlines.borderWidthMeters} m wide, by what communes adjoin: ${strips.join(', ') || 'none'}`,
    );
  }
  if (report.dryRun) console.log('Dry run: nothing was written.');
}
