import type { Feature, FeatureCollection, Polygon } from 'geojson';
import { fitAreas } from './area-fitting.ts';
import type { CommuneFact } from './facts.ts';
import { demoProvince, neighbourProvinceCodes } from './facts.ts';
import { chainRings, type DirectedEdge } from './glued-rings.ts';
import { meander } from './meander.ts';
import { type PlanePoint, ringArea, toDegrees, toPlane } from './plane.ts';
import { type PowerDiagram, powerDiagram, type Site } from './power-diagram.ts';
import { type SurroundingSite, sea, surroundingDomain } from './surroundings.ts';

export type OutlineProperties = { code: string; name: string; simulated: true };
export type Outlines = FeatureCollection<Polygon, OutlineProperties>;

const areaToleranceShare = 0.001;
const offTheMap = 'off the map';

/**
 * Schematic outlines of the communes and of the neighbouring provinces: the cells of a power diagram of the communes'
 * points and of the sites around them, its weights such that each commune has its listed area to 0.1 %, its straight
 * lines made to wander. Two outlines that meet have the very same vertices in between: no gap, no overlap. Rings are
 * counter-clockwise, coordinates are degrees rounded to 6 decimals, and the same input gives the same bytes.
 *
 * Corner cutting and meandering move areas a little, so the diagram is fitted again to targets that make up for it.
 */
export function schematicOutlines(
  facts: readonly CommuneFact[],
  surroundings: readonly SurroundingSite[],
): { communes: Outlines; neighbours: Outlines } {
  const domain = surroundingDomain(facts);
  const regions = [...facts.map(({ code }) => code), ...surroundings.map(({ region }) => region)];
  const wanted = facts.map(({ areaSquareKm }) => areaSquareKm * 1e6);
  let sites: Site[] = [
    ...facts.map((fact): Site => ({ point: toPlane([fact.lon, fact.lat]), weight: 0 })),
    ...surroundings.map(({ point }): Site => ({ point, weight: 0 })),
  ];
  let targets = wanted;
  for (let round = 0; round < 8; round++) {
    sites = fitAreas(sites, domain, targets, 500);
    const rings = regionRings(powerDiagram(sites, domain), regions);
    const drawn = facts.map(({ code }) => ringArea(onlyRing(rings, code).map(toPlane)));
    const offBy = Math.max(...drawn.map((area, k) => Math.abs(area / wanted[k]! - 1)));
    if (offBy <= areaToleranceShare)
      return { communes: communeOutlines(facts, rings), neighbours: neighbourOutlines(rings) };
    targets = targets.map((target, k) => target + wanted[k]! - drawn[k]!);
  }
  throw new Error('The outlines do not meet the listed areas to 0.1 % after 8 rounds.');
}

function communeOutlines(facts: readonly CommuneFact[], rings: Rings): Outlines {
  return collection(facts.map(({ code, name }) => outline(code, name, onlyRing(rings, code))));
}

function neighbourOutlines(rings: Rings): Outlines {
  return collection(
    Object.entries(neighbourProvinceCodes).map(([name, code]) => outline(code, name, onlyRing(rings, name))),
  );
}

type Rings = ReadonlyMap<string, [number, number][][]>;

function onlyRing(rings: Rings, region: string): [number, number][] {
  const found = rings.get(region) ?? [];
  if (found.length !== 1) {
    throw new Error(`${region} should be in one piece without holes, and has ${found.length} rings.`);
  }
  return found[0]!;
}

function regionRings(diagram: PowerDiagram, regions: readonly string[]): Rings {
  const edges: DirectedEdge[] = diagram.cells.flatMap((sides, cell) =>
    sides.map((side) => ({
      from: side.from,
      to: side.to,
      region: regions[cell]!,
      beyond: side.beyond < 0 ? offTheMap : regions[side.beyond]!,
    })),
  );
  const drawLine = (corners: readonly string[]): [number, number][] =>
    meander(corners.map((corner): PlanePoint => diagram.corners.get(corner)!)).map(toDegrees);
  return chainRings(edges, drawLine, new Set([sea]));
}

function outline(code: string, name: string, ring: [number, number][]): Feature<Polygon, OutlineProperties> {
  return {
    type: 'Feature',
    properties: { code, name, simulated: true },
    geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]!]] },
  };
}

function collection(features: Feature<Polygon, OutlineProperties>[]): Outlines {
  return { type: 'FeatureCollection', features };
}

/** One feature to a line, so that a change shows which outline moved. */
export function outlinesText(outlines: Outlines): string {
  const features = outlines.features.map((feature) => JSON.stringify(feature)).join(',\n');
  return `{"type":"FeatureCollection","name":"${demoProvince.name}: schematic outlines (simulated)","features":[\n${features}\n]}\n`;
}
