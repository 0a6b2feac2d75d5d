import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ProblemError } from '../../http/problem.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = [
  '/usr/bin',
  '/usr/local/bin',
  '/snap/bin',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const limitMilliseconds = 60_000;
/** More than these wait no longer than they are told to come back. */
const mostWaiting = 8;
const largestBytes = 32 * 1024 ** 2;

/** The configured program, or the first of the usual ones that may be run; null when there is none. */
export async function findChromium(configured: string | undefined): Promise<string | null> {
  const candidates = configured
    ? [configured]
    : places.flatMap((place) =>
        place.startsWith('/Applications') ? [place] : names.map((name) => join(place, name)),
      );
  for (const candidate of candidates) {
    if (
      await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  }
  return null;
}

export type PrintPdf = (html: string | Uint8Array, signal: AbortSignal) => Promise<Buffer>;

/**
 * Prints HTML to PDF by the machine's Chromium, one document at a time: each takes a second and about 300 MB.
 *
 * The document is ours, without scripts (its policy forbids any) and without addresses; the
 * browser's profile is a folder that is thrown away, its network is shut (no name resolves, no proxy is asked). Its own
 * sandbox stays on, except as root, where Chromium does not start with it: there the container is the wall.
 *
 * @throws ProblemError 501 where no Chromium is installed, 503 where it fails, takes over a minute or too many wait.
 */
export function createPdfPrinter({ chromium }: { chromium?: string | undefined }): PrintPdf {
  let queue: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (html, signal) => {
    const program = await findChromium(chromium);
    if (!program) throw noChromium(chromium);
    if (waiting >= mostWaiting)
      throw new ProblemError(503, 'Too many reports are being printed', {
        where: 'query format',
        remedy: 'Ask again in half a minute, or ask for format=docx, which needs no printing.',
      });
    waiting += 1;
    const printed = queue.then(() => {
      signal.throwIfAborted();
      return print(program, html, signal);
    });
    queue = printed.catch(() => {});
    return printed.finally(() => {
      waiting -= 1;
    });
  };
}

const noChromium = (configured: string | undefined) =>
  new ProblemError(501, 'This server cannot make PDF', {
    where: 'query format',
    detail: configured
      ? `CHROMIUM=${configured} is not a program that may be run`
      : `none of ${names.join(', ')} is installed`,
    remedy:
      'The keeper of the system installs Chromium (Debian, Ubuntu: apt-get install chromium) or names it in CHROMIUM; until then ask for format=docx and print that.',
  });

async function print(program: string, html: string | Uint8Array, signal: AbortSignal): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'diaban-report-'));
  try {
    const page = join(folder, 'report.html');
    const target = join(folder, 'report.pdf');
    await writeFile(page, html);
    await run(program, argumentsFor(page, target, folder), folder, signal);
    const pdf = await readFile(target).catch(() => {
      throw failed('it ended without writing a document');
    });
    if (pdf.length > largestBytes) throw failed(`the document has ${pdf.length} bytes, over ${largestBytes}`);
    return pdf;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

const argumentsFor = (page: string, target: string, folder: string): string[] => [
  '--headless=new',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  `--user-data-dir=${join(folder, 'profile')}`,
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--no-pdf-header-footer',
  '--generate-pdf-document-outline',
  `--print-to-pdf=${target}`,
  pathToFileURL(page).href,
];

/** Runs in a process group of its own, so that the browser's children end with it. */
function run(
  program: string,
  options: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, options, {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: folder,
      // nothing of the server's own environment, which may hold the database's password
      env: { PATH: ['/usr/local/bin', '/usr/bin', '/bin'].join(delimiter), HOME: folder, LANG: 'C.UTF-8' },
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
    });
    const kill = () => {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // the group has ended already
      }
    };
    process.once('exit', kill);
    const end = (error?: Error) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      process.removeListener('exit', kill);
      kill();
      if (error) reject(error);
      else resolve();
    };
    const timer = setTimeout(
      () => end(failed(`it took over ${limitMilliseconds / 1000} s`)),
      limitMilliseconds,
    );
    const aborted = () => end(signal.reason as Error);
    signal.addEventListener('abort', aborted, { once: true });
    child.once('error', (error) => end(failed(error.message)));
    child.once('exit', (code) => {
      if (code === 0) end();
      else end(failed(`it ended with ${code}: ${said.trim().split('\n').at(-1) ?? ''}`));
    });
  });
}

const failed = (detail: string) =>
  new ProblemError(503, 'The PDF could not be printed', {
    where: 'query format',
    detail: `Chromium: ${detail}`,
    remedy:
      'Ask again; if it lasts, ask for format=docx, and let the keeper of the system see whether Chromium starts (as a user other than root it needs the package chromium-sandbox or user namespaces).',
  });
