import { createHmac } from 'node:crypto';
import { readAppliedMigrations, setApplicationPassword } from './application-queries.ts';
import { type Database, type DatabaseOptions, openDatabase, visitor } from './database.ts';
import { migrate, refuseUnapplied } from './migrate.ts';

export type ApplicationOptions = Omit<DatabaseOptions, 'actor'> & {
  /** Where the server connects to answer requests, when it is not to be made out of the owner's address. */
  applicationUrl?: string | undefined;
  say?: (line: string) => void;
  /** Work to be done with the owner's rights before the server answers: the demo. */
  prepare?: (owner: Database) => Promise<void>;
};

/**
 * The database as the server has it: migrated, and without any right until a transaction takes an asker's role.
 *
 * On a server database it connects as `diaban_application`. Only with `applicationUrl` and no `databaseUrl` does it never hold
 * the owner's rights at all: then migrations are run beforehand (`npm run -s diaban -- migrate`). The embedded database has
 * one account, whose rights every transaction gives up first.
 *
 * @throws when migrations are missing that this process may not apply.
 */
export async function openApplication(options: ApplicationOptions): Promise<Database> {
  const { applicationUrl, say = () => {}, prepare = async () => {}, ...database } = options;
  if (applicationUrl && !database.databaseUrl) {
    const db = await openDatabase({ ...database, databaseUrl: applicationUrl, actor: visitor });
    try {
      refuseUnapplied(await readAppliedMigrations(db));
    } catch (error) {
      await db.close();
      throw error;
    }
    return db;
  }
  const owner = await openDatabase(database);
  for (const name of await migrate(owner)) say(`  migration ${name}`);
  await prepare(owner);
  if (!database.databaseUrl) return { ...owner, ...owner.as(visitor) };
  const databaseUrl = applicationUrl ?? (await ownApplicationUrl(owner, database.databaseUrl));
  await owner.close();
  return openDatabase({ ...database, databaseUrl, actor: visitor });
}

/**
 * The owner's address with the other name, and a password made out of the owner's, which the owner sets anew at each start:
 * every process that knows the owner's address comes to the same one, and none is stored. An owner without a password in
 * the address (peer, trust, a certificate) makes none: the server's pg_hba.conf then has to let `diaban_application` in.
 */
export async function ownApplicationUrl(owner: Database, ownerUrl: string): Promise<string> {
  const url = new URL(ownerUrl);
  const { password } = url;
  url.username = 'diaban_application';
  url.password = '';
  if (password) {
    url.password = createHmac('sha256', decodeURIComponent(password))
      .update('diaban_application')
      .digest('base64url');
    await setApplicationPassword(owner, url.password).catch((error: Error & { code?: string }) => {
      if (error.code !== '42501') throw error;
      throw new Error(
        'the owner in DATABASE_URL may not set the password of diaban_application. Have an administrator give it one, and ' +
          'start with APPLICATION_DATABASE_URL=postgres://diaban_application:PASSWORD@HOST/DATABASE (docs/operations.md)',
        { cause: error },
      );
    });
  }
  return url.href;
}
