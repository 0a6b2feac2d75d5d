import { z } from 'zod';
import { inspectionGrounds } from './activities.ts';
import { defineEndpoint } from './endpoint.ts';
import { calendarDay, communeCode, leadAgencies } from './places.ts';
import { provenance, sentence } from './provenance.ts';

/** The plan's share of establishments to be inspected in a year (Kế hoạch 2026, II.3.a). */
export const inspectionTarget = 0.2;

export const inspectionGroupings = ['commune', 'category', 'area', 'lead-agency'] as const;
export type InspectionGrouping = (typeof inspectionGroupings)[number];

/**
 * An establishment may lie in several of the first four, so that areas do not add up to the total; `elsewhere` holds those
 * in none of them.
 */
export const inspectionAreas = [
  'border-adjoining',
  'border-coastal',
  'near-industrial-park',
  'near-dormitory',
  'elsewhere',
] as const;
export type InspectionArea = (typeof inspectionAreas)[number];

/** How far from an industrial park or a dormitory is still near it. */
/** A leader's choice: with any radius one could search out how far a single establishment lies from each park. */
export const nearRadiiOfLeaders: readonly number[] = [500, 1000, 2000, 5000];
export const nearRadiusMeters = { least: 50, usual: 500, most: 20_000 } as const;

const count = z.number().int().nonnegative();

const inspectionCoverage = z.object({
  /** Establishments with a licence in force on at least one day from 1 January to `asOf`. */
  active: count,
  /** Those of them that were inspected at least once in that time. */
  inspected: count,
  /** inspected / active; null where there is none to inspect: neither 0 % nor 100 %. */
  share: z.number().min(0).max(1).nullable(),
  /** Establishments still to be inspected to meet the target. */
  missing: count,
});
export type InspectionCoverage = z.infer<typeof inspectionCoverage>;

export const communeInspectionCoverage = inspectionCoverage.extend({
  code: communeCode,
  name: z.string(),
  type: z.string(),
  terrain: z.string().nullable(),
  inspections: count,
});
export type CommuneInspectionCoverage = z.infer<typeof communeInspectionCoverage>;

/** Why a figure is null. */
export const inspectionGapReasons = [
  'no-active-establishment',
  'no-inspection',
  /** No establishment with a licence on `asOf` has ever been inspected, on record. */
  'never-inspected',
  /** Spread over fewer than two is no spread. */
  'fewer-than-two',
] as const;
const reason = z.enum(inspectionGapReasons).nullable();
export type InspectionGapReason = (typeof inspectionGapReasons)[number];

const inspectionFigures = inspectionCoverage.extend({
  shareReason: reason,
  inspections: count,
  /** By the ground they were made on: inspections, and establishments inspected at least once on that ground. */
  byGround: z.record(z.enum(inspectionGrounds), z.object({ inspections: count, inspected: count })),
  /**
   * Establishments that had more than one planned inspection in the year without a sign of violation on record before the
   * further one: the plan allows one.
   */
  repeatedPlanned: count,
  /** Time with a licence in force from 1 January to `asOf`, summed: a licence of 73 of 365 days is 0.2 of a year. */
  establishmentYears: z.number().nonnegative(),
  /** inspections / establishmentYears; null where no establishment was active. */
  inspectionsPerEstablishmentYear: z.number().nonnegative().nullable(),
  /**
   * The share if those inspected in the whole selection (`total`) were spread evenly over the time that establishments were
   * active; null where none was.
   */
  expectedShare: z.number().min(0).max(1).nullable(),
  /** Of establishments with a licence in force on `asOf` itself, with the whole history up to it. */
  sinceLast: z.object({
    active: count,
    /** Months of 365.2425 / 12 days; the median over those inspected at least once. */
    medianMonths: z.number().nonnegative().nullable(),
    medianReason: reason,
    /** Last inspected more than 12 calendar months before `asOf`; those over 24 are among them, the never inspected not. */
    overTwelveMonths: count,
    overTwentyFourMonths: count,
    /** Without any inspection on record (see `historyFrom`). */
    never: count,
  }),
});
export type InspectionFigures = z.infer<typeof inspectionFigures>;

export const inspectionGroup = inspectionFigures.extend({
  /** A commune's code, a category, an area of `inspectionAreas` or a lead agency. */
  key: z.string(),
  name: sentence,
});
export type InspectionGroup = z.infer<typeof inspectionGroup>;

/** A Gini coefficient beside what the same number of inspections gives when they are dealt by lot. */
const spreadMeasure = z.object({
  /** How many establishments or communes. */
  n: count,
  /** 0 = all alike, (n − 1)/n = one has all; null with a reason where there is nothing to spread. */
  gini: z.number().min(0).max(1).nullable(),
  reason,
  /**
   * The mean over deals in which each establishment's chance is in proportion to the time that it was active, and the range
   * in which 95 % of further deals are to be expected. Even an even-handed lottery is far from 0 when there are fewer
   * inspections than establishments.
   */
  byLot: z.object({ gini: z.number(), lower: z.number(), upper: z.number() }).nullable(),
  /** Held against the lottery: `even` lies below its range, `piled-up` above it. */
  verdict: z.enum(['even', 'as-by-lot', 'piled-up']).nullable(),
  /** From (0, 0) to (1, 1), least inspected first: share of establishments, share of inspections; at most 101 points. */
  lorenz: z.array(z.tuple([z.number(), z.number()])),
});
export type SpreadMeasure = z.infer<typeof spreadMeasure>;

const inspectionSpread = z.object({
  inspections: count,
  /** Inspections of each active establishment. */
  establishments: spreadMeasure,
  /** Inspections per active establishment of each commune, communes weighted by their establishments. */
  communes: spreadMeasure,
  /** What the figures allow to say. */
  found: sentence,
});
export type InspectionSpread = z.infer<typeof inspectionSpread>;

const selection = {
  category: z.string().max(60).optional(),
  agency: z.string().max(60).optional(),
  commune: communeCode.optional(),
};
const period = {
  /** The plan's year; without it that of `asOf`. */
  year: z.coerce
    .number()
    .int()
    .min(2003, 'a year from 2003 to 2100')
    .max(2100, 'a year from 2003 to 2100')
    .optional(),
  /** The last day that counts; without it today in Vietnam, the last day of a year that is over, or of simulated data. */
  asOf: calendarDay.optional(),
};

export const inspectionCoverageQuery = z.strictObject({
  ...period,
  by: z.enum(inspectionGroupings).default('commune'),
  ...selection,
  /** For the areas near industrial parks and dormitories, along the ellipsoid. */
  radius: z.coerce
    .number('metres, a number from 50 to 20000')
    .min(nearRadiusMeters.least, 'metres, from 50 to 20000')
    .max(nearRadiusMeters.most, 'metres, from 50 to 20000')
    .default(nearRadiusMeters.usual),
});

export const inspectionCoverageAnswer = provenance.extend({
  year: z.number().int(),
  asOf: calendarDay,
  by: z.enum(inspectionGroupings),
  selection: z.object({
    category: z.string().nullable(),
    agency: z.enum(leadAgencies).nullable(),
    commune: communeCode.nullable(),
  }),
  /** Null unless `by` is `area`. */
  radiusMeters: z.number().nullable(),
  target: z.number(),
  total: inspectionFigures,
  /** For every commune selected, whatever `by`: what a map and its table need. */
  communes: z.array(communeInspectionCoverage),
  /** One for each commune, category, area or agency selected, in the order of its list. */
  groups: z.array(inspectionGroup),
  /** Active establishments that lie in more than one area; null unless `by` is `area`. */
  inSeveralAreas: count.nullable(),
  /** All inspections, and the planned and random ones alone: visits that follow a sign may well gather. */
  spread: z.object({ all: inspectionSpread, routine: inspectionSpread }),
  /**
   * Inspections from 1 January to `asOf` on a day without a licence in force: `counted` of establishments that were active
   * on another day of that time, and so are among `inspections`; `notCounted` of the others.
   */
  outsideLicence: z.object({ counted: count, notCounted: count }),
  /**
   * The first inspection on record: "never inspected" looks back to it. Null without any. Where it is less than 24 months
   * ago nobody can be over 24: those are then among the never inspected.
   */
  historyFrom: calendarDay.nullable(),
  /** Where the year stands against the target. */
  found: sentence,
  method: z.object({
    daysOfYear: z.number().int(),
    elapsedDays: z.number().int(),
    seed: z.number().int(),
    /** Deals behind `byLot`, for all inspections and for the routine ones. */
    replications: z.object({ all: count, routine: count }),
  }),
});
export type InspectionCoverageAnswer = z.infer<typeof inspectionCoverageAnswer>;

export const inspectionCoverageEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/coverage/inspections',
  query: inspectionCoverageQuery,
  response: inspectionCoverageAnswer,
});

export const establishmentSinceInspection = z.object({
  licenseNumber: z.string(),
  category: z.string(),
  communeCode,
  communeName: z.string(),
  activeFrom: calendarDay,
  /** Null when never, on record. */
  lastInspectedOn: calendarDay.nullable(),
  /** Whole calendar months from the last inspection to `asOf`; null when never. */
  months: count.nullable(),
});
export type EstablishmentSinceInspection = z.infer<typeof establishmentSinceInspection>;

/** Never inspected first, the longest active before; then the longest not inspected. Of those with a licence on `asOf`. */
export const neverInspectedEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/coverage/inspections/never',
  query: z.strictObject({
    asOf: period.asOf,
    ...selection,
    /** Leaves out those last inspected within as many months; without it all are listed. */
    overMonths: z.coerce
      .number('whole months, from 0 to 600')
      .int('whole months, from 0 to 600')
      .min(0, 'whole months, from 0 to 600')
      .max(600, 'whole months, from 0 to 600')
      .optional(),
    /** From the `next` of the page before. */
    after: z.string().max(60).optional(),
    limit: z.coerce
      .number('a number from 1 to 1000')
      .int('a whole number from 1 to 1000')
      .min(1, 'from 1 to 1000')
      .max(1000, 'from 1 to 1000')
      .default(100),
  }),
  response: provenance.extend({
    asOf: calendarDay,
    historyFrom: calendarDay.nullable(),
    /** On all pages together. */
    matched: count,
    never: count,
    establishments: z.array(establishmentSinceInspection),
    /** What to give as `after` for the next page; null on the last. */
    next: z.string().nullable(),
  }),
});
