import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath } from '../../testing/chromium.ts';
import { createPdfPrinter, findChromium } from './chromium.ts';
import { composeReport } from './compose-report.ts';
import { settlePdf } from './settle-pdf.ts';
import { madeUpCommuneReport, madeUpReport } from './testing/made-up-report.ts';
import { writeHtml } from './write-html.ts';

const never = new AbortController().signal;
const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-test-'));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** The text of each page, by poppler. */
async function pagesOf(pdf: Buffer): Promise<string[]> {
  const path = join(folder, 'report.pdf');
  await writeFile(path, pdf);
  const { stdout } = await run('pdftotext', ['-raw', path, '-'], { maxBuffer: 16 * 1024 ** 2 });
  return stdout.normalize('NFC').split('\f').slice(0, -1);
}
async function sizesOf(pdf: Buffer, pages: number): Promise<string[]> {
  const path = join(folder, 'sizes.pdf');
  await writeFile(path, pdf);
  const { stdout } = await run('pdfinfo', ['-l', String(pages), path]);
  return [...stdout.matchAll(/Page +\d+ size: +([\d.]+) x ([\d.]+)/g)].map(([, width, height]) =>
    [width, height].map((side) => Math.round((Number(side) / 72) * 25.4)).join('×'),
  );
}

describe('findChromium', () => {
  it('takes the program that is configured, and none in its place', async () => {
    expect(await findChromium('/nonexistent/chromium')).toBeNull();
    expect(await findChromium(process.execPath)).toBe(process.execPath);
  });
});

describe('without Chromium', () => {
  it('says which package to install', async () => {
    const print = createPdfPrinter({ chromium: '/nonexistent/chromium' });
    await expect(print('<p>', never)).rejects.toMatchObject({
      problem: { status: 501, remedy: expect.stringContaining('apt-get install chromium') },
    });
  });

  it('tells a program that fails from one that is not there', async () => {
    const print = createPdfPrinter({ chromium: '/bin/false' });
    await expect(print('<p>', never)).rejects.toMatchObject({
      problem: { status: 503, detail: expect.stringContaining('ended with 1') },
    });
  });
});

/** Neither gone nor waiting to be reaped. */
async function isAlive(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat !== null && !/\) [ZX] /.test(stat);
}
const soon = () => new Promise((resolve) => setTimeout(resolve, 10));

describe.runIf(process.platform === 'linux')('a printer that hangs', () => {
  it('is ended with its children when the asker leaves, and lets the next in', async () => {
    const program = join(folder, 'hangs');
    const told = join(folder, 'child');
    await writeFile(program, `#!/bin/sh\nsleep 600 &\necho $! > ${told}\nwait\n`, { mode: 0o755 });
    const print = createPdfPrinter({ chromium: program });
    const asker = new AbortController();
    const printed = print('<p>', asker.signal);
    const next = expect(print('<p>', AbortSignal.abort(new Error('gone before its turn')))).rejects.toThrow(
      'gone before its turn',
    );
    let child = '';
    while (!child) {
      await soon();
      child = (await readFile(told, 'utf8').catch(() => '')).trim();
    }
    expect(await isAlive(child)).toBe(true);
    asker.abort(new Error('left'));
    await expect(printed).rejects.toThrow('left');
    await next;
    // the test's own time limit ends this where the child lives on
    while (await isAlive(child)) await soon();
  });
});

const hasPoppler = !spawnSync('pdftotext', ['-v']).error;

describe.runIf(chromiumPath() !== null && hasPoppler)('the report as PDF', () => {
  const print = createPdfPrinter({ chromium: chromiumPath() ?? undefined });
  let pdf: Buffer;
  let pages: string[];
  beforeAll(async () => {
    pdf = settlePdf(await print(writeHtml(composeReport(madeUpReport())), never), '2026-09-30');
    pages = await pagesOf(pdf);
  }, 60_000);

  it('has A4 pages upright, with the table of communes lying across', async () => {
    const sizes = await sizesOf(pdf, pages.length);
    expect(sizes).toHaveLength(pages.length);
    expect(sizes[0]).toBe('210×297');
    expect(sizes.at(-1)).toBe('210×297');
    pages.forEach((text, index) => {
      if (/\d+ (Xã|Phường) [^\n]+ (Có|Chưa) /.test(text)) expect(sizes[index]).toBe('297×210');
    });
    expect(sizes.filter((size) => size === '297×210').length).toBeGreaterThanOrEqual(4);
  });

  it('begins as an administrative document, numbered in the upper margin from the second page on', async () => {
    expect(pages[0]).toContain('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM');
    expect(pages[0]).toContain('Độc lập - Tự do - Hạnh phúc');
    const path = join(folder, 'margins.pdf');
    await writeFile(path, pdf);
    // 20 mm are 56 points
    const { stdout } = await run('pdftotext', ['-x', '0', '-y', '0', '-W', '850', '-H', '56', path, '-']);
    const numbers = stdout.split('\f').slice(0, -1);
    expect(numbers.map((text) => text.trim())).toEqual(
      pages.map((_, index) => (index === 0 ? '' : String(index + 1))),
    );
  });

  it('says across every page that data are simulated, and only then', async () => {
    for (const text of pages) {
      expect(text).toContain('DỮ LIỆU MÔ PHỎNG');
      // across the page letter by letter, besides the line beneath
      expect(text.replace(/\s/g, '').split('DỮLIỆUMÔPHỎNG').length).toBeGreaterThanOrEqual(3);
    }
    const real = await pagesOf(
      await print(writeHtml(composeReport(madeUpReport({ simulated: false }))), never),
    );
    expect(real.join('').replace(/\s/g, '')).not.toMatch(/môphỏng/i);
  });

  it('names every commune and nobody signs an empty page', () => {
    const text = pages.join('\n');
    expect(text.match(/^\d+ (Xã|Phường) /gm)!.length).toBe(129);
    expect(pages.at(-1)).toContain('Trên đây là báo cáo');
    expect(pages.at(-1)).toContain('GIÁM ĐỐC');
  });

  it('is the same, byte for byte, printed again, two askers at once', async () => {
    const html = writeHtml(composeReport(madeUpCommuneReport('13285')));
    const [one, other] = await Promise.all([print(html, never), print(html, never)]);
    expect(settlePdf(one, '2026-09-30').equals(settlePdf(other, '2026-09-30'))).toBe(true);
    expect(settlePdf(one, '2026-09-30').includes("/CreationDate (D:20260930000000+07'00')")).toBe(true);
  });
});
