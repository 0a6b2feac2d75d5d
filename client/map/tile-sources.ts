import type { VectorSourceSpecification } from 'maplibre-gl';
import type { Role } from '../../contract/access.ts';
import { tileMaxZoomFor } from '../../contract/place-access.ts';
import type { PlaceCollection } from '../../contract/places.ts';
import { hexagonMaxZoom } from '../../contract/tiles.ts';

/** Below this zoom tiles hold points gathered into hexagons with counts, from it on the points themselves. */
export const pointsFromZoom = hexagonMaxZoom + 1;

/** The layers of a tile: a collection has its own name; communes come with a point for their label. */
export const sourceLayer = {
  outlines: (collection: PlaceCollection) => collection,
  hexagons: (collection: PlaceCollection) => `${collection}-hexagons`,
  communeLabels: 'communes-labels',
} as const;

/**
 * Tiles of a collection from this host, whatever it is called in the browser's address, up to the zoom at which the role
 * has any. The version is part of the address, so that tiles of older data, which MapLibre keeps, are never drawn beside
 * newer ones.
 */
export function tileSource(
  collection: PlaceCollection,
  origin: string,
  version: string,
  role: Role,
): VectorSourceSpecification {
  return {
    type: 'vector',
    tiles: [`${origin}/tiles/${collection}/{z}/{x}/{y}.mvt?v=${version}`],
    minzoom: 0,
    maxzoom: tileMaxZoomFor(role, collection),
  };
}
