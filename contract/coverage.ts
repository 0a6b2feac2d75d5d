import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { calendarDay, communeCode } from './places.ts';
import { provenance } from './provenance.ts';

/** The plan's share of establishments to be inspected in a year (Kế hoạch 2026, II.3.a). */
export const inspectionTarget = 0.2;

const inspectionCoverage = z.object({
  /** Establishments with a licence in force on at least one day from 1 January to `asOf`. */
  active: z.number().int(),
  /** Those of them that were inspected at least once in that time. */
  inspected: z.number().int(),
  /** inspected / active; null where there is none to inspect: neither 0 % nor 100 %. */
  share: z.number().min(0).max(1).nullable(),
  /** Establishments still to be inspected to meet the target. */
  missing: z.number().int(),
});
export type InspectionCoverage = z.infer<typeof inspectionCoverage>;

export const communeInspectionCoverage = inspectionCoverage.extend({
  code: communeCode,
  name: z.string(),
  type: z.string(),
  terrain: z.string().nullable(),
  inspections: z.number().int(),
});
export type CommuneInspectionCoverage = z.infer<typeof communeInspectionCoverage>;

export const inspectionCoverageEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/coverage/inspections',
  query: z.strictObject({
    /** The last day that counts; without it today in Vietnam, or the last day of simulated data. Its year is the plan's. */
    asOf: calendarDay.optional(),
  }),
  response: provenance.extend({
    year: z.number().int(),
    asOf: calendarDay,
    target: z.number(),
    total: inspectionCoverage,
    communes: z.array(communeInspectionCoverage),
  }),
});
