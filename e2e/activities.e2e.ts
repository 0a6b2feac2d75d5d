import type { Page, Request } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { cellAt } from '../client/activities/report-cells.ts';
import {
  type Activity,
  type ActivityPlace,
  type activityEndpoints,
  activityPlacesEndpoint,
} from '../contract/activity-endpoints.ts';
import { dayInVietnam } from '../contract/calendar-day.ts';
import { chromiumPath } from '../server/testing/chromium.ts';
import { visitsOfServedApp } from './visits.ts';
import { accessibilityFindings, mapDrawn } from './watched-page.ts';

describe.skipIf(!chromiumPath())('recording activities in a browser', () => {
  const { fetchSignedIn, open, expectQuiet } = visitsOfServedApp();
  /** A commune with an industrial park, and its places. */
  let commune: string;
  let park: ActivityPlace;
  let places: ActivityPlace[];

  beforeAll(async () => {
    const parks = (await (
      await fetchSignedIn('/ogc/collections/industrial-parks/items?limit=1&skipGeometry=true')
    ).json()) as { features: { properties: { commune_code: string } }[] };
    commune = parks.features[0]!.properties.commune_code;
    const answer = await fetchSignedIn(`/api/activities/places?commune=${commune}&limit=5000`);
    places = activityPlacesEndpoint.response.parse(await answer.json()).places;
    park = places.find(({ collection }) => collection === 'industrial-parks')!;
  });

  const list = async (kind: keyof typeof activityEndpoints, withdrawn = 'include') => {
    const answer = await fetchSignedIn(
      `/api/activities/${kind}?commune=${commune}&withdrawn=${withdrawn}&limit=500`,
    );
    const body = (await answer.json()) as { items: Activity<'outreach'>[] };
    return body.items;
  };
  /** What has come since, by id. */
  const newSince = async (kind: keyof typeof activityEndpoints, before: readonly { id: number }[]) => {
    const known = new Set(before.map(({ id }) => id));
    return (await list(kind)).filter(({ id }) => !known.has(id));
  };
  const record = async (attendance: number) => {
    const answer = await fetchSignedIn('/api/activities/outreach', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        heldOn: dayInVietnam(new Date()),
        form: 'contest',
        audience: 'residents',
        communeCode: commune,
        place: null,
        attendance,
      }),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as Activity<'outreach'>;
  };
  const sent = (request: Request) => request.postDataJSON() as Record<string, unknown>;
  const isPost = (request: Request) =>
    request.method() === 'POST' && request.url().includes('/api/activities/');
  const recorded = (page: Page) => page.getByRole('region', { name: 'Đã ghi', exact: true });
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.id ?? '');
  const openForm = async (page: Page, kind: string) => {
    await page.getByRole('button', { name: kind, exact: true }).click();
    await page.locator('form.activity-form').waitFor();
  };

  it('records an outreach session with the keyboard alone, found by search, in fewer keys than a minute holds', async () => {
    const before = await list('outreach');
    const visit = await open(`/communes?commune=${commune}`);
    const { page } = visit;
    const outreach = page.getByRole('button', { name: 'Tuyên truyền', exact: true });
    await outreach.waitFor();
    // The panel has taken the focus; nothing is clicked from here on.
    let keys = 0;
    const press = async (key: string) => {
      keys += 1;
      await page.keyboard.press(key);
    };
    const type = async (text: string) => {
      keys += text.length;
      await page.keyboard.type(text);
    };
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H2');
    await press('Tab');
    expect(await outreach.evaluate((button) => button === document.activeElement)).toBe(true);
    await press('Enter');
    await expect.poll(() => focused(page)).toBe('activity-heldOn');
    expect(await page.locator('#activity-heldOn').inputValue()).toBe(
      dayInVietnam(new Date()).split('-').reverse().join('/'),
    );
    expect(await accessibilityFindings(page)).toEqual([]);
    await press('ArrowUp'); // yesterday
    await press('Tab'); // form: the first is chosen
    await press('ArrowRight');
    await press('Tab'); // audience
    await press('ArrowRight');
    await press('ArrowRight'); // industrial workers
    await press('Tab');
    await expect.poll(() => focused(page)).toBe('activity-place');
    await type('kcn');
    await page.getByRole('option').first().waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);
    await press('Enter');
    await press('Tab');
    await expect.poll(() => focused(page)).toBe('activity-attendance');
    await type(String(park.people! + 1));
    // Allowed, and said.
    await page.getByText(/^Nhiều hơn .* của nơi này/).waitFor();
    await press('Enter');
    await recorded(page).waitFor();

    const [row, ...others] = await newSince('outreach', before);
    expect(others).toEqual([]);
    const yesterday = dayInVietnam(new Date(Date.now() - 86_400_000));
    expect(row!.record).toMatchObject({
      heldOn: yesterday,
      form: 'group-discussion',
      audience: 'industrial-workers',
      communeCode: commune,
      place: { collection: 'industrial-parks' },
      attendance: park.people! + 1,
    });
    expect(row!.simulated).toBe(true);
    // A key every 1.2 seconds, thinking included, is slow typing.
    expect(keys).toBeLessThan(50);
    // The session was the largest at the park: the target has moved, and it is said from what to what.
    await page
      .getByText(/^từ .* lên .*/)
      .first()
      .waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);

    // Enter goes on to the next, with the day and the choices of this one.
    await press('Enter');
    await expect.poll(() => focused(page)).toBe('activity-place');
    expect(await page.getByRole('radio', { name: 'Sinh hoạt nhóm' }).isChecked()).toBe(true);
    expectQuiet(visit);
  });

  it('takes a place that is clicked on the map, and Escape leaves the map without one', async () => {
    const before = await list('outreach');
    const [longitude, latitude] = park.position;
    const visit = await open(`/?commune=${commune}&layers=coverage&at=${latitude},${longitude},13z`);
    const { page } = visit;
    await mapDrawn(page);
    await openForm(page, 'Tuyên truyền');
    const ask = page.getByRole('button', { name: 'Trên bản đồ' });
    const prompt = page.getByText('Bấm vào một nơi trên bản đồ. Esc để thôi.');
    await ask.click();
    await prompt.waitFor();
    await page.keyboard.press('Escape');
    await prompt.waitFor({ state: 'detached' });
    expect(await page.locator('form.activity-form').isVisible()).toBe(true);

    await ask.click();
    await prompt.waitFor();
    const canvas = page.locator('canvas.maplibregl-canvas');
    const box = (await canvas.boundingBox())!;
    const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
    // A click beside every place chooses nothing and leaves the commune.
    await page.mouse.click(box.x + 5, box.y + box.height - 60);
    expect(await prompt.isVisible()).toBe(true);
    await page.mouse.click(...middle);
    await prompt.waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('#activity-place').inputValue()).toBe(park.name);
    await expect.poll(() => focused(page)).toBe('activity-attendance');
    await page.keyboard.type('1.200');
    await page.keyboard.press('Enter');
    await recorded(page).waitFor();
    const [row] = await newSince('outreach', before);
    expect(row!.record).toMatchObject({
      place: { collection: 'industrial-parks', reference: park.reference },
      attendance: 1200,
    });
    expectQuiet(visit);
  });

  it('sends of a report its cell and no position', async () => {
    const [longitude, latitude] = park.position;
    const visit = await open(`/?commune=${commune}&layers=coverage&at=${latitude},${longitude},13z`);
    const { page } = visit;
    await mapDrawn(page);
    await openForm(page, 'Tin báo');
    await page.getByText('Chỉ lưu ô rộng khoảng 5 km²', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Trên bản đồ' }).click();
    await page.getByText(/^Bấm vào khu vực của tin báo/).waitFor();
    const box = (await page.locator('canvas.maplibregl-canvas').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    const cell = await cellAt(park.position);
    await expect.poll(() => page.locator('#activity-h3Cell').inputValue()).toBe(cell);
    expect(await accessibilityFindings(page)).toEqual([]);
    const posted = page.waitForRequest(isPost);
    await page.getByRole('button', { name: 'Ghi', exact: true }).click();
    const body = sent(await posted);
    expect(Object.keys(body).sort()).toEqual(
      ['communeCode', 'dueOn', 'h3Cell', 'receivedOn', 'resolvedOn', 'status'].sort(),
    );
    expect(body).toMatchObject({ h3Cell: cell, status: 'received', communeCode: commune });
    await recorded(page).waitFor();
    expectQuiet(visit);
  });

  it('makes one row of a double click, and one of what is sent again after a lost connection', async () => {
    const before = await list('press-items');
    const visit = await open(`/communes?commune=${commune}`);
    const { page } = visit;
    await openForm(page, 'Tin, bài');
    await page.getByRole('button', { name: 'Ghi', exact: true }).dblclick();
    await recorded(page).waitFor();
    expect(await newSince('press-items', before)).toHaveLength(1);
    expectQuiet(visit);

    // The row is made and its answer lost: only the server knows.
    const next = await list('press-items');
    const keys: (string | undefined)[] = [];
    await page.route('**/api/activities/press-items', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length === 1) {
        await route.fetch();
        return route.abort();
      }
      return route.continue();
    });
    await page.getByRole('button', { name: 'Ghi thêm tin, bài' }).click();
    await page.locator('#activity-reference').fill('Số 7/BC');
    await page.keyboard.press('Enter');
    await page.getByText('Chưa nhận được trả lời của máy chủ.').waitFor();
    expect(await page.locator('#activity-reference').inputValue()).toBe('Số 7/BC');
    // Not even a reload makes another of it.
    await page.reload();
    await page.getByText('Còn một bản ghi dở: Tin, bài.').waitFor();
    await page.getByRole('button', { name: 'Ghi tiếp' }).click();
    expect(await page.locator('#activity-reference').inputValue()).toBe('Số 7/BC');
    await page.getByRole('button', { name: 'Ghi', exact: true }).click();
    await recorded(page).waitFor();
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    expect(await newSince('press-items', next)).toHaveLength(1);
  });

  it('says that what was sent before is on record when the form was changed since, and records the rest on request', async () => {
    const before = await list('press-items');
    const visit = await open(`/communes?commune=${commune}`);
    const { page } = visit;
    let lost = false;
    await page.route('**/api/activities/press-items', async (route) => {
      if (lost || route.request().method() !== 'POST') return route.continue();
      lost = true;
      await route.fetch();
      return route.abort();
    });
    await openForm(page, 'Tin, bài');
    await page.keyboard.press('Enter');
    await page.getByText('Chưa nhận được trả lời của máy chủ.').waitFor();
    await page.getByRole('radio', { name: 'Trung ương' }).check({ force: true });
    await page.getByRole('button', { name: 'Gửi lại' }).click();
    await page.getByText('Lần gửi trước đã được ghi.').waitFor();
    expect(await newSince('press-items', before)).toHaveLength(1);
    expect(await accessibilityFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Ghi thành bản mới' }).click();
    await recorded(page).waitFor();
    const rows = (await newSince('press-items', before)) as unknown as Activity<'press-items'>[];
    expect(rows.map(({ record: { outletLevel } }) => outletLevel).sort()).toEqual(['central', 'local']);
  });

  it('keeps a correction of what was withdrawn meanwhile from being lost without a word', async () => {
    const made = await record(55);
    const visit = await open(`/communes?commune=${commune}`);
    const { page } = visit;
    await page.getByRole('button', { name: 'Hoạt động đã ghi' }).click();
    await page.getByRole('button', { name: /· 55 lượt người/ }).click();
    await page.getByRole('button', { name: 'Sửa', exact: true }).click();
    await page.locator('#activity-attendance').fill('56');
    const gone = await fetchSignedIn(`/api/activities/outreach/${made.id}/withdrawal`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'if-match': '"1"' },
      body: JSON.stringify({ reason: 'mistaken' }),
    });
    expect(gone.status).toBe(200);
    await page.keyboard.press('Enter');
    await page.getByText('Bản ghi này đã bị rút trong lúc đang sửa.').waitFor();
    expect(await page.locator('#activity-attendance').inputValue()).toBe('56');
    // A new record of the kind is another form: the correction waits beside it.
    await page.getByRole('button', { name: 'Quay lại' }).click();
    await page.getByRole('button', { name: 'Giữ lại, quay lại sau' }).click();
    await page.getByRole('button', { name: 'Trở về số liệu' }).click();
    await page.getByText('Còn một bản đang sửa dở: Tuyên truyền.').waitFor();
    await openForm(page, 'Tuyên truyền');
    expect(await page.locator('#activity-attendance').inputValue()).toBe('');
  });

  it('says beside each field what is wrong, before it is sent and after', async () => {
    const visit = await open(`/communes?commune=${commune}`);
    const { page } = visit;
    await openForm(page, 'Tập huấn');
    await page.keyboard.press('Enter');
    await page.getByText('Còn 2 chỗ cần sửa.').waitFor();
    expect(await focused(page)).toBe('activity-officersAttending');
    expect(await page.locator('#activity-officersAttending').getAttribute('aria-invalid')).toBe('true');
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(visit.requests.filter(({ pathname }) => pathname.endsWith('/training'))).toEqual([]);
    // More officers than there are is for the server to find.
    await page.keyboard.type('20');
    await page.keyboard.press('Tab');
    await page.keyboard.type('12');
    await page.keyboard.press('Enter');
    await page.locator('#activity-officersAttending-error').getByText('12').waitFor();
    await expect.poll(() => focused(page)).toBe('activity-officersAttending');
    expect(await accessibilityFindings(page)).toEqual([]);
  });

  it('asks before what was typed is left, and keeps it when the panel is closed', async () => {
    const visit = await open(`/communes?commune=${commune}`);
    const { page } = visit;
    await openForm(page, 'Tuyên truyền');
    const form = page.locator('form.activity-form');
    // Nothing is typed: Escape goes back at once, to where the keyboard was.
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Tuyên truyền');
    await openForm(page, 'Tuyên truyền');
    await page.locator('#activity-attendance').fill('45');
    await page.keyboard.press('Escape');
    await page.getByText('Chưa ghi những gì đã nhập').waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByText('Chưa ghi những gì đã nhập').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Đóng', exact: true }).click();
    await form.waitFor({ state: 'detached' });
    await page.goBack();
    await page.getByText('Còn một bản ghi dở: Tuyên truyền.').waitFor();
    await page.getByRole('button', { name: 'Ghi tiếp' }).click();
    expect(await page.locator('#activity-attendance').inputValue()).toBe('45');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Bỏ những gì đã nhập' }).click();
    await form.waitFor({ state: 'detached' });
    expect(await page.getByText('Còn một bản ghi dở').count()).toBe(0);
    expectQuiet(visit);
  });

  it('shows both versions when two people correct one record, and lets the person choose', async () => {
    const made = await record(77);
    const visit = await open(`/communes?commune=${commune}`);
    const { page } = visit;
    await page.getByRole('button', { name: 'Hoạt động đã ghi' }).click();
    await page.getByRole('button', { name: /77 lượt người/ }).click();
    await page.getByRole('button', { name: 'Sửa', exact: true }).click();
    await page.locator('#activity-attendance').fill('78');
    const elsewhere = await fetchSignedIn(`/api/activities/outreach/${made.id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-match': '"1"' },
      body: JSON.stringify({ ...made.record, attendance: 99 }),
    });
    expect(elsewhere.status).toBe(200);
    await page.keyboard.press('Enter');
    const versions = page.getByRole('table');
    await page.getByRole('heading', { name: 'Có người vừa sửa bản ghi này' }).waitFor();
    expect(await versions.last().locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^Số lượt người dự\s+78\s+99$/),
    ]);
    expect(await accessibilityFindings(page)).toEqual([]);
    // The refusal that was asked for is all that the console has to say.
    expect(visit.complaints.filter((line) => !line.includes('412'))).toEqual([]);
    await page.getByRole('button', { name: 'Lưu bản của tôi' }).click();
    await page.getByRole('region', { name: 'Đã lưu bản sửa' }).waitFor();
    const stands = (await list('outreach')).find(({ id }) => id === made.id)!;
    expect([stands.version, stands.record.attendance, stands.record.reference]).toEqual([
      3,
      78,
      made.record.reference,
    ]);
  });

  it('withdraws with a reason; the row stays, struck through, with who and when and its history', async () => {
    const made = await record(123_456);
    const visit = await open(`/communes?commune=${commune}`);
    const { page } = visit;
    await page.getByRole('button', { name: 'Hoạt động đã ghi' }).click();
    const line = page.getByRole('button', { name: /123\.456 lượt người/ });
    await line.click();
    await page.getByRole('button', { name: 'Rút bản ghi', exact: true }).click();
    // Without a reason nothing is withdrawn.
    await page.getByRole('button', { name: 'Rút bản ghi này' }).click();
    await page.getByText('Chọn một lý do.').waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);
    await page.getByRole('radio', { name: 'Ghi thử' }).check({ force: true });
    await page.getByRole('button', { name: 'Rút bản ghi này' }).click();
    await line.waitFor({ state: 'detached' });
    const row = (await list('outreach', 'only')).find(({ id }) => id === made.id)!;
    expect(row.withdrawn).toMatchObject({ reason: 'trial', by: 'demo-planner' });

    await page.getByText(/^Đã rút: .*, Hội thi\.$/).waitFor();
    await page.getByRole('switch', { name: 'Hiện cả bản đã rút' }).check({ force: true });
    await line.waitFor();
    expect(await line.locator('s').count()).toBe(2);
    expect(await line.textContent()).toContain('Đã rút');
    if ((await line.getAttribute('aria-expanded')) === 'false') await line.click();
    await page.getByText(/^Rút .* bởi demo-planner: ghi thử$/).waitFor();
    await page.getByRole('button', { name: 'Các lần thay đổi' }).click();
    const history = page.getByRole('list', { name: 'Các lần thay đổi' });
    await expect.poll(() => history.locator('li').count()).toBe(2);
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(await page.getByRole('button', { name: 'Sửa', exact: true }).count()).toBe(0);
    expectQuiet(visit);
  });

  it('works in English, and without a map on a machine that draws none', async () => {
    const visit = await open(`/?commune=${commune}&lang=en`, {
      beforeScripts: () => {
        HTMLCanvasElement.prototype.getContext = () => null;
      },
    });
    const { page } = visit;
    await page.getByRole('button', { name: 'Report', exact: true }).click();
    await page.getByText('Area of the report').waitFor();
    expect(await page.getByRole('button', { name: 'On the map' }).count()).toBe(0);
    const cells = page.locator('#activity-h3Cell');
    await expect.poll(() => cells.locator('option').count(), { timeout: 20_000 }).toBeGreaterThan(2);
    await cells.selectOption({ index: 1 });
    expect(await cells.inputValue()).toMatch(/^87[0-9a-f]{7}ffffff$/);
    expect(await accessibilityFindings(page)).toEqual([]);
  });
});
