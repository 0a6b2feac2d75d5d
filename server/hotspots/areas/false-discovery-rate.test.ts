import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedByBenjaminiHochberg, confidenceOf } from './false-discovery-rate.ts';

describe('Benjamini–Hochberg', () => {
  it('adjusts the example of 15 p of Benjamini & Hochberg (1995), of which 4 stand at 5 %', () => {
    const p = Float64Array.of(
      0.0001,
      0.0004,
      0.0019,
      0.0095,
      0.0201,
      0.0278,
      0.0298,
      0.0344,
      0.0459,
      0.324,
      0.4262,
      0.5719,
      0.6528,
      0.759,
      1,
    );
    const adjusted = adjustedByBenjaminiHochberg(p);
    expect(adjusted[0]).toBeCloseTo(0.0015, 12);
    expect(adjusted[3]).toBeCloseTo(0.035625, 12);
    expect(adjusted.filter((value) => value <= 0.05).length).toBe(4);
    expect(adjusted[14]).toBe(1);
  });

  it('leaves tests that were not made out of m', () => {
    const adjusted = adjustedByBenjaminiHochberg(Float64Array.of(0.01, Number.NaN, 0.02, Number.NaN));
    expect(Array.from(adjusted)).toEqual([0.02, Number.NaN, 0.02, Number.NaN]);
    expect(adjustedByBenjaminiHochberg(new Float64Array(0)).length).toBe(0);
  });

  it('never lowers a p, keeps their order and rejects what the step-up procedure rejects', () => {
    const p = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(p, fc.constantFrom(0.01, 0.05, 0.1), (list, q) => {
        const adjusted = adjustedByBenjaminiHochberg(Float64Array.from(list));
        const sorted = [...list].sort((a, b) => a - b);
        let last = 0;
        sorted.forEach((value, rank) => {
          if (value * (list.length / (rank + 1)) <= q) last = rank + 1;
        });
        expect(adjusted.filter((value) => value <= q).length).toBeGreaterThanOrEqual(last);
        list.forEach((value, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(value);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          list.forEach((other, j) => {
            if (value < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
          });
        });
        const rejected = new Set(sorted.slice(0, last));
        list.forEach((value, i) => {
          expect(adjusted[i]! <= q).toBe(rejected.has(value));
        });
      }),
      { seed: 1 },
    );
  });

  it('bins at 99, 95 and 90 %, the limits included', () => {
    expect([0.01, 0.05, 0.1, 0.1001].map(confidenceOf)).toEqual([99, 95, 90, null]);
  });
});
