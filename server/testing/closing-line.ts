import type { Reporter } from 'vitest/node';
import { chromiumPath } from './chromium.ts';
import { hasRealOutlines } from './real-communes.ts';

/**
 * Ends a run with what this machine could not test, by name, and one plain line of counts. With CI set, a test that was
 * skipped or a part that could not run fails the run.
 */
const closingLine: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const skipped: string[] = [];
    for (const module of modules) {
      if (module.state() === 'failed' && module.children.size === 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') counts.passed += 1;
        else if (state === 'failed') counts.failed += 1;
        else {
          counts.skipped += 1;
          skipped.push(`${module.project.name}: ${test.fullName}`);
        }
      }
    }
    const missing = [
      ...(process.env.TEST_DATABASE_URL
        ? []
        : ['tests on a server PostGIS (set TEST_DATABASE_URL; scripts/postgis.sh starts one)']),
      ...(chromiumPath() ? [] : ['browser tests (install chromium)']),
    ];
    console.log('');
    for (const part of missing) console.log(`Not run here: ${part}.`);
    if (!hasRealOutlines())
      console.log('Not run here: the import of the real communes, whose files are not at hand.');
    for (const name of skipped) console.log(`Skipped: ${name}`);
    if (process.env.CI && (missing.length > 0 || skipped.length > 0)) {
      console.log('With CI set, what is skipped counts as failed.');
      counts.failed += missing.length + skipped.length;
      process.exitCode = 1;
    }
    console.log(
      `${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ''}`,
    );
  },
};

// A reporter file is loaded by its default export.
// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default function reporter(): Reporter {
  return closingLine;
}
