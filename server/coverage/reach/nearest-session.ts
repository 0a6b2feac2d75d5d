import type { Bounds } from './place-distance.ts';
import { createPlaceIndex, type PlaceIndex } from './place-index.ts';
import type { ReachPlaces, ReachSessions } from './reach-input.ts';
import { createDistance } from './within-reach.ts';

export type NearestSession = { distanceMeters: number; heldOn: string };

/**
 * Finds the session that came nearest to any of some places, among those that reach beyond their own place and stand for
 * the place's people: the metres between the two places, and the last day on which one was held there.
 */
export function createNearestSession(places: ReachPlaces, sessions: ReachSessions) {
  const distance = createDistance(places);
  const indexes = new Map<number, PlaceIndex>();
  const starts = new Int32Array(places.longitudes.length + 1);
  for (const place of sessions.places) starts[place + 1]! += 1;
  for (let place = 0; place + 1 < starts.length; place += 1) starts[place + 1]! += starts[place]!;

  const indexFor = (accepts: number): PlaceIndex => {
    const known = indexes.get(accepts);
    if (known) return known;
    const origins = new Set<number>();
    for (let at = 0; at < sessions.places.length; at += 1)
      if ((sessions.audiences[at]! & accepts) !== 0 && sessions.radii[at]! >= 0)
        origins.add(sessions.places[at]!);
    // About one origin in a cell, were they spread evenly over some square degree.
    const index = createPlaceIndex(places, [...origins], Math.max(0.002, 1 / Math.sqrt(origins.size + 1)));
    indexes.set(accepts, index);
    return index;
  };

  return (members: readonly number[]): NearestSession | null => {
    let meters = Infinity;
    let nearestTo = -1;
    let nearest = -1;
    for (const place of members) {
      const index = indexFor(places.accepts[place]!);
      if (index.bounds.west > index.bounds.east) continue;
      // Twice as far each time, until what was found is nearer than how far was looked; never farther than the best so far.
      for (let looked = 1000; ; looked *= 2) {
        const within = distance.boundsAround(place, Math.min(looked, meters));
        index.search(within, (origin) => {
          const found = looked > 25_000 ? distance.exact(place, origin) : distance.near(place, origin);
          if (found < meters) {
            meters = found;
            nearestTo = place;
            nearest = origin;
          }
          return false;
        });
        if (meters <= looked || holds(within, index.bounds)) break;
      }
    }
    if (nearest < 0) return null;
    return {
      distanceMeters: Math.round(distance.exact(nearestTo, nearest)),
      heldOn: lastDay(nearest, places.accepts[nearestTo]!),
    };
  };

  function lastDay(origin: number, accepts: number): string {
    let last = '';
    for (let at = starts[origin]!; at < starts[origin + 1]!; at += 1) {
      const day = sessions.lastHeldOn[at]!;
      if ((sessions.audiences[at]! & accepts) !== 0 && sessions.radii[at]! >= 0 && day > last) last = day;
    }
    return last;
  }
}

const holds = (outer: Bounds, inner: Bounds) =>
  outer.west <= inner.west &&
  outer.south <= inner.south &&
  outer.east >= inner.east &&
  outer.north >= inner.north;
