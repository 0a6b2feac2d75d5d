import { createReadStream } from 'node:fs';
import { open as openFile, readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { ImportRefused } from './import-refused.ts';
import { readCsv } from './read-csv.ts';
import { readGeojson } from './read-geojson.ts';
import type { Source, SourceOptions } from './source.ts';
import { markedEncoding } from './text-encoding.ts';

export type OpenedSource = Source & { close(): void };
type Content = 'zip' | 'sqlite' | 'json' | 'text';

const extensions: Readonly<Record<string, { content: Content; name: string }>> = {
  '.xlsx': { content: 'zip', name: 'a workbook' },
  '.zip': { content: 'zip', name: 'a ZIP archive' },
  '.gpkg': { content: 'sqlite', name: 'a GeoPackage' },
  '.geojson': { content: 'json', name: 'GeoJSON' },
  '.json': { content: 'json', name: 'GeoJSON' },
  '.csv': { content: 'text', name: 'CSV' },
};
const contentNames: Record<Content, string> = {
  zip: 'a ZIP archive',
  sqlite: 'an SQLite database',
  json: 'JSON',
  text: 'plain text',
};
const accepted = 'Give GeoJSON, a zipped Shapefile, GeoPackage, CSV or XLSX.';

/**
 * Opens a file by what it contains, whatever it is called; when it is none of the five formats, the refusal says what it
 * is called and what it is. `recognised` tells how many of a line's words are known column names.
 */
export async function openSource(
  path: string,
  recognised: (columns: readonly string[]) => number,
  options: SourceOptions = {},
): Promise<OpenedSource> {
  const start = await readStart(path);
  const content = contentOf(start, path);
  const nothingToClose = { close() {} };
  if (content === 'json') return { ...(await readGeojson(chunksOf(path))), ...nothingToClose };
  if (content === 'text')
    return { ...(await readCsv(chunksOf(path), recognised, options)), ...nothingToClose };
  // The readers with heavy libraries are loaded when a file needs them.
  if (content === 'sqlite')
    return {
      ...(await (await import('./read-geopackage.ts')).readGeopackage(await readFile(path), options)),
      ...nothingToClose,
    };

  const { openZip } = await import('./zip-archive.ts');
  const archive = await openZip(path, options.maximumUnpackedBytes);
  try {
    const has = (pattern: RegExp) => archive.names.some((name) => pattern.test(name));
    if (has(/^xl\/workbook\.xml$/))
      return {
        ...(await (await import('./read-xlsx.ts')).readXlsx(archive, recognised, options)),
        close: archive.close,
      };
    if (has(/\.shp$/i))
      return {
        ...(await (await import('./read-shapefile.ts')).readShapefile(archive, options)),
        close: archive.close,
      };
    throw new ImportRefused({
      what: `The file ${called(path)} is a ZIP without ${extname(path).toLowerCase() === '.xlsx' ? 'a workbook' : 'a Shapefile or a workbook'} (it holds ${archive.names.slice(0, 5).join(', ') || 'nothing'}).`,
      remedy: accepted,
    });
  } catch (error) {
    archive.close();
    throw error;
  }
}

const called = (path: string) => {
  const extension = extname(path).toLowerCase();
  return extension ? `ends ${extension} but` : `"${basename(path)}"`;
};

async function readStart(path: string): Promise<Buffer> {
  const file = await openFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new ImportRefused({
      what:
        error.code === 'ENOENT'
          ? `There is no file "${path}".`
          : `The file "${path}" cannot be read (${error.code}).`,
      remedy: 'Check the path.',
    });
  });
  try {
    if ((await file.stat()).isDirectory())
      throw new ImportRefused({
        what: `"${path}" is a folder.`,
        remedy: 'Give one file; pack a Shapefile as ZIP.',
      });
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* chunksOf(path: string): AsyncIterable<Buffer> {
  yield* createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
}

function contentOf(start: Buffer, path: string): Content {
  const refuse = (what: string, remedy = accepted) =>
    new ImportRefused({ what: `The file ${called(path)} ${what}.`, remedy });
  if (start.length === 0) throw refuse('is empty', 'Fetch or export it again.');
  const signature = start.subarray(0, 16).toString('latin1');
  if (signature.startsWith('PK\u0003\u0004') || signature.startsWith('PK\u0005\u0006')) return 'zip';
  if (signature.startsWith('SQLite format 3\0')) return 'sqlite';
  if (start.length >= 4 && start.readInt32BE(0) === 9994)
    throw refuse(
      'is the .shp part of a Shapefile',
      'Pack its .shp, .dbf, .prj and .cpg into one ZIP and give that.',
    );
  if (signature.startsWith('\u00d0\u00cf\u0011\u00e0'))
    throw refuse('is a workbook of the old .xls kind', 'Save it as .xlsx.');
  if (signature.startsWith('%PDF')) throw refuse('is a PDF document');
  const marked = markedEncoding(start);
  const looksTextual = marked?.name.startsWith('utf-16') || !start.includes(0);
  if (!looksTextual) throw refuse('is binary data of no known kind');
  const text = (marked ? start.subarray(marked.bytes) : start).toString(
    marked?.name === 'utf-16le' ? 'utf16le' : 'utf8',
  );
  const first = text.replaceAll('\u001e', '').trimStart()[0];
  const content: Content = first === '{' || first === '[' ? 'json' : 'text';
  if (first === '<') throw refuse(`is ${/<html/i.test(text) ? 'a web page' : 'XML'}`);
  // A name that promises another format is a mislabelled or broken file, not a table with odd columns.
  const promised = extensions[extname(path).toLowerCase()];
  if (
    promised &&
    promised.content !== content &&
    (promised.content === 'zip' || promised.content === 'sqlite' || content === 'text')
  )
    throw refuse(
      `is ${contentNames[content]} and not ${promised.name}`,
      `Fetch or export it again, or rename it. ${accepted}`,
    );
  return content;
}
