import { z } from 'zod';
import { indicatorId } from './coverage-indicators.ts';
import { defineEndpoint } from './endpoint.ts';
import { calendarDay } from './places.ts';
import { provenance, sentence } from './provenance.ts';

/** Communes held against the rest: the plan asks for attention to mountainous, coastal and adjoining ones. */
export const equityGroupings = ['mountainous', 'coastal', 'adjoining'] as const;
export const equityGrouping = z.enum(equityGroupings);
export type EquityGrouping = z.infer<typeof equityGrouping>;

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);
const sharePoints = z.number().min(-1).max(1);

/** Why a share has no interval, or two shares no difference. */
export const equityReasons = [
  /** The grouping has no commune on this side. */
  'no-commune',
  /** None of its communes has anything to count of. */
  'no-units',
  /** One commune has all units, or nearly all: how communes differ cannot be seen. */
  'one-commune',
  /** The indicator is counted of nothing (press items), so that it has no share. */
  'not-a-share',
  /** Most communes' counts are fewer than five and not told, so that what is left would mislead. */
  'small-numbers',
] as const;
export const equityReason = z.enum(equityReasons);
export type EquityReason = z.infer<typeof equityReason>;

export const equitySide = z.object({
  /** Communes on this side, and those of them that have anything to count of. */
  communes: count,
  counted: count,
  numerator: count,
  /** Where people are counted, the most that may have been reached; null elsewhere. */
  upperNumerator: count.nullable(),
  denominator: count,
  /** numerator / denominator with its 95 % interval. */
  share: share.nullable(),
  lower: share.nullable(),
  upper: share.nullable(),
  /** The number of independent units that tell as much as these, which come in communes; null where no interval is. */
  effectiveSize: z.number().nonnegative().nullable(),
  reason: equityReason.nullable(),
});
export type EquitySide = z.infer<typeof equitySide>;

/** Shares of the group less shares of the rest: 0.05 is five percentage points more in the group. */
const difference = z.object({ value: sharePoints, lower: sharePoints, upper: sharePoints });
export type EquityDifference = z.infer<typeof difference>;

/**
 * What the figures allow to say: `higher` or `lower` in the group where the interval leaves 0 out, on both bounds where
 * people are counted; `undecided` otherwise; `not-comparable` with a reason.
 */
export const equityFindings = ['higher', 'lower', 'undecided', 'not-comparable'] as const;

export const equityComparison = z.object({
  indicator: indicatorId,
  grouping: equityGrouping,
  group: equitySide,
  rest: equitySide,
  difference: difference.nullable(),
  /** Where people are counted, the difference if nobody was counted twice; null elsewhere. */
  differenceAtUpper: difference.nullable(),
  finding: z.enum(equityFindings),
  reason: equityReason.nullable(),
  /** The comparison in one or two sentences that say what the figures allow and no more. */
  said: sentence,
});
export type EquityComparison = z.infer<typeof equityComparison>;

export const equityEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/coverage/equity',
  query: z.strictObject({
    /** The plan's year; without it that of `asOf`. */
    year: z.coerce.number().int().min(2003).max(2100).optional(),
    /** The last day whose events count; without it today in Vietnam, the last day of a year that is over, or of simulated data. */
    asOf: calendarDay.optional(),
    indicator: indicatorId.optional(),
  }),
  response: provenance.extend({
    year: z.number().int(),
    asOf: calendarDay,
    method: z.object({
      share: z.literal('Wilson 1927'),
      difference: z.literal('Newcombe 1998, method 10'),
      clustering: z.literal('Korn & Graubard 1998, communes as clusters'),
      level: z.literal(0.95),
    }),
    /** In the order of `comparisons`; `unknown`: communes of which it is not on record, left out on both sides. */
    groupings: z.array(
      z.object({ id: equityGrouping, name: sentence, communes: count, rest: count, unknown: count }),
    ),
    /** For each indicator each grouping. */
    comparisons: z.array(equityComparison),
    /** What to bear in mind in reading all of them. */
    cautions: z.array(sentence),
  }),
});
export type EquityAnswer = z.infer<typeof equityEndpoint.response>;
