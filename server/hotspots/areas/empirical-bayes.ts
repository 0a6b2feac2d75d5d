import type { SpatialWeights } from './weights.ts';

/**
 * Empirical Bayes for rates: `cases` over `population`, area by area. All counts are finite, cases ≥ 0 and population > 0:
 * the caller has set aside the areas where that fails.
 */
export type RateModel = {
  /** b: all cases over the whole population. */
  mean: number;
  /** a: the variance of the true rates between areas, by moments, 0 when chance alone explains the spread. */
  variance: number;
};

/**
 * The method of moments of Marshall (1991, Applied Statistics 40, 283–294): b = Σn/ΣP, a = ΣP(r − b)²/ΣP − b/P̄, and a negative
 * estimate becomes 0.
 */
export function rateModel(cases: Float64Array, population: Float64Array): RateModel {
  const n = cases.length;
  let allCases = 0;
  let allPopulation = 0;
  for (let i = 0; i < n; i++) {
    allCases += cases[i]!;
    allPopulation += population[i]!;
  }
  const mean = allCases / allPopulation;
  let spread = 0;
  for (let i = 0; i < n; i++) {
    const difference = cases[i]! / population[i]! - mean;
    spread += population[i]! * difference * difference;
  }
  return { mean, variance: Math.max(0, spread / allPopulation - mean / (allPopulation / n)) };
}

/**
 * The standardised rate of Assunção & Reis (1999, Statistics in Medicine 18, 2147–2162): z = (r − b)/√(a + b/P), whose
 * variance is the same everywhere, so that areas of few people do not look extreme by chance. To be fed to Gi* and
 * Moran in place of the rate. Throws RangeError when there are no cases at all: every rate is then 0 and z is undefined.
 */
export function assuncaoReisZ(
  cases: Float64Array,
  population: Float64Array,
): { z: Float64Array; model: RateModel } {
  const model = rateModel(cases, population);
  if (!(model.mean > 0)) throw new RangeError('there are no cases in any area');
  const z = new Float64Array(cases.length);
  for (let i = 0; i < z.length; i++) {
    const rate = cases[i]! / population[i]!;
    z[i] = (rate - model.mean) / Math.sqrt(model.variance + model.mean / population[i]!);
  }
  return { z, model };
}

/** Marshall's estimate for a map: each rate drawn towards the mean of all by as much as its population is small. */
export function marshallGlobal(
  cases: Float64Array,
  population: Float64Array,
): { estimates: Float64Array; model: RateModel } {
  const model = rateModel(cases, population);
  const estimates = new Float64Array(cases.length);
  for (let i = 0; i < estimates.length; i++) {
    estimates[i] = shrunk(cases[i]! / population[i]!, population[i]!, model.mean, model.variance);
  }
  return { estimates, model };
}

/**
 * About what the local variance is taken in an area's neighbourhood:
 * - `each-mean`: every rate about the mean of its own neighbourhood, as Bailey & Gatrell (1995, 305–307) read Marshall; what
 *   spdep's EBlocal and PySAL compute;
 * - `one-mean`: all of them about the mean of the neighbourhood in question; what GeoDa computes.
 */
export type LocalVariance = 'each-mean' | 'one-mean';

/**
 * Marshall's local estimate: mean and variance from the area and its neighbours (the weights' values do not matter, each
 * counts by its population). An area without neighbours keeps its raw rate; the caller should say so.
 * Never feed the result to Gi* or Moran: neighbouring estimates share data and would look like a cluster.
 */
export function marshallLocal(
  cases: Float64Array,
  population: Float64Array,
  weights: SpatialWeights,
  localVariance: LocalVariance = 'each-mean',
): { estimates: Float64Array; means: Float64Array; variances: Float64Array } {
  const n = cases.length;
  const means = new Float64Array(n);
  const populations = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let nearCases = cases[i]!;
    let nearPopulation = population[i]!;
    for (let at = weights.offsets[i]!; at < weights.offsets[i + 1]!; at++) {
      nearCases += cases[weights.neighbours[at]!]!;
      nearPopulation += population[weights.neighbours[at]!]!;
    }
    means[i] = nearCases / nearPopulation;
    populations[i] = nearPopulation;
  }
  const variances = new Float64Array(n);
  const estimates = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let spread = squaredDifference(cases, population, i, means[i]!);
    for (let at = weights.offsets[i]!; at < weights.offsets[i + 1]!; at++) {
      const j = weights.neighbours[at]!;
      spread += squaredDifference(
        cases,
        population,
        j,
        localVariance === 'each-mean' ? means[j]! : means[i]!,
      );
    }
    const size = weights.offsets[i + 1]! - weights.offsets[i]! + 1;
    variances[i] = Math.max(0, spread / populations[i]! - means[i]! / (populations[i]! / size));
    estimates[i] = shrunk(cases[i]! / population[i]!, population[i]!, means[i]!, variances[i]!);
  }
  return { estimates, means, variances };
}

function squaredDifference(
  cases: Float64Array,
  population: Float64Array,
  area: number,
  mean: number,
): number {
  const difference = cases[area]! / population[area]! - mean;
  return population[area]! * difference * difference;
}

function shrunk(rate: number, population: number, mean: number, variance: number): number {
  if (variance === 0) return mean;
  return mean + ((rate - mean) * variance) / (variance + mean / population);
}
