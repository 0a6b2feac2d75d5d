import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Database, Transaction } from './database.ts';
import { sql } from './sql.ts';

const migrationFolder = fileURLToPath(new URL('../../migrations', import.meta.url));
const appliedMigration = z.object({ name: z.string(), sha256: z.string() });

/**
 * Brings the schema up to the newest file of `migrations/`, forward only, all in one transaction under an advisory lock,
 * so that several processes may start at once. Every applied file is pinned by its hash: one that was edited afterwards
 * is refused by name, because databases in use would never see the edit.
 *
 * @returns the names of the files that were applied now.
 */
export async function migrate(db: Database, folder = migrationFolder): Promise<string[]> {
  const files = migrationFiles(folder);

  return db.write(async (transaction) => {
    await transaction.rows(z.unknown(), sql`select pg_advisory_xact_lock(hashtext('diaban migrations'))`);
    await transaction.execute(sql`
      create table if not exists applied_migrations (
        name text primary key, sha256 text not null, applied_at timestamptz not null default now()
      )`);
    const applied = await readApplied(transaction);
    const pending = unapplied(files, applied);
    for (const { name, text, sha256 } of pending) {
      await transaction.execute(sql.script(text));
      await transaction.execute(
        sql`insert into applied_migrations (name, sha256) values (${name}, ${sha256})`,
      );
    }
    return pending.map(({ name }) => name);
  });
}

type Applied = z.infer<typeof appliedMigration>;
type MigrationFile = Applied & { text: string };

function migrationFiles(folder: string): MigrationFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
    });
}

function unapplied(files: readonly MigrationFile[], applied: readonly Applied[]): MigrationFile[] {
  for (const { name, sha256 } of applied) {
    const file = files.find((candidate) => candidate.name === name);
    if (!file)
      throw new Error(
        `The database has the migration ${name}, which this version does not: it is newer. Install the newer version.`,
      );
    if (file.sha256 !== sha256)
      throw new Error(
        `migrations/${name} was edited after it was applied. Undo the edit and put the change into a new file.`,
      );
  }
  return files.filter((file) => !applied.some(({ name }) => name === file.name));
}

/** For a process that may not migrate. @throws when the database is older or newer than this version. */
export function refuseUnapplied(applied: readonly Applied[]): void {
  const [first] = unapplied(migrationFiles(migrationFolder), applied);
  if (first)
    throw new Error(
      `The database lacks the migration ${first.name}. Run "npm run -s diaban -- migrate" as its owner (DATABASE_URL), then start again.`,
    );
}

const readApplied = (transaction: Transaction) =>
  transaction.rows(appliedMigration, sql`select name, sha256 from applied_migrations order by name`);
