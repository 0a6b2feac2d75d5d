/**
 * The centroid of an area's polygons (each an outer ring followed by its holes) in the plane of its coordinates, weighted
 * by area. An outline without area gives the mean of its vertices.
 */
export function areaCentroid(
  polygons: readonly (readonly (readonly (readonly number[])[])[])[],
): [number, number] {
  const origin = polygons[0]?.[0]?.[0];
  if (!origin) throw new RangeError('an area without rings has no centroid');
  // Counted from the first vertex, so that large coordinates cost no digits.
  const [originX, originY] = [origin[0]!, origin[1]!];
  let total = 0;
  let momentX = 0;
  let momentY = 0;
  let sumX = 0;
  let sumY = 0;
  let vertices = 0;
  for (const polygon of polygons) {
    polygon.forEach((ring, index) => {
      let area = 0;
      let x = 0;
      let y = 0;
      for (let at = 0; at < ring.length; at++) {
        const from = ring[at]!;
        const to = ring[(at + 1) % ring.length]!;
        const fromX = from[0]! - originX;
        const fromY = from[1]! - originY;
        const toX = to[0]! - originX;
        const toY = to[1]! - originY;
        const cross = fromX * toY - toX * fromY;
        area += cross / 2;
        x += ((fromX + toX) * cross) / 6;
        y += ((fromY + toY) * cross) / 6;
        sumX += fromX;
        sumY += fromY;
        vertices++;
      }
      // Rings wind either way in practice: an outer ring adds, a hole takes away.
      const sign = (area < 0 ? -1 : 1) * (index === 0 ? 1 : -1);
      total += sign * area;
      momentX += sign * x;
      momentY += sign * y;
    });
  }
  if (!(total > 0)) return [originX + sumX / vertices, originY + sumY / vertices];
  return [originX + momentX / total, originY + momentY / total];
}
