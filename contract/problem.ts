import { z } from 'zod';

/** The one shape of an error (RFC 9457): what was wrong, where, and what to do. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  /** The parameter, header, field or row that was wrong. */
  where: z.string().optional(),
  /** What the asker can do about it. */
  remedy: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;
