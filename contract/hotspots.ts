import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { calendarDay } from './places.ts';
import { provenance, sentence } from './provenance.ts';

const position = z.tuple([z.number(), z.number()]);
const multiPolygon = z.object({
  type: z.literal('MultiPolygon'),
  coordinates: z.array(z.array(z.array(position))),
});

/** Which inspections count. A visit that follows a complaint or a sign of violation says little of the rate elsewhere. */
export const inspectionStreams = ['routine', 'random', 'all'] as const;
/**
 * `rate`: violations per inspection, the default. `count`: violations found, which are high wherever one merely looked
 * more.
 */
export const hotspotMeasures = ['rate', 'count'] as const;

const wholeNumber = (least: number, most: number) =>
  z.coerce.number().int().min(least, `at least ${least}`).max(most, `at most ${most}`);

/** What every analysis of inspections may be narrowed to. Without `to` the day on record; without `from` the 18 months up to it. */
const selection = {
  from: calendarDay.optional(),
  to: calendarDay.optional(),
  category: z.string().max(60).optional(),
  /** Without it `routine` for rates and `all` for counts: what was found is what was found, however one came to look. */
  stream: z.enum(inspectionStreams).optional(),
};
const seed = wholeNumber(0, 2 ** 31 - 1).default(1);

/**
 * How closely the events were placed: at each establishment's own point, which a leader is not shown; by square kilometre; by
 * H3 cell of resolution 7 or coarser; by commune.
 */
export const eventPositions = ['establishment', 'square-kilometre', 'h3-cell', 'commune'] as const;
export type EventPositions = (typeof eventPositions)[number];
const positions = z.enum(eventPositions);

const analysed = provenance.extend({
  from: calendarDay,
  to: calendarDay,
  category: z.string().nullable(),
  /** What was found and how sure it is, or that nothing was. */
  found: sentence,
});

export const densityContour = z.object({
  type: z.literal('Feature'),
  properties: z.object({
    /** The band's bounds, events per km²; `high` is null for the topmost band. */
    low: z.number(),
    high: z.number().nullable(),
  }),
  geometry: multiPolygon,
});

/** Row-major from the south-west corner, in metres of `method.crs`; null outside the outline or where masked. */
const grid = z.object({
  x0: z.number(),
  y0: z.number(),
  stepMeters: z.number(),
  columns: z.number().int(),
  rows: z.number().int(),
  values: z.array(z.number().nullable()),
});

export const densityEvents = ['violations', 'reports', 'outreach'] as const;

export const densityEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/hotspots/density',
  query: z.strictObject({
    from: selection.from,
    to: selection.to,
    category: selection.category,
    events: z.enum(densityEvents).default('violations'),
    /** σ, the standard deviation of the Gaussian kernel per axis; `auto` chooses it by likelihood cross-validation. */
    bandwidthMeters: z
      .union([
        z.literal('auto'),
        z.coerce
          .number('a number of metres, or "auto"')
          .min(200, 'at least 200 m')
          .max(50_000, 'at most 50,000 m'),
      ])
      .default(2500),
    /** `none` leaves the cells out: a map needs the contours alone. */
    grid: z.enum(['values', 'none']).default('values'),
  }),
  response: analysed.extend({
    method: z.object({
      statistic: z.literal('kernel density'),
      events: z.enum(densityEvents),
      positions,
      kernel: z.literal('gaussian'),
      edge: z.enum(['none', 'uniform', 'diggle']),
      bandwidthMeters: z.number(),
      bandwidth: z.enum(['given', 'likelihood cross-validation']),
      crs: z.string(),
    }),
    unit: z.literal('events/km²'),
    /** Events that the surface counts, and events left out because they lie outside the province's outline. */
    n: z.number().int(),
    outside: z.number().int(),
    /** Reports left out because fewer than five lie near one another in a quarter, in fives: small numbers do not leave the server. */
    withheld: z.number().int(),
    /** The surface summed over the province: equals n where the edge correction keeps the mass. */
    integral: z.number(),
    grid: grid.optional(),
    /** Bands as polygons in longitude and latitude, lowest first. */
    contours: z.object({ type: z.literal('FeatureCollection'), features: z.array(densityContour) }),
  }),
});

export const relativeRiskEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/hotspots/relative-risk',
  query: z.strictObject({
    ...selection,
    bandwidthMeters: z.coerce
      .number()
      .min(500, 'at least 500 m')
      .max(50_000, 'at most 50,000 m')
      .default(4000),
    grid: z.enum(['values', 'none']).default('none'),
  }),
  response: analysed.extend({
    method: z.object({
      statistic: z.literal('relative risk'),
      ratio: z.literal('violations per inspection'),
      positions,
      stream: z.enum(inspectionStreams),
      kernel: z.literal('gaussian'),
      edge: z.literal('diggle'),
      bandwidthMeters: z.number(),
      minimumInspections: z.number(),
      crs: z.string(),
    }),
    violations: z.number().int(),
    inspections: z.number().int(),
    /** Share of the province where too few inspections lie within a kernel for a ratio. */
    maskedShare: z.number(),
    grid: grid.optional(),
    /** Where violations per inspection are above or below the province's own at a pointwise two-sided level. */
    tolerance: z.object({
      type: z.literal('FeatureCollection'),
      features: z.array(
        z.object({
          type: z.literal('Feature'),
          properties: z.object({ level: z.number(), side: z.enum(['above', 'below']) }),
          geometry: multiPolygon,
        }),
      ),
    }),
  }),
});

export const localStatistics = ['gi-star', 'gi', 'moran'] as const;
export const localClasses = [
  'hot-99',
  'hot-95',
  'hot-90',
  'cold-90',
  'cold-95',
  'cold-99',
  'not-significant',
  'high-high',
  'low-low',
  'high-low',
  'low-high',
] as const;

const evidence = {
  /** Violations found and inspections made. */
  violations: z.number().int(),
  inspections: z.number().int(),
  /** violations / inspections; null without an inspection. */
  rate: z.number().nullable(),
};

export const localArea = z.object({
  id: z.string(),
  name: z.string(),
  ...evidence,
  /** Marshall's estimate: the rate drawn towards the province's by as much as the inspections are few. */
  estimate: z.number().nullable(),
  /** What was tested: the empirical-Bayes z of the rate, or the count. */
  value: z.number(),
  z: z.number().nullable(),
  p: z.number(),
  pAdjusted: z.number(),
  class: z.enum(localClasses),
});

export const localEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/hotspots/local',
  query: z.strictObject({
    ...selection,
    unit: z.enum(['commune', 'cell']).default('commune'),
    statistic: z.enum(localStatistics).default('gi-star'),
    measure: z.enum(hotspotMeasures).default('rate'),
    weights: z
      .string()
      .regex(/^(queen|rook|knn:\d{1,3}|distance:\d{1,6})$/, 'queen, rook, knn:K or distance:METERS')
      .default('queen'),
    p: z.enum(['analytic', 'permutation']).default('analytic'),
    permutations: wholeNumber(99, 999_999).default(9999),
    seed,
  }),
  response: analysed.extend({
    method: z.object({
      statistic: z.enum(localStatistics),
      unit: z.enum(['commune', 'cell']),
      positions,
      measure: z.enum(hotspotMeasures),
      tested: z.string(),
      stream: z.enum(inspectionStreams),
      weights: z.string(),
      style: z.literal('row'),
      p: z.enum(['analytic', 'permutation']),
      pShown: z.string(),
      adjustment: z.literal('Benjamini-Hochberg'),
      permutations: z.number().int().nullable(),
      seed: z.number().int().nullable(),
      crs: z.string(),
    }),
    n: z.number().int(),
    notTestable: z.array(z.object({ id: z.string(), name: z.string(), reason: z.string() })),
    warnings: z.array(z.string()),
    global: z.object({
      moran: z
        .object({ i: z.number(), expected: z.number(), variance: z.number(), z: z.number(), p: z.number() })
        .nullable(),
    }),
    areas: z.array(localArea),
  }),
});

export const scanModels = ['bernoulli', 'poisson', 'space-time-permutation', 'space-time-poisson'] as const;

export const scanCluster = z.object({
  codes: z.array(z.string()),
  names: z.array(z.string()),
  centre: position,
  radiusMeters: z.number(),
  from: calendarDay.nullable(),
  to: calendarDay.nullable(),
  observed: z.number(),
  expected: z.number(),
  relativeRisk: z.number().nullable(),
  logLikelihoodRatio: z.number(),
  p: z.number(),
  pGumbel: z.number().nullable(),
});

export const scanEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/hotspots/scan',
  query: z.strictObject({
    ...selection,
    /** `bernoulli`: violations among inspections. `poisson`: violations to active establishments, however often inspected. */
    model: z.enum(scanModels).default('bernoulli'),
    maximumShare: z.coerce.number().min(0.01, 'at least 0.01').max(0.5, 'at most 0.5').default(0.5),
    timeUnit: z.enum(['week', 'month']).default('month'),
    replications: wholeNumber(99, 99_999).default(999),
    seed,
  }),
  response: analysed.extend({
    method: z.object({
      statistic: z.literal('scan'),
      model: z.enum(scanModels),
      stream: z.enum(inspectionStreams),
      maximumShare: z.number(),
      timeUnit: z.enum(['week', 'month']).nullable(),
      replications: z.number().int(),
      seed: z.number().int(),
      crs: z.string(),
    }),
    n: z.number().int(),
    cases: z.number(),
    clusters: z.array(scanCluster),
  }),
});

export const emergingPatterns = [
  'intensifying',
  'diminishing',
  'persistent',
  'historical',
  'oscillating',
  'new',
  'consecutive',
  'sporadic',
] as const;

export const trendEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/hotspots/trend',
  query: z.strictObject({
    ...selection,
    measure: z.enum(hotspotMeasures).default('rate'),
    slice: z.enum(['month', 'quarter']).default('quarter'),
  }),
  response: analysed.extend({
    method: z.object({
      statistic: z.literal('emerging hot spots'),
      measure: z.enum(hotspotMeasures),
      stream: z.enum(inspectionStreams),
      slice: z.enum(['month', 'quarter']),
      weights: z.literal('queen'),
      falseDiscoveryRate: z.number(),
    }),
    /** First days of the slices, oldest first. */
    slices: z.array(calendarDay),
    n: z.number().int(),
    notTestable: z.array(z.object({ id: z.string(), name: z.string(), reason: z.string() })),
    warnings: z.array(z.string()),
    areas: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        side: z.enum(['hot', 'cold']).nullable(),
        pattern: z.enum(emergingPatterns).nullable(),
        /** Mann–Kendall's τ-b of the area's z over the slices, and its p. */
        tau: z.number(),
        p: z.number(),
        /** By slice; null where the commune could not be tested. */
        z: z.array(z.number().nullable()),
        significant: z.array(z.boolean()),
      }),
    ),
  }),
});
