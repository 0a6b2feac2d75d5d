import { z } from 'zod';
import { sentence } from './provenance.ts';

/** A rule that a field of a body breaks, for the person at the form. */
export const fault = z.object({
  /** The field, as the body calls it. */
  field: z.string(),
  /** The rule, by a name that does not change: `day-in-future`, `unknown-commune`, … */
  rule: z.string(),
  /** What the field must be. */
  message: sentence,
});
export type Fault = z.infer<typeof fault>;

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
  /** Every rule that a body breaks (422); `where` and `detail` tell of the first. */
  faults: z.array(fault).optional(),
  /** The version on record, where the request was made upon another (412) or on what is there already (409). */
  version: z.number().int().optional(),
});
export type Problem = z.infer<typeof problem>;
