// H3 is loaded when a report is recorded and not before. A position that is clicked becomes its cell here, in the
// browser: the server is sent the cell alone.

const resolution = 7;

export type Ring = [longitude: number, latitude: number][];
export type ReportCell = { cell: string; ring: Ring; center: [longitude: number, latitude: number] };

type Geometry = { type: string; coordinates: unknown } | null;

export async function cellAt([longitude, latitude]: readonly [number, number]): Promise<string> {
  const { latLngToCell } = await import('h3-js');
  return latLngToCell(latitude, longitude, resolution);
}

export async function ringOf(cell: string): Promise<Ring> {
  const { cellToBoundary } = await import('h3-js');
  return cellToBoundary(cell, true) as Ring;
}

/** Every cell that touches an outline, from north-west to south-east. */
export async function cellsTouching(geometry: Geometry): Promise<ReportCell[]> {
  const { POLYGON_TO_CELLS_FLAGS, cellToBoundary, cellToLatLng, polygonToCellsExperimental } = await import(
    'h3-js'
  );
  const polygons =
    geometry?.type === 'Polygon'
      ? [geometry.coordinates as number[][][]]
      : geometry?.type === 'MultiPolygon'
        ? (geometry.coordinates as number[][][][])
        : [];
  const cells = new Set(
    polygons.flatMap((polygon) =>
      polygonToCellsExperimental(polygon, resolution, POLYGON_TO_CELLS_FLAGS.containmentOverlapping, true),
    ),
  );
  return [...cells]
    .map((cell): ReportCell => {
      const [latitude, longitude] = cellToLatLng(cell);
      return { cell, ring: cellToBoundary(cell, true) as Ring, center: [longitude, latitude] };
    })
    .sort((one, other) => other.center[1] - one.center[1] || one.center[0] - other.center[0]);
}

export const directions = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;
export type Direction = (typeof directions)[number] | 'middle';

/** Where a point lies seen from another: one of eight directions, or the middle when it is nearer than `middleDegrees`. */
export function directionFrom(
  from: readonly [number, number],
  to: readonly [number, number],
  middleDegrees: number,
): Direction {
  const north = to[1] - from[1];
  const east = (to[0] - from[0]) * Math.cos((from[1] * Math.PI) / 180);
  if (Math.hypot(north, east) < middleDegrees) return 'middle';
  const turn = Math.atan2(east, north) / (Math.PI / 4);
  return directions[(Math.round(turn) + 8) % 8]!;
}
