import type { InspectionFigures } from '../../../contract/coverage-inspections.ts';
import { targetShare } from './target-share.ts';

/** Establishments alike in all that is counted. Those never active in the period have 0 days; only the inspected ones are here. */
export type InspectionCell = {
  communeCode: string;
  /** The group, or for areas the sum of their bits. */
  key: string;
  days: number;
  /** Of each: in the period, on any ground and on two of them; the rest were drawn at random. */
  inspections: number;
  planned: number;
  signs: number;
  /** Planned inspections repeated without a sign of violation. */
  repeated: boolean;
  establishments: number;
  /** Of all together: inspections on days without a licence in force. */
  outsideLicence: number;
};

/** When those with a licence on the last day were last inspected. */
export type SinceInspection = {
  active: number;
  medianDays: number | null;
  overTwelveMonths: number;
  overTwentyFourMonths: number;
  never: number;
};

const daysOfMonth = 365.2425 / 12;
const nobody: SinceInspection = {
  active: 0,
  medianDays: null,
  overTwelveMonths: 0,
  overTwentyFourMonths: 0,
  never: 0,
};

/** What the whole selection comes to: what an even spread is reckoned from. */
export type EvenSpread = { inspected: number; days: number };

export function evenSpread(cells: readonly InspectionCell[]): EvenSpread {
  return {
    inspected: sumOver(cells, ({ inspections }) => Number(inspections > 0)),
    days: sumOver(cells, ({ days }) => days),
  };
}

/**
 * The figures of a group of establishments.
 *
 * Opened and closed establishments count for the time that they were active: time is in years of the calendar (a licence of
 * 73 days of 365 is 0.2), and the expected share gives each group its part of all establishments inspected by the part
 * that it has of all time active (indirect standardisation): share of all · (mean time of the group / mean time of all).
 * Where nearly all are inspected that may pass 1, where it ends.
 *
 * @param cells of the group; cells of 0 days are left out.
 * @param even of the whole selection, from `evenSpread`.
 * @param target share to be inspected, 0 to 1.
 */
export function inspectionFigures(
  cells: readonly InspectionCell[],
  since: SinceInspection = nobody,
  { even, daysOfYear, target }: { even: EvenSpread; daysOfYear: number; target: number },
): InspectionFigures {
  const active = sumOver(cells, () => 1);
  const inspected = sumOver(cells, ({ inspections }) => Number(inspections > 0));
  const inspections = sumOver(cells, (cell) => cell.inspections);
  const days = sumOver(cells, (cell) => cell.days);
  const onGround = (of: (cell: InspectionCell) => number) => ({
    inspections: sumOver(cells, of),
    inspected: sumOver(cells, (cell) => Number(of(cell) > 0)),
  });
  const { medianDays, ...lasting } = since;
  return {
    ...targetShare(active, inspected, target),
    shareReason: active === 0 ? 'no-active-establishment' : null,
    inspections,
    byGround: {
      planned: onGround(({ planned }) => planned),
      'sign-of-violation': onGround(({ signs }) => signs),
      random: onGround((cell) => cell.inspections - cell.planned - cell.signs),
    },
    repeatedPlanned: sumOver(cells, ({ repeated }) => Number(repeated)),
    establishmentYears: days / daysOfYear,
    inspectionsPerEstablishmentYear: days === 0 ? null : (inspections * daysOfYear) / days,
    expectedShare: days === 0 ? null : Math.min(1, (even.inspected * days) / (even.days * active)),
    sinceLast: {
      ...lasting,
      medianMonths: medianDays === null ? null : medianDays / daysOfMonth,
      medianReason:
        medianDays !== null ? null : since.active === 0 ? 'no-active-establishment' : 'never-inspected',
    },
  };
}

function sumOver(cells: readonly InspectionCell[], of: (cell: InspectionCell) => number): number {
  return cells.reduce((sum, cell) => (cell.days > 0 ? sum + cell.establishments * of(cell) : sum), 0);
}
