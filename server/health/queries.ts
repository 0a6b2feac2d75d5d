import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

const healthRow = z.object({
  postgresql: z.string(),
  postgis: z.string(),
  data_version: z.number(),
  demo: z.boolean(),
});

export const readHealth = (transaction: Transaction) =>
  transaction.row(
    healthRow,
    sql`select current_setting('server_version') as postgresql,
               postgis_lib_version() as postgis,
               (select version from data_version) as data_version,
               holds_demo() as demo`,
  );
