import { z } from 'zod';
import { dayOfInstant } from './calendar-day.ts';
import { defineEndpoint } from './endpoint.ts';
import { calendarDay, communeCode } from './places.ts';
import { provenance, sentence } from './provenance.ts';

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

const count = (most: number) => z.number().int().min(0, 'at least 0').max(most, `at most ${most}`);
const shortText = (most: number) =>
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
  attendance: count(largestAttendance),
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
  officersAttending: count(largestOfficers),
  officersInPost: count(largestOfficers),
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

const records = {
  outreach: outreachRecord,
  inspections: inspectionRecord,
  reports: reportRecord,
  'commune-plans': communePlanRecord,
  training: trainingRecord,
  'press-items': pressItemRecord,
} as const;
type Records = { [Kind in ActivityKind]: z.infer<(typeof records)[Kind]> };
export type ActivityRecord<Kind extends ActivityKind> = Records[Kind];

// ------------------------------------------------------------------------------------------ what the server answers

const instant = z.iso.datetime({ offset: true });
const mark = z.object({
  at: instant,
  /** An account, or `import`; `local` until there is sign-in. Never a person's name. */
  by: z.string(),
});

/** An activity as it stands: the record itself, apart from what is known of it. */
export const activityOf = <Kind extends ActivityKind>(kind: Kind) =>
  z.object({
    id: z.number().int(),
    /** 1 when recorded, one more with each change. `If-Match: "3"` holds a change to version 3. */
    version: z.number().int(),
    record: records[kind],
    /** What the record's codes stand for, to be shown. */
    about: z.object({
      /** The commune it counts in: an inspection's is its establishment's. Null: the province's agencies. */
      communeCode: communeCode.nullable(),
      communeName: z.string().nullable(),
      /** The place's name, or an establishment's category and licence number; null where there is no place. */
      place: sentence.nullable(),
    }),
    simulated: z.boolean(),
    recorded: mark,
    /** The last change, whatever it was. */
    changed: mark.nullable(),
    withdrawn: mark.extend({ reason: z.enum(withdrawalReasons) }).nullable(),
  });
type AnyActivity = z.infer<ReturnType<typeof activityOf<ActivityKind>>>;
export type Activity<Kind extends ActivityKind> = Omit<AnyActivity, 'record'> & {
  record: ActivityRecord<Kind>;
};

/** Something that is allowed and may be a slip: more attendances than the place has people, for one. */
export const activityNotice = z.object({ rule: z.string(), message: sentence });
export type ActivityNotice = z.infer<typeof activityNotice>;

export type ActivityAnswer<Kind extends ActivityKind> = Activity<Kind> & { notices: ActivityNotice[] };

export const activityChanges = ['recorded', 'imported', 'corrected', 'withdrawn'] as const;

// ------------------------------------------------------------------------------------------ endpoints

const idParams = z.strictObject({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'a whole number')
    .transform(Number),
});
const wholeNumber = (least: number, most: number) =>
  z.coerce.number().int().min(least, `at least ${least}`).max(most, `at most ${most}`);

export const largestPage = 500;
const listing = {
  commune: communeCode.optional(),
  /** First and last day, both of which count. */
  from: calendarDay.optional(),
  to: calendarDay.optional(),
  withdrawn: z.enum(['exclude', 'include', 'only']).default('exclude'),
  /** Where the page before ended, as its `next.after` says. */
  after: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}\.\d{1,15}$/, 'what the page before gave as next.after')
    .refine((after) => calendarDay.safeParse(after.slice(0, 10)).success, 'a day that exists')
    .optional(),
  limit: wholeNumber(1, largestPage).default(50),
};

const filters = {
  outreach: {
    form: z.enum(outreachForms).optional(),
    audience: z.enum(audiences).optional(),
    placeCollection: z.enum(activityPlaceCollections).optional(),
    placeReference: shortText(200).optional(),
  },
  inspections: {
    licenseNumber: shortText(200).optional(),
    teamLevel: z.enum(teamLevels).optional(),
    outcome: z.enum(inspectionOutcomes).optional(),
    ground: z.enum(inspectionGrounds).optional(),
  },
  reports: { status: z.enum(reportStatuses).optional() },
  'commune-plans': { year: wholeNumber(2003, 2100).optional() },
  training: {
    /** `province`: officers of the province's own agencies. */
    level: z.enum(teamLevels).optional(),
  },
  'press-items': { outletLevel: z.enum(outletLevels).optional() },
} as const;

function endpointsOf<
  Kind extends ActivityKind,
  Body extends z.ZodType,
  Found extends z.ZodObject,
  Filters extends z.ZodRawShape,
>(kind: Kind, parts: { body: Body; activity: Found; filters: Filters }) {
  const path = `/api/activities/${kind}` as const;
  const onePath = `${path}/:id` as const;
  const answer = parts.activity.extend({ notices: z.array(activityNotice) });
  return {
    /** Newest day first. */
    list: defineEndpoint({
      method: 'GET',
      path,
      query: z.strictObject({ ...listing, ...parts.filters }),
      response: provenance.extend({
        /** How many there are on all pages. */
        matched: z.number().int(),
        items: z.array(parts.activity),
        /** The page that follows; null on the last. */
        next: z.object({ after: z.string(), href: z.string() }).nullable(),
      }),
    }),
    one: defineEndpoint({ method: 'GET', path: onePath, params: idParams, response: answer }),
    /** `Idempotency-Key` makes a repeated send one row. */
    create: defineEndpoint({ method: 'POST', path, body: parts.body, response: answer, status: 201 }),
    /** The whole record anew, but for its reference. Needs `If-Match`. */
    correct: defineEndpoint({
      method: 'PUT',
      path: onePath,
      params: idParams,
      body: parts.body,
      response: answer,
    }),
    /** The row stays, marked; no figure counts it any more. Needs `If-Match`. */
    withdraw: defineEndpoint({
      method: 'POST',
      path: `${onePath}/withdrawal`,
      params: idParams,
      body: z.strictObject({ reason: z.enum(withdrawalReasons).exclude(['superseded']) }),
      response: answer,
    }),
    /** Every version that there was, the present one first. */
    history: defineEndpoint({
      method: 'GET',
      path: `${onePath}/history`,
      params: idParams,
      response: z.object({
        versions: z.array(
          parts.activity
            .pick({ version: true, record: true, about: true, withdrawn: true })
            .extend({ change: z.enum(activityChanges), at: instant, by: z.string() }),
        ),
      }),
    }),
  };
}

/** One definition of each field for six kinds of activity and six things to do with them. */
export const activityEndpoints = {
  outreach: endpointsOf('outreach', {
    body: activityBodies.outreach,
    activity: activityOf('outreach'),
    filters: filters.outreach,
  }),
  inspections: endpointsOf('inspections', {
    body: activityBodies.inspections,
    activity: activityOf('inspections'),
    filters: filters.inspections,
  }),
  reports: endpointsOf('reports', {
    body: activityBodies.reports,
    activity: activityOf('reports'),
    filters: filters.reports,
  }),
  'commune-plans': endpointsOf('commune-plans', {
    body: activityBodies['commune-plans'],
    activity: activityOf('commune-plans'),
    filters: filters['commune-plans'],
  }),
  training: endpointsOf('training', {
    body: activityBodies.training,
    activity: activityOf('training'),
    filters: filters.training,
  }),
  'press-items': endpointsOf('press-items', {
    body: activityBodies['press-items'],
    activity: activityOf('press-items'),
    filters: filters['press-items'],
  }),
} as const;

/** A place of a commune that an activity can name, as a form offers it. */
export const activityPlace = z.object({
  collection: z.enum(activityPlaceCollections),
  /** What a record calls it by; an establishment's is its licence number. */
  reference: z.string(),
  /** Null for an establishment, of which no name is kept. */
  name: z.string().nullable(),
  /** What kind of place it is: its category, or what sort of dormitory or school. */
  sort: sentence,
  /** Longitude and latitude of a point within it. */
  position: z.tuple([z.number(), z.number()]),
  /** Workers, residents or students; null where nobody has said. */
  people: z.number().int().nullable(),
  /** Of an establishment: the days of its licence. */
  activeFrom: calendarDay.nullable(),
  activeTo: calendarDay.nullable(),
  simulated: z.boolean(),
});
export type ActivityPlace = z.infer<typeof activityPlace>;

/** Places of one commune by name, licence number or category, written with or without diacritics. */
export const activityPlacesEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/activities/places',
  query: z.strictObject({
    commune: communeCode,
    /** Every word of it must occur. Without it all places. */
    text: z.string().trim().max(100).optional(),
    /** Parted by commas; without it all four. */
    collections: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(z.enum(activityPlaceCollections)).min(1).max(4))
      .optional(),
    /** Only what is licensed on this day. */
    on: calendarDay.optional(),
    limit: wholeNumber(1, 5000).default(50),
  }),
  response: z.object({ matched: z.number().int(), places: z.array(activityPlace) }),
});
