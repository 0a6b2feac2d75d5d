// `npm run bench [-- NAME…]`: each benchmark measures a peer or a floor in the same run and prints the ratio.
const benches: Record<string, () => Promise<unknown>> = {
  items: async () => (await import('./bench-items.ts')).benchItems(),
  tiles: async () => (await import('./bench-tiles.ts')).benchTiles(),
  import: async () => (await import('./bench-import.ts')).benchImport(),
  hotspots: async () => {
    await (await import('./bench-hotspots-local.ts')).benchLocal();
    await (await import('./bench-hotspots-density.ts')).benchDensity();
    await (await import('./bench-hotspots-scan.ts')).benchScan();
  },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown.join('", "')}". Give one of ${Object.keys(benches).join(', ')}, or none for all.`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(benches)) {
  console.log(`\n== ${name}`);
  await benches[name]!();
}
