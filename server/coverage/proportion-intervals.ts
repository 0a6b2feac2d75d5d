/** The normal quantile of a two-sided interval that holds 95 %. */
export const Z_95 = 1.959963984540054;

/** So many of so many. Real numbers are allowed, for an effective sample size in place of a count. */
export type Proportion = { successes: number; trials: number };

export type ShareInterval =
  | { share: number; lower: number; upper: number; reason: null }
  | { share: null; lower: null; upper: null; reason: 'no-units' };

export type DifferenceInterval =
  | { difference: number; lower: number; upper: number; reason: null }
  | { difference: null; lower: null; upper: null; reason: 'no-units-in-first' | 'no-units-in-second' };

/**
 * Wilson's score interval for a share: all π that the score test does not reject, |p − π| ≤ z·√(π(1 − π)/n). It never
 * leaves 0 to 1, has width at 0 of n and n of n, and is not symmetric about p.
 *
 * Without continuity correction: the corrected interval covers at least 95 % everywhere and so more than that on average;
 * a planner is told how far a figure may lie off, not the worst case.
 *
 * Wilson (1927), J. Am. Stat. Assoc. 22, 209–212; Newcombe (1998a), Stat. Med. 17, 857–872, method 3.
 *
 * @param z the normal quantile of the level; 95 % without it.
 * @returns shares of 0 to 1, lower ≤ share ≤ upper; nulls with `no-units` where there is nothing to count of.
 * @throws RangeError where 0 ≤ successes ≤ trials does not hold.
 */
export function wilsonInterval({ successes, trials }: Proportion, z: number = Z_95): ShareInterval {
  if (!(successes >= 0 && successes <= trials && Number.isFinite(trials))) {
    throw new RangeError(`${successes} of ${trials} is no share: 0 ≤ successes ≤ trials is needed.`);
  }
  if (trials === 0) return { share: null, lower: null, upper: null, reason: 'no-units' };
  const share = successes / trials;
  const square = z * z;
  const centre = successes + square / 2;
  const spread = z * Math.sqrt((successes * (trials - successes)) / trials + square / 4);
  // At the ends the root cancels exactly on paper, but not in floating point.
  return {
    share,
    lower: successes === 0 ? 0 : Math.max(0, (centre - spread) / (trials + square)),
    upper: successes === trials ? 1 : Math.min(1, (centre + spread) / (trials + square)),
    reason: null,
  };
}

/**
 * Newcombe's hybrid score interval for the difference of two independent shares, first less second: the distances from
 * each share to its own Wilson bound, squared and added.
 *
 *     lower = d − √((p₁ − l₁)² + (u₂ − p₂)²)      upper = d + √((u₁ − p₁)² + (p₂ − l₂)²)
 *
 * Newcombe (1998b), Stat. Med. 17, 873–890, method 10. It stays within −1 to 1 and never collapses, as the simple
 * interval does at 0 and 1.
 */
export function newcombeDifference(
  first: Proportion,
  second: Proportion,
  z: number = Z_95,
): DifferenceInterval {
  const [one, other] = [wilsonInterval(first, z), wilsonInterval(second, z)];
  const none = { difference: null, lower: null, upper: null };
  if (one.share === null) return { ...none, reason: 'no-units-in-first' };
  if (other.share === null) return { ...none, reason: 'no-units-in-second' };
  return { ...squareAndAdd(one, other), reason: null };
}

type KnownShare = { share: number; lower: number; upper: number };

/** The difference of two shares, each with an interval of its own at one level (Zou & Donner 2008, Stat. Med. 27, 1693–1702). */
export function squareAndAdd(
  first: KnownShare,
  second: KnownShare,
): { difference: number; lower: number; upper: number } {
  const difference = first.share - second.share;
  return {
    difference,
    lower: difference - Math.hypot(first.share - first.lower, second.upper - second.share),
    upper: difference + Math.hypot(first.upper - first.share, second.share - second.lower),
  };
}
