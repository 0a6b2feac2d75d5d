import { describe, expect, it } from 'vitest';
import { createRandom, nextNormal } from '../random.ts';
import { type EmergingClass, emergingClass, emergingHotSpots } from './emerging-hot-spots.ts';
import { mannKendall } from './mann-kendall.ts';
import { weightsFromNeighbours } from './weights.ts';

/** A class from letters: h significant hot, c significant cold, + and − not significant. */
function classOf(slices: string, trend = 0): EmergingClass {
  const z = [...slices].map((slice) => ({ h: 3, c: -3, '+': 0.5, '-': -0.5 })[slice]!);
  return emergingClass(
    z,
    [...slices].map((slice) => slice === 'h' || slice === 'c'),
    trend,
  );
}

describe('emerging class', () => {
  it.each([
    ['hhhhhhhhhh', 1, 'intensifying hotspot'],
    ['hhhhhhhhhh', -1, 'diminishing hotspot'],
    ['hhhhhhhhhh', 0, 'persistent hotspot'],
    ['chhhhhhhhh', 0, 'persistent hotspot'],
    ['hhhhhhhhh+', 1, 'historical hotspot'],
    ['hhhhhhhhhc', 0, 'historical hotspot'],
    ['hhhhhhhh+h', 0, 'persistent hotspot'],
    ['hhhhhhh++h', 0, 'sporadic hotspot'],
    ['c++++++++h', 0, 'oscillating hotspot'],
    ['c+++++++hh', 0, 'oscillating hotspot'],
    ['-++++++++h', 0, 'new hotspot'],
    ['++++++++hh', 0, 'consecutive hotspot'],
    ['+h++++++hh', 0, 'sporadic hotspot'],
    ['hhhhhhhh++', 0, 'no pattern detected'],
    ['++++++++++', 1, 'no pattern detected'],
    ['h', 0, 'new hotspot'],
    ['', 0, 'no pattern detected'],
  ] as const)('%s with trend %d is %s, and its mirror image the coldspot', (slices, trend, expected) => {
    expect(classOf(slices, trend)).toBe(expected);
    const mirrored = [...slices].map((slice) => ({ h: 'c', c: 'h', '+': '-', '-': '+' })[slice]!).join('');
    expect(classOf(mirrored, -trend)).toBe(expected.replace('hotspot', 'coldspot'));
  });
});

describe('Mann–Kendall', () => {
  it('is S = 6, variance 8⅔, τ = 1, z = 5/√8⅔ for 1, 2, 3, 4', () => {
    const test = mannKendall([1, 2, 3, 4]);
    if ('reason' in test) throw new Error(test.reason);
    expect(test.s).toBe(6);
    expect(test.variance).toBeCloseTo(26 / 3, 14);
    expect(test.tau).toBe(1);
    expect(test.z).toBeCloseTo(5 / Math.sqrt(26 / 3), 14);
    const reversed = mannKendall([4, 3, 2, 1]);
    expect(reversed).toMatchObject({ s: -6, tau: -1, z: -test.z, p: test.p });
  });

  it('is not tested on too few or equal values', () => {
    expect(mannKendall([1, 2])).toEqual({ reason: 'fewer than 3 values (2)' });
    expect(mannKendall([2, 2, 2, 2])).toEqual({ reason: 'all values are equal' });
  });

  it('rejects a series without trend at the nominal rate over 1,000 seeded series', () => {
    let rejected = 0;
    for (let series = 0; series < 1000; series++) {
      const random = createRandom(series, 12);
      const test = mannKendall(Float64Array.from({ length: 24 }, () => nextNormal(random)));
      if ('reason' in test) throw new Error(test.reason);
      if (test.p <= 0.05) rejected++;
    }
    expect(Math.abs(rejected - 50)).toBeLessThan(4 * Math.sqrt(1000 * 0.05 * 0.95));
  });
});

describe('emerging hot spots', () => {
  const ring = weightsFromNeighbours(
    Array.from({ length: 60 }, (_, i) => [1, 2, 3, 57, 58, 59].map((step) => (i + step) % 60)),
  );
  const slices = Array.from({ length: 12 }, (_, slice) => {
    const random = createRandom(77, slice);
    return Float64Array.from({ length: 60 }, (_, i) => {
      const steady = i >= 10 && i < 17 ? 9 : 0;
      const late = i >= 40 && i < 47 && slice >= 9 ? 9 : 0;
      return nextNormal(random) + steady + late;
    });
  });

  it('finds what was planted: steady hot areas persist, late ones are consecutive, the rest has no pattern', () => {
    const areas = emergingHotSpots(slices, ring);
    const classes = areas.map((area) => ('reason' in area ? area.reason : area.class));
    expect(classes[13]).toMatch(/^(persistent|intensifying|diminishing) hotspot$/);
    expect(classes[43]).toBe('consecutive hotspot');
    expect(classes[28]).toBe('no pattern detected');
  });

  it('says why an area has none', () => {
    const lists = Array.from({ length: 60 }, (_, i) =>
      i === 5 ? [] : [1, 59].map((step) => (i + step) % 60).filter((j) => j !== 5),
    );
    const areas = emergingHotSpots(slices, weightsFromNeighbours(lists));
    expect(areas[5]).toEqual({ reason: 'slice 12: it has no neighbours' });
    const flat = emergingHotSpots([...slices.slice(0, 3), new Float64Array(60)], ring);
    expect(flat[0]).toEqual({ reason: 'slice 4: all values are equal' });
    expect(emergingHotSpots(slices.slice(0, 2), ring)[0]).toEqual({ reason: 'fewer than 3 values (2)' });
  });
});
