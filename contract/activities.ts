import { z } from 'zod';
import { dayOfInstant } from './calendar-day.ts';
import { calendarDay, communeCode } from './places.ts';

/** The six kinds of activity, by the names they have in URLs, files and the interface. */
export const activityKinds = [
  'outreach',
  'inspections',
  'reports',
  'commune-plans',
  'training',
  'press-items',
] as const;
export type ActivityKind = (typeof activityKinds)[number];

export const outreachForms = [
  'direct',
  'group-discussion',
  'loudspeaker',
  'leaflet',
  'online',
  'contest',
  'counselling',
] as const;
export const audiences = [
  'residents',
  'establishment-workers',
  'industrial-workers',
  'students',
  'officers',
] as const;
export const teamLevels = ['province', 'commune'] as const;
export const inspectionOutcomes = ['no-violation', 'administrative', 'referred'] as const;
export const inspectionGrounds = ['planned', 'sign-of-violation', 'random'] as const;
export const reportStatuses = ['received', 'verified', 'classified', 'resolved'] as const;
export const integratedProgrammes = [
  'socio-economic',
  'social-security',
  'drug-control',
  'hiv-aids',
] as const;
export const outletLevels = ['central', 'local'] as const;
/** The places that an activity can be held at or for. */
export const activityPlaceCollections = [
  'industrial-parks',
  'dormitories',
  'schools',
  'establishments',
] as const;
/** Why a row no longer stands. A list and never free text, which would tell of persons. */
export const withdrawalReasons = [
  'duplicate',
  'mistaken',
  'not-held',
  'other-commune',
  'trial',
  /** Given by the system: a commune's plan where communes were merged and the successor has its own. */
  'superseded',
] as const;

/** The first day that an activity can have: the year of the Ordinance on prostitution prevention. */
export const earliestActivityDay = '2003-01-01';
export const largestAttendance = 1_000_000;
export const largestOfficers = 100_000;

const countUpTo = (most: number) => z.number().int().min(0, 'at least 0').max(most, `at most ${most}`);
export const shortText = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(most, `at most ${most} characters`)
    // control characters, zero-width ones and halves of a pair: nothing that a person types
    .regex(/^[^\p{C}]*$/u, 'must be plain text in one line');
/** What the office that keeps the record calls it for good; one reference is one activity of its kind. */
export const activityReference = shortText(100);

/**
 * The day in Vietnam on which something happened: a calendar day, or an instant with its offset, which becomes the day
 * that it was in Vietnam (`2026-03-31T17:00:00Z` is 1 April).
 */
export const activityDay = z.string().transform((text, context) => {
  const day = calendarDay.safeParse(text).success ? text : dayOfInstant(text);
  if (day) return day;
  context.addIssue({
    code: 'custom',
    message: 'a day that exists, as 2026-03-31, or an instant with its offset, as 2026-03-31T23:59:00+07:00',
  });
  return z.NEVER;
});

/** What a session was held for: at most one place, named by its own reference; null means the commune at large. */
export const outreachPlace = z
  .strictObject({
    collection: z.enum(activityPlaceCollections),
    reference: z.string().min(1).max(200),
  })
  .nullable();

export const outreachRecord = z.strictObject({
  reference: activityReference,
  heldOn: activityDay,
  form: z.enum(outreachForms),
  audience: z.enum(audiences),
  communeCode,
  place: outreachPlace,
  /** Attendances, not distinct people. */
  attendance: countUpTo(largestAttendance),
});
export type OutreachRecord = z.infer<typeof outreachRecord>;

export const inspectionRecord = z.strictObject({
  reference: activityReference,
  inspectedOn: activityDay,
  licenseNumber: z.string().min(1).max(200),
  teamLevel: z.enum(teamLevels),
  outcome: z.enum(inspectionOutcomes),
  ground: z.enum(inspectionGrounds),
});
export type InspectionRecord = z.infer<typeof inspectionRecord>;

/** H3 cell of resolution 7 (about 5 km²), as 15 hexadecimal digits. */
export const reportCell = z
  .string()
  .regex(/^87[0-9a-f]{7}ffffff$/, 'an H3 cell of resolution 7, as 15 hexadecimal digits');

export const reportRecord = z.strictObject({
  reference: activityReference,
  receivedOn: activityDay,
  dueOn: activityDay,
  status: z.enum(reportStatuses),
  resolvedOn: activityDay.nullable(),
  communeCode,
  /** The only place that a report ever has. */
  h3Cell: reportCell,
});
export type ReportRecord = z.infer<typeof reportRecord>;

export const communePlanRecord = z.strictObject({
  communeCode,
  year: z.number().int().min(2003, 'at least 2003').max(2100, 'at most 2100'),
  issuedOn: activityDay,
  integratedWith: z.array(z.enum(integratedProgrammes)).max(20),
});
export type CommunePlanRecord = z.infer<typeof communePlanRecord>;

export const trainingRecord = z.strictObject({
  reference: activityReference,
  heldOn: activityDay,
  /** Null: officers of the province's own agencies. */
  communeCode: communeCode.nullable(),
  unit: shortText(200),
  officersAttending: countUpTo(largestOfficers),
  officersInPost: countUpTo(largestOfficers),
});
export type TrainingRecord = z.infer<typeof trainingRecord>;

export const pressItemRecord = z.strictObject({
  reference: activityReference,
  publishedOn: activityDay,
  outletLevel: z.enum(outletLevels),
  /** The commune that recorded its own item; null: the province's agencies. */
  communeCode: communeCode.nullable(),
});
export type PressItemRecord = z.infer<typeof pressItemRecord>;

/** The day of each kind by which lists are ordered and `from` and `to` count. */
export const activityDayFields = {
  outreach: 'heldOn',
  inspections: 'inspectedOn',
  reports: 'receivedOn',
  'commune-plans': 'issuedOn',
  training: 'heldOn',
  'press-items': 'publishedOn',
} as const satisfies Record<ActivityKind, string>;

// ------------------------------------------------------------------------------------------ what the asker sends

const longitudeLatitude = z
  .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
  .describe('[longitude, latitude]');

/**
 * Where a report comes from: its cell, or a position that becomes a cell at once and is neither kept, logged nor
 * answered.
 */
const reportBody = reportRecord
  .extend({
    reference: activityReference.optional(),
    h3Cell: reportCell.optional(),
    position: longitudeLatitude.optional(),
  })
  .refine(({ h3Cell, position }) => (h3Cell === undefined) !== (position === undefined), {
    path: ['h3Cell'],
    message: 'give either h3Cell or position, and not both',
  });

/** What is sent to record and to correct: the record, whose reference the server makes when none is given. */
const numbered = { reference: activityReference.optional() };
export const activityBodies = {
  outreach: outreachRecord.extend(numbered),
  inspections: inspectionRecord.extend(numbered),
  reports: reportBody,
  'commune-plans': communePlanRecord,
  training: trainingRecord.extend(numbered),
  'press-items': pressItemRecord.extend(numbered),
} as const;
export type ActivityBody<Kind extends ActivityKind> = z.infer<(typeof activityBodies)[Kind]>;
export type ActivityBodyInput<Kind extends ActivityKind> = z.input<(typeof activityBodies)[Kind]>;

export const activityRecords = {
  outreach: outreachRecord,
  inspections: inspectionRecord,
  reports: reportRecord,
  'commune-plans': communePlanRecord,
  training: trainingRecord,
  'press-items': pressItemRecord,
} as const;
type Records = { [Kind in ActivityKind]: z.infer<(typeof activityRecords)[Kind]> };
export type ActivityRecord<Kind extends ActivityKind> = Records[Kind];
