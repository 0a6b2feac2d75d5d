import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { conditionalPermutation, permutationP } from '../server/hotspots/areas/conditional-permutation.ts';
import { contiguityWeights } from '../server/hotspots/areas/contiguity.ts';
import { adjustedByBenjaminiHochberg } from '../server/hotspots/areas/false-discovery-rate.ts';
import { getisOrd } from '../server/hotspots/areas/getis-ord.ts';
import { globalMoran, localMoran } from '../server/hotspots/areas/moran.ts';
import { rowStandardised, type SpatialWeights, withSelfWeights } from '../server/hotspots/areas/weights.ts';
import { normalTwoSided } from '../server/hotspots/normal-distribution.ts';
import { createRandom, nextUniform } from '../server/hotspots/random.ts';

const SIZES = [129, 1000, 3321, 10_000];
const RUNS = 15;
/** Fewer, since jsgeoda keeps the weights of a map and needs a new one for each run. */
const WEIGHT_RUNS = 5;

type Row = [string, ...string[]];

/**
 * Times the statistics of areas beside jsgeoda (GeoDa's library in WebAssembly) in the same run, on one thread, and
 * prints tables: medians of runs that take turns, after one to warm up. Areas are bricks with wavy edges (80 vertices each), six neighbours inside.
 */
export async function benchLocal(): Promise<void> {
  const worlds = SIZES.map((size) => bricks(size));
  const peer = await startPeer();
  const ours: Row[] = [];
  const figures: {
    queen: number;
    permuted: number;
    analytic: number;
    queenPeer: number;
    permutedPeer: number;
  }[] = [];
  for (const world of worlds) {
    let weights: SpatialWeights | null = null;
    const theirs = peer(world);
    const [queen, queenPeer] = medians(WEIGHT_RUNS, [
      () => {
        weights = contiguityWeights(world.areas, 'queen', 1e-6);
      },
      theirs.queen,
    ]) as [number, number];
    const withSelf = withSelfWeights(weights!);
    const [permuted, permutedPeer, analytic] = medians(RUNS, [
      () => giStarPermuted(world.values, withSelf, 999),
      theirs.permuted,
      () => analyticAll(world.values, weights!),
    ]) as [number, number, number];
    figures.push({ queen, permuted, analytic, queenPeer, permutedPeer });
    ours.push([
      String(world.areas.length),
      milliseconds(permuted),
      milliseconds(permutedPeer),
      (permuted / permutedPeer).toFixed(3),
      milliseconds(queen),
      milliseconds(queenPeer),
      (queen / queenPeer).toFixed(3),
      milliseconds(analytic),
    ]);
  }
  const columns: (keyof (typeof figures)[number])[] = [
    'permuted',
    'permutedPeer',
    'queen',
    'queenPeer',
    'analytic',
  ];
  const slopes = columns.map((column) =>
    exponent(
      SIZES,
      figures.map((figure) => figure[column]),
    ).toFixed(2),
  );
  ours.push(['exponent', slopes[0]!, slopes[1]!, '', slopes[2]!, slopes[3]!, '', slopes[4]!]);
  console.log(
    'Areas, one thread; ms, medians of runs in turn; jsgeoda 0.2.3 in the same run (Gi* to reach: ratio ≤ 0.2 at 3,321)',
  );
  printTable([
    [
      'areas',
      'Gi* × 999',
      'jsgeoda',
      'ratio',
      'queen weights',
      'jsgeoda',
      'ratio',
      'Gi*, Moran and FDR, analytic',
    ],
    ...ours,
  ]);
  const world = worlds[2]!;
  const withSelf = withSelfWeights(contiguityWeights(world.areas, 'queen', 1e-6));
  const rows: Row[] = [['permutations of 3,321 areas', 'equal weights', 'unequal weights']];
  const unequal = { ...withSelf, values: withSelf.values.map((_, at) => 1 + (at % 7) / 10) };
  for (const permutations of [999, 9999, 99_999]) {
    const [equalTime] = medians(5, [() => giStarPermuted(world.values, withSelf, permutations)]) as [number];
    const unequalTime =
      permutations > 9999
        ? null
        : medians(3, [() => giStarPermuted(world.values, unequal, permutations)])[0]!;
    rows.push([
      String(permutations),
      milliseconds(equalTime),
      unequalTime === null ? '' : milliseconds(unequalTime),
    ]);
  }
  printTable(rows);
}

function giStarPermuted(values: Float64Array, weights: SpatialWeights, permutations: number): Float64Array {
  const { reasons } = getisOrd(values, weights, 'gi-star');
  const counts = conditionalPermutation(values, weights, permutations, 1);
  const p = Float64Array.from(reasons, (reason, i) =>
    reason ? Number.NaN : permutationP(counts.high[i]!, counts.low[i]!, permutations).p,
  );
  return adjustedByBenjaminiHochberg(p);
}

function analyticAll(values: Float64Array, weights: SpatialWeights): Float64Array {
  const rows = rowStandardised(weights);
  globalMoran(values, rows);
  localMoran(values, rows, 'conditional');
  return adjustedByBenjaminiHochberg(
    getisOrd(values, withSelfWeights(weights), 'gi-star').z.map(normalTwoSided),
  );
}

type World = { areas: number[][][][]; values: Float64Array };

/** A wall of about `count` bricks, its corners moved and its edges waved by a seeded amount, exactly shared. */
export function bricks(count: number): World {
  const columns = Math.ceil(Math.sqrt(count));
  const random = createRandom(20_261_123, count);
  const areas: number[][][][] = [];
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const row = Math.floor(i / columns);
    const column = (i % columns) + (row % 2) / 2;
    const ring: number[][] = [];
    const corners = [
      [column, row],
      [column + 0.5, row],
      [column + 1, row],
      [column + 1, row + 1],
      [column + 0.5, row + 1],
      [column, row + 1],
    ] as const;
    corners.forEach((from, side) => {
      const to = corners[(side + 1) % corners.length]!;
      const steps = side === 2 || side === 5 ? 20 : 10;
      for (let step = 0; step < steps; step++) {
        // A step from either end gives the same point, so that neighbours share their vertices to the bit.
        const share = step / steps;
        const x = from[0] * (1 - share) + to[0] * share;
        const y = from[1] * (1 - share) + to[1] * share;
        const gridX = Math.round(x * 20) / 20;
        const gridY = Math.round(y * 20) / 20;
        ring.push([
          gridX + 0.02 * Math.sin(gridX * 31 + gridY * 17),
          gridY + 0.02 * Math.sin(gridX * 13 - gridY * 29),
        ]);
      }
    });
    ring.push(ring[0]!);
    areas.push([ring]);
    values[i] = Math.sin(column / 5) + Math.cos(row / 7) + nextUniform(random);
  }
  return { areas, values };
}

/** jsgeoda as a function from a world to its queen weights and its Gi* × 999. */
async function startPeer(): Promise<(world: World) => { queen: () => void; permuted: () => void }> {
  const path = createRequire(import.meta.url).resolve('jsgeoda');
  // Its bundle looks for the document of a browser and for `self`; under Node it is loaded as CommonJS.
  const loaded = (await import(pathToFileURL(path).href)) as { default: { New: () => Promise<Peer> } };
  const geoda = await loaded.default.New();
  return (world) => {
    const features = world.areas.map((rings, i) => ({
      type: 'Feature',
      properties: { id: i, value: world.values[i] },
      geometry: { type: 'Polygon', coordinates: rings },
    }));
    const text = new TextEncoder().encode(JSON.stringify({ type: 'FeatureCollection', features }));
    // It keeps the weights of a map, so each run gets a map of its own.
    const maps = Array.from({ length: WEIGHT_RUNS + 1 }, () =>
      geoda.readGeoJSON(text.slice().buffer as ArrayBuffer),
    );
    const map = maps[0]!;
    const column = geoda.getColumn(map, 'value');
    let next = 0;
    return {
      queen: () => {
        geoda.getQueenWeights(maps[next++]!);
      },
      permuted: () => {
        geoda.localGStar(geoda.getQueenWeights(map), column, 999, 'lookup', 0.05, 1);
      },
    };
  };
}

type Peer = {
  readGeoJSON(data: ArrayBuffer): string;
  getQueenWeights(map: string): unknown;
  getColumn(map: string, name: string): number[];
  localGStar(
    weights: unknown,
    values: number[],
    permutations: number,
    method: string,
    cutoff: number,
    seed: number,
  ): unknown;
};

/** Median milliseconds of each of several works that take turns, so that a busy moment of the machine hits them all. */
function medians(runs: number, works: (() => void)[]): number[] {
  const times: number[][] = works.map(() => []);
  for (let run = -1; run < runs; run++) {
    works.forEach((work, index) => {
      const start = performance.now();
      work();
      if (run >= 0) times[index]!.push(performance.now() - start);
    });
  }
  return times.map((list) => list.sort((a, b) => a - b)[runs >> 1]!);
}

/** The slope of log time against log size, by least squares. */
function exponent(sizes: number[], times: number[]): number {
  const xs = sizes.map(Math.log);
  const ys = times.map(Math.log);
  const meanX = xs.reduce((sum, x) => sum + x, 0) / xs.length;
  const meanY = ys.reduce((sum, y) => sum + y, 0) / ys.length;
  let above = 0;
  let below = 0;
  xs.forEach((x, i) => {
    above += (x - meanX) * (ys[i]! - meanY);
    below += (x - meanX) ** 2;
  });
  return above / below;
}

function milliseconds(time: number): string {
  return time < 10 ? time.toFixed(2) : time.toFixed(0);
}

function printTable(rows: Row[]): void {
  const header = rows[0]!;
  console.log(`| ${header.join(' | ')} |`);
  console.log(`|${header.map(() => '---:').join('|')}|`);
  for (const row of rows.slice(1)) console.log(`| ${row.join(' | ')} |`);
  console.log('');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await benchLocal();
