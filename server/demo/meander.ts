import { createRandom, nextUniform } from '../hotspots/random.ts';
import { distance, type PlanePoint } from './plane.ts';

const seed = 20_251_001;
const waveCount = 40;
const shortestWaveMeters = 2_400;
const longestWaveMeters = 9_000;
const rootMeanSquareShiftMeters = 210;
const longestStepMeters = 420;
const cornerCuts = 2;

type Wave = { x: number; y: number; phase: number; strength: number };

const waves = makeWaves();

function makeWaves(): Wave[] {
  const random = createRandom(seed);
  const made = Array.from({ length: waveCount }, (): Wave => {
    const length = shortestWaveMeters * (longestWaveMeters / shortestWaveMeters) ** nextUniform(random);
    const bearing = 2 * Math.PI * nextUniform(random);
    return {
      x: (2 * Math.PI * Math.cos(bearing)) / length,
      y: (2 * Math.PI * Math.sin(bearing)) / length,
      phase: 2 * Math.PI * nextUniform(random),
      strength: length,
    };
  });
  const power = made.reduce((sum, { strength }) => sum + strength ** 2 / 2, 0);
  const scale = rootMeanSquareShiftMeters / Math.sqrt(power);
  return made.map((wave) => ({ ...wave, strength: wave.strength * scale }));
}

/**
 * Shifts a point by the curl of a sum of plane waves. Such a field has no divergence, so areas keep to first order, and
 * since it is smooth and gentle it maps the plane one to one: lines that did not cross do not cross afterwards.
 */
export function shifted([x, y]: PlanePoint): PlanePoint {
  let east = 0;
  let north = 0;
  for (const wave of waves) {
    const height = wave.strength * Math.cos(wave.x * x + wave.y * y + wave.phase);
    const waveNumber = Math.hypot(wave.x, wave.y);
    east += (height * wave.y) / waveNumber;
    north -= (height * wave.x) / waveNumber;
  }
  return [x + east, y + north];
}

/**
 * A line through corners drawn as a border would run: corners between its ends are cut (Chaikin 1974; the cut stays
 * within the convex cell that has the corner), then points are put in between and every one is shifted.
 */
export function meander(corners: readonly PlanePoint[]): PlanePoint[] {
  let line = [...corners];
  for (let cut = 0; cut < cornerCuts && line.length > 2; cut++) line = cutCorners(line);
  const dense: PlanePoint[] = [];
  for (let k = 0; k + 1 < line.length; k++) {
    const from = line[k]!;
    const to = line[k + 1]!;
    const steps = Math.max(1, Math.ceil(distance(from, to) / longestStepMeters));
    for (let step = 0; step < steps; step++) dense.push(towards(from, to, step / steps));
  }
  dense.push(line.at(-1)!);
  return dense.map(shifted);
}

function cutCorners(line: readonly PlanePoint[]): PlanePoint[] {
  const cut: PlanePoint[] = [line[0]!];
  for (let k = 0; k + 1 < line.length; k++) {
    if (k > 0) cut.push(towards(line[k]!, line[k + 1]!, 0.25));
    if (k + 2 < line.length) cut.push(towards(line[k]!, line[k + 1]!, 0.75));
  }
  cut.push(line.at(-1)!);
  return cut;
}

function towards(from: PlanePoint, to: PlanePoint, share: number): PlanePoint {
  return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
}
