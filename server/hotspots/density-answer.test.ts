import { area, booleanPointInPolygon, featureCollection, intersect, multiPolygon } from '@turf/turf';
import { describe, expect, it } from 'vitest';
import { provinceDensity } from './density-answer.ts';

// Two squares of 0.3° side by side, as two communes are: they share an edge, and their union is what the events lie in.
const square = (west: number, south: number): [number, number][][] => [
  [
    [west, south],
    [west + 0.3, south],
    [west + 0.3, south + 0.3],
    [west, south + 0.3],
    [west, south],
  ],
];
const communes = [
  { name: 'xã Tây', polygons: [square(106, 20)] },
  { name: 'xã Đông', polygons: [square(106.3, 20)] },
];

describe('provinceDensity', () => {
  it('has the height of the Gaussian at a single event in the middle: 1 / (2π σ²) per m²', () => {
    const surface = provinceDensity({
      communes,
      longitudes: [106.3],
      latitudes: [20.15],
      bandwidthMeters: 2000,
    });
    // σ = 2 km: 1 / (2π · 4) = 0.039789 events per km²; the nearest cell centre lies within 0.1 σ of the event on each axis,
    // where the Gaussian is down by at most exp(−0.01) = 1 %.
    const expected = 1 / (2 * Math.PI * 4);
    expect(surface.peak?.perSquareKm).toBeLessThanOrEqual(expected * 1.0001);
    expect(surface.peak?.perSquareKm).toBeGreaterThan(expected * 0.98);
    expect(surface.peak?.longitude).toBeCloseTo(106.3, 2);
    expect(surface.peak?.latitude).toBeCloseTo(20.15, 2);
  });

  it('gives the number of events back, at corners and across the edge that two communes share', () => {
    const longitudes = [106, 106.0001, 106.3, 106.2999, 106.6, 106.45];
    const latitudes = [20, 20.2999, 20.15, 20.0001, 20.3, 20.3];
    const surface = provinceDensity({ communes, longitudes, latitudes, bandwidthMeters: 3000 });
    expect([surface.n, surface.outside]).toEqual([6, 0]);
    expect(Math.abs(surface.integral - 6)).toBeLessThan(6e-4);
  });

  it('leaves out what lies outside, and says how many', () => {
    const surface = provinceDensity({
      communes,
      longitudes: [106.3, 107.5],
      latitudes: [20.1, 20.1],
      bandwidthMeters: 2000,
    });
    expect([surface.n, surface.outside]).toEqual([1, 1]);
    expect(Math.abs(surface.integral - 1)).toBeLessThan(1e-4);
  });

  it('makes bands that do not overlap and that hold the values they name', () => {
    const longitudes = [106.1, 106.11, 106.12, 106.4, 106.41, 106.5, 106.0, 106.3];
    const latitudes = [20.1, 20.11, 20.1, 20.2, 20.2, 20.05, 20.0, 20.3];
    const { bands, peak } = provinceDensity({ communes, longitudes, latitudes, bandwidthMeters: 2500 });
    expect(bands.length).toBeGreaterThan(3);
    for (const [index, lower] of bands.entries()) {
      expect(lower.properties.high).toBe(bands[index + 1]?.properties.low ?? null);
      for (const higher of bands.slice(index + 1)) {
        const both = intersect(
          featureCollection([
            multiPolygon(lower.geometry.coordinates),
            multiPolygon(higher.geometry.coordinates),
          ]),
        );
        expect(both ? area(both) : 0).toBeLessThan(1);
      }
    }
    expect(peak?.commune).toBe('xã Tây');
    const top = bands.at(-1)!;
    expect(
      booleanPointInPolygon([peak!.longitude, peak!.latitude], multiPolygon(top.geometry.coordinates)),
    ).toBe(true);
  });

  it('is an empty surface where there is no event', () => {
    const surface = provinceDensity({ communes, longitudes: [], latitudes: [], bandwidthMeters: 2000 });
    expect([surface.n, surface.bands, surface.peak]).toEqual([0, [], null]);
  });
});
