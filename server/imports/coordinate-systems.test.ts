import { describe, expect, it } from 'vitest';
import {
  coordinateSystem,
  crsCode,
  crsOfWkt,
  inVietnam,
  knownCoordinateSystems,
  plausibleSystems,
} from './coordinate-systems.ts';

const esriTm3 = (meridian: number) =>
  `PROJCS["VN_2000_TM-3",GEOGCS["GCS_VN_2000",DATUM["D_Vietnam_2000",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",${meridian}],PARAMETER["Scale_Factor",0.9999],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`;

describe('coordinate systems', () => {
  it('reads codes as people and files write them', () => {
    for (const text of [
      'EPSG:5897',
      'epsg:5897',
      '5897',
      'urn:ogc:def:crs:EPSG::5897',
      'http://www.opengis.net/def/crs/EPSG/0/5897',
    ])
      expect(crsCode(text)).toBe(5897);
    expect(crsCode('urn:ogc:def:crs:OGC:1.3:CRS84')).toBe(4326);
    expect(crsCode('VN-2000')).toBeNull();
  });

  it('recognises projection files with and without a code', () => {
    expect(crsOfWkt(esriTm3(105))).toBe(5897);
    expect(crsOfWkt(esriTm3(105.5))).toBe(9209);
    expect(crsOfWkt(esriTm3(105.123))).toBeNull();
    expect(
      crsOfWkt('GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]]]'),
    ).toBe(4326);
    expect(
      crsOfWkt('GEOGCS["GCS_VN_2000",DATUM["D_Vietnam_2000",SPHEROID["WGS_1984",6378137,298.257223563]]]'),
    ).toBe(4756);
    expect(
      crsOfWkt(
        'PROJCS["WGS 84 / UTM zone 48N",GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]],AUTHORITY["EPSG","32648"]]',
      ),
    ).toBe(32648);
    expect(
      crsOfWkt(
        'PROJCS["WGS_1984_UTM_Zone_49N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]],PROJECTION["Transverse_Mercator"],PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",0.9996]]',
      ),
    ).toBe(32649);
    expect(crsOfWkt('PROJCS["NTF (Paris)",GEOGCS["NTF"],PROJECTION["Lambert_Conformal_Conic"]]')).toBeNull();
  });

  it('shifts VN-2000 to WGS 84 by some 190 m to the south-east, as its seven parameters do', () => {
    const [lon, lat] = coordinateSystem(4756)!.toLonLat(106, 20.3);
    expect((lon - 106) * 111_320 * Math.cos((20.3 * Math.PI) / 180)).toBeCloseTo(195.5, 0);
    expect((lat - 20.3) * 110_574).toBeCloseTo(-109.7, 0);
  });

  it('puts the middle of every 3° zone on its meridian', () => {
    for (const code of knownCoordinateSystems.filter(
      (known) => (known >= 5896 && known <= 5899) || (known >= 9205 && known <= 9218),
    )) {
      const system = coordinateSystem(code)!;
      const meridian = Number(/(\d+)°/.exec(system.name)![1]) + Number(/°(\d+)/.exec(system.name)![1]) / 60;
      const [lon, lat] = system.toLonLat(500_000, 2_200_000);
      expect(inVietnam(lon, lat)).toBe(true);
      expect(Math.abs(lon - meridian)).toBeLessThan(0.01);
    }
  });

  it('offers the systems in which coordinates lie in Vietnam, the one that meets the communes first', () => {
    const metres = [[604_244.69, 2_245_778.26]] as const;
    const offered = plausibleSystems(metres, null).map(({ code }) => code);
    expect(offered[0]).toBe(5897);
    expect(offered).not.toContain(4326);
    // read in the zone of 105°30′ they lie half a degree further east
    const [lon, lat] = coordinateSystem(9209)!.toLonLat(...metres[0]);
    expect(plausibleSystems(metres, [lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1])[0]!.code).toBe(9209);
    expect(plausibleSystems([[1, 2]], null)).toEqual([]);
  });
});
