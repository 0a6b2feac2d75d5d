import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { classOf, coverageClasses } from '../client/coverage/coverage-classes.ts';
import { formats } from '../client/ui/formats.ts';
import { inspectionCoverageEndpoint } from '../contract/coverage-inspections.ts';
import type { EndpointResponse } from '../contract/endpoint.ts';
import { itemsAddress, placeItems } from '../contract/ogc.ts';
import { chromiumPath } from '../server/testing/chromium.ts';
import { visitsOfServedApp } from './visits.ts';
import {
  accessibilityFindings,
  changedMapPixels,
  keepMapImage,
  mapDrawn,
  mapPixels,
} from './watched-page.ts';

type Coverage = EndpointResponse<typeof inspectionCoverageEndpoint>;
const { vi, en } = formats;
const screenshot = fileURLToPath(new URL('../docs/screenshot.png', import.meta.url));

describe.skipIf(!chromiumPath())('the map in a browser', () => {
  const { served, fetchSignedIn, open, expectQuiet } = visitsOfServedApp();
  let coverage: Coverage;

  beforeAll(async () => {
    const response = await fetchSignedIn('/api/coverage/inspections');
    coverage = inspectionCoverageEndpoint.response.parse(await response.json());
  });

  const communeNamed = (name: string) => coverage.communes.find((commune) => commune.name === name)!;
  /** The address follows a moment after the screen. */
  const selectedInAddress = (page: Page, code: string) =>
    expect.poll(() => new URL(page.url()).searchParams.get('commune')).toBe(code);
  const table = (page: Page) =>
    page.getByRole('table', { name: 'Tỷ lệ bao phủ kiểm tra theo xã, phường, cùng số liệu với bản đồ' });
  const fact = (page: Page, name: string) =>
    page
      .getByRole('region', { name: /^(Số liệu của|Figures of)/ })
      .locator('dl > div', { hasText: name })
      .locator('dd')
      .first();

  it('opens with 129 communes, the province against the plan, the day and the mark of simulated data', async () => {
    const visit = await open('/');
    const { page } = visit;
    await mapDrawn(page);
    await expect.poll(() => table(page).locator('tbody').getByRole('row').count()).toBe(129);
    const { total, asOf } = coverage;
    expect(coverage.communes).toHaveLength(129);
    const summary = page.getByRole('region', { name: `Kiểm tra cơ sở năm ${coverage.year}` });
    const words = await summary.textContent();
    expect(words).toContain(vi.percent(total.share!, coverage.target));
    expect(words).toContain(`${vi.integer(total.inspected)} trên ${vi.integer(total.active)} cơ sở`);
    expect(await page.getByText(`Tính đến ngày ${vi.day(asOf)}`).isVisible()).toBe(true);
    expect(await page.getByText('DỮ LIỆU MÔ PHỎNG', { exact: true }).isVisible()).toBe(true);
    await page.getByText(/Nơi kiểm tra nhiều thì phát hiện nhiều/).waitFor();
    expect(await page.title()).toBe('Bản đồ · Địa bàn');
    expectQuiet(visit);
    await page.screenshot({ path: screenshot });
  });

  it('colours communes by class: each class that occurs is on the map, in about the area that it has', async () => {
    const visit = await open('/?layers=coverage');
    const { page } = visit;
    await mapDrawn(page);
    const classes = coverageClasses(coverage.target);
    const occurring = classes.filter((one) =>
      coverage.communes.some(({ share }) => classOf(classes, share) === one),
    );
    const pixels = await mapPixels(
      page,
      occurring.map(({ color }) => color),
    );
    expect(occurring.length).toBeGreaterThan(3);
    for (const [position, count] of pixels.entries())
      expect([occurring[position]!.low, count > 300]).toEqual([occurring[position]!.low, true]);
    expectQuiet(visit);
  });

  it('switches layers: the address, the tiles asked for and the drawing follow', async () => {
    const visit = await open('/?layers=coverage');
    const { page, requests } = visit;
    await mapDrawn(page);
    await keepMapImage(page);
    expect(requests.some(({ pathname }) => pathname.startsWith('/tiles/schools/'))).toBe(false);

    const schools = page.getByRole('switch', { name: 'Trường học' });
    await schools.check({ force: true });
    await expect.poll(() => new URL(page.url()).searchParams.get('layers')).toBe('coverage,schools');
    await expect.poll(() => changedMapPixels(page), { timeout: 20_000 }).toBeGreaterThan(1000);
    expect(requests.some(({ pathname }) => pathname.startsWith('/tiles/schools/'))).toBe(true);
    expect(await page.getByText('từng nơi, khi phóng to').isVisible()).toBe(true);

    await schools.uncheck({ force: true });
    await expect.poll(() => changedMapPixels(page), { timeout: 20_000 }).toBe(0);
    expectQuiet(visit);
  });

  it('draws the density of violations over the communes', async () => {
    const { page } = await open('/?layers=');
    await mapDrawn(page);
    const land = '#f7f6f2';
    const [plain] = await mapPixels(page, [land]);
    await page.getByRole('switch', { name: 'Mật độ vi phạm phát hiện' }).check({ force: true });
    await expect
      .poll(async () => (await mapPixels(page, [land]))[0], { timeout: 20_000 })
      .toBeLessThan(plain! * 0.9);
    expect(await page.getByText('vi phạm / km²').isVisible()).toBe(true);
  });

  it('finds a commune without diacritics and shows the figures that the API gives', async () => {
    const visit = await open('/');
    const { page } = visit;
    await mapDrawn(page);
    const search = page
      .getByRole('searchbox', { name: 'Tìm xã, phường' })
      .or(page.getByRole('combobox', { name: 'Tìm xã, phường' }));
    await search.fill('thanh lam');
    await page.getByRole('option', { name: /Thanh Lâm/ }).waitFor();
    await search.press('Enter');
    await page.getByRole('heading', { name: 'Xã Thanh Lâm', level: 2 }).waitFor();
    const { active, inspected, missing, share, code } = communeNamed('Thanh Lâm');
    await selectedInAddress(page, code);
    expect(await fact(page, 'Cơ sở đang hoạt động').textContent()).toBe(vi.integer(active));
    expect(await fact(page, 'Đã kiểm tra trong năm').textContent()).toBe(vi.integer(inspected));
    expect(await fact(page, 'Còn thiếu đến chỉ tiêu').textContent()).toBe(vi.integer(missing));
    const panel = page.getByRole('region', { name: 'Số liệu của Xã Thanh Lâm' });
    expect(await panel.textContent()).toContain(vi.percent(share!, coverage.target));
    // The establishments within, by category, add up to those that coverage counts as active.
    const categories = panel
      .getByRole('heading', { name: 'Cơ sở theo loại hình' })
      .locator('xpath=following-sibling::ul[1]');
    await categories.waitFor();
    const counts = await categories.locator('b').allTextContents();
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(active);
    expectQuiet(visit);
  });

  it('selects the commune that is clicked on the map, and goes back', async () => {
    const features = placeItems('communes').parse(
      await (
        await fetchSignedIn(itemsAddress('communes', { name: 'Cúc Phương', skipGeometry: true }))
      ).json(),
    ).features;
    const [west, south, east, north] = features[0]!.bbox!;
    const at = `${((south + north) / 2).toFixed(4)},${((west + east) / 2).toFixed(4)},11.00z`;
    const visit = await open(`/?at=${at}`);
    const { page } = visit;
    await mapDrawn(page);
    const box = (await page.locator('canvas.maplibregl-canvas').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.getByRole('heading', { name: 'Xã Cúc Phương', level: 2 }).waitFor();
    expect(await fact(page, 'Đã kiểm tra trong năm').textContent()).toBe(
      vi.integer(communeNamed('Cúc Phương').inspected),
    );
    await selectedInAddress(page, communeNamed('Cúc Phương').code);
    await page.goBack();
    await page.getByRole('heading', { name: /^Xã, phường/, level: 2 }).waitFor();
    expectQuiet(visit);
  });

  it('sorts, filters and selects with the keyboard alone, and says what was done', async () => {
    const { page } = await open('/');
    await table(page).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Đến nội dung chính');

    const byShare = page.getByRole('columnheader', { name: /Tỷ lệ/ });
    await byShare.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await byShare.getAttribute('aria-sort')).toBe('descending');
    const best = [...coverage.communes].sort((one, other) => (other.share ?? -1) - (one.share ?? -1))[0]!;
    expect(await table(page).locator('tbody').getByRole('row').first().textContent()).toContain(
      vi.percent(best.share!, coverage.target),
    );
    await page.keyboard.press('Enter');
    expect(await byShare.getAttribute('aria-sort')).toBe('ascending');

    // From the last column's header, Tab goes to the first commune's button.
    await page.getByRole('columnheader', { name: /Thiếu/ }).getByRole('button').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const heading = page.getByRole('region', { name: /^Số liệu của/ }).getByRole('heading', { level: 2 });
    await heading.waitFor();
    await expect.poll(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('filters the table by the target', async () => {
    const { page } = await open('/?filter=met');
    const met = coverage.communes.filter(({ share }) => share !== null && share >= coverage.target).length;
    await expect.poll(() => table(page).locator('tbody').getByRole('row').count()).toBe(met);
  });

  it('speaks English, and remembers it', async () => {
    const visit = await open('/');
    const { page } = visit;
    await page.getByRole('button', { name: /^Tài khoản/ }).click();
    await page.getByText('English', { exact: true }).click();
    await page.getByRole('heading', { name: 'Map layers' }).waitFor();
    expect(await page.getByText('SIMULATED DATA', { exact: true }).isVisible()).toBe(true);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.getByText(en.percent(coverage.total.share!, coverage.target)).first().isVisible()).toBe(
      true,
    );
    await page.reload();
    await page.getByRole('heading', { name: 'Map layers' }).waitFor();
    expectQuiet(visit);
  });

  it('has the whole table as a page of its own', async () => {
    const visit = await open('/communes?sort=-share');
    const { page } = visit;
    await expect.poll(() => table(page).locator('tbody').getByRole('row').count()).toBe(129);
    const { name } = communeNamed('Hoa Lư');
    const row = table(page).getByRole('row', { name: new RegExp(`Phường ${name} `) });
    expect(await row.textContent()).toContain(vi.integer(communeNamed('Hoa Lư').active));
    await row.getByRole('button').click();
    await page.getByRole('heading', { name: 'Phường Hoa Lư', level: 2 }).waitFor();
    await selectedInAddress(page, communeNamed('Hoa Lư').code);
    await page.getByRole('link', { name: 'Xem trên bản đồ' }).click();
    await page.getByRole('heading', { name: 'Phường Hoa Lư', level: 2 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    expectQuiet(visit);
  });

  it('is accessible by axe-core: map, commune, table, English, tablet drawer', async () => {
    const { page } = await open('/');
    await mapDrawn(page);
    expect(await accessibilityFindings(page)).toEqual([]);
    for (const path of [
      '/?commune=13285&layers=coverage,density,schools,border-areas',
      '/communes?commune=13285',
      '/?lang=en',
    ]) {
      await page.goto(served(path));
      await (path.startsWith('/communes') ? table(page).waitFor() : mapDrawn(page));
      await expect.poll(() => page.getByLabel(/^(Đang tải…|Loading…)$/).count()).toBe(0);
      expect([path, await accessibilityFindings(page)]).toEqual([path, []]);
    }
    const tablet = await open('/', { viewport: { width: 1024, height: 768 } });
    await mapDrawn(tablet.page);
    await tablet.page.getByRole('button', { name: 'Lớp và chú giải' }).click();
    await tablet.page.getByRole('dialog').getByRole('switch').first().waitFor();
    expect(await accessibilityFindings(tablet.page)).toEqual([]);
  });

  it.each([
    ['a tablet lying', 1024, 768],
    ['a tablet upright', 768, 1024],
  ])('fits %s', async (_, width, height) => {
    const visit = await open('/', { viewport: { width, height } });
    const { page } = visit;
    await mapDrawn(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    expect(await page.getByText('DỮ LIỆU MÔ PHỎNG', { exact: true }).isVisible()).toBe(true);
    const map = (await page.getByRole('main').boundingBox())!;
    expect(map.width * map.height).toBeGreaterThan(0.35 * width * height);
    expectQuiet(visit);
  });

  it('says that the database is away, keeps what it shows, and recovers by itself', async () => {
    const { page } = await open('/');
    await table(page).waitFor();
    const away = {
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'about:blank',
        title: 'The database is away',
        status: 503,
        detail: 'It did not answer.',
        remedy: 'Wait: it is asked again.',
      }),
    };
    const answers = /\/(api|ogc)\//;
    await page.route(answers, (route) => route.fulfill(away));
    await page.goto(served('/'));
    const failed = page.getByRole('alert');
    await failed.waitFor({ timeout: 30_000 });
    expect(await failed.textContent()).toContain('The database is away');
    expect(await failed.textContent()).toContain('Wait: it is asked again.');
    await page.getByRole('status').getByText('Cơ sở dữ liệu tạm thời không trả lời.').waitFor();

    await page.unroute(answers);
    await expect
      .poll(() => table(page).locator('tbody').getByRole('row').count(), { timeout: 30_000 })
      .toBe(129);
    await expect.poll(() => page.getByText('Cơ sở dữ liệu tạm thời không trả lời.').count()).toBe(0);
    await mapDrawn(page);

    // Gone in mid-visit: the banner comes, the figures stay.
    await page.route(answers, (route) => route.abort());
    await page.getByRole('switch', { name: 'Trường học' }).check({ force: true });
    await expect
      .poll(() => page.getByText('Chưa liên lạc được với máy chủ.').count(), { timeout: 45_000 })
      .toBe(1);
    expect(await table(page).locator('tbody').getByRole('row').count()).toBe(129);
    await page.unroute(answers);
    await expect
      .poll(() => page.getByText('Chưa liên lạc được với máy chủ.').count(), { timeout: 30_000 })
      .toBe(0);
  });

  it('says that the server cannot be reached when the page opens, and goes on saying it until it can', async () => {
    const { page } = await open('/khong-co');
    const answers = /\/(api|ogc)\//;
    await page.route(answers, (route) => route.abort());
    await page.goto(served('/'));
    await page.getByRole('alert').waitFor({ timeout: 30_000 });
    expect(await page.getByRole('alert').textContent()).toContain('Máy chủ không trả lời');
    const banner = page.getByText('Chưa liên lạc được với máy chủ.');
    await banner.waitFor();
    // Two further tries of the page go by.
    for (let tries = 0; tries < 2; tries += 1)
      await page.waitForEvent('requestfailed', { predicate: (one) => one.url().endsWith('/api/health') });
    expect(await banner.isVisible()).toBe(true);
    expect(await page.getByRole('alert').isVisible()).toBe(true);
    await page.unroute(answers);
    await expect
      .poll(() => table(page).locator('tbody').getByRole('row').count(), { timeout: 30_000 })
      .toBe(129);
    expect(await banner.count()).toBe(0);
  });

  it('draws a simple map where the machine has no WebGL', async () => {
    const visit = await open('/', {
      beforeScripts: () => {
        const original = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (
          this: HTMLCanvasElement,
          kind: string,
          ...more: unknown[]
        ) {
          return kind.startsWith('webgl') ? null : Reflect.apply(original, this, [kind, ...more]);
        } as typeof original;
      },
    });
    const { page } = visit;
    await page.getByText('Máy này không vẽ được bản đồ tương tác (không có WebGL).').waitFor();
    const drawing = page.getByRole('img', { name: 'Bản đồ tỷ lệ bao phủ kiểm tra theo xã, phường' });
    await drawing.waitFor();
    expect(await drawing.locator('path').count()).toBe(129);
    await drawing.locator('path').first().click();
    await page.getByRole('region', { name: /^Số liệu của/ }).waitFor();
    expect(visit.requests.some(({ pathname }) => pathname.includes('MapView'))).toBe(false);
    expect(await accessibilityFindings(page)).toEqual([]);
    expectQuiet(visit);
  });

  it('prints with the mark of simulated data, the day, the map and its legend, and without controls', async () => {
    const { page } = await open('/');
    await mapDrawn(page);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('DỮ LIỆU MÔ PHỎNG', { exact: true }).isVisible()).toBe(true);
    expect(await page.getByText(/^Tính đến ngày/).isVisible()).toBe(true);
    expect(await page.getByText('Dưới chỉ tiêu').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Phóng to' }).isVisible()).toBe(false);
  });

  it('answers an address that is none in its own frame', async () => {
    const { page } = await open('/khong-co');
    await page.getByRole('heading', { name: 'Không có trang này' }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Bản đồ' }).click();
    await table(page).waitFor();
  });
});
