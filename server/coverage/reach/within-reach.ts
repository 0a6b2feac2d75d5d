import { geodesicMeters, metersPerDegree, nearMeters, nearTolerance } from './geodesic.ts';
import { boundsOf, expandBounds, shapeMeters } from './place-distance.ts';
import { createPlaceIndex, type Located, type PlaceIndex, shapeOf } from './place-index.ts';
import type { ReachPlaces, ReachSessions } from './reach-input.ts';

export type WithinReach = {
  /** By place: 0 out of reach, 1 reached by one session, 2 by more. 0 for places that do not count. */
  times: Uint8Array;
  /** By place: the whole quarters of the window in which a session reached it, as bits. */
  quarters: Int32Array;
};

/**
 * Which places lie within reach of a session, how often and in which quarters.
 *
 * A session reaches its own place, and every place whose nearest point lies within its radius of the nearest point of its
 * own, on the ellipsoid; of these the people whom its audience stands for (`accepts`). Every place is held against the
 * sessions around it until no further one could change the answer.
 *
 * @param enough `reached`: stop at the first session; `times` then says no more than whether there is one, and `quarters`
 *               nothing. `repeated`: stop at the second, once each of `wholeQuarters` quarters has one.
 */
export function placesWithinReach(
  places: ReachPlaces,
  sessions: ReachSessions,
  enough: 'reached' | 'repeated',
  wholeQuarters: number,
): WithinReach {
  const count = places.longitudes.length;
  const times = new Uint8Array(count);
  const quarters = new Int32Array(count);
  const everyQuarter = enough === 'repeated' ? (1 << wholeQuarters) - 1 : 0;
  const sufficient = enough === 'repeated' ? 2 : 1;
  const { starts, origins, farthest, audiences } = sessionsByPlace(sessions, count);
  const longest = sessions.radii.reduce((most, radius) => Math.max(most, radius), 0);
  const distance = createDistance(places);
  // Cells of half the longest radius: 25 of them are searched, whose area is twice the circle's. Under long radii smaller
  // ones, most of which are passed over: see `quartersByCell`.
  const index = createPlaceIndex(places, origins, Math.max(100, Math.min(longest / 2, 1000)) / 110_000);
  const quartersIn = quartersByCell(index, sessions);

  const take = (place: number, from: number, meters: number | null) => {
    for (let at = starts[from]!; at < starts[from + 1]!; at += 1) {
      if ((sessions.audiences[at]! & places.accepts[place]!) === 0) continue;
      if (meters !== null && !distance.isWithin(place, from, meters, sessions.radii[at]!)) continue;
      times[place] = Math.min(2, times[place]! + sessions.counts[at]!);
      quarters[place]! |= sessions.quarters[at]!;
    }
  };

  // The place at hand, and what could still change its answer: any session while there are too few, else one in a quarter
  // still without. Functions made once for each of 100,000 places would take a tenth of the time.
  let place = 0;
  let accepted = 0;
  let lacks = 0;
  let inCell: Int32Array = new Int32Array(0);
  const see = () => {
    lacks = (times[place]! < sufficient ? anySession : 0) | (everyQuarter & ~quarters[place]!);
  };
  const visit = (from: number) => {
    if (from === place || (audiences[from]! & accepted) === 0) return false;
    const meters = distance.near(place, from);
    if (meters > farthest[from]! * (1 + nearTolerance)) return false;
    take(place, from, meters);
    see();
    return lacks === 0;
  };
  const wants = (cell: number) => (inCell[cell]! & lacks) !== 0;
  for (place = 0; place < count; place += 1) {
    accepted = places.accepts[place]!;
    if (places.counted[place] === 0 || accepted === 0) continue;
    take(place, place, null);
    see();
    if (lacks === 0 || longest === 0) continue;
    inCell = quartersIn(accepted);
    index.search(distance.boundsAround(place, longest), visit, wants);
  }
  return { times, quarters };
}

/** A bit beyond those of quarters, of which a window of 36 months has 12. */
const anySession = 1 << 30;

/**
 * For some audiences, in which quarters the origins in each cell have sessions for them, and whether they have any. A place
 * that lacks one quarter alone is then held against the few cells that have it: with 32,000 origins, a radius of 20 km and
 * a quarter in which hardly anything was held, 3 thousand million pairs would be compared otherwise.
 */
function quartersByCell(index: PlaceIndex, sessions: ReachSessions): (accepted: number) => Int32Array {
  const known = new Map<number, Int32Array>();
  return (accepted) => {
    const found = known.get(accepted);
    if (found) return found;
    const bits = new Int32Array(index.cellCount);
    for (let at = 0; at < sessions.places.length; at += 1) {
      if ((sessions.audiences[at]! & accepted) === 0 || sessions.radii[at]! < 0) continue;
      index.eachCell(sessions.places[at]!, (cell) => {
        bits[cell]! |= sessions.quarters[at]! | anySession;
      });
    }
    known.set(accepted, bits);
    return bits;
  };
}

/**
 * Where each place's sessions begin; the places that have one that reaches beyond them; and of each how far the
 * farthest-reaching goes and whom those stand for.
 */
function sessionsByPlace({ places, radii, audiences: bits }: ReachSessions, count: number) {
  const starts = new Int32Array(count + 1);
  const farthest = new Float64Array(count).fill(-1);
  const audiences = new Uint8Array(count);
  const origins: number[] = [];
  for (let at = 0; at < places.length; at += 1) {
    const place = places[at]!;
    if (at > 0 && place < places[at - 1]!) throw new Error('sessions must be ordered by place');
    starts[place + 1]! += 1;
    if (radii[at]! < 0) continue;
    farthest[place] = Math.max(farthest[place]!, radii[at]!);
    audiences[place]! |= bits[at]!;
    if (origins[origins.length - 1] !== place) origins.push(place);
  }
  for (let place = 0; place < count; place += 1) starts[place + 1]! += starts[place]!;
  return { starts, origins, farthest, audiences };
}

/** Distances between places: nearly, where that is enough to tell, and on the ellipsoid where it is not. */
export function createDistance(places: Located) {
  const { longitudes, latitudes, areas } = places;
  const east = new Float64Array(latitudes.length);
  const north = new Float64Array(latitudes.length);
  for (let place = 0; place < latitudes.length; place += 1) {
    const scale = metersPerDegree(latitudes[place]!);
    east[place] = scale.east;
    north[place] = scale.north;
  }
  const isArea = new Uint8Array(latitudes.length);
  for (const place of areas.keys()) isArea[place] = 1;
  const bothPoints = (a: number, b: number) => isArea[a] === 0 && isArea[b] === 0;
  const exact = (a: number, b: number) =>
    bothPoints(a, b)
      ? geodesicMeters([longitudes[a]!, latitudes[a]!], [longitudes[b]!, latitudes[b]!])
      : shapeMeters(shapeOf(places, a), shapeOf(places, b));
  const nearPoints = (a: number, b: number) =>
    nearMeters(
      longitudes[a]!,
      latitudes[a]!,
      east[a]!,
      north[a]!,
      longitudes[b]!,
      latitudes[b]!,
      east[b]!,
      north[b]!,
    );
  return {
    exact,
    /** To within `nearTolerance`, up to 30 km; for areas exact. */
    near: (a: number, b: number) => (bothPoints(a, b) ? nearPoints(a, b) : exact(a, b)),
    /** Whether two places lie within a radius of each other, `meters` being what `near` says. */
    isWithin(a: number, b: number, meters: number, radius: number): boolean {
      if (meters <= radius * (1 - nearTolerance)) return true;
      if (meters > radius * (1 + nearTolerance)) return false;
      return exact(a, b) <= radius;
    },
    /** Bounds outside which nothing lies within so many metres of a place. */
    boundsAround(place: number, meters: number) {
      const area = areas.get(place);
      if (area) return expandBounds(boundsOf(area), meters);
      const x = longitudes[place]!;
      const y = latitudes[place]!;
      const more = meters * 1.01 + 1;
      // The scale of the place itself, with a hundredth more for how it changes within 30 km.
      return {
        west: x - more / east[place]!,
        east: x + more / east[place]!,
        south: y - more / north[place]!,
        north: y + more / north[place]!,
      };
    },
  };
}
