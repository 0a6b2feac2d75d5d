import { z } from 'zod';
import { type audiences, outreachForms } from './activities.ts';
import { defineEndpoint } from './endpoint.ts';
import { calendarDay, communeCode } from './places.ts';
import { provenance, sentence } from './provenance.ts';

/**
 * Whom outreach is held for, by where they are counted: workers of establishments with a licence in force on the day
 * asked, workers of industrial parks, students of schools, residents of dormitories. One collection of places each.
 */
export const reachPopulations = [
  'establishment-workers',
  'industrial-workers',
  'students',
  'dormitory-residents',
] as const;
export const reachPopulation = z.enum(reachPopulations);
export type ReachPopulation = z.infer<typeof reachPopulation>;

/**
 * `commune`, `terrain`, `border`: by the commune that a place lies in. `area`: by where the place itself lies: in an adjoining
 * or coastal border area, near an industrial park or a dormitory, or in none of them. A commune can be of two border
 * kinds and a place in several areas: these groups do not add up to the province.
 */
export const reachGroupings = ['commune', 'terrain', 'border', 'area'] as const;
export type ReachGrouping = (typeof reachGroupings)[number];
export const reachAreas = [
  'adjoining-area',
  'coastal-area',
  'near-industrial-park',
  'near-dormitory',
  'elsewhere',
] as const;

/** `matching`: a session reaches the people it was held for. `any`: everyone at the places within its reach. */
export const reachAudiences = ['matching', 'any'] as const;

export const longestReachMonths = 36;
export const reachRadiusMeters = { least: 50, most: 20_000 } as const;

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);
const position = z.tuple([z.number(), z.number()]);
const quarterName = z.string().regex(/^\d{4}-Q[1-4]$/);

const window = {
  /** The last day that counts; without it today in Vietnam, or the last day of simulated data. */
  asOf: calendarDay.optional(),
  /** How many months up to and with `asOf` a session counts for. */
  months: z.coerce
    .number('a whole number of months, from 1 to 36')
    .int('a whole number of months, from 1 to 36')
    .min(1, 'at least 1 month')
    .max(longestReachMonths, `at most ${longestReachMonths} months`)
    .default(12),
  /** Metres, in place of the radius of every form that reaches beyond its own place. */
  radius: z.coerce
    .number('a number of metres, from 50 to 20,000')
    .min(reachRadiusMeters.least, 'at least 50 m')
    .max(reachRadiusMeters.most, 'at most 20,000 m')
    .optional(),
  audience: z.enum(reachAudiences).default('matching'),
};

/** What the figures rest on, so that anyone can make them again. */
export const reachMethod = z.object({
  distance: z.literal('geodesic on WGS 84'),
  /** How far each form reaches, in metres; null: its own place alone. */
  radii: z.array(
    z.object({ form: z.enum(outreachForms), name: sentence, radiusMeters: z.number().nullable() }),
  ),
  /** Whether the radii are those on record or the one given. */
  radius: z.enum(['by-form', 'given']),
  audience: z.enum(reachAudiences),
  /** Whose sessions count: a commune's account sees its own alone, though one held across its border may reach its people. */
  sessionsOf: z.enum(['province', 'own-commune']),
  months: z.number().int(),
  /** The first day that counts. */
  from: calendarDay,
  /** Whole quarters of the window, in which "kept up" asks for a session each; fewer than two cannot tell. */
  quarters: z.array(quarterName),
});

export type ReachMethod = z.infer<typeof reachMethod>;

/** Why a figure is null. */
export const reachUnknowns = ['no-places', 'numbers-unknown', 'no-people'] as const;

/** People of one population in some places. Places of unknown number are counted as places and left out of the people. */
export const populationReach = z.object({
  population: reachPopulation,
  /** People at all the places, and at those within reach; null where no place's number is known. */
  people: count.nullable(),
  peopleWithinReach: count.nullable(),
  /** peopleWithinReach / people; null with `unknown`. */
  share: share.nullable(),
  unknown: z.enum(reachUnknowns).nullable(),
  placesWithinReach: count,
  placesOutOfReach: count,
  /** Those of them whose number of people is not on record. */
  unknownWithinReach: count,
  unknownOutOfReach: count,
  /** All places by how often they were within reach. */
  repeated: z.object({
    never: count,
    once: count,
    moreThanOnce: count,
    /**
     * At least one session in each whole quarter of the window; such places are not counted in the others. Null where the
     * window has fewer than two whole quarters.
     */
    keptUp: count.nullable(),
  }),
});
export type PopulationReach = z.infer<typeof populationReach>;

const reachFigures = z.object({
  /** One for each population, in the order of `reachPopulations`. */
  populations: z.array(populationReach),
  /** Sessions held at a place, and for the commune at large. Null for areas, to which the latter cannot be assigned. */
  sessionsAtPlaces: count,
  sessionsCommuneWide: count.nullable(),
});

export const reachGroup = reachFigures.extend({
  /** A commune's code, a terrain, a kind of border or area; `unknown` for communes whose terrain is not on record. */
  key: z.string(),
  name: sentence,
});
export type ReachGroup = z.infer<typeof reachGroup>;

export const reachEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/coverage/reach',
  query: z.strictObject({ ...window, by: z.enum(reachGroupings).default('commune') }),
  response: provenance.extend({
    asOf: calendarDay,
    by: z.enum(reachGroupings),
    method: reachMethod.extend({
      /** For `by=area`: how near "near" is, in metres. */
      nearMeters: z.number(),
    }),
    found: sentence,
    total: reachFigures,
    groups: z.array(reachGroup),
  }),
});
export type ReachAnswer = z.infer<typeof reachEndpoint.response>;

const missed = z.object({
  population: reachPopulation,
  /** People at the places missed; null where no place's number is known. */
  people: count.nullable(),
  places: count,
  unknownPlaces: count,
});

/** A part of the map where places out of reach lie together. Counts alone: no place of it is named. */
export const reachGap = z.object({
  type: z.literal('Feature'),
  id: z.number().int(),
  properties: z.object({
    /** From 1, by people missed. */
    rank: z.number().int(),
    /** People missed, of all the populations asked for whose number is known. */
    people: count,
    places: count,
    unknownPlaces: count,
    /** One for each population asked for. */
    missed: z.array(missed),
    /** Communes that places of the gap belong to, most people first. */
    communes: z.array(z.object({ code: communeCode, name: z.string(), people: count, places: count })),
    /**
     * The session that came nearest to any of the gap's places: metres from that place, and its last day in the window.
     * Null where there was none in the window.
     */
    nearestSession: z.object({ distanceMeters: z.number(), heldOn: calendarDay }).nullable(),
    areaSquareKm: z.number(),
    /** Within the polygon. */
    labelPoint: position,
  }),
  geometry: z.object({
    type: z.literal('MultiPolygon'),
    coordinates: z.array(z.array(z.array(position))),
  }),
});
export type ReachGap = z.infer<typeof reachGap>;

export const gapsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/coverage/gaps',
  query: z.strictObject({
    ...window,
    /** One population; without it all four. */
    population: reachPopulation.optional(),
    /** Gaps with fewer people missed are counted and not drawn. */
    minPeople: z.coerce
      .number('a whole number of people')
      .int('a whole number of people')
      .min(0, 'at least 0')
      .max(1_000_000, 'at most 1,000,000')
      .default(5),
    /** At most so many gaps, those with most people missed. */
    limit: z.coerce
      .number('a whole number')
      .int('a whole number')
      .min(1, 'at least 1')
      .max(2000, 'at most 2000')
      .default(300),
  }),
  /** A GeoJSON FeatureCollection with foreign members. */
  response: provenance.extend({
    type: z.literal('FeatureCollection'),
    asOf: calendarDay,
    population: reachPopulation.nullable(),
    minPeople: z.number().int(),
    method: reachMethod.extend({
      /** A gap reaches so far beyond its places, but never nearer to a place within reach than to one of its own. */
      marginMeters: z.number(),
      /** A gap longer or wider than this is divided by communes, and where one commune's is, at its waist. */
      widestMeters: z.number(),
      /** Its border is drawn on a lattice of this step. */
      latticeMeters: z.number(),
      crs: z.string(),
    }),
    found: sentence,
    /** Everything missed, drawn or not. */
    total: z.object({
      gaps: count,
      people: count,
      places: count,
      unknownPlaces: count,
      missed: z.array(missed),
    }),
    /** Those of it that are not drawn: fewer people than `minPeople`, or beyond `limit`. */
    notDrawn: z.object({ gaps: count, people: count, places: count }),
    features: z.array(reachGap),
  }),
});
export type GapsAnswer = z.infer<typeof gapsEndpoint.response>;

/** A commune that held a session in every elapsed quarter of the year but one. */
export const nearMiss = z.object({
  code: communeCode,
  name: z.string(),
  terrain: z.string().nullable(),
  /** The quarter that it lacks. */
  missingQuarter: quarterName,
  /** Sessions in each elapsed quarter and in the one under way, oldest first. */
  sessions: z.array(z.object({ quarter: quarterName, elapsed: z.boolean(), sessions: count })),
});

export const nearMissesEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/coverage/near-misses',
  query: z.strictObject({
    /** The plan's year; without it that of `asOf`. */
    year: z.coerce
      .number('a year, such as 2026')
      .int('a year, such as 2026')
      .min(2003, 'at least 2003')
      .max(2100, 'at most 2100')
      .optional(),
    /** The last day that counts; without it as for reach, or the last day of the year asked for where that is over. */
    asOf: calendarDay.optional(),
  }),
  response: provenance.extend({
    year: z.number().int(),
    asOf: calendarDay,
    /** Quarters whose last day is on or before `asOf`. */
    elapsedQuarters: z.array(quarterName),
    found: sentence,
    /** Communes with a session in every elapsed quarter; before the first has elapsed, with a session in the year. */
    keptUp: count,
    all: count,
    communes: z.array(nearMiss),
  }),
});
export type NearMissesAnswer = z.infer<typeof nearMissesEndpoint.response>;

/** Whose session reaches whom under `audience=matching`: an audience, and the kinds of places whose people it stands for. */
export const reachedByAudience: Readonly<
  Record<(typeof audiences)[number], readonly { population: ReachPopulation; kinds?: readonly string[] }[]>
> = {
  'establishment-workers': [{ population: 'establishment-workers' }],
  'industrial-workers': [
    { population: 'industrial-workers' },
    {
      population: 'dormitory-residents',
      kinds: ['workers-housing', 'social-housing', 'specialists-lodging'],
    },
  ],
  students: [{ population: 'students' }, { population: 'dormitory-residents', kinds: ['student-dormitory'] }],
  residents: [{ population: 'dormitory-residents' }],
  officers: [],
};
