/**
 * The incomplete beta function and the quantiles that rest on it: Student's t and the negative binomial distribution.
 * Relative error about 1e-12 for small parameters and 1e-9 up to 10⁶, where differences of ln Γ lose digits.
 */

// Lanczos's approximation with g = 607/128 and 15 terms, in Godfrey's coefficients: error below 1e-15 for x > 0.
const LANCZOS_G = 607 / 128;
const LANCZOS = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
  3.399464998481189e-5, 4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125,
  -0.00021026444172410488, 0.00021743961811521265, -0.0001643181065367639, 8.441822398385275e-5,
  -2.6190838401581408e-5, 3.6899182659531625e-6,
];

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`ln Γ is wanted at ${x}; x > 0 is needed.`);
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x - 1 + i);
  const shifted = x - 0.5 + LANCZOS_G;
  return (x - 0.5) * Math.log(shifted) - shifted + Math.log(Math.sqrt(2 * Math.PI) * sum);
}

/**
 * I_x(a, b), the distribution function of Beta(a, b) at x, a and b > 0.
 *
 * Continued fraction of DiDonato & Morris (1992), ACM TOMS 18, 360–373, evaluated by Lentz's method; it needs about
 * √max(a, b) steps on the side where x is below the mean, so the other side is taken by symmetry.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a),
  );
  const tiny = 1e-300;
  const awayFromZero = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) return front * fraction;
  }
  throw new Error(`The incomplete beta function did not settle at x = ${x}, a = ${a}, b = ${b}.`);
}

/** The t with P(T ≤ t) = p for Student's distribution, 0.5 < p < 1. */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  // P(T > t) = I_x(ν/2, 1/2) / 2 with x = ν/(ν + t²)
  const x = rootOfRising(0, 1, (at) => incompleteBeta(at, degreesOfFreedom / 2, 0.5) / 2 - (1 - p));
  return Math.sqrt((degreesOfFreedom * (1 - x)) / x);
}

/**
 * The point k at which the distribution function of the negative binomial reaches p, on its continuous extension
 * I_s(shape, k + 1): the least whole number that is not below it is the quantile. Never below −1.
 *
 * @param shape successes waited for, > 0, not necessarily whole. @param success their probability, 0 to 1.
 */
export function negativeBinomialQuantile(p: number, shape: number, success: number): number {
  const beyond = (k: number) => (k <= -1 ? -p : incompleteBeta(success, shape, k + 1) - p);
  // Cornish and Fisher's expansion lands within a fraction of the spread; the bounds widen from there until they hold it.
  const mean = (shape * (1 - success)) / success;
  const spread = Math.sqrt(mean / success);
  const skewness = (2 - success) / Math.sqrt(shape * (1 - success));
  const z = normalQuantileRoughly(p);
  const guess = Math.max(-1, mean + spread * (z + (skewness * (z * z - 1)) / 6) - 0.5);
  let step = 0.05 * spread + 0.05;
  let least = Math.max(-1, guess - step);
  while (beyond(least) > 0) {
    step *= 3;
    least = Math.max(-1, least - step);
  }
  step = 0.05 * spread + 0.05;
  let most = guess + step;
  while (beyond(most) < 0) {
    step *= 3;
    most += step;
  }
  return rootOfRising(least, most, beyond);
}

/** Within 0.003 (Hastings 1955; Abramowitz & Stegun 26.2.22): where a search begins, never an answer. */
function normalQuantileRoughly(p: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)));
  const magnitude = t - (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t));
  return p < 0.5 ? -magnitude : magnitude;
}

/**
 * The root of a rising function between two bounds: regula falsi in the Illinois version (Dowell & Jarratt 1971), with a
 * halving at every third step, so that it ends wherever the function is flat.
 */
function rootOfRising(least: number, most: number, rising: (at: number) => number): number {
  let [low, high] = [least, most];
  let [below, above] = [rising(low), rising(high)];
  let side = 0;
  for (let step = 0; step < 200; step++) {
    const width = high - low;
    if (width <= 1e-12 * Math.max(1, Math.abs(high))) break;
    const secant = high - (above * width) / (above - below);
    const at = step % 3 === 2 || !(secant > low && secant < high) ? (low + high) / 2 : secant;
    const value = rising(at);
    if (Math.abs(value) < 1e-13) return at;
    if (value < 0) {
      [low, below] = [at, value];
      if (side < 0) above /= 2;
      side = -1;
    } else {
      [high, above] = [at, value];
      if (side > 0) below /= 2;
      side = 1;
    }
  }
  return (low + high) / 2;
}
