import { z } from 'zod';
import {
  type ActivityKind,
  activityBodies,
  activityPlaceCollections,
  activityRecords,
  audiences,
  inspectionGrounds,
  inspectionOutcomes,
  outletLevels,
  outreachForms,
  reportStatuses,
  shortText,
  teamLevels,
  withdrawalReasons,
} from './activities.ts';
import { defineEndpoint } from './endpoint.ts';
import { calendarDay, communeCode } from './places.ts';
import { provenance, sentence } from './provenance.ts';

// ------------------------------------------------------------------------------------------ what the server answers

const instant = z.iso.datetime({ offset: true });
const mark = z.object({
  at: instant,
  /** An account, or `import`; `local` until there is sign-in. Never a person's name. */
  by: z.string(),
});

/** Records as they are told: counts of 1–4 people are null to every role but the one that recorded them. */
export const shownRecords = {
  ...activityRecords,
  outreach: activityRecords.outreach.extend({
    attendance: activityRecords.outreach.shape.attendance.nullable(),
  }),
  training: activityRecords.training.extend({
    officersAttending: activityRecords.training.shape.officersAttending.nullable(),
    officersInPost: activityRecords.training.shape.officersInPost.nullable(),
  }),
} as const;
type ShownRecords = { [Kind in ActivityKind]: z.infer<(typeof shownRecords)[Kind]> };

/** An activity as it stands: the record itself, apart from what is known of it. */
export const activityOf = <Kind extends ActivityKind>(kind: Kind) =>
  z.object({
    id: z.number().int(),
    /** 1 when recorded, one more with each change. `If-Match: "3"` holds a change to version 3. */
    version: z.number().int(),
    record: shownRecords[kind],
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
  record: ShownRecords[Kind];
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
