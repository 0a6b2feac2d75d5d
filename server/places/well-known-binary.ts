import type { Geometry, MultiPolygon, Point, Polygon, Position } from 'geojson';

const typeNames = [
  '',
  'Point',
  'LineString',
  'Polygon',
  'MultiPoint',
  'MultiLineString',
  'MultiPolygon',
  'GeometryCollection',
];

/**
 * Well-known binary (OGC 06-103r4, and PostGIS's extended form) as a GeoJSON geometry. Z and M values are dropped: the
 * programme's places have none. Throws a RangeError on bytes that end early or count more than they hold.
 */
export function geometryFromWkb(bytes: Uint8Array): Geometry | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  function geometry(): Geometry {
    const little = view.getUint8(at) === 1;
    at += 1;
    const code = view.getUint32(at, little);
    at += 4;
    if (code & 0x20000000) at += 4; // extended form: the SRID
    const plain = code & 0x0fffffff;
    const thousands = Math.floor(plain / 1000);
    const extra =
      (code & 0x80000000 || thousands === 1 || thousands === 3 ? 1 : 0) +
      (code & 0x40000000 || thousands >= 2 ? 1 : 0);
    const stride = (2 + extra) * 8;
    const type = typeNames[plain % 1000];

    const count = (bytesEach: number): number => {
      const n = view.getUint32(at, little);
      at += 4;
      if (n * bytesEach > view.byteLength - at)
        throw new RangeError('the geometry counts more points than it holds');
      return n;
    };
    const position = (): Position => {
      const read: Position = [view.getFloat64(at, little), view.getFloat64(at + 8, little)];
      at += stride;
      return read;
    };
    const positions = () => Array.from({ length: count(stride) }, position);
    const rings = () => Array.from({ length: count(4) }, positions);
    const members = <Kind extends Geometry>() => Array.from({ length: count(5) }, () => geometry() as Kind);

    switch (type) {
      case 'Point':
        return { type, coordinates: position() };
      case 'LineString':
        return { type, coordinates: positions() };
      case 'Polygon':
        return { type, coordinates: rings() };
      case 'MultiPoint':
        return { type, coordinates: members<Point>().map((member) => member.coordinates) };
      case 'MultiLineString':
        return {
          type,
          coordinates: members().map((member) => (member as { coordinates: Position[] }).coordinates),
        };
      case 'MultiPolygon':
        return { type, coordinates: members<Polygon>().map((member) => member.coordinates) };
      case 'GeometryCollection':
        return { type, geometries: members() };
      default:
        throw new RangeError(`geometry type ${plain} is not one of points, lines and polygons`);
    }
  }

  const read = geometry();
  // The empty point is written as NaN NaN.
  return read.type === 'Point' && read.coordinates.some(Number.isNaN) ? null : read;
}

/** A point, polygon or multipolygon as extended well-known binary in hexadecimal, as PostGIS takes it. */
export function hexWkb(geometry: Point | Polygon | MultiPolygon, srid: number): string {
  if (geometry.type !== 'Point') return ewkb(geometry, srid).toString('hex');
  // One buffer for all points: a large import writes hundreds of thousands.
  pointBytes[0] = 1;
  pointBytes.writeUInt32LE(0x20000001, 1);
  pointBytes.writeUInt32LE(srid, 5);
  pointBytes.writeDoubleLE(geometry.coordinates[0]!, 9);
  pointBytes.writeDoubleLE(geometry.coordinates[1]!, 17);
  return pointBytes.toString('hex');
}
const pointBytes = Buffer.alloc(25);

function ewkb(geometry: Point | Polygon | MultiPolygon, srid: number): Buffer {
  const out = Buffer.allocUnsafe(9 + bodyBytes(geometry));
  let at = 0;
  const uint = (value: number) => {
    at = out.writeUInt32LE(value, at);
  };
  const positions = (line: Position[]) => {
    for (const [x, y] of line) {
      at = out.writeDoubleLE(x!, at);
      at = out.writeDoubleLE(y!, at);
    }
  };
  const rings = (polygon: Position[][]) => {
    uint(polygon.length);
    for (const ring of polygon) {
      uint(ring.length);
      positions(ring);
    }
  };
  out[at++] = 1;
  uint(typeNames.indexOf(geometry.type) | 0x20000000);
  uint(srid);
  if (geometry.type === 'Point') positions([geometry.coordinates]);
  else if (geometry.type === 'Polygon') rings(geometry.coordinates);
  else {
    uint(geometry.coordinates.length);
    for (const polygon of geometry.coordinates) {
      out[at++] = 1;
      uint(3);
      rings(polygon);
    }
  }
  return out;
}

function bodyBytes(geometry: Point | Polygon | MultiPolygon): number {
  const polygonBytes = (rings: Position[][]) => rings.reduce((sum, ring) => sum + 4 + ring.length * 16, 4);
  if (geometry.type === 'Point') return 16;
  if (geometry.type === 'Polygon') return polygonBytes(geometry.coordinates);
  return geometry.coordinates.reduce((sum, polygon) => sum + 5 + polygonBytes(polygon), 4);
}
