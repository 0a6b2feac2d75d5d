import { useMemo } from 'react';
import {
  type IndicatorDescription,
  type IndicatorFigure,
  type IndicatorId,
  provinceAgencies,
  smallCounts,
} from '../../contract/coverage-indicators.ts';
import type { CommuneRow } from './commune-rows.ts';
import type { CoverageClass } from './coverage-classes.ts';
import { classedValue, type IndicatorClasses, indicatorClasses } from './indicator-classes.ts';
import { latest } from './plan-question.ts';
import { figuresOf } from './standing.ts';
import { useIndicators } from './use-indicators.ts';

/** What the map shows by itself, with the figures that its table and its summary have. */
export const usualIndicator: IndicatorId = 'establishments-inspected';

/** The indicator chosen in its place. */
export type ChosenIndicator = {
  description: IndicatorDescription;
  classes: IndicatorClasses;
  /** Of communes alone. */
  figures: ReadonlyMap<string, IndicatorFigure>;
  /** The province's own. */
  whole: IndicatorFigure;
  year: number;
  yearIsOver: boolean;
};

/** How the map colours communes. */
export type Colouring = {
  classes: readonly CoverageClass[];
  /** One for each commune whose figure the account may see; empty while they are being read. */
  shares: readonly { code: string; share: number | null }[];
  /** Null for the usual one, and while another is being read. */
  chosen: ChosenIndicator | null;
  error: unknown;
  retry: () => void;
};

export function useColouring(
  indicator: IndicatorId,
  rows: readonly CommuneRow[],
  usualClasses: readonly CoverageClass[],
): Colouring {
  const isUsual = indicator === usualIndicator;
  const byCommune = useIndicators(latest, 'commune', { indicator, enabled: !isUsual });
  const province = useIndicators(latest, 'province', { enabled: !isUsual });

  const usual = useMemo(
    () => rows.flatMap(({ code, coverage }) => (coverage ? [{ code, share: coverage.share }] : [])),
    [rows],
  );
  const chosen = useMemo((): ChosenIndicator | null => {
    const answer = byCommune.data;
    // While another indicator is being read, what is at hand is that of the one before.
    const description = answer?.indicators.find(({ id }) => id === indicator);
    const whole = province.data?.figures.find((figure) => figure.indicator === indicator);
    if (isUsual || !answer || !description || !whole) return null;
    const figures = figuresOf(answer, indicator);
    figures.delete(provinceAgencies);
    figures.delete(smallCounts);
    return {
      description,
      classes: indicatorClasses(description),
      figures,
      whole,
      year: answer.year,
      yearIsOver: answer.period.remainingDays === 0,
    };
  }, [isUsual, indicator, byCommune.data, province.data]);
  const shares = useMemo(() => {
    if (isUsual) return usual;
    if (!chosen) return [];
    return [...chosen.figures.values()].map((figure) => ({
      code: figure.group,
      share: classedValue(chosen.classes.kind, figure),
    }));
  }, [isUsual, usual, chosen]);
  return {
    classes: isUsual ? usualClasses : (chosen?.classes.classes ?? []),
    shares,
    chosen,
    error: isUsual || chosen ? null : (byCommune.error ?? province.error),
    retry: () => {
      void byCommune.refetch();
      void province.refetch();
    },
  };
}
