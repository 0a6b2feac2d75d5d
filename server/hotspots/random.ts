/**
 * Seeded pseudo-random numbers: xoshiro128** 1.1 (Blackman & Vigna 2021, "Scrambled linear pseudorandom number
 * generators", ACM TOMS 47(4)), period 2^128 − 1, passes BigCrush, and needs only 32-bit integer operations, which
 * JavaScript engines keep in registers (a 64-bit generator over BigInt is some 50 times slower).
 *
 * The state is a plain Int32Array of four words, so that the hot loops call top-level functions on it and create no
 * closures.
 *
 * Streams: `createRandom(seed, a, b, …)` hashes the seed and any number of stream numbers into 128 bits of state. A
 * method gives one stream to each unit of work (a replication, a block of areas), never to each thread, so its result
 * does not depend on the number of threads.
 */
export type Random = Int32Array;

const TWO_POW_32 = 4294967296;

/**
 * A generator for one stream of a seed. `seed` and each stream number: integers from 0 to 2^53 − 1.
 * Equal arguments give equal sequences on every platform; throws RangeError for anything that is not such an integer.
 */
export function createRandom(seed: number, ...streams: number[]): Random {
  const state = new Int32Array([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667]);
  absorb(state, seed);
  for (const stream of streams) absorb(state, stream);
  for (let round = 0; round < 12; round++) nextInt32(state);
  return state;
}

function absorb(state: Int32Array, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`A seed or stream must be an integer from 0 to 2^53 − 1, not ${value}.`);
  }
  const low = value | 0;
  const high = Math.floor(value / TWO_POW_32) | 0;
  state[0] = mix(state[0]! ^ low);
  state[1] = mix(state[1]! ^ high ^ state[0]!);
  state[2] = mix((state[2]! + Math.imul(low, 0x85ebca6b)) ^ state[1]!);
  state[3] = mix((state[3]! + Math.imul(high, 0xc2b2ae35)) ^ state[2]!);
  state[0] = mix(state[0]! + state[3]!);
  if ((state[0]! | state[1]! | state[2]! | state[3]!) === 0) state[0] = 1;
}

/** The finaliser of MurmurHash3: a bijection of 32-bit words in which every input bit reaches every output bit. */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The next 32 random bits as a signed integer. */
export function nextInt32(state: Random): number {
  const s1 = state[1]!;
  const product = Math.imul(s1, 5);
  const result = Math.imul((product << 7) | (product >>> 25), 9);
  const shifted = s1 << 9;
  const s2 = state[2]! ^ state[0]!;
  const s3 = state[3]! ^ s1;
  state[1] = s1 ^ s2;
  state[0] = state[0]! ^ s3;
  state[2] = s2 ^ shifted;
  state[3] = (s3 << 11) | (s3 >>> 21);
  return result;
}

/** The next 32 random bits as an integer from 0 to 2^32 − 1. */
export function nextUint32(state: Random): number {
  return nextInt32(state) >>> 0;
}

/** Uniform on [0, 1) with all 53 bits of a double. */
export function nextUniform(state: Random): number {
  const high = nextInt32(state) >>> 5;
  const low = nextInt32(state) >>> 6;
  return (high * 67108864 + low) / 9007199254740992;
}

/**
 * Uniform integer from 0 to count − 1, without bias (Lemire 2019, "Fast random integer generation in an interval"):
 * the product fits a double exactly up to 2^21, beyond which 53 bits are used and the bias is below count / 2^53.
 */
export function nextBelow(state: Random, count: number): number {
  if (count > 2097152) return Math.floor(nextUniform(state) * count);
  let product = (nextInt32(state) >>> 0) * count;
  let high = Math.floor(product / TWO_POW_32);
  let low = product - high * TWO_POW_32;
  if (low < count) {
    const threshold = TWO_POW_32 % count;
    while (low < threshold) {
      product = (nextInt32(state) >>> 0) * count;
      high = Math.floor(product / TWO_POW_32);
      low = product - high * TWO_POW_32;
    }
  }
  return high;
}

/** Standard normal variate (Marsaglia's polar method; the second variate of each pair is dropped to stay stateless). */
export function nextNormal(state: Random): number {
  for (;;) {
    const u = 2 * nextUniform(state) - 1;
    const v = 2 * nextUniform(state) - 1;
    const square = u * u + v * v;
    if (square > 0 && square < 1) return u * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/** Shuffles the array in place (Durstenfeld's version of Fisher–Yates): each order is equally likely. */
export function shuffle(state: Random, items: Int32Array | Float64Array): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = nextBelow(state, last + 1);
    const held = items[last]!;
    items[last] = items[other]!;
    items[other] = held;
  }
}
