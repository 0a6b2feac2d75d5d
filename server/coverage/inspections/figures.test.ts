import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noSums } from './answer.ts';
import { type InspectionSums, inspectionFigures } from './figures.ts';

/** So many establishments active so many days each, each inspected so often. */
const alike = (establishments: number, days: number, inspections: number): InspectionSums => ({
  ...noSums,
  active: establishments,
  days: establishments * days,
  inspections: establishments * inspections,
  inspected: inspections > 0 ? establishments : 0,
});
const together = (all: readonly InspectionSums[]): InspectionSums =>
  all.reduce(
    (sum, one) => ({
      ...noSums,
      active: sum.active + one.active,
      days: sum.days + one.days,
      inspections: sum.inspections + one.inspections,
      inspected: sum.inspected + one.inspected,
    }),
    noSums,
  );
const figuresOf = (some: readonly InspectionSums[], all = some) =>
  inspectionFigures(together(some), { even: together(all), daysOfYear: 365, target: 0.2 });

describe('inspectionFigures', () => {
  it('counts those who opened or closed for the time that they were active', () => {
    // a month of 31 days is a twelfth of a year but for 0.0016
    expect(figuresOf([alike(1, 31, 0)]).establishmentYears).toBeCloseTo(31 / 365, 12);
    // 3 open for 73 days are 0.6 of a year; 2 open throughout are 2: 4 inspections over 2.6 years
    const { establishmentYears, inspectionsPerEstablishmentYear } = figuresOf([
      alike(3, 73, 0),
      alike(2, 365, 2),
    ]);
    expect(establishmentYears).toBeCloseTo(2.6, 12);
    expect(inspectionsPerEstablishmentYear).toBeCloseTo(4 / 2.6, 12);
  });

  it('expects of each group its part of all inspected, by the time that it was active', () => {
    // 100 open all year, 20 of them inspected; 100 open for half a year, 4 of them: 24 over 150 years of time.
    const throughout = [alike(80, 364, 0), alike(20, 364, 1)];
    const half = [alike(96, 182, 0), alike(4, 182, 1)];
    const all = [...throughout, ...half];
    expect(figuresOf(throughout, all).expectedShare).toBeCloseTo(0.16, 12);
    expect(figuresOf(half, all).expectedShare).toBeCloseTo(0.08, 12);
    expect(figuresOf(all).expectedShare).toBeCloseTo(0.12, 12);
  });

  it('expects no more than all', () => {
    // 9 of 10 inspected in all; the one open throughout has 300 of 309 days
    const all = [alike(1, 300, 0), alike(9, 1, 1)];
    expect(figuresOf([alike(1, 300, 0)], all).expectedShare).toBe(1);
  });

  it('tells the months since the last inspection, and of whom there is none', () => {
    // 10 with a licence, 3 of them never inspected; 73 days are 2.4 months of 365.2425 / 12 days
    const sums = {
      ...noSums,
      licensed: 10,
      everInspected: 7,
      overTwelveMonths: 2,
      overTwentyFourMonths: 1,
      medianDays: 73,
    };
    expect(inspectionFigures(sums, { even: noSums, daysOfYear: 365, target: 0.2 }).sinceLast).toEqual({
      active: 10,
      medianMonths: 73 / (365.2425 / 12),
      medianReason: null,
      overTwelveMonths: 2,
      overTwentyFourMonths: 1,
      never: 3,
    });
    const never = { ...noSums, licensed: 2 };
    const figures = inspectionFigures(never, { even: noSums, daysOfYear: 365, target: 0.2 });
    expect(figures.sinceLast).toMatchObject({
      medianMonths: null,
      medianReason: 'never-inspected',
      never: 2,
    });
  });

  it('expects in all groups together as many as were inspected', () => {
    const cells = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 150, max: 365 }), fc.nat(2)),
      { minLength: 2, maxLength: 8 },
    );
    fc.assert(
      fc.property(cells, (made) => {
        const groups = made.map(([establishments, days, inspections]) => [
          alike(establishments, days, inspections),
        ]);
        const all = groups.flat();
        const each = groups.map((group) => figuresOf(group, all));
        // below 1 nothing is cut off
        fc.pre(each.every(({ expectedShare }) => expectedShare! < 1));
        const expected = each.reduce((sum, { expectedShare, active }) => sum + expectedShare! * active, 0);
        expect(expected).toBeCloseTo(figuresOf(all).inspected, 8);
      }),
      { seed: 20261101 },
    );
  });
});
