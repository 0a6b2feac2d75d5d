import fc from 'fast-check';
import type { Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { communeLocator } from './commune-locator.ts';
import { geometryFromWkb, hexWkb } from './well-known-binary.ts';

const square = (west: number, south: number, side = 0.1): Position[] => [
  [west, south],
  [west + side, south],
  [west + side, south + side],
  [west, south + side],
  [west, south],
];
function located(...outlines: { code: string; polygons: Position[][][] }[]) {
  const locator = communeLocator();
  locator.add(
    outlines.map(({ code, polygons }) => ({
      code,
      geometry: { type: 'MultiPolygon', coordinates: polygons },
    })),
  );
  return locator;
}

describe('finding the commune of a point', () => {
  const locator = located(
    { code: '00001', polygons: [[square(105, 20)], [square(107, 20, 0.02)]] },
    { code: '00002', polygons: [[square(105.1, 20), square(105.14, 20.04, 0.02)]] },
    { code: '00003', polygons: [[square(105.14, 20.04, 0.02)]] },
  );
  it('knows parts, holes and what fills them', () => {
    expect(locator.locate(105.05, 20.05)?.communeCode).toBe('00001');
    expect(locator.locate(107.01, 20.01)?.communeCode).toBe('00001');
    expect(locator.locate(105.11, 20.05)?.communeCode).toBe('00002');
    expect(locator.locate(105.15, 20.05)?.communeCode).toBe('00003');
    expect(locator.locate(106, 20.05)).toBeNull();
  });

  it('gives every point of a common border to one commune', () => {
    for (let step = 0; step < 100; step += 1) {
      const found = [0, 1].map(() => locator.locate(105.1, 20 + step / 1000)?.communeCode);
      expect(found[0]).toBe(found[1]);
      expect(['00001', '00002']).toContain(found[0]);
    }
  });

  it('finds the nearest within reach, with its distance in metres', () => {
    // 0.001° of longitude at 20.05° N: 111.195 km × cos 20.05° / 1000 = 104.5 m
    const near = locator.locate(104.999, 20.05, 500);
    expect(near?.communeCode).toBe('00001');
    expect(near?.distanceMeters).toBeCloseTo(104.5, 0);
    expect(locator.locate(104.999, 20.05, 100)).toBeNull();
  });

  it('agrees with a plain ray over random stars', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 0.2, noNaN: true }), { minLength: 3, maxLength: 40 }),
        fc.double({ min: -0.2, max: 0.2, noNaN: true }),
        fc.double({ min: -0.2, max: 0.2, noNaN: true }),
        (radii, dx, dy) => {
          const ring = radii.map((radius, at): Position => {
            const angle = (2 * Math.PI * at) / radii.length;
            return [106 + radius * Math.cos(angle), 20 + radius * Math.sin(angle)];
          });
          ring.push(ring[0]!);
          const star = located({ code: '00009', polygons: [[ring]] });
          const [x, y] = [106 + dx, 20 + dy];
          let inside = false;
          for (let i = 1; i < ring.length; i += 1) {
            const [ax, ay] = ring[i - 1] as [number, number];
            const [bx, by] = ring[i] as [number, number];
            if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
          }
          expect(star.locate(x, y) !== null).toBe(inside);
        },
      ),
      { seed: 20265, numRuns: 500 },
    );
  });
});

describe('well-known binary', () => {
  it('comes back as it went in', () => {
    for (const geometry of [
      { type: 'Point' as const, coordinates: [106.5, 20.25] },
      { type: 'Polygon' as const, coordinates: [square(105, 20), square(105.02, 20.02, 0.01)] },
      { type: 'MultiPolygon' as const, coordinates: [[square(105, 20)], [square(106, 20)]] },
    ])
      expect(geometryFromWkb(Buffer.from(hexWkb(geometry, 4326), 'hex'))).toEqual(geometry);
  });

  it('drops heights, reads both byte orders, and knows the empty point', () => {
    const bigEndianPointZ = Buffer.alloc(29);
    bigEndianPointZ.writeUInt32BE(1001, 1);
    bigEndianPointZ.writeDoubleBE(106, 5);
    bigEndianPointZ.writeDoubleBE(20, 13);
    bigEndianPointZ.writeDoubleBE(7, 21);
    expect(geometryFromWkb(bigEndianPointZ)).toEqual({ type: 'Point', coordinates: [106, 20] });
    expect(geometryFromWkb(Buffer.from('0101000000000000000000f87f000000000000f87f', 'hex'))).toBeNull();
  });

  it('refuses bytes that end early or count what they do not hold', () => {
    const whole = Buffer.from(hexWkb({ type: 'Polygon', coordinates: [square(105, 20)] }, 4326), 'hex');
    expect(() => geometryFromWkb(whole.subarray(0, 40))).toThrow(RangeError);
    whole.writeUInt32LE(4_000_000_000, 9);
    expect(() => geometryFromWkb(whole)).toThrow(RangeError);
  });
});
