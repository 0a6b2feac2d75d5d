import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { calendarDay, communeCode } from './places.ts';
import { provenance, sentence } from './provenance.ts';

/** The ten targets of the plan, in its order. Each is defined once, in SQL (migrations/0004_indicators.sql). */
export const indicatorIds = [
  'communes-with-outreach',
  'establishment-workers-reached',
  'industrial-workers-reached',
  'students-reached',
  'press-items',
  'communes-with-plan',
  'communes-integrated',
  'reports-resolved',
  'establishments-inspected',
  'officers-trained',
] as const;
export const indicatorId = z.enum(indicatorIds);
export type IndicatorId = z.infer<typeof indicatorId>;

/** Quarters and months are standings at their ends, counted from 1 January: never what one quarter alone would give. */
export const indicatorGroupings = [
  'province',
  'commune',
  'terrain',
  'border',
  'former-province',
  'quarter',
  'month',
] as const;
export type IndicatorGrouping = (typeof indicatorGroupings)[number];

/** The group of what no commune did: trainings of the province's own agencies, press items of its outlets. */
export const provinceAgencies = 'province-agencies';

/**
 * What the province's number of reports has beyond what its communes are told to have, each in fives: small counts of
 * communes, none of which is told. To the account of a commune: everything that is not its own.
 */
export const smallCounts = 'small-counts';

/** Indicators of people and reports, of which a count of 1–4 is told to nobody but the role that recorded it. */
export const protectedIndicators: ReadonlySet<IndicatorId> = new Set([
  'establishment-workers-reached',
  'industrial-workers-reached',
  'students-reached',
  'reports-resolved',
  'officers-trained',
]);

/** `suppressed`: what would decide it is a small count, which is not told. */
export const indicatorStatuses = ['met', 'on-pace', 'behind', 'no-data', 'no-target', 'suppressed'] as const;
export type IndicatorStatus = (typeof indicatorStatuses)[number];

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

export const indicatorFigure = z.object({
  indicator: indicatorId,
  /** A commune's code, a terrain, `2026-Q3`, `2026-09`, …: a key of `groups`. */
  group: z.string(),
  /** What is done. Where people are counted, those surely reached: the lower bound. Null where it is `suppressed`. */
  numerator: count.nullable(),
  /** Where people are counted, the most that may have been reached; null elsewhere. */
  upperNumerator: count.nullable(),
  /** Null for press items, which are counted of nothing, and where it is `suppressed`. */
  denominator: count.nullable(),
  /** Which counts are fewer than five of people or reports and therefore null; `reason` says so. Null where none is. */
  suppressed: z.object({ numerator: z.boolean(), denominator: z.boolean() }).nullable(),
  /** Counts are told in fives, as those of people and reports are to whoever did not record them. */
  inFives: z.boolean(),
  /** numerator / denominator; null where there is nothing to count of, with `reason`. */
  value: share.nullable(),
  /** The range of `value` where people are counted, null elsewhere. `lower` is `value`: what is sure. */
  lower: share.nullable(),
  upper: share.nullable(),
  reason: sentence.nullable(),
  /** Places whose people are not on record: they and the sessions at them are left out of the figure. */
  placesOfUnknownSize: count,
  /** Press items by outlet; null for the other indicators. */
  byLevel: z.object({ central: count, local: count }).nullable(),
  /** Whole units still to do to meet the target; null without a target or a denominator. */
  missing: count.nullable(),
  /** Units per 30 days: the plain mean so far, and needed from now until 31 December; null where the words do not apply. */
  paceSoFar: z.number().nonnegative().nullable(),
  /** The same with late days counting more, half as much for each 45 days of age; null before two months are complete too. */
  paceOfLate: z.number().nonnegative().nullable(),
  paceNeeded: z.number().nonnegative().nullable(),
  /** The value to expect on 31 December with its 95 % interval; docs/methods.md says how. */
  projected: z.object({ value: share, lower: share, upper: share }).nullable(),
  /** What adds up is on pace when the target is reached at the pace of late. */
  status: z.enum(indicatorStatuses),
  /** The target is met if nobody was counted twice: said beside a status that rests on the lower bound. */
  metAtUpper: z.boolean(),
  /** For quarters and months: what the numerator gained since the end of the one before; null elsewhere. */
  gained: z.number().int().nullable(),
});
export type IndicatorFigure = z.infer<typeof indicatorFigure>;

/** Whether the pace of late is worth saying beside the mean: more than a tenth away from it. */
export const paceHasChanged = ({ paceSoFar, paceOfLate }: IndicatorFigure): boolean =>
  paceSoFar !== null && paceOfLate !== null && Math.abs(paceOfLate - paceSoFar) > 0.1 * paceSoFar;

export const indicatorDescription = z.object({
  id: indicatorId,
  name: sentence,
  /** What it counts, of what. */
  definition: sentence,
  /** Section of the plan, such as "II.1.a". */
  section: z.string(),
  unit: z.enum(['communes', 'people', 'items', 'reports', 'establishments', 'officers']),
  /** The year's target as a share; null where the plan names no share (press items) or has no target for the year. */
  target: share.nullable(),
});
export type IndicatorDescription = z.infer<typeof indicatorDescription>;

const yearAndDay = {
  /** The plan's year; without it that of `asOf`. */
  year: z.coerce.number().int().min(2003).max(2100).optional(),
  /** The last day whose events count; without it today in Vietnam, the last day of a year that is over, or of simulated data. */
  asOf: calendarDay.optional(),
};

export const indicatorsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/coverage/indicators',
  query: z.strictObject({
    ...yearAndDay,
    by: z.enum(indicatorGroupings).default('province'),
    indicator: indicatorId.optional(),
    /** Only this commune's figures: with `by` province, quarter or month. */
    commune: communeCode.optional(),
    /** `csv` and `xlsx` answer with a file of the same figures. */
    format: z.enum(['json', 'csv', 'xlsx']).default('json'),
  }),
  response: provenance.extend({
    year: z.number().int(),
    asOf: calendarDay,
    by: z.enum(indicatorGroupings),
    period: z.object({
      startsOn: calendarDay,
      endsOn: calendarDay,
      elapsedDays: count,
      remainingDays: count,
      /** Quarters that have ended by `asOf`, such as "2026-Q1". */
      elapsedQuarters: z.array(z.string()),
    }),
    indicators: z.array(indicatorDescription),
    /** In the order of the figures; `communes` is how many communes a group has. */
    groups: z.array(z.object({ key: z.string(), name: sentence, communes: count })),
    /** For each indicator of `indicators`, each group of `groups`. */
    figures: z.array(indicatorFigure),
  }),
});
export type IndicatorsAnswer = z.infer<typeof indicatorsEndpoint.response>;

export const indicatorRow = z.object({
  activity: z.enum(['outreach', 'inspections', 'reports', 'commune-plans', 'training', 'press-items']),
  id: z.number().int(),
  reference: z.string(),
  /** The day that decides when it counts: held, inspected, resolved, issued, published. */
  day: calendarDay,
  communeCode: communeCode.nullable(),
  place: z.object({ collection: z.string(), reference: z.string(), name: z.string() }).nullable(),
  /** What is on record: people attending, officers, or 1; null for fewer than five that another role recorded. */
  amount: count.nullable(),
  /**
   * What it adds to the numerator; 0 for one that repeats what was counted before. Null for fewer than five people. All
   * rows, with what those that are null stand for, add up to the figure.
   */
  adds: count.nullable(),
  /** Where people are counted, what it adds to the upper bound. */
  addsToUpper: count.nullable(),
  /** Why it adds nothing, or less than its amount. */
  note: sentence.nullable(),
});
export type IndicatorRow = z.infer<typeof indicatorRow>;

export const indicatorRowsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/coverage/indicators/:indicator/rows',
  params: z.object({ indicator: indicatorId }),
  query: z.strictObject({
    ...yearAndDay,
    commune: communeCode.optional(),
    /** From the `next` of the page before. */
    after: z.string().max(60).optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
  }),
  response: provenance.extend({
    indicator: indicatorDescription,
    year: z.number().int(),
    asOf: calendarDay,
    matched: count,
    /** As the figure has it: null where fewer than five people; in fives where the figure is. */
    total: z.object({ adds: count.nullable(), addsToUpper: count.nullable(), inFives: z.boolean() }),
    rows: z.array(indicatorRow),
    /** The address of the next page; null on the last. */
    next: z.string().nullable(),
  }),
});
