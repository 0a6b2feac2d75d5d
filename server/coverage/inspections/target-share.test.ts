import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InspectionCounts, inspectionCoverage } from './target-share.ts';

const commune = (code: string, active: number, inspected: number): InspectionCounts => ({
  code,
  name: code,
  type: 'xã',
  terrain: null,
  active,
  inspected,
  inspections: inspected,
});

describe('inspectionCoverage', () => {
  it('agrees with what was worked out by hand', () => {
    // 10 of 40 is 25 %, over the 20 %. 1 of 12 is 8.3 %; 20 % of 12 is 2.4, so 3 are needed and 2 are missing.
    // Nothing active: no share at all. In all 11 of 52; 20 % of 52 is 10.4, so 11 are needed and none is missing.
    const result = inspectionCoverage(
      [commune('00001', 40, 10), commune('00002', 12, 1), commune('00003', 0, 0)],
      0.2,
    );
    expect(result.communes.map(({ share, missing }) => [share, missing])).toEqual([
      [0.25, 0],
      [1 / 12, 2],
      [null, 0],
    ]);
    expect(result.total).toEqual({ active: 52, inspected: 11, share: 11 / 52, missing: 0 });
  });

  it('asks for 3 of 15, not 4, though 0.2 × 15 is a little over 3 in floating point', () => {
    expect(inspectionCoverage([commune('00001', 15, 3)], 0.2).total.missing).toBe(0);
    expect(inspectionCoverage([commune('00001', 15, 2)], 0.2).total.missing).toBe(1);
  });

  it('asks for the least number that meets the target', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.double({ min: 0, max: 1, noNaN: true }), (active, part) => {
        const inspected = Math.floor(active * part);
        const { missing } = inspectionCoverage([commune('00001', active, inspected)], 0.2).total;
        expect((inspected + missing) * 5).toBeGreaterThanOrEqual(active);
        if (missing > 0) expect((inspected + missing - 1) * 5).toBeLessThan(active);
      }),
      { seed: 20261101 },
    );
  });

  it('sums the communes', () => {
    const counts = fc.array(fc.tuple(fc.nat(300), fc.nat(300)), { maxLength: 40 });
    fc.assert(
      fc.property(counts, (pairs) => {
        const communes = pairs.map(([a, b], index) =>
          commune(String(index).padStart(5, '0'), Math.max(a, b), Math.min(a, b)),
        );
        const { total, communes: each } = inspectionCoverage(communes, 0.2);
        expect(total.inspected).toBe(each.reduce((sum, { inspected }) => sum + inspected, 0));
        expect(total.active).toBe(each.reduce((sum, { active }) => sum + active, 0));
      }),
      { seed: 20261101 },
    );
  });
});
