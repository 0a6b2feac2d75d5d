import { describe, expect, it } from 'vitest';
import type { LocalArea } from './areas/local-analysis.ts';
import { densityFinding, localFinding, riskFinding, scanFinding, trendFinding } from './findings.ts';

const period = { from: '2026-01-01', to: '2026-10-31' };
const area = (z: number, pAdjusted: number): LocalArea => ({
  index: 0,
  value: z,
  statistic: null,
  z,
  p: pAdjusted,
  pHigh: null,
  pLow: null,
  pAdjusted,
  confidence: null,
  quadrant: null,
  class: 'not-significant',
});

describe('findings', () => {
  it('write numbers and dates as each language does, and warn of looking more', () => {
    const found = densityFinding(
      { n: 1234, peak: { perSquareKm: 0.3456, longitude: 106, latitude: 20, commune: 'phường Hoa Lư' } },
      'violations',
      period,
    );
    expect(found.vi).toBe(
      'Từ 01/01/2026 đến 31/10/2026 có 1.234 lượt kiểm tra phát hiện vi phạm; mật độ cao nhất 0,35 vi phạm/km², tại phường Hoa Lư. ' +
        'Nơi kiểm tra nhiều thì phát hiện nhiều: số phát hiện không phải là tỷ lệ.',
    );
    expect(found.en).toContain(
      '1,234 inspections that found a violation; the highest density is 0.35 violations per km², in phường Hoa Lư.',
    );
  });

  it('say so when nothing was found', () => {
    expect(densityFinding({ n: 0, peak: null }, 'reports', period).vi).toBe(
      'Từ 01/01/2026 đến 31/10/2026 không có tin báo nào trong phạm vi bản đồ.',
    );
    expect(localFinding({ areas: [area(1, 0.4)], n: 1, tested: 1 }, 'commune', 'rate', 'gi-star').en).toBe(
      'In none of 1 communes tested violations per inspection are other than chance explains (false-discovery rate 5 %).',
    );
    expect(localFinding({ areas: [], n: 0, tested: 0 }, 'commune', 'rate', 'gi-star').vi).toBe(
      'Không đủ số liệu để kiểm định.',
    );
    expect(scanFinding({ n: 3, result: { clusters: [], replications: 999 } as never }, String, true).en).toBe(
      'No cluster goes beyond chance (5 % level).',
    );
    expect(trendFinding({ n: 0, notTestable: [], areas: [] }, 5, 'rate').en).toContain(
      'nothing can be said of a trend',
    );
    expect(
      riskFinding({ violations: 0, inspections: 20, tolerance: [], maskedShare: 0 }, period).en,
    ).toContain('none of 20 inspections');
  });

  it('count what is surely higher and lower apart, and warn with counts alone', () => {
    const areas = [area(3, 0.01), area(4, 0.001), area(-3, 0.02), area(2, 0.2)];
    const rate = localFinding({ areas, n: 4, tested: 4 }, 'commune', 'rate', 'gi-star');
    expect(rate.en).toBe(
      'Of 4 communes tested, violations per inspection are higher in 2 and lower in 1 than chance explains (false-discovery rate 5 %).',
    );
    expect(rate.vi).toContain('ở 2 nơi cao hơn, ở 1 nơi thấp hơn');
    expect(localFinding({ areas, n: 4, tested: 4 }, 'commune', 'count', 'gi-star').vi).toContain(
      'Nơi kiểm tra nhiều thì phát hiện nhiều',
    );
  });
});
