import type { IndicatorFigure } from '../../contract/coverage-indicators.ts';

/**
 * A share from 0 to 100 %: what is sure, beyond it in hatching what there may be at most, and the target as a mark. One
 * scale for all targets, so that a bar is read the same in each. Drawing only: the figures stand beside it in words.
 */
export function IndicatorBar({
  figure,
  target,
  height = 10,
}: {
  figure: Pick<IndicatorFigure, 'value' | 'upper' | 'status'>;
  target: number | null;
  height?: number;
}) {
  const { value, upper, status } = figure;
  return (
    <span
      className="indicator-bar"
      style={{ height }}
      aria-hidden="true"
      data-none={value === null || undefined}
    >
      {value !== null && upper !== null && upper > value && (
        <span
          className="indicator-bar-most"
          style={{ left: `${value * 100}%`, width: `${(upper - value) * 100}%` }}
        />
      )}
      {value !== null && (
        <span className="indicator-bar-fill" data-status={status} style={{ width: `${value * 100}%` }} />
      )}
      {target !== null && (
        <span
          className="indicator-bar-target"
          style={{ left: `${target * 100}%` }}
          data-end={target === 1 || undefined}
        />
      )}
    </span>
  );
}
