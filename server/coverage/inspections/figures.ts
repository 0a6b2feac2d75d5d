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
  /** Of all together, with a licence on the last day: how many, and for those ever inspected the days since the last time. */
  licensed: number;
  daysSinceLast: readonly number[];
};

const daysOfMonth = 365.2425 / 12;

/** What the whole selection comes to: what an even spread is reckoned from. */
export type EvenSpread = { inspected: number; days: number };

/** What figures are reckoned with: the whole selection, the calendar up to the day asked, the target as a share. */
export type FiguresReference = {
  even: EvenSpread;
  daysOfYear: number;
  /** How many days before the day asked lie 12 and 24 calendar months. */
  daysOfTwelveMonths: number;
  daysOfTwentyFourMonths: number;
  target: number;
};

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
 */
export function inspectionFigures(
  cells: readonly InspectionCell[],
  { even, daysOfYear, daysOfTwelveMonths, daysOfTwentyFourMonths, target }: FiguresReference,
): InspectionFigures {
  const { active, inspected, inspections } = countInspected(cells);
  const days = sumOver(cells, (cell) => cell.days);
  const onGround = (of: (cell: InspectionCell) => number) => ({
    inspections: sumOver(cells, of),
    inspected: sumOver(cells, (cell) => Number(of(cell) > 0)),
  });
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
    sinceLast: sinceLast(cells, daysOfTwelveMonths, daysOfTwentyFourMonths),
  };
}

/** Establishments active in the period, those of them inspected, and their inspections. */
export const countInspected = (cells: readonly InspectionCell[]) => ({
  active: sumOver(cells, () => 1),
  inspected: sumOver(cells, ({ inspections }) => Number(inspections > 0)),
  inspections: sumOver(cells, ({ inspections }) => inspections),
});

function sinceLast(
  cells: readonly InspectionCell[],
  daysOfTwelveMonths: number,
  daysOfTwentyFourMonths: number,
): InspectionFigures['sinceLast'] {
  const licensed = cells.reduce((sum, cell) => sum + cell.licensed, 0);
  const days = new Int32Array(cells.reduce((sum, cell) => sum + cell.daysSinceLast.length, 0));
  let filled = 0;
  for (const { daysSinceLast } of cells) {
    days.set(daysSinceLast, filled);
    filled += daysSinceLast.length;
  }
  days.sort();
  const middle = (days.length - 1) / 2;
  const medianDays = days.length === 0 ? null : (days[Math.floor(middle)]! + days[Math.ceil(middle)]!) / 2;
  const over = (limit: number) => days.reduce((sum, one) => sum + Number(one > limit), 0);
  return {
    active: licensed,
    medianMonths: medianDays === null ? null : medianDays / daysOfMonth,
    medianReason: medianDays !== null ? null : licensed === 0 ? 'no-active-establishment' : 'never-inspected',
    overTwelveMonths: over(daysOfTwelveMonths),
    overTwentyFourMonths: over(daysOfTwentyFourMonths),
    never: licensed - days.length,
  };
}

function sumOver(cells: readonly InspectionCell[], of: (cell: InspectionCell) => number): number {
  return cells.reduce((sum, cell) => (cell.days > 0 ? sum + cell.establishments * of(cell) : sum), 0);
}
