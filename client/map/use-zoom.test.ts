import { expect, it } from 'vitest';
import { within, zoomedAt } from './use-zoom.ts';

const frame = { width: 1000, height: 800 };
const whole = { x: 500, y: 400, times: 1 };

it('keeps the point that is enlarged where it is on the screen', () => {
  const after = zoomedAt(whole, { x: 600, y: 300 }, 2, frame);
  expect(after).toEqual({ x: 550, y: 350, times: 2 });
  // As far from the middle as before, in pixels.
  expect((600 - after.x) * after.times).toBe(600 - whole.x);
});

it('never goes below the whole, above twelvefold, or beyond the edge', () => {
  expect(zoomedAt({ x: 300, y: 300, times: 2 }, { x: 0, y: 0 }, 0.1, frame)).toEqual(whole);
  expect(zoomedAt(whole, { x: 500, y: 400 }, 100, frame).times).toBe(12);
  expect(within({ x: -50, y: 790, times: 4 }, frame)).toEqual({ x: 125, y: 700, times: 4 });
});
