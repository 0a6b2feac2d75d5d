import { describe, expect, it } from 'vitest';
import type { SpreadMeasure } from '../../../contract/coverage-inspections.ts';
import { noSums } from './answer.ts';
import { inspectionFigures } from './figures.ts';
import { coverageFinding, spreadFinding } from './findings.ts';

const figures = (active: number, inspected: number, repeated: number) =>
  inspectionFigures(
    { ...noSums, active, inspected, inspections: inspected + repeated, days: 100 * active, repeated },
    { even: { inspected, days: 100 * active }, daysOfYear: 365, target: 0.2 },
  );

const measure = (gini: number, verdict: SpreadMeasure['verdict']): SpreadMeasure => ({
  n: 1000,
  gini,
  reason: null,
  byLot: { gini: 0.8412, lower: 0.8307, upper: 0.8518 },
  verdict,
  lorenz: [],
});

describe('coverageFinding', () => {
  it('says what is missing, in whole establishments', () => {
    // 20 % of 2,831 is 566.2: 567 are needed
    expect(coverageFinding(figures(2831, 505, 0), '2026-10-31', 0.2)).toEqual({
      vi: 'Đến ngày 31/10/2026, đã kiểm tra 505 trong 2.831 cơ sở hoạt động trong năm (17,8\u00a0%); còn thiếu 62 cơ sở để đạt chỉ tiêu 20,0\u00a0%.',
      en: 'Up to 2026-10-31, 505 of 2,831 establishments active in the year were inspected (17.8%); 62 more are needed for the target of 20.0%.',
    });
  });

  it('names planned inspections repeated without a sign', () => {
    const { vi, en } = coverageFinding(figures(1000, 300, 12), '2026-10-31', 0.2);
    expect(vi).toContain('đã đạt chỉ tiêu 20,0\u00a0%. 12 cơ sở được kiểm tra theo kế hoạch quá một lần');
    expect(en).toContain('is met. 12 had more than one planned inspection');
  });
});

describe('spreadFinding', () => {
  it('holds the coefficient against the lottery, and says that gathering is not wrong by itself', () => {
    const { vi, en } = spreadFinding('all', 500, measure(0.9123, 'piled-up'), measure(0.8412, 'as-by-lot'));
    expect(vi).toBe(
      'Tính mọi lượt kiểm tra, hệ số Gini giữa các cơ sở là 0,91, bốc thăm cùng số lượt cho 0,84 (0,83–0,85): dồn hơn bốc thăm; giữa các xã, phường là 0,84, bốc thăm cùng số lượt cho 0,84 (0,83–0,85): không khác bốc thăm một cách rõ rệt. Dồn lại chưa phải là sai: nơi có dấu hiệu vi phạm thì được kiểm tra thêm.',
    );
    expect(en).toContain('over establishments is 0.91, the same number dealt by lot gives 0.84 (0.83–0.85)');
    expect(en).toContain('Piled up is not wrong by itself');
  });

  it('says of routine inspections that the reason is not in the figures', () => {
    const { en } = spreadFinding('routine', 500, measure(0.95, 'piled-up'), measure(0.95, 'piled-up'));
    expect(en).toMatch(/^Counting planned and random inspections alone, .*not why\.$/);
  });

  it('warns of nothing where nothing is piled up', () => {
    const { en } = spreadFinding('all', 500, measure(0.82, 'even'), measure(0.82, 'even'));
    expect(en).toMatch(/more even than by lot\.$/);
  });

  it('writes as many decimals as the difference needs', () => {
    const narrow = { ...measure(0.7461, 'piled-up'), byLot: { gini: 0.7425, lower: 0.7406, upper: 0.7445 } };
    const { vi } = spreadFinding('all', 35_000, narrow, measure(0.82, 'even'));
    expect(vi).toContain('là 0,746, bốc thăm cùng số lượt cho 0,743 (0,741–0,745)');
  });

  it('says when nothing can be said', () => {
    const none: SpreadMeasure = {
      n: 3,
      gini: null,
      reason: 'no-inspection',
      byLot: null,
      verdict: null,
      lorenz: [],
    };
    expect(spreadFinding('all', 0, none, none).vi).toContain('chưa có lượt kiểm tra nào');
    const one = { ...none, n: 1, reason: 'fewer-than-two' as const };
    expect(spreadFinding('all', 4, one, one).en).toContain('but one establishment');
    const empty = { ...none, n: 0, reason: 'no-active-establishment' as const };
    expect(spreadFinding('routine', 0, empty, empty).en).toContain('no active establishment');
  });
});
