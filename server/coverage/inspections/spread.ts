import type { InspectionSpread, SpreadMeasure } from '../../../contract/coverage-inspections.ts';
import { communeRates, type Deals, dealByLot, type EstablishmentCell, observedGini } from './deal-by-lot.ts';
import { spreadFinding } from './findings.ts';
import { lorenzCurve } from './gini.ts';

/** Which inspections: all, or the planned and random ones alone. */
export type InspectionStream = 'all' | 'routine';

/**
 * How evenly inspections are spread over establishments and over communes, held against what a lottery would give.
 *
 * @param cells establishments that were active, with the inspections of the stream.
 */
export function inspectionSpread(
  cells: readonly EstablishmentCell[],
  stream: InspectionStream,
): { spread: InspectionSpread; replications: number } {
  const inspections = cells.reduce((sum, cell) => sum + cell.inspections * cell.establishments, 0);
  const deals = dealByLot(cells);
  const observed = observedGini(cells);
  const { rates, sizes } = communeRates(cells);
  const counts = cells.map((cell) => cell.inspections);
  const numbers = cells.map(({ establishments }) => establishments);
  const establishments = measure(
    numbers.reduce((sum, number) => sum + number, 0),
    observed.establishments,
    deals?.establishments ?? null,
    () => lorenzCurve(counts, numbers),
  );
  const communes = measure(rates.length, observed.communes, deals?.communes ?? null, () =>
    lorenzCurve(rates, sizes),
  );
  return {
    spread: {
      inspections,
      establishments,
      communes,
      found: spreadFinding(stream, inspections, establishments, communes),
    },
    replications: deals?.replications ?? 0,
  };
}

function measure(
  n: number,
  gini: number | null,
  byLot: Deals['establishments'] | null,
  curve: () => [number, number][],
): SpreadMeasure {
  const nothing = (reason: NonNullable<SpreadMeasure['reason']>): SpreadMeasure => ({
    n,
    gini: null,
    reason,
    byLot: null,
    verdict: null,
    lorenz: [],
  });
  if (n === 0) return nothing('no-active-establishment');
  if (gini === null || byLot === null) return nothing('no-inspection');
  if (n === 1) return nothing('fewer-than-two');
  // a lottery with one outcome alone differs from it by rounding
  const slack = 1e-9;
  const verdict = gini > byLot.upper + slack ? 'piled-up' : gini < byLot.lower - slack ? 'even' : 'as-by-lot';
  return { n, gini, reason: null, byLot, verdict, lorenz: curve() };
}
