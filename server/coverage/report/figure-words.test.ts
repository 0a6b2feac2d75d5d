import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  percentOf,
  writeCommuneValue,
  writeCount,
  writeGain,
  writeLongDay,
  writeNumerator,
  writePace,
  writeShare,
  writeTableValue,
  writeValue,
} from './figure-words.ts';
import { madeUpFigure, madeUpIndicators } from './testing/made-up-report.ts';

const space = '\u00a0';

describe('numbers written as in Vietnam', () => {
  it('separates thousands by a point and decimals by a comma, with a space before the sign', () => {
    expect(writeCount(1_234_567)).toBe('1.234.567');
    expect(writeShare(0.125)).toBe(`12,5${space}%`);
    expect(writeShare(0.2)).toBe(`20${space}%`);
    expect(writePace(9.34)).toBe('9,3');
    expect(writePace(1371.4)).toBe('1.371');
  });

  it('never rounds a share up to a line that it has not reached', () => {
    // 812 of 4,062 is 19.990 %: of a target of 20 % one establishment is missing
    expect(writeShare(812 / 4062, 0.2)).toBe(`19,9${space}%`);
    expect(writeShare(812 / 4062, null)).toBe(`20${space}%`);
    expect(writeShare(813 / 4062, 0.2)).toBe(`20${space}%`);
    expect(writeShare(9999 / 10_000)).toBe(`99,9${space}%`);
    expect(writeShare(1)).toBe(`100${space}%`);
  });

  it('is within a tenth of a percent, and on the right side of target and whole, whatever the share', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.integer({ min: 1, max: 20_000 }), fc.nat(100), (done, of, percent) => {
        const share = Math.min(done, of) / of;
        const target = percent / 100;
        const written = percentOf(share, target);
        expect(Math.abs(written - share * 100)).toBeLessThan(0.1 + 1e-9);
        // whole numbers: 0.07 × 100 is 7.000000000000001 in doubles
        if (Math.min(done, of) * 100 < percent * of) expect(written).toBeLessThan(percent);
        else expect(written).toBeGreaterThanOrEqual(percent);
        expect(written === 100).toBe(share === 1);
      }),
      { seed: 20_261_123 },
    );
  });

  it('writes days as documents do', () => {
    expect(writeLongDay('2026-09-05')).toBe('ngày 05 tháng 9 năm 2026');
    expect(writeLongDay('2026-02-28')).toBe('ngày 28 tháng 02 năm 2026');
    expect(writeLongDay('2026-12-31')).toBe('ngày 31 tháng 12 năm 2026');
  });

  it('says which way a numerator moved', () => {
    expect([writeGain(12), writeGain(0), writeGain(-3), writeGain(null)]).toEqual(['+12', '0', '–3', '–']);
  });
});

describe('figures', () => {
  it('writes a range where people are counted, and one number where its ends meet', () => {
    const range = madeUpFigure('students-reached', {
      numerator: 312,
      upperNumerator: 640,
      denominator: 1000,
    });
    expect(writeNumerator(range)).toBe('từ 312 đến 640');
    expect(writeValue(range, 0.25)).toBe(`từ 31,2${space}% đến 64${space}%`);
    expect(writeTableValue(range, 0.25)).toBe('31,2–64,0');
    const one = madeUpFigure('students-reached', { numerator: 312, upperNumerator: 312, denominator: 1000 });
    expect(writeNumerator(one)).toBe('312');
    expect(writeTableValue(one, 0.25)).toBe('31,2');
  });

  it('writes what is missing as missing, never as nought', () => {
    const none = madeUpFigure('establishments-inspected', { status: 'no-data' });
    expect(writeValue(none, 0.2)).toBeNull();
    expect(writeTableValue(none, 0.2)).toBe('–');
  });

  it('says of one commune yes or no where communes are counted', () => {
    const plan = madeUpIndicators.find(({ id }) => id === 'communes-with-plan')!;
    expect(writeCommuneValue(madeUpFigure(plan.id, { numerator: 1, denominator: 1 }), plan)).toBe('Có');
    expect(writeCommuneValue(madeUpFigure(plan.id, { numerator: 0, denominator: 1 }), plan)).toBe('Chưa');
    expect(writeCommuneValue(madeUpFigure(plan.id, { numerator: 117, denominator: 129 }), plan)).toBe('90,7');
  });
});
