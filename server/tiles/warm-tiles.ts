import { type PlaceCollection, placeCollections } from '../../contract/places.ts';
import { hexagonMaxZoom } from '../../contract/tiles.ts';
import type { Asker } from '../access/asker.ts';
import type { Database } from '../db/database.ts';
import { readExtent } from './queries.ts';
import type { TileEncoding, TileSource } from './tile-source.ts';

/**
 * Whose tiles are made ahead: those of who sees the whole province, whose outlines everybody shares. Up to the last zoom with
 * hexagons no tile shows single premises, so that nothing of it is a reading of them.
 */
const warming: Asker = { account: 'server', role: 'planner', commune: null, address: '' };

export type WarmTilesOptions = {
  collections?: readonly PlaceCollection[];
  /** The last zoom that is warmed: tiles beyond are many, small and quick to make, and show single premises. */
  maxZoom?: number;
  encodings?: readonly TileEncoding[];
  onTile?: (made: number) => void;
};

/**
 * Makes the tiles of low zooms ahead of the first asker, after an import or a start: each of the collections by itself,
 * within what they hold. One at a time, so that askers are not kept waiting.
 * @returns how many tiles were made.
 */
export async function warmTiles(
  db: Database,
  source: TileSource,
  {
    collections = placeCollections,
    maxZoom = hexagonMaxZoom,
    encodings = ['br'],
    onTile,
  }: WarmTilesOptions = {},
): Promise<number> {
  let made = 0;
  for (const collection of collections) {
    const extent = await db
      .as(warming)
      .read((transaction) => readExtent(transaction, [collection], warming.role));
    const { west, south, east, north } = extent;
    if (west === null || south === null || east === null || north === null) continue;
    for (let z = 0; z <= maxZoom; z += 1)
      for (const [x, y] of tilesWithin(z, { west, south, east, north })) {
        for (const encoding of encodings)
          await source.tile({ collections: [collection], z, x, y }, encoding, warming);
        made += 1;
        onTile?.(made);
      }
  }
  return made;
}

/** Columns and rows of the tiles at a zoom that meet a box of longitudes and latitudes. */
export function* tilesWithin(
  z: number,
  { west, south, east, north }: { west: number; south: number; east: number; north: number },
): Generator<[x: number, y: number]> {
  const count = 2 ** z;
  const within = (position: number) => Math.max(0, Math.min(count - 1, Math.floor(position)));
  const column = (lon: number) => within(((lon + 180) / 360) * count);
  const row = (lat: number) =>
    within((0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * count);
  for (let x = column(west); x <= column(east); x += 1)
    for (let y = row(north); y <= row(south); y += 1) yield [x, y];
}
