import proj4 from 'proj4';

// VN-2000 → WGS 84 as Decision 05/2007/QĐ-BTNMT gives it (EPSG operation 6960): shifts in metres, rotations in seconds,
// scale in parts per million. The decision's rotations are of the coordinate frame; proj4 wants the position vector's,
// whose signs are opposite.
const toWgs84 =
  '+ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278';
const threeDegreeZone = (meridian: number) =>
  `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=0.9999 +x_0=500000 +y_0=0 ${toWgs84} +units=m +no_defs`;

/** 3° zones by their central meridian, as provinces use them. */
const vn2000Meridians: Readonly<Record<number, number>> = {
  5896: 102,
  9205: 103,
  9206: 104,
  9207: 104.5,
  9208: 104.75,
  5897: 105,
  9209: 105.5,
  9210: 105.75,
  9211: 106,
  9212: 106.25,
  9213: 106.5,
  9214: 107,
  9215: 107.25,
  9216: 107.5,
  5899: 107.75,
  5898: 108,
  9217: 108.25,
  9218: 108.5,
};

const definitions: Readonly<Record<number, { name: string; definition: string; geographic?: true }>> = {
  4326: { name: 'WGS 84', definition: '+proj=longlat +datum=WGS84 +no_defs', geographic: true },
  4756: { name: 'VN-2000', definition: `+proj=longlat ${toWgs84} +no_defs`, geographic: true },
  3405: { name: 'VN-2000 / UTM 48N', definition: `+proj=utm +zone=48 ${toWgs84} +units=m +no_defs` },
  3406: { name: 'VN-2000 / UTM 49N', definition: `+proj=utm +zone=49 ${toWgs84} +units=m +no_defs` },
  32648: { name: 'WGS 84 / UTM 48N', definition: '+proj=utm +zone=48 +datum=WGS84 +units=m +no_defs' },
  32649: { name: 'WGS 84 / UTM 49N', definition: '+proj=utm +zone=49 +datum=WGS84 +units=m +no_defs' },
  3857: {
    name: 'web mercator',
    definition:
      '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs',
  },
  ...Object.fromEntries(
    Object.entries(vn2000Meridians).map(([code, meridian]) => [
      Number(code),
      { name: `VN-2000 / TM-3 ${meridianName(meridian)}`, definition: threeDegreeZone(meridian) },
    ]),
  ),
};

function meridianName(meridian: number): string {
  return `${Math.floor(meridian)}°${String(Math.round((meridian % 1) * 60)).padStart(2, '0')}′`;
}

export type CoordinateSystem = {
  code: number;
  name: string;
  geographic: boolean;
  /** Longitude and latitude on WGS 84. */
  toLonLat(x: number, y: number): [number, number];
};

export const knownCoordinateSystems = Object.keys(definitions).map(Number);

export function coordinateSystem(code: number): CoordinateSystem | null {
  const known = definitions[code];
  if (!known) return null;
  const { name, definition, geographic = false } = known;
  if (code === 4326) return { code, name, geographic, toLonLat: (x, y) => [x, y] };
  const converter = proj4(definition, definitions[4326]!.definition);
  return {
    code,
    name,
    geographic,
    toLonLat(x, y) {
      const [lon, lat] = converter.forward([x, y]) as [number, number];
      return [lon, lat];
    },
  };
}

/** "EPSG:5897", "epsg:5897", "5897", "urn:ogc:def:crs:EPSG::5897", "…:OGC:1.3:CRS84" → a code; null when it is none. */
export function crsCode(text: string): number | null {
  if (/CRS:?84/i.test(text)) return 4326;
  const match =
    /^\s*(?:EPSG\s*:+\s*)?(\d{4,6})\s*$/i.exec(text) ??
    /EPSG(?::|\/)+[\d.]*(?::|\/)*(\d{4,6})\s*$/i.exec(text);
  return match ? Number(match[1]) : null;
}

/**
 * The code of a projection file's well-known text: its own EPSG authority, or else the known system of the same datum,
 * central meridian and scale (Esri's text carries no code). Null when none fits.
 */
export function crsOfWkt(wkt: string): number | null {
  const authority = [...wkt.matchAll(/(?:AUTHORITY|ID)\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?\s*\]/gi)].at(-1);
  // The last authority is the whole system's only when it closes the text; inner ones name spheroids and units.
  if (
    authority &&
    wkt.slice(authority.index + authority[0].length).replace(/\s/g, '') === ']' &&
    definitions[Number(authority[1])]
  )
    return Number(authority[1]);
  const vn2000 = /vn[-_ ]?2000|viet[-_ ]?nam[-_ ]?2000/i.test(wkt);
  const wgs84 = !vn2000 && /WGS[-_ ]?(19)?84/i.test(wkt);
  if (!/^\s*(PROJCS|PROJCRS|PROJECTEDCRS)/i.test(wkt)) return vn2000 ? 4756 : wgs84 ? 4326 : null;
  if (/Mercator_Auxiliary_Sphere|Pseudo[-_ ]Mercator|Popular_Visualisation/i.test(wkt)) return 3857;
  if (!/Transverse[_ ]Mercator/i.test(wkt)) return null;
  const parameter = (name: string) => {
    const found = new RegExp(`"${name}"\\s*,\\s*([-+\\d.eE]+)`, 'i').exec(wkt);
    return found ? Number(found[1]) : null;
  };
  const meridian = parameter('central_meridian') ?? parameter('Longitude of natural origin');
  const scale = parameter('scale_factor') ?? parameter('Scale factor at natural origin');
  if (meridian === null || scale === null) return null;
  if (Math.abs(scale - 0.9996) < 1e-7 && (meridian === 105 || meridian === 111)) {
    const zone = meridian === 105 ? 0 : 1;
    return vn2000 ? 3405 + zone : wgs84 ? 32648 + zone : null;
  }
  if (!vn2000 || Math.abs(scale - 0.9999) > 1e-7) return null;
  const zone = Object.entries(vn2000Meridians).find(([, known]) => Math.abs(known - meridian) < 1e-6);
  return zone ? Number(zone[0]) : null;
}

/** A box around Vietnam with its islands. */
export const inVietnam = (lon: number, lat: number) => lon >= 102 && lon <= 118 && lat >= 6 && lat <= 24;

/**
 * Systems in which these coordinates lie in Vietnam, the likeliest first: by how many of the points lie within `expected`
 * (the communes' extent, west, south, east, north) when that is known.
 */
export function plausibleSystems(
  points: readonly (readonly [number, number])[],
  expected: readonly [number, number, number, number] | null,
): CoordinateSystem[] {
  const score = (system: CoordinateSystem) => {
    let [within, expectedWithin] = [0, 0];
    for (const [x, y] of points) {
      const [lon, lat] = system.toLonLat(x, y);
      if (!inVietnam(lon, lat)) continue;
      within += 1;
      if (expected && lon >= expected[0] && lat >= expected[1] && lon <= expected[2] && lat <= expected[3])
        expectedWithin += 1;
    }
    return within === points.length ? 1 + expectedWithin : 0;
  };
  // 5897 first among equals: the zone of most northern provinces' maps.
  const order = [
    4326,
    5897,
    9209,
    ...knownCoordinateSystems.filter((code) => ![4326, 5897, 9209].includes(code)),
  ];
  return order
    .map((code) => coordinateSystem(code)!)
    .map((system, position) => ({ system, position, points: score(system) }))
    .filter((candidate) => candidate.points > 0)
    .sort((a, b) => b.points - a.points || a.position - b.position)
    .map(({ system }) => system);
}
