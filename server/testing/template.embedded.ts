import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';

const cacheFolder = 'node_modules/.cache/diaban';

/** Makes the migrated data folder that embedded test databases are copied from, once for each state of the migrations. */
export async function setup(project: TestProject): Promise<void> {
  const dataDir = join(cacheFolder, `template-${migrationsDigest()}`);
  if (!existsSync(dataDir)) {
    const unfinished = `${dataDir}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    const db = await openDatabase({ dataDir: unfinished });
    await migrate(db);
    await db.close();
    rmSync(join(unfinished, 'socket'), { recursive: true, force: true });
    if (existsSync(dataDir)) rmSync(unfinished, { recursive: true });
    else renameSync(unfinished, dataDir);
  }
  project.provide('template', { engine: 'embedded', dataDir });
}

function migrationsDigest(): string {
  const digest = createHash('sha256').update(readFileSync('package-lock.json'));
  for (const name of readdirSync('migrations').sort())
    digest.update(name).update(readFileSync(join('migrations', name)));
  return digest.digest('hex').slice(0, 16);
}
