import type { InspectionCoverage } from '../../../contract/coverage-inspections.ts';
import { wholeUnitsFor } from '../pace.ts';

/**
 * Establishments inspected of those active, held against the plan's target.
 *
 * @param active whole number, at least 0; @param inspected of them, at most `active`.
 * @param target share to be inspected, 0 to 1.
 * @returns `share` null where no establishment was active: neither 0 % nor 100 %; `missing` is the least number of further
 *   establishments with which the target is met.
 */
export function targetShare(active: number, inspected: number, target: number): InspectionCoverage {
  return {
    active,
    inspected,
    share: active === 0 ? null : inspected / active,
    missing: Math.max(0, wholeUnitsFor(active, target) - inspected),
  };
}
