import type { IndicatorFigure } from '../../../contract/coverage-indicators.ts';

/** A commune's 20 of 100 establishments inspected; what a test says otherwise is otherwise. */
export const indicatorFigure = (own: Partial<IndicatorFigure> = {}): IndicatorFigure => ({
  indicator: 'establishments-inspected',
  group: '13285',
  numerator: 20,
  upperNumerator: null,
  denominator: 100,
  suppressed: null,
  inFives: false,
  value: 0.2,
  lower: null,
  upper: null,
  reason: null,
  placesOfUnknownSize: 0,
  byLevel: null,
  missing: 0,
  paceSoFar: 2,
  paceOfLate: null,
  paceNeeded: 0,
  projected: null,
  status: 'met',
  metAtUpper: false,
  gained: null,
  ...own,
});
