import type { healthEndpoint } from '../../contract/health.ts';
import type { Database } from '../db/database.ts';
import type { Answer } from '../http/route.ts';
import { readHealth } from './queries.ts';

export const health =
  (db: Database): Answer<typeof healthEndpoint> =>
  async ({ response }) => {
    response.set('Cache-Control', 'no-store');
    const row = await db.read(readHealth);
    return {
      status: 'ok',
      database: { engine: db.engine, postgresql: row.postgresql, postgis: row.postgis },
      dataVersion: row.data_version,
      demo: row.demo,
    };
  };
