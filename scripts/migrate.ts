import { Command } from 'commander';
import { readConfig } from '../server/config.ts';
import { openDatabase } from '../server/db/database.ts';
import { migrate } from '../server/db/migrate.ts';

export const migrateCommand = (): Command =>
  new Command('migrate')
    .description('bring the schema up to this version, as its owner (DATABASE_URL)')
    .action(async () => {
      const { databaseUrl, dataDir } = readConfig();
      const db = await openDatabase({ databaseUrl, dataDir });
      try {
        const applied = await migrate(db);
        for (const name of applied) console.log(name);
        if (!applied.length) console.log('nothing to apply');
      } finally {
        await db.close();
      }
    });
