import { type PlaceCollection, placeCollections } from '../../contract/places.ts';
import { orderedCollections, tileBuffer, tileExtent, tileMaxZoom } from '../../contract/tiles.ts';
import { ProblemError } from '../http/problem.ts';

export type TileAddress = { collections: readonly PlaceCollection[]; z: number; x: number; y: number };

/** Half the side of the web-mercator world, in its metres. */
export const halfWorldMeters = 20_037_508.342789244;

/** A tile's square in web mercator, with its buffer, and what turns web mercator into the tile's own grid units. */
export type TileFrame = {
  west: number;
  south: number;
  east: number;
  north: number;
  unitMeters: number;
  /** Grid units from the map's upper left corner to the tile's. */
  left: number;
  top: number;
};

export function tileFrame({ z, x, y }: Pick<TileAddress, 'x' | 'y' | 'z'>, buffer = tileBuffer): TileFrame {
  const unitMeters = (2 * halfWorldMeters) / (tileExtent * 2 ** z);
  const left = tileExtent * x;
  const top = tileExtent * y;
  return {
    west: (left - buffer) * unitMeters - halfWorldMeters,
    south: halfWorldMeters - (top + tileExtent + buffer) * unitMeters,
    east: (left + tileExtent + buffer) * unitMeters - halfWorldMeters,
    north: halfWorldMeters - (top - buffer) * unitMeters,
    unitMeters,
    left,
    top,
  };
}

/**
 * Collections out of an address, in the list's order, each once.
 * @throws ProblemError 404 naming those that there are.
 */
export function askedCollections(text: string): PlaceCollection[] {
  const names = text.split(',');
  const unknown = names.find((name) => !(placeCollections as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new ProblemError(404, 'There is no such collection', {
      where: 'path collection',
      detail: unknown ? `"${unknown.slice(0, 80)}" is not a collection` : 'a collection has no name',
      remedy: `The collections are ${placeCollections.join(', ')}; several are joined by commas.`,
    });
  return orderedCollections(names as PlaceCollection[]);
}

/**
 * A tile out of the parts of its address, before anything is computed.
 * @throws ProblemError 404 naming the part that is wrong and what it may be.
 */
export function askedTile(parts: { collections: string; z: string; x: string; file: string }): TileAddress {
  const collections = askedCollections(parts.collections);
  const [row = '', extension] = splitFile(parts.file);
  if (extension !== 'mvt')
    throw new ProblemError(404, 'There are no tiles of this form', {
      where: 'path extension',
      detail: extension === undefined ? 'the address has no extension' : `".${extension.slice(0, 20)}"`,
      remedy: `Ask for .mvt (Mapbox Vector Tiles): /tiles/${parts.collections}/{z}/{x}/{y}.mvt`,
    });
  const z = wholeNumber(parts.z);
  if (z === null || z > tileMaxZoom)
    throw new ProblemError(404, 'There are no tiles at this zoom', {
      where: 'path z',
      detail: `z is "${parts.z.slice(0, 20)}"`,
      remedy: `Zooms are whole numbers from 0 to ${tileMaxZoom}; enlarge tiles of ${tileMaxZoom} beyond.`,
    });
  const last = 2 ** z - 1;
  const position = (name: 'x' | 'y', text: string): number => {
    const number = wholeNumber(text);
    if (number === null || number > last)
      throw new ProblemError(404, 'There is no such tile', {
        where: `path ${name}`,
        detail: `${name} is "${text.slice(0, 20)}"`,
        remedy: `At zoom ${z}, ${name} is a whole number from 0 to ${last}.`,
      });
    return number;
  };
  return { collections, z, x: position('x', parts.x), y: position('y', row) };
}

/**
 * Collections out of `/tiles/{collections}.json`.
 * @throws ProblemError 404 when it is not such an address.
 */
export function askedTileJson(file: string): PlaceCollection[] {
  const [names = '', extension] = splitFile(file);
  if (extension !== 'json')
    throw new ProblemError(404, 'There is nothing at this address', {
      where: 'path',
      remedy: 'Ask for /tiles/{collections}.json (TileJSON) or /tiles/{collections}/{z}/{x}/{y}.mvt.',
    });
  return askedCollections(names);
}

function splitFile(file: string): [string, string | undefined] {
  const dot = file.indexOf('.');
  return dot < 0 ? [file, undefined] : [file.slice(0, dot), file.slice(dot + 1)];
}

const wholeNumber = (text: string): number | null => (/^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : null);
