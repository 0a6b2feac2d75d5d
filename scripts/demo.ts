import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { readConfig } from '../server/config.ts';
import { type Database, openDatabase } from '../server/db/database.ts';
import { migrate } from '../server/db/migrate.ts';
import { outlineFiles, readCommuneFacts, readSurroundings } from '../server/demo/demo-files.ts';
import { type DemoOptions, DemoRefused, loadDemo, removeDemo } from '../server/demo/load.ts';
import { outlinesText, schematicOutlines } from '../server/demo/outlines.ts';

export function demoCommand(): Command {
  const demo = new Command('demo').description(
    'The demo province: simulated data, marked as such everywhere',
  );
  demo
    .command('load')
    .description('write the demo into the database; refused where the database holds real data')
    .action(() => onDatabase((db, options) => loadDemo(db, options)));
  demo
    .command('remove')
    .description('delete every simulated row and nothing else')
    .action(() => onDatabase((db, options) => removeDemo(db, options)));
  demo
    .command('outlines')
    .description('make the schematic outlines in gis-data/demo again from the facts')
    .action(makeOutlines);
  return demo;
}

async function onDatabase(work: (db: Database, options: DemoOptions) => Promise<unknown>): Promise<void> {
  const { databaseUrl, dataDir } = readConfig();
  const db = await openDatabase({ databaseUrl, dataDir });
  try {
    await migrate(db);
    await work(db, { progress: (line) => console.log(line) });
  } catch (error) {
    if (!(error instanceof DemoRefused)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    await db.close();
  }
}

function makeOutlines(): void {
  const outlines = schematicOutlines(readCommuneFacts(), readSurroundings());
  for (const which of ['communes', 'neighbours'] as const) {
    const text = outlinesText(outlines[which]);
    writeFileSync(outlineFiles[which], text);
    console.log(`${createHash('sha256').update(text).digest('hex')}  gis-data/demo/${which}.geojson`);
  }
}
