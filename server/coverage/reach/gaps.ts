import { type GapsAnswer, type ReachPopulation, reachPopulations } from '../../../contract/coverage-reach.ts';
import type { DensityGrid } from '../../hotspots/density/density-window.ts';
import type { PlaneProjection } from '../../hotspots/map-projection.ts';
import { cellOf, gapLattice, type PlanePlaces } from './gap-lattice.ts';
import { gapOutlines } from './gap-outlines.ts';
import { createNearestSession } from './nearest-session.ts';
import type { ReachPlaces, ReachSessions } from './reach-input.ts';
import type { WithinReach } from './within-reach.ts';

/** A gap is drawn so far about its places: two places out of reach up to twice as far apart are in one gap. */
export const gapMarginMeters = 500;
/** Longer gaps are divided: twice as wide as a commune. */
export const gapWidestMeters = 10_000;

export type GapsInput = {
  places: ReachPlaces;
  sessions: ReachSessions;
  reached: WithinReach;
  communes: readonly { code: string; name: string }[];
  projection: PlaneProjection;
  grid: DensityGrid;
  /** By cell of the grid: 1 where its centre lies in the province. */
  province: Uint8Array;
  /** One population, or all. */
  population: ReachPopulation | null;
  minPeople: number;
  limit: number;
  marginMeters: number;
  widestMeters: number;
};

type Tally = { people: number; places: number; unknown: number };
const emptyTally = (): Tally => ({ people: 0, places: 0, unknown: 0 });

/**
 * Where the people are whom no session reached: places out of reach, gathered into gaps, most people first (then most
 * places, then from the south-west). Every place out of reach is in exactly one gap. Of the places themselves nothing is told
 * but their counts.
 */
export function findGaps(input: GapsInput): Pick<GapsAnswer, 'total' | 'notDrawn' | 'features'> {
  const { places, reached, communes, projection, grid, population } = input;
  const asked = reachPopulations.filter((name) => population === null || name === population);
  const missedPlaces: number[] = [];
  const reachedPlaces: number[] = [];
  for (let place = 0; place < places.people.length; place += 1) {
    if (places.counted[place] === 0 || !asked.includes(reachPopulations[places.populations[place]!]!))
      continue;
    (reached.times[place]! > 0 ? reachedPlaces : missedPlaces).push(place);
  }
  const missed = inPlane(places, missedPlaces, projection);
  const lattice = gapLattice(
    grid,
    input.province,
    missed,
    inPlane(places, reachedPlaces, projection),
    input.marginMeters,
    input.widestMeters,
  );

  const total = asked.map(emptyTally);
  const gaps = Array.from({ length: lattice.gapCount }, (_, gap) => ({
    gap,
    sum: emptyTally(),
    byPopulation: asked.map(emptyTally),
    members: [] as number[],
  }));
  missedPlaces.forEach((place, position) => {
    const cell = cellOf(grid, missed.xs[position]!, missed.ys[position]!);
    const gap = gaps[lattice.gaps[cell]!]!;
    const row = asked.indexOf(reachPopulations[places.populations[place]!]!);
    gap.members.push(place);
    for (const tally of [total[row]!, gap.sum, gap.byPopulation[row]!]) count(tally, places.people[place]!);
  });

  const ranked = gaps.sort(
    (a, b) => b.sum.people - a.sum.people || b.sum.places - a.sum.places || a.gap - b.gap,
  );
  const drawn = ranked.filter(({ sum }) => sum.people >= input.minPeople).slice(0, input.limit);
  const outlines = gapOutlines(
    lattice,
    drawn.map(({ gap }) => gap),
    projection.inverse,
  );
  const nearestSession = createNearestSession(places, input.sessions);
  const features: GapsAnswer['features'] = drawn.map(({ sum, byPopulation, members }, index) => {
    const { geometry, areaSquareKm, labelPoint } = outlines[index]!;
    return {
      type: 'Feature',
      id: index + 1,
      properties: {
        rank: index + 1,
        people: sum.people,
        places: sum.places,
        unknownPlaces: sum.unknown,
        missed: byPopulation.map((tally, row) => missedOf(asked[row]!, tally)),
        communes: communesOf(places, members, communes),
        nearestSession: nearestSession(members),
        areaSquareKm: Math.round(areaSquareKm * 1000) / 1000,
        labelPoint,
      },
      geometry: geometry as GapsAnswer['features'][number]['geometry'],
    };
  });
  const sumOf = (tallies: readonly Tally[]) => ({
    people: tallies.reduce((sum, tally) => sum + tally.people, 0),
    places: tallies.reduce((sum, tally) => sum + tally.places, 0),
  });
  const all = sumOf(total);
  const shown = sumOf(drawn.map(({ sum }) => sum));
  return {
    total: {
      gaps: gaps.length,
      ...all,
      unknownPlaces: total.reduce((sum, { unknown }) => sum + unknown, 0),
      missed: total.map((tally, row) => missedOf(asked[row]!, tally)),
    },
    notDrawn: {
      gaps: gaps.length - drawn.length,
      people: all.people - shown.people,
      places: all.places - shown.places,
    },
    features,
  };
}

function count(tally: Tally, people: number): void {
  tally.places += 1;
  if (people < 0) tally.unknown += 1;
  else tally.people += people;
}

const missedOf = (population: ReachPopulation, { people, places, unknown }: Tally) => ({
  population,
  people: places > 0 && places === unknown ? null : people,
  places,
  unknownPlaces: unknown,
});

function communesOf(
  places: ReachPlaces,
  members: readonly number[],
  communes: readonly { code: string; name: string }[],
) {
  const tallies = new Map<number, Tally>();
  for (const place of members) {
    const commune = places.communes[place]!;
    const tally = tallies.get(commune) ?? emptyTally();
    tallies.set(commune, tally);
    count(tally, places.people[place]!);
  }
  return [...tallies]
    .map(([commune, { people, places: placeCount }]) => ({
      code: communes[commune]!.code,
      name: communes[commune]!.name,
      people,
      places: placeCount,
    }))
    .sort((a, b) => b.people - a.people || b.places - a.places || (a.code < b.code ? -1 : 1));
}

function inPlane(places: ReachPlaces, members: readonly number[], projection: PlaneProjection): PlanePlaces {
  const xs = new Float64Array(members.length);
  const ys = new Float64Array(members.length);
  const areas = new Map<number, Float64Array[]>();
  members.forEach((place, position) => {
    const [x, y] = projection.forward(places.longitudes[place]!, places.latitudes[place]!);
    xs[position] = x;
    ys[position] = y;
    const area = places.areas.get(place);
    if (!area) return;
    areas.set(
      position,
      area.flatMap((rings) =>
        rings.map((ring) => Float64Array.from(ring.flatMap(([lon, lat]) => projection.forward(lon, lat)))),
      ),
    );
  });
  return { xs, ys, communes: Int32Array.from(members, (place) => places.communes[place]!), areas };
}
