import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geodesicMeters, metersPerDegree, nearMeters, nearTolerance } from './geodesic.ts';

const degrees = (text: string) => {
  const [whole = 0, minutes = 0, seconds = 0] = text.replace('-', '').split(' ').map(Number);
  return (text.startsWith('-') ? -1 : 1) * (whole + minutes / 60 + seconds / 3600);
};

/** Every number as likely as any other; `fc.double` draws most of its numbers next to zero. */
const evenly = (from: number, to: number) =>
  fc.integer({ min: 0, max: 1e9 }).map((share) => from + ((to - from) * share) / 1e9);

describe('geodesicMeters', () => {
  it('agrees with a surveyed line: Flinders Peak to Buninyong, 54 972.271 m on GRS 80', () => {
    // Geocentric Datum of Australia, Technical Manual, chapter 4: worked example of Vincenty's formulae. GRS 80 and WGS 84
    // differ by 0.1 mm in the polar axis.
    const flinders = [degrees('144 25 29.52440'), degrees('-37 57 3.72030')] as const;
    const buninyong = [degrees('143 55 35.38390'), degrees('-37 39 10.15610')] as const;
    expect(geodesicMeters(flinders, buninyong)).toBeCloseTo(54_972.271, 3);
  });

  it('gives the axes: a quarter of the equator, and from the equator to the pole', () => {
    expect(geodesicMeters([0, 0], [90, 0])).toBeCloseTo((6_378_137 * Math.PI) / 2, 3);
    // the quarter meridian of WGS 84
    expect(geodesicMeters([106, 0], [106, 90])).toBeCloseTo(10_001_965.729, 2);
  });

  it('is symmetric and zero only where the points are one', () => {
    const place = fc.tuple(evenly(102, 118), evenly(8, 24));
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(geodesicMeters(a, b)).toBeCloseTo(geodesicMeters(b, a), 4);
        expect(geodesicMeters(a, a)).toBe(0);
      }),
      { seed: 4 },
    );
  });

  it('says so where the points lie opposite each other', () => {
    expect(() => geodesicMeters([0, 0], [179.99, 0.01])).toThrow(/opposite/);
  });
});

describe('nearMeters', () => {
  it('is off by less than its tolerance, up to 30 km and 60° of latitude', () => {
    fc.assert(
      fc.property(
        evenly(102, 118),
        evenly(-60, 60),
        evenly(0, 2 * Math.PI),
        evenly(1, 29_900),
        (lon, lat, bearing, meters) => {
          const here = metersPerDegree(lat);
          const other = [
            lon + (meters * Math.sin(bearing)) / here.east,
            lat + (meters * Math.cos(bearing)) / here.north,
          ] as const;
          const there = metersPerDegree(other[1]);
          const exact = geodesicMeters([lon, lat], other);
          const near = nearMeters(lon, lat, here.east, here.north, ...other, there.east, there.north);
          const off = Math.abs(near - exact) / exact;
          expect(off).toBeLessThan(nearTolerance);
        },
      ),
      { seed: 4, numRuns: 20_000 },
    );
  });
});
