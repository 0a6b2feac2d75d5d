import { useQuery } from '@tanstack/react-query';
import { readPlaces } from './read-places.ts';

/**
 * The places within a commune; establishments those that were active on a day of the period, as coverage counts them, and
 * null for a role that reads none of them one by one.
 */
export const useCommunePlaces = (
  code: string,
  period: { from: string; to: string },
  { withEstablishments }: { withEstablishments: boolean },
) =>
  useQuery({
    queryKey: ['places', 'within', code, period, withEstablishments],
    queryFn: async ({ signal }) => {
      const within = { commune_code: code, skipGeometry: true };
      const [parks, dormitories, schools, establishments] = await Promise.all([
        readPlaces('industrial-parks', within, signal),
        readPlaces('dormitories', within, signal),
        readPlaces('schools', within, signal),
        withEstablishments
          ? readPlaces('establishments', { ...within, datetime: `${period.from}/${period.to}` }, signal)
          : null,
      ]);
      return {
        'industrial-parks': parks.features.map(({ properties }) => properties),
        dormitories: dormitories.features.map(({ properties }) => properties),
        schools: schools.features.map(({ properties }) => properties),
        establishments: establishments?.features.map(({ properties }) => properties) ?? null,
      };
    },
  });

/** How many there are of each category, most first. */
export function countByCategory<Place extends { category: string }>(
  places: readonly Place[],
): { category: string; first: Place; count: number }[] {
  const groups = new Map<string, { category: string; first: Place; count: number }>();
  for (const place of places) {
    const group = groups.get(place.category);
    if (group) group.count += 1;
    else groups.set(place.category, { category: place.category, first: place, count: 1 });
  }
  return [...groups.values()].sort(
    (one, other) => other.count - one.count || one.category.localeCompare(other.category),
  );
}
