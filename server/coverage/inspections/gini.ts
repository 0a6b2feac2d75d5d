/**
 * How unevenly something is spread: the Gini coefficient and the Lorenz curve that it measures.
 *
 * - Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. Publications of the American Statistical
 *   Association 9(70), 209–219.
 * - Gini, C. (1912). Variabilità e mutabilità. Bologna: Cuppini.
 * - Dixon, P. M., Weiner, J., Mitchell-Olds, T. & Woodley, R. (1987). Bootstrapping the Gini coefficient of inequality.
 *   Ecology 68(5), 1548–1551.
 *
 * Small samples: n units cannot be more uneven than (n − 1)/n, and the sample's coefficient is biased downwards; Dixon et
 * al. multiply by n/(n − 1). It is left as it is here: these are all establishments and not a sample of them, and what it
 * is held against (`dealByLot`) has the same n.
 */

/**
 * G = Σ(2i − n − 1)·x_i / (n·Σx), x ascending and i from 1: half the mean absolute difference between two units (drawn with
 * replacement) over their mean.
 *
 * @param values at least 0 each, in any order.
 * @returns 0 when all are equal to (n − 1)/n when one has all; null without units or when nothing is spread. Throws RangeError
 *   for a negative or non-finite value.
 */
export function gini(values: readonly number[]): number | null {
  refuseUnspreadable(values, 'value');
  const ascending = [...values].sort((one, other) => one - other);
  const n = ascending.length;
  let sum = 0;
  let ranked = 0;
  ascending.forEach((value, index) => {
    sum += value;
    ranked += (2 * (index + 1) - n - 1) * value;
  });
  return sum === 0 ? null : within(ranked / (n * sum));
}

/**
 * The same for units that stand for several each: Σ_i Σ_j w_i·w_j·|x_i − x_j| / (2·W²·μ), with W = Σw and μ the weighted
 * mean. A value of weight 3 counts as three units that have it.
 *
 * @param values what one unit has, at least 0; e.g. a commune's inspections per establishment.
 * @param weights how many units there are of each, at least 0; e.g. its establishments. Units of weight 0 do not count.
 * @returns as `gini`.
 */
export function weightedGini(values: readonly number[], weights: readonly number[]): number | null {
  refuseUnspreadable(values, 'value');
  refuseUnspreadable(weights, 'weight');
  if (values.length !== weights.length) throw new RangeError('There must be one weight for each value.');
  const ascending = values.map((_, index) => index).sort((one, other) => values[one]! - values[other]!);
  let units = 0;
  let sum = 0;
  // each unit ranks at the middle of those that it stands for: rank − (W + 1)/2 is the (2i − n − 1)/2 above
  let ranked = 0;
  for (const index of ascending) {
    const weight = weights[index]!;
    const amount = weight * values[index]!;
    ranked += amount * (2 * units + weight);
    units += weight;
    sum += amount;
  }
  return sum === 0 ? null : within((ranked - units * sum) / (units * sum));
}

/**
 * The Lorenz curve: what share of the whole the least-provided share of units has.
 *
 * @param most how many points at most, at least 2. With more units than that the curve is read off at even steps, which
 *   can only draw it nearer to the diagonal.
 * @returns from [0, 0] to [1, 1]: share of units, share of the whole; empty where `weightedGini` is null.
 */
export function lorenzCurve(
  values: readonly number[],
  weights: readonly number[],
  most = 101,
): [number, number][] {
  if (weightedGini(values, weights) === null) return [];
  const ascending = values.map((_, index) => index).sort((one, other) => values[one]! - values[other]!);
  const units = weights.reduce((total, weight) => total + weight, 0);
  const whole = values.reduce((total, value, index) => total + value * weights[index]!, 0);
  const curve: [number, number][] = [[0, 0]];
  let soFar = 0;
  let had = 0;
  ascending.forEach((index, position) => {
    soFar += weights[index]!;
    had += weights[index]! * values[index]!;
    const next = ascending[position + 1];
    // equal values make one straight piece
    if (next !== undefined && values[next] === values[index]) return;
    curve.push([soFar / units, had / whole]);
  });
  curve[curve.length - 1] = [1, 1];
  return curve.length <= most ? curve : readOff(curve, most);
}

function readOff(curve: readonly [number, number][], points: number): [number, number][] {
  let piece = 1;
  return Array.from({ length: points }, (_, step) => {
    const at = step / (points - 1);
    while (piece < curve.length - 1 && curve[piece]![0] < at) piece++;
    const [fromX, fromY] = curve[piece - 1]!;
    const [toX, toY] = curve[piece]!;
    const part = toX === fromX ? 1 : Math.min(1, (at - fromX) / (toX - fromX));
    return [at, fromY + part * (toY - fromY)];
  });
}

function refuseUnspreadable(numbers: readonly number[], what: string): void {
  const wrong = numbers.find((number) => !(number >= 0 && number < Number.POSITIVE_INFINITY));
  if (wrong !== undefined) throw new RangeError(`A ${what} must be a number of at least 0, not ${wrong}.`);
}

/** Rounding may leave −1e−17 where all are equal. */
const within = (coefficient: number) => Math.min(1, Math.max(0, coefficient));
