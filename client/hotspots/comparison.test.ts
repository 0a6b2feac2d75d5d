import { describe, expect, it } from 'vitest';
import { compareSides } from './comparison.ts';
import type { LocalClass } from './hotspot-classes.ts';
import type { Answered } from './use-analysis.ts';

const local = (areas: [id: string, one: LocalClass, pAdjusted: number, inspections: number][]) =>
  ({
    name: 'local',
    answer: {
      areas: areas.map(([id, one, pAdjusted, inspections]) => ({ id, class: one, pAdjusted, inspections })),
    },
  }) as unknown as Answered;

describe('what stands out on each side', () => {
  const found = local([
    ['a', 'hot-99', 0.001, 90],
    ['b', 'hot-95', 0.04, 30],
    ['c', 'hot-90', 0.09, 20],
    ['d', 'cold-99', 0.001, 10],
    ['e', 'not-significant', 1, 0],
  ]);
  const perLook = local([
    ['a', 'not-significant', 0.9, 80],
    ['b', 'hot-99', 0.01, 20],
    ['d', 'hot-95', 0.05, 10],
  ]);

  it('is counted at a false-discovery rate of 5 %, hot alone', () => {
    expect(compareSides(found, perLook)).toEqual({
      foundOnly: ['a'],
      both: ['b'],
      perLookOnly: ['d'],
      // a has 90 inspections; the other four have 30, 20, 10 and 0.
      looks: { there: 90, elsewhere: 15 },
    });
  });

  it('counts the quadrant of high among high, and no outlier', () => {
    const moran = local([
      ['a', 'high-high', 0.01, 1],
      ['b', 'high-low', 0.01, 1],
      ['c', 'low-low', 0.01, 1],
    ]);
    expect(compareSides(moran, moran)).toMatchObject({ foundOnly: [], both: ['a'], looks: null });
  });

  it('takes the communes of clusters that go beyond chance, and hot patterns', () => {
    const scan = {
      name: 'scan',
      answer: {
        clusters: [
          { p: 0.05, codes: ['a', 'b'] },
          { p: 0.06, codes: ['c'] },
        ],
      },
    } as unknown as Answered;
    const trend = {
      name: 'trend',
      answer: {
        areas: [
          { id: 'b', side: 'hot' },
          { id: 'c', side: 'cold' },
          { id: 'd', side: null },
        ],
      },
    } as unknown as Answered;
    expect(compareSides(scan, trend)).toEqual({
      foundOnly: ['a'],
      both: ['b'],
      perLookOnly: [],
      looks: null,
    });
  });

  it('is unknown for a surface and until both are there', () => {
    expect(compareSides(found, null)).toBeNull();
    expect(compareSides({ name: 'density', answer: {} } as unknown as Answered, perLook)).toBeNull();
  });
});
