import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { calendarDay } from './places.ts';
import { provenance, sentence } from './provenance.ts';

const position = z.tuple([z.number(), z.number()]);

export const densityContour = z.object({
  type: z.literal('Feature'),
  properties: z.object({
    /** The band's bounds, events per km²; `high` is null for the topmost band. */
    low: z.number(),
    high: z.number().nullable(),
  }),
  geometry: z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) }),
});

export const densityEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/hotspots/density',
  query: z.strictObject({
    from: calendarDay.optional(),
    to: calendarDay.optional(),
    /** σ, the standard deviation of the Gaussian kernel per axis. */
    bandwidthMeters: z.coerce
      .number()
      .min(200, 'at least 200 m')
      .max(50_000, 'at most 50,000 m')
      .default(2500),
    category: z.string().max(60).optional(),
    /** `none` leaves the cells out: a map needs the contours alone. */
    grid: z.enum(['values', 'none']).default('values'),
  }),
  response: provenance.extend({
    method: z.object({
      statistic: z.literal('kernel density'),
      kernel: z.literal('gaussian'),
      edge: z.enum(['none', 'uniform', 'diggle']),
      bandwidthMeters: z.number(),
      crs: z.string(),
    }),
    from: calendarDay,
    to: calendarDay,
    category: z.string().nullable(),
    unit: z.literal('events/km²'),
    /** Events that the surface counts, and events left out because they lie outside the province's outline. */
    n: z.number().int(),
    outside: z.number().int(),
    /** The surface summed over the province: equals n where the edge correction keeps the mass. */
    integral: z.number(),
    /** Row-major from the south-west corner, in metres of `method.crs`; null outside the outline. */
    grid: z
      .object({
        x0: z.number(),
        y0: z.number(),
        stepMeters: z.number(),
        columns: z.number().int(),
        rows: z.number().int(),
        values: z.array(z.number().nullable()),
      })
      .optional(),
    /** Bands as polygons in longitude and latitude, lowest first. */
    contours: z.object({ type: z.literal('FeatureCollection'), features: z.array(densityContour) }),
    found: sentence,
  }),
});
