import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

// For tests: tiles as a client decodes them, in one form whatever wrote them.

export type DecodedFeature = {
  id: number | undefined;
  type: 0 | 1 | 2 | 3;
  properties: Record<string, string | number | boolean>;
  /** Points, or rings without their closing vertex. */
  parts: [x: number, y: number][][];
};

export function decodeTile(bytes: Uint8Array): Record<string, DecodedFeature[]> {
  const tile = new VectorTile(new PbfReader(bytes));
  return Object.fromEntries(
    Object.entries(tile.layers).map(([name, layer]) => [
      name,
      Array.from({ length: layer.length }, (_, index) => {
        const feature = layer.feature(index);
        const parts = feature.loadGeometry().map((part) => {
          const vertices = part.map(({ x, y }): [number, number] => [x, y]);
          return feature.type === 3 ? vertices.slice(0, -1) : vertices;
        });
        return { id: feature.id, type: feature.type, properties: { ...feature.properties }, parts };
      }),
    ]),
  );
}

/** Rings begin at their smallest vertex and run one way, parts and features come in order: what may differ is taken out. */
export function normalised(layers: Record<string, DecodedFeature[]>): Record<string, DecodedFeature[]> {
  return Object.fromEntries(
    Object.entries(layers)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, features]) => [
        name,
        features
          .map((feature) => ({ ...feature, parts: feature.parts.map(fromSmallest).sort(compareParts) }))
          .sort((a, b) => (a.id ?? 0) - (b.id ?? 0)),
      ]),
  );
}

/** Twice the area by the shoelace formula; positive for an outer ring, as the tile specification says (y downwards). */
export const doubleArea = (ring: readonly (readonly [number, number])[]): number =>
  ring.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);

function fromSmallest(part: [number, number][]): [number, number][] {
  const directed = part.length > 2 && doubleArea(part) < 0 ? [...part].reverse() : part;
  let smallest = 0;
  directed.forEach((vertex, index) => {
    if (compareVertices(vertex, directed[smallest]!) < 0) smallest = index;
  });
  return [...directed.slice(smallest), ...directed.slice(0, smallest)];
}

const compareVertices = ([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]) =>
  ax - bx || ay - by;

const compareParts = (a: [number, number][], b: [number, number][]) =>
  compareVertices(a[0]!, b[0]!) || a.length - b.length || JSON.stringify(a).localeCompare(JSON.stringify(b));
