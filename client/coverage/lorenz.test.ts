import { expect, it } from 'vitest';
import { belowHalf } from './lorenz.ts';

it('reads the lower half off the curve, between its points where it must', () => {
  expect(
    belowHalf([
      [0, 0],
      [0.5, 0.1],
      [1, 1],
    ]),
  ).toBe(0.1);
  // A quarter of the way from (0.4, 0.2) to (0.8, 0.6): 0.2 + 0.4 / 4.
  expect(
    belowHalf([
      [0, 0],
      [0.4, 0.2],
      [0.8, 0.6],
      [1, 1],
    ]),
  ).toBeCloseTo(0.3, 12);
  expect(
    belowHalf([
      [0, 0],
      [1, 1],
    ]),
  ).toBe(0.5);
  expect(belowHalf([])).toBeNull();
});
