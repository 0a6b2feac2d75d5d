import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reachPopulations } from '../../../contract/coverage-reach.ts';
import { gridForWindow, layWindowOverGrid } from '../../hotspots/density/density-window.ts';
import { provincePlane } from '../../hotspots/province-plane.ts';
import { findGaps, type GapsInput } from './gaps.ts';
import { geodesicMeters, metersPerDegree } from './geodesic.ts';
import { everyAudience, type ReachPlaces, type ReachSessions } from './reach-input.ts';

// A province of 0.5° by 0.2° at 20° N: 52 km by 22 km.
const corners: [number, number][] = [
  [106, 20],
  [106.5, 20],
  [106.5, 20.2],
  [106, 20.2],
  [106, 20],
];
const { projection, window } = provincePlane([{ polygons: [[corners]] }]);
const grid = gridForWindow(window, { step: 100 });
const province = layWindowOverGrid(window, grid).mask;
const scale = metersPerDegree(20.1);

/** Metres east and north of 106.1° E, 20.1° N. */
type Place = { east: number; north: number; isReached?: boolean; people?: number; population?: number };
const positionOf = ({ east, north }: Place) =>
  [106.1 + east / scale.east, 20.1 + north / scale.north] as const;

const noSessions: ReachSessions = {
  places: new Int32Array(0),
  radii: new Float64Array(0),
  audiences: new Uint8Array(0),
  quarters: new Int32Array(0),
  counts: new Int32Array(0),
  lastHeldOn: [],
};

function gapsOf(drawn: readonly Place[], more: Partial<GapsInput> = {}) {
  const places: ReachPlaces = {
    longitudes: Float64Array.from(drawn, (place) => positionOf(place)[0]),
    latitudes: Float64Array.from(drawn, (place) => positionOf(place)[1]),
    areas: new Map(),
    populations: Uint8Array.from(drawn, ({ population = 0 }) => population),
    communes: Int32Array.from(drawn, ({ east }) => (east < 0 ? 0 : 1)),
    people: Int32Array.from(drawn, ({ people = 10 }) => people),
    counted: new Uint8Array(drawn.length).fill(1),
    accepts: new Uint8Array(drawn.length).fill(everyAudience),
  };
  return findGaps({
    places,
    sessions: noSessions,
    reached: {
      times: Uint8Array.from(drawn, ({ isReached }) => (isReached ? 1 : 0)),
      quarters: new Int32Array(drawn.length),
    },
    communes: [
      { code: '10001', name: 'xã Tây' },
      { code: '10002', name: 'xã Đông' },
    ],
    projection,
    grid,
    province,
    population: null,
    minPeople: 0,
    limit: 2000,
    marginMeters: 500,
    widestMeters: 10_000,
    ...more,
  });
}

type Gap = ReturnType<typeof gapsOf>['features'][number];
const isWithin = ({ geometry }: Gap, [x, y]: readonly [number, number]) => {
  let inside = false;
  for (const ring of geometry.coordinates.flat()) {
    for (let at = 1; at < ring.length; at += 1) {
      const [x1, y1] = ring[at - 1]!;
      const [x2, y2] = ring[at]!;
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
  }
  return inside;
};

describe('gaps', () => {
  it('are drawn 500 m about a place that nobody reached', () => {
    const [gap] = gapsOf([{ east: 0, north: 0, people: 12 }]).features;
    expect(gap?.properties).toMatchObject({
      rank: 1,
      people: 12,
      places: 1,
      communes: [{ code: '10002', name: 'xã Đông', people: 12, places: 1 }],
      nearestSession: null,
    });
    // the circle has π·0.25 = 0.785 km²; an outline of chords about 100 m long is a little smaller
    expect(gap?.properties.areaSquareKm).toBeGreaterThan(0.77);
    expect(gap?.properties.areaSquareKm).toBeLessThan(0.786);
    for (const corner of gap!.geometry.coordinates[0]![0]!)
      expect(Math.abs(geodesicMeters(corner, positionOf({ east: 0, north: 0 })) - 500)).toBeLessThan(10);
    expect(geodesicMeters(gap!.properties.labelPoint, positionOf({ east: 0, north: 0 }))).toBeLessThan(75);
  });

  it('hold together what lies less than twice the margin apart, and keep apart what lies farther', () => {
    // 800 m: the circles overlap. 1,300 m: 300 m of land between them.
    const near = gapsOf([
      { east: 0, north: 0 },
      { east: 800, north: 0 },
    ]);
    expect(near.features.map(({ properties }) => properties.places)).toEqual([2]);
    const far = gapsOf([
      { east: 0, north: 0 },
      { east: 1300, north: 0, people: 11 },
    ]);
    expect(far.features.map(({ properties }) => [properties.rank, properties.people])).toEqual([
      [1, 11],
      [2, 10],
    ]);
  });

  it('end half-way to a place that was reached', () => {
    const missed = { east: 0, north: 0 };
    const [gap] = gapsOf([missed, { east: 400, north: 0, isReached: true }]).features;
    expect(isWithin(gap!, positionOf(missed))).toBe(true);
    expect(isWithin(gap!, positionOf({ east: 150, north: 0 }))).toBe(true);
    expect(isWithin(gap!, positionOf({ east: 250, north: 0 }))).toBe(false);
    expect(isWithin(gap!, positionOf({ east: -450, north: 0 }))).toBe(true);
  });

  it('end at the province', () => {
    // 100 m within its western border
    const atBorder = { east: (106 - 106.1) * scale.east + 100, north: 0 };
    const [gap] = gapsOf([atBorder]).features;
    expect(isWithin(gap!, positionOf(atBorder))).toBe(true);
    const westmost = Math.min(...gap!.geometry.coordinates.flat(2).map(([longitude]) => longitude!));
    expect(westmost).toBeGreaterThan(106 - 100 / scale.east);
    expect(gap!.properties.areaSquareKm).toBeLessThan(0.6);
  });

  // Two towns of 3 × 3 places, 12 km apart, and a road of places between them, one every 600 m.
  const town = (east: number) =>
    [0, 1, 2].flatMap((x) => [0, 1, 2].map((y) => ({ east: east + x * 500, north: y * 500 })));
  const road = Array.from({ length: 20 }, (_, n) => ({ east: 1500 + n * 600, north: 500 }));
  const towns = [...town(0), ...road, ...town(13_500)];
  const shifted = (east: number) => towns.map((place) => ({ ...place, east: place.east + east }));

  it('are cut at their waist where they are longer than 10 km within a commune', () => {
    const { features, total } = gapsOf(towns);
    expect(total).toMatchObject({ gaps: 2, places: 38, people: 380 });
    const places = features.map(({ properties }) => properties.places);
    expect(places.reduce((sum, held) => sum + held, 0)).toBe(38);
    // somewhere in the middle half of the 15.5 km: each keeps its town and some of the road
    expect(Math.min(...places)).toBeGreaterThan(9);
    expect(gapsOf(towns, { widestMeters: 50_000 }).total.gaps).toBe(1);
  });

  it('are divided by communes first', () => {
    // 4 km to the west: 9 places of the western town and the first five of the road (-2,500, …, -100) are in 10001
    const { features } = gapsOf(shifted(-4000));
    const found = features.map(({ properties: { communes } }) =>
      communes.map(({ code, places }) => [code, places]),
    );
    expect(found.flat().filter(([code]) => code === '10001')).toEqual([['10001', 14]]);
    expect(found.every((communes) => communes.length === 1)).toBe(true);
    const short = gapsOf(shifted(-4000), { widestMeters: 50_000 }).features;
    expect(short[0]?.properties.communes.map(({ code }) => code)).toEqual(['10002', '10001']);
  });

  it('tell unknown numbers as places, and never as nobody', () => {
    const { features, total } = gapsOf([
      { east: 0, north: 0, people: -1 },
      { east: 100, north: 0, people: 7, population: 2 },
    ]);
    expect(features[0]?.properties).toMatchObject({ people: 7, places: 2, unknownPlaces: 1 });
    expect(features[0]?.properties.missed).toEqual(total.missed);
    expect(total.missed).toEqual([
      { population: 'establishment-workers', people: null, places: 1, unknownPlaces: 1 },
      { population: 'industrial-workers', people: 0, places: 0, unknownPlaces: 0 },
      { population: 'students', people: 7, places: 1, unknownPlaces: 0 },
      { population: 'dormitory-residents', people: 0, places: 0, unknownPlaces: 0 },
    ]);
  });

  it('say what they leave out', () => {
    const drawn = [3, 40, 20, 50].map((people, n) => ({ east: n * 3000, north: 0, people }));
    const { features, notDrawn, total } = gapsOf(drawn, { minPeople: 5, limit: 2 });
    expect(features.map(({ properties }) => properties.people)).toEqual([50, 40]);
    expect(notDrawn).toEqual({ gaps: 2, people: 23, places: 2 });
    expect(total).toMatchObject({ gaps: 4, people: 113, places: 4 });
  });

  it('ask for one population alone', () => {
    const drawn = [
      { east: 0, north: 0, population: 0 },
      { east: 50, north: 0, population: 2, people: 300 },
    ];
    const { total, features } = gapsOf(drawn, { population: 'students' });
    expect(total).toMatchObject({ places: 1, people: 300 });
    expect(features[0]?.properties.missed.map(({ population }) => population)).toEqual(['students']);
  });

  const place = fc.record({
    east: fc.integer({ min: -8000, max: 12_000 }),
    north: fc.integer({ min: -8000, max: 8000 }),
    isReached: fc.boolean(),
    people: fc.constantFrom(-1, 0, 5, 60),
    population: fc.integer({ min: 0, max: 3 }),
  });

  it('hold every place missed once, and of those they draw, all that lie 150 m from any place reached', () => {
    fc.assert(
      fc.property(fc.array(place, { maxLength: 80 }), (drawn) => {
        const { features, total } = gapsOf(drawn);
        const missed = drawn.filter(({ isReached }) => !isReached);
        expect(total.places).toBe(missed.length);
        expect(features.reduce((sum, { properties }) => sum + properties.places, 0)).toBe(missed.length);
        expect(features.reduce((sum, { properties }) => sum + properties.people, 0)).toBe(total.people);
        for (const name of reachPopulations) {
          const own = missed.filter(({ population }) => reachPopulations[population] === name);
          expect(total.missed.find(({ population }) => population === name)?.places).toBe(own.length);
        }
        const reached = drawn.filter(({ isReached }) => isReached);
        const clearOf = (from: Place, others: readonly Place[]) =>
          others.every((other) => Math.hypot(other.east - from.east, other.north - from.north) > 150);
        for (const from of missed.filter((one) => clearOf(one, reached)))
          expect(features.filter((gap) => isWithin(gap, positionOf(from)))).toHaveLength(1);
        for (const from of reached.filter((one) => clearOf(one, missed)))
          expect(features.filter((gap) => isWithin(gap, positionOf(from)))).toHaveLength(0);
        for (const gap of features) expect(isWithin(gap, gap.properties.labelPoint)).toBe(true);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('do not depend on the order of places', () => {
    fc.assert(
      fc.property(fc.array(place, { maxLength: 40 }), (drawn) => {
        expect(gapsOf([...drawn].reverse())).toEqual(gapsOf(drawn));
      }),
      { seed: 4, numRuns: 30 },
    );
  });
});
