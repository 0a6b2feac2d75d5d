import { Command } from 'commander';
import { prepareSignIn } from '../server/access/first-admin.ts';
import { readConfig } from '../server/config.ts';
import { openDatabase } from '../server/db/database.ts';
import { migrate } from '../server/db/migrate.ts';

export const migrateCommand = (): Command =>
  new Command('migrate')
    .description('bring the schema up to this version, as its owner (DATABASE_URL)')
    .action(async () => {
      const config = readConfig();
      const db = await openDatabase({ databaseUrl: config.databaseUrl, dataDir: config.dataDir });
      try {
        const applied = await migrate(db);
        for (const name of applied) console.log(name);
        if (!applied.length) console.log('nothing to apply');
        await prepareSignIn(db, config, console.log);
      } finally {
        await db.close();
      }
    });
