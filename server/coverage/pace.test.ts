import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeMonthDays, daysBetween, type StandingInput, standing, wholeUnitsFor } from './pace.ts';

const year = { startsOn: '2026-01-01', endsOn: '2026-12-31' };
const inspections = (more: Partial<StandingInput>): StandingInput => ({
  ...year,
  asOf: '2026-11-01',
  kind: 'accumulating',
  numerator: 540,
  denominator: 3000,
  target: { share: 0.2 },
  ...more,
});

describe('days', () => {
  it('are counted from one to the other, leap years too', () => {
    expect(daysBetween('2026-01-01', '2026-01-01')).toBe(0);
    expect(daysBetween('2026-01-01', '2026-12-31')).toBe(364);
    expect(daysBetween('2028-01-01', '2028-12-31')).toBe(365);
    expect(daysBetween('2026-11-01', '2026-01-01')).toBe(-304);
    expect(() => daysBetween('2026-01-01', 'yesterday')).toThrow('yesterday is no calendar day');
  });

  it('takes a month for complete on its last day, and one that began before the period not at all', () => {
    expect(completeMonthDays('2026-01-01', '2026-03-30')).toEqual([31, 28]);
    expect(completeMonthDays('2026-01-01', '2026-03-31')).toEqual([31, 28, 31]);
    expect(completeMonthDays('2026-01-15', '2026-03-31')).toEqual([28, 31]);
    expect(completeMonthDays('2027-11-01', '2028-02-29')).toEqual([30, 31, 31, 29]);
    expect(completeMonthDays('2026-01-01', '2025-12-31')).toEqual([]);
  });
});

describe('wholeUnitsFor', () => {
  it('asks for 3 of 15, not 4, though 0.2 × 15 is a little over 3 in floating point', () => {
    expect([wholeUnitsFor(15, 0.2), wholeUnitsFor(16, 0.2), wholeUnitsFor(0, 0.2)]).toEqual([3, 4, 0]);
  });

  it('is the least whole number whose share is not below the target', () => {
    const percent = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(fc.nat(2_000_000), percent, (of, share) => {
        const needed = wholeUnitsFor(of, share / 100);
        expect(needed * 100).toBeGreaterThanOrEqual(of * share);
        expect((needed - 1) * 100).toBeLessThan(of * share || 1);
      }),
      { seed: 20261123 },
    );
  });
});

describe('standing of what adds up', () => {
  it('agrees with what was worked out by hand', () => {
    // On 1 November 305 of 365 days have passed and 60 remain. 20 % of 3,000 are 600, of which 60 are missing: 1 a day,
    // 30 in 30 days. So far 540/305 a day, 53.1 in 30 days. The ten months have brought 536 and 1 November 4; with days
    // weighted by ½^(age/45) that is 1.85510 a day of late, 55.7 in 30 days, and 540 + 60·1.85510 = 651.3 by 31 December.
    const found = standing(inspections({ increments: [50, 40, 60, 55, 52, 58, 49, 61, 54, 57] }));
    expect(found).toMatchObject({
      elapsedDays: 305,
      remainingDays: 60,
      needed: 600,
      missing: 60,
      paceNeeded: { perDay: 1, per30Days: 30 },
      paceNeededReason: null,
      projectedToMeet: true,
      status: 'on-pace',
      metAtUpper: false,
    });
    expect(found.paceSoFar?.perDay).toBeCloseTo(540 / 305, 12);
    expect(found.paceOfLate?.perDay).toBeCloseTo(1.8550971, 7);
    expect(found.paceOfLate?.per30Days).toBeCloseTo(55.652913, 5);
    expect(found.projected?.value).toBeCloseTo(651.30583 / 3000, 8);
  });

  it('is behind though the mean would do, where months slow down, and on pace though it would not, where they pick up', () => {
    // 688 of 3,882 on 31 October, 61 days left: 777 are needed, 89 more, 43.8 in 30 days. The mean of 67.9 would give 826;
    // of late it is 40.6, which gives 688 + 61·1.35416 = 770.6.
    const slowing = [191, 71, 88, 73, 70, 52, 32, 36, 37, 38];
    const at = (increments: number[], share: number) =>
      standing(
        inspections({ asOf: '2026-10-31', numerator: 688, denominator: 3882, target: { share }, increments }),
      );
    const slow = at(slowing, 0.2);
    expect(slow).toMatchObject({ needed: 777, missing: 89, projectedToMeet: false, status: 'behind' });
    expect(slow.paceSoFar!.per30Days).toBeGreaterThan(slow.paceNeeded!.per30Days);
    expect(slow.paceOfLate?.per30Days).toBeCloseTo(40.6247, 4);
    expect(at(slowing, 0.198)).toMatchObject({ needed: 769, status: 'on-pace' });
    // the same months the other way round: 688 + 61·688/304 = 826 would not make 22 %, 855
    const quick = at(slowing.toReversed(), 0.22);
    expect(quick).toMatchObject({ needed: 855, projectedToMeet: true, status: 'on-pace' });
    expect(quick.paceSoFar!.per30Days).toBeLessThan(quick.paceNeeded!.per30Days);
  });

  it('goes by the mean until two months are complete, and has no pace of late', () => {
    // 20 % of 3,000 in 365 days are 1.644 a day; on 27 February 58 days ask for 95.3
    const on = (numerator: number) =>
      standing(inspections({ asOf: '2026-02-27', numerator, increments: [90] }));
    expect(on(96)).toMatchObject({ paceOfLate: null, projected: null, status: 'on-pace' });
    expect(on(95)).toMatchObject({ paceOfLate: null, projected: null, status: 'behind' });
    const then = standing(inspections({ asOf: '2026-02-28', numerator: 97, increments: [90, 7] }));
    expect(then.paceOfLate!.perDay).toBeLessThan(97 / 59);
    expect(then.status).toBe('behind');
  });

  it('is on pace on the very day on which the pace so far is the pace needed, and behind with one unit fewer', () => {
    // 73 days of 365 are a fifth: 120 of the 600 keep pace exactly, 119 do not
    const on = (numerator: number) => standing(inspections({ asOf: '2026-03-14', numerator })).status;
    expect([on(119), on(120), on(599), on(600)]).toEqual(['behind', 'on-pace', 'on-pace', 'met']);
  });

  it('needs no pace once met, and has none to give when no day is left', () => {
    expect(standing(inspections({ numerator: 600 }))).toMatchObject({
      missing: 0,
      paceNeeded: null,
      paceNeededReason: 'met',
      status: 'met',
    });
    expect(standing(inspections({ asOf: '2026-12-31', numerator: 599 }))).toMatchObject({
      remainingDays: 0,
      missing: 1,
      paceNeeded: null,
      paceNeededReason: 'no-day-left',
      projected: { value: 599 / 3000, lower: 599 / 3000, upper: 599 / 3000 },
      projectedToMeet: false,
      status: 'behind',
    });
  });

  it('takes a day after the end for the end', () => {
    const late = standing(inspections({ asOf: '2027-05-01' }));
    expect(late).toEqual(standing(inspections({ asOf: '2026-12-31' })));
  });

  it('rests on who was surely reached, and says when the target may be met already', () => {
    const people = { numerator: 1_400, denominator: 3000, target: { share: 0.5 } };
    const met = (upperNumerator: number | null) =>
      standing(inspections({ ...people, upperNumerator })).metAtUpper;
    expect([met(1_499), met(1_500), met(null)]).toEqual([false, true, false]);
    const sure = standing(inspections({ ...people, numerator: 1_500, upperNumerator: 2_000 }));
    expect([sure.status, sure.metAtUpper]).toEqual(['met', false]);
  });

  it('counts without a denominator too: at least one press item', () => {
    const items = { denominator: null, target: { count: 1 } };
    expect(standing(inspections({ ...items, numerator: 0 }))).toMatchObject({ missing: 1, status: 'behind' });
    const three = standing(
      inspections({ ...items, numerator: 3, increments: [1, 0, 0, 1, 0, 0, 0, 1, 0, 0] }),
    );
    expect(three).toMatchObject({ missing: 0, status: 'met' });
    // Items in January, April and August: of late 0.00566 a day, not 3/305
    expect(three.projected?.value).toBeCloseTo(3.339401, 6);
    expect(three.paceOfLate?.perDay).toBeCloseTo(0.339401 / 60, 6);
  });

  it('has no data where there is nothing to count of, and no status without a target', () => {
    for (const denominator of [0, null]) {
      expect(standing(inspections({ numerator: 0, denominator }))).toMatchObject({
        missing: null,
        paceSoFar: null,
        projected: null,
        projectedReason: 'no-data',
        status: 'no-data',
      });
    }
    expect(standing(inspections({ target: null }))).toMatchObject({
      needed: null,
      missing: null,
      paceNeededReason: 'no-target',
      status: 'no-target',
    });
  });

  it('projects nothing from one month, or from none', () => {
    const january = standing(inspections({ asOf: '2026-02-10', numerator: 40, increments: [30] }));
    expect([january.projected, january.projectedReason]).toEqual([null, 'too-little']);
    expect(standing(inspections({ increments: Array(10).fill(0) })).projectedReason).toBe('too-little');
    const nothing = standing(inspections({ numerator: 0, increments: Array(10).fill(0) }));
    expect(nothing).toMatchObject({ paceOfLate: { perDay: 0 }, projected: null, status: 'behind' });
    expect(standing(inspections({})).projectedReason).toBe('too-little');
  });

  it.each([
    [{ asOf: '2025-12-31' }, '2025-12-31 lies before 2026-01-01'],
    [{ numerator: -1 }, 'numerator is -1'],
    [{ denominator: Number.NaN }, 'denominator is NaN'],
    [{ increments: [1, 2] }, '2 increments for 10 complete months'],
    [{ increments: [1, 2, 3, 4, 5, 6, 7, 8, 9, -1] }, 'below 0'],
    [{ increments: [500, 2, 3, 4, 5, 6, 7, 8, 9, 1] }, 'add up to 545, more than the numerator 540'],
    [{ startsOn: '2026-01-15', increments: Array(9).fill(1) }, '2026-01-15 does not begin one'],
    [{ kind: 'continuing', numerator: 5, denominator: 4 } as const, '5 of 4 is no share'],
  ])('refuses %j', (wrong, message) => {
    expect(() => standing(inspections(wrong))).toThrow(message);
  });
});

describe('standing of what must be kept up', () => {
  const outreach = (more: Partial<StandingInput>) =>
    standing(
      inspections({ kind: 'kept-up', numerator: 95, denominator: 129, target: { share: 0.7 }, ...more }),
    );

  it('agrees with what was worked out by hand', () => {
    // Three quarters have passed: 95 of 129 kept it up, 73.6 %. 70 % are 90.3, so 91. At the same loss 129·(95/129)^(4/3)
    // = 85.8 will have, 66.5 %: the target holds today and will not hold on 31 December.
    const found = outreach({});
    expect(found).toMatchObject({
      needed: 91,
      missing: 0,
      paceSoFar: null,
      paceNeeded: null,
      paceNeededReason: 'met',
      projectedToMeet: false,
      status: 'on-pace',
    });
    expect(found.projected?.value).toBeCloseTo((95 / 129) ** (4 / 3), 12);
    expect(found.projected?.upper).toBeLessThanOrEqual(95 / 129);
  });

  it('is met at the end of the year alone, and lost for good before it', () => {
    expect(outreach({ asOf: '2026-12-31' }).status).toBe('met');
    expect(outreach({ numerator: 90 })).toMatchObject({
      missing: 1,
      paceNeededReason: 'cannot-be-regained',
      status: 'behind',
    });
  });

  it('says nothing before a quarter has passed', () => {
    expect(outreach({ asOf: '2026-03-30' })).toMatchObject({
      status: 'no-data',
      projected: null,
      projectedReason: 'no-quarter-elapsed',
    });
    expect(outreach({ asOf: '2026-03-31' }).projected?.value).toBeCloseTo((95 / 129) ** 4, 12);
  });

  it('cannot fall below those that have done it in the last quarter too', () => {
    const { projected } = outreach({ secured: 94 });
    expect(projected).toMatchObject({ value: 94 / 129, lower: 94 / 129, upper: 95 / 129 });
    // in the second quarter they may still be lost in the third
    expect(outreach({ asOf: '2026-05-01', secured: 94 })).toEqual(outreach({ asOf: '2026-05-01' }));
  });
});

describe('standing of a share that goes on', () => {
  const reports = (more: Partial<StandingInput>) =>
    standing(
      inspections({ kind: 'continuing', numerator: 60, denominator: 60, target: { share: 1 }, ...more }),
    );

  it('is on pace while all went well, met at the end, behind once one did not', () => {
    expect(reports({}).status).toBe('on-pace');
    expect(reports({ asOf: '2026-12-31' }).status).toBe('met');
    expect(reports({ numerator: 59 })).toMatchObject({
      missing: 1,
      paceNeeded: null,
      paceNeededReason: 'not-a-pace',
      projectedToMeet: false,
      status: 'behind',
    });
  });

  it('expects the present share, less surely the more is to come', () => {
    const width = (asOf: string) => {
      const { projected } = reports({ asOf, numerator: 54 });
      expect(projected?.value).toBe(0.9);
      return projected!.upper - projected!.lower;
    };
    expect(width('2026-03-01')).toBeGreaterThan(width('2026-09-01'));
    expect(width('2026-12-31')).toBe(0);
  });
});

describe('standing, whatever is asked', () => {
  const days = [
    '2026-01-01',
    '2026-02-11',
    '2026-03-31',
    '2026-06-30',
    '2026-07-01',
    '2026-11-01',
    '2026-12-31',
  ];
  const asked = fc
    .record({
      kind: fc.constantFrom('accumulating', 'kept-up', 'continuing') as fc.Arbitrary<StandingInput['kind']>,
      denominator: fc.integer({ min: 1, max: 600 }),
      percent: fc.integer({ min: 1, max: 100 }),
      asOf: fc.constantFrom(...days),
      // what each month brings, the running one's last, of what is left
      parts: fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.4, noNaN: true })), {
        minLength: 13,
        maxLength: 13,
      }),
    })
    .map(({ kind, denominator, percent, asOf, parts }): StandingInput => {
      const months = completeMonthDays(year.startsOn, asOf).length;
      let numerator = 0;
      const gained = parts.slice(0, months + 1).map((part) => {
        const each = Math.floor((denominator - numerator) * part);
        numerator += each;
        return each;
      });
      return {
        ...year,
        kind,
        asOf,
        denominator,
        numerator,
        target: { share: percent / 100 },
        increments: gained.slice(0, months),
      };
    });

  it('keeps lower ≤ value ≤ upper within what can be, and never below what is done where that stays', () => {
    fc.assert(
      fc.property(asked, (input) => {
        const { projected } = standing(input);
        if (!projected) return;
        const done = input.numerator / input.denominator!;
        expect(projected.lower).toBeLessThanOrEqual(projected.value);
        expect(projected.value).toBeLessThanOrEqual(projected.upper);
        expect(projected.lower).toBeGreaterThanOrEqual(input.kind === 'accumulating' ? done : 0);
        expect(projected.upper).toBeLessThanOrEqual(input.kind === 'kept-up' ? done : 1);
      }),
      { seed: 20261123, numRuns: 400 },
    );
  });

  it('is on pace exactly where the pace of late, or before there is one the mean, is no less than the pace needed', () => {
    fc.assert(
      fc.property(asked, (input) => {
        const found = standing({ ...input, kind: 'accumulating' });
        const { status, paceSoFar, paceOfLate, paceNeeded, projected } = found;
        if (!paceNeeded) {
          expect(status).not.toBe('on-pace');
          return;
        }
        const ahead = (projected ? paceOfLate : paceSoFar)!.perDay - paceNeeded.perDay;
        if (Math.abs(ahead) > 1e-9) expect(status).toBe(ahead > 0 ? 'on-pace' : 'behind');
        if (projected) expect(found.projectedToMeet).toBe(status === 'on-pace');
      }),
      { seed: 20261123, numRuns: 400 },
    );
  });

  it('never gets worse by one unit more', () => {
    const rank = { 'no-data': 0, 'no-target': 0, behind: 1, 'on-pace': 2, met: 3 };
    fc.assert(
      fc.property(asked, (input) => {
        if (input.numerator >= input.denominator!) return;
        const now = standing(input);
        const more = standing({ ...input, numerator: input.numerator + 1 });
        expect(rank[more.status]).toBeGreaterThanOrEqual(rank[now.status]);
        expect(more.missing!).toBeLessThanOrEqual(now.missing!);
      }),
      { seed: 20261123, numRuns: 400 },
    );
  });
});
