import type { InspectionCoverageAnswer, InspectionGroup } from '../../../contract/coverage-inspections.ts';
import type { Sentence } from '../../../contract/provenance.ts';
import { daysBetween } from '../pace.ts';
import { areasOf } from './areas.ts';
import type { EstablishmentCell } from './deal-by-lot.ts';
import { countInspected, evenSpread, type InspectionCell, inspectionFigures } from './figures.ts';
import { coverageFinding } from './findings.ts';
import { type CoveragePeriod, monthsBefore } from './period.ts';
import { inspectionSpread } from './spread.ts';
import { targetShare } from './target-share.ts';

export type CoverageInput = {
  cells: readonly InspectionCell[];
  communes: readonly { code: string; name: string; type: string; terrain: string | null }[];
  /** The groups in their order; of areas the keys are those of `inspectionAreas`. */
  groups: readonly { key: string; name: Sentence }[];
  byArea: boolean;
  period: CoveragePeriod;
  target: number;
};

type Computed = Pick<
  InspectionCoverageAnswer,
  'total' | 'communes' | 'groups' | 'inSeveralAreas' | 'spread' | 'outsideLicence' | 'found'
> & { replications: { all: number; routine: number } };

/** All figures of an answer from the cells that the database put together. */
export function inspectionCoverage(input: CoverageInput): Computed {
  const { cells, communes, groups, byArea, period, target } = input;
  const { asOf, daysOfYear } = period;
  const reference = {
    even: evenSpread(cells),
    daysOfYear,
    daysOfTwelveMonths: daysBetween(monthsBefore(asOf, 12), asOf),
    daysOfTwentyFourMonths: daysBetween(monthsBefore(asOf, 24), asOf),
    target,
  };
  const total = inspectionFigures(cells, reference);
  const byGroup = cellsByGroup(cells, byArea);
  const byCommune = byKey(cells, ({ communeCode }) => [communeCode]);
  const all = inspectionSpread(
    streamCells(cells, ({ inspections }) => inspections),
    'all',
  );
  const routine = inspectionSpread(
    streamCells(cells, ({ inspections, signs }) => inspections - signs),
    'routine',
  );
  return {
    total,
    communes: communes.map(({ code, name, type, terrain }) => {
      const { active, inspected, inspections } = countInspected(byCommune.get(code) ?? []);
      return { code, name, type, terrain, inspections, ...targetShare(active, inspected, target) };
    }),
    groups: groups.map(
      ({ key, name }): InspectionGroup => ({
        key,
        name,
        ...inspectionFigures(byGroup.get(key) ?? [], reference),
      }),
    ),
    inSeveralAreas: byArea ? inSeveralAreas(cells) : null,
    spread: { all: all.spread, routine: routine.spread },
    outsideLicence: outsideLicence(cells),
    found: coverageFinding(total, asOf, target),
    replications: { all: all.replications, routine: routine.replications },
  };
}

const cellsByGroup = (cells: readonly InspectionCell[], byArea: boolean) =>
  byKey(cells, ({ key }) => (byArea ? areasOf(Number(key)) : [key]));

function byKey(
  cells: readonly InspectionCell[],
  keysOf: (cell: InspectionCell) => readonly string[],
): Map<string, InspectionCell[]> {
  const grouped = new Map<string, InspectionCell[]>();
  for (const cell of cells) {
    for (const key of keysOf(cell)) {
      const group = grouped.get(key);
      if (group) group.push(cell);
      else grouped.set(key, [cell]);
    }
  }
  return grouped;
}

const streamCells = (
  cells: readonly InspectionCell[],
  of: (cell: InspectionCell) => number,
): EstablishmentCell[] =>
  cells
    .filter(({ days }) => days > 0)
    .map((cell) => ({
      communeCode: cell.communeCode,
      days: cell.days,
      inspections: of(cell),
      establishments: cell.establishments,
    }));

const inSeveralAreas = (cells: readonly InspectionCell[]): number =>
  cells.reduce(
    (sum, { key, days, establishments }) =>
      days > 0 && areasOf(Number(key)).length > 1 ? sum + establishments : sum,
    0,
  );

function outsideLicence(cells: readonly InspectionCell[]): InspectionCoverageAnswer['outsideLicence'] {
  const sum = (of: readonly InspectionCell[]) => of.reduce((total, cell) => total + cell.outsideLicence, 0);
  return {
    counted: sum(cells.filter(({ days }) => days > 0)),
    notCounted: sum(cells.filter(({ days }) => days === 0)),
  };
}
