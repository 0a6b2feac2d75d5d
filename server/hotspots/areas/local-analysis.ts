import { AnalysisInputError } from '../analysis-input-error.ts';
import { normalTwoSided } from '../normal-distribution.ts';
import { conditionalPermutation, permutationP } from './conditional-permutation.ts';
import { assuncaoReisZ, type RateModel } from './empirical-bayes.ts';
import { adjustedByBenjaminiHochberg, confidenceOf } from './false-discovery-rate.ts';
import { getisOrd } from './getis-ord.ts';
import { type GlobalMoran, globalMoran, localMoran, type Quadrant } from './moran.ts';
import {
  isSymmetric,
  neighbourCounts,
  rowStandardised,
  rowStandardisedWithSelf,
  type SpatialWeights,
  weightsAmong,
  withSelfWeights,
} from './weights.ts';

export type LocalStatistic = 'gi-star' | 'gi' | 'moran';

export type LocalOptions = {
  statistic: LocalStatistic;
  style: 'binary' | 'row';
  p: 'analytic' | 'permutation';
  /** Of local Moran's analytic z; Gi and Gi* have one. */
  moments: 'conditional' | 'total';
  /** Default: 9,999 up to 1,000 areas, else 99,999, so that the smallest p can pass the false-discovery rate. */
  permutations?: number;
  seed: number;
};

export type GetisOrdClass = `${'hot' | 'cold'}-${90 | 95 | 99}` | 'not-significant';
export type LocalClass = GetisOrdClass | Quadrant;

export type LocalArea = {
  /** Place in the input. */
  index: number;
  /** What was tested: the value, or the empirical-Bayes z of the rate. */
  value: number;
  /** The share Σw x/Σx of Gi and Gi*, or I_i; null where the share has no meaning. */
  statistic: number | null;
  /** Analytic z of the statistic; null where only the permutation could be made. */
  z: number | null;
  p: number;
  pHigh: number | null;
  pLow: number | null;
  pAdjusted: number;
  confidence: 90 | 95 | 99 | null;
  quadrant: Quadrant | null;
  /** Gi, Gi*: by the sign of z and the confidence. Moran: the quadrant where pAdjusted ≤ 0.05. */
  class: LocalClass;
};

export type LocalAnalysis = {
  /** Areas with a value: they make up the mean and the variance. */
  n: number;
  /** Tests made, the m of the false-discovery rate. */
  tested: number;
  notTestable: { index: number; reason: string }[];
  areas: LocalArea[];
  moran: GlobalMoran | { reason: string };
  rateModel: RateModel | null;
  /** Null with p = analytic. */
  permutations: number | null;
  /** In words, which p the areas carry: conditional permutation cannot test the part of Gi* that is x_i itself. */
  pShown: string;
  warnings: string[];
};

/**
 * Local and global association of values, or of rates when `denominators` are given (then the Assunção–Reis z is tested,
 * never the raw rate), under weights over all areas of the input.
 *
 * NaN in `values` or `denominators` marks what is missing; `missing[i]` says why and is null elsewhere. Areas without a value
 * leave the analysis with their links. Areas without neighbours stay in mean and variance, and are not tested. Everything
 * that is not tested comes back with its reason. Throws AnalysisInputError for counts below 0 or above their denominator.
 */
export function analyseLocal(
  input: {
    values: Float64Array;
    denominators: Float64Array | null;
    missing: readonly (string | null)[];
    weights: SpatialWeights;
    /** How messages name area i, e.g. "row 3". */
    label: (index: number) => string;
    valueField: string;
    denominatorField: string | null;
  },
  options: LocalOptions,
): LocalAnalysis {
  const notTestable: { index: number; reason: string }[] = [];
  const warnings: string[] = [];
  const kept: number[] = [];
  for (let i = 0; i < input.values.length; i++) {
    const reason = reasonWithoutValue(input, i);
    if (reason) notTestable.push({ index: i, reason });
    else kept.push(i);
  }
  const keptIndices = Int32Array.from(kept);
  const n = kept.length;
  const { values, model } = testedValues(input, keptIndices);
  const raw = weightsAmong(input.weights, keptIndices);
  const weights = styled(raw, options);
  const degrees = neighbourCounts(input.weights);
  addWarnings(warnings, n, raw, options);

  const test = testAreas(values, weights, options, input.valueField);
  const adjusted = adjustedByBenjaminiHochberg(test.p);
  const areas: LocalArea[] = [];
  for (let at = 0; at < n; at++) {
    const index = kept[at]!;
    if (test.reasons[at]) {
      const lost = test.reasons[at] === 'it has no neighbours' && degrees[index]! > 0;
      notTestable.push({ index, reason: lost ? 'none of its neighbours has a value' : test.reasons[at]! });
      continue;
    }
    areas.push(areaOf(index, at, values, test, adjusted[at]!, options.statistic));
  }
  notTestable.sort((a, b) => a.index - b.index);
  if (test.permutations !== null && areas.length > 0) {
    const smallest = 2 / (test.permutations + 1);
    if (smallest * areas.length > 0.05) {
      warnings.push(
        `With ${test.permutations} permutations the smallest p is ${smallest.toPrecision(3)}: over ${areas.length} areas a single one cannot pass a false-discovery rate of 5 %. Ask for at least ${40 * areas.length - 1} permutations, or for --p analytic.`,
      );
    }
  }
  return {
    n,
    tested: areas.length,
    notTestable,
    areas,
    moran: globalMoran(values, styled(raw, { ...options, statistic: 'moran' })),
    rateModel: model,
    permutations: test.permutations,
    pShown: pShown(options),
    warnings,
  };
}

function reasonWithoutValue(input: Parameters<typeof analyseLocal>[0], i: number): string | null {
  const missing = input.missing[i];
  if (missing) return missing;
  const value = input.values[i]!;
  if (Number.isNaN(value)) return `${input.valueField} is missing`;
  if (!input.denominators) return null;
  const denominator = input.denominators[i]!;
  if (value < 0 || denominator < 0) {
    throw new AnalysisInputError({
      field: value < 0 ? input.valueField : input.denominatorField!,
      row: input.label(i),
      problem: `the count ${value < 0 ? value : denominator} is negative.`,
      remedy: 'Correct the value, or empty the cell if it is not known.',
    });
  }
  if (Number.isNaN(denominator)) return `${input.denominatorField} is missing`;
  if (value > denominator) {
    throw new AnalysisInputError({
      field: input.valueField,
      row: input.label(i),
      problem: `${value} is more than its denominator ${input.denominatorField} ${denominator}.`,
      remedy:
        'Correct one of them: a rate cannot be above 1. For values that are no rate leave --denominator away.',
    });
  }
  return denominator === 0 ? `${input.denominatorField} is 0: there is no rate` : null;
}

function testedValues(
  input: Parameters<typeof analyseLocal>[0],
  kept: Int32Array,
): { values: Float64Array; model: RateModel | null } {
  const values = Float64Array.from(kept, (i) => input.values[i]!);
  if (!input.denominators || kept.length === 0) return { values, model: null };
  const denominators = Float64Array.from(kept, (i) => input.denominators![i]!);
  if (values.every((value) => value === 0)) return { values, model: { mean: 0, variance: 0 } };
  const { z, model } = assuncaoReisZ(values, denominators);
  return { values: z, model };
}

function styled(
  raw: SpatialWeights,
  options: { statistic: LocalStatistic; style: 'binary' | 'row' },
): SpatialWeights {
  // w_ii is stated in the scale of the weights as given, so it joins them before any row is standardised.
  if (options.statistic === 'gi-star') {
    return options.style === 'row' ? rowStandardisedWithSelf(raw) : withSelfWeights(raw);
  }
  return options.style === 'row' ? rowStandardised(raw) : raw;
}

type Tests = {
  statistic: Float64Array;
  z: Float64Array;
  p: Float64Array;
  pHigh: Float64Array | null;
  pLow: Float64Array | null;
  quadrants: Quadrant[] | null;
  reasons: (string | null)[];
  permutations: number | null;
};

function testAreas(
  values: Float64Array,
  weights: SpatialWeights,
  options: LocalOptions,
  valueField: string,
): Tests {
  const n = values.length;
  const moran = options.statistic === 'moran' ? localMoran(values, weights, options.moments) : null;
  const ord = options.statistic === 'moran' ? null : getisOrd(values, weights, options.statistic);
  const { statistic, z } = moran ?? ord!;
  const reasons = (moran ?? ord!).reasons.map(
    (reason) => reason?.replace('all values are equal', `all values of ${valueField} are equal`) ?? null,
  );
  const tests: Tests = {
    statistic,
    z,
    p: z.map(normalTwoSided),
    pHigh: null,
    pLow: null,
    quadrants: moran?.quadrants ?? null,
    reasons,
    permutations: null,
  };
  if (options.p === 'analytic') return tests;
  const permutations = options.permutations ?? (n <= 1000 ? 9999 : 99_999);
  const counts = conditionalPermutation(values, weights, permutations, options.seed);
  tests.permutations = permutations;
  tests.pHigh = new Float64Array(n);
  tests.pLow = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (reasons[i]) continue;
    // I_i rises with the lag where the area itself is above the mean, and falls where it is below.
    const falls = moran !== null && (moran.quadrants[i] === 'low-high' || moran.quadrants[i] === 'low-low');
    const high = falls ? counts.low[i]! : counts.high[i]!;
    const low = falls ? counts.high[i]! : counts.low[i]!;
    const { pHigh, pLow, p } = permutationP(high, low, permutations);
    tests.pHigh[i] = pHigh;
    tests.pLow[i] = pLow;
    tests.p[i] = p;
  }
  return tests;
}

function areaOf(
  index: number,
  at: number,
  values: Float64Array,
  test: Tests,
  pAdjusted: number,
  statistic: LocalStatistic,
): LocalArea {
  const z = test.z[at]!;
  const confidence = confidenceOf(pAdjusted);
  const quadrant = test.quadrants?.[at] ?? null;
  let label: LocalClass = 'not-significant';
  if (statistic === 'moran') {
    if (pAdjusted <= 0.05) label = quadrant!;
  } else if (confidence !== null) {
    // By permutation an area is hot where the lag is high, which can differ from the sign of Gi*, which counts x_i.
    const hot = test.pHigh ? test.pHigh[at]! < test.pLow![at]! : z > 0;
    label = `${hot ? 'hot' : 'cold'}-${confidence}`;
  }
  return {
    index,
    value: values[at]!,
    statistic: Number.isNaN(test.statistic[at]!) ? null : test.statistic[at]!,
    z: Number.isNaN(z) ? null : z,
    p: test.p[at]!,
    pHigh: test.pHigh?.[at] ?? null,
    pLow: test.pLow?.[at] ?? null,
    pAdjusted,
    confidence,
    quadrant,
    class: label,
  };
}

function pShown(options: LocalOptions): string {
  if (options.p === 'analytic') {
    const moments = options.statistic === 'moran' ? `, ${options.moments} moments` : '';
    return `two-sided, from the normal approximation of z${moments}`;
  }
  const conditional = 'two-sided, by conditional permutation of the neighbours with x_i held';
  return options.statistic === 'gi-star'
    ? `${conditional}: it tests the neighbours alone, as for Gi, since the part of Gi* that is x_i cannot be permuted`
    : conditional;
}

function addWarnings(warnings: string[], n: number, weights: SpatialWeights, options: LocalOptions): void {
  if (n < 30) {
    warnings.push(
      `Only ${n} areas have a value: the normal approximation needs about 30 (Getis & Ord 1992).`,
    );
  }
  const isolated = neighbourCounts(weights).filter((count) => count === 0).length;
  if (isolated > 0) {
    const named = isolated === 1 ? '1 area has' : `${isolated} areas have`;
    warnings.push(`${named} no neighbours with a value, and could not be tested.`);
  }
  if (!isSymmetric(weights)) {
    warnings.push(
      'The weights are not symmetric: some area counts another as a neighbour without being counted by it.',
    );
  }
  const self = weights.self;
  if (self?.some((value) => !Number.isNaN(value)) && options.statistic !== 'gi-star') {
    warnings.push(
      'Rows of the file of weights with id_i = id_j were left out: only Gi* counts the area itself.',
    );
  }
  const unequal = weights.values.some((value) => value !== 1);
  if (options.statistic === 'gi-star' && unequal && (!self || self.some(Number.isNaN))) {
    warnings.push(
      'The weights are not all 1; w_ii = 1 was taken for the areas themselves. Give rows with id_i = id_j for another weight.',
    );
  }
}
