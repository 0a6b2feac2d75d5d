import { describe, expect, it } from 'vitest';
import { coordinateFrame } from './coordinate-frame.ts';

describe('coordinate frame', () => {
  it('projects degrees on an equal-area plane about the middle, and back', () => {
    const frame = coordinateFrame({}, [105.5, 19.9, 106.5, 20.6]);
    expect(frame.metricCrs).toContain('+proj=laea +lat_0=20.25 +lon_0=106');
    expect(
      frame
        .project(106, 20.25)
        .map(Math.abs)
        .every((value) => value < 1e-6),
    ).toBe(true);
    // One degree of latitude about 20.25°N on WGS 84: 110,708.8 m (meridian arc), from which the plane is off by < 0.001 %.
    const north = frame.project(106, 20.75)[1] - frame.project(106, 19.75)[1];
    expect(Math.abs(north / 110708.8 - 1)).toBeLessThan(2e-5);
    const [longitude, latitude] = frame.unproject(...frame.project(106.5, 20.6));
    expect(longitude).toBeCloseTo(106.5, 7);
    // The authalic series of proj4 leaves 2e-8 degrees, 2 mm.
    expect(latitude).toBeCloseTo(20.6, 7);
  });

  it('takes VN-2000 and UTM as the planes that they are, and turns Web Mercator back first', () => {
    for (const crs of ['EPSG:9210', 'epsg:3405', 'EPSG:32648']) {
      const frame = coordinateFrame({ crs }, [5e5, 2e6, 6e5, 2.1e6]);
      expect(frame).toMatchObject({ unit: 'metre', geographic: false, metricCrs: crs.toUpperCase() });
      expect(frame.project(512345.6, 2240000)).toEqual([512345.6, 2240000]);
    }
    const mercator = coordinateFrame({ crs: 'EPSG:3857' }, [11790000, 2300000, 11810000, 2320000]);
    const [ax] = mercator.project(11795000, 2310000);
    const [bx] = mercator.project(11805000, 2310000);
    expect((bx - ax) / 10000).toBeCloseTo(Math.cos((20.3 * Math.PI) / 180), 2);
    expect(mercator.geographic).toBe(false);
  });

  it('refuses what it cannot know, naming the remedy', () => {
    expect(() => coordinateFrame({ planar: true, crs: 'EPSG:3405' }, [0, 0, 1, 1])).toThrow(/not both/);
    expect(() => coordinateFrame({ crs: 'EPSG:27700' }, [0, 0, 1, 1])).toThrow(/--planar/);
    expect(() => coordinateFrame({}, [500000, 2200000, 510000, 2210000])).toThrow(/--crs EPSG/);
    expect(() => coordinateFrame({ crs: 'EPSG:5897' }, [105.5, 19.9, 106.5, 20.6])).toThrow(
      /look like degrees/,
    );
    expect(() => coordinateFrame({ crs: 'EPSG:32648' }, [105.5, 19.9, 106.5, 20.6])).toThrow(/--planar/);
    expect(coordinateFrame({ crs: 'EPSG:5897' }, [0, 0, 40, 40]).unit).toBe('metre');
    expect(coordinateFrame({ planar: true }, [500000, 0, 6e5, 1]).metricCrs).toBe('planar');
  });
});
