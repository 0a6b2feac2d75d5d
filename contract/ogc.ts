import { z } from 'zod';
import {
  type OgcCollection,
  ogcCollections,
  type PlaceFilters,
  type PlaceProperties,
} from './ogc-collections.ts';
import type { PlaceCollection } from './places.ts';

// Requests and answers of the one reading API for places, OGC API – Features at /ogc.

export const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';
export const defaultLimit = 1000;
/** A greater `limit` is served as this one and is no error, as the standard asks (fc-limit-response-1). */
export const greatestLimit = 10_000;

export type Box = readonly [west: number, south: number, east: number, north: number];
/** Calendar days in Vietnam, both included; null is open. */
export type DayInterval = { from: string | null; to: string | null };

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** One box; two where it crosses the antimeridian (west > east). Heights are read and left aside: places have none. */
const bboxText = z.string().transform((text, context): Box[] => {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const pieces = text.split(',').map((piece) => piece.trim());
  const numbers = pieces.map(Number);
  if (![4, 6].includes(pieces.length) || !pieces.every((piece) => plainNumber.test(piece)))
    return refuse(`"${text}" is not 4 or 6 numbers with commas between`);
  const [west, south, east, north] = (
    numbers.length === 4 ? numbers : [numbers[0], numbers[1], numbers[3], numbers[4]]
  ) as [number, number, number, number];
  if (Math.abs(south) > 90 || Math.abs(north) > 90)
    return refuse(`latitudes ${south} and ${north} are not both between -90 and 90`);
  if (Math.abs(west) > 180 || Math.abs(east) > 180)
    return refuse(`longitudes ${west} and ${east} are not both between -180 and 180`);
  if (south > north) return refuse(`the southern edge ${south} lies north of the northern edge ${north}`);
  if (numbers.length === 6 && numbers[2]! > numbers[5]!)
    return refuse(`the lower height ${numbers[2]} is above the upper height ${numbers[5]}`);
  return west <= east
    ? [[west, south, east, north]]
    : [
        [west, south, 180, north],
        [-180, south, east, north],
      ];
});

const instantText = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** Vietnam has kept +07:00 without summer time since 1975: the day there on which an instant falls. */
function dayInVietnam(instant: string): string {
  if (instant.length === 10) return instant;
  return new Date(Date.parse(instant) + 7 * 3_600_000).toISOString().slice(0, 10);
}

const datetimeText = z.string().transform((text, context): DayInterval => {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  // an unescaped "+07:00" arrives with a space for its plus
  const ends = text.replace(/ (?=\d\d:\d\d(\/|$))/g, '+').split('/');
  if (ends.length > 2) return refuse(`"${text}" has more than one "/"`);
  const days: (string | null)[] = [];
  for (const end of ends) {
    if (ends.length === 2 && (end === '' || end === '..')) days.push(null);
    else if (instantText.safeParse(end).success) days.push(dayInVietnam(end));
    else return refuse(`"${end}" is not a date or a date and time that exists`);
  }
  const [from, to = from] = days as [string | null, (string | null)?];
  if (from && to && from > to) return refuse(`the interval begins on ${from}, after its end on ${to}`);
  return { from, to };
});

const trueOrFalse = z.enum(['true', 'false']).transform((value) => value === 'true');
const format = z.enum(['json', 'geojson']);
const limitText = z
  .string()
  .regex(/^\d{1,15}$/, 'not a whole number')
  .transform(Number)
  .refine((limit) => limit >= 1, 'less than 1')
  .transform((limit) => Math.min(limit, greatestLimit));

const itemsParameters = {
  f: format.optional(),
  limit: limitText.default(defaultLimit),
  bbox: bboxText.optional(),
  'bbox-crs': z.literal(crs84).optional(),
  datetime: datetimeText.optional(),
  properties: z
    .string()
    .transform((names) => names.split(',').map((name) => name.trim()))
    .optional(),
  skipGeometry: trueOrFalse.default(false),
  cursor: z.string().min(1).max(200).optional(),
};

/** What each parameter is, in words for the OpenAPI document and for whoever got it wrong. */
export const parameterHelp: Record<keyof typeof itemsParameters, string> = {
  f: 'Format of the answer: json or geojson; both give GeoJSON for features.',
  limit: `How many features a page holds: a whole number from 1 to ${greatestLimit}; more is served as ${greatestLimit}.`,
  bbox: 'Only features that intersect this box: west,south,east,north in degrees, longitude first (or 6 numbers with a height after each pair, which is left aside). West may be greater than east: the box then crosses the antimeridian.',
  'bbox-crs': `The reference system of bbox: only ${crs84}.`,
  datetime:
    'Only features in being at an instant or within an interval: 2026-03-01, 2026-03-01T08:00:00+07:00, 2026-01-01/2026-03-31, ../2026-03-31 or 2026-01-01/.. with ".." for an open end. Days are those of Vietnam. It matters to establishments; other places are in being at all times.',
  properties:
    'Only these properties, by name with commas between. "simulated" is always there. Without it: all.',
  skipGeometry: 'true: features without geometry, each with its bbox instead; false (the default): with it.',
  cursor: 'Where the page begins. Only taken from a "next" link.',
};

/** The query of `/ogc/collections/{collection}/items`. Parameters that are not listed are refused. */
export function itemsQuery(collection: PlaceCollection) {
  const { filters, properties }: OgcCollection = ogcCollections[collection];
  const optionalFilters = Object.fromEntries(
    Object.entries(filters).map(([name, filter]) => [name, filter.optional()]),
  );
  return z
    .strictObject({ ...itemsParameters, ...optionalFilters })
    .superRefine(({ properties: asked = [] }, context) => {
      const unknown = (asked as string[]).filter((name) => !Object.hasOwn(properties.shape, name));
      if (unknown.length)
        context.addIssue({
          code: 'custom',
          path: ['properties'],
          message: `there is no property "${unknown[0]}" among ${Object.keys(properties.shape).join(', ')}`,
        });
    })
    .transform((query) => {
      const parameters = query as z.output<z.ZodObject<typeof itemsParameters>>;
      return {
        limit: parameters.limit,
        boxes: parameters.bbox,
        interval: parameters.datetime,
        properties: parameters.properties,
        skipGeometry: parameters.skipGeometry,
        cursor: parameters.cursor,
        filters: Object.entries(query).filter(
          ([name, value]) => Object.hasOwn(filters, name) && value !== undefined,
        ) as [string, string | boolean][],
      };
    });
}
export type ItemsQuery = z.output<ReturnType<typeof itemsQuery>>;

/** The query of every other page of the API. */
export const formatQuery = z.strictObject({ f: format.optional() });

export const itemsParameterNames = (collection: PlaceCollection): string[] => [
  ...Object.keys(itemsParameters),
  ...Object.keys(ogcCollections[collection].filters),
];

// ---------------------------------------------------------------------------------------------- for clients

export type ItemsAsked<Name extends PlaceCollection> = {
  limit?: number;
  bbox?: Box;
  datetime?: string;
  properties?: readonly (keyof PlaceProperties<Name> & string)[];
  skipGeometry?: boolean;
} & PlaceFilters<Name>;

/** The address of a collection's first page; the others are in its `next` links. */
export function itemsAddress<Name extends PlaceCollection>(
  collection: Name,
  asked: ItemsAsked<Name>,
): string {
  const query = new URLSearchParams(
    Object.entries(asked)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
  return `/ogc/collections/${collection}/items${query.size ? `?${query}` : ''}`;
}

export const featureAddress = (collection: PlaceCollection, id: string | number): string =>
  `/ogc/collections/${collection}/items/${encodeURIComponent(id)}`;

const link = z.object({
  href: z.url(),
  rel: z.string(),
  type: z.string(),
  title: z.string().optional(),
});
const position = z.array(z.number()).min(2);
const geometries = {
  Point: z.object({ type: z.literal('Point'), coordinates: position }),
  Polygon: z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(position)) }),
  MultiPolygon: z.object({
    type: z.literal('MultiPolygon'),
    coordinates: z.array(z.array(z.array(position))),
  }),
};

/** One place as GeoJSON. `geometry` is null, and `bbox` there, only with `skipGeometry=true`. */
export function placeFeature<Name extends PlaceCollection>(collection: Name) {
  const definition = ogcCollections[collection];
  const [first, ...others] = definition.geometryTypes.map((type) => geometries[type]);
  return z.object({
    type: z.literal('Feature'),
    id: definition.id === 'text' ? z.string() : z.number().int(),
    geometry: z.union([first!, ...others]).nullable(),
    bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
    properties: definition.properties as unknown as z.ZodType<PlaceProperties<Name>>,
  });
}
export type PlaceFeature<Name extends PlaceCollection> = z.infer<ReturnType<typeof placeFeature<Name>>>;

/** One place with its links, as its own address gives it. */
export const singlePlace = <Name extends PlaceCollection>(collection: Name) =>
  placeFeature(collection).extend({ dataVersion: z.number().int(), links: z.array(link) });

/** A page of places. With `properties`, parse features by a schema of your own. */
export const placeItems = <Name extends PlaceCollection>(collection: Name) =>
  z.object({
    type: z.literal('FeatureCollection'),
    numberMatched: z.number().int(),
    numberReturned: z.number().int(),
    timeStamp: z.iso.datetime(),
    dataVersion: z.number().int(),
    /** Whether any feature of the page is simulated. */
    simulated: z.boolean(),
    links: z.array(link),
    features: z.array(placeFeature(collection)),
  });
