import { isSurelyHigh } from './hotspot-classes.ts';
import type { Answered } from './use-analysis.ts';

/** The level at which a cluster of the scan statistic is spoken of. */
export const clusterLevel = 0.05;

/** Communes that stand out as high; null for a surface, which has no communes. */
export function standingOut({ name, answer }: Answered): Set<string> | null {
  switch (name) {
    case 'local':
      return new Set(answer.areas.filter(isSurelyHigh).map(({ id }) => id));
    case 'scan':
      return new Set(answer.clusters.filter(({ p }) => p <= clusterLevel).flatMap(({ codes }) => codes));
    case 'trend':
      return new Set(answer.areas.filter(({ side }) => side === 'hot').map(({ id }) => id));
    default:
      return null;
  }
}

export type Comparison = {
  foundOnly: string[];
  both: string[];
  perLookOnly: string[];
  /**
   * Inspections per commune where it stands out by what was found alone, and elsewhere; null without such communes and
   * where the answer does not hold inspections by commune.
   */
  looks: { there: number; elsewhere: number } | null;
};

/** What stands out on the left and on the right; null until both are known, and for surfaces. */
export function compareSides(found: Answered | null, perLook: Answered | null): Comparison | null {
  const left = found && standingOut(found);
  const right = perLook && standingOut(perLook);
  if (!left || !right) return null;
  const foundOnly = [...left].filter((code) => !right.has(code));
  return {
    foundOnly,
    both: [...left].filter((code) => right.has(code)),
    perLookOnly: [...right].filter((code) => !left.has(code)),
    looks: found.name === 'local' ? looksAt(found.answer.areas, new Set(foundOnly)) : null,
  };
}

function looksAt(
  areas: readonly { id: string; inspections: number }[],
  codes: ReadonlySet<string>,
): Comparison['looks'] {
  const mean = (which: readonly { inspections: number }[]) =>
    which.reduce((sum, { inspections }) => sum + inspections, 0) / which.length;
  const there = areas.filter(({ id }) => codes.has(id));
  const elsewhere = areas.filter(({ id }) => !codes.has(id));
  return there.length && elsewhere.length ? { there: mean(there), elsewhere: mean(elsewhere) } : null;
}
