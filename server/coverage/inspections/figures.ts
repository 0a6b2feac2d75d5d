import type { InspectionFigures } from '../../../contract/coverage-inspections.ts';
import { targetShare } from './target-share.ts';

/**
 * What a group of establishments comes to from 1 January to the day asked, as the database adds it up. But for the last two
 * lines of those active on at least one day of that time.
 */
export type InspectionSums = {
  active: number;
  inspected: number;
  inspections: number;
  /** Days active, of all together. */
  days: number;
  /** By ground: inspections, and establishments inspected on it; the rest were drawn at random. */
  planned: number;
  plannedInspected: number;
  signs: number;
  signsInspected: number;
  randomInspected: number;
  /** Establishments with planned inspections repeated without a sign of violation. */
  repeated: number;
  /** With a licence on the last day: how many, those ever inspected, and by when that was last. */
  licensed: number;
  everInspected: number;
  overTwelveMonths: number;
  overTwentyFourMonths: number;
  /** Days since the last inspection, over those ever inspected. */
  medianDays: number | null;
};

const daysOfMonth = 365.2425 / 12;

/** What the whole selection comes to: what an even spread is reckoned from. */
export type EvenSpread = { inspected: number; days: number };

/** What figures are reckoned with: the whole selection, the calendar up to the day asked, the target as a share. */
export type FiguresReference = { even: EvenSpread; daysOfYear: number; target: number };

/**
 * The figures of a group of establishments.
 *
 * Opened and closed establishments count for the time that they were active: time is in years of the calendar (a licence of
 * 73 days of 365 is 0.2), and the expected share gives each group its part of all establishments inspected by the part
 * that it has of all time active (indirect standardisation): share of all · (mean time of the group / mean time of all).
 * Where nearly all are inspected that may pass 1, where it ends.
 */
export function inspectionFigures(
  sums: InspectionSums,
  { even, daysOfYear, target }: FiguresReference,
): InspectionFigures {
  const { active, inspected, inspections, days, planned, signs } = sums;
  return {
    ...targetShare(active, inspected, target),
    shareReason: active === 0 ? 'no-active-establishment' : null,
    inspections,
    byGround: {
      planned: { inspections: planned, inspected: sums.plannedInspected },
      'sign-of-violation': { inspections: signs, inspected: sums.signsInspected },
      random: { inspections: inspections - planned - signs, inspected: sums.randomInspected },
    },
    repeatedPlanned: sums.repeated,
    establishmentYears: days / daysOfYear,
    inspectionsPerEstablishmentYear: days === 0 ? null : (inspections * daysOfYear) / days,
    expectedShare: days === 0 ? null : Math.min(1, (even.inspected * days) / (even.days * active)),
    sinceLast: sinceLast(sums),
  };
}

function sinceLast(sums: InspectionSums): InspectionFigures['sinceLast'] {
  const { licensed, everInspected, medianDays } = sums;
  return {
    active: licensed,
    medianMonths: medianDays === null ? null : medianDays / daysOfMonth,
    medianReason: medianDays !== null ? null : licensed === 0 ? 'no-active-establishment' : 'never-inspected',
    overTwelveMonths: sums.overTwelveMonths,
    overTwentyFourMonths: sums.overTwentyFourMonths,
    never: licensed - everInspected,
  };
}
