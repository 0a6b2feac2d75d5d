import { createHash } from 'node:crypto';
import type { Database, Transaction } from '../db/database.ts';
import type { ImportKind } from '../imports/kinds.ts';
import { recordImport, writeRecords } from '../imports/queries.ts';
import { followCommuneOutlines } from '../places/follow-commune-outlines.ts';
import { loadedCommuneLocator } from '../places/outline-queries.ts';
import { readCommuneFacts, readOutlines, readParkFacts } from './demo-files.ts';
import { type DemoRecords, generateDemo } from './generate.ts';
import { countMarkedRows, deleteSimulated, readRealOnSimulated } from './queries.ts';

export type DemoOptions = { progress: (line: string) => void };

/** The demo cannot be loaded or removed: what stands in the way, and what to do. Nothing was written. */
export class DemoRefused extends Error {
  override name = 'DemoRefused';
}

const kindNames: { [Kind in keyof DemoRecords]: string } = {
  communes: 'xã, phường',
  'industrial-parks': 'khu công nghiệp',
  dormitories: 'khu lưu trú',
  schools: 'trường học',
  establishments: 'cơ sở kinh doanh dịch vụ',
  outreach: 'buổi tuyên truyền',
  inspections: 'lượt kiểm tra',
  reports: 'tin báo',
  'commune-plans': 'kế hoạch cấp xã',
  training: 'lớp tập huấn',
  'press-items': 'tin, bài báo chí',
};
const kinds = Object.keys(kindNames) as (keyof DemoRecords)[];
const source = 'gis-data/demo (mô phỏng)';
const thousands = new Intl.NumberFormat('vi-VN');

/**
 * Writes the demo province in one transaction, every row marked as simulated, by the same functions as an import.
 * Loading it again changes nothing.
 *
 * @throws {DemoRefused} when the database holds any row that is not simulated.
 */
export async function loadDemo(db: Database, options: DemoOptions): Promise<void> {
  const records = generateDemo(readCommuneFacts(), readParkFacts(), readOutlines('communes'));
  await db.write(async (transaction) => {
    await refuseBesideRealRows(transaction);
    await write(transaction, records, options);
  });
}

/** Loads the demo where there is nothing yet; otherwise leaves everything as it is. Resolves to whether it loaded. */
export async function loadDemoIfEmpty(db: Database, options: DemoOptions): Promise<boolean> {
  const tables = await db.read(countMarkedRows);
  if (tables.some(({ simulated, real }) => simulated + real > 0)) return false;
  await loadDemo(db, options);
  return true;
}

/**
 * Deletes every simulated row and nothing else.
 *
 * @throws {DemoRefused} when real records name a simulated place or commune.
 */
export async function removeDemo(db: Database, { progress }: DemoOptions): Promise<number> {
  return db.write(async (transaction) => {
    const leaning = await readRealOnSimulated(transaction);
    if (leaning.length > 0) {
      const counts = leaning.map(({ what, count }) => `${count} ${what}`).join(', ');
      throw new DemoRefused(
        `The demo cannot be removed: real records stand on simulated places or communes (${counts}). Import the real communes and places first, so that they replace the simulated ones.`,
      );
    }
    const deleted = await deleteSimulated(transaction);
    progress(`Đã xóa ${thousands.format(deleted)} dòng mô phỏng`);
    return deleted;
  });
}

async function refuseBesideRealRows(transaction: Transaction): Promise<void> {
  const real = (await countMarkedRows(transaction)).filter((table) => table.real > 0);
  if (real.length === 0) return;
  const counts = real.map((table) => `${table.real} ${table.table}`).join(', ');
  throw new DemoRefused(
    `The demo is not loaded: this database holds real data (${counts}), with which simulated rows are never mixed. Use another database for the demo (another DATA_DIR or DATABASE_URL).`,
  );
}

async function write(
  transaction: Transaction,
  records: DemoRecords,
  { progress }: DemoOptions,
): Promise<void> {
  progress('Dữ liệu mô phỏng tỉnh Ninh Bình:');
  // Outlines are read once for all places; the locator is made after the communes are there.
  const settings = { simulated: true, nearestMeters: 0 };
  const writeKind = async <Kind extends keyof DemoRecords>(
    kind: Kind,
    locator?: ReturnType<typeof loadedCommuneLocator>,
  ): Promise<void> => {
    const result = await writeRecords(transaction, kind as ImportKind, records[kind] as never[], {
      ...settings,
      ...(locator ? { locator } : {}),
    });
    const changedCount = result.inserted + result.updated;
    if (changedCount > 0) {
      await recordImport(transaction, {
        kind,
        source,
        sha256: createHash('sha256').update(JSON.stringify(records[kind])).digest('hex'),
        rowCount: records[kind].length,
        changedCount,
        simulated: true,
      });
    }
    progress(`${thousands.format(records[kind].length)} ${kindNames[kind]}`);
  };
  await writeKind('communes');
  const neighbours = readOutlines('neighbours').features.map(({ properties, geometry }) => ({
    code: properties.code,
    name: properties.name,
    geometry,
  }));
  const { notes } = await followCommuneOutlines(transaction, { simulated: true, neighbours });
  if (notes.length > 0) throw new Error(`The demo outlines contradict the facts: ${notes.join('; ')}`);
  progress('khu vực giáp ranh, biên giới biển');
  const locator = loadedCommuneLocator();
  for (const kind of kinds) if (kind !== 'communes') await writeKind(kind, locator);
}
