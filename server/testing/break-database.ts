import { join } from 'node:path';
import { inject } from 'vitest';
import { lockHolder } from '../db/embedded.ts';
import { asAdmin, type TestDatabase } from './database.ts';

/**
 * Takes a database away from its users: stops the embedded engine's process so that it cannot answer nor be reached, or
 * shuts the server's database to connections. Resolves to what brings it back.
 */
export async function breakDatabase(db: TestDatabase): Promise<() => Promise<void>> {
  const template = inject('template');
  if (template.engine === 'embedded') {
    // Killed, its parent starts it again at once: until it answers, the database is away.
    process.kill(lockHolder(join(db.environment.DATA_DIR, 'embedded.pid')) ?? Number.NaN, 'SIGKILL');
    await new Promise((done) => setTimeout(done, 200));
    return async () => {};
  }
  const name = new URL(db.environment.DATABASE_URL).pathname.slice(1);
  await asAdmin(template.url, `alter database ${name} with allow_connections false`);
  await asAdmin(
    template.url,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
  );
  await new Promise((done) => setTimeout(done, 200));
  return () => asAdmin(template.url, `alter database ${name} with allow_connections true`);
}
