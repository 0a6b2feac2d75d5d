import type { Position } from 'geojson';
import { fromVectorTileJs } from 'vt-pbf';
import { tileExtent } from '../../contract/tiles.ts';
import { geometryFromWkb } from '../places/well-known-binary.ts';

export type TileFeature = {
  layer: string;
  feature_id: number;
  /** Missing values are null; they are left out, as ST_AsMVT does. */
  attributes: Record<string, string | number | boolean | null>;
  /** Well-known binary, in whole grid units of the tile. */
  geom: Uint8Array;
};

type Vertex = { x: number; y: number };
const vertex = ([x, y]: Position): Vertex => ({ x: x!, y: y! });

/**
 * What ST_AsMVT does, for a PostGIS that was built without protobuf (the embedded one): Mapbox Vector Tile 2.1, layers
 * in the order in which they first appear, features in theirs. No features make an empty tile.
 */
export function encodeTile(features: readonly TileFeature[]): Buffer {
  const byLayer = new Map<string, TileFeature[]>();
  for (const feature of features) {
    const members = byLayer.get(feature.layer);
    if (members) members.push(feature);
    else byLayer.set(feature.layer, [feature]);
  }
  const layers = [...byLayer].map(([name, members]) => ({
    version: 2,
    name,
    extent: tileExtent,
    length: members.length,
    feature: (index: number) => encodable(members[index]!),
  }));
  // keyed by position: an object puts keys that look like numbers first
  return Buffer.from(fromVectorTileJs({ layers: Object.fromEntries(layers.entries()) }));
}

function encodable({ feature_id, attributes, geom }: TileFeature) {
  const { type, parts } = tileGeometry(geom);
  return { id: feature_id, properties: attributes, type, loadGeometry: () => parts };
}

function tileGeometry(wkb: Uint8Array): { type: 1 | 3; parts: Vertex[][] } {
  const geometry = geometryFromWkb(wkb);
  switch (geometry?.type) {
    case 'Point':
      return { type: 1, parts: [[vertex(geometry.coordinates)]] };
    case 'Polygon':
      return { type: 3, parts: geometry.coordinates.map((ring) => ring.map(vertex)) };
    case 'MultiPolygon':
      return { type: 3, parts: geometry.coordinates.flat().map((ring) => ring.map(vertex)) };
    default:
      throw new Error(`no layer of a tile has geometries such as ${geometry?.type}`);
  }
}
