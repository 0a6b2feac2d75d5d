import type { Asker } from '../../contract/access.ts';
import { isReference, placeSight, readableCollections, tileMaxZoomFor } from '../../contract/place-access.ts';
import { type PlaceCollection, placeCollections } from '../../contract/places.ts';
import { ProblemError } from '../http/problem.ts';

type Seeing = Pick<Asker, 'role' | 'commune'>;

/**
 * What an asker sees of places, by a name that is the same for all who see the same, and for nobody else: caches and entity
 * tags are kept under it, so that what was made for one is never given to another who may see less.
 */
export function placeScope({ role, commune }: Seeing): string {
  switch (role) {
    case 'planner':
    case 'inspector':
      return 'all';
    case 'leader':
      return 'counts';
    case 'commune':
      return `commune ${commune}`;
    case 'admin':
      return 'reference';
  }
}

/** The same of some collections: of communes and border areas everybody sees the same. */
export const scopeOfCollections = (asker: Seeing, collections: readonly PlaceCollection[]): string =>
  collections.every(isReference) ? 'reference' : placeScope(asker);

const notForThisRole = (where: string, detail: string, remedy: string) =>
  new ProblemError(403, 'This is not for your role', { where, detail, remedy });

/** @throws the 403 problem where the asker may not read places of the collection one by one. */
export function refuseUnreadable({ role }: Seeing, collection: PlaceCollection): void {
  const readable = readableCollections(role);
  if (readable.includes(collection)) return;
  throw notForThisRole(
    'path collectionId',
    `the role ${role} reads no single features of ${collection}`,
    `Ask for one of ${readable.join(', ')}.`,
  );
}

/** @throws the 403 problem where the asker's tiles have nothing of a collection, at all or at this zoom. */
export function refuseUnseen(
  { role }: Seeing,
  collections: readonly PlaceCollection[],
  { zoom = 0 } = {},
): void {
  for (const collection of collections) {
    if (placeSight(role, collection) === 'none') {
      const seen = placeCollections.filter((name) => placeSight(role, name) !== 'none');
      throw notForThisRole(
        'path collections',
        `the role ${role} sees nothing of ${collection}`,
        `Ask for ${seen.join(', ')}.`,
      );
    }
    const last = tileMaxZoomFor(role, collection);
    if (zoom > last)
      throw notForThisRole(
        'path z',
        `the role ${role} sees ${collection} as counts by hexagon, which tiles have up to zoom ${last}`,
        `Enlarge the tiles of zoom ${last}.`,
      );
  }
}
