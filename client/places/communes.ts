import { useQuery } from '@tanstack/react-query';
import type { PlaceProperties } from '../../contract/ogc-collections.ts';
import { readPlaces } from './read-places.ts';

export type Bounds = readonly [west: number, south: number, east: number, north: number];
export type Commune = PlaceProperties<'communes'> & { bounds: Bounds };

/** All communes with their facts and bounding boxes, without outlines: those come in tiles. */
export const useCommunes = () =>
  useQuery({
    queryKey: ['places', 'communes'],
    queryFn: async ({ signal }): Promise<Commune[]> => {
      const { features } = await readPlaces('communes', { skipGeometry: true }, signal);
      return features.map(({ properties, bbox }) => ({ ...properties, bounds: bbox! }));
    },
  });

/** The smallest box around some boxes; null around none. */
export function boundsOf(boxes: readonly Bounds[]): Bounds | null {
  if (boxes.length === 0) return null;
  return [
    Math.min(...boxes.map(([west]) => west)),
    Math.min(...boxes.map(([, south]) => south)),
    Math.max(...boxes.map(([, , east]) => east)),
    Math.max(...boxes.map(([, , , north]) => north)),
  ];
}

export const centerOf = ([west, south, east, north]: Bounds): [number, number] => [
  (west + east) / 2,
  (south + north) / 2,
];
