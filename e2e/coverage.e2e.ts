import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { formats } from '../client/ui/formats.ts';
import {
  type IndicatorFigure,
  type IndicatorId,
  indicatorIds,
  indicatorRowsEndpoint,
  indicatorsEndpoint,
  provinceAgencies,
  smallCounts,
} from '../contract/coverage-indicators.ts';
import { nearMissesEndpoint } from '../contract/coverage-reach.ts';
import { chromiumPath } from '../server/testing/chromium.ts';
import { visitsOfServedApp } from './visits.ts';
import { accessibilityFindings, mapDrawn } from './watched-page.ts';

const { vi, en } = formats;
type Answer = z.infer<typeof indicatorsEndpoint.response>;
/** Figures of a server that has just started come within seconds, on a loaded machine too. */
const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000 });
const statusWords = {
  met: 'Đã đạt',
  'on-pace': 'Đúng tiến độ',
  behind: 'Chậm tiến độ',
  'no-data': 'Chưa có số liệu',
  'no-target': 'Chưa có chỉ tiêu',
  suppressed: 'Số nhỏ, không nêu',
} as const;

describe.skipIf(!chromiumPath())('the plan in a browser', () => {
  const { served, fetchSignedIn, open, expectQuiet } = visitsOfServedApp();

  const ask = async <Schema extends z.ZodType>(
    endpoint: { response: Schema },
    path: string,
  ): Promise<z.infer<Schema>> => endpoint.response.parse(await (await fetchSignedIn(path)).json());
  const indicators = (query = ''): Promise<Answer> =>
    ask(indicatorsEndpoint, `/api/coverage/indicators?${query}`);
  const of = ({ figures }: Answer, id: IndicatorId, group?: string): IndicatorFigure =>
    figures.find((figure) => figure.indicator === id && (group === undefined || figure.group === group))!;
  const described = ({ indicators: all }: Answer, id: IndicatorId) => all.find((one) => one.id === id)!;
  const target = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
  const rowsOf = (page: Page, caption: string | RegExp) =>
    page.getByRole('table', { name: caption }).locator('tbody').getByRole('row');
  const behindTheFigure = /^Mỗi dòng là một việc đã ghi/;
  const totalBehind = (page: Page) =>
    page.getByRole('table', { name: behindTheFigure }).locator('tfoot').textContent();
  const nothingWaits = (page: Page) =>
    eventually(() => page.locator('.mantine-Skeleton-root').count()).toBe(0);

  it('shows the ten targets with the figures that the API gives', async () => {
    const visit = await open('/');
    const { page } = visit;
    await page.getByRole('link', { name: 'Chỉ tiêu kế hoạch' }).click();
    const answer = await indicators();
    await eventually(() => page.getByRole('article').count()).toBe(10);
    expect(await page.title()).toBe('Chỉ tiêu kế hoạch · Địa bàn');
    expect(await page.getByRole('article').getByRole('heading').allTextContents()).toEqual(
      indicatorIds.map((id) => described(answer, id).name.vi),
    );
    for (const id of indicatorIds) {
      const { name, target: share } = described(answer, id);
      const figure = of(answer, id);
      const words = await target(page, name.vi).textContent();
      const expected = [
        statusWords[figure.status],
        ...(figure.value === null
          ? [vi.integer(figure.numerator ?? 0)]
          : [
              vi.percent(figure.value, share ?? undefined),
              vi.integer(figure.numerator ?? 0),
              vi.integer(figure.denominator!),
            ]),
        ...(figure.upper !== null && figure.upper > figure.value!
          ? [`nhiều nhất ${vi.percent(figure.upper)}`, vi.integer(figure.upperNumerator!)]
          : []),
        ...(figure.missing ? [`Còn thiếu ${vi.integer(figure.missing)}`] : []),
        ...(figure.metAtUpper ? ['Đã có thể đạt nếu không ai được tính hai lần.'] : []),
      ];
      for (const said of expected) expect([id, words]).toEqual([id, expect.stringContaining(said)]);
    }
    const head = await page.getByRole('heading', { level: 2 }).textContent();
    for (const status of ['met', 'on-pace', 'behind'] as const) {
      const count = answer.figures.filter((figure) => figure.status === status).length;
      if (count > 0) expect(head).toContain(`${count} ${statusWords[status].toLowerCase()}`);
    }
    expect(await page.getByText(`Tính đến ngày ${vi.day(answer.asOf)}`).isVisible()).toBe(true);
    expect(await page.getByText('DỮ LIỆU MÔ PHỎNG', { exact: true }).isVisible()).toBe(true);
    expectQuiet(visit);
  });

  it('draws the course of the year, and says it to those who do not see it', async () => {
    const { page } = await open('/coverage');
    const months = await indicators('by=month');
    const id = 'establishments-inspected';
    const { name } = described(months, id);
    const trend = target(page, name.vi).getByRole('img', { name: /^Diễn biến trong năm/ });
    const said = await trend.getAttribute('aria-label');
    for (const { key } of months.groups.slice(0, 10)) {
      const month = key.slice(5);
      expect(said).toMatch(new RegExp(`đến \\d\\d/${month} ${vi.percent(of(months, id, key).value!)}`));
    }
  });

  it('opens a target: its map, its table, its groups and the rows behind the figure', async () => {
    const visit = await open('/coverage');
    const { page } = visit;
    const id = 'establishments-inspected';
    const [byCommune, byTerrain] = await Promise.all([
      indicators(`by=commune&indicator=${id}`),
      indicators(`by=terrain&indicator=${id}`),
    ]);
    const { name } = described(byCommune, id);
    await page.getByRole('link', { name: name.vi, exact: true }).click();
    await page.getByRole('heading', { name: name.vi, level: 2 }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/coverage/${id}`);
    await eventually(() => page.title()).toBe(`${name.vi} · Chỉ tiêu kế hoạch · Địa bàn`);

    const map = page.getByRole('img', { name: `Bản đồ ${name.vi} theo xã, phường` });
    await eventually(() => map.locator('path[data-code]').count()).toBe(129);
    const table = rowsOf(page, `${name.vi} theo xã, phường, cùng số liệu với bản đồ`);
    await eventually(() => table.count()).toBe(129);
    const communes = byCommune.figures.filter(
      ({ group }) => group !== provinceAgencies && group !== smallCounts,
    );
    const worst = Math.max(...communes.map(({ missing }) => missing ?? 0));
    // Sorted by what is missing: the first row lacks most.
    expect((await table.first().locator('td').allInnerTexts()).at(-2)).toBe(vi.integer(worst));
    // What has no share is hatched and never in the lowest class.
    for (const figure of communes.filter(({ value }) => value === null))
      expect(await map.locator(`path[data-code="${figure.group}"]`).getAttribute('fill')).toMatch(/^url\(#/);

    const terrain = rowsOf(page, 'Địa hình');
    await eventually(() => terrain.count()).toBe(byTerrain.groups.filter((one) => one.communes > 0).length);
    for (const { key, name: group } of byTerrain.groups) {
      const figure = of(byTerrain, id, key);
      if (figure.value !== null)
        expect(
          await page
            .getByRole('table', { name: 'Địa hình' })
            .getByRole('row', { name: group.vi })
            .textContent(),
        ).toContain(vi.percent(figure.value, 0.2));
    }

    const rows = await ask(indicatorRowsEndpoint, `/api/coverage/indicators/${id}/rows?limit=50`);
    await eventually(() => rowsOf(page, behindTheFigure).count()).toBe(Math.min(50, rows.matched));
    expect(await totalBehind(page)).toContain(vi.integer(rows.total.adds ?? 0));
    await page.getByRole('button', { name: /^Xem thêm/ }).click();
    await eventually(() => rowsOf(page, behindTheFigure).count()).toBe(Math.min(100, rows.matched));
    expect(rows.total.adds).toBe(of(await indicators(), id).numerator);
    expectQuiet(visit);
  });

  it('shows one commune of a target: on the map, in the table, among its neighbours, and its own rows', async () => {
    const visit = await open('/coverage/students-reached');
    const { page } = visit;
    const id = 'students-reached';
    const answer = await indicators(`by=commune&indicator=${id}`);
    const figure = answer.figures.find(
      ({ value, group, numerator }) =>
        value !== null && numerator !== 0 && group !== provinceAgencies && group !== smallCounts,
    )!;
    const { name } = answer.groups.find(({ key }) => key === figure.group)!;
    await page.locator(`path[data-code="${figure.group}"]`).click();
    await eventually(() => new URL(page.url()).searchParams.get('commune')).toBe(figure.group);
    const card = page.getByRole('region', {
      name: new RegExp(`^(Xã|Phường|Đặc khu) ${name.vi.replace(/^(xã|phường|đặc khu) /i, '')}$`),
    });
    await card.waitFor();
    const words = await card.textContent();
    expect(words).toContain(vi.percent(figure.value!, 0.25));
    expect(words).toContain(vi.integer(figure.denominator!));
    expect(words).toMatch(/Hạng \d+ trong \d+/);
    const rows = await ask(
      indicatorRowsEndpoint,
      `/api/coverage/indicators/${id}/rows?commune=${figure.group}&limit=50`,
    );
    await eventually(() => totalBehind(page)).toContain(vi.integer(rows.total.adds ?? 0));
    expect(rows.total.adds).toBe(figure.numerator);
    await card.getByRole('button', { name: /^Bỏ chọn/ }).click();
    await eventually(() => card.count()).toBe(0);
    expectQuiet(visit);
  });

  it('has the figures of a past day, and keeps the day in the address', async () => {
    const visit = await open('/coverage');
    const { page } = visit;
    const id = 'establishments-inspected';
    const [now, then] = await Promise.all([indicators(), indicators('asOf=2026-06-30')]);
    const { name } = described(now, id);
    const written = (answer: Answer) => vi.percent(of(answer, id).value!, 0.2);
    expect(written(then)).not.toBe(written(now));
    await target(page, name.vi).getByText(written(now), { exact: true }).waitFor();

    await page.getByLabel('Tính đến ngày').fill('31/02/2026');
    await page.getByLabel('Tính đến ngày').press('Enter');
    await page.getByText('Viết ngày theo dạng 31/10/2026').waitFor();
    await page.getByLabel('Tính đến ngày').fill('30/06/2026');
    await page.getByLabel('Tính đến ngày').press('Enter');
    await target(page, name.vi).getByText(written(then), { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('asOf')).toBe('2026-06-30');

    // The day goes along to the target's own page, and back.
    await page.getByRole('link', { name: name.vi, exact: true }).click();
    await page.getByRole('main').getByText(written(then), { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Về ngày mới nhất' }).click();
    await page.getByRole('main').getByText(written(now), { exact: true }).first().waitFor();
    await eventually(() => new URL(page.url()).searchParams.get('asOf')).toBeNull();
    expectQuiet(visit);
  });

  it('says what the server refuses, and what to do', async () => {
    const { page } = await open('/coverage?year=2004&asOf=2026-06-30');
    const failed = page.getByRole('alert').first();
    await failed.waitFor();
    expect(await failed.textContent()).toContain('Chưa đọc được số liệu');
    await page.getByRole('button', { name: 'Về ngày mới nhất' }).click();
    await eventually(() => page.getByRole('article').count()).toBe(10);
    await page.goto(served('/coverage/no-such-target'));
    await page.getByText('Không có chỉ tiêu này').waitFor();
  });

  it('names the communes that lack one quarter only', async () => {
    const { page } = await open('/coverage/communes-with-outreach');
    const answer = await ask(nearMissesEndpoint, '/api/coverage/near-misses');
    const block = page.getByRole('region', { name: 'Chỉ thiếu một quý' });
    await block.getByText(answer.found.vi).waitFor();
    expect(answer.communes.length).toBeGreaterThan(0);
    expect(await block.getByRole('listitem').count()).toBe(answer.communes.length);
    expect(await block.getByRole('listitem').first().textContent()).toContain('thiếu quý');
  });

  it('shows where outreach has not reached, on the map and in a list', async () => {
    const visit = await open('/coverage/students-reached');
    const { page } = visit;
    await nothingWaits(page);
    await page.getByRole('switch', { name: 'Hiện nơi tuyên truyền chưa tới' }).check({ force: true });
    await eventually(() => new URL(page.url()).searchParams.get('gaps')).toBe('true');
    const list = rowsOf(page, 'Nơi tuyên truyền chưa tới');
    await eventually(() => list.count()).toBeGreaterThan(0);
    expect(await page.locator('path.gap-area').count()).toBeGreaterThanOrEqual(await list.count());
    expectQuiet(visit);
  });

  it('sorts the table with the keyboard, and downloads the same figures', async () => {
    const { page } = await open('/coverage/students-reached');
    const answer = await indicators('by=commune&indicator=students-reached');
    const header = page.getByRole('columnheader', { name: 'Trên tổng' });
    await header.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    const most = Math.max(...answer.figures.map(({ denominator }) => denominator ?? 0));
    const table = rowsOf(page, /cùng số liệu với bản đồ$/);
    expect(await table.first().textContent()).toContain(vi.integer(most));
    await eventually(() => new URL(page.url()).searchParams.get('order')).toBe('-denominator');

    await page.getByRole('button', { name: 'Tải về' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const text = readFileSync(await (await download).path(), 'utf8');
    expect(text).toContain('DỮ LIỆU MÔ PHỎNG');
    expect(text.trim().split(/\r?\n/).length).toBeGreaterThan(129);
  });

  it('hands out the report of the period that is chosen', async () => {
    const { page } = await open('/coverage');
    await page.getByRole('button', { name: 'Báo cáo', exact: true }).click();
    await page.getByLabel('Kỳ báo cáo').selectOption('Quý II');
    const asked = page.waitForRequest((request) => request.url().includes('/api/coverage/report'));
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Excel (XLSX)' }).click();
    const query = new URL((await asked).url()).searchParams;
    expect([query.get('period'), query.get('format')]).toEqual(['Q2', 'xlsx']);
    // A workbook is a ZIP archive.
    expect(
      readFileSync(await (await download).path())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
  });

  it('shows a commune’s ten figures in its panel, each with its rank', async () => {
    const visit = await open('/?commune=13285');
    const { page } = visit;
    const byCommune = await indicators('by=commune');
    const panel = page.getByRole('region', { name: 'Mười chỉ tiêu của xã, phường' });
    const rows = panel.getByRole('table').locator('tbody').getByRole('row');
    await eventually(() => rows.count()).toBe(10);
    for (const [position, id] of indicatorIds.entries()) {
      const { unit, target: share } = described(byCommune, id);
      const figure = of(byCommune, id, '13285');
      const [here, rank] = await rows.nth(position).locator('td').allInnerTexts();
      if (unit === 'items') expect(here).toBe(vi.integer(figure.numerator ?? 0));
      else if (figure.value === null) expect([id, rank]).toEqual([id, expect.stringContaining('–')]);
      else {
        expect([id, here]).toEqual([
          id,
          expect.stringContaining(
            unit === 'communes'
              ? figure.value === 1
                ? 'Có'
                : 'Chưa'
              : vi.percent(figure.value, share ?? undefined),
          ),
        ]);
        const shares = byCommune.figures.filter(({ indicator, value }) => indicator === id && value !== null);
        const better = shares.filter(({ value }) => value! > figure.value!).length;
        expect([id, rank]).toEqual([
          id,
          expect.stringMatching(new RegExp(`^${better + 1}/${shares.length}\\b`)),
        ]);
      }
    }
    // A figure leads to the rows behind it.
    await panel.getByRole('link', { name: 'Cơ sở được kiểm tra' }).click();
    await page.getByRole('heading', { name: /^Các dòng số liệu của Phường Phủ Lý/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/coverage/establishments-inspected');
    expectQuiet(visit);
  });

  it('colours the map by the target that is chosen, with its legend, summary and table', async () => {
    const visit = await open('/');
    const { page } = visit;
    await mapDrawn(page);
    await page.getByLabel('Tô màu theo').selectOption('students-reached');
    const answer = await indicators();
    const { name } = described(answer, 'students-reached');
    const summary = page.getByRole('region', { name: name.vi, exact: true });
    await summary.waitFor();
    expect(await summary.textContent()).toContain(vi.percent(of(answer, 'students-reached').value!, 0.25));
    await eventually(() => new URL(page.url()).searchParams.get('indicator')).toBe('students-reached');
    await eventually(() => rowsOf(page, new RegExp(name.vi)).count()).toBe(129);
    await eventually(() => page.locator('canvas.maplibregl-canvas').getAttribute('aria-label')).toContain(
      'Học sinh, sinh viên được tuyên truyền',
    );
    await page.goto(served('/?indicator=communes-integrated'));
    await mapDrawn(page);
    const done = (await indicators('by=commune&indicator=communes-integrated')).figures.filter(
      ({ value }) => value === 1,
    ).length;
    await page
      .getByText(`Có: ${vi.integer(done)} xã, phường`)
      .first()
      .waitFor();
    expectQuiet(visit);
  });

  it('speaks English', async () => {
    const { page } = await open('/coverage?lang=en');
    const answer = await indicators();
    const { name } = described(answer, 'establishments-inspected');
    await target(page, name.en)
      .getByText(en.percent(of(answer, 'establishments-inspected').value!, 0.2), { exact: true })
      .waitFor();
    expect(await page.getByRole('heading', { level: 2 }).textContent()).toContain('targets of the 2026 plan');
  });

  it('is accessible by axe-core', async () => {
    const { page } = await open('/coverage');
    for (const path of [
      '/coverage',
      '/coverage/students-reached?gaps=true&commune=13285',
      '/coverage/communes-with-outreach',
      '/coverage/establishments-inspected?lang=en',
      '/coverage/press-items?lang=vi',
      '/?indicator=students-reached&commune=13285',
    ]) {
      await page.goto(served(path));
      await nothingWaits(page);
      expect([path, await accessibilityFindings(page)]).toEqual([path, []]);
    }
  });

  it.each([
    [1440, 900],
    [1024, 768],
    [768, 1024],
  ])('fits a screen of %d × %d', async (width, height) => {
    for (const path of ['/coverage', '/coverage/students-reached?commune=13285', '/?indicator=press-items']) {
      const visit = await open(path, { viewport: { width, height } });
      const { page } = visit;
      await nothingWaits(page);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect([path, beyond]).toEqual([path, 0]);
      // The pages scroll by themselves: nothing in them is wider than they are.
      const wide = await page.evaluate(() => {
        const main = document.querySelector('main')!;
        return main.scrollWidth - main.clientWidth;
      });
      expect([path, wide]).toEqual([path, 0]);
      expect(await page.getByText('DỮ LIỆU MÔ PHỎNG', { exact: true }).isVisible()).toBe(true);
      expectQuiet(visit);
    }
  });
});
