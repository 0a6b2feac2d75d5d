import { nextBelow, nextNormal, nextUniform, type Random } from '../hotspots/random.ts';

export function chance(random: Random, probability: number): boolean {
  return nextUniform(random) < probability;
}

/** A whole number from `least` to `greatest`, both included. */
export function wholeBetween(random: Random, least: number, greatest: number): number {
  return least + nextBelow(random, greatest - least + 1);
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[nextBelow(random, items.length)]!;
}

/** One of the items, with chances in proportion to their weights. */
export function pickWeighted<Item>(
  random: Random,
  items: readonly Item[],
  weightOf: (item: Item) => number,
): Item {
  const weights = items.map(weightOf);
  let left = nextUniform(random) * weights.reduce((sum, weight) => sum + weight, 0);
  for (let k = 0; k < items.length; k++) {
    left -= weights[k]!;
    if (left < 0) return items[k]!;
  }
  return items.at(-1)!;
}

/** A log-normal variate of the median given, rounded to a whole number of at least 1. */
export function wholeAround(random: Random, median: number, spread: number): number {
  return Math.max(1, Math.round(median * Math.exp(spread * nextNormal(random))));
}

/** `count` of the items in random order, each at most once. */
export function draw<Item>(random: Random, items: readonly Item[], count: number): Item[] {
  const pool = [...items];
  for (let k = 0; k < Math.min(count, pool.length); k++) {
    const other = k + nextBelow(random, pool.length - k);
    [pool[k], pool[other]] = [pool[other]!, pool[k]!];
  }
  return pool.slice(0, count);
}

/** Whole numbers that add up to `total`, in proportion to the weights (largest remainders). */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const whole = exact.map(Math.floor);
  const missing = total - whole.reduce((all, part) => all + part, 0);
  const byRemainder = exact
    .map((value, k) => ({ k, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.k - b.k);
  for (const { k } of byRemainder.slice(0, missing)) whole[k]! += 1;
  return whole;
}
