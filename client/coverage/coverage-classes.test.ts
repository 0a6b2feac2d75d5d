import { describe, expect, it } from 'vitest';
import { classOf, countByClass, coverageClasses } from './coverage-classes.ts';

const classes = coverageClasses(0.2);

describe('classes around 20 %', () => {
  it('are 0, 5, 10, 15 below and 20, 25, 35 from the target on', () => {
    expect(classes.map(({ low, high, side }) => [low, high, side])).toEqual([
      [0, 0.05, 'below'],
      [0.05, 0.1, 'below'],
      [0.1, 0.15, 'below'],
      [0.15, 0.2, 'below'],
      [0.2, 0.25, 'at'],
      [0.25, 0.35, 'above'],
      [0.35, null, 'above'],
    ]);
  });

  it('have colours of their own', () => {
    expect(new Set(classes.map(({ color }) => color)).size).toBe(7);
  });

  it('put a commune that just meets the target on the side that met it, and one that just misses on the other', () => {
    expect(classOf(classes, 3 / 15)?.side).toBe('at');
    expect(classOf(classes, 7 / 35)?.side).toBe('at');
    expect(classOf(classes, 0.19999)?.side).toBe('below');
  });

  it('keep what is missing apart from 0', () => {
    expect(classOf(classes, null)).toBeNull();
    expect(classOf(classes, 0)?.low).toBe(0);
  });

  it('take every inspected establishment, 100 %', () => {
    expect(classOf(classes, 1)?.low).toBe(0.35);
  });

  it('follow another target', () => {
    expect(coverageClasses(0.5).map(({ low }) => low)).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.875]);
  });
});

describe('counting', () => {
  it('counts each commune once, those without a share by themselves', () => {
    expect(countByClass(classes, [0, 0.04, 0.2, null, 0.5, null])).toEqual({
      counts: [2, 0, 0, 0, 1, 0, 1],
      none: 2,
    });
  });
});
