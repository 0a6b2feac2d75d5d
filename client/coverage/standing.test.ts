import { describe, expect, it } from 'vitest';
import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { countStatuses, figuresOf, holdingBack, isDoneOrNot, planSections, toldStatus } from './standing.ts';
import { indicatorFigure } from './testing/indicator-figure.ts';

const described = (id: IndicatorDescription['id'], section: string): IndicatorDescription => ({
  id,
  name: { vi: id, en: id },
  definition: { vi: id, en: id },
  section,
  unit: 'people',
  target: 0.5,
});

describe('where the plan stands', () => {
  it('counts statuses in the order in which they are told, and leaves out those that none has', () => {
    const statuses = ['behind', 'met', 'behind', 'no-target', 'met', 'behind'] as const;
    const figures = statuses.map((status) => ({ status, value: 0.1 }));
    expect(countStatuses(figures, false)).toEqual([
      { status: 'met', count: 2 },
      { status: 'behind', count: 3 },
      { status: 'no-target', count: 1 },
    ]);
    expect(countStatuses(figures, true)[1]).toEqual({ status: 'not-met', count: 3 });
  });

  it('tells what has a value but is not judged yet apart from what has no data', () => {
    expect(toldStatus({ status: 'no-data', value: 0.775 }, false)).toBe('too-early');
    expect(toldStatus({ status: 'no-data', value: null }, false)).toBe('no-data');
    expect(toldStatus({ status: 'behind', value: 0.1 }, false)).toBe('behind');
    expect(toldStatus({ status: 'met', value: 1 }, true)).toBe('met');
  });

  it('puts indicators under the plan’s sections, and an unknown section under its own name', () => {
    const sections = planSections([
      described('communes-with-outreach', 'II.1.a'),
      described('press-items', 'II.1.a'),
      described('communes-with-plan', 'II.2.a'),
      described('students-reached', 'II.1.b'),
      described('officers-trained', 'Phụ lục'),
    ]);
    expect(sections.map(({ section, indicators }) => [section, indicators.map(({ id }) => id)])).toEqual([
      ['II.1', ['communes-with-outreach', 'press-items', 'students-reached']],
      ['II.2', ['communes-with-plan']],
      ['Phụ lục', ['officers-trained']],
    ]);
  });

  it('takes the figures of one indicator by group', () => {
    const figures = [
      indicatorFigure({ group: 'a' }),
      indicatorFigure({ group: 'a', indicator: 'students-reached', value: 0.4 }),
      indicatorFigure({ group: 'b', indicator: 'students-reached', value: 0.1 }),
    ];
    const found = figuresOf({ figures }, 'students-reached');
    expect([...found].map(([group, { value }]) => [group, value])).toEqual([
      ['a', 0.4],
      ['b', 0.1],
    ]);
  });

  it('knows indicators that a commune has done or not', () => {
    expect([isDoneOrNot({ unit: 'communes' }), isDoneOrNot({ unit: 'people' })]).toEqual([true, false]);
  });
});

describe('what holds a target back', () => {
  const figures = (missing: Record<string, number | null>): Map<string, IndicatorFigure> =>
    new Map(
      Object.entries(missing).map(([group, lacks]) => [group, indicatorFigure({ group, missing: lacks })]),
    );

  it('is what lacks most, as a share of all that communes lack; a surplus and a gap are no part of it', () => {
    // 30 + 10 + 60 = 100 missing.
    const held = holdingBack(figures({ a: 30, b: 0, c: 10, d: null, e: 60 }), 2);
    expect(held).toEqual([
      { code: 'e', missing: 60, shareOfMissing: 0.6 },
      { code: 'a', missing: 30, shareOfMissing: 0.3 },
    ]);
  });

  it('is nobody where all is done', () => {
    expect(holdingBack(figures({ a: 0, b: null }), 5)).toEqual([]);
  });

  it('tells equals by their code, whatever the order of the answer', () => {
    const codes = (missing: Record<string, number>) =>
      holdingBack(figures(missing), 5).map(({ code }) => code);
    expect(codes({ b: 1, a: 1, c: 1 })).toEqual(['a', 'b', 'c']);
  });
});
