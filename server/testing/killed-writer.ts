// Commits one province, writes a second without committing, says so, and waits to be killed.
import { openDatabase } from '../db/database.ts';
import { sql } from '../db/sql.ts';

const { DATA_DIR: dataDir = '', DATABASE_URL: databaseUrl } = process.env;
const db = await openDatabase({ dataDir, databaseUrl: databaseUrl || undefined });
await db.write((tx) => tx.execute(sql`insert into provinces (code, name) values ('81', 'Đã ghi')`));
await db.write(async (tx) => {
  await tx.execute(sql`insert into provinces (code, name) values ('82', 'Chưa ghi')`);
  process.send?.('written');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
