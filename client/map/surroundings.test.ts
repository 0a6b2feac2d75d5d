import { expect, it } from 'vitest';
import { surroundingLabels } from './surroundings.ts';

const square = (x: number, y: number, adjoining_provinces: string[], coastal = false) => ({
  bounds: [x - 0.5, y - 0.5, x + 0.5, y + 0.5] as const,
  adjoining_provinces,
  coastal,
});

it('writes a neighbour beyond the communes that adjoin it, and the sea beyond the coast', () => {
  const labels = surroundingLabels(
    [
      square(0, 3, ['Hà Nội']),
      square(0, 0, []),
      square(-3, 0, ['Thanh Hóa']),
      square(3, 0, []),
      square(0, -3, [], true),
    ],
    'Biển Đông',
  );
  const at = Object.fromEntries(
    labels.features.map(({ properties, geometry }) => [properties.name, geometry.coordinates]),
  );
  expect(Object.keys(at).sort()).toEqual(['Biển Đông', 'Hà Nội', 'Thanh Hóa']);
  expect(at['Hà Nội']![1]).toBeGreaterThan(3.5);
  expect(at['Thanh Hóa']![0]).toBeLessThan(-3.5);
  expect(at['Biển Đông']![1]).toBeLessThan(-3.5);
});

it('writes nothing where nothing is known', () => {
  expect(surroundingLabels([], 'Biển Đông').features).toEqual([]);
  expect(surroundingLabels([square(0, 0, [])], 'Biển Đông').features).toEqual([]);
});
