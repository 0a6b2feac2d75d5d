import type { Transaction } from '../db/database.ts';
import { sql } from '../db/sql.ts';

/** Empties the tables of activities between tests; real rows cannot be deleted one by one. Their history stays. */
export const eraseActivities = (transaction: Transaction): Promise<number> =>
  transaction.execute(sql`
    truncate outreach_session_records, inspection_records, report_records, commune_plan_records, training_records,
             press_item_records`);
