import { expect, it } from 'vitest';
import { countByCategory } from './use-commune-places.ts';

it('counts places of each category, most first, equals by their code', () => {
  const places = ['karaoke', 'hotel', 'cafe', 'hotel'].map((category) => ({ category }));
  expect(countByCategory(places).map(({ category, count }) => [category, count])).toEqual([
    ['hotel', 2],
    ['cafe', 1],
    ['karaoke', 1],
  ]);
  expect(countByCategory([])).toEqual([]);
});
