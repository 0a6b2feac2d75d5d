import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, nextNormal, nextUniform, type Random } from '../../hotspots/random.ts';
import { nextBinomial } from '../../hotspots/scan/random-counts.ts';
import { studentQuantile } from '../beta-distribution.ts';
import { newcombeDifference, squareAndAdd, wilsonInterval, Z_95 } from '../proportion-intervals.ts';
import { type Cluster, clusteredShare } from './clustered-share.ts';

const clusters = (...pairs: [number, number][]): Cluster[] =>
  pairs.map(([numerator, denominator]) => ({ numerator, denominator }));

describe('clusteredShare', () => {
  it('agrees with what was worked out by hand', () => {
    // 10 of 100, 30 of 100, 50 of 100: p = 0.3. Without the first p = 0.4, without the second 0.3, without the third
    // 0.2; v = 2/3·(0.01 + 0 + 0.01) = 0.013333. p(1 − p)/v = 0.21/0.013333 = 15.75. Kish: 300²/30,000 = 3 communes, 2
    // degrees of freedom, t = 4.302653: n = 15.75·(1.959964/4.302653)² = 3.26816.
    const found = clusteredShare(clusters([10, 100], [30, 100], [50, 100]));
    const size = 15.75 * (Z_95 / studentQuantile(0.975, 2)) ** 2;
    expect(size).toBeCloseTo(3.26816, 4);
    expect(found.effectiveSize).toBeCloseTo(size, 9);
    const wilson = wilsonInterval({ successes: 0.3 * size, trials: size });
    expect([found.share, found.lower, found.upper]).toEqual([
      0.3,
      expect.closeTo(wilson.lower!, 9),
      expect.closeTo(wilson.upper!, 9),
    ]);
  });

  it('is Wilson’s interval where the commune is what is counted', () => {
    const found = clusteredShare(clusters([1, 1], [0, 1], [1, 1], [1, 1], [0, 0]));
    expect(found).toMatchObject({ ...wilsonInterval({ successes: 3, trials: 4 }), effectiveSize: 4 });
  });

  it('takes nobody reached for as sure as there are communes, not people', () => {
    // 4,000 people in 4 equal communes: K = 4, so that the upper bound is z²/(4 + z²) = 0.49, not 0.001
    const found = clusteredShare(clusters([0, 1000], [0, 1000], [0, 1000], [0, 1000]));
    expect(found).toMatchObject({ share: 0, lower: 0, effectiveSize: 4 });
    expect(found.upper).toBeCloseTo(Z_95 ** 2 / (4 + Z_95 ** 2), 12);
    expect(clusteredShare(clusters([1000, 1000], [500, 500]))).toMatchObject({ share: 1, upper: 1 });
  });

  it('never takes more than the units there are, however even the communes', () => {
    expect(clusteredShare(clusters([2, 10], [2, 10], [2, 10])).effectiveSize).toBe(30);
  });

  it('says why there is no share or no interval', () => {
    expect(clusteredShare([])).toMatchObject({ share: null, reason: 'no-units' });
    expect(clusteredShare(clusters([0, 0], [0, 0]))).toMatchObject({ share: null, reason: 'no-units' });
    expect(clusteredShare(clusters([3, 12], [0, 0]))).toMatchObject({
      share: 0.25,
      lower: null,
      effectiveSize: null,
      reason: 'one-commune',
    });
    // one city of 10,000 beside two hamlets of 10: K = 1.004
    expect(clusteredShare(clusters([3000, 10_000], [5, 10], [1, 10])).reason).toBe('one-commune');
  });

  it('does not depend on the order, nor on communes without units, and holds its share', () => {
    const some = fc.array(
      fc.tuple(fc.nat(400), fc.nat(400)).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(some, (pairs) => {
        const found = clusteredShare(clusters(...pairs));
        const turned = clusteredShare(clusters([0, 0], ...pairs.reverse()));
        expect(turned.reason).toBe(found.reason);
        if (found.reason !== null) return;
        expect(turned.lower).toBeCloseTo(found.lower, 9);
        expect(turned.upper).toBeCloseTo(found.upper, 9);
        expect(found.lower).toBeLessThanOrEqual(found.share + 1e-12);
        expect(found.upper).toBeGreaterThanOrEqual(found.share - 1e-12);
      }),
      { seed: 20261123 },
    );
  });
});

// What it is for: worlds in which people of a commune are reached together, with a difference that is known. The naive
// interval treats each person as drawn alone.
describe('the difference of two clustered shares', () => {
  const WORLDS = 800;
  const held = (
    { groups, shares, correlation, uneven }: World,
    interval: (first: Cluster[], second: Cluster[]) => { lower: number; upper: number } | null,
  ) => {
    const random = createRandom(20261123, groups[0], Math.round(1000 * correlation));
    const truth = shares[0] - shares[1];
    let [inside, said] = [0, 0];
    for (let world = 0; world < WORLDS; world++) {
      const [first, second] = [0, 1].map((side) =>
        Array.from({ length: groups[side]! }, () => commune(random, shares[side]!, correlation, uneven)),
      ) as [Cluster[], Cluster[]];
      const found = interval(first, second);
      if (!found) continue;
      said++;
      if (found.lower <= truth && truth <= found.upper) inside++;
    }
    // now and then one commune of ten has nearly all people, and then nothing is said
    expect(said).toBeGreaterThan(0.98 * WORLDS);
    return inside / said;
  };
  const ours = (first: Cluster[], second: Cluster[]) => {
    const [one, other] = [clusteredShare(first), clusteredShare(second)];
    return one.reason === null && other.reason === null ? squareAndAdd(one, other) : null;
  };
  const naive = (first: Cluster[], second: Cluster[]) => {
    const { lower, upper } = newcombeDifference(total(first), total(second));
    return lower === null ? null : { lower, upper };
  };

  const worlds: World[] = [
    { groups: [30, 99], shares: [0.5, 0.5], correlation: 0.3, uneven: false },
    { groups: [30, 99], shares: [0.2, 0.2], correlation: 0.05, uneven: true },
    { groups: [10, 119], shares: [0.5, 0.4], correlation: 0.1, uneven: true },
    { groups: [3, 126], shares: [0.3, 0.3], correlation: 0.2, uneven: false },
  ];
  // the standard error of a coverage of 0.95 over 800 worlds is 0.0077
  it.each(worlds)('lies in its interval about 95 times in 100: %j', (world) => {
    expect(held(world, ours)).toBeGreaterThan(0.927);
    expect(held(world, ours)).toBeLessThan(0.985);
  });

  it('would be found where there is none four times in five, if people were taken one by one', () => {
    expect(held(worlds[0]!, naive)).toBeLessThan(0.3);
  });
});

type World = {
  groups: readonly [number, number];
  shares: readonly [number, number];
  correlation: number;
  uneven: boolean;
};

const total = (communes: readonly Cluster[]) => ({
  successes: communes.reduce((sum, { numerator }) => sum + numerator, 0),
  trials: communes.reduce((sum, { denominator }) => sum + denominator, 0),
});

/** Binomial about a share of its own, drawn from a beta distribution: that gives the correlation within a commune. */
function commune(random: Random, share: number, correlation: number, uneven: boolean): Cluster {
  const denominator = uneven ? Math.max(1, Math.round(Math.exp(4 + nextNormal(random)))) : 200;
  const weight = 1 / correlation - 1;
  const reached = gamma(random, share * weight);
  const own = reached / (reached + gamma(random, (1 - share) * weight));
  return { numerator: nextBinomial(random, denominator, own), denominator };
}

/** Gamma with the given shape and scale 1 (Marsaglia & Tsang 2000). */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * nextUniform(random) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = nextNormal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(nextUniform(random)) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
