// Distances on the WGS 84 ellipsoid, in metres, from longitudes and latitudes in degrees.

export type LonLat = readonly [longitude: number, latitude: number];

const equatorialMeters = 6_378_137;
const flattening = 1 / 298.257223563;
const polarMeters = equatorialMeters * (1 - flattening);
const eccentricitySquared = flattening * (2 - flattening);
const radians = Math.PI / 180;

/**
 * The length of the geodesic between two points, to within 0.1 mm: T. Vincenty (1975), "Direct and inverse solutions of
 * geodesics on the ellipsoid with application of nested equations", Survey Review 23 (176), 88–93. It is what PostGIS gives for
 * points as geography. Longitudes are taken as they are: a province does not lie across the 180th meridian.
 *
 * @throws {Error} for points almost opposite each other on the Earth, for which the series does not settle.
 */
export function geodesicMeters([lon1, lat1]: LonLat, [lon2, lat2]: LonLat): number {
  if (lon1 === lon2 && lat1 === lat2) return 0;
  const difference = (lon2 - lon1) * radians;
  const reduced1 = Math.atan((1 - flattening) * Math.tan(lat1 * radians));
  const reduced2 = Math.atan((1 - flattening) * Math.tan(lat2 * radians));
  const [sin1, cos1, sin2, cos2] = [
    Math.sin(reduced1),
    Math.cos(reduced1),
    Math.sin(reduced2),
    Math.cos(reduced2),
  ];
  let lambda = difference;
  for (let round = 0; round < 100; round += 1) {
    const sinLambda = Math.sin(lambda);
    const cosLambda = Math.cos(lambda);
    const sinSigma = Math.hypot(cos2 * sinLambda, cos1 * sin2 - sin1 * cos2 * cosLambda);
    if (sinSigma === 0) return 0;
    const cosSigma = sin1 * sin2 + cos1 * cos2 * cosLambda;
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cos1 * cos2 * sinLambda) / sinSigma;
    const cosSquaredAlpha = 1 - sinAlpha * sinAlpha;
    // Both on the equator: the term has no value there and is not needed.
    const cosTwiceMiddle = cosSquaredAlpha === 0 ? 0 : cosSigma - (2 * sin1 * sin2) / cosSquaredAlpha;
    const c = (flattening / 16) * cosSquaredAlpha * (4 + flattening * (4 - 3 * cosSquaredAlpha));
    const before = lambda;
    lambda =
      difference +
      (1 - c) *
        flattening *
        sinAlpha *
        (sigma + c * sinSigma * (cosTwiceMiddle + c * cosSigma * (2 * cosTwiceMiddle ** 2 - 1)));
    if (Math.abs(lambda - before) > 1e-13) continue;
    const squared = (cosSquaredAlpha * (equatorialMeters ** 2 - polarMeters ** 2)) / polarMeters ** 2;
    const a = 1 + (squared / 16_384) * (4096 + squared * (-768 + squared * (320 - 175 * squared)));
    const b = (squared / 1024) * (256 + squared * (-128 + squared * (74 - 47 * squared)));
    const correction =
      b *
      sinSigma *
      (cosTwiceMiddle +
        (b / 4) *
          (cosSigma * (2 * cosTwiceMiddle ** 2 - 1) -
            (b / 6) * cosTwiceMiddle * (4 * sinSigma ** 2 - 3) * (4 * cosTwiceMiddle ** 2 - 3)));
    return polarMeters * a * (sigma - correction);
  }
  throw new Error(`no distance between ${lon1} ${lat1} and ${lon2} ${lat2}: they are opposite each other`);
}

/** Metres on the ellipsoid to a degree of longitude (along the parallel) and of latitude (along the meridian). */
export function metersPerDegree(latitude: number): { east: number; north: number } {
  const sine = Math.sin(latitude * radians);
  const w = Math.sqrt(1 - eccentricitySquared * sine * sine);
  return {
    east: (equatorialMeters / w) * Math.cos(latitude * radians) * radians,
    north: ((equatorialMeters * (1 - eccentricitySquared)) / w ** 3) * radians,
  };
}

/**
 * How far `nearMeters` can be off, as a share, for points up to 30 km apart and latitudes up to 60°, with room: the greatest
 * that the test sees is 2.8e-6, east to west at 60°.
 */
export const nearTolerance = 2e-5;

/**
 * Nearly the geodesic, for points up to 30 km apart: the hypotenuse with the mean of both latitudes' scales, which takes a
 * twentieth of the time. What it cannot tell from a radius is told by `geodesicMeters`.
 *
 * @param east1 `metersPerDegree` of the first latitude; likewise the others.
 */
export function nearMeters(
  lon1: number,
  lat1: number,
  east1: number,
  north1: number,
  lon2: number,
  lat2: number,
  east2: number,
  north2: number,
): number {
  const x = (lon2 - lon1) * 0.5 * (east1 + east2);
  const y = (lat2 - lat1) * 0.5 * (north1 + north2);
  return Math.sqrt(x * x + y * y);
}
