/**
 * The two inner loops of the scan statistic as WebAssembly with 128-bit lanes: each lane is a replication of its own, so
 * 8 (or 4) worlds are scanned for the memory traffic of one. V8 does not vectorise JavaScript; the same loops there took
 * 6 times (circles) and 3.5 times (cylinders) as long. The code is written as lists of instructions, some thirty a loop, and
 * encoded here (WebAssembly Core Specification 2.0, section 5): a toolchain for two loops would weigh more than they do.
 */

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const I32 = 0x7f;
const V128 = 0x7b;

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const i32 = (value: number) => [0x41, ...signed(value)];
const block = [0x02, 0x40];
const loop = [0x03, 0x40];
const when = [0x04, 0x40];
const end = [0x0b];
const branch = (depth: number) => [0x0c, depth];
const branchIf = (depth: number) => [0x0d, depth];
const leave = [0x0f];
const load16 = (offset: number) => [0x2f, 1, ...unsigned(offset)];
const add = [0x6a];
const shiftLeft = [0x74];
const atLeast = [0x4f];
const below = [0x49];
const simd = (code: number) => [0xfd, ...unsigned(code)];
const loadLanes = (offset: number) => [...simd(0x00), 4, ...unsigned(offset)];
const loadFloatInAllLanes = [...simd(0x09), 2, 0];
const storeLanes = (offset: number) => [...simd(0x0b), 4, ...unsigned(offset)];
const anyTrue = simd(0x53);
const either = simd(0x50);
const floatAdd = simd(0xe4);
const floatSubtract = simd(0xe5);
const floatMultiply = simd(0xe6);
const floatLesser = simd(0xea);
const floatGreater = simd(0xeb);
const INTEGER_LANES = {
  8: { add: simd(0x8e), atLeast: simd(0x36) },
  4: { add: simd(0xae), atLeast: simd(0x40) },
} as const;

export type LaneCount = 4 | 8;

/**
 * next(members, bins, block, blocks, thresholds, held) → block: walks blocks of 8 members from `block`, adding their lanes of
 * cases (a table of 16 bytes a location, at address 0) to the lanes held; stops at the first block within which some lane
 * reaches the threshold of a member's bin (16 bytes a bin), and returns it, or `blocks`. At `held` are what was held before
 * that block, then what is held after it; it begins from the latter.
 *
 * One comparison a block, as the scalar loop makes it, took two thirds of the time here but stopped so often for nothing that
 * a replication took 1.7 times as long: 8 members bring 88 cases, two standard deviations of a circle of 2,000.
 */
export type NextBlock = (
  members: number,
  bins: number,
  block: number,
  blocks: number,
  thresholds: number,
  held: number,
) => number;

export function compileNextBlock(memory: WebAssembly.Memory, lanes: LaneCount): NextBlock {
  const [members, bins, at, blocks, thresholds, held, address, binAddress, before, after, reached] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ];
  const whole = INTEGER_LANES[lanes];
  const eightMembers = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((member) => [
    ...[...get(after), ...get(address), ...load16(2 * member), ...i32(4), ...shiftLeft, ...loadLanes(0)],
    ...[...whole.add, ...tee(after)],
    ...[...get(thresholds), ...get(binAddress), ...load16(2 * member), ...i32(4), ...shiftLeft, ...add],
    ...[...loadLanes(0), ...whole.atLeast],
    ...(member === 0 ? [] : [...get(reached), ...either]),
    ...set(reached),
  ]);
  const body = [
    ...[...get(held), ...loadLanes(16), ...set(before)],
    ...block,
    ...loop,
    ...[...get(at), ...get(blocks), ...atLeast, ...branchIf(1)],
    ...[...get(members), ...get(at), ...i32(4), ...shiftLeft, ...add, ...set(address)],
    ...[...get(bins), ...get(at), ...i32(4), ...shiftLeft, ...add, ...set(binAddress)],
    ...[...get(before), ...set(after), ...eightMembers],
    ...[...get(reached), ...anyTrue],
    ...when,
    ...[...get(held), ...get(before), ...storeLanes(0), ...get(held), ...get(after), ...storeLanes(16)],
    ...[...get(at), ...leave],
    ...end,
    ...[...get(after), ...set(before), ...get(at), ...i32(1), ...add, ...set(at), ...branch(0)],
    ...end,
    ...end,
    ...get(blocks),
  ];
  return instantiate(memory, { parameters: 6, result: true, integers: 2, vectors: 3, body }) as NextBlock;
}

/**
 * rise(series, seriesEnd, cells, shares, scale, greatest): adds the lanes of `cells` to those of `series`, interval by
 * interval, and stores at `greatest`, for each lane, the greatest rise of series − scale·share from any interval, or the
 * start, to a later one. Floats: 16 bytes an interval, 4 for a share.
 */
export type AddAndFindRise = (
  series: number,
  seriesEnd: number,
  cells: number,
  shares: number,
  scale: number,
  greatest: number,
) => void;

export function compileAddAndFindRise(memory: WebAssembly.Memory): AddAndFindRise {
  const [series, seriesEnd, cells, shares, scale, greatestAt, factor, value, least, greatest] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ];
  const step = (pointer: number, bytes: number) => [...get(pointer), ...i32(bytes), ...add, ...set(pointer)];
  const body = [
    ...[...get(scale), ...loadLanes(0), ...set(factor)],
    ...loop,
    ...[...get(series), ...get(series), ...loadLanes(0), ...get(cells), ...loadLanes(0), ...floatAdd],
    ...[...tee(value), ...storeLanes(0)],
    ...[...get(value), ...get(factor), ...get(shares), ...loadFloatInAllLanes, ...floatMultiply],
    ...[...floatSubtract, ...tee(value), ...get(least), ...floatLesser, ...set(least)],
    ...[...get(value), ...get(least), ...floatSubtract, ...get(greatest), ...floatGreater, ...set(greatest)],
    ...[...step(cells, 16), ...step(shares, 4), ...step(series, 16)],
    ...[...get(series), ...get(seriesEnd), ...below, ...branchIf(0)],
    ...end,
    ...[...get(greatestAt), ...get(greatest), ...storeLanes(0)],
  ];
  return instantiate(memory, {
    parameters: 6,
    result: false,
    integers: 0,
    vectors: 4,
    body,
  }) as AddAndFindRise;
}

type Loop = { parameters: number; result: boolean; integers: number; vectors: number; body: number[] };

/** A module of one function, "run", over a memory that is given. */
function instantiate(memory: WebAssembly.Memory, code: Loop): unknown {
  const type = [0x60, code.parameters, ...new Array<number>(code.parameters).fill(I32)];
  const locals = [
    ...(code.integers > 0 ? [code.integers, I32] : []),
    ...(code.vectors > 0 ? [code.vectors, V128] : []),
  ];
  const compiled = [locals.length / 2, ...locals, ...code.body, ...end];
  const bytes = [
    ...MAGIC,
    ...section(1, [1, ...type, ...(code.result ? [1, I32] : [0])]),
    ...section(2, [1, ...name('e'), ...name('m'), 0x02, 0x00, 0x01]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('run'), 0x00, 0]),
    ...section(10, [1, ...unsigned(compiled.length), ...compiled]),
  ];
  const module = new WebAssembly.Module(Uint8Array.from(bytes));
  return new WebAssembly.Instance(module, { e: { m: memory } }).exports.run;
}

function section(id: number, content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function name(text: string): number[] {
  return [text.length, ...Array.from(text, (letter) => letter.charCodeAt(0))];
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>>= 7;
  } while (left > 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (;;) {
    const byte = left & 0x7f;
    left >>= 7;
    const last = (left === 0 && (byte & 0x40) === 0) || (left === -1 && (byte & 0x40) !== 0);
    bytes.push(last ? byte : byte | 0x80);
    if (last) return bytes;
  }
}

const PAGE = 65536;

export function memoryOf(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  return new WebAssembly.Memory({ initial: pages, maximum: pages });
}
