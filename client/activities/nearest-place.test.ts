import { expect, it } from 'vitest';
import { nearestWithin } from './nearest-place.ts';

const shown = [
  { item: 'a', x: 100, y: 100 },
  { item: 'b', x: 130, y: 100 },
];

it('gives the nearest within reach, and nothing beyond it', () => {
  expect(nearestWithin({ x: 112, y: 100 }, shown, 28)).toBe('a');
  expect(nearestWithin({ x: 118, y: 100 }, shown, 28)).toBe('b');
  // √(28² + 1) is out of reach, 28 is not.
  expect(nearestWithin({ x: 158, y: 100 }, shown, 28)).toBe('b');
  expect(nearestWithin({ x: 158, y: 101 }, shown, 28)).toBeNull();
  expect(nearestWithin({ x: 100, y: 100 }, [], 28)).toBeNull();
});
