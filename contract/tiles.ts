import { z } from 'zod';
import { type PlaceCollection, placeCollections } from './places.ts';

/** Tiles are made for these zooms; beyond the last one a client enlarges its tiles (a grid unit there is 0.6 m). */
export const tileMaxZoom = 14;
/** Up to this zoom points are gathered into hexagons with counts; beyond it each is drawn. */
export const hexagonMaxZoom = 9;
/** Grid units to a tile's side; also how far beyond its own square a tile reaches. */
export const tileExtent = 4096;
export const tileBuffer = 64;
/** A hexagon's side in grid units: at every zoom 1/64 of a tile, 8 of 512 pixels. */
export const hexagonSide = 64;

type FieldType = 'String' | 'Number' | 'Boolean';
export type TileLayer = {
  id: string;
  description: string;
  minzoom: number;
  maxzoom: number;
  /** As in TileJSON 3: what to expect, besides the feature's id. Missing values are left out of a feature. */
  fields: Record<string, FieldType>;
};

const simulated = { simulated: 'Boolean' } as const;
const hexagons = (of: string): TileLayer => ({
  id: `${of}-hexagons`,
  description: `Hexagons with the number of ${of} in each. One that lies in several tiles has in all of them the same id and the whole count`,
  minzoom: 0,
  maxzoom: hexagonMaxZoom,
  fields: { count: 'Number', ...simulated },
});
const points = (of: string, description: string, fields: Record<string, FieldType>): TileLayer => ({
  id: of,
  description,
  minzoom: hexagonMaxZoom + 1,
  maxzoom: tileMaxZoom,
  fields: { commune_code: 'String', ...fields, ...simulated },
});
const everywhere = { minzoom: 0, maxzoom: tileMaxZoom };

/** The layers that a tile has for each collection. */
export const tileLayers: Record<PlaceCollection, readonly TileLayer[]> = {
  communes: [
    {
      id: 'communes',
      description: 'Outlines, without gap or overlap; the feature id is the code as a number',
      ...everywhere,
      fields: { code: 'String', name: 'String', type: 'String', terrain: 'String', ...simulated },
    },
    {
      id: 'communes-labels',
      description:
        'One point within each commune, in one tile alone; the larger the area, the earlier its name',
      ...everywhere,
      fields: { code: 'String', name: 'String', type: 'String', area_square_km: 'Number', ...simulated },
    },
  ],
  'border-areas': [
    {
      id: 'border-areas',
      description: 'Strips along other provinces and the coast',
      ...everywhere,
      fields: { kind: 'String', commune_code: 'String', neighbour_province: 'String', ...simulated },
    },
  ],
  'industrial-parks': [
    {
      id: 'industrial-parks',
      description: 'Areas of industrial parks',
      ...everywhere,
      fields: { name: 'String', commune_code: 'String', workers: 'Number', ...simulated },
    },
  ],
  dormitories: [
    hexagons('dormitories'),
    points('dormitories', 'A point within each dormitory', {
      name: 'String',
      kind: 'String',
      residents: 'Number',
    }),
  ],
  schools: [
    hexagons('schools'),
    points('schools', 'Schools', { name: 'String', kind: 'String', students: 'Number' }),
  ],
  establishments: [
    hexagons('establishments'),
    // No licence number: the id leads to it at /ogc, where a read of premises can be written down.
    points('establishments', 'Establishments', {
      category: 'String',
      lead_agency: 'String',
      active_to: 'String',
    }),
  ],
};

/** In the order of the list, each once: one combination has one address in the server's cache. */
export const orderedCollections = (collections: readonly PlaceCollection[]): PlaceCollection[] =>
  placeCollections.filter((name) => collections.includes(name));

/** TileJSON 3.0.0, and what every answer says of its data. */
export const tileJson = z.object({
  tilejson: z.literal('3.0.0'),
  name: z.string(),
  version: z.string(),
  scheme: z.literal('xyz'),
  tiles: z.array(z.string()).length(1),
  minzoom: z.number().int(),
  maxzoom: z.number().int(),
  /** West, south, east and north of what the collections hold; left out where they hold nothing. */
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
  center: z.tuple([z.number(), z.number(), z.number()]).optional(),
  vector_layers: z.array(
    z.object({
      id: z.string(),
      description: z.string(),
      minzoom: z.number().int(),
      maxzoom: z.number().int(),
      fields: z.record(z.string(), z.string()),
    }),
  ),
  dataVersion: z.number().int(),
  simulated: z.boolean(),
});
export type TileJson = z.infer<typeof tileJson>;
