/**
 * The standard normal distribution, to about 1e-15 relative in both tails.
 *
 * Source: W. J. Cody (1969), "Rational Chebyshev approximations for the error function", Math. Comp. 23, 631–637, in
 * the three ranges and with the coefficients of ANORM in his SPECFUN (ACM TOMS 19, 1993), which R's pnorm uses too.
 */

const SMALL_NUMERATOR = [
  2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356, 0.06568233791820745,
];
const SMALL_DENOMINATOR = [47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673];
const MIDDLE_NUMERATOR = [
  0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002, 2494.5375852903726,
  6848.190450536283, 11602.65143764735, 9842.714838383978, 1.0765576773720192e-8,
];
const MIDDLE_DENOMINATOR = [
  22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
  34900.95272114598, 38912.00328609327, 19685.429676859992,
];
const FAR_NUMERATOR = [
  0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934, 2.9112874951168793e-5,
  0.023073441764940174,
];
const FAR_DENOMINATOR = [
  1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824, 7.297515550839662e-5,
];

const SQRT_32 = 5.656854249492381;
const ONE_OVER_SQRT_2_PI = 0.3989422804014327;

/** P(Z ≤ z). NaN gives NaN. */
export function normalCdf(z: number): number {
  return z > 0 ? 1 - upperTailOfMagnitude(z) : upperTailOfMagnitude(-z);
}

/** P(Z > z), without the cancellation of 1 − cdf: upperTail(38) is 2.9e-316, not 0. */
export function normalUpperTail(z: number): number {
  return z < 0 ? 1 - upperTailOfMagnitude(-z) : upperTailOfMagnitude(z);
}

/** P(|Z| ≥ |z|), at most 1. */
export function normalTwoSided(z: number): number {
  return 2 * upperTailOfMagnitude(Math.abs(z));
}

/** P(Z > x) for x ≥ 0. */
function upperTailOfMagnitude(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0.67448975) {
    const square = x * x;
    let numerator = SMALL_NUMERATOR[4]! * square;
    let denominator = square;
    for (let i = 0; i < 3; i++) {
      numerator = (numerator + SMALL_NUMERATOR[i]!) * square;
      denominator = (denominator + SMALL_DENOMINATOR[i]!) * square;
    }
    return 0.5 - (x * (numerator + SMALL_NUMERATOR[3]!)) / (denominator + SMALL_DENOMINATOR[3]!);
  }
  if (x <= SQRT_32) {
    let numerator = MIDDLE_NUMERATOR[8]! * x;
    let denominator = x;
    for (let i = 0; i < 7; i++) {
      numerator = (numerator + MIDDLE_NUMERATOR[i]!) * x;
      denominator = (denominator + MIDDLE_DENOMINATOR[i]!) * x;
    }
    return expOfHalfSquare(x) * ((numerator + MIDDLE_NUMERATOR[7]!) / (denominator + MIDDLE_DENOMINATOR[7]!));
  }
  if (x > 38.6) return 0;
  const inverse = 1 / (x * x);
  let numerator = FAR_NUMERATOR[5]! * inverse;
  let denominator = inverse;
  for (let i = 0; i < 4; i++) {
    numerator = (numerator + FAR_NUMERATOR[i]!) * inverse;
    denominator = (denominator + FAR_DENOMINATOR[i]!) * inverse;
  }
  const correction = (inverse * (numerator + FAR_NUMERATOR[4]!)) / (denominator + FAR_DENOMINATOR[4]!);
  return (expOfHalfSquare(x) * (ONE_OVER_SQRT_2_PI - correction)) / x;
}

/** exp(−x²/2) with x² split at 1/16, so that rounding of the square does not cost digits in the far tail. */
function expOfHalfSquare(x: number): number {
  const coarse = Math.trunc(x * 16) / 16;
  const rest = (x - coarse) * (x + coarse);
  return Math.exp(-0.5 * coarse * coarse) * Math.exp(-0.5 * rest);
}
