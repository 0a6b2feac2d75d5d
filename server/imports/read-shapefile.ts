import type { Geometry, Position } from 'geojson';
import { signedDoubleArea } from '../places/coverage-cleaning.ts';
import { crsOfWkt } from './coordinate-systems.ts';
import { ImportRefused } from './import-refused.ts';
import type { Source, SourceOptions, SourceRow } from './source.ts';
import { textDecoding } from './text-encoding.ts';
import type { ZipArchive } from './zip-archive.ts';

// ESRI Shapefile Technical Description (July 1998), and the dBASE III table beside it.

const cutShort = (what: string) =>
  new ImportRefused({
    what: `The Shapefile is damaged or cut short: ${what}.`,
    remedy: 'Fetch or export it again, with its .shp, .dbf and .prj.',
  });

/** A zipped Shapefile: geometries and table record by record, the projection from .prj, the encoding from .cpg or the table. */
export async function readShapefile(
  archive: ZipArchive,
  { layer, encoding }: SourceOptions,
): Promise<Source> {
  const shapes = archive.names.filter((name) => /\.shp$/i.test(name) && !/(^|\/)(__MACOSX|\.)/.test(name));
  const chosen = layer
    ? shapes.filter((name) => baseName(name).toLowerCase() === layer.toLowerCase())
    : shapes;
  if (chosen.length !== 1)
    throw new ImportRefused({
      what: layer
        ? `The archive has no Shapefile called "${layer}".`
        : `The archive holds ${shapes.length} Shapefiles.`,
      remedy: `Give one with --layer: ${shapes.map(baseName).join(', ')}.`,
    });
  const [main] = chosen as [string];
  const stem = main.slice(0, -4);
  const part = (extension: string) =>
    archive.names.find((name) => name.toLowerCase() === `${stem.toLowerCase()}.${extension}`);
  const [dbf, prj, cpg] = [part('dbf'), part('prj'), part('cpg')];
  if (!dbf) throw cutShort(`"${baseName(main)}.dbf", which holds the facts, is missing from the archive`);
  const shp = await archive.bytes(main);
  const declared = cpg ? (await archive.bytes(cpg)).toString('latin1').trim() : null;
  const table = readTable(await archive.bytes(dbf), encoding ?? declared);
  const wkt = prj ? (await archive.bytes(prj)).toString('utf8') : null;
  const code = wkt ? crsOfWkt(wkt) : null;
  return {
    format: 'zipped Shapefile',
    rowWord: 'feature',
    columns: table.columns,
    statedCrs: code
      ? { code }
      : wkt
        ? { unknown: /"([^"]+)"/.exec(wkt)?.[1] ?? 'an unnamed projection' }
        : null,
    rows: rows(shp, table),
  };
}

const baseName = (name: string) =>
  name
    .split('/')
    .at(-1)!
    .replace(/\.shp$/i, '');

function* rows(shp: Buffer, table: Table): Iterable<SourceRow> {
  if (shp.length < 100 || shp.readInt32BE(0) !== 9994) throw cutShort('the .shp file does not begin as one');
  if (shp.readInt32BE(24) * 2 > shp.length)
    throw cutShort(`the .shp file should have ${shp.readInt32BE(24) * 2} bytes and has ${shp.length}`);
  let number = 0;
  for (let at = 100; at + 8 <= shp.length; ) {
    const bytes = shp.readInt32BE(at + 4) * 2;
    if (bytes < 4 || at + 8 + bytes > shp.length)
      throw cutShort(`record ${number + 1} runs past the end of the .shp file`);
    if (number >= table.count)
      throw cutShort(`the .shp file has more records than the ${table.count} of the .dbf`);
    const record = shp.subarray(at + 8, at + 8 + bytes);
    at += 8 + bytes;
    number += 1;
    const values = table.row(number - 1);
    if (!values) continue; // deleted
    let geometry: Geometry | null;
    try {
      geometry = shape(record);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      yield { line: number, values, geometry: null, fault: 'a shape whose parts and points fit its record' };
      continue;
    }
    yield { line: number, values, geometry };
  }
  if (number < table.count) throw cutShort(`the .dbf has ${table.count} records and the .shp ${number}`);
}

function shape(record: Buffer): Geometry | null {
  const type = record.readInt32LE(0) % 10;
  const point = (at: number): Position => [record.readDoubleLE(at), record.readDoubleLE(at + 8)];
  if (type === 0) return null;
  if (type === 1) return { type: 'Point', coordinates: point(4) };
  if (type === 8) {
    const count = record.readInt32LE(36);
    if (count > record.length / 16) throw new RangeError('points');
    return { type: 'MultiPoint', coordinates: Array.from({ length: count }, (_, i) => point(40 + 16 * i)) };
  }
  if (type !== 3 && type !== 5) throw new RangeError('type');
  const [partCount, pointCount] = [record.readInt32LE(36), record.readInt32LE(40)];
  if (partCount > record.length / 4 || pointCount > record.length / 16) throw new RangeError('parts');
  const starts = Array.from({ length: partCount }, (_, i) => record.readInt32LE(44 + 4 * i));
  const parts = starts.map((start, i) =>
    Array.from({ length: (starts[i + 1] ?? pointCount) - start }, (_, k) =>
      point(44 + 4 * partCount + 16 * (start + k)),
    ),
  );
  if (type === 3) return { type: 'MultiLineString', coordinates: parts };
  return areaOf(parts.filter((ring) => ring.length > 0));
}

/** Outer rings run clockwise and holes the other way; a hole belongs to the smallest outer ring around it. */
function areaOf(rings: Position[][]): Geometry {
  const outer = rings.filter((ring) => signedDoubleArea(ring) <= 0).map((ring) => [ring]);
  const holes = rings.filter((ring) => signedDoubleArea(ring) > 0);
  // Some programs write every ring counter-clockwise: then all are outer.
  if (!outer.length) return { type: 'MultiPolygon', coordinates: holes.map((ring) => [ring]) };
  for (const hole of holes) {
    const around = outer
      .filter(([ring]) => hole.some(([x, y]) => isInside(ring!, x!, y!)))
      .sort(([a], [b]) => Math.abs(signedDoubleArea(a!)) - Math.abs(signedDoubleArea(b!)));
    if (around[0]) around[0].push(hole);
    else outer.push([hole]);
  }
  return outer.length === 1
    ? { type: 'Polygon', coordinates: outer[0]! }
    : { type: 'MultiPolygon', coordinates: outer };
}

function isInside(ring: Position[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 1; i < ring.length; i += 1) {
    const [ax, ay] = ring[i - 1] as [number, number];
    const [bx, by] = ring[i] as [number, number];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

type Table = { columns: string[]; count: number; row(index: number): Record<string, unknown> | null };

/** Language drivers of dBASE that mean a Vietnamese or Unicode code page are rare; what none declares is taken as UTF-8. */
function readTable(dbf: Buffer, encoding: string | null): Table {
  if (dbf.length < 33) throw cutShort('the .dbf file is shorter than its header');
  const count = dbf.readUInt32LE(4);
  const headerBytes = dbf.readUInt16LE(8);
  const rowBytes = dbf.readUInt16LE(10);
  if (dbf.length < headerBytes + count * rowBytes)
    throw cutShort(
      `the .dbf file should hold ${count} records and ends after ${Math.max(0, Math.floor((dbf.length - headerBytes) / rowBytes))}`,
    );
  const decoding = textDecoding(encoding ?? 'utf-8');
  const fields: { name: string; type: string; start: number; length: number }[] = [];
  let start = 1;
  for (let at = 32; at + 32 <= headerBytes && dbf[at] !== 0x0d; at += 32) {
    const end = dbf.indexOf(0, at);
    const length = dbf[at + 16]!;
    fields.push({
      name: decoding.decode(dbf.subarray(at, Math.min(end < at ? at + 11 : end, at + 11))).trim(),
      type: String.fromCharCode(dbf[at + 11]!),
      start,
      length,
    });
    start += length;
  }
  const value = (type: string, bytes: Buffer): unknown => {
    const text = decoding.decode(bytes).replace(/\0/g, '').trim();
    if (text === '' || /^\*+$/.test(text)) return null;
    if (type === 'N' || type === 'F') return Number.isFinite(Number(text)) ? Number(text) : text;
    if (type === 'L') return /^[YyTt]$/.test(text) ? true : /^[NnFf]$/.test(text) ? false : null;
    if (type === 'D')
      return /^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text;
    return text;
  };
  return {
    columns: fields.map(({ name }) => name),
    count,
    row(index) {
      const at = headerBytes + index * rowBytes;
      if (dbf[at] === 0x2a) return null;
      return Object.fromEntries(
        fields.map(({ name, type, start: offset, length }) => [
          name,
          value(type, dbf.subarray(at + offset, at + offset + length)),
        ]),
      );
    },
  };
}
