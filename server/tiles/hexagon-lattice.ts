import { hexagonMaxZoom, hexagonSide, tileExtent } from '../../contract/tiles.ts';

// The lattice of migration 0002: unit vectors (1, 0) and (1/2, √3/2) in sides of a zoom's hexagons, from the map's west
// edge and the equator, y upwards. A triangle (a, b, upper) is half of the rhombus at (a, b).

/** How often a hexagon's side holds that of zoom 9, where the triangles are kept. */
export const triangleScale = (z: number): number => 2 ** (hexagonMaxZoom - z);

/** Grid units from one row of the lattice to the next. */
export const rowHeight = (hexagonSide * Math.sqrt(3)) / 2;

/**
 * Bounds of the triangles at zoom 9 that hold every part of each hexagon that meets a tile: the tile's square with two
 * sides around it. The lattice is skewed, so that the bounds hold some more.
 */
export function triangleBounds({ z, x, y }: { z: number; x: number; y: number }) {
  const scale = triangleScale(z);
  const sides = tileExtent / hexagonSide;
  const equator = (sides * 2 ** z) / 2;
  const west = x * sides - 2;
  const east = (x + 1) * sides + 2;
  const vOf = (up: number) => (up * 2) / Math.sqrt(3);
  const vSouth = vOf(equator - (y + 1) * sides - 2);
  const vNorth = vOf(equator - y * sides + 2);
  return {
    minB: Math.floor(vSouth * scale),
    maxB: Math.floor(vNorth * scale),
    minA: Math.floor((west - vNorth / 2) * scale),
    maxA: Math.floor((east - vSouth / 2) * scale),
  };
}
