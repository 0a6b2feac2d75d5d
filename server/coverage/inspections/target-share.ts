import type {
  CommuneInspectionCoverage,
  InspectionCoverage,
} from '../../../contract/coverage-inspections.ts';
import { wholeUnitsFor } from '../pace.ts';

export type InspectionCounts = Pick<
  CommuneInspectionCoverage,
  'code' | 'name' | 'type' | 'terrain' | 'active' | 'inspected' | 'inspections'
>;

/**
 * The share of active establishments inspected, by commune and in all, against the plan's target.
 *
 * @param communes counts for each commune: `inspected` ≤ `active`, whole numbers ≥ 0.
 * @param target share to be inspected, 0 to 1.
 * @returns `share` null where no establishment was active; `missing` is the least number of further establishments
 *   with which the target is met.
 */
export function inspectionCoverage(
  communes: readonly InspectionCounts[],
  target: number,
): { total: InspectionCoverage; communes: CommuneInspectionCoverage[] } {
  const active = communes.reduce((sum, commune) => sum + commune.active, 0);
  const inspected = communes.reduce((sum, commune) => sum + commune.inspected, 0);
  return {
    total: coverage(active, inspected, target),
    communes: communes.map((commune) => ({
      ...commune,
      ...coverage(commune.active, commune.inspected, target),
    })),
  };
}

function coverage(active: number, inspected: number, target: number): InspectionCoverage {
  return {
    active,
    inspected,
    share: active === 0 ? null : inspected / active,
    missing: Math.max(0, wholeUnitsFor(active, target) - inspected),
  };
}
