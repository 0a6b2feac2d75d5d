import type {
  IndicatorDescription,
  IndicatorFigure,
  IndicatorId,
  IndicatorStatus,
  IndicatorsAnswer,
} from '../../contract/coverage-indicators.ts';

/** Statuses in the order in which they are told. */
export const toldStatuses = [
  'met',
  'on-pace',
  'behind',
  'no-data',
  'no-target',
] as const satisfies readonly IndicatorStatus[];

/** How many figures have each status; those that none has are left out. */
export function countStatuses(
  figures: readonly Pick<IndicatorFigure, 'status'>[],
): { status: IndicatorStatus; count: number }[] {
  return toldStatuses
    .map((status) => ({ status, count: figures.filter((figure) => figure.status === status).length }))
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
