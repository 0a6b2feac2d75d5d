import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetShare } from './target-share.ts';

describe('targetShare', () => {
  it('agrees with what was worked out by hand', () => {
    // 10 of 40 is 25 %, over the 20 %. 1 of 12 is 8.3 %; 20 % of 12 is 2.4, so 3 are needed and 2 are missing.
    // Nothing active: no share at all. 11 of 52: 20 % of 52 is 10.4, so 11 are needed and none is missing.
    expect(targetShare(40, 10, 0.2)).toEqual({ active: 40, inspected: 10, share: 0.25, missing: 0 });
    expect(targetShare(12, 1, 0.2)).toEqual({ active: 12, inspected: 1, share: 1 / 12, missing: 2 });
    expect(targetShare(0, 0, 0.2)).toEqual({ active: 0, inspected: 0, share: null, missing: 0 });
    expect(targetShare(52, 11, 0.2)).toMatchObject({ share: 11 / 52, missing: 0 });
  });

  it('asks for 3 of 15, not 4, though 0.2 × 15 is a little over 3 in floating point', () => {
    expect(targetShare(15, 3, 0.2).missing).toBe(0);
    expect(targetShare(15, 2, 0.2).missing).toBe(1);
  });

  it('asks for the least number that meets the target', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.double({ min: 0, max: 1, noNaN: true }), (active, part) => {
        const inspected = Math.floor(active * part);
        const { missing } = targetShare(active, inspected, 0.2);
        expect((inspected + missing) * 5).toBeGreaterThanOrEqual(active);
        if (missing > 0) expect((inspected + missing - 1) * 5).toBeLessThan(active);
      }),
      { seed: 20261101 },
    );
  });
});
