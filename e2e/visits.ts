import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Role } from '../contract/access.ts';
import { signInEndpoint } from '../contract/access-endpoints.ts';
import { type ServedApp, startServedApp } from './served-app.ts';
import { launchChromium, leftBehind, openPage, type Watched } from './watched-page.ts';

/** A role of the demonstration; the commune is one of those that it offers. */
export type DemoRole = { demoRole: Role; commune?: string };
const planner: DemoRole = { demoRole: 'planner' };

/**
 * The served app and a browser for the tests of a `describe` block, in which it must be called: both come up before the
 * first test and end after the last, and each test's pages are closed when it ends.
 */
export function visitsOfServedApp() {
  let app: ServedApp;
  let browser: Browser;
  let watched: Watched[] = [];
  let cookies = '';
  beforeAll(async () => {
    app = await startServedApp();
    browser = await launchChromium();
    cookies = await cookiesOf(app.address, planner);
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
    /** Asks beside the browser, as a planner. */
    fetchSignedIn: (path: string, init: RequestInit = {}): Promise<Response> =>
      fetch(`${app.address}${path}`, { ...init, headers: { ...init.headers, cookie: cookies } }),
    /** Opens a page, signed in as a planner unless another role is given, or nobody by null. */
    async open(
      path: string,
      { as = planner, ...options }: Parameters<typeof openPage>[2] & { as?: DemoRole | null } = {},
    ): Promise<Watched> {
      const opened = await openPage(browser, `${app.address}${path}`, {
        ...options,
        beforeOpening: async (context) => {
          if (as) await context.request.post(`${app.address}${signInEndpoint.path}`, { data: as });
        },
      });
      watched.push(opened);
      return opened;
    },
    /** That a visit asked no other host and nothing complained. */
    expectQuiet: (visit: Watched) =>
      expect(leftBehind(visit, app.address)).toEqual({ outside: [], complaints: [] }),
  };
}

/** What a sign-in leaves in a browser, as the header of a request. */
async function cookiesOf(address: string, as: DemoRole): Promise<string> {
  const response = await fetch(`${address}${signInEndpoint.path}`, {
    method: signInEndpoint.method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(as),
  });
  expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
