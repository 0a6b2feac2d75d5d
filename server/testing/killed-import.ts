// Imports the file given, says when rows have been read, and then reads no further: its parent kills it there.
import { openDatabase } from '../db/database.ts';
import { importFile } from '../imports/import-file.ts';
import type { ImportKind } from '../imports/kinds.ts';

const [kind, path] = process.argv.slice(2) as [ImportKind, string];
const { DATA_DIR: dataDir = '', DATABASE_URL: databaseUrl } = process.env;
const db = await openDatabase({ dataDir, databaseUrl: databaseUrl || undefined });
await importFile(db, kind, path, {
  onProgress() {
    process.send?.('reading');
  },
});
process.send?.('done');
await db.close();
