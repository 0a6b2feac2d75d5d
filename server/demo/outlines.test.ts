import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { outlineFiles, readCommuneFacts, readOutlines, readSurroundings } from './demo-files.ts';
import { outlinesText, schematicOutlines } from './outlines.ts';
import { ringContains, toPlane } from './plane.ts';

const facts = readCommuneFacts();
const communes = readOutlines('communes').features;
const neighbours = readOutlines('neighbours').features;

type Ring = number[][];
const ringOf = (feature: { geometry: { coordinates: number[][][] } }): Ring =>
  feature.geometry.coordinates[0]!;
const stepsOf = (ring: Ring): [string, string][] =>
  ring.slice(1).map((to, k) => [ring[k]!.join(' '), to.join(' ')]);

/**
 * Area on the WGS 84 ellipsoid in km², positive when counter-clockwise, without the projection that made the outlines:
 * ∮ −q(φ)·a²/2 dλ with the authalic q (Snyder 1987, equation 3-12), Simpson's rule along each side.
 */
function ellipsoidArea(ring: Ring): number {
  const a = 6_378_137;
  const e = Math.sqrt(0.00669437999014);
  const q = (degrees: number): number => {
    const sine = Math.sin((degrees * Math.PI) / 180);
    return (
      (1 - e * e) * (sine / (1 - e * e * sine * sine) - Math.log((1 - e * sine) / (1 + e * sine)) / (2 * e))
    );
  };
  let area = 0;
  for (let k = 0; k + 1 < ring.length; k++) {
    const [lon1, lat1] = ring[k] as [number, number];
    const [lon2, lat2] = ring[k + 1] as [number, number];
    const mean = (q(lat1) + 4 * q((lat1 + lat2) / 2) + q(lat2)) / 6;
    area -= ((lon2 - lon1) * Math.PI * mean * a * a) / 360;
  }
  return area / 1e6;
}

describe('the committed outlines', () => {
  it('are the bytes that the generator makes, with the checksums of the README', { timeout: 60_000 }, () => {
    const made = schematicOutlines(facts, readSurroundings());
    const readme = readFileSync(new URL('../../gis-data/README.md', import.meta.url), 'utf8');
    for (const which of ['communes', 'neighbours'] as const) {
      const text = outlinesText(made[which]);
      expect(readFileSync(outlineFiles[which], 'utf8') === text, `${which}.geojson is made again`).toBe(true);
      expect(readme).toContain(createHash('sha256').update(text).digest('hex'));
    }
  });

  it('have 129 communes by code and name, each with its listed area to 0.15 %', () => {
    expect(communes.map(({ properties }) => [properties.code, properties.name])).toEqual(
      facts.map(({ code, name }) => [code, name]),
    );
    communes.forEach((feature, k) => {
      const share = ellipsoidArea(ringOf(feature)) / facts[k]!.areaSquareKm;
      expect(Math.abs(share - 1), feature.properties.name).toBeLessThan(0.0015);
    });
  });

  it('hold the point of every commune', () => {
    communes.forEach((feature, k) => {
      const point = toPlane([facts[k]!.lon, facts[k]!.lat]);
      expect(ringContains(ringOf(feature).map(toPlane), point), feature.properties.name).toBe(true);
    });
  });

  it('are closed, counter-clockwise, and go through no vertex twice', () => {
    for (const feature of [...communes, ...neighbours]) {
      const ring = ringOf(feature);
      expect(ring[0]).toEqual(ring.at(-1));
      expect(ellipsoidArea(ring)).toBeGreaterThan(0);
      expect(new Set(ring.slice(1).map(String)).size).toBe(ring.length - 1);
      for (const value of ring.flat()) expect(Math.round(value * 1e6) / 1e6).toBe(value);
    }
  });

  it('are glued: every side is the other way round in one neighbour at most, and no two sides cross', () => {
    const holder = new Map<string, string>();
    for (const feature of [...communes, ...neighbours]) {
      for (const [from, to] of stepsOf(ringOf(feature))) {
        expect(holder.has(`${from}|${to}`), `${from} to ${to} twice`).toBe(false);
        holder.set(`${from}|${to}`, feature.properties.code);
      }
    }
    const segments = [...holder.keys()]
      .filter((key) => {
        const [from, to] = key.split('|') as [string, string];
        return from < to || !holder.has(`${to}|${from}`);
      })
      .map((key) => key.split('|').map((corner) => corner.split(' ').map(Number))) as [number[], number[]][];
    expect(crossings(segments)).toEqual([]);
    // With no crossing, the area within the outer sides is that of the communes only if nothing is missing in between.
    const communeSteps = communes.flatMap((feature) => stepsOf(ringOf(feature)));
    const known = new Set(communeSteps.map(([from, to]) => `${from}|${to}`));
    const outer = communeSteps.filter(([from, to]) => !known.has(`${to}|${from}`));
    const loops = loopsOf(outer);
    expect(loops).toHaveLength(1);
    const total = communes.reduce((sum, feature) => sum + ellipsoidArea(ringOf(feature)), 0);
    expect(Math.abs(ellipsoidArea(loops[0]!) / total - 1)).toBeLessThan(1e-9);
  });

  it('touch the neighbours that the facts list, no others, and the sea at every coastal commune', () => {
    const neighbourOf = new Map(
      neighbours.flatMap((feature) =>
        stepsOf(ringOf(feature)).map(([from, to]) => [`${to}|${from}`, feature.properties.name] as const),
      ),
    );
    const corners = new Map<string, Set<string>>();
    for (const feature of neighbours) {
      for (const position of ringOf(feature)) {
        const key = position.join(' ');
        corners.set(key, (corners.get(key) ?? new Set()).add(feature.properties.name));
      }
    }
    const inner = new Set(
      communes.flatMap((feature) => stepsOf(ringOf(feature)).map((step) => step.join('|'))),
    );
    communes.forEach((feature, k) => {
      const steps = stepsOf(ringOf(feature));
      const touched = new Set(steps.flatMap(([from, to]) => neighbourOf.get(`${from}|${to}`) ?? []));
      expect([...touched].sort(), feature.properties.name).toEqual([...facts[k]!.adjoiningProvinces].sort());
      const cornered = new Set(steps.flatMap(([from]) => [...(corners.get(from) ?? [])]));
      expect([...cornered].sort(), `corners of ${feature.properties.name}`).toEqual([...touched].sort());
      const open = steps.filter(
        ([from, to]) => !inner.has(`${to}|${from}`) && !neighbourOf.has(`${from}|${to}`),
      );
      if (facts[k]!.coastal) expect(open.length, feature.properties.name).toBeGreaterThan(0);
    });
    const listed = new Map<string, number>();
    for (const { adjoiningProvinces } of facts)
      for (const name of adjoiningProvinces) listed.set(name, (listed.get(name) ?? 0) + 1);
    expect(Object.fromEntries(listed)).toEqual({
      'Hà Nội': 6,
      'Hưng Yên': 18,
      'Thanh Hóa': 9,
      'Phú Thọ': 11,
    });
  });
});

/** Pairs of sides that meet anywhere but at a common end. */
function crossings(segments: readonly [number[], number[]][]): string[] {
  const found: string[] = [];
  const cell = 0.01;
  const grid = new Map<string, number[]>();
  segments.forEach(([[x1, y1], [x2, y2]], index) => {
    const [left, right] = [Math.floor(Math.min(x1!, x2!) / cell), Math.floor(Math.max(x1!, x2!) / cell)];
    const [low, high] = [Math.floor(Math.min(y1!, y2!) / cell), Math.floor(Math.max(y1!, y2!) / cell)];
    for (let column = left; column <= right; column++) {
      for (let row = low; row <= high; row++) {
        const key = `${column} ${row}`;
        const others = grid.get(key) ?? [];
        for (const other of others) {
          if (meet(segments[index]!, segments[other]!))
            found.push(`${segments[index]} and ${segments[other]}`);
        }
        others.push(index);
        grid.set(key, others);
      }
    }
  });
  return found;
}

function meet([a, b]: [number[], number[]], [c, d]: [number[], number[]]): boolean {
  const turn = (p: number[], q: number[], r: number[]): number =>
    Math.sign((q[0]! - p[0]!) * (r[1]! - p[1]!) - (q[1]! - p[1]!) * (r[0]! - p[0]!));
  const same = (p: number[], q: number[]): boolean => p[0] === q[0] && p[1] === q[1];
  if (same(a, c) || same(a, d) || same(b, c) || same(b, d)) return false;
  return turn(a, b, c) !== turn(a, b, d) && turn(c, d, a) !== turn(c, d, b);
}

function loopsOf(steps: readonly [string, string][]): Ring[] {
  const next = new Map(steps);
  const loops: Ring[] = [];
  while (next.size > 0) {
    let corner = [...next.keys()][0]!;
    const loop: Ring = [corner.split(' ').map(Number)];
    while (next.has(corner)) {
      const following = next.get(corner)!;
      next.delete(corner);
      corner = following;
      loop.push(corner.split(' ').map(Number));
    }
    loops.push(loop);
  }
  return loops;
}
