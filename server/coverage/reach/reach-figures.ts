import { type PopulationReach, reachPopulations } from '../../../contract/coverage-reach.ts';
import type { ReachPlaces } from './reach-input.ts';
import type { WithinReach } from './within-reach.ts';

type Tally = {
  people: [within: number, out: number];
  places: [within: number, out: number];
  unknown: [within: number, out: number];
  once: number;
  moreThanOnce: number;
  keptUp: number;
};

const emptyTally = (): Tally => ({
  people: [0, 0],
  places: [0, 0],
  unknown: [0, 0],
  once: 0,
  moreThanOnce: 0,
  keptUp: 0,
});

/**
 * People and places within reach and out of it, for each of some groups of places and for all of them together.
 *
 * @param groupsOf the groups that a place belongs to, none, one or several, as positions.
 * @param wholeQuarters how many whole quarters the window has; with fewer than two "kept up" says no more than "once".
 */
export function reachFigures(
  places: ReachPlaces,
  reached: WithinReach,
  groupsOf: (place: number) => readonly number[],
  groupCount: number,
  wholeQuarters: number,
): { total: PopulationReach[]; groups: PopulationReach[][] } {
  const tallies = Array.from({ length: groupCount + 1 }, () => reachPopulations.map(emptyTally));
  const everyQuarter = (1 << wholeQuarters) - 1;
  const canKeepUp = wholeQuarters >= 2;
  for (let place = 0; place < places.people.length; place += 1) {
    if (places.counted[place] === 0) continue;
    const times = reached.times[place]!;
    const isKeptUp = canKeepUp && times > 0 && (reached.quarters[place]! & everyQuarter) === everyQuarter;
    const side = times > 0 ? 0 : 1;
    const people = places.people[place]!;
    for (const group of [groupCount, ...groupsOf(place)]) {
      const tally = tallies[group]![places.populations[place]!]!;
      tally.places[side] += 1;
      if (people < 0) tally.unknown[side] += 1;
      else tally.people[side] += people;
      if (isKeptUp) tally.keptUp += 1;
      else if (times === 1) tally.once += 1;
      else if (times > 1) tally.moreThanOnce += 1;
    }
  }
  const figures = tallies.map((ofGroup) =>
    ofGroup.map((tally, population) => figureOf(tally, population, canKeepUp)),
  );
  return { total: figures[groupCount]!, groups: figures.slice(0, groupCount) };
}

function figureOf(tally: Tally, population: number, canKeepUp: boolean): PopulationReach {
  const places = tally.places[0] + tally.places[1];
  const unknownPlaces = tally.unknown[0] + tally.unknown[1];
  const people = tally.people[0] + tally.people[1];
  const areUnknown = places > 0 && places === unknownPlaces;
  const unknown =
    places === 0 ? 'no-places' : areUnknown ? 'numbers-unknown' : people === 0 ? 'no-people' : null;
  return {
    population: reachPopulations[population]!,
    people: areUnknown ? null : people,
    peopleWithinReach: areUnknown ? null : tally.people[0],
    share: unknown === null ? tally.people[0] / people : null,
    unknown,
    placesWithinReach: tally.places[0],
    placesOutOfReach: tally.places[1],
    unknownWithinReach: tally.unknown[0],
    unknownOutOfReach: tally.unknown[1],
    repeated: {
      never: tally.places[1],
      once: tally.once,
      moreThanOnce: tally.moreThanOnce,
      keptUp: canKeepUp ? tally.keptUp : null,
    },
  };
}
