import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reachPopulations } from '../../../contract/coverage-reach.ts';
import { shapeMeters } from './place-distance.ts';
import { shapeOf } from './place-index.ts';
import { reachFigures } from './reach-figures.ts';
import {
  acceptedAudiences,
  audienceBit,
  everyAudience,
  type ReachPlaces,
  type ReachSessions,
} from './reach-input.ts';
import { placesWithinReach, type WithinReach } from './within-reach.ts';

type Place = { x: number; y: number; side: number; population: number; people: number; counted: number };
type Session = { place: number; radius: number; audience: number; quarter: number };

/** Places within some kilometres of one another, so that radii of some hundred metres have a say; some are areas. */
const place: fc.Arbitrary<Place> = fc.record({
  x: fc.integer({ min: 0, max: 400 }).map((step) => 105.9 + step * 1e-4),
  y: fc.integer({ min: 0, max: 400 }).map((step) => 20.1 + step * 1e-4),
  side: fc.constantFrom(0, 0, 0, 0.002, 0.008),
  population: fc.integer({ min: 0, max: 3 }),
  people: fc.constantFrom(-1, 0, 3, 40, 900),
  counted: fc.constantFrom(1, 1, 1, 0),
});
const session: fc.Arbitrary<Session> = fc.record({
  place: fc.nat(1000),
  radius: fc.constantFrom(-1, 300, 500, 800, 3000),
  audience: fc.integer({ min: 0, max: 4 }),
  quarter: fc.integer({ min: 0, max: 3 }),
});
const province = fc.record({
  places: fc.array(place, { minLength: 1, maxLength: 40 }),
  sessions: fc.array(session, { maxLength: 40 }),
});

function placesOf(places: readonly Place[]): ReachPlaces {
  const columns = <Column extends Uint8Array | Int32Array | Float64Array>(
    kind: { from(values: number[]): Column },
    value: (of: Place) => number,
  ) => kind.from(places.map(value));
  return {
    longitudes: columns(Float64Array, ({ x }) => x),
    latitudes: columns(Float64Array, ({ y }) => y),
    areas: new Map(
      places.flatMap(({ x, y, side }, at) =>
        side === 0
          ? []
          : [
              [
                at,
                [
                  [
                    [
                      [x, y],
                      [x + side, y],
                      [x + side, y + side],
                      [x, y + side],
                      [x, y],
                    ],
                  ],
                ],
              ] as const,
            ],
      ) as never,
    ),
    populations: columns(Uint8Array, ({ population }) => population),
    communes: columns(Int32Array, () => 0),
    people: columns(Int32Array, ({ people }) => people),
    counted: columns(Uint8Array, ({ counted }) => counted),
    accepts: columns(Uint8Array, ({ population }) =>
      acceptedAudiences(reachPopulations[population]!, population === 3 ? 'workers-housing' : null),
    ),
  };
}

function sessionsOf(sessions: readonly Session[], placeCount: number): ReachSessions {
  const ordered = sessions
    .map((held) => ({ ...held, place: held.place % placeCount }))
    .sort((a, b) => a.place - b.place);
  return {
    places: Int32Array.from(ordered, (held) => held.place),
    radii: Float64Array.from(ordered, (held) => held.radius),
    audiences: Uint8Array.from(ordered, (held) => 1 << held.audience),
    // the fourth stands for a day outside every whole quarter
    quarters: Int32Array.from(ordered, (held) => (held.quarter < 3 ? 1 << held.quarter : 0)),
    counts: Int32Array.from(ordered, () => 1),
    lastHeldOn: ordered.map(() => '2026-10-01'),
  };
}

/** Every place against every session, by the definition. */
function bruteForce(places: ReachPlaces, sessions: ReachSessions): WithinReach {
  const times = new Uint8Array(places.people.length);
  const quarters = new Int32Array(places.people.length);
  for (let at = 0; at < places.people.length; at += 1) {
    if (places.counted[at] === 0) continue;
    for (let held = 0; held < sessions.places.length; held += 1) {
      const from = sessions.places[held]!;
      if ((sessions.audiences[held]! & places.accepts[at]!) === 0) continue;
      if (from !== at && sessions.radii[held]! < 0) continue;
      if (from !== at && shapeMeters(shapeOf(places, at), shapeOf(places, from)) > sessions.radii[held]!)
        continue;
      times[at] = Math.min(2, times[at]! + 1);
      quarters[at]! |= sessions.quarters[held]!;
    }
  }
  return { times, quarters };
}

const figuresOf = (places: ReachPlaces, reached: WithinReach) =>
  reachFigures(places, reached, () => [0], 1, 3);
const peopleOf = (places: ReachPlaces, reached: WithinReach) =>
  figuresOf(places, reached).total.map(({ peopleWithinReach }) => peopleWithinReach ?? 0);
const settings = { seed: 4, numRuns: 300 };

describe('placesWithinReach', () => {
  it('gives what holding every place against every session gives', () => {
    fc.assert(
      fc.property(province, (drawn) => {
        const places = placesOf(drawn.places);
        const sessions = sessionsOf(drawn.sessions, drawn.places.length);
        const expected = bruteForce(places, sessions);
        const repeated = placesWithinReach(places, sessions, 'repeated', 3);
        expect([...repeated.times]).toEqual([...expected.times]);
        expect(figuresOf(places, repeated)).toEqual(figuresOf(places, expected));
        const once = placesWithinReach(places, sessions, 'reached', 3);
        expect([...once.times].map((times) => times > 0)).toEqual(
          [...expected.times].map((times) => times > 0),
        );
      }),
      settings,
    );
  });

  it('never reaches fewer people with a session more', () => {
    fc.assert(
      fc.property(province, session, (drawn, more) => {
        const places = placesOf(drawn.places);
        const reach = (sessions: Session[]) =>
          placesWithinReach(places, sessionsOf(sessions, drawn.places.length), 'repeated', 3);
        const before = peopleOf(places, reach(drawn.sessions));
        const after = peopleOf(places, reach([...drawn.sessions, more]));
        for (const [population, people] of after.entries())
          expect(people).toBeGreaterThanOrEqual(before[population]!);
      }),
      settings,
    );
  });

  it('never reaches fewer people with a longer radius', () => {
    fc.assert(
      fc.property(province, fc.integer({ min: 50, max: 5000 }), (drawn, more) => {
        const places = placesOf(drawn.places);
        const reach = (extra: number) =>
          placesWithinReach(
            places,
            sessionsOf(
              drawn.sessions.map((held) =>
                held.radius < 0 ? held : { ...held, radius: held.radius + extra },
              ),
              drawn.places.length,
            ),
            'reached',
            0,
          );
        const before = peopleOf(places, reach(0));
        const after = peopleOf(places, reach(more));
        for (const [population, people] of after.entries())
          expect(people).toBeGreaterThanOrEqual(before[population]!);
      }),
      settings,
    );
  });

  it('does not depend on the order of places or sessions', () => {
    fc.assert(
      fc.property(province, (drawn) => {
        const count = drawn.places.length;
        const sessions = drawn.sessions.map((held) => ({ ...held, place: held.place % count }));
        const figures = (places: readonly Place[], held: readonly Session[]) => {
          const columns = placesOf(places);
          return figuresOf(columns, placesWithinReach(columns, sessionsOf(held, count), 'repeated', 3));
        };
        const turned = sessions.map((held) => ({ ...held, place: count - 1 - held.place })).reverse();
        expect(figures([...drawn.places].reverse(), turned)).toEqual(figures(drawn.places, sessions));
      }),
      settings,
    );
  });

  it('tells a place a metre within the radius from one a metre beyond', () => {
    // 20.05° N: a degree of latitude is 110,710 m. 500 m north of the session, and 1 m less or more.
    const at = (meters: number): Place => ({
      x: 106,
      y: 20.05 + meters / 110_710.6,
      side: 0,
      population: 0,
      people: 1,
      counted: 1,
    });
    const places = placesOf([at(0), at(499), at(501)]);
    const held = sessionsOf([{ place: 0, radius: 500, audience: 1, quarter: 0 }], 3);
    expect([...placesWithinReach(places, held, 'reached', 0).times]).toEqual([1, 1, 0]);
  });
});

describe('whom a session reaches', () => {
  it('is whom it was held for', () => {
    const accepts = (population: (typeof reachPopulations)[number], kind: string | null = null) =>
      acceptedAudiences(population, kind);
    expect(accepts('establishment-workers')).toBe(audienceBit('establishment-workers'));
    expect(accepts('industrial-workers')).toBe(audienceBit('industrial-workers'));
    expect(accepts('students')).toBe(audienceBit('students'));
    expect(accepts('dormitory-residents', 'student-dormitory')).toBe(
      audienceBit('residents') | audienceBit('students'),
    );
    expect(accepts('dormitory-residents', 'workers-housing')).toBe(
      audienceBit('residents') | audienceBit('industrial-workers'),
    );
    const everyone = reachPopulations.map((population) => accepts(population, 'social-housing'));
    expect(everyone.every((bits) => (bits & audienceBit('officers')) === 0)).toBe(true);
    expect(everyAudience & audienceBit('officers')).not.toBe(0);
  });
});
