import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { calendarDay } from '../contract/places.ts';
import { archivedLines, checkArchive } from '../server/audit/archive.ts';
import { type ChainReport, type KeptHead, readKeptHead, writeHead } from '../server/audit/chain.ts';
import { sealAll, verifyAuditLog } from '../server/audit/verify.ts';
import { readConfig } from '../server/config.ts';
import { type Database, openDatabase } from '../server/db/database.ts';

const printedFaults = 20;
/** A log of some millions of lines on the embedded database. */
const timeoutMilliseconds = 600_000;

export function auditCommand(): Command {
  const audit = new Command('audit').description(
    'The log of who read and changed what, as the owner of its tables',
  );
  audit
    .command('verify')
    .description(
      'recompute the chain and name what was altered, removed, put in or moved; exit code 1 if anything was',
    )
    .option('--head <head>', 'the end of the log as an earlier verify printed it and you kept it', keptHead)
    .option('--file <file>', 'check an exported file instead of the database')
    .option('--json', 'print the result as JSON', false)
    .action(verify);
  audit
    .command('export')
    .description('write whole lines to a file (JSON lines), to be archived; verify --file checks it')
    .option('--from <day>', 'first day in Vietnam, YYYY-MM-DD', day)
    .option('--to <day>', 'last day in Vietnam, YYYY-MM-DD', day)
    .requiredOption('--out <file>', 'where to; a file that exists is refused')
    .action(exportLog);
  return audit;
}

async function withOwner<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const { databaseUrl, dataDir } = readConfig();
  const db = await openDatabase({ databaseUrl, dataDir, timeoutMilliseconds });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

type VerifyGiven = { head?: KeptHead; file?: string; json: boolean };

async function verify({ head, file, json }: VerifyGiven): Promise<void> {
  if (file) return verifyFile(file, json);
  const report = await withOwner(async (db) => {
    await sealAll(db);
    return verifyAuditLog(db, head ?? null);
  });
  conclude(report, json);
  if (report.faults.length || json) return;
  if (head)
    console.log('The end that was kept is in the log: nothing up to it was altered, removed or cut off.');
  else
    console.log(
      'That nothing was cut off at the end, this alone does not prove: keep the line above elsewhere, and give it to verify --head later.',
    );
}

async function verifyFile(file: string, json: boolean): Promise<void> {
  const report = await checkArchive(file);
  conclude(report, json);
  if (json) return;
  if (report.upon) console.log(`begins upon ${report.upon}`);
  if (report.leftOut)
    console.log(
      `${report.leftOut} lines between the first and the last are not in the file: it was exported with filters.`,
    );
}

function conclude(report: ChainReport, json: boolean): void {
  if (report.faults.length) process.exitCode = 1;
  if (json) {
    console.log(JSON.stringify({ ok: report.faults.length === 0, ...report }, null, 2));
    return;
  }
  for (const { kind, position, line, what } of report.faults.slice(0, printedFaults)) {
    const where = [
      position === null ? [] : [`position ${position}`],
      line === null ? [] : [`line ${line}`],
    ].flat();
    console.error(`${kind}${where.length ? ` at ${where.join(', ')}` : ''}: ${what}`);
  }
  if (report.faults.length > printedFaults)
    console.error(`… and ${report.faults.length - printedFaults} more.`);
  console.log(
    report.faults.length
      ? `The log of ${report.lines} lines is NOT in order.`
      : `The log of ${report.lines} lines is in order.`,
  );
  if (report.head) console.log(`head ${writeHead(report.head)}`);
}

type ExportGiven = { from?: string; to?: string; out: string };

async function exportLog({ from, to, out }: ExportGiven): Promise<void> {
  const file = createWriteStream(out, { flags: 'wx', mode: 0o600 });
  try {
    await once(file, 'open');
  } catch (error) {
    console.error(`${out}: ${(error as Error).message}`);
    process.exitCode = 2;
    return;
  }
  await withOwner(async (db) => {
    await sealAll(db);
    for await (const text of archivedLines(db, { from: from ?? null, to: to ?? null }))
      if (!file.write(text)) await once(file, 'drain');
  });
  file.end();
  await once(file, 'close');
  const report = await checkArchive(out);
  conclude(report, false);
}

function keptHead(text: string): KeptHead {
  const head = readKeptHead(text);
  if (!head) throw new InvalidArgumentError('POSITION:HASH or the hash alone, 64 hexadecimal digits.');
  return head;
}

function day(text: string): string {
  const parsed = calendarDay.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('a day that exists, as 2026-11-24.');
  return parsed.data;
}
