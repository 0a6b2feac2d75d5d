import { SaxesParser } from 'saxes';
import { beforeAll, describe, expect, it } from 'vitest';
import { openZip } from '../../imports/zip-archive.ts';
import { composeReport } from './compose-report.ts';
import { madeUpCommuneReport, madeUpReport } from './testing/made-up-report.ts';
import { writeDocx } from './write-docx.ts';

/** The parts of a file as text, read by another library than the one that wrote them. */
async function openDocx(file: Buffer): Promise<Map<string, string>> {
  const archive = await openZip(file);
  const parts = new Map<string, string>();
  for (const name of archive.names) parts.set(name, (await archive.bytes(name)).toString('utf8'));
  archive.close();
  return parts;
}
const textOf = (xml: string) =>
  [...xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map(([, text]) => text).join('|');
const headersOf = (parts: Map<string, string>) =>
  [...parts].filter(([name]) => /^word\/header\d+\.xml$/.test(name)).map(([, xml]) => xml);

let province: Buffer;
let parts: Map<string, string>;
let body: string;
beforeAll(async () => {
  province = await writeDocx(composeReport(madeUpReport()));
  parts = await openDocx(province);
  body = parts.get('word/document.xml')!;
}, 60_000);

describe('the report as DOCX', () => {
  it('is well-formed in every part', () => {
    for (const [name, xml] of parts) {
      if (!/\.(xml|rels)$/.test(name)) continue;
      const parser = new SaxesParser({ xmlns: true });
      parser.on('error', (error) => {
        throw new Error(`${name}: ${error.message}`);
      });
      parser.write(xml).close();
    }
  });

  it('bears the national name, the motto and the issuing body', () => {
    expect(textOf(body)).toContain('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM|Độc lập - Tự do - Hạnh phúc');
    expect(textOf(body)).toContain('ỦY BAN NHÂN DÂN|TỈNH NINH BÌNH|SỞ Y TẾ');
    expect(textOf(body)).toContain('Nơi nhận:|- Bộ Y tế;');
  });

  it('has A4 pages with the margins of Decree 30: 20 mm above and beneath, 30 left, 15 right', () => {
    // 20 mm are 1134 twentieths of a point, 30 mm 1701, 15 mm 850; A4 is 11906 by 16838
    const margins = [...body.matchAll(/<w:pgMar ([^>]*)\/>/g)].map(([, attributes]) => attributes!);
    expect(margins).toHaveLength(3);
    for (const margin of margins) {
      expect(margin).toContain('w:top="1134"');
      expect(margin).toContain('w:bottom="1134"');
      expect(margin).toContain('w:left="1701"');
      expect(margin).toContain('w:right="850"');
    }
    const sizes = [...body.matchAll(/<w:pgSz ([^>]*)\/>/g)].map(([, attributes]) =>
      ['w', 'h'].map((side) => attributes!.match(new RegExp(`w:${side}="(\\d+)"`))![1]).join('×'),
    );
    expect(sizes).toEqual(['11906×16838', '16838×11906', '11906×16838']);
  });

  it('numbers pages from the second on, centred above', () => {
    expect(body.match(/<w:titlePg\/>/g)).toHaveLength(1);
    const numbered = headersOf(parts).filter((xml) => xml.includes('PAGE'));
    expect(numbered).toHaveLength(3);
    for (const xml of numbered) expect(xml).toContain('<w:jc w:val="center"/>');
  });

  it('says on every page that data are simulated, in each header of each section, and only then', async () => {
    expect(headersOf(parts)).toHaveLength(6);
    for (const xml of headersOf(parts)) expect(xml).toContain('string="DỮ LIỆU MÔ PHỎNG"');
    const real = await openDocx(await writeDocx(composeReport(madeUpReport({ simulated: false }))));
    expect([...real.values()].join('')).not.toMatch(/mô phỏng/i);
  });

  it('has a row for each commune, head rows that are repeated, and rows that do not break', () => {
    const tables = body.split('<w:tbl>').slice(1);
    const communes = tables.find((xml) => xml.includes('Phường Phủ Lý'))!.split('</w:tbl>')[0]!;
    const rows = communes.split('<w:tr>').slice(1);
    expect(rows.filter((row) => row.includes('<w:tblHeader/>'))).toHaveLength(2);
    expect(
      rows.filter((row) => /<w:t[^>]*>(Xã|Phường) \S/.test(row) && !row.includes('<w:tblHeader/>')),
    ).toHaveLength(129);
    expect(rows.every((row) => row.includes('<w:cantSplit/>'))).toBe(true);
  });

  it('holds its maps as pictures with words for who cannot see them', () => {
    expect([...parts.keys()].filter((name) => name.startsWith('word/media/'))).toHaveLength(2);
    expect(body).toMatch(/<wp:docPr id="1" name="Hình 1\.[^>]*descr="Bản đồ các xã, phường/);
  });

  it('is in Times New Roman of 14 points throughout but for tables and the head', () => {
    const styles = parts.get('word/styles.xml')!;
    expect(styles).toContain('w:ascii="Times New Roman"');
    expect(styles).toMatch(/<w:docDefaults>.*<w:sz w:val="28"\/>/s);
  });

  it('is the same, byte for byte, made again; another when the figures are others', async () => {
    expect((await writeDocx(composeReport(madeUpReport()))).equals(province)).toBe(true);
    const other = await writeDocx(composeReport(madeUpReport({ asOf: '2026-09-29' })));
    expect(other.equals(province)).toBe(false);
    expect(parts.get('docProps/core.xml')).toContain('>2026-09-30T00:00:00Z</dcterms:created>');
  });

  it('lies upright throughout for a commune', async () => {
    const commune = (await openDocx(await writeDocx(composeReport(madeUpCommuneReport('13285'))))).get(
      'word/document.xml',
    )!;
    expect(commune.match(/<w:pgSz /g)).toHaveLength(1);
    expect(textOf(commune)).toContain('ỦY BAN NHÂN DÂN|PHƯỜNG PHỦ LÝ');
  });
});
