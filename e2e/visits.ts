import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type ServedApp, startServedApp } from './served-app.ts';
import { launchChromium, leftBehind, openPage, type Watched } from './watched-page.ts';

/**
 * The served app and a browser for the tests of a `describe` block, in which it must be called: both come up before the
 * first test and end after the last, and each test's pages are closed when it ends.
 */
export function visitsOfServedApp() {
  let app: ServedApp;
  let browser: Browser;
  let watched: Watched[] = [];
  beforeAll(async () => {
    app = await startServedApp();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });
  afterEach(async () => {
    for (const { close } of watched) await close();
    watched = [];
  });
  return {
    /** The whole address of a path, known once the tests run. */
    served: (path: string) => `${app.address}${path}`,
    async open(path: string, options: Parameters<typeof openPage>[2] = {}): Promise<Watched> {
      const opened = await openPage(browser, `${app.address}${path}`, options);
      watched.push(opened);
      return opened;
    },
    /** That a visit asked no other host and nothing complained. */
    expectQuiet: (visit: Watched) =>
      expect(leftBehind(visit, app.address)).toEqual({ outside: [], complaints: [] }),
  };
}
