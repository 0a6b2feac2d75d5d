import { crc32, deflateRawSync } from 'node:zlib';
import type { Position } from 'geojson';
import initSqlJs from 'sql.js';
import { hexWkb } from '../places/well-known-binary.ts';

export type ZipMember = { name: string; bytes: Buffer; statedSize?: number; flags?: number };

/** A ZIP archive of these members, deflated; `statedSize` lies about the size for tests of bounds. */
export function zipOf(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, statedSize = bytes.length, flags = 0x800 } of members) {
    const packed = deflateRawSync(bytes);
    const fileName = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(statedSize, 18);
    common.writeUInt16LE(fileName.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, fileName, packed]);
    const entry = Buffer.concat([
      Buffer.from('PK\u0001\u0002'),
      Buffer.from([20, 0]),
      common,
      Buffer.alloc(14),
      fileName,
    ]);
    entry.writeUInt32LE(offset, 42);
    parts.push(local);
    directory.push(entry);
    offset += local.length;
  }
  const size = directory.reduce((sum, entry) => sum + entry.length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

type Shape = { type: 'point'; at: Position } | { type: 'polygon'; rings: Position[][] };

export function shpOf(shapes: readonly Shape[]): Buffer {
  const records = shapes.map((shape, index) => {
    let content: Buffer;
    if (shape.type === 'point') {
      content = Buffer.alloc(20);
      content.writeInt32LE(1, 0);
      content.writeDoubleLE(shape.at[0]!, 4);
      content.writeDoubleLE(shape.at[1]!, 12);
    } else {
      const points = shape.rings.flat();
      content = Buffer.alloc(44 + 4 * shape.rings.length + 16 * points.length);
      content.writeInt32LE(5, 0);
      content.writeInt32LE(shape.rings.length, 36);
      content.writeInt32LE(points.length, 40);
      let start = 0;
      shape.rings.forEach((ring, at) => {
        content.writeInt32LE(start, 44 + 4 * at);
        start += ring.length;
      });
      points.forEach(([x, y], at) => {
        content.writeDoubleLE(x!, 44 + 4 * shape.rings.length + 16 * at);
        content.writeDoubleLE(y!, 52 + 4 * shape.rings.length + 16 * at);
      });
    }
    const header = Buffer.alloc(8);
    header.writeInt32BE(index + 1, 0);
    header.writeInt32BE(content.length / 2, 4);
    return Buffer.concat([header, content]);
  });
  const body = Buffer.concat(records);
  const header = Buffer.alloc(100);
  header.writeInt32BE(9994, 0);
  header.writeInt32BE((100 + body.length) / 2, 24);
  header.writeInt32LE(1000, 28);
  header.writeInt32LE(shapes[0]?.type === 'point' ? 1 : 5, 32);
  return Buffer.concat([header, body]);
}

export type DbfField = { name: string; type: 'C' | 'N' | 'D' | 'L'; length: number };

/** A dBASE table; `encode` turns text into the bytes of its encoding. */
export function dbfOf(
  fields: readonly DbfField[],
  rows: readonly (readonly string[])[],
  encode: (text: string) => Buffer = (text) => Buffer.from(text),
): Buffer {
  const rowBytes = 1 + fields.reduce((sum, { length }) => sum + length, 0);
  const header = Buffer.alloc(32 + 32 * fields.length + 1);
  header[0] = 3;
  header.writeUInt32LE(rows.length, 4);
  header.writeUInt16LE(header.length, 8);
  header.writeUInt16LE(rowBytes, 10);
  fields.forEach(({ name, type, length }, at) => {
    header.write(name.slice(0, 10), 32 + 32 * at, 'latin1');
    header.write(type, 32 + 32 * at + 11, 'latin1');
    header[32 + 32 * at + 16] = length;
  });
  header[header.length - 1] = 0x0d;
  const records = rows.map((row) => {
    const record = Buffer.alloc(rowBytes, 0x20);
    let at = 1;
    fields.forEach(({ length }, index) => {
      encode(row[index] ?? '')
        .subarray(0, length)
        .copy(record, at);
      at += length;
    });
    return record;
  });
  return Buffer.concat([header, ...records, Buffer.from([0x1a])]);
}

/** A GeoPackage of point layers in the given systems. */
export async function geopackageOf(
  layers: readonly {
    name: string;
    srsId: number;
    columns: string;
    rows: readonly { at: Position; values: readonly (string | number | null)[] }[];
  }[],
): Promise<Buffer> {
  const { Database } = await initSqlJs();
  const database = new Database();
  database.run(`
    create table gpkg_contents (table_name text primary key, data_type text, identifier text, srs_id integer);
    create table gpkg_geometry_columns (table_name text, column_name text, geometry_type_name text, srs_id integer);
    create table gpkg_spatial_ref_sys (srs_name text, srs_id integer primary key, organization text, organization_coordsys_id integer, definition text);
    insert into gpkg_spatial_ref_sys values ('WGS 84', 4326, 'EPSG', 4326, ''), ('VN-2000 / TM-3 zone 482', 5897, 'EPSG', 5897, ''),
      ('of our own', 100001, 'NONE', 1, 'PROJCS["own",GEOGCS["NTF"],PROJECTION["Lambert_Conformal_Conic"]]')`);
  for (const { name, srsId, columns, rows } of layers) {
    database.run(`create table "${name}" (fid integer primary key, geom blob, ${columns})`);
    database.run('insert into gpkg_contents values (?, ?, ?, ?)', [name, 'features', name, srsId]);
    database.run('insert into gpkg_geometry_columns values (?, ?, ?, ?)', [name, 'geom', 'POINT', srsId]);
    rows.forEach(({ at, values }, index) => {
      const header = Buffer.alloc(8);
      header.write('GP', 'latin1');
      header[3] = 1;
      header.writeInt32LE(srsId, 4);
      const extended = Buffer.from(hexWkb({ type: 'Point', coordinates: at }, srsId), 'hex');
      // plain well-known binary: without the SRID flag and its four bytes
      const plain = Buffer.concat([Buffer.from([1, 1, 0, 0, 0]), extended.subarray(9)]);
      database.run(`insert into "${name}" values (${['?', '?', ...values.map(() => '?')].join(', ')})`, [
        index + 1,
        Buffer.concat([header, plain]),
        ...values,
      ]);
    });
  }
  const bytes = Buffer.from(database.export());
  database.close();
  return bytes;
}
