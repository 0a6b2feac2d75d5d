import type { InspectionCoverageAnswer, InspectionGroup } from '../../../contract/coverage-inspections.ts';
import type { Sentence } from '../../../contract/provenance.ts';
import { areaBit, areasOf } from './areas.ts';
import type { EstablishmentLot, EstablishmentsHad } from './deal-by-lot.ts';
import { type InspectionSums, inspectionFigures } from './figures.ts';
import { coverageFinding } from './findings.ts';
import type { CoveragePeriod } from './period.ts';
import { inspectionSpread } from './spread.ts';
import { targetShare } from './target-share.ts';

/** What the database added up: docs/methods.md, "Inspections". */
export type AddedUp = {
  total: InspectionSums;
  /** By group; of areas by the sum of the bits of those that an establishment lies in, without their medians. */
  groups: readonly (InspectionSums & { key: string })[];
  /** Of areas, by bit. */
  medianDaysByGroup: Readonly<Record<string, number>>;
  /** Communes with any establishment, by code; `routine`: the inspections that no sign of violation brought. */
  communes: readonly {
    code: string;
    active: number;
    inspected: number;
    inspections: number;
    routine: number;
  }[];
  lots: readonly EstablishmentLot[];
  had: readonly EstablishmentsHad[];
  hadRoutine: readonly EstablishmentsHad[];
  outsideLicence: InspectionCoverageAnswer['outsideLicence'];
};

export type CoverageInput = {
  addedUp: AddedUp;
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

/** All figures of an answer from what the database added up. */
export function inspectionCoverage(input: CoverageInput): Computed {
  const { addedUp, communes, groups, byArea, period, target } = input;
  const { asOf, daysOfYear } = period;
  const reference = { even: addedUp.total, daysOfYear, target };
  const total = inspectionFigures(addedUp.total, reference);
  const byGroup = byArea ? sumsOfAreas(addedUp) : new Map(addedUp.groups.map((sums) => [sums.key, sums]));
  const byCommune = new Map(addedUp.communes.map((commune) => [commune.code, commune]));
  const active = addedUp.communes.filter((commune) => commune.active > 0);
  const spreadOf = (stream: 'all' | 'routine') =>
    inspectionSpread(
      {
        lots: addedUp.lots,
        had: stream === 'all' ? addedUp.had : addedUp.hadRoutine,
        communes: active.map((commune) => ({
          inspections: stream === 'all' ? commune.inspections : commune.routine,
          establishments: commune.active,
        })),
      },
      stream,
    );
  const all = spreadOf('all');
  const routine = spreadOf('routine');
  return {
    total,
    communes: communes.map(({ code, name, type, terrain }) => {
      const { active, inspected, inspections } = byCommune.get(code) ?? noSums;
      return { code, name, type, terrain, inspections, ...targetShare(active, inspected, target) };
    }),
    groups: groups.map(
      ({ key, name }): InspectionGroup => ({
        key,
        name,
        ...inspectionFigures(byGroup.get(key) ?? noSums, reference),
      }),
    ),
    inSeveralAreas: byArea ? inSeveralAreas(addedUp) : null,
    spread: { all: all.spread, routine: routine.spread },
    outsideLicence: addedUp.outsideLicence,
    found: coverageFinding(total, asOf, target),
    replications: { all: all.replications, routine: routine.replications },
  };
}

export const noSums: InspectionSums = {
  active: 0,
  inspected: 0,
  inspections: 0,
  days: 0,
  planned: 0,
  plannedInspected: 0,
  signs: 0,
  signsInspected: 0,
  randomInspected: 0,
  repeated: 0,
  licensed: 0,
  everInspected: 0,
  overTwelveMonths: 0,
  overTwentyFourMonths: 0,
  medianDays: null,
};

/** An establishment counts in each area in which it lies; medians do not add up, and come by area. */
function sumsOfAreas({ groups, medianDaysByGroup }: AddedUp): Map<string, InspectionSums> {
  const areas = new Map<string, InspectionSums>();
  for (const { key, ...sums } of groups) {
    for (const area of areasOf(Number(key))) {
      const before = areas.get(area) ?? noSums;
      const added = Object.fromEntries(
        Object.entries(sums).map(([name, value]) => [
          name,
          (value ?? 0) + (before[name as keyof InspectionSums] ?? 0),
        ]),
      ) as InspectionSums;
      areas.set(area, { ...added, medianDays: medianDaysByGroup[areaBit[area]] ?? null });
    }
  }
  return areas;
}

const inSeveralAreas = ({ groups }: AddedUp): number =>
  groups.reduce((sum, { key, active }) => (areasOf(Number(key)).length > 1 ? sum + active : sum), 0);
