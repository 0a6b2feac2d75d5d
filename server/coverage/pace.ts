import {
  type Period,
  type Projection,
  projectAccumulating,
  projectContinuing,
  projectKeptUp,
  rateOfLate,
} from './projection.ts';

/**
 * How a figure moves through the year.
 * - `accumulating`: what is done stays done (people reached, establishments inspected, plans issued, officers trained).
 * - `kept-up`: must be done in every quarter, so that it can only be lost (communes with outreach).
 * - `continuing`: a share of cases that go on coming (reports resolved in time).
 */
export type FigureKind = 'accumulating' | 'kept-up' | 'continuing';

/** A share of the denominator, or so many units. */
export type Target = { share: number } | { count: number };

export type StandingInput = {
  kind: FigureKind;
  /** Whole units done; where people are counted, those surely reached (the lower bound). */
  numerator: number;
  /** Where people are counted, the most that may have been reached. */
  upperNumerator?: number | null;
  /** Null when there is none or it is not known. */
  denominator: number | null;
  target: Target | null;
  /** Calendar days, both counted; `asOf` is counted as elapsed. */
  startsOn: string;
  endsOn: string;
  asOf: string;
  /**
   * For `accumulating`: what was gained in each complete calendar month from `startsOn` to `asOf`, in order. Where
   * people are counted, by how much the lower bound rose. What they leave of the numerator came in the running month.
   * Without it there is neither a pace of late nor a projection.
   */
  increments?: readonly number[];
  /** For `kept-up`: those of the numerator that have done it in the running quarter too. */
  secured?: number;
};

export type Pace = { perDay: number; per30Days: number };

export type Standing = {
  elapsedDays: number;
  remainingDays: number;
  /** Whole units that meet the target; null without a target or a denominator to take it of. */
  needed: number | null;
  /** needed − numerator, at least 0. */
  missing: number | null;
  /** The plain mean, numerator / elapsedDays; null where units do not come day by day. */
  paceSoFar: Pace | null;
  /** Late days count more (`rateOfLate`); null before two months are complete too. What the projection goes on with. */
  paceOfLate: Pace | null;
  /** From the day after `asOf` to the last; null with a reason. */
  paceNeeded: Pace | null;
  paceNeededReason:
    | 'met'
    | 'no-day-left'
    | 'cannot-be-regained'
    | 'not-a-pace'
    | 'no-target'
    | 'no-data'
    | null;
  /** The figure on the last day with its 95 % prediction interval: a share with a denominator, else units. */
  projected: Projection | null;
  projectedReason: 'no-data' | 'too-little' | 'no-quarter-elapsed' | null;
  /** Whether the projected value meets the target; null without one of the two. */
  projectedToMeet: boolean | null;
  status: 'met' | 'on-pace' | 'behind' | 'no-data' | 'no-target';
  /** Not met on what is sure, but met if nobody was counted twice. */
  metAtUpper: boolean;
};

/**
 * Where a figure stands against its target: what is missing, the pace so far and the pace needed, what to expect on the
 * last day, and a status. docs/methods.md, "Targets, pace and projection", has the rule.
 *
 * @throws RangeError where counts are negative, a part exceeds the whole that it can only be a part of, `asOf` lies
 *   before `startsOn`, `increments` are not one for each complete month, add up to more than the numerator or are of a
 *   period that does not begin with a month.
 */
export function standing(input: StandingInput): Standing {
  const { kind, numerator, denominator, target } = input;
  const calendar = calendarOf(input);
  refuseNonsense(input, calendar);

  const { elapsedDays, remainingDays } = calendar;
  const days = { elapsedDays, remainingDays };
  const noData =
    denominator === 0 || (denominator === null && (kind !== 'accumulating' || (target && 'share' in target)));
  if (noData) return { ...days, ...nothingKnown };

  const needed = !target
    ? null
    : 'count' in target
      ? target.count
      : wholeUnitsFor(denominator!, target.share);
  const missing = needed === null ? null : Math.max(0, needed - numerator);
  const { projected, projectedNumerator, projectedReason } = project(input, calendar);
  const projectedToMeet =
    needed === null || projectedNumerator === null ? null : projectedNumerator >= needed - 1e-9 * needed;
  return {
    ...days,
    needed,
    missing,
    paceSoFar: kind === 'accumulating' ? pace(numerator, elapsedDays) : null,
    paceOfLate: paceOfLate(input, calendar),
    ...neededPace(kind, missing, remainingDays),
    projected,
    projectedReason,
    projectedToMeet,
    status: statusOf(input, missing, projectedToMeet, calendar),
    metAtUpper: !!missing && (input.upperNumerator ?? 0) >= needed!,
  };
}

const nothingKnown = {
  needed: null,
  missing: null,
  paceSoFar: null,
  paceOfLate: null,
  paceNeeded: null,
  paceNeededReason: 'no-data',
  projected: null,
  projectedReason: 'no-data',
  projectedToMeet: null,
  status: 'no-data',
  metAtUpper: false,
} as const;

function statusOf(
  { kind, numerator }: StandingInput,
  missing: number | null,
  projectedToMeet: boolean | null,
  { elapsedDays, remainingDays, elapsedQuarters }: Calendar,
): Standing['status'] {
  if (kind === 'kept-up' && elapsedQuarters === 0) return 'no-data';
  if (missing === null) return 'no-target';
  if (kind === 'accumulating') {
    if (missing === 0) return 'met';
    // Without a projection numerator/elapsed ≥ missing/remaining, not divided: the mean is at least the pace needed
    const keepsPace =
      projectedToMeet ?? (remainingDays > 0 && numerator * remainingDays >= missing * elapsedDays);
    return keepsPace ? 'on-pace' : 'behind';
  }
  if (missing > 0) return 'behind';
  return remainingDays === 0 ? 'met' : 'on-pace';
}

function neededPace(
  kind: FigureKind,
  missing: number | null,
  remainingDays: number,
): Pick<Standing, 'paceNeeded' | 'paceNeededReason'> {
  const none = (paceNeededReason: Standing['paceNeededReason']) => ({ paceNeeded: null, paceNeededReason });
  if (missing === null) return none('no-target');
  if (missing === 0) return none('met');
  if (kind === 'kept-up') return none('cannot-be-regained');
  if (kind === 'continuing') return none('not-a-pace');
  if (remainingDays === 0) return none('no-day-left');
  return { paceNeeded: pace(missing, remainingDays), paceNeededReason: null };
}

type Projected = Pick<Standing, 'projected' | 'projectedReason'> & { projectedNumerator: number | null };

function project(input: StandingInput, calendar: Calendar): Projected {
  const { kind, numerator, denominator } = input;
  const { elapsedDays, remainingDays, elapsedQuarters, quarters } = calendar;
  const none = (projectedReason: Standing['projectedReason']): Projected => ({
    projected: null,
    projectedReason,
    projectedNumerator: null,
  });
  if (kind === 'continuing') {
    const projected = projectContinuing({
      well: numerator,
      decided: denominator!,
      elapsedDays,
      remainingDays,
    });
    return { projected, projectedReason: null, projectedNumerator: projected.value * denominator! };
  }
  if (kind === 'kept-up') {
    if (elapsedQuarters === 0) return none('no-quarter-elapsed');
    const secured = quarters - elapsedQuarters === 1 ? (input.secured ?? 0) : 0;
    const units = projectKeptUp({ kept: numerator, of: denominator!, elapsedQuarters, quarters, secured });
    return { projected: perUnit(units, denominator), projectedReason: null, projectedNumerator: units.value };
  }
  const units = projectAccumulating({
    soFar: numerator,
    remainingDays,
    ...periodsOf(input, calendar),
    most: denominator,
  });
  if (!units) return none('too-little');
  return { projected: perUnit(units, denominator), projectedReason: null, projectedNumerator: units.value };
}

/** The complete months and what has run of the next one, of 0 days on a month's last. */
function periodsOf(
  { numerator, increments = [] }: StandingInput,
  { completeMonths, elapsedDays }: Calendar,
): { periods: Period[]; running: Period } {
  const periods = increments.map((gained, month) => ({ gained, days: completeMonths[month]! }));
  const gained = numerator - increments.reduce((sum, each) => sum + each, 0);
  const days = elapsedDays - periods.reduce((sum, period) => sum + period.days, 0);
  return { periods, running: { gained, days } };
}

function paceOfLate(input: StandingInput, calendar: Calendar): Pace | null {
  if (input.kind !== 'accumulating') return null;
  const { periods, running } = periodsOf(input, calendar);
  if (periods.length < 2) return null;
  return pace(rateOfLate([...periods, running])!.perDay, 1);
}

const perUnit = ({ value, lower, upper }: Projection, denominator: number | null): Projection =>
  denominator === null
    ? { value, lower, upper }
    : { value: value / denominator, lower: lower / denominator, upper: upper / denominator };

const pace = (units: number, days: number): Pace => ({
  perDay: units / days,
  per30Days: (30 * units) / days,
});

/**
 * The least whole number that is at least `share` of `of`. Rounded to 9 decimals before it is rounded up: 0.2 × 15 is
 * 3.0000000000000004 in floating point and must not ask for a fourth.
 */
export function wholeUnitsFor(of: number, share: number): number {
  return Math.ceil(Number((of * share).toFixed(9)));
}

/** Days from one calendar day to another: 1 from a day to the next, so that a period that counts both has one more. */
export function daysBetween(first: string, last: string): number {
  return Math.round((dayNumber(last) - dayNumber(first)) / 86_400_000);
}
const dayNumber = (day: string): number => {
  const number = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(number)) throw new RangeError(`${day} is no calendar day: YYYY-MM-DD is needed.`);
  return number;
};

/** The lengths in days of the calendar months that lie wholly between two days. */
export function completeMonthDays(first: string, last: string): number[] {
  const [year, month, day] = first.split('-').map(Number) as [number, number, number];
  const lengths: number[] = [];
  for (let index = day === 1 ? month - 1 : month; ; index++) {
    const monthEnd = new Date(Date.UTC(year, index + 1, 0));
    if (monthEnd.getTime() > dayNumber(last)) return lengths;
    lengths.push(monthEnd.getUTCDate());
  }
}

type Calendar = {
  elapsedDays: number;
  remainingDays: number;
  /** Days of each month that has ended. */
  completeMonths: readonly number[];
  elapsedQuarters: number;
  quarters: number;
};

// A page asks for 1,290 standings of one day, and the calendar took a third of the time.
let calendarAsked = { key: '', calendar: null as Calendar | null };
function calendarOf({ startsOn, endsOn, asOf }: StandingInput): Calendar {
  const key = `${startsOn} ${endsOn} ${asOf}`;
  if (calendarAsked.calendar && calendarAsked.key === key) return calendarAsked.calendar;
  const until = asOf < endsOn ? asOf : endsOn;
  const elapsedDays = daysBetween(startsOn, until) + 1;
  const completeMonths = completeMonthDays(startsOn, until);
  const calendar = {
    elapsedDays,
    remainingDays: daysBetween(startsOn, endsOn) + 1 - elapsedDays,
    completeMonths,
    elapsedQuarters: Math.floor(completeMonths.length / 3),
    quarters: Math.floor(completeMonthDays(startsOn, endsOn).length / 3),
  };
  calendarAsked = { key, calendar };
  return calendar;
}

function refuseNonsense(input: StandingInput, { elapsedDays, completeMonths }: Calendar): void {
  const { kind, numerator, denominator, increments, startsOn, asOf } = input;
  const refuse = (what: string): never => {
    throw new RangeError(what);
  };
  if (elapsedDays < 1) refuse(`asOf ${asOf} lies before ${startsOn}, when the period begins.`);
  for (const [name, count] of Object.entries({ numerator, denominator: denominator ?? 0 })) {
    if (!(count >= 0 && Number.isFinite(count)))
      refuse(`${name} is ${count}; a count of at least 0 is needed.`);
  }
  if (kind !== 'accumulating' && denominator !== null && numerator > denominator) {
    refuse(`${numerator} of ${denominator} is no share.`);
  }
  if (!increments || kind !== 'accumulating') return;
  const months = completeMonths.length;
  if (increments.length !== months) {
    refuse(`${increments.length} increments for ${months} complete months from ${startsOn} to ${asOf}.`);
  }
  if (increments.some((gained) => !(gained >= 0))) refuse('An increment is below 0.');
  const added = increments.reduce((sum, gained) => sum + gained, 0);
  if (added > numerator) refuse(`The increments add up to ${added}, more than the numerator ${numerator}.`);
  if (!startsOn.endsWith('-01')) refuse(`Increments are of months; ${startsOn} does not begin one.`);
}
