import type { InspectionSpread, SpreadMeasure } from '../../../contract/coverage-inspections.ts';
import {
  type Deals,
  dealByLot,
  type EstablishmentLot,
  type EstablishmentsHad,
  observedGini,
} from './deal-by-lot.ts';
import { spreadFinding } from './findings.ts';
import { lorenzCurve } from './gini.ts';

/** Which inspections: all, or the planned and random ones alone. */
export type InspectionStream = 'all' | 'routine';

/**
 * How evenly inspections are spread over establishments and over communes, held against what a lottery would give.
 *
 * @param lots the establishments that were active.
 * @param had how many of them had so many inspections of the stream each.
 * @param communes of each with an active establishment, in order of the code: inspections of the stream, active establishments.
 */
export function inspectionSpread(
  {
    lots,
    had,
    communes,
  }: {
    lots: readonly EstablishmentLot[];
    had: readonly EstablishmentsHad[];
    communes: readonly EstablishmentsHad[];
  },
  stream: InspectionStream,
): { spread: InspectionSpread; replications: number } {
  const inspections = had.reduce((sum, cell) => sum + cell.inspections * cell.establishments, 0);
  const deals = dealByLot(lots, inspections);
  const observed = observedGini(had, communes);
  const rates = communes.map((commune) => commune.inspections / commune.establishments);
  const sizes = communes.map(({ establishments }) => establishments);
  const counts = had.map((cell) => cell.inspections);
  const numbers = had.map(({ establishments }) => establishments);
  const establishments = measure(
    numbers.reduce((sum, number) => sum + number, 0),
    observed.establishments,
    deals?.establishments ?? null,
    () => lorenzCurve(counts, numbers),
  );
  const overCommunes = measure(rates.length, observed.communes, deals?.communes ?? null, () =>
    lorenzCurve(rates, sizes),
  );
  return {
    spread: {
      inspections,
      establishments,
      communes: overCommunes,
      found: spreadFinding(stream, inspections, establishments, overCommunes),
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
