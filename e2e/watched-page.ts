import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { chromiumPath } from '../server/testing/chromium.ts';

// WebGL 2 in software, and nothing that the browser would ask for by itself.
const chromiumFlags = [
  '--headless=new',
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath()!, args: chromiumFlags });

/** What a page asked for and what went wrong in it. */
export type Watched = {
  page: Page;
  requests: URL[];
  /** Console errors and warnings, uncaught errors and violations of the Content-Security-Policy. */
  complaints: string[];
  /** Answers of 401 and 403, which an ordinary visit has none of: "403 GET /api/…". */
  refusals: string[];
  close: () => Promise<void>;
};

export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions & {
    beforeScripts?: () => void;
    beforeOpening?: (context: BrowserContext) => Promise<void>;
  } = {},
): Promise<Watched> {
  const { beforeScripts, beforeOpening, ...contextOptions } = options;
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'vi-VN',
    reducedMotion: 'reduce',
    ...contextOptions,
  });
  const page = await context.newPage();
  const requests: URL[] = [];
  const complaints: string[] = [];
  const refusals: string[] = [];
  page.on('request', (request) => requests.push(new URL(request.url())));
  page.on('response', (response) => {
    if ([401, 403].includes(response.status()))
      refusals.push(
        `${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`,
      );
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`Content-Security-Policy: ${violatedDirective} ${blockedURI}`),
    );
  });
  if (beforeScripts) await page.addInitScript(beforeScripts);
  await beforeOpening?.(context);
  await page.goto(address);
  return { page, requests, complaints, refusals, close: () => context.close() };
}

/** Waits until MapLibre has drawn everything that it was given. */
export const mapDrawn = (page: Page) => page.locator('[data-drawn="true"]').waitFor({ timeout: 60_000 });

const axeSource = readFileSync(
  fileURLToPath(new URL('../node_modules/axe-core/axe.min.js', import.meta.url)),
  'utf8',
);

/** What axe-core finds against WCAG 2.2 AA and its best practices, one line for each. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** How many pixels of the map have each of some colours, to within 4 of 255 in each channel. */
export function mapPixels(page: Page, colors: readonly string[]): Promise<number[]> {
  return page.evaluate(
    (wanted) => {
      const map = document.querySelector<HTMLCanvasElement>('canvas.maplibregl-canvas')!;
      const copy = document.createElement('canvas');
      copy.width = map.width;
      copy.height = map.height;
      const context = copy.getContext('2d', { willReadFrequently: true })!;
      context.drawImage(map, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      const channels = wanted.map((color) =>
        [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)),
      );
      const counts = wanted.map(() => 0);
      for (let at = 0; at < data.length; at += 4) {
        channels.forEach((channel, index) => {
          if (channel.every((value, offset) => Math.abs(data[at + offset]! - value) <= 4))
            counts[index]! += 1;
        });
      }
      return counts;
    },
    [...colors],
  );
}

/** Keeps what the map shows now, to be compared with later. */
export const keepMapImage = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const map = document.querySelector<HTMLCanvasElement>('canvas.maplibregl-canvas')!;
    const copy = document.createElement('canvas');
    copy.width = map.width;
    copy.height = map.height;
    copy.getContext('2d', { willReadFrequently: true })!.drawImage(map, 0, 0);
    Object.assign(window, { keptMapImage: copy });
  });

/** How many pixels of the map differ from the kept image by more than 8 of 255 in a channel. */
export const changedMapPixels = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const kept = (window as unknown as { keptMapImage: HTMLCanvasElement }).keptMapImage;
    const map = document.querySelector<HTMLCanvasElement>('canvas.maplibregl-canvas')!;
    const now = document.createElement('canvas');
    now.width = map.width;
    now.height = map.height;
    now.getContext('2d', { willReadFrequently: true })!.drawImage(map, 0, 0);
    const data = (canvas: HTMLCanvasElement) =>
      canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
    const before = data(kept);
    const after = data(now);
    let changed = 0;
    for (let at = 0; at < after.length; at += 4) {
      if ([0, 1, 2].some((channel) => Math.abs(after[at + channel]! - before[at + channel]!) > 8))
        changed += 1;
    }
    return changed;
  });

/** Requests that left the host, and complaints: an ordinary visit has none of either. */
export const leftBehind = ({ requests, complaints }: Watched, address: string) => ({
  outside: requests
    .filter(({ protocol, origin }) => !['blob:', 'data:'].includes(protocol) && origin !== address)
    .map(String),
  complaints,
});
