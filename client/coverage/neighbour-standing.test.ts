import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, neighbourStanding } from './neighbour-standing.ts';
import { indicatorFigure } from './testing/indicator-figure.ts';

describe('the median', () => {
  it('is the middle, or the mean of the middle two, and none of none', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7]), median([])]).toEqual([2, 2.5, 7, null]);
  });

  it('has as many values below as above, whatever their order, and leaves them in theirs', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (values) => {
        const before = [...values];
        const middle = median(values)!;
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(below).toBeLessThanOrEqual(values.length / 2);
        expect(above).toBeLessThanOrEqual(values.length / 2);
        expect(values).toEqual(before);
      }),
      { seed: 20_261_123 },
    );
  });
});

describe('how neighbours stand', () => {
  const figures = new Map(
    Object.entries({ a: 0.1, b: 0.4, c: null, d: 0.2, e: 0.9 }).map(([group, value]) => [
      group,
      indicatorFigure({ group, value }),
    ]),
  );

  it('is their median; one without a value says nothing', () => {
    expect(neighbourStanding(figures, ['a', 'b', 'c', 'd'])).toEqual({ median: 0.2, done: 0, of: 3 });
  });

  it('counts those that have done it', () => {
    const done = new Map(
      Object.entries({ a: 1, b: 0, c: 1 }).map(([group, value]) => [
        group,
        indicatorFigure({ group, value }),
      ]),
    );
    expect(neighbourStanding(done, ['a', 'b', 'c'])).toMatchObject({ done: 2, of: 3 });
  });

  it('is nothing for an island', () => {
    expect(neighbourStanding(figures, [])).toEqual({ median: null, done: 0, of: 0 });
  });
});
