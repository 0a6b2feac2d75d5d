import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equityComparison } from '../../../contract/coverage-equity.ts';
import type { IndicatorId } from '../../../contract/coverage-indicators.ts';
import { newcombeDifference } from '../proportion-intervals.ts';
import { type CommuneFacts, type CommuneFigure, equityOf } from './equity.ts';

const facts = (
  code: string,
  mountainous: boolean | null,
  coastal = false,
  adjoining = false,
): CommuneFacts => ({
  code,
  mountainous,
  coastal,
  adjoining,
});
const codes = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => String(from + index).padStart(5, '0'));
const figure = (
  indicator: IndicatorId,
  communeCode: string,
  numerator: number,
  denominator: number | null,
  upper: number | null = null,
): CommuneFigure => ({ indicator, communeCode, numerator, denominator, upperNumerator: upper });

/** Thirty mountainous communes and ninety-nine others, so many of each with a plan. */
const plans = (mountainous: number, other: number) => {
  const communes = codes(129).map((code, index) => facts(code, index < 30));
  const figures = communes.map(({ code }, index) =>
    figure(
      'communes-with-plan',
      code,
      index < 30 ? Number(index < mountainous) : Number(index - 30 < other),
      1,
    ),
  );
  return equityOf(figures, communes, ['communes-with-plan'], ['mountainous'])[0]!;
};

describe('equityOf', () => {
  it('agrees with Newcombe where communes are counted, and says by how much', () => {
    // 18 of 30 mountainous communes are 60 %, 84 of 99 others 84.8 %
    const found = plans(18, 84);
    const newcombe = newcombeDifference({ successes: 18, trials: 30 }, { successes: 84, trials: 99 });
    expect(found).toMatchObject({
      group: { communes: 30, counted: 30, numerator: 18, denominator: 30, share: 0.6, effectiveSize: 30 },
      rest: { communes: 99, counted: 99, numerator: 84, denominator: 99, effectiveSize: 99 },
      differenceAtUpper: null,
      finding: 'lower',
      reason: null,
    });
    expect(found.difference?.lower).toBeCloseTo(newcombe.lower!, 12);
    expect(found.difference?.upper).toBeCloseTo(newcombe.upper!, 12);
    expect(found.said).toEqual({
      vi: 'Tỷ lệ xã, phường đã ban hành kế hoạch ở các xã miền núi là 60,0\u00a0% (18/30), ở các xã, phường còn lại là 84,8\u00a0% (84/99): thấp hơn từ 7,3 đến 43,4 điểm phần trăm.',
      en: 'The share of communes that have issued a plan is 60.0% (18/30) in mountainous communes and 84.8% (84/99) in the other communes: lower by 7.3 to 43.4 percentage points.',
    });
  });

  it('does not claim what the figures do not allow', () => {
    // 22 of 30 are 73.3 %, 80 of 99 are 80.8 %: the interval holds 0
    const { finding, said } = plans(22, 80);
    expect(finding).toBe('undecided');
    expect(said.vi).toMatch(
      /: chênh lệch từ −26,4 đến \+7,8 điểm phần trăm, chưa đủ căn cứ để nói có chênh lệch\.$/,
    );
    expect(said.en).toMatch(
      /: a difference of −26\.4 to \+7\.8 percentage points; not enough to say that there is a difference\.$/,
    );
    expect(plans(30, 50).said.vi).toContain('cao hơn từ');
  });

  it('counts workers by commune, and claims nothing that rests on how those who came twice are counted', () => {
    const communes = codes(20).map((code, index) => facts(code, index < 10));
    // surely reached: 9 to 11 of 100 against 29 to 31; at most: 30 in each
    const reached = (upper: (index: number) => number) =>
      equityOf(
        communes.map(({ code }, index) =>
          figure('industrial-workers-reached', code, (index < 10 ? 9 : 29) + (index % 3), 100, upper(index)),
        ),
        communes,
        ['industrial-workers-reached'],
        ['mountainous'],
      )[0]!;
    const agreed = reached((index) => (index < 10 ? 20 : 40) + (index % 3));
    expect([agreed.finding, agreed.group.upperNumerator]).toEqual(['lower', 209]);
    const depends = reached((index) => 38 + (index % 3));
    expect(depends.finding).toBe('undecided');
    expect(depends.difference!.upper).toBeLessThan(0);
    expect(depends.said.vi).toContain('còn tùy cách tính người dự nhiều buổi');
    expect(depends.said.en).toContain('depends on how those who came twice are counted');
  });

  it('knows that ten thousand workers of few communes are not ten thousand independent ones', () => {
    // every second commune reached as a whole: 50 % of 5,000 against 40 % of 5,000 workers
    const communes = codes(20).map((code, index) => facts(code, index < 10));
    const figures = communes.map(({ code }, index) =>
      figure('industrial-workers-reached', code, (index < 10 ? index < 5 : index < 14) ? 500 : 0, 500, 500),
    );
    const [found] = equityOf(figures, communes, ['industrial-workers-reached'], ['mountainous']);
    expect(found!.group.effectiveSize).toBeLessThan(10);
    expect(found!.finding).toBe('undecided');
    expect(
      newcombeDifference({ successes: 2500, trials: 5000 }, { successes: 2000, trials: 5000 }).lower,
    ).toBeGreaterThan(0);
  });

  it('names a side without a commune, without units, with one commune alone', () => {
    const lowland = codes(4).map((code) => facts(code, false));
    const inspected = (pairs: readonly (readonly [number, number])[], communes: readonly CommuneFacts[]) =>
      equityOf(
        communes.map(({ code }, index) => figure('establishments-inspected', code, ...pairs[index]!)),
        communes,
        ['establishments-inspected'],
        ['mountainous'],
      )[0]!;
    const some = [
      [1, 9],
      [2, 7],
      [0, 4],
      [1, 5],
    ] as const;
    const none = inspected(some, lowland);
    expect(none).toMatchObject({ finding: 'not-comparable', reason: 'no-commune', difference: null });
    expect(none.said.vi).toBe('Không có xã, phường nào thuộc nhóm miền núi.');
    const all = inspected(
      some,
      lowland.map((commune) => ({ ...commune, mountainous: true })),
    );
    expect(all.said.en).toBe('All communes are mountainous: there are no others to compare with.');

    const mixed = lowland.map((commune, index) => ({ ...commune, mountainous: index < 2 }));
    const empty = inspected([[0, 0], [0, 0], some[2], some[3]], mixed);
    expect(empty).toMatchObject({ reason: 'no-units', group: { communes: 2, counted: 0, share: null } });
    expect(empty.said.vi).toContain('các xã miền núi chưa có số liệu');
    const alone = inspected([some[0], [0, 0], some[2], some[3]], mixed);
    expect(alone).toMatchObject({ reason: 'one-commune', group: { share: 1 / 9, lower: null } });
    expect(alone.said.vi).toContain('gần như nằm trọn ở một xã, phường');
    expect(inspected(some, mixed).said.vi).toContain('Trong các xã miền núi chỉ 2 nơi có số liệu');
    expect(inspected(some, mixed).said.en).toContain('Only 2 of the mountainous communes have figures');
  });

  it('leaves out a commune whose terrain is not on record, and what belongs to no commune', () => {
    const communes = [
      facts('00001', true),
      facts('00002', false),
      facts('00003', null),
      facts('00004', false),
    ];
    const figures = [
      ...communes.map(({ code }) => figure('officers-trained', code, 3, 4)),
      figure('officers-trained', 'province-agencies', 100, 100),
    ];
    const [found] = equityOf(figures, communes, ['officers-trained'], ['mountainous']);
    expect([found!.group.denominator, found!.rest.denominator]).toEqual([4, 8]);
  });

  it('says of press items that they are not a share', () => {
    const [found] = equityOf(
      [figure('press-items', '00001', 7, null)],
      [facts('00001', true), facts('00002', false)],
      ['press-items'],
      ['mountainous'],
    );
    expect(found).toMatchObject({ finding: 'not-comparable', reason: 'not-a-share' });
    expect(found!.said.vi).toContain('không phải là tỷ lệ');
  });

  it('fits the contract, does not mind order, and turns about when the groups change places', () => {
    const commune = fc.record({
      mountainous: fc.constantFrom(true, false, null),
      denominator: fc.constantFrom(null, 0, 1, 3, 40, 900),
      low: fc.double({ min: 0, max: 1, noNaN: true }),
      high: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(commune, { maxLength: 25 }), (some) => {
        const communes = some.map(({ mountainous }, index) => facts(codes(25)[index]!, mountainous));
        const figures = some.map(({ denominator, low, high }, index) => {
          const counts = [low, high]
            .map((part) => Math.floor(part * (denominator ?? 0)))
            .sort((a, b) => a - b);
          return figure('students-reached', codes(25)[index]!, counts[0]!, denominator, counts[1]!);
        });
        const ask = (rows: CommuneFigure[], where: CommuneFacts[]) =>
          equityOf(rows, where, ['students-reached'], ['mountainous'])[0]!;
        const found = ask(figures, communes);
        equityComparison.parse(found);
        const reversed = ask(figures.toReversed(), communes.toReversed());
        expect(reversed.finding).toBe(found.finding);
        expect(reversed.group.numerator).toBe(found.group.numerator);
        const turned = ask(
          figures,
          communes.map((each) => ({
            ...each,
            mountainous: each.mountainous === null ? null : !each.mountainous,
          })),
        );
        expect([turned.group, turned.rest]).toEqual([found.rest, found.group]);
        if (found.difference) {
          expect(turned.difference!.lower).toBeCloseTo(-found.difference.upper, 9);
          expect(found.difference.lower).toBeLessThanOrEqual(found.difference.value);
          expect(found.difference.upper).toBeGreaterThanOrEqual(found.difference.value);
        }
      }),
      { seed: 20261123, numRuns: 300 },
    );
  });
});
