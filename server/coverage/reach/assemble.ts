import { audiences } from '../../../contract/activities.ts';
import { type ReachPopulation, reachPopulations } from '../../../contract/coverage-reach.ts';
import type { Polygons } from './place-distance.ts';
import type { PlaceColumns, SessionColumns } from './queries.ts';
import {
  acceptedAudiences,
  audienceBit,
  everyAudience,
  type ReachPlaces,
  type ReachSessions,
} from './reach-input.ts';

/** Where each place stands in the columns, by population and id. */
export type PlacePositions = readonly ReadonlyMap<number, number>[];

/** The places of the four populations as one list, in the order of `reachPopulations`. */
export function assemblePlaces(
  columns: readonly PlaceColumns[],
  areas: readonly { population: ReachPopulation; id: number; polygons: Polygons }[],
  audience: 'matching' | 'any',
): { places: ReachPlaces; positions: PlacePositions } {
  const count = columns.reduce((sum, { ids }) => sum + ids.length, 0);
  const outlines = new Map<number, Polygons>();
  const places = {
    longitudes: new Float64Array(count),
    latitudes: new Float64Array(count),
    areas: outlines,
    populations: new Uint8Array(count),
    communes: new Int32Array(count),
    people: new Int32Array(count),
    counted: new Uint8Array(count),
    accepts: new Uint8Array(count),
  };
  let place = 0;
  const positions = columns.map(({ ids, kinds, ...facts }, population) => {
    const accepted = new Map<string | null, number>();
    const accepts = (kind: string | null) => {
      if (audience === 'any') return everyAudience;
      const known = accepted.get(kind) ?? acceptedAudiences(reachPopulations[population]!, kind);
      accepted.set(kind, known);
      return known;
    };
    const byId = new Map<number, number>();
    ids.forEach((id, row) => {
      byId.set(id, place);
      places.longitudes[place] = facts.longitudes[row]!;
      places.latitudes[place] = facts.latitudes[row]!;
      places.populations[place] = population;
      places.communes[place] = facts.communes[row]!;
      places.people[place] = facts.people[row]!;
      places.counted[place] = facts.counted[row]!;
      places.accepts[place] = accepts(kinds?.[row] ?? null);
      place += 1;
    });
    return byId;
  });
  for (const { population, id, polygons } of areas) {
    const at = positions[reachPopulations.indexOf(population)]?.get(id);
    if (at !== undefined) outlines.set(at, polygons);
  }
  return { places, positions };
}

/**
 * The sessions ordered by the place that they were held at. A commune's account may see a session of its own and not the place,
 * where that lies in another commune: it is left out.
 */
export function assembleSessions(columns: SessionColumns, positions: PlacePositions): ReachSessions {
  const at = Int32Array.from(columns.ids, (id, row) => positions[columns.populations[row]!]!.get(id) ?? -1);
  const order = Int32Array.from(at, (_, row) => row)
    .filter((row) => at[row]! >= 0)
    .sort((a, b) => at[a]! - at[b]! || a - b);
  const bits = new Map<string, number>(audiences.map((audience) => [audience, audienceBit(audience)]));
  return {
    places: order.map((row) => at[row]!),
    radii: Float64Array.from(order, (row) => columns.radii[row]!),
    audiences: Uint8Array.from(order, (row) => bits.get(columns.audiences[row]!)!),
    quarters: order.map((row) => columns.quarters[row]!),
    counts: order.map((row) => columns.counts[row]!),
    lastHeldOn: Array.from(order, (row) => columns.lastHeldOn[row]!),
  };
}
