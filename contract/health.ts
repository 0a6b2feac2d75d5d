import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';

export const healthEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/health',
  response: z.object({
    status: z.literal('ok'),
    database: z.object({
      engine: z.enum(['embedded', 'server']),
      postgresql: z.string(),
      postgis: z.string(),
    }),
    dataVersion: z.number().int(),
    /** Whether any row on record is simulated: every screen and document then says so. */
    demo: z.boolean(),
  }),
});
