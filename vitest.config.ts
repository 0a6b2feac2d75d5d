import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// Four projects: what needs no database; what needs one, on the embedded and on a real PostGIS; and the browser.
// `*.db.test.ts` run on both databases, `e2e/*.e2e.ts` in Chromium.
const databaseTests = ['server/**/*.db.test.ts', 'scripts/**/*.db.test.ts'];
// Boundaries whose licence is unknown lie beside the project, never in it: where they are not at hand the closing lines say so.
const notAtHand = existsSync('../shared/data') ? [] : ['server/imports/real-communes.db.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default', './server/testing/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{contract,server,client,scripts,gis-data}/**/*.test.{ts,tsx}'],
          exclude: databaseTests,
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'embedded',
          include: databaseTests,
          exclude: notAtHand,
          globalSetup: 'server/testing/template.embedded.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // each file's database is a process of about 1 GB
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      ...(process.env.TEST_DATABASE_URL
        ? [
            {
              test: {
                name: 'server',
                include: databaseTests,
                exclude: notAtHand,
                globalSetup: 'server/testing/template.server.ts',
                testTimeout: 120_000,
                hookTimeout: 120_000,
                maxWorkers: 4,
                sequence: { groupOrder: 2 },
              },
            },
          ]
        : []),
      {
        test: {
          name: 'browser',
          include: ['e2e/**/*.e2e.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          globalSetup: 'e2e/build-client.ts',
          // each draws without a graphics card: two at once are late for their own deadlines
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
