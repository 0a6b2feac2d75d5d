/**
 * Classes of the share of establishments inspected, laid around the plan's target. The first classes end at the target
 * and the others begin there, so that a colour never spans it.
 */
export type CoverageClass = {
  /** Included. */
  low: number;
  /** Excluded; null for the topmost. */
  high: number | null;
  side: 'below' | 'at' | 'above';
  color: string;
};

// After ColorBrewer's BrBG, whose sides readers with any colour-vision deficiency can tell apart; softened, since names
// and contours are read over it; no red, so that no place is marked as an alarm. The palest two meet at the target.
const below = ['#b5814a', '#cfa76c', '#e3cd9f', '#f4ead3'] as const;
const fromTarget = ['#d3eae6', '#8cc7be', '#459189'] as const;

/**
 * Four classes of equal width below the target, one of the same width that has just met it, and two above; those that
 * would begin at 100 % or more are left out, except the target's own.
 *
 * @param target a share, 0 < target ≤ 1; 0.2 gives 0, 5, 10, 15 | 20, 25, 35 %, 1 gives 0, 25, 50, 75 | 100 %.
 */
export function coverageClasses(target: number): CoverageClass[] {
  const width = target / 4;
  const bounds = [0, width, 2 * width, 3 * width, target, target + width, target + 3 * width]
    .map((bound) => Number(bound.toFixed(9)))
    .filter((bound) => bound < 1 || bound === target);
  const colors = [...below, ...fromTarget];
  return bounds.map((low, position) => ({
    low,
    high: bounds[position + 1] ?? null,
    side: position < 4 ? 'below' : position === 4 ? 'at' : 'above',
    color: colors[position]!,
  }));
}

/** The class of a share; null where there is no share, which is a class of its own and never the lowest. */
export function classOf(classes: readonly CoverageClass[], share: number | null): CoverageClass | null {
  if (share === null) return null;
  return classes.findLast(({ low }) => share >= low) ?? null;
}

/** How many communes are in each class, and how many have no share. */
export function countByClass(
  classes: readonly CoverageClass[],
  shares: readonly (number | null)[],
): { counts: number[]; none: number } {
  const counts = classes.map(() => 0);
  let none = 0;
  for (const share of shares) {
    const found = classOf(classes, share);
    if (found) counts[classes.indexOf(found)]! += 1;
    else none += 1;
  }
  return { counts, none };
}
