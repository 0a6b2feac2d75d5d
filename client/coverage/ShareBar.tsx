import type { CoverageClass } from './coverage-classes.ts';
import { classOf } from './coverage-classes.ts';

type ShareBarProps = {
  share: number | null;
  target: number;
  classes: readonly CoverageClass[];
  /** A second mark, such as the province's share. */
  reference?: number | null;
  height?: number;
};

/**
 * A share as a bar from 0 to twice the target, which is therefore always in the middle; what goes beyond fills the bar.
 * Drawing only: the figure stands beside it in words.
 */
export function ShareBar({ share, target, classes, reference, height = 8 }: ShareBarProps) {
  const along = (value: number) => `${Math.min(100, (value / (2 * target)) * 100)}%`;
  return (
    <span className="share-bar" style={{ height }} aria-hidden="true" data-none={share === null}>
      {share !== null && (
        <span
          className="share-bar-fill"
          style={{ width: along(share), background: classOf(classes, share)?.color }}
        />
      )}
      <span className="share-bar-target" />
      {reference !== undefined && reference !== null && (
        <span className="share-bar-reference" style={{ left: along(reference) }} />
      )}
    </span>
  );
}
