import { expect, it } from 'vitest';
import { outlinePaths } from './outline-paths.ts';

const square = (west: number, south: number) => [
  [
    [west, south],
    [west + 1, south],
    [west + 1, south + 1],
    [west, south + 1],
    [west, south],
  ],
];

it('draws north up, as wide as asked, and as high as the middle latitude makes it', () => {
  const { width, height, paths } = outlinePaths([
    { code: 'a', geometry: { type: 'Polygon', coordinates: square(0, 59.5) } },
  ]);
  // At 60° a degree of longitude is half as long as one of latitude: 960 wide, 1920 high, 20 around.
  expect(width).toBe(1000);
  expect(height).toBe(1960);
  expect(paths).toEqual([{ code: 'a', path: 'M20.0 1940.0L980.0 1940.0L980.0 20.0L20.0 20.0L20.0 1940.0Z' }]);
});

it('takes several parts, and leaves out what has no outline', () => {
  const { paths } = outlinePaths([
    { code: 'a', geometry: { type: 'MultiPolygon', coordinates: [square(0, 0), square(2, 0)] } },
    { code: 'b', geometry: null },
  ]);
  expect(paths.map(({ code }) => code)).toEqual(['a']);
  expect(paths[0]!.path.match(/M/g)).toHaveLength(2);
});

it('draws nothing from nothing', () => {
  expect(outlinePaths([]).paths).toEqual([]);
});
