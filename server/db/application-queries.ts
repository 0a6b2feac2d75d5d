import { z } from 'zod';
import type { Database } from './database.ts';
import { sql } from './sql.ts';

/** A utility statement takes no bound values: the text is made, and quoted, by the database. */
export const setApplicationPassword = (owner: Database, password: string): Promise<void> =>
  owner.write(async (transaction) => {
    const { statement } = await transaction.row(
      z.object({ statement: z.string() }),
      sql`select format('alter role diaban_application password %L', ${password}::text) as statement`,
    );
    await transaction.execute(sql.script(statement));
  });

const applied = z.object({ name: z.string(), sha256: z.string() });

/** The migrations that the database has, as the server without the owner's rights sees them. */
export const readAppliedMigrations = (db: Database) =>
  db.read((transaction) =>
    transaction.rows(applied, sql`select name, sha256 from applied_migrations order by name`),
  );
