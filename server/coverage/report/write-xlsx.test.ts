import { beforeAll, describe, expect, it } from 'vitest';
import { readXlsx } from '../../imports/read-xlsx.ts';
import { openZip, type ZipArchive } from '../../imports/zip-archive.ts';
import { composeReport } from './compose-report.ts';
import { madeUpFigure, madeUpReport } from './testing/made-up-report.ts';
import { writeXlsx } from './write-xlsx.ts';

let file: Buffer;
let archive: ZipArchive;
beforeAll(async () => {
  file = await writeXlsx(composeReport(madeUpReport()));
  archive = await openZip(file);
}, 60_000);

async function rowsOf(from: ZipArchive, layer: string, named: string): Promise<Record<string, unknown>[]> {
  const { rows } = await readXlsx(from, (columns) => columns.filter((column) => column === named).length, {
    layer,
  });
  const values: Record<string, unknown>[] = [];
  for await (const row of rows) values.push(row.values);
  return values;
}
const sheets = async (from: ZipArchive) =>
  Promise.all(
    from.names
      .filter((name) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name))
      .map(async (name) => (await from.bytes(name)).toString('utf8')),
  );

describe('the report as XLSX', () => {
  it('gives numbers as numbers and what is missing as empty', async () => {
    const targets = await rowsOf(archive, 'Chỉ tiêu', 'Nội dung');
    expect(targets).toHaveLength(10);
    expect(targets[1]).toMatchObject({
      'Nội dung': 'Người lao động tại cơ sở kinh doanh dịch vụ được tuyên truyền',
      'Đã thực hiện': 12_480,
      'Đã thực hiện (cận trên)': 25_600,
      'Tổng số': 40_000,
      'Tỷ lệ': 0.312,
      'Tỷ lệ (cận trên)': 0.64,
      'Chỉ tiêu': 0.5,
      'Còn thiếu': 7520,
      'Trong kỳ': 4180,
    });
    expect(targets[7]).toMatchObject({
      'Đã thực hiện': null,
      'Tỷ lệ': null,
      'Lý do chưa có số liệu': 'Chưa có tin báo nào đến hạn.',
    });
  });

  it('has a row for each commune, its code as text, and one for each of its figures', async () => {
    const communes = await rowsOf(archive, 'Xã, phường', 'Xã, phường');
    expect(communes).toHaveLength(129);
    expect(communes[0]).toMatchObject({
      Mã: '13285',
      'Xã, phường': 'Phường Phủ Lý',
      'Ban hành kế hoạch': 'Có',
    });
    expect(communes[3]).toMatchObject({ 'Cơ sở được kiểm tra': null });
    expect(await rowsOf(archive, 'Chi tiết xã, phường', 'Xã, phường')).toHaveLength(1290);
  });

  it('has a frozen head row with filters, on A4, with its name on every printed page', async () => {
    const tables = (await sheets(archive)).filter((xml) => xml.includes('<autoFilter'));
    expect(tables).toHaveLength(3);
    for (const xml of tables) {
      expect(xml).toMatch(/<pane [^>]*ySplit="4"[^>]*state="frozen"/);
      expect(xml).toMatch(/<pageSetup [^>]*paperSize="9"[^>]*orientation="landscape"/);
    }
    const workbook = (await archive.bytes('xl/workbook.xml')).toString('utf8');
    expect(workbook.match(/_xlnm\.Print_Titles/g)).toHaveLength(3);
  });

  it('says on every sheet and every printed page that data are simulated, and only then', async () => {
    for (const xml of await sheets(archive)) {
      expect(xml).toMatch(/<oddHeader>[^<]*DỮ LIỆU MÔ PHỎNG/);
      expect(xml).toMatch(/<firstHeader>[^<]*DỮ LIỆU MÔ PHỎNG/);
    }
    const strings = (await archive.bytes('xl/sharedStrings.xml')).toString('utf8');
    expect(strings).toContain('>DỮ LIỆU MÔ PHỎNG<');
    const real = await openZip(await writeXlsx(composeReport(madeUpReport({ simulated: false }))));
    for (const name of real.names.filter((each) => each.endsWith('.xml')))
      expect((await real.bytes(name)).toString('utf8')).not.toMatch(/mô phỏng/i);
  });

  it('takes no text of the data for a formula', async () => {
    const reason = { vi: '=1+1', en: '=1+1' };
    const own = new Map([
      ['students-reached' as const, madeUpFigure('students-reached', { status: 'no-data', reason })],
    ]);
    const risky = await openZip(await writeXlsx(composeReport(madeUpReport({ own }))));
    expect((await sheets(risky)).join('')).not.toContain('<f>');
    const rows = await rowsOf(risky, 'Chỉ tiêu', 'Nội dung');
    expect(rows.map((row) => row['Lý do chưa có số liệu'])).toContain('=1+1');
  });

  it('is the same, byte for byte, made again', async () => {
    expect((await writeXlsx(composeReport(madeUpReport()))).equals(file)).toBe(true);
  });
});
