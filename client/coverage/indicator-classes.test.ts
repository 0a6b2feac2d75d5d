import { describe, expect, it } from 'vitest';
import { classOf } from './coverage-classes.ts';
import { classedValue, indicatorClasses } from './indicator-classes.ts';
import { indicatorFigure } from './testing/indicator-figure.ts';

const lows = (target: number | null) =>
  indicatorClasses({ unit: 'people', target }).classes.map(({ low }) => low);

describe('classes of an indicator', () => {
  it('have the target of the plan as a break, whatever it is', () => {
    expect(lows(0.2)).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.35]);
    expect(lows(0.25)).toEqual([0, 0.0625, 0.125, 0.1875, 0.25, 0.3125, 0.4375]);
    expect(lows(0.7)).toEqual([0, 0.175, 0.35, 0.525, 0.7, 0.875]);
    // All is the target: there is nothing above it, and only all of it has met it.
    expect(lows(1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it('do not let a share just below the target of 100 % into its class', () => {
    const { classes } = indicatorClasses({ unit: 'reports', target: 1 });
    expect(classOf(classes, 0.9999)?.side).toBe('below');
    expect(classOf(classes, 1)?.side).toBe('at');
    expect(classOf(classes, null)).toBeNull();
  });

  it('are done and not done where a commune can only have done it or not', () => {
    const { kind, classes } = indicatorClasses({ unit: 'communes', target: 0.7 });
    expect([kind, classOf(classes, 0)?.low, classOf(classes, 1)?.low]).toEqual(['done', 0, 1]);
    expect(classOf(classes, 0)?.color).not.toBe(classOf(classes, 1)?.color);
  });

  it('have no sides without a target', () => {
    const { classes } = indicatorClasses({ unit: 'officers', target: null });
    expect(new Set(classes.map(({ side }) => side))).toEqual(new Set(['at']));
  });

  it('are of numbers where there is nothing to have a share of', () => {
    const { kind, classes } = indicatorClasses({ unit: 'items', target: null });
    const figure = indicatorFigure({ value: null, denominator: null, numerator: 3 });
    expect(classedValue(kind, figure)).toBe(3);
    expect(classOf(classes, 3)?.low).toBe(2);
    expect(classedValue('share', figure)).toBeNull();
  });
});
