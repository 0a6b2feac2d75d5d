// `npm run bench [-- NAME…]`: each benchmark measures a peer or a floor in the same run and prints the ratio. Those that
// need a server database get a private one (scripts/postgis.sh) unless TEST_DATABASE_URL names one.
import { spawnSync } from 'node:child_process';

type Bench = { onServer?: true; run: (databaseUrl: string) => Promise<unknown> };

const benches: Record<string, Bench> = {
  items: { onServer: true, run: async (url) => (await import('./bench-items.ts')).benchItems(url) },
  tiles: { onServer: true, run: async (url) => (await import('./bench-tiles.ts')).benchTiles(url) },
  import: { onServer: true, run: async (url) => (await import('./bench-import.ts')).benchImport(url) },
  coverage: { onServer: true, run: async (url) => (await import('./bench-coverage.ts')).benchCoverage(url) },
  responsiveness: { run: async () => (await import('./bench-responsiveness.ts')).benchResponsiveness() },
  hotspots: {
    async run() {
      await (await import('./bench-hotspots-local.ts')).benchLocal();
      await (await import('./bench-hotspots-density.ts')).benchDensity();
      await (await import('./bench-hotspots-scan.ts')).benchScan();
    },
  },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark "${unknown.join('", "')}". Give one of ${Object.keys(benches).join(', ')}, or none for all.`,
  );
  process.exit(2);
}
const chosen = asked.length > 0 ? asked : Object.keys(benches);
const databaseUrl = process.env.TEST_DATABASE_URL;
if (!databaseUrl && chosen.some((name) => benches[name]?.onServer)) {
  const { status } = spawnSync('scripts/postgis.sh', ['run', 'npm', 'run', '-s', 'bench', '--', ...chosen], {
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}
for (const name of chosen) {
  console.log(`\n== ${name}`);
  await benches[name]?.run(databaseUrl ?? '');
}
