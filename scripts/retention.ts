import { Command, InvalidArgumentError } from 'commander';
import { readConfig } from '../server/config.ts';
import { openDatabase } from '../server/db/database.ts';
import { migrate } from '../server/db/migrate.ts';
import { endKeeping, leastMonthsKept, type RetentionReport } from '../server/retention/retention.ts';

/** `diaban retention`: ends with 0 when done or when nothing is old enough. */
export const retentionCommand = (): Command =>
  new Command('retention')
    .description(
      'reports older than REPORT_RETENTION_MONTHS become counts by commune and month; their rows and history go',
    )
    .option('--dry-run', 'only say what would go')
    .option('--months <number>', `instead of REPORT_RETENTION_MONTHS; at least ${leastMonthsKept}`, months)
    .option('--json', 'print one JSON document')
    .action(run);

function months(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < leastMonthsKept || value > 1_200)
    throw new InvalidArgumentError(`It should be a whole number of months from ${leastMonthsKept} on.`);
  return value;
}

async function run(given: { dryRun?: boolean; months?: number; json?: boolean }): Promise<void> {
  const { databaseUrl, dataDir, reportRetentionMonths } = readConfig();
  const db = await openDatabase({ databaseUrl, dataDir, onEvent: (message) => console.error(message) });
  try {
    await migrate(db);
    const report = await endKeeping(db, {
      months: given.months ?? reportRetentionMonths,
      clock: () => new Date(),
      dryRun: given.dryRun ?? false,
    });
    if (given.json) console.log(JSON.stringify(report, null, 2));
    else print(report);
  } finally {
    await db.close();
  }
}

function print({ dueBefore, years, total, dryRun }: RetentionReport): void {
  if (!years.length) {
    console.log(`No report was due before ${dueBefore}: nothing goes.`);
    return;
  }
  const said = (count: number | null) => (count === null ? '1-4' : String(count));
  console.log(
    `Reports that were due before ${dueBefore}${dryRun ? ' would become' : ' became'} counts by month:`,
  );
  for (const { year, reports, unresolved, withdrawn } of years)
    console.log(
      `  ${year}: ${said(reports)} reports, ${unresolved === null ? 'not said how many' : said(unresolved)} of them never resolved; ${said(withdrawn)} withdrawn ones, which are counted nowhere`,
    );
  console.log(`${total.exact ? '' : 'at least '}${total.count} in all`);
  if (dryRun) console.log('Dry run: nothing was changed.');
}
