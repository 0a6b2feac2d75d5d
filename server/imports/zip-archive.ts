import { promisify } from 'node:util';
import { type Entry, fromBuffer, open, type ZipFile } from 'yauzl';
import { ImportRefused } from './import-refused.ts';
import { defaultMaximumUnpackedBytes } from './source.ts';

const maximumEntries = 2_000;
/** Text packs to about a tenth, a table of one repeated value to a hundredth; deflate's bound is about 1:1032. */
const maximumRatio = 200;
/** Below this no ratio is suspicious. */
const smallBytes = 10 * 1024 ** 2;

export type ZipArchive = {
  names: readonly string[];
  /** Unpacked, as a stream of chunks. What comes out is counted: sizes that an archive states are not believed. */
  chunks(name: string): AsyncIterable<Buffer>;
  bytes(name: string): Promise<Buffer>;
  close(): void;
};

const bomb = (what: string) =>
  new ImportRefused({
    what: `The archive ${what}: it looks like a zip bomb.`,
    remedy: 'Pack only the files that belong to the data, and pack them again.',
  });

/**
 * A ZIP archive within bounds: number of entries, bytes unpacked in all and against bytes packed. Entries whose path
 * leaves the archive ("../", absolute, with a drive or backslashes), encrypted ones and symbolic links are refused.
 * Nothing is ever written to disk.
 */
export async function openZip(
  file: string | Buffer,
  maximumUnpackedBytes = defaultMaximumUnpackedBytes,
): Promise<ZipArchive> {
  const options = {
    lazyEntries: true,
    autoClose: false,
    validateEntrySizes: true,
    decodeStrings: true,
    strictFileNames: true,
  };
  let archive: ZipFile;
  try {
    archive =
      typeof file === 'string'
        ? await promisify<string, typeof options, ZipFile>(open)(file, options)
        : await promisify<Buffer, typeof options, ZipFile>(fromBuffer)(file, options);
  } catch (error) {
    throw damaged(error);
  }
  try {
    const entries = await readEntries(archive, maximumUnpackedBytes);
    let unpacked = 0;
    async function* chunks(name: string): AsyncIterable<Buffer> {
      const entry = entries.get(name);
      if (!entry) throw new Error(`no entry ${name}`);
      try {
        const stream = await promisify(
          archive.openReadStream.bind(archive) as (
            entry: Entry,
            done: (error: Error | null, stream: NodeJS.ReadableStream) => void,
          ) => void,
        )(entry);
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          unpacked += chunk.length;
          if (unpacked > 2 * maximumUnpackedBytes)
            throw bomb(`unpacks to more than ${maximumUnpackedBytes} bytes`);
          yield chunk;
        }
      } catch (error) {
        throw error instanceof ImportRefused ? error : damaged(error);
      }
    }
    return {
      names: [...entries.keys()],
      chunks,
      async bytes(name) {
        const parts: Buffer[] = [];
        for await (const chunk of chunks(name)) parts.push(chunk);
        return Buffer.concat(parts);
      },
      close: () => archive.close(),
    };
  } catch (error) {
    archive.close();
    throw error;
  }
}

function readEntries(archive: ZipFile, maximumUnpackedBytes: number): Promise<Map<string, Entry>> {
  if (archive.entryCount > maximumEntries)
    throw bomb(`holds ${archive.entryCount} files (at most ${maximumEntries})`);
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    let total = 0;
    archive.on('error', (error: Error) => reject(damaged(error)));
    archive.on('entry', (entry: Entry) => {
      const { fileName, uncompressedSize, compressedSize } = entry;
      total += uncompressedSize;
      const link = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
      if (link || (entry.generalPurposeBitFlag & 1) !== 0)
        return reject(
          new ImportRefused({
            what: `The archive's file "${fileName}" is ${link ? 'a symbolic link' : 'encrypted'}.`,
            remedy: 'Pack plain files, without a password.',
          }),
        );
      if (total > maximumUnpackedBytes)
        return reject(bomb(`unpacks to more than ${maximumUnpackedBytes} bytes`));
      if (uncompressedSize > smallBytes && uncompressedSize > compressedSize * maximumRatio)
        return reject(
          bomb(
            `holds "${fileName}", which grows ${Math.round(uncompressedSize / Math.max(1, compressedSize))}-fold`,
          ),
        );
      if (entries.has(fileName)) return reject(damaged(new Error(`two files are called "${fileName}"`)));
      if (!fileName.endsWith('/')) entries.set(fileName, entry);
      archive.readEntry();
    });
    archive.on('end', () => resolve(entries));
    archive.readEntry();
  });
}

function damaged(error: unknown): ImportRefused {
  const message = error instanceof Error ? error.message : String(error);
  // yauzl's own words for names that would leave the folder
  const path = /invalid relative path|absolute path|invalid characters in fileName/.exec(message);
  return path
    ? new ImportRefused({
        what: `The archive holds a file whose path leads out of it (${message}).`,
        remedy: 'Pack the files again without folders.',
      })
    : new ImportRefused({
        what: `The ZIP archive is damaged or cut short (${message}).`,
        remedy: 'Fetch or export the file again.',
      });
}
