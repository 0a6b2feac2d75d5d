import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { classColor } from '../client/hotspots/hotspot-classes.ts';
import { formats } from '../client/ui/formats.ts';
import {
  densityEndpoint,
  localEndpoint,
  relativeRiskEndpoint,
  scanEndpoint,
  trendEndpoint,
} from '../contract/hotspots.ts';
import { overInspectedArea, trueClusters } from '../server/demo/planted-truth.ts';
import { chromiumPath } from '../server/testing/chromium.ts';
import { visitsOfServedApp } from './visits.ts';
import { accessibilityFindings } from './watched-page.ts';

const { vi, en } = formats;
const found = 'Phát hiện';
const perLook = 'Phát hiện trên lượt kiểm tra';

describe.skipIf(!chromiumPath())('hotspots in a browser', () => {
  const { served, fetchSignedIn, open, expectQuiet } = visitsOfServedApp();

  const ask = async <Answer extends z.ZodType>(
    endpoint: { path: string; response: Answer },
    query = '',
  ): Promise<z.infer<Answer>> =>
    endpoint.response.parse(await (await fetchSignedIn(`${endpoint.path}?${query}`)).json());
  const side = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
  const commune = (page: Page, name: string, code: string) =>
    side(page, name).locator(`path[data-code="${code}"]`);
  const table = (page: Page) => page.getByRole('table');
  const rows = (page: Page) => table(page).locator('tbody').getByRole('row');
  /** Cells as they are read, without what only screen readers are told. */
  const cellsOf = (row: Locator) => row.locator('th, td').allInnerTexts();
  const rowOf = (page: Page, name: string) => table(page).getByRole('row', { name: new RegExp(`^${name} `) });

  it('says what the server found on each side, and warns where one merely looked more', async () => {
    const visit = await open('/');
    const { page } = visit;
    await page.getByRole('link', { name: 'Điểm nóng' }).click();
    const [count, rate] = await Promise.all([ask(localEndpoint, 'measure=count'), ask(localEndpoint)]);
    await side(page, found).getByText(count.found.vi, { exact: true }).waitFor();
    await side(page, perLook).getByText(rate.found.vi, { exact: true }).waitFor();
    expect(count.found.vi).toContain('Nơi kiểm tra nhiều thì phát hiện nhiều');
    expect(await page.title()).toBe('Điểm nóng · Địa bàn');
    expect(await page.getByText('DỮ LIỆU MÔ PHỎNG', { exact: true }).isVisible()).toBe(true);
    expect(await page.getByLabel('Từ ngày').inputValue()).toBe(vi.day(rate.from));
    expect(await page.getByLabel('Đến ngày').inputValue()).toBe(vi.day(rate.to));
    expectQuiet(visit);
  });

  it('lights the over-inspected area up on the left alone, and the true clusters on the right', async () => {
    const visit = await open('/hotspots');
    const { page } = visit;
    await rows(page).first().waitFor();
    const hot = [classColor('hot-99'), classColor('hot-95')];
    const fillsOf = (name: string, codes: readonly string[]) =>
      Promise.all(codes.map((code) => commune(page, name, code).getAttribute('fill')));
    const hotIn = async (name: string, codes: readonly string[]) =>
      (await fillsOf(name, codes)).filter((fill) => hot.includes(fill!)).length;

    expect(await hotIn(found, overInspectedArea.communeCodes)).toBeGreaterThan(1);
    expect(await hotIn(perLook, overInspectedArea.communeCodes)).toBe(0);
    for (const { name, communeCodes } of trueClusters)
      expect([name, (await hotIn(perLook, communeCodes)) > 0]).toEqual([name, true]);

    // The same in words, for all communes: what stands out where.
    const [count, rate] = await Promise.all([ask(localEndpoint, 'measure=count'), ask(localEndpoint)]);
    const standing = ({ areas }: typeof rate) =>
      new Set(areas.filter((one) => /^hot-9[59]$/.test(one.class)).map(({ id }) => id));
    const [left, right] = [standing(count), standing(rate)];
    const strip = page.getByRole('region', { name: 'So hai bản đồ' });
    const heading = (words: string) => strip.getByRole('heading', { name: words }).textContent();
    const only = [...left].filter((code) => !right.has(code));
    expect(await heading('Chỉ cao theo số phát hiện')).toMatch(new RegExp(`^${only.length} `));
    expect(await heading('Cao theo cả hai')).toMatch(new RegExp(`^${left.size - only.length} `));
    const looks = (codes: readonly string[], within: boolean) => {
      const which = count.areas.filter(({ id }) => codes.includes(id) === within);
      return vi.decimal(which.reduce((sum, { inspections }) => sum + inspections, 0) / which.length, 0);
    };
    expect(await strip.textContent()).toContain(
      `Được kiểm tra trung bình ${looks(only, true)} lượt mỗi nơi, các nơi khác ${looks(only, false)} lượt`,
    );
    expectQuiet(visit);
  });

  it('has the figures of the answer in the table, sorted and reached by the keyboard', async () => {
    const visit = await open('/hotspots');
    const { page } = visit;
    const { areas } = await ask(localEndpoint);
    await expect.poll(() => rows(page).count()).toBe(129);
    const highest = [...areas].sort((one, other) => other.z! - one.z!)[0]!;
    const words = (one: (typeof areas)[number]) => [
      one.name.charAt(0).toUpperCase() + one.name.slice(1),
      vi.integer(one.violations),
      vi.integer(one.inspections),
      vi.percent(one.rate!),
      vi.percent(one.estimate!),
      vi.fixed(one.z!, 2),
      one.pAdjusted < 0.001 ? '< 0,001' : vi.fixed(one.pAdjusted, 3),
    ];
    expect((await cellsOf(rowOf(page, words(highest)[0]!))).slice(0, 7)).toEqual(words(highest));
    expect(await rows(page).first().textContent()).toContain(words(highest)[0]);

    const header = page.getByRole('columnheader', { name: 'Lượt kiểm tra' });
    await header.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    const most = [...areas].sort((one, other) => other.inspections - one.inspections)[0]!;
    expect(await rows(page).first().textContent()).toContain(words(most)[0]);
    await page.keyboard.press('Enter');
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
    await expect.poll(() => new URL(page.url()).searchParams.get('order')).toBe('inspections');

    await page.getByText(found, { exact: true }).last().click();
    const counted = (await ask(localEndpoint, 'measure=count')).areas.find(({ id }) => id === most.id)!;
    await expect
      .poll(async () => (await cellsOf(rowOf(page, words(most)[0]!))).slice(1, 3))
      .toEqual([vi.integer(counted.violations), vi.integer(counted.inspections)]);
    expectQuiet(visit);
  });

  it('shows one commune as both maps see it', async () => {
    const { page } = await open('/hotspots');
    await rows(page).first().waitFor();
    const [code] = overInspectedArea.communeCodes;
    const [count, rate] = await Promise.all([ask(localEndpoint, 'measure=count'), ask(localEndpoint)]);
    const [left, right] = [count, rate].map(({ areas }) => areas.find(({ id }) => id === code)!);
    await commune(page, found, code!).click();
    const card = page.getByRole('region', { name: 'Xã Vạn Thắng' });
    for (const one of [left!, right!])
      expect(await card.textContent()).toContain(
        `${vi.integer(one.violations)} vi phạm trong ${vi.integer(one.inspections)} lượt kiểm tra`,
      );
    await expect.poll(() => new URL(page.url()).searchParams.get('commune')).toBe(code);
    await card.getByRole('button', { name: 'Bỏ chọn Xã Vạn Thắng' }).click();
    await expect.poll(() => card.count()).toBe(0);
  });

  it('switches views, each with its finding, its table and the address', async () => {
    const visit = await open('/hotspots');
    const { page } = visit;
    const [density, risk, poisson, bernoulli, trend] = await Promise.all([
      ask(densityEndpoint, 'grid=none'),
      ask(relativeRiskEndpoint),
      ask(scanEndpoint, 'model=poisson'),
      ask(scanEndpoint),
      ask(trendEndpoint),
    ]);
    const view = async (words: string, left: string, right: string) => {
      await page.getByText(words, { exact: true }).click();
      await side(page, found).getByText(left, { exact: true }).waitFor();
      await side(page, perLook).getByText(right, { exact: true }).waitFor();
    };
    await view('Mật độ', density.found.vi, risk.found.vi);
    expect(await side(page, found).locator('path.contour').count()).toBe(density.contours.features.length);
    expect(await side(page, perLook).locator('path.tolerance').count()).toBe(risk.tolerance.features.length);
    await expect.poll(() => rows(page).count()).toBe(risk.tolerance.features.length);
    expect(await side(page, found).textContent()).toContain('vi phạm / km²');

    await view('Cụm quét', poisson.found.vi, bernoulli.found.vi);
    await expect.poll(() => new URL(page.url()).searchParams.get('view')).toBe('scan');
    await expect.poll(() => rows(page).count()).toBe(bernoulli.clusters.length);
    expect(await side(page, perLook).locator('.cluster').count()).toBe(bernoulli.clusters.length);
    const [first] = bernoulli.clusters;
    const cells = await cellsOf(rows(page).first());
    expect(cells[0]).toBe('1');
    expect(cells[1]!.toLowerCase()).toContain(first!.names[0]!.toLowerCase());
    expect(cells.slice(2, 6)).toEqual([
      vi.integer(first!.observed),
      vi.fixed(first!.expected, 1),
      vi.fixed(first!.relativeRisk!, 2),
      vi.fixed(first!.radiusMeters / 1000, 1),
    ]);

    await view('Xu hướng', (await ask(trendEndpoint, 'measure=count')).found.vi, trend.found.vi);
    await expect.poll(() => rows(page).count()).toBe(trend.areas.length + trend.notTestable.length);
    expect(await page.getByRole('img', { name: /^z qua các kỳ:/ }).count()).toBe(trend.areas.length);
    expect(await side(page, perLook).textContent()).toContain(
      `${trend.slices.length} kỳ: phép kiểm định xu hướng yếu khi dưới 10 kỳ`,
    );
    const [untested] = trend.notTestable;
    expect(await commune(page, perLook, untested!.id).getAttribute('fill')).toMatch(/^url\(#/);
    await commune(page, perLook, untested!.id).hover();
    expect(await side(page, perLook).textContent()).toContain('không có lượt kiểm tra');
    expectQuiet(visit);
  });

  it('asks anew for another period, category and stream, and says when nothing was found', async () => {
    const { page } = await open('/hotspots?view=scan');
    await rows(page).first().waitFor();
    await page.getByLabel('Từ ngày').fill('31/02/2026');
    await page.getByLabel('Từ ngày').press('Enter');
    await page.getByText('Viết ngày theo dạng 31/10/2026').waitFor();
    expect(new URL(page.url()).searchParams.get('from')).toBeNull();

    await page.getByLabel('Từ ngày').fill('1/8/2026');
    await page.getByLabel('Từ ngày').press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBe('2026-08-01');
    await page.getByLabel('Lượt kiểm tra được tính').selectOption('random');
    const answer = await ask(scanEndpoint, 'from=2026-08-01&stream=random');
    await side(page, perLook).getByText(answer.found.vi, { exact: true }).waitFor();
    expect(answer.found.vi).toContain('Không có cụm nào vượt mức ngẫu nhiên');

    await page.getByLabel('Từ ngày').fill('01/10/2026');
    await page.getByLabel('Từ ngày').press('Enter');
    await page.getByLabel('Loại hình cơ sở').selectOption('karaoke');
    await side(page, perLook).getByText('Không đủ số liệu để tìm cụm').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.getByRole('button', { name: 'Về mặc định' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('?view=scan');
  });

  it('says that long work goes on, cancels it, and runs it again', async () => {
    const { page, complaints } = await open('/hotspots');
    await rows(page).first().waitFor();
    // As long as one likes, on any machine: the request is kept waiting on its way.
    let kept = 0;
    await page.route(/bandwidthMeters=auto/, () => {
      kept += 1;
    });
    await page.getByText('Mật độ', { exact: true }).click();
    await page.getByRole('switch', { name: 'Tự chọn' }).check({ force: true });
    const cancel = side(page, found).getByRole('button', { name: 'Hủy' });
    await cancel.waitFor();
    expect(await side(page, found).getByRole('status').textContent()).toMatch(/^Máy chủ đang tính/);
    // The other side does not wait for it.
    await side(page, perLook)
      .getByText((await ask(relativeRiskEndpoint)).found.vi)
      .waitFor();
    const closed = () => page.waitForEvent('requestfailed', (request) => request.url().includes('auto'));
    let ended = closed();
    await cancel.click();
    await ended;
    await side(page, found).getByText('Đã hủy.').waitFor();
    expect(kept).toBe(1);

    await side(page, found).getByRole('button', { name: 'Tính lại' }).click();
    await cancel.waitFor();
    expect(kept).toBe(2);
    // Another question closes the connection for the one before.
    ended = closed();
    await page.getByText('Cụm nóng, lạnh', { exact: true }).click();
    await ended;
    await side(page, found)
      .getByText((await ask(localEndpoint, 'measure=count')).found.vi)
      .waitFor();
    expect(complaints).toEqual([]);
  });

  it('says what was wrong and what to do when the server refuses', async () => {
    const { page } = await open('/hotspots?category=no-such-kind');
    const failed = side(page, perLook).getByRole('alert');
    await failed.waitFor();
    expect(await failed.textContent()).toContain('there is no category "no-such-kind"');
    await page.getByRole('button', { name: 'Về mặc định' }).click();
    await rows(page).first().waitFor();
  });

  it('explains the method and gives what is needed to make the result again', async () => {
    const { page } = await open('/hotspots');
    await rows(page).first().waitFor();
    const panel = page.getByRole('complementary', { name: 'Đọc bản đồ này thế nào' });
    for (const name of [
      'Bản đồ cho thấy gì',
      'Chắc đến đâu',
      'Không nói lên điều gì',
      'Khi nào không nên dùng',
    ])
      expect(await panel.getByRole('heading', { name }).isVisible()).toBe(true);
    await panel.getByText(`${perLook}: Nguồn gốc kết quả`).click();
    const { method, dataVersion } = await ask(localEndpoint);
    const words = await panel.textContent();
    for (const fact of [method.tested, method.pShown, method.weights, method.crs])
      expect(words).toContain(fact);
    expect(words).toContain(`Phiên bản số liệu${vi.integer(dataVersion)}`);
    const document = await panel
      .getByRole('link', { name: /^Mở docs\/methods/ })
      .first()
      .getAttribute('href');
    const shown = await fetchSignedIn(document!);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
  });

  it('moves both maps together', async () => {
    const { page } = await open('/hotspots');
    await rows(page).first().waitFor();
    const boxOf = (name: string) => side(page, name).getByRole('img').first().getAttribute('viewBox');
    const whole = await boxOf(found);
    await page.getByRole('button', { name: 'Phóng to' }).click();
    await expect.poll(() => boxOf(found)).not.toBe(whole);
    expect(await boxOf(perLook)).toBe(await boxOf(found));
    const enlarged = await boxOf(found);
    const map = (await side(page, perLook).getByRole('img').first().boundingBox())!;
    await page.mouse.move(map.x + 200, map.y + 200);
    await page.mouse.down();
    await page.mouse.move(map.x + 260, map.y + 220, { steps: 4 });
    await page.mouse.up();
    expect(await boxOf(found)).not.toBe(enlarged);
    expect(await boxOf(perLook)).toBe(await boxOf(found));
    await page.getByRole('button', { name: 'Xem toàn bộ địa bàn' }).click();
    await expect.poll(() => boxOf(found)).toBe(whole);
  });

  it('is downloaded with the mark of simulated data', async () => {
    const { page } = await open('/hotspots?view=trend');
    await rows(page).first().waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Tải CSV' }).click();
    const text = readFileSync(await (await download).path(), 'utf8');
    const lines = text.replace(/\r\n$/, '').split('\r\n');
    expect(lines[0]).toBe('\ufeffDỮ LIỆU MÔ PHỎNG');
    expect(lines).toHaveLength(2 + 129);
  });

  it('speaks English', async () => {
    const { page } = await open('/hotspots?lang=en');
    const rate = await ask(localEndpoint);
    await side(page, 'Found per look').getByText(rate.found.en, { exact: true }).waitFor();
    expect(await page.getByText('SIMULATED DATA', { exact: true }).isVisible()).toBe(true);
    const highest = [...rate.areas].sort((one, other) => other.z! - one.z!)[0]!;
    expect(await rows(page).first().textContent()).toContain(en.fixed(highest.z!, 2));
  });

  it('is accessible by axe-core, in every view', async () => {
    const { page } = await open('/hotspots?commune=13864');
    for (const path of [
      '/hotspots?commune=13864',
      '/hotspots?view=density&bandwidth=3',
      '/hotspots?view=scan',
      '/hotspots?view=trend&lang=en',
    ]) {
      await page.goto(served(path));
      await rows(page).first().waitFor();
      await expect.poll(() => page.getByRole('button', { name: /^(Hủy|Cancel)$/ }).count()).toBe(0);
      expect([path, await accessibilityFindings(page)]).toEqual([path, []]);
    }
  });

  it.each([
    ['a desk', 1440, 900, true],
    ['a tablet lying', 1024, 768, true],
    ['a tablet upright', 768, 1024, false],
  ])('fits %s', async (_, width, height, beside) => {
    const visit = await open('/hotspots', { viewport: { width, height } });
    const { page } = visit;
    await rows(page).first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    expect(await page.getByText('DỮ LIỆU MÔ PHỎNG', { exact: true }).isVisible()).toBe(true);
    const [left, right] = await Promise.all(
      [found, perLook].map(async (name) => (await side(page, name).getByRole('img').first().boundingBox())!),
    );
    // Beside one another, or one above the other, and of the same size; both seen, the lower one in part at least.
    expect(left!.y === right!.y).toBe(beside);
    expect(left!.x === right!.x).toBe(!beside);
    expect([left!.width, left!.height].map(Math.round)).toEqual(
      [right!.width, right!.height].map(Math.round),
    );
    expect(right!.y + (beside ? right!.height : right!.height / 2)).toBeLessThan(height);
    if (width === 1024) expect(await accessibilityFindings(page)).toEqual([]);
    expectQuiet(visit);
  });
});
