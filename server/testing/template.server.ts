import type { TestProject } from 'vitest/node';
import { openDatabase } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { asAdmin } from './database.ts';

/** Makes the migrated template database on the server of TEST_DATABASE_URL, anew for each run, and drops it afterwards. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) throw new Error('the server project needs TEST_DATABASE_URL');
  const name = `diaban_template_${process.pid}`;
  await asAdmin(url, `drop database if exists ${name} with (force)`);
  await asAdmin(url, `create database ${name}`);
  const templateUrl = new URL(url);
  templateUrl.pathname = `/${name}`;
  const db = await openDatabase({ databaseUrl: templateUrl.href, dataDir: 'node_modules/.cache/diaban' });
  await migrate(db);
  await db.close();
  project.provide('template', { engine: 'server', url, name });
  return () => asAdmin(url, `drop database if exists ${name} with (force)`);
}
