import type { Position } from 'geojson';
import { nextNormal, nextUniform, type Random } from '../hotspots/random.ts';
import { assumedTerrain, type CommuneFact } from './facts.ts';
import type { Outlines } from './outlines.ts';
import { distance, type PlanePoint, ringContains, toDegrees, toPlane } from './plane.ts';

export type DemoCommune = {
  fact: CommuneFact;
  ring: readonly PlanePoint[];
  /** The commune's own point: its town, for the demo. */
  town: PlanePoint;
  radiusMeters: number;
  residents: number;
  urban: boolean;
  tourist: boolean;
  mountainous: boolean;
  outermost: boolean;
  neighbours: readonly string[];
};

/**
 * Communes with well-known places to visit, where the demo puts more hotels: Hoa Lư and Tràng An (four units), Tam
 * Chúc, Cúc Phương, Vân Long (Gia Vân), and the beaches of Thịnh Long (Hải Thịnh) and Quất Lâm (Giao Ninh).
 */
const touristCodes = new Set([
  '14329',
  '14359',
  '14533',
  '14566',
  '13420',
  '14404',
  '14488',
  '14221',
  '14212',
]);

/** Used only where no trustworthy population is listed, and only to weigh communes against each other. */
const assumedResidentsPerSquareKm = { mountainous: 350, coastal: 900, urban: 1_350, lowland: 1_000 } as const;

export function demoCommunes(facts: readonly CommuneFact[], outlines: Outlines): DemoCommune[] {
  const rings = new Map(
    outlines.features.map(({ properties, geometry }) => [
      properties.code,
      geometry.coordinates[0]!.slice(0, -1),
    ]),
  );
  const holders = new Map<string, string[]>();
  for (const [code, ring] of rings) {
    for (const position of ring) {
      const key = position.join(' ');
      holders.set(key, [...(holders.get(key) ?? []), code]);
    }
  }
  // Neighbours share an edge: at least two vertices.
  const neighboursOf = (code: string): string[] => {
    const shared = new Map<string, number>();
    for (const position of rings.get(code)!) {
      for (const other of holders.get(position.join(' '))!) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    return [...shared].filter(([other, count]) => other !== code && count >= 2).map(([other]) => other);
  };
  return facts.map((fact) => {
    const ring = rings.get(fact.code);
    if (!ring) throw new Error(`The outlines have no commune ${fact.code} (${fact.name}): make them again.`);
    return {
      fact,
      ring: ring.map(toPlane),
      town: toPlane([fact.lon, fact.lat]),
      radiusMeters: Math.sqrt((fact.areaSquareKm * 1e6) / Math.PI),
      residents:
        fact.population ?? Math.round(assumedResidentsPerSquareKm[assumedTerrain(fact)] * fact.areaSquareKm),
      urban: fact.type === 'phường',
      tourist: touristCodes.has(fact.code),
      mountainous: assumedTerrain(fact) === 'mountainous',
      outermost: fact.coastal || fact.adjoiningProvinces.length > 0,
      neighbours: neighboursOf(fact.code),
    };
  });
}

const clearanceMeters = 60;

/** Whether the point lies within the commune and at least about 60 m from its outline. */
export function wellWithin(commune: DemoCommune, [x, y]: PlanePoint): boolean {
  for (let k = 0; k < 8; k++) {
    const angle = (Math.PI * k) / 4;
    const around: PlanePoint = [x + clearanceMeters * Math.cos(angle), y + clearanceMeters * Math.sin(angle)];
    if (!ringContains(commune.ring, around)) return false;
  }
  return true;
}

/**
 * Nothing stands farther from the commune's point than this share of its radius, nor than 4 km: points are facts and outlines are not,
 * so that places stay in the province, and mostly in their commune, when real outlines take the place of these.
 */
const farthestRadii = 0.9;
const farthestMeters = 4_000;
const reachMeters = ({ radiusMeters }: DemoCommune): number =>
  Math.min(farthestRadii * radiusMeters, farthestMeters);

/** A point well within the commune, scattered normally about a centre; about the town, more and more closely, if that fails. */
export function scattered(
  random: Random,
  commune: DemoCommune,
  centre: PlanePoint,
  spreadMeters: number,
): PlanePoint {
  for (let attempt = 0; attempt < 400; attempt++) {
    const about = attempt < 40 ? centre : commune.town;
    const spread = attempt < 40 ? spreadMeters : (spreadMeters * 40) / attempt;
    const point: PlanePoint = [
      about[0] + spread * nextNormal(random),
      about[1] + spread * nextNormal(random),
    ];
    if (distance(point, commune.town) < reachMeters(commune) && wellWithin(commune, point)) {
      return point;
    }
  }
  return commune.town;
}

/** A point spread evenly over the commune's disc (that of its area about its town), cut to its outline. */
export function anywhere(random: Random, commune: DemoCommune): PlanePoint {
  for (let attempt = 0; attempt < 400; attempt++) {
    const apart = reachMeters(commune) * Math.sqrt(nextUniform(random));
    const angle = 2 * Math.PI * nextUniform(random);
    const point: PlanePoint = [
      commune.town[0] + apart * Math.cos(angle),
      commune.town[1] + apart * Math.sin(angle),
    ];
    if (wellWithin(commune, point)) return point;
  }
  return commune.town;
}

/** The vertex of the outline farthest from the middle of the province: where an outermost commune meets what is beyond. */
export function outwardPoint(commune: DemoCommune): PlanePoint {
  const { town, ring, radiusMeters } = commune;
  const away = Math.hypot(town[0], town[1]);
  const target: PlanePoint = [
    town[0] + (town[0] / away) * radiusMeters,
    town[1] + (town[1] / away) * radiusMeters,
  ];
  return ring.reduce((best, vertex) => (distance(vertex, target) < distance(best, target) ? vertex : best));
}

export const pointAt = (point: PlanePoint): { type: 'Point'; coordinates: [number, number] } => ({
  type: 'Point',
  coordinates: toDegrees(point),
});

/** A rectangle turned about its middle: `long` metres along `angle`, `wide` metres across. Counter-clockwise. */
export function turnedRectangle(middle: PlanePoint, long: number, wide: number, angle: number): PlanePoint[] {
  const along: PlanePoint = [Math.cos(angle), Math.sin(angle)];
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(
    ([a, b]): PlanePoint => [
      middle[0] + (a! * long * along[0] - b! * wide * along[1]) / 2,
      middle[1] + (a! * long * along[1] + b! * wide * along[0]) / 2,
    ],
  );
}

export function polygonAt(corners: readonly PlanePoint[]): { type: 'Polygon'; coordinates: Position[][] } {
  const ring = corners.map(toDegrees);
  return { type: 'Polygon', coordinates: [[...ring, ring[0]!]] };
}
