import { type ReachGrouping, reachAreas, reachPopulations } from '../../../contract/coverage-reach.ts';
import type { Sentence } from '../../../contract/provenance.ts';
import type { PlacePositions } from './assemble.ts';
import type { ReachCommune } from './queries.ts';
import { everyAudience, type ReachPlaces } from './reach-input.ts';
import { placesWithinReach } from './within-reach.ts';

export type ReachGroups = {
  groups: { key: string; name: Sentence }[];
  /** The groups of a place. */
  ofPlace: (place: number) => readonly number[];
  /** The groups of a commune, for what has no place; null where groups are not made of communes. */
  ofCommune: ((commune: number) => readonly number[]) | null;
};

const terrainNames: Record<string, Sentence> = {
  mountainous: { vi: 'Miền núi', en: 'Mountainous' },
  coastal: { vi: 'Ven biển', en: 'Coastal' },
  lowland: { vi: 'Đồng bằng', en: 'Lowland' },
  urban: { vi: 'Đô thị', en: 'Urban' },
  unknown: { vi: 'Chưa rõ địa hình', en: 'Terrain not on record' },
};
const borderNames: Record<'adjoining' | 'coastal' | 'neither', Sentence> = {
  adjoining: { vi: 'Xã, phường giáp ranh tỉnh khác', en: 'Communes adjoining another province' },
  coastal: { vi: 'Xã, phường biên giới biển', en: 'Communes of the coastal border' },
  neither: { vi: 'Xã, phường còn lại', en: 'Other communes' },
};
const areaNames = (near: string): Record<(typeof reachAreas)[number], Sentence> => ({
  'adjoining-area': { vi: 'Trong khu vực giáp ranh', en: 'In an adjoining area' },
  'coastal-area': { vi: 'Trong khu vực biên giới biển', en: 'In a coastal border area' },
  'near-industrial-park': {
    vi: `Cách khu công nghiệp không quá ${near}`,
    en: `Within ${near} of an industrial park`,
  },
  'near-dormitory': {
    vi: `Cách ký túc xá, khu trọ không quá ${near}`,
    en: `Within ${near} of a dormitory`,
  },
  elsewhere: { vi: 'Nơi khác', en: 'Elsewhere' },
});

/** Groups by commune, terrain or border kind: what the commune is, the places in it are. */
export function groupsOfCommunes(
  communes: readonly ReachCommune[],
  places: ReachPlaces,
  by: Exclude<ReachGrouping, 'area'>,
): ReachGroups {
  const keysOf = (commune: ReachCommune): string[] => {
    if (by === 'commune') return [commune.code];
    if (by === 'terrain') return [commune.terrain ?? 'unknown'];
    const kinds = [...(commune.adjoining ? ['adjoining'] : []), ...(commune.coastal ? ['coastal'] : [])];
    return kinds.length > 0 ? kinds : ['neither'];
  };
  const groups =
    by === 'commune'
      ? communes.map(({ code, name }) => ({ key: code, name: { vi: name, en: name } }))
      : Object.entries(by === 'terrain' ? terrainNames : borderNames)
          .map(([key, name]) => ({ key, name }))
          .filter(({ key }) => key !== 'unknown' || communes.some(({ terrain }) => terrain === null));
  const position = new Map(groups.map(({ key }, index) => [key, index]));
  const byCommune = communes.map((commune) => keysOf(commune).map((key) => position.get(key)!));
  return {
    groups,
    ofPlace: (place) => byCommune[places.communes[place]!]!,
    ofCommune: (commune) => byCommune[commune]!,
  };
}

/** Groups by where the place itself lies, whatever its commune. */
export function groupsOfAreas(
  places: ReachPlaces,
  positions: PlacePositions,
  inBorderAreas: readonly { kind: 'adjoining' | 'coastal'; population: number; ids: readonly number[] }[],
  nearMeters: number,
): ReachGroups {
  const bits = new Uint8Array(places.people.length);
  for (const { kind, population, ids } of inBorderAreas) {
    for (const id of ids) {
      const place = positions[population]!.get(id);
      if (place !== undefined) bits[place]! |= kind === 'adjoining' ? 1 : 2;
    }
  }
  const nearTo = (population: (typeof reachPopulations)[number]) =>
    placesNear(places, reachPopulations.indexOf(population), nearMeters);
  const nearPark = nearTo('industrial-workers');
  const nearDormitory = nearTo('dormitory-residents');
  const members = Array.from({ length: 16 }, (_, kinds) =>
    kinds === 0 ? [4] : [0, 1, 2, 3].filter((kind) => (kinds >> kind) & 1),
  );
  const names = areaNames(`${nearMeters} m`);
  return {
    groups: reachAreas.map((key) => ({ key, name: names[key] })),
    ofPlace: (place) => members[bits[place]! | (nearPark[place]! ? 4 : 0) | (nearDormitory[place]! ? 8 : 0)]!,
    ofCommune: null,
  };
}

/** 1 for each place within so many metres of one of a population, itself included. */
function placesNear(places: ReachPlaces, population: number, meters: number): Uint8Array {
  const centres = Int32Array.from(
    Array.from(places.populations.keys()).filter((place) => places.populations[place] === population),
  );
  const all = new Uint8Array(places.people.length);
  const { times } = placesWithinReach(
    { ...places, counted: all.slice().fill(1), accepts: all.slice().fill(everyAudience) },
    {
      places: centres,
      radii: Float64Array.from(centres, () => meters),
      audiences: Uint8Array.from(centres, () => everyAudience),
      quarters: new Int32Array(centres.length),
      counts: centres.map(() => 1),
      lastHeldOn: [],
    },
    'reached',
    0,
  );
  return times;
}
