import type { IndicatorFigure } from '../../contract/coverage-indicators.ts';

/**
 * A share as a bar: what is sure, beyond it in hatching what there may be at most, and the target as a mark. From 0 to
 * 100 %, so that it is read the same for every target; with `end`, among bars of one target, up to there, and what goes
 * beyond fills it. Drawing only: the figures stand beside it in words.
 */
export function IndicatorBar({
  figure,
  target,
  height = 10,
  end = 1,
}: {
  figure: Pick<IndicatorFigure, 'value' | 'upper' | 'status'>;
  target: number | null;
  height?: number;
  end?: number;
}) {
  const along = (share: number) => Math.min(1, share / end) * 100;
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
          style={{ left: `${along(value)}%`, width: `${along(upper) - along(value)}%` }}
        />
      )}
      {value !== null && (
        <span className="indicator-bar-fill" data-status={status} style={{ width: `${along(value)}%` }} />
      )}
      {target !== null && (
        <span
          className="indicator-bar-target"
          style={{ left: `${along(target)}%` }}
          data-end={target === end || undefined}
        />
      )}
    </span>
  );
}

/** Where bars of communes and groups end: at twice the target, which then stands in the middle, or at 100 %. */
export const barEnd = (target: number | null): number => Math.min(1, target === null ? 1 : 2 * target);
