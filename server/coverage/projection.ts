import { negativeBinomialQuantile, studentQuantile } from './beta-distribution.ts';
import { Z_95 } from './proportion-intervals.ts';

// What the figure will be on the last day, with an interval in which that very figure lies 95 times in 100 if what is
// assumed holds: prediction intervals, which take what is on record as certain and shrink to it on the last day.
// A confidence interval of the share (Wilson's) would not: at 129 communes it still spans ±7 points on 31 December.

/** In units of the numerator, or shares; lower ≤ value ≤ upper. */
export type Projection = { value: number; lower: number; upper: number };

const LOWER_TAIL = 0.025;
const UPPER_TAIL = 0.975;

/** What came in so many days. */
export type Period = { gained: number; days: number };

/**
 * After so many days a day counts half as much for the pace of late. Chosen by simulation (docs/methods.md): with 60 days
 * the interval held 91 of 100 years of months that rise by 8 % each, with 30 it was a fifth longer in even years.
 */
const HALF_LIFE_DAYS = 45;

export type RateOfLate = {
  perDay: number;
  /** The days of even work, each counted once, that would tell the rate as well as the weighted days do. */
  effectiveDays: number;
};

/**
 * The daily rate of late: days are weighted by their age, w = ½^(age/45), age from the middle of a period to the last day.
 *
 *     rate = Σ w·gained / Σ w·days        T_e = (Σ w·days)² / Σ w²·days
 *
 * That is exponential smoothing (Brown 1959, Statistical Forecasting for Inventory Control) of periods of unequal length,
 * and the posterior mean of a gamma-Poisson rate under a likelihood discounted by age (Smith 1979, JRSS B 41, 375–387;
 * West & Harrison 1997, Bayesian Forecasting and Dynamic Models). T_e is Kish's (1965) effective size: if the true rate
 * is even, the variance of `rate` is φ·rate/T_e. The discounted posterior itself would take Σ w·days, about half of it,
 * since it expects the rate to wander: its intervals were 15–27 % longer and held up to 99.7 of 100 even years. Here it
 * is φ that tells of months which do not keep one rate.
 *
 * @param periods one after the other, the latest last; none of the days at all is null.
 */
export function rateOfLate(periods: readonly Period[]): RateOfLate | null {
  let age = 0;
  let weightedGained = 0;
  let weightedDays = 0;
  let squareWeightedDays = 0;
  for (const { gained, days } of periods.toReversed()) {
    const weight = 0.5 ** ((age + days / 2) / HALF_LIFE_DAYS);
    age += days;
    weightedGained += weight * gained;
    weightedDays += weight * days;
    squareWeightedDays += weight * weight * days;
  }
  if (weightedDays === 0) return null;
  return { perDay: weightedGained / weightedDays, effectiveDays: weightedDays ** 2 / squareWeightedDays };
}

/**
 * The number at the end of what adds up: units go on coming at the rate of late, one by one or in clumps.
 *
 *     value = X + rate·R        X units so far, R days remain
 *
 * The interval is that of a quasi-Poisson process. φ̂ = χ²/(m − 1) of the increments of m complete periods about their
 * common daily rate says how clumped the units come; φ = max(1, φ̂·(t/z)²) takes into account, by Student's t with m − 1
 * degrees of freedom, that few periods tell φ badly. Periods are not weighted in it: months that slow down or speed up
 * depart from their common rate, which lengthens the interval as it should. (Weighted like the rate, φ makes the
 * interval half as long in years with one great January, but 25–30 % longer in even ones, since fewer months tell it.)
 * In clumps of φ, rate·T_e/φ of them came in T_e effective days, so that the clumps to come follow the negative binomial
 * (rate·T_e/φ + ½, T_e/(T_e + R)): the Poisson predictive distribution under Jeffreys' prior, with mean ≈ rate·R and
 * variance φ·rate·R·(1 + R/T_e) in units. A normal interval of that variance falls below what is already done and is too
 * short above when X is small. (Gelman et al. 2013, Bayesian Data Analysis, §2.6; McCullagh & Nelder 1989, §6.2.3.)
 *
 * Periods should be the unit's own months. Cells of commune × month would make φ̂ steadier, but what moves all communes
 * at once (a campaign month, Tết) is what makes a province's year uncertain, and cells do not show it.
 *
 * @param periods the complete ones, the latest last. @param running what came since, which counts in the rate alone: a
 *   few days say little of how months differ. @param most what the number cannot exceed; null when nothing bounds it.
 * @returns null when fewer than two periods are complete, or nothing came in them: then nothing tells φ.
 */
export function projectAccumulating(input: {
  soFar: number;
  remainingDays: number;
  periods: readonly Period[];
  running: Period;
  most: number | null;
}): Projection | null {
  const { soFar, remainingDays, periods, running } = input;
  const most = Math.max(soFar, input.most ?? Number.POSITIVE_INFINITY);
  if (remainingDays === 0) return { value: soFar, lower: soFar, upper: soFar };
  const clump = clumpSize(periods);
  const late = rateOfLate([...periods, running]);
  if (clump === null || late === null) return null;
  const value = Math.min(most, soFar + late.perDay * remainingDays);
  const shape = (late.perDay * late.effectiveDays) / clump + 0.5;
  const further = (tail: number) => {
    const success = late.effectiveDays / (late.effectiveDays + remainingDays);
    const clumps = negativeBinomialQuantile(tail, shape, success);
    // half a clump: the middle of the step that the continuous extension climbs between k − 1 and k
    return Math.max(0, clump * (clumps + 0.5));
  };
  return {
    value,
    lower: Math.min(value, soFar + Math.floor(further(LOWER_TAIL))),
    upper: Math.max(value, Math.min(most, soFar + Math.ceil(further(UPPER_TAIL)))),
  };
}

/** φ: the variance of the increments over their mean, never below 1, widened for few periods. */
function clumpSize(periods: readonly Period[]): number | null {
  const gained = periods.reduce((sum, period) => sum + period.gained, 0);
  const days = periods.reduce((sum, period) => sum + period.days, 0);
  if (periods.length < 2 || gained === 0) return null;
  const chiSquare = periods.reduce((sum, period) => {
    const expected = (gained * period.days) / days;
    return sum + (period.gained - expected) ** 2 / expected;
  }, 0);
  const degreesOfFreedom = periods.length - 1;
  const widening = (studentNear(degreesOfFreedom) / Z_95) ** 2;
  return Math.max(1, (chiSquare / degreesOfFreedom) * widening);
}

// A year has at most eleven values of it, and a page asks for them 1,290 times.
const studentQuantiles = new Map<number, number>();
function studentNear(degreesOfFreedom: number): number {
  const known = studentQuantiles.get(degreesOfFreedom) ?? studentQuantile(UPPER_TAIL, degreesOfFreedom);
  studentQuantiles.set(degreesOfFreedom, known);
  return known;
}

/**
 * How many of those that have kept something up in every elapsed quarter will have kept it up in all: the same part is
 * lost in each quarter, and what is lost stays lost.
 *
 *     value = n·s^(K/k)        s = X/n kept up through k of K quarters
 *
 * The interval is the predictive distribution: s has the Jeffreys posterior Beta(X + ½, n − X + ½), and of the X each
 * stays with q = s^((K − k)/k), so that Binomial(X, q) is averaged over s (midpoint rule in θ, s = sin²θ).
 * The part lost is likely to fall, since those who stay are the steadier ones: the projection is on the cautious side.
 *
 * @param secured those of X that have done it in the running quarter too, when it is the last: they cannot be lost, and
 *   the distribution is the one given that no fewer are left.
 */
export function projectKeptUp(input: {
  kept: number;
  of: number;
  elapsedQuarters: number;
  quarters: number;
  secured?: number;
}): Projection {
  const { kept, of, elapsedQuarters, quarters, secured = 0 } = input;
  const left = quarters - elapsedQuarters;
  if (left === 0 || kept === 0) return { value: kept, lower: kept, upper: kept };
  const exponent = left / elapsedQuarters;
  const masses = new Float64Array(kept + 1);
  const middle = Math.asin(Math.sqrt((kept + 0.5) / (of + 1)));
  const reach = 4.5 / Math.sqrt(of + 1);
  const from = Math.max(0, middle - reach);
  const to = Math.min(Math.PI / 2, middle + reach);
  const nodes = 64;
  const logPeak = logPosterior(middle, kept, of);
  for (let node = 0; node < nodes; node++) {
    const theta = from + ((to - from) * (node + 0.5)) / nodes;
    const weight = Math.exp(logPosterior(theta, kept, of) - logPeak);
    addBinomial(masses, kept, Math.sin(theta) ** (2 * exponent), weight);
  }
  const [lower, upper] = quantiles(masses, secured);
  const value = Math.max(secured, kept * (kept / of) ** exponent);
  return { value, lower: Math.min(value, lower), upper: Math.max(value, upper) };
}

/** ln of the density of θ under the Jeffreys posterior of sin²θ, up to a constant: the prior is uniform in θ. */
const logPosterior = (theta: number, kept: number, of: number): number =>
  2 * kept * Math.log(Math.sin(theta)) + (of === kept ? 0 : 2 * (of - kept) * Math.log(Math.cos(theta)));

/** Adds `weight` × Binomial(n, q), walked from its mode both ways until the rest is below 1e-17 of it. */
function addBinomial(masses: Float64Array, n: number, q: number, weight: number): void {
  const mode = Math.min(n, Math.floor((n + 1) * q));
  const odds = q / (1 - q);
  let first = mode;
  let total = 1;
  for (let mass = 1; first > 0; first--) {
    mass *= first / ((n - first + 1) * odds);
    if (mass < 1e-17) break;
    total += mass;
  }
  let last = mode;
  for (let mass = 1; last < n; last++) {
    mass *= ((n - last) * odds) / (last + 1);
    if (mass < 1e-17) break;
    total += mass;
  }
  const peak = weight / total;
  masses[mode]! += peak;
  for (let k = mode, mass = peak; k > first; k--) {
    mass *= k / ((n - k + 1) * odds);
    masses[k - 1]! += mass;
  }
  for (let k = mode, mass = peak; k < last; k++) {
    mass *= ((n - k) * odds) / (k + 1);
    masses[k + 1]! += mass;
  }
}

/**
 * The share at the end of what goes on being decided case by case: further cases go as those so far.
 *
 *     value = X/n        X of n went well
 *
 * The interval is that of (X + Y)/(n + m), Y beta-binomial (m, X + ½, n − X + ½): m cases are to come, n·R/T of them, or
 * √(m·(1 + R/T)) more or fewer as Poisson numbers go; the widest of the three is given. (With m alone 89 % held at 30
 * cases.) Cases are taken as independent; where one commune handles many of them in one way, it is too short.
 */
export function projectContinuing(input: {
  well: number;
  decided: number;
  elapsedDays: number;
  remainingDays: number;
}): Projection {
  const { well, decided, elapsedDays, remainingDays } = input;
  const value = well / decided;
  const ahead = remainingDays / elapsedDays;
  const spread = Math.sqrt(decided * ahead * (1 + ahead));
  const bounds = [-spread, 0, spread].map((off) => {
    const toCome = Math.max(0, Math.round(decided * ahead + off));
    const [least, most] = betaBinomialBounds(toCome, well + 0.5, decided - well + 0.5);
    return { lower: (well + least) / (decided + toCome), upper: (well + most) / (decided + toCome) };
  });
  return {
    value,
    lower: Math.min(value, ...bounds.map(({ lower }) => lower)),
    upper: Math.max(value, ...bounds.map(({ upper }) => upper)),
  };
}

function betaBinomialBounds(n: number, a: number, b: number): [number, number] {
  const masses = new Float64Array(n + 1);
  // ln of the masses up to a constant, each from the one before: (n − k)(k + a) / ((k + 1)(n − k − 1 + b))
  let logMass = 0;
  let peak = 0;
  for (let k = 0; k < n; k++) {
    logMass += Math.log(((n - k) * (k + a)) / ((k + 1) * (n - k - 1 + b)));
    masses[k + 1] = logMass;
    peak = Math.max(peak, logMass);
  }
  return quantiles(masses.map((log) => Math.exp(log - peak)));
}

/** The least k with P(K ≤ k | K ≥ least) ≥ 2.5 % and ≥ 97.5 %; the masses need not sum to 1. */
function quantiles(masses: Float64Array, least = 0): [number, number] {
  const most = masses.length - 1;
  let total = 0;
  for (let k = least; k <= most; k++) total += masses[k]!;
  let lower = total > 0 ? -1 : least;
  let sum = 0;
  for (let k = least; k < most; k++) {
    sum += masses[k]!;
    if (lower < 0 && sum >= LOWER_TAIL * total) lower = k;
    if (total > 0 && sum >= UPPER_TAIL * total) return [lower, k];
  }
  return [lower < 0 ? most : lower, most];
}
