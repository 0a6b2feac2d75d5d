import type { ActivityPlace } from '../../contract/activity-endpoints.ts';

const places = {
  'establishment-workers': 'establishments',
  'industrial-workers': 'industrial-parks',
  students: 'schools',
} as const satisfies Record<string, ActivityPlace['collection']>;

/**
 * The places at which the people of an audience are counted one by one (migrations/0004_indicators.sql). Of the sessions
 * held elsewhere the target takes the largest alone. Null for an audience that no target counts.
 */
export function ownPlaces(
  audience: string | undefined,
): { audience: keyof typeof places; collection: ActivityPlace['collection'] } | null {
  if (audience === undefined || !Object.hasOwn(places, audience)) return null;
  const counted = audience as keyof typeof places;
  return { audience: counted, collection: places[counted] };
}
