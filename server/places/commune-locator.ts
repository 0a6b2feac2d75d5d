import type { MultiPolygon, Position } from 'geojson';

export type CommuneOutline = { code: string; geometry: MultiPolygon };
export type Located = { communeCode: string; distanceMeters: number };
export type CommuneLocator = {
  /** The outlines known so far. */
  add(outlines: readonly CommuneOutline[]): void;
  /**
   * The commune that a point lies in (distance 0), or else the nearest within `nearestMeters`; null when there is none.
   * A point on a common edge goes to one of the two, always the same.
   */
  locate(lon: number, lat: number, nearestMeters?: number): Located | null;
};

const metersPerDegree = 111_195; // a mean meridian degree; good to 0.6 % for distances of some hundred metres
const gridDegrees = 0.05;
const gridCell = (column: number, row: number) => column * 100_003 + row;

/**
 * Point location among commune outlines (EPSG:4326), outside the database because a place's commune is needed row by
 * row while a file is read, and because 100,000 points in random order against 129 real outlines make PostGIS build its
 * prepared polygon anew for nearly every point. Each outline's edges are put in horizontal bands, so that a ray meets
 * only the edges of its own band.
 */
export function communeLocator(): CommuneLocator {
  const communes: BandedOutline[] = [];
  const grid = new Map<number, number[]>();

  function candidates(west: number, south: number, east: number, north: number): BandedOutline[] {
    const found = new Set<number>();
    for (let column = Math.floor(west / gridDegrees); column <= Math.floor(east / gridDegrees); column += 1)
      for (let row = Math.floor(south / gridDegrees); row <= Math.floor(north / gridDegrees); row += 1)
        for (const index of grid.get(gridCell(column, row)) ?? []) found.add(index);
    return [...found].map((index) => communes[index]!);
  }

  return {
    add(outlines) {
      for (const outline of outlines) {
        const banded = bandedOutline(outline);
        const index = communes.push(banded) - 1;
        for (
          let column = Math.floor(banded.west / gridDegrees);
          column <= Math.floor(banded.east / gridDegrees);
          column += 1
        )
          for (
            let row = Math.floor(banded.south / gridDegrees);
            row <= Math.floor(banded.north / gridDegrees);
            row += 1
          ) {
            const cell = gridCell(column, row);
            const members = grid.get(cell);
            if (members) members.push(index);
            else grid.set(cell, [index]);
          }
      }
    },

    locate(lon, lat, nearestMeters = 0) {
      const cell = grid.get(gridCell(Math.floor(lon / gridDegrees), Math.floor(lat / gridDegrees)));
      let containing: BandedOutline | null = null;
      for (const index of cell ?? []) {
        const commune = communes[index]!;
        // Outlines that overlap by a sliver: the smaller code, so that the answer does not hang on the order of loading.
        if ((!containing || commune.code < containing.code) && contains(commune, lon, lat))
          containing = commune;
      }
      if (containing) return { communeCode: containing.code, distanceMeters: 0 };
      if (nearestMeters <= 0) return null;

      const reachLat = nearestMeters / metersPerDegree;
      const reachLon = reachLat / Math.cos((lat * Math.PI) / 180);
      let nearest: Located | null = null;
      for (const commune of candidates(lon - reachLon, lat - reachLat, lon + reachLon, lat + reachLat)) {
        const distanceMeters = distanceToEdge(commune, lon, lat, reachLat);
        if (distanceMeters > nearestMeters) continue;
        if (
          !nearest ||
          distanceMeters < nearest.distanceMeters ||
          (distanceMeters === nearest.distanceMeters && commune.code < nearest.communeCode)
        )
          nearest = { communeCode: commune.code, distanceMeters };
      }
      return nearest;
    },
  };
}

type BandedOutline = {
  code: string;
  west: number;
  south: number;
  east: number;
  north: number;
  /** x1, y1, x2, y2 of every edge */
  edges: Float64Array;
  bandHeight: number;
  bands: readonly number[][];
};

const bandOf = (
  { south, bandHeight, bands }: Pick<BandedOutline, 'south' | 'bandHeight' | 'bands'>,
  lat: number,
) => Math.max(0, Math.min(bands.length - 1, Math.floor((lat - south) / bandHeight)));

function bandedOutline({ code, geometry }: CommuneOutline): BandedOutline {
  const rings = geometry.coordinates.flat();
  const edgeCount = rings.reduce((sum, ring) => sum + Math.max(0, ring.length - 1), 0);
  const edges = new Float64Array(edgeCount * 4);
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  let at = 0;
  for (const ring of rings)
    for (let i = 1; i < ring.length; i += 1) {
      const [x1, y1] = ring[i - 1] as [number, number] & Position;
      const [x2, y2] = ring[i] as [number, number] & Position;
      edges.set([x1, y1, x2, y2], at);
      at += 4;
      west = Math.min(west, x1);
      east = Math.max(east, x1);
      south = Math.min(south, y1);
      north = Math.max(north, y1);
    }
  const bandCount = Math.max(1, Math.min(512, Math.ceil(edgeCount / 4)));
  const bandHeight = (north - south) / bandCount || 1;
  const bands: number[][] = Array.from({ length: bandCount }, () => []);
  const banded = { code, west, south, east, north, edges, bandHeight, bands };
  for (let edge = 0; edge < edges.length; edge += 4) {
    const low = bandOf(banded, Math.min(edges[edge + 1]!, edges[edge + 3]!));
    const high = bandOf(banded, Math.max(edges[edge + 1]!, edges[edge + 3]!));
    for (let band = low; band <= high; band += 1) bands[band]!.push(edge);
  }
  return banded;
}

function contains(commune: BandedOutline, lon: number, lat: number): boolean {
  if (lon < commune.west || lon > commune.east || lat < commune.south || lat > commune.north) return false;
  let inside = false;
  for (const edge of commune.bands[bandOf(commune, lat)]!) {
    const y1 = commune.edges[edge + 1]!;
    const y2 = commune.edges[edge + 3]!;
    // Half-open in y, so that a vertex on the ray counts once.
    if (y1 > lat === y2 > lat) continue;
    const x1 = commune.edges[edge]!;
    const x2 = commune.edges[edge + 2]!;
    // Always from the lower end: both neighbours then compute the same crossing of a common edge.
    const crossing =
      y1 < y2 ? x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1) : x2 + ((lat - y2) / (y1 - y2)) * (x1 - x2);
    if (lon < crossing) inside = !inside;
  }
  return inside;
}

/** To the nearest edge that comes within `reachLat` degrees of the point's parallel; Infinity when none does. */
function distanceToEdge(commune: BandedOutline, lon: number, lat: number, reachLat: number): number {
  const metersPerLon = metersPerDegree * Math.cos((lat * Math.PI) / 180);
  let nearest = Infinity;
  const last = bandOf(commune, lat + reachLat);
  for (let band = bandOf(commune, lat - reachLat); band <= last; band += 1)
    for (const edge of commune.bands[band]!) {
      const ax = (commune.edges[edge]! - lon) * metersPerLon;
      const ay = (commune.edges[edge + 1]! - lat) * metersPerDegree;
      const dx = (commune.edges[edge + 2]! - lon) * metersPerLon - ax;
      const dy = (commune.edges[edge + 3]! - lat) * metersPerDegree - ay;
      const length = dx * dx + dy * dy;
      const along = length === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length));
      nearest = Math.min(nearest, Math.hypot(ax + along * dx, ay + along * dy));
    }
  return nearest;
}
