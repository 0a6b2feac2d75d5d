import {
  type DensityGrid,
  type DensityWindow,
  gridForWindow,
  windowFromGeometry,
} from './density/density-window.ts';
import { type PlaneProjection, projectionForData } from './map-projection.ts';

/** Polygons in longitude and latitude that may touch and do not overlap. */
export type Outlines = readonly { polygons: [number, number][][][] }[];

export type ProvincePlane = { projection: PlaneProjection; window: DensityWindow };

/** The equal-area plane centred on the mapped communes, with them together as the window in it. */
export function provincePlane(communes: Outlines): ProvincePlane {
  const coordinates = communes.flatMap(({ polygons }) => polygons);
  const corners = coordinates.flatMap((rings) => rings[0] ?? []);
  const projection = projectionForData(
    corners.map(([longitude]) => longitude),
    corners.map(([, latitude]) => latitude),
  );
  const window = windowFromGeometry(
    { type: 'MultiPolygon', coordinates },
    { project: ([longitude = 0, latitude = 0]) => projection.forward(longitude, latitude), field: 'outline' },
  );
  return { projection, window };
}

const cellsPerSigma = 5;
const finestCellMeters = 100;
const mostCellsAlong = 400;

/** Cells of a fifth of σ, which show the surface to within 1 % of its peak, and at most 400 along the longer side. */
export function gridForBandwidth(window: DensityWindow, bandwidthMeters: number): DensityGrid {
  const longerSide = Math.max(window.xMax - window.xMin, window.yMax - window.yMin);
  const step = Math.max(bandwidthMeters / cellsPerSigma, finestCellMeters, longerSide / mostCellsAlong);
  return gridForWindow(window, { step });
}

/** The commune whose outline holds a point, by the even–odd rule over all its rings: holes count themselves out. */
export function communeAt<Commune extends Outlines[number]>(
  communes: readonly Commune[],
  longitude: number,
  latitude: number,
): Commune | null {
  return communes.find(({ polygons }) => isInPolygons(polygons, longitude, latitude)) ?? null;
}

function isInPolygons(polygons: [number, number][][][], x: number, y: number): boolean {
  let inside = false;
  for (const rings of polygons) {
    for (const ring of rings) {
      for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
        const [x1, y1] = ring[at]!;
        const [x2, y2] = ring[before]!;
        if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
      }
    }
  }
  return inside;
}
