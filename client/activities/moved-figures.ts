import type { QueryClient } from '@tanstack/react-query';
import type { ActivityKind } from '../../contract/activities.ts';
import {
  type IndicatorDescription,
  type IndicatorFigure,
  type IndicatorId,
  indicatorsEndpoint,
} from '../../contract/coverage-indicators.ts';
import { call } from '../api/call.ts';

/** The targets that an activity of a kind can move. */
export const indicatorsMoved: Readonly<Record<ActivityKind, readonly IndicatorId[]>> = {
  outreach: [
    'communes-with-outreach',
    'establishment-workers-reached',
    'industrial-workers-reached',
    'students-reached',
  ],
  inspections: ['establishments-inspected'],
  reports: ['reports-resolved'],
  'commune-plans': ['communes-with-plan', 'communes-integrated'],
  training: ['officers-trained'],
  'press-items': ['press-items'],
};

export type CommuneFigures = {
  asOf: string;
  indicators: readonly Pick<IndicatorDescription, 'id' | 'name'>[];
  figures: readonly Pick<IndicatorFigure, 'indicator' | 'numerator' | 'upperNumerator' | 'value'>[];
};
export type Moved = {
  indicator: Pick<IndicatorDescription, 'id' | 'name'>;
  before: Pick<IndicatorFigure, 'numerator' | 'value'>;
  after: Pick<IndicatorFigure, 'numerator' | 'value'>;
};

/** Which of a commune's figures differ between two readings, in the plan's order. */
export function movedBetween(
  kind: ActivityKind,
  before: CommuneFigures | null,
  after: CommuneFigures | null,
): Moved[] {
  if (!before || !after) return [];
  return indicatorsMoved[kind].flatMap((id) => {
    const indicator = after.indicators.find((one) => one.id === id);
    const [was, is] = [before, after].map(({ figures }) => figures.find((one) => one.indicator === id));
    if (!indicator || !was || !is) return [];
    return was.numerator === is.numerator && was.value === is.value
      ? []
      : [{ indicator, before: was, after: is }];
  });
}

type Reading = { year: number; today: string };
const lastDay = ({ year, today }: Reading) => (String(year) === today.slice(0, 4) ? today : `${year}-12-31`);

export const communeFiguresKey = (commune: string, reading: Reading) => [
  'coverage',
  'commune-figures',
  commune,
  lastDay(reading),
];

/**
 * A commune's ten figures as of the last day that the record's year allows: today, and not the last day of simulated
 * data, up to which the page counts by itself and after which a session of today lies. Null when they cannot be read,
 * which takes nothing from what was recorded.
 */
export async function readCommuneFigures(
  queries: QueryClient,
  commune: string,
  { fresh, ...reading }: Reading & { fresh: boolean },
): Promise<CommuneFigures | null> {
  const asOf = lastDay(reading);
  try {
    return await queries.fetchQuery({
      queryKey: communeFiguresKey(commune, reading),
      queryFn: ({ signal }) =>
        call(indicatorsEndpoint, { query: { by: 'province', commune, year: reading.year, asOf }, signal }),
      staleTime: fresh ? 0 : Number.POSITIVE_INFINITY,
      retry: false,
    });
  } catch {
    return null;
  }
}
