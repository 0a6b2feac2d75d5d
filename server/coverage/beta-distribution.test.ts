import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incompleteBeta, logGamma, negativeBinomialQuantile, studentQuantile } from './beta-distribution.ts';

const relative = (found: number, expected: number) => Math.abs(found / expected - 1);

// Expected numbers: R 4.2 (lgamma, pbeta, qt, qnbinom) with 17 digits.
describe('beta distribution', () => {
  it.each([
    [0.5, 0.5723649429247001],
    [3.7, 1.428072326665388],
    [100.25, 360.28455963776423],
    [1e6, 12815504.569147611],
  ])('ln Γ(%d)', (x, expected) => {
    expect(relative(logGamma(x), expected)).toBeLessThan(1e-13);
  });

  it('knows ln Γ of whole numbers as factorials, and refuses what has none', () => {
    expect(logGamma(1)).toBeCloseTo(0, 14);
    expect(logGamma(2)).toBeCloseTo(0, 14);
    expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 13);
    expect(() => logGamma(0)).toThrow(RangeError);
  });

  it.each([
    [0.2, 0.5, 3, 0.733430296619931],
    [0.5, 10, 2.5, 0.011183751855265598],
    [0.9, 300, 40, 0.8447268042558701],
    [0.9, 250_000, 28_000, 0.8964144549662554],
    [0.8997, 250_000, 28_000, 0.7685360195449067],
  ])('I at %d of (%d, %d)', (x, a, b, expected) => {
    expect(relative(incompleteBeta(x, a, b), expected)).toBeLessThan(1e-9);
  });

  it('is the binomial tail: I_p(k, n − k + 1) = P(K ≥ k)', () => {
    // n = 3, p = 0.2: P(K ≥ 2) = 3·0.04·0.8 + 0.008 = 0.104
    expect(incompleteBeta(0.2, 2, 2)).toBeCloseTo(0.104, 14);
  });

  it.each([
    [1, 12.706204736174694],
    [2, 4.302652729749462],
    [9, 2.262157162798205],
    [30, 2.0422724563012378],
    [200, 1.971896223633908],
  ])('the quantile 0.975 of Student’s t with %i degrees of freedom', (degreesOfFreedom, expected) => {
    expect(relative(studentQuantile(0.975, degreesOfFreedom), expected)).toBeLessThan(1e-9);
  });

  it.each([
    [0.025, 50.5, 1 / 1.2, 4],
    [0.975, 50.5, 1 / 1.2, 18],
    [0.025, 0.5, 0.8, 0],
    [0.975, 0.5, 0.8, 1],
    [0.975, 1.5, 304 / 365, 2],
    [0.025, 2000.5, 304 / 365, 359],
    [0.975, 2000.5, 304 / 365, 445],
    [0.025, 250_000.5, 304 / 365, 49_684],
    [0.975, 250_000.5, 304 / 365, 50_646],
  ])('quantile %d of the negative binomial (%d, %d)', (p, shape, success, expected) => {
    expect(Math.max(0, Math.ceil(negativeBinomialQuantile(p, shape, success)))).toBe(expected);
  });

  it('finds the point at which the distribution function is p', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 3000, noNaN: true }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        fc.constantFrom(0.025, 0.5, 0.975),
        (shape, success, p) => {
          const k = negativeBinomialQuantile(p, shape, success);
          expect(incompleteBeta(success, shape, k + 1)).toBeCloseTo(p, 7);
        },
      ),
      { seed: 20261123 },
    );
  });
});
