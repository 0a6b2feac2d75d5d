import type { Role } from './access.ts';
import { type PlaceCollection, placeCollections } from './places.ts';
import { hexagonMaxZoom, type TileLayer, tileLayers, tileMaxZoom } from './tiles.ts';

/**
 * How much of a collection a role sees: every place, those of its own commune, how many there are in each hexagon, or
 * nothing. The database holds the same (migrations 0008 and 0012); this says so before anything is asked.
 */
export type PlaceSight = 'all' | 'own' | 'counts' | 'none';

const referenceForAll = { communes: 'all', 'border-areas': 'all' } as const;
const others = (sight: PlaceSight, ofEstablishments = sight) =>
  ({
    ...referenceForAll,
    'industrial-parks': sight,
    dormitories: sight,
    schools: sight,
    establishments: ofEstablishments,
  }) as const;

const sights: Record<Role, Record<PlaceCollection, PlaceSight>> = {
  planner: others('all'),
  inspector: others('all'),
  leader: others('all', 'counts'),
  commune: others('own'),
  admin: others('none'),
};

export const placeSight = (role: Role, collection: PlaceCollection): PlaceSight => sights[role][collection];

/** Whether everybody who is signed in sees the same of a collection. */
export const isReference = (collection: PlaceCollection): boolean => collection in referenceForAll;

/** The collections whose places a role may read one by one, in the order of the list. */
export const readableCollections = (role: Role): PlaceCollection[] =>
  placeCollections.filter((collection) => ['all', 'own'].includes(placeSight(role, collection)));

/** The layers that a role's tiles of a collection have. */
export function tileLayersFor(role: Role, collection: PlaceCollection): readonly TileLayer[] {
  const layers = tileLayers[collection];
  switch (placeSight(role, collection)) {
    case 'none':
      return [];
    case 'counts':
      return layers.filter(({ fields }) => 'count' in fields);
    default:
      return layers;
  }
}

/** The last zoom of a role's tiles of a collection; a client enlarges those beyond. */
export const tileMaxZoomFor = (role: Role, collection: PlaceCollection): number =>
  placeSight(role, collection) === 'counts' ? hexagonMaxZoom : tileMaxZoom;
