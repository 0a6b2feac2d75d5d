import type { FeatureCollection, Point } from 'geojson';
import { type Bounds, boundsOf, centerOf } from '../places/communes.ts';

type Placed = { bounds: Bounds; adjoining_provinces: readonly string[]; coastal: boolean };

/**
 * Where to write the names of neighbouring provinces and of the sea, since their outlines are not part of the tiles:
 * outward from the middle of the area, beyond the communes that adjoin each.
 *
 * @returns points in longitude and latitude with `name` and `kind`; none for a neighbour that no commune lists.
 */
export function surroundingLabels(
  communes: readonly Placed[],
  sea: string,
): FeatureCollection<Point, { name: string; kind: 'province' | 'sea' }> {
  const whole = boundsOf(communes.map(({ bounds }) => bounds));
  const neighbours = new Map<string, [number, number][]>();
  const coast: [number, number][] = [];
  for (const { bounds, adjoining_provinces, coastal } of communes) {
    for (const province of adjoining_provinces) {
      neighbours.set(province, [...(neighbours.get(province) ?? []), centerOf(bounds)]);
    }
    if (coastal) coast.push(centerOf(bounds));
  }
  const groups: [string, 'province' | 'sea', [number, number][]][] = [
    ...[...neighbours].map(
      ([name, points]) => [name, 'province', points] as [string, 'province', [number, number][]],
    ),
    ...(coast.length ? [[sea, 'sea', coast] as [string, 'sea', [number, number][]]] : []),
  ];
  return {
    type: 'FeatureCollection',
    features: whole
      ? groups.map(([name, kind, points]) => ({
          type: 'Feature',
          properties: { name, kind },
          geometry: { type: 'Point', coordinates: outward(whole, points) },
        }))
      : [],
  };
}

function outward(whole: Bounds, points: readonly [number, number][]): [number, number] {
  const [west, south, east, north] = whole;
  const [middleX, middleY] = centerOf(whole);
  const x = points.reduce((sum, [longitude]) => sum + longitude, 0) / points.length;
  const y = points.reduce((sum, [, latitude]) => sum + latitude, 0) / points.length;
  const away = Math.hypot(x - middleX, y - middleY) || 1;
  const beyond = 0.16 * Math.hypot(east - west, north - south);
  return [x + ((x - middleX) / away) * beyond, y + ((y - middleY) / away) * beyond];
}
