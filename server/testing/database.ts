import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, type DatabaseOptions, openDatabase } from '../db/database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The data folder of a migrated embedded database, to be copied; or a server with a migrated template database. */
    template: { engine: 'embedded'; dataDir: string } | { engine: 'server'; url: string; name: string };
  }
}

/** A fresh migrated database that nothing has opened yet. */
export type UnopenedDatabase = {
  readonly options: DatabaseOptions;
  /** What another process needs to reach it. */
  readonly environment: { DATA_DIR: string; DATABASE_URL: string };
  drop(): Promise<void>;
};

/** Makes a database on the engine of the vitest project that runs the test. */
export async function createTestDatabase(): Promise<UnopenedDatabase> {
  const template = inject('template');
  const dataDir = mkdtempSync(join(tmpdir(), 'diaban-test-'));
  const removeFolder = () => rmSync(dataDir, { recursive: true, force: true });
  if (template.engine === 'embedded') {
    cpSync(template.dataDir, dataDir, { recursive: true });
    return {
      options: { dataDir },
      environment: { DATA_DIR: dataDir, DATABASE_URL: '' },
      drop: async () => removeFolder(),
    };
  }
  const name = `diaban_test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(template.url, `create database ${name} template ${template.name}`);
  const url = new URL(template.url);
  url.pathname = `/${name}`;
  return {
    options: { databaseUrl: url.href, dataDir, poolSize: 4 },
    environment: { DATA_DIR: dataDir, DATABASE_URL: url.href },
    async drop() {
      await asAdmin(template.url, `drop database if exists ${name} with (force)`);
      removeFolder();
    },
  };
}

export type TestDatabase = Database & Pick<UnopenedDatabase, 'options' | 'environment'>;

/** A fresh migrated database for a test file. Call it in `beforeAll` and its `close`, which drops it, in `afterAll`. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const created = await createTestDatabase();
  const db = await openDatabase(created.options);
  return {
    ...db,
    ...created,
    async close() {
      await db.close();
      await created.drop();
    },
  };
}

export async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
