import type {
  IndicatorDescription,
  IndicatorFigure,
  IndicatorId,
  IndicatorsAnswer,
} from '../../contract/coverage-indicators.ts';

/** Statuses in the order in which they are told. */
export const toldStatuses = [
  'met',
  'on-pace',
  'behind',
  'not-met',
  'too-early',
  'suppressed',
  'no-data',
  'no-target',
] as const;
export type ToldStatus = (typeof toldStatuses)[number];

/**
 * A status as it is told: what is behind was not met once the year is over, and what has a value but too little of the
 * year to be judged by is not without data.
 */
export function toldStatus(
  { status, value }: Pick<IndicatorFigure, 'status' | 'value'>,
  yearIsOver: boolean,
): ToldStatus {
  if (status === 'behind' && yearIsOver) return 'not-met';
  if (status === 'no-data' && value !== null) return 'too-early';
  return status;
}

/** How many figures have each status; those that none has are left out. */
export function countStatuses(
  figures: readonly Pick<IndicatorFigure, 'status' | 'value'>[],
  yearIsOver: boolean,
): { status: ToldStatus; count: number }[] {
  const told = figures.map((figure) => toldStatus(figure, yearIsOver));
  return toldStatuses
    .map((status) => ({ status, count: told.filter((one) => one === status).length }))
    .filter(({ count }) => count > 0);
}

export type PlanSection = { section: string; indicators: IndicatorDescription[] };

/** Indicators under the plan's sections, "II.1.a" under "II.1", in the order in which they come. */
export function planSections(indicators: readonly IndicatorDescription[]): PlanSection[] {
  const sections: PlanSection[] = [];
  for (const indicator of indicators) {
    const section = /^[IVX]+\.\d+/.exec(indicator.section)?.[0] ?? indicator.section;
    const known = sections.find((one) => one.section === section);
    if (known) known.indicators.push(indicator);
    else sections.push({ section, indicators: [indicator] });
  }
  return sections;
}

/** The figures of one indicator by group. */
export const figuresOf = (
  answer: Pick<IndicatorsAnswer, 'figures'>,
  indicator: IndicatorId,
): Map<string, IndicatorFigure> =>
  new Map(
    answer.figures.filter((figure) => figure.indicator === indicator).map((figure) => [figure.group, figure]),
  );

/** Whether a commune's figure is done or not done, rather than a share of something. */
export const isDoneOrNot = ({ unit }: Pick<IndicatorDescription, 'unit'>): boolean => unit === 'communes';

export type HoldingBack = { code: string; missing: number; shareOfMissing: number };

/**
 * The communes that lack most to the target, largest first, each with its share of what all communes lack: a surplus in
 * one makes up for nothing in another.
 */
export function holdingBack(figures: ReadonlyMap<string, IndicatorFigure>, most: number): HoldingBack[] {
  const lacking = [...figures.values()].filter(
    (figure): figure is IndicatorFigure & { missing: number } =>
      figure.missing !== null && figure.missing > 0,
  );
  const all = lacking.reduce((sum, { missing }) => sum + missing, 0);
  return lacking
    .sort((one, other) => other.missing - one.missing || one.group.localeCompare(other.group))
    .slice(0, most)
    .map(({ group, missing }) => ({ code: group, missing, shareOfMissing: missing / all }));
}
