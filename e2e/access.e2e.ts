import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Role } from '../contract/access.ts';
import { tokenPrefix } from '../server/access/secrets.ts';
import { chromiumPath } from '../server/testing/chromium.ts';
import { type DemoRole, visitsOfServedApp } from './visits.ts';
import { accessibilityFindings, mapDrawn, type Watched } from './watched-page.ts';

const commune = { code: '13285', name: 'Phường Phủ Lý' };
const asCommune: DemoRole = { demoRole: 'commune', commune: commune.code };

/** The name of each role's card, the page that it opens, and what its navigation holds. */
const roles: Record<Role, { card: string; first: string; pages: string[] }> = {
  planner: {
    card: 'Lập kế hoạch',
    first: '/',
    pages: ['Bản đồ', 'Chỉ tiêu kế hoạch', 'Bảng xã, phường', 'Điểm nóng'],
  },
  inspector: {
    card: 'Kiểm tra',
    first: '/hotspots',
    pages: ['Bản đồ', 'Chỉ tiêu kế hoạch', 'Bảng xã, phường', 'Điểm nóng'],
  },
  leader: {
    card: 'Lãnh đạo',
    first: '/coverage',
    pages: ['Bản đồ', 'Chỉ tiêu kế hoạch', 'Bảng xã, phường', 'Điểm nóng'],
  },
  commune: { card: 'Xã, phường', first: '/', pages: ['Bản đồ', 'Chỉ tiêu kế hoạch'] },
  admin: { card: 'Quản trị', first: '/accounts', pages: ['Tài khoản', 'Nhật ký', 'Bản đồ'] },
};

describe.skipIf(!chromiumPath())('who may see what, in a browser', () => {
  const { served, fetchSignedIn, open, expectQuiet } = visitsOfServedApp();

  const card = (page: Page, role: Role) =>
    page
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { name: roles[role].card, exact: true }) });
  const enter = (page: Page, role: Role) =>
    page.getByRole('button', { name: `Vào xem với vai ${roles[role].card}` }).click();
  const menu = (page: Page) => page.getByRole('button', { name: /^Tài khoản/ });
  const nothingWaits = (page: Page) =>
    expect.poll(() => page.locator('.mantine-Skeleton-root').count(), { timeout: 60_000 }).toBe(0);
  const pathOf = (page: Page) => new URL(page.url()).pathname;
  /** No answer refused who asked: a page asks only what its role may. */
  const expectNothingRefused = (visit: Watched) => {
    expect(visit.refusals).toEqual([]);
    expectQuiet(visit);
  };
  /** Every page that a role's navigation has, and every kind of place on the map that it can switch on. */
  async function goEverywhere(page: Page, role: Role) {
    for (const name of roles[role].pages) {
      await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
      await page.getByRole('main').waitFor();
      await nothingWaits(page);
      if (name === 'Bản đồ') await mapDrawn(page);
    }
  }

  it('asks who is there at every address, and offers the five roles', async () => {
    const visit = await open('/coverage/students-reached?commune=13285', { as: null });
    const { page } = visit;
    await page.getByRole('heading', { name: 'Đăng nhập', level: 1 }).waitFor();
    expect(await page.title()).toBe('Đăng nhập · Địa bàn');
    for (const role of Object.keys(roles) as Role[]) {
      const text = await card(page, role).textContent();
      expect(text).toContain('Thấy');
      expect(text).toContain('Không thấy');
    }
    // Nothing was asked that needs somebody.
    expect(
      visit.requests
        .filter(({ pathname }) => /^\/(api|ogc|tiles)\//.test(pathname))
        .map(({ pathname }) => pathname),
    ).toEqual(expect.arrayContaining(['/api/session']));
    expect(
      visit.requests.some(({ pathname }) => /^\/(ogc|tiles|api\/(coverage|activities))/.test(pathname)),
    ).toBe(false);
    expect(await accessibilityFindings(page)).toEqual([]);
    // The place that was asked for opens once somebody is there.
    await enter(page, 'planner');
    await page.getByRole('heading', { name: 'Học sinh, sinh viên được tuyên truyền', level: 2 }).waitFor();
    expect(new URL(page.url()).search).toContain('commune=13285');
    expectNothingRefused(visit);
  });

  it.each(['planner', 'inspector', 'leader', 'admin'] as const)(
    'lets the %s in at its own page, shows what is its, and asks for nothing else',
    async (role) => {
      const visit = await open('/', { as: null });
      const { page } = visit;
      await enter(page, role);
      await page.getByRole('navigation', { name: 'Điều hướng chính' }).waitFor();
      expect(pathOf(page)).toBe(roles[role].first);
      expect(
        await page.getByRole('navigation', { name: 'Điều hướng chính' }).getByRole('link').allTextContents(),
      ).toEqual(roles[role].pages);
      await goEverywhere(page, role);
      expectNothingRefused(visit);
      expect(await accessibilityFindings(page)).toEqual([]);
    },
  );

  it('lets a commune in at its own figures beside the province’s, with nothing of another', async () => {
    const visit = await open('/', { as: null });
    const { page } = visit;
    await enter(page, 'commune');
    await page.getByText('Chọn một xã, phường trước khi vào.').waitFor();
    await card(page, 'commune')
      .getByRole('combobox')
      .or(card(page, 'commune').getByRole('textbox'))
      .fill('phu ly');
    await page.getByRole('option', { name: /Phủ Lý/ }).click();
    await enter(page, 'commune');
    await page.getByRole('heading', { name: commune.name, level: 2 }).waitFor();
    await nothingWaits(page);
    const targets = page.getByRole('region', { name: 'Mười chỉ tiêu của xã, phường' }).getByRole('table');
    expect(await targets.getByRole('columnheader').allTextContents()).toEqual([
      'Chỉ tiêu',
      'Ở đây',
      'Toàn tỉnh',
    ]);
    expect(await targets.locator('tbody').getByRole('row').count()).toBe(10);
    await goEverywhere(page, 'commune');
    // Another one: what is known of it, no figure, and the way back.
    await page.goto(served('/?commune=14464'));
    await page.getByRole('region', { name: /^Số liệu của/ }).waitFor();
    expect(await page.getByText(/Tài khoản này xem số liệu của Phường Phủ Lý/).isVisible()).toBe(true);
    expect(await page.getByText('Đã kiểm tra trong năm', { exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: `Về ${commune.name}` }).click();
    await page.getByRole('heading', { name: commune.name, level: 2 }).waitFor();
    // Pages that compare communes say whose they are, and lead on.
    for (const path of ['/hotspots', '/communes', '/accounts', '/audit']) {
      await page.goto(served(path));
      await page.getByRole('heading', { name: 'Trang này không dành cho vai Xã, phường' }).waitFor();
      await page.getByRole('main').getByRole('link').click();
      await page.getByRole('heading', { name: commune.name, level: 2 }).waitFor();
    }
    expectNothingRefused(visit);
  });

  it('shows a leader no single establishment: hexagons at every zoom, no rows, no forms', async () => {
    const visit = await open(
      `/?commune=${commune.code}&at=20.5450,105.9100,12.50z&layers=coverage,establishments`,
      {
        as: { demoRole: 'leader' },
      },
    );
    const { page } = visit;
    await mapDrawn(page);
    await page.getByRole('heading', { name: commune.name, level: 2 }).waitFor();
    await nothingWaits(page);
    const tiles = visit.requests.filter(({ pathname }) => pathname.startsWith('/tiles/establishments/'));
    expect(tiles.length).toBeGreaterThan(0);
    expect(tiles.map(({ pathname }) => Number(pathname.split('/')[3])).every((zoom) => zoom <= 9)).toBe(true);
    expect(
      visit.requests.some(({ pathname }) => pathname.startsWith('/ogc/collections/establishments')),
    ).toBe(false);
    expect(await page.getByText('Ghi hoạt động').count()).toBe(0);
    expect(await page.getByText('Cơ sở theo loại hình').count()).toBe(0);
    await page.goto(served('/coverage/establishments-inspected'));
    await page.getByText(/Các dòng ghi chép đứng sau con số này không mở cho vai Lãnh đạo/).waitFor();
    await nothingWaits(page);
    expect(visit.requests.some(({ pathname }) => pathname.endsWith('/rows'))).toBe(false);
    expectNothingRefused(visit);
  });

  it('shows an inspector nothing of outreach below communes, and offers inspections and reports alone', async () => {
    const visit = await open(`/communes?commune=${commune.code}`, { as: { demoRole: 'inspector' } });
    const { page } = visit;
    await page.getByRole('group', { name: 'Ghi hoạt động' }).waitFor();
    expect(
      await page.getByRole('group', { name: 'Ghi hoạt động' }).getByRole('button').allTextContents(),
    ).toEqual(['Kiểm tra', 'Tin báo']);
    await page.getByRole('button', { name: 'Hoạt động đã ghi' }).click();
    await page
      .getByRole('combobox', { name: 'Loại hoạt động' })
      .or(page.locator('.list-controls select'))
      .first()
      .waitFor();
    expect(await page.locator('.list-controls option').allTextContents()).toEqual(['Kiểm tra', 'Tin báo']);
    for (const path of ['/coverage/students-reached?gaps=true', '/coverage/communes-with-outreach']) {
      await page.goto(served(path));
      await page.getByRole('heading', { level: 2 }).waitFor();
      await nothingWaits(page);
      expect(await page.getByRole('switch').count()).toBe(0);
      expect(await page.getByRole('table', { name: /^Mỗi dòng là một việc đã ghi/ }).count()).toBe(0);
    }
    expect(visit.requests.some(({ pathname }) => /\/(gaps|reach|near-misses|rows)$/.test(pathname))).toBe(
      false,
    );
    expectNothingRefused(visit);
  });

  it('shows an administrator the outlines alone, and keeps accounts and the log', async () => {
    const visit = await open('/?commune=13285', { as: { demoRole: 'admin' } });
    const { page } = visit;
    await mapDrawn(page);
    expect(await page.getByRole('switch').count()).toBe(1);
    await page.getByRole('heading', { name: commune.name, level: 2 }).waitFor();
    expect(await page.getByText('Số liệu của chương trình không mở cho người quản trị.').isVisible()).toBe(
      true,
    );
    for (const path of ['/coverage', '/communes', '/hotspots']) {
      await page.goto(served(path));
      await page.getByRole('heading', { name: 'Trang này không dành cho vai Quản trị' }).waitFor();
    }
    await page.goto(served('/audit'));
    await page.getByRole('table').waitFor();
    await page.getByLabel('Loại việc').selectOption('sign-in');
    await expect.poll(() => new URL(page.url()).searchParams.get('kind')).toBe('sign-in');
    const lines = page.getByRole('table').locator('tbody');
    await lines.first().waitFor();
    await page
      .getByRole('button', { name: /^Chi tiết/ })
      .first()
      .click();
    await page.getByText('Niêm phong').first().waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);
    expectNothingRefused(visit);
  });

  it('adds an account with the keyboard, whose holder chooses a password before anything else', async () => {
    const visit = await open('/accounts', { as: { demoRole: 'admin' } });
    const { page } = visit;
    await page.getByRole('button', { name: 'Thêm tài khoản' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Thêm tài khoản');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Tên Người');
    await page.keyboard.press('Enter');
    await page.getByText(/^Từ 3 ký tự: chữ thường không dấu/).waitFor();
    await page.getByRole('textbox', { name: 'Tài khoản', exact: true }).fill('so-y-te');
    await page.getByRole('combobox', { name: 'Vai' }).selectOption('leader');
    await page.getByRole('button', { name: 'Thêm tài khoản' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Mật khẩu dùng một lần của so-y-te' }).waitFor();
    const oneTime = (await page.locator('.shown-once code').textContent())!;
    expect(await accessibilityFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Tôi đã ghi lại' }).click();
    await page.getByRole('row', { name: /so-y-te.*Lãnh đạo.*chờ đặt mật khẩu/ }).waitFor();

    const other = await open('/hotspots', { as: null });
    await other.page.getByLabel('Tài khoản').fill('so-y-te');
    await other.page.getByLabel('Mật khẩu', { exact: true }).fill('không đúng đâu');
    await other.page.keyboard.press('Enter');
    await other.page.getByText('Tài khoản hoặc mật khẩu không đúng.').waitFor();
    await other.page.getByLabel('Mật khẩu', { exact: true }).fill(oneTime);
    await other.page.keyboard.press('Enter');
    await other.page.getByRole('heading', { name: 'Đặt mật khẩu của riêng mình' }).waitFor();
    expect(await accessibilityFindings(other.page)).toEqual([]);
    const chosen = 'sen nở trên hồ tháng sáu';
    await other.page.getByLabel('Mật khẩu hiện tại').fill(oneTime);
    await other.page.getByLabel('Mật khẩu mới', { exact: true }).fill(chosen);
    await other.page.getByLabel('Nhập lại mật khẩu mới').fill('khác');
    await other.page.keyboard.press('Enter');
    await other.page.getByText('Hai lần nhập chưa giống nhau.').waitFor();
    await other.page.getByLabel('Nhập lại mật khẩu mới').fill(chosen);
    await other.page.keyboard.press('Enter');
    await menu(other.page).waitFor();
    expect(pathOf(other.page)).toBe('/hotspots');
    // The one wrong password is all that was refused.
    expect(other.refusals.filter((one) => !one.startsWith('401 POST /api/session'))).toEqual([]);

    // Signed out everywhere by the administrator: the sign-in comes up over the page, and the same page again after it.
    await page.getByRole('button', { name: 'Sửa tài khoản so-y-te' }).click();
    await page.getByRole('button', { name: 'Đăng xuất khỏi mọi máy' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Đăng xuất khỏi mọi máy' }).click();
    await page.getByText('Đã kết thúc mọi phiên của so-y-te.').waitFor();
    await other.page.getByRole('link', { name: 'Chỉ tiêu kế hoạch' }).click();
    await other.page.getByRole('status').getByText('Phiên làm việc đã kết thúc').waitFor();
    expect(await other.page.getByLabel('Tài khoản').inputValue()).toBe('so-y-te');
    await other.page.getByLabel('Mật khẩu', { exact: true }).fill(chosen);
    await other.page.keyboard.press('Enter');
    await expect.poll(() => other.page.getByRole('article').count(), { timeout: 30_000 }).toBe(10);
    expect(pathOf(other.page)).toBe('/coverage');
  });

  it('keeps what was being typed when the session ends, and gives it back', async () => {
    const visit = await open(`/?commune=${commune.code}`, { as: asCommune });
    const { page } = visit;
    await page.getByRole('button', { name: 'Tuyên truyền', exact: true }).click();
    await page.locator('#activity-attendance').fill('137');
    await page.context().request.delete(served('/api/session'));
    await page.locator('.activity-form button[type="submit"]').click();
    await page.getByRole('status').getByText('Phiên làm việc đã kết thúc').waitFor({ timeout: 40_000 });
    expect(await page.locator('#activity-attendance').isVisible()).toBe(false);
    await card(page, 'commune')
      .getByRole('textbox')
      .or(card(page, 'commune').getByRole('combobox'))
      .fill('phu ly');
    await page.getByRole('option', { name: /Phủ Lý/ }).click();
    await enter(page, 'commune');
    await expect.poll(() => page.locator('#activity-attendance').inputValue()).toBe('137');
  });

  it('leaves nothing of one account to the next, and says who is there', async () => {
    const visit = await open('/?commune=13285&layers=coverage,schools', { as: { demoRole: 'planner' } });
    const { page } = visit;
    await mapDrawn(page);
    await page.getByRole('button', { name: 'Tuyên truyền', exact: true }).click();
    await page.locator('#activity-attendance').fill('137');
    await menu(page).click();
    await page.getByText('Sở Y tế').waitFor();
    // It fades in.
    await expect.poll(() => accessibilityFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Đổi sang vai khác' }).click();
    await page.getByRole('heading', { name: 'Đăng nhập', level: 1 }).waitFor();
    expect(
      await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes('draft'))),
    ).toEqual([]);
    await enter(page, 'leader');
    await expect.poll(() => pathOf(page)).toBe('/coverage');
    await nothingWaits(page);
    expectNothingRefused(visit);
  });

  it('makes an access token that is shown once, opens /ogc, and is revoked', async () => {
    const visit = await open('/account#tokens', { as: { demoRole: 'planner' } });
    const { page } = visit;
    await page.getByLabel('Tên để nhận ra').fill('QGIS phòng kế hoạch');
    await page.getByLabel('Dùng đến hết ngày').fill('31/12/2099');
    await page.getByRole('button', { name: 'Tạo mã' }).click();
    await page.getByText(/^Chọn ngày hết hạn, muộn nhất/).waitFor();
    await page.getByLabel('Dùng đến hết ngày').fill((await lastDay(page))!);
    await page.getByRole('button', { name: 'Tạo mã' }).click();
    const secret = (await page.locator('.shown-once-secret code').textContent())!;
    expect(secret.startsWith(tokenPrefix)).toBe(true);
    expect(await accessibilityFindings(page)).toEqual([]);
    const asked = () =>
      fetch(served('/ogc/collections/communes/items?limit=1'), {
        headers: { authorization: `Basic ${Buffer.from(`demo-planner:${secret}`).toString('base64')}` },
      });
    expect((await asked()).status).toBe(200);
    await page.getByRole('button', { name: 'Tôi đã sao chép' }).click();
    expect(await page.getByText(secret).count()).toBe(0);
    await page.getByRole('button', { name: 'Thu hồi mã QGIS phòng kế hoạch' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Thu hồi' }).click();
    await page.getByText('đã thu hồi').waitFor();
    const refused = await asked();
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Basic/),
    ]);
    expectNothingRefused(visit);
  });

  it('says how long to wait after too many wrong passwords', async () => {
    const { page } = await open('/', { as: null });
    await page.route('**/api/session', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({
            status: 429,
            headers: { 'content-type': 'application/problem+json', 'retry-after': '75' },
            body: JSON.stringify({ type: 'about:blank', title: 'Too many tries', status: 429 }),
          })
        : route.fallback(),
    );
    await page.getByLabel('Tài khoản').fill('so-y-te');
    await page.getByLabel('Mật khẩu', { exact: true }).fill('đoán mò');
    await page.keyboard.press('Enter');
    await page.getByText(/^Có thể thử lại sau 7\d giây\.$/).waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);
  });

  it.each([
    ['a tablet lying', 1024, 768],
    ['a tablet upright', 768, 1024],
  ])('fits %s', async (_, width, height) => {
    const signIn = await open('/', { as: null, viewport: { width, height } });
    await signIn.page.getByRole('heading', { name: 'Đăng nhập', level: 1 }).waitFor();
    const spills = (page: Page) =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await spills(signIn.page)).toBe(0);
    const admin = await open('/accounts', { as: { demoRole: 'admin' }, viewport: { width, height } });
    await admin.page.getByRole('table').waitFor();
    expect(await spills(admin.page)).toBe(0);
    await admin.page.goto(served('/audit'));
    await admin.page.getByRole('table').waitFor();
    expect(await spills(admin.page)).toBe(0);
    expect(await admin.page.getByText('DỮ LIỆU MÔ PHỎNG', { exact: true }).isVisible()).toBe(true);
    expectQuiet(admin);
    expect((await fetchSignedIn('/api/session')).status).toBe(200);
  });

  /** What the form says is the last day that it takes. */
  const lastDay = async (page: Page) =>
    /muộn nhất (\d{2}\/\d{2}\/\d{4})/.exec(
      (await page.getByText(/^Chọn ngày hết hạn, muộn nhất/).textContent()) ?? '',
    )?.[1];
});
