type Geometry = { type: string; coordinates: unknown } | null;
type Ring = readonly (readonly number[])[];

const width = 1000;
const marginShare = 0.02;

/**
 * Outlines as SVG paths in a drawing `width` wide: degrees scaled by the cosine of the middle latitude, which over a
 * province keeps shapes to within a percent.
 *
 * @param outlines polygons in longitude and latitude; what has none is left out.
 */
export function outlinePaths(outlines: readonly { code: string; geometry: Geometry }[]): {
  width: number;
  height: number;
  paths: { code: string; path: string }[];
} {
  const shapes = outlines.map(({ code, geometry }) => ({ code, rings: ringsOf(geometry) }));
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { rings } of shapes) {
    for (const ring of rings) {
      for (const [longitude = 0, latitude = 0] of ring) {
        west = Math.min(west, longitude);
        east = Math.max(east, longitude);
        south = Math.min(south, latitude);
        north = Math.max(north, latitude);
      }
    }
  }
  if (west > east) return { width, height: width, paths: [] };
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const margin = width * marginShare;
  const scale = (width - 2 * margin) / ((east - west) * squeeze || 1);
  const point = ([longitude = 0, latitude = 0]: readonly number[]) =>
    `${(margin + (longitude - west) * squeeze * scale).toFixed(1)} ${(margin + (north - latitude) * scale).toFixed(1)}`;
  return {
    width,
    height: Math.ceil((north - south) * scale + 2 * margin),
    paths: shapes
      .filter(({ rings }) => rings.length > 0)
      .map(({ code, rings }) => ({
        code,
        path: rings.map((ring) => `M${ring.map(point).join('L')}Z`).join(''),
      })),
  };
}

function ringsOf(geometry: Geometry): Ring[] {
  if (geometry?.type === 'Polygon') return geometry.coordinates as Ring[];
  if (geometry?.type === 'MultiPolygon') return (geometry.coordinates as Ring[][]).flat();
  return [];
}
