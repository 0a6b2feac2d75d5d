import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenSpread, type InspectionCell, inspectionFigures } from './figures.ts';

const cell = (establishments: number, days: number, inspections: number): InspectionCell => ({
  communeCode: '10001',
  key: '10001',
  days,
  inspections,
  planned: inspections,
  signs: 0,
  repeated: false,
  establishments,
  outsideLicence: 0,
  licensed: 0,
  daysSinceLast: [],
});
const figuresOf = (cells: readonly InspectionCell[], all = cells) =>
  inspectionFigures(cells, {
    even: evenSpread(all),
    daysOfYear: 365,
    daysOfTwelveMonths: 365,
    daysOfTwentyFourMonths: 731,
    target: 0.2,
  });

describe('inspectionFigures', () => {
  it('counts those who opened or closed for the time that they were active', () => {
    // a month of 31 days is a twelfth of a year but for 0.0016
    expect(figuresOf([cell(1, 31, 0)]).establishmentYears).toBeCloseTo(31 / 365, 12);
    // 3 open for 73 days are 0.6 of a year; 2 open throughout are 2: 4 inspections over 2.6 years
    const { establishmentYears, inspectionsPerEstablishmentYear } = figuresOf([
      cell(3, 73, 0),
      cell(2, 365, 2),
    ]);
    expect(establishmentYears).toBeCloseTo(2.6, 12);
    expect(inspectionsPerEstablishmentYear).toBeCloseTo(4 / 2.6, 12);
  });

  it('expects of each group its part of all inspected, by the time that it was active', () => {
    // 100 open all year, 20 of them inspected; 100 open for half a year, 4 of them: 24 over 150 years of time.
    const throughout = [cell(80, 364, 0), cell(20, 364, 1)];
    const half = [cell(96, 182, 0), cell(4, 182, 1)];
    const all = [...throughout, ...half];
    expect(figuresOf(throughout, all).expectedShare).toBeCloseTo(0.16, 12);
    expect(figuresOf(half, all).expectedShare).toBeCloseTo(0.08, 12);
    expect(figuresOf(all).expectedShare).toBeCloseTo(0.12, 12);
  });

  it('expects no more than all', () => {
    // 9 of 10 inspected in all; the one open throughout has 300 of 309 days
    const all = [cell(1, 300, 0), cell(9, 1, 1)];
    expect(figuresOf([cell(1, 300, 0)], all).expectedShare).toBe(1);
  });

  it('leaves out those that were never active', () => {
    expect(figuresOf([cell(5, 0, 1), cell(2, 10, 0)])).toMatchObject({
      active: 2,
      inspected: 0,
      inspections: 0,
    });
    expect(evenSpread([cell(5, 0, 1), cell(2, 10, 1)])).toEqual({ inspected: 2, days: 20 });
  });

  it('expects in all groups together as many as were inspected', () => {
    const cells = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 150, max: 365 }), fc.nat(2)),
      { minLength: 2, maxLength: 8 },
    );
    fc.assert(
      fc.property(cells, (made) => {
        const groups = made.map(([establishments, days, inspections]) => [
          cell(establishments, days, inspections),
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
