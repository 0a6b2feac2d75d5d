import type { Geometry } from 'geojson';
import { z } from 'zod';
import { crsCode } from './coordinate-systems.ts';
import { ImportRefused } from './import-refused.ts';
import type { Source, SourceRow } from './source.ts';
import { markedEncoding, textDecoding } from './text-encoding.ts';

const geometryTypes = [
  'Point',
  'MultiPoint',
  'LineString',
  'MultiLineString',
  'Polygon',
  'MultiPolygon',
  'GeometryCollection',
];
const crsMember = z.object({ type: z.string(), properties: z.object({ name: z.string() }).partial() });
const recordSeparator = '\u001e';
const longestFeature = 64 * 1024 ** 2;

/**
 * GeoJSON: a feature collection, one feature, a bare geometry, or features one to a line (with or without record
 * separators). It is taken apart feature by feature, so that memory holds one chunk and one feature.
 */
export async function readGeojson(chunks: AsyncIterable<Buffer>): Promise<Source> {
  const parts = topParts(textOf(chunks));
  const iterator = parts[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done)
    throw new ImportRefused({ what: 'The file holds no JSON value.', remedy: 'Export it again as GeoJSON.' });

  // Members before the features; a "crs" after them would come too late and is refused below.
  const { value: opening } = first;
  const header = opening.kind === 'header' ? opening.members : null;
  return {
    format: 'GeoJSON',
    rowWord: 'feature',
    columns: [],
    statedCrs: header
      ? statedCrs(header.crs)
      : opening.kind === 'value'
        ? statedCrs((opening.value as { crs?: unknown }).crs)
        : null,
    rows: rows(),
  };

  async function* rows(): AsyncIterable<SourceRow> {
    let number = 0;
    if (opening.kind === 'value') {
      number += 1;
      yield rowOf(opening.value, number);
    }
    for (;;) {
      const { value: part, done } = await iterator.next();
      if (done) return;
      if (part.kind === 'value') {
        number += 1;
        yield rowOf(part.value, number);
      } else if (part.kind === 'trailer' && statedCrs(part.members.crs) && !header?.crs)
        throw new ImportRefused({
          what: 'The coordinate system ("crs") stands after the features.',
          remedy: 'Give it on the command line: --crs EPSG:….',
        });
    }
  }
}

function statedCrs(member: unknown): Source['statedCrs'] {
  const parsed = crsMember.safeParse(member);
  if (!parsed.success || !parsed.data.properties.name) return null;
  const code = crsCode(parsed.data.properties.name);
  return code ? { code } : { unknown: parsed.data.properties.name };
}

function rowOf(value: unknown, line: number): SourceRow {
  const fault = (expected: string): SourceRow => ({ line, values: {}, geometry: null, fault: expected });
  if (typeof value !== 'object' || value === null) return fault('a feature with properties and a geometry');
  const feature = value as { type?: unknown; properties?: unknown; geometry?: unknown; id?: unknown };
  if (geometryTypes.includes(String(feature.type))) return { line, values: {}, geometry: value as Geometry };
  if (feature.type !== 'Feature') return fault('an object of type "Feature"');
  const { geometry, properties } = feature;
  if (
    geometry !== null &&
    geometry !== undefined &&
    !geometryTypes.includes(String((geometry as { type?: unknown }).type))
  )
    return fault('a geometry of a known type');
  const values =
    typeof properties === 'object' && properties !== null ? (properties as Record<string, unknown>) : {};
  return { line, values, geometry: (geometry ?? null) as Geometry | null };
}

async function* textOf(chunks: AsyncIterable<Buffer>): AsyncIterable<string> {
  let decoding: ReturnType<typeof textDecoding> | null = null;
  for await (const chunk of chunks) {
    if (decoding) {
      yield decoding.decode(chunk, { stream: true });
      continue;
    }
    const marked = markedEncoding(chunk);
    decoding = textDecoding(marked?.name ?? 'utf-8');
    yield decoding.decode(marked ? chunk.subarray(marked.bytes) : chunk, { stream: true });
  }
  if (decoding) yield decoding.decode(new Uint8Array(), {});
}

type Part =
  | { kind: 'header'; members: Record<string, unknown> }
  | { kind: 'value'; value: unknown }
  | { kind: 'trailer'; members: Record<string, unknown> };

/**
 * Cuts JSON text into what stands before a top-level "features" array, its elements, and what follows; or into whole
 * values, when the file is one value or several in a row. Only brackets and strings are looked at; JSON.parse reads
 * each part.
 */
async function* topParts(text: AsyncIterable<string>): AsyncIterable<Part> {
  let buffer = '';
  let position = 0; // where scanning goes on
  let start = -1; // where the part under way begins
  let depth = 0;
  let inString = false;
  let escaped = false;
  let inFeatures = false;
  let before = ''; // the collection's text without its features
  let read = 0;

  const parsePart = (json: string, at: number): unknown => {
    try {
      return JSON.parse(json);
    } catch (error) {
      throw new ImportRefused({
        what: `The JSON is broken near character ${at}: ${(error as Error).message.slice(0, 120)}.`,
        remedy: 'Export the file again.',
      });
    }
  };

  for await (const piece of text) {
    buffer += piece;
    for (; position < buffer.length; position += 1) {
      const character = buffer.charCodeAt(position);
      if (inString) {
        if (escaped) escaped = false;
        else if (character === 92) escaped = true;
        else if (character === 34) inString = false;
        continue;
      }
      if (character === 34) {
        inString = true;
        if (start < 0) start = position;
      } else if (character === 123 || character === 91) {
        if (start < 0) start = position;
        depth += 1;
        if (
          !inFeatures &&
          depth === 2 &&
          character === 91 &&
          before === '' &&
          /"features"\s*:\s*$/.test(buffer.slice(Math.max(start, position - 40), position))
        ) {
          const head = `${buffer.slice(start, position)}null}`;
          before = head;
          yield { kind: 'header', members: parsePart(head, read + position) as Record<string, unknown> };
          inFeatures = true;
          start = -1;
        }
      } else if (character === 125 || character === 93) {
        depth -= 1;
        if (depth < 0)
          throw new ImportRefused({
            what: `The JSON closes a bracket too many at character ${read + position}.`,
            remedy: 'Export the file again.',
          });
        if (inFeatures && depth === 1) {
          inFeatures = false;
          start = position; // the trailer begins at the bracket that closed the features
        } else if (inFeatures ? depth === 2 : depth === 0) {
          const json = buffer.slice(start, position + 1);
          if (before !== '' && !inFeatures) {
            yield {
              kind: 'trailer',
              members: parsePart(`{"features":[${json}`, read + position) as Record<string, unknown>,
            };
            before = '';
          } else yield { kind: 'value', value: parsePart(json, read + position) };
          start = -1;
        }
      }
    }
    const keep = start < 0 ? buffer.length : start;
    if (buffer.length - keep > longestFeature)
      throw new ImportRefused({
        what: `A single feature is longer than ${longestFeature} characters.`,
        remedy: 'Split it.',
      });
    read += keep;
    buffer = buffer.slice(keep);
    position -= keep;
    if (start >= 0) start = 0;
  }
  if (depth > 0 || inString || start >= 0)
    throw new ImportRefused({
      what: `The file ends in the middle of ${inFeatures ? 'its features' : 'a JSON value'}: it is cut short.`,
      remedy: 'Fetch or export the file again.',
    });
  if (buffer.replaceAll(recordSeparator, '').replace(/[\s,]+/g, '') !== '')
    throw new ImportRefused({ what: 'The file is not JSON.', remedy: 'Export it again as GeoJSON.' });
}
