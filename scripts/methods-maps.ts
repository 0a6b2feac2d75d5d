// Draws the two maps of docs/methods.md from the demo province: what was found, and what was found per look.
//   node --import tsx scripts/methods-maps.ts
import { writeFileSync } from 'node:fs';
import { readCommuneFacts, readOutlines, readParkFacts } from '../server/demo/demo-files.ts';
import { generateDemo } from '../server/demo/generate.ts';
import { overInspectedArea, trueClusters } from '../server/demo/planted-truth.ts';
import { provinceLocal } from '../server/hotspots/local-answer.ts';
import { methodsMap } from './methods-map.ts';

const facts = readCommuneFacts();
const outlines = readOutlines('communes');
const demo = generateDemo(facts, readParkFacts(), outlines);
const communes = facts.map((fact) => {
  const geometry = outlines.features.find(({ properties }) => properties.code === fact.code)!.geometry;
  const polygons = (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) as [
    number,
    number,
  ][][][];
  return { code: fact.code, name: fact.name, longitude: fact.lon, latitude: fact.lat, polygons };
});

for (const [measure, file, title, streams] of [
  ['count', 'found', 'Phát hiện · Found', ['planned', 'random', 'sign-of-violation']],
  ['rate', 'found-per-look', 'Phát hiện trên lượt kiểm tra · Found per look', ['planned', 'random']],
] as const) {
  const inspections = demo.inspections.filter(({ ground }) =>
    (streams as readonly string[]).includes(ground),
  );
  // Licence numbers of the demo carry the commune's code: MP-13285-0012.
  const { analysis } = provinceLocal({
    communes,
    codes: inspections.map(({ licenseNumber }) => licenseNumber.slice(3, 8)),
    longitudes: [],
    latitudes: [],
    violations: inspections.map(({ outcome }) => outcome !== 'no-violation'),
    unit: 'commune',
    measure,
    weights: 'queen',
    options: { statistic: 'gi-star', style: 'row', p: 'analytic', moments: 'conditional', seed: 1 },
  });
  const svg = methodsMap({
    title,
    notes: [
      'Gi*, 129 communes, classes by false-discovery rate. DỮ LIỆU MÔ PHỎNG · simulated data.',
      'Solid outline: truly higher risk (planted). Dashed: merely inspected more (planted).',
    ],
    communes,
    areas: analysis.areas.map((area) => ({ ...area, code: communes[area.index]!.code })),
    planted: [
      ...trueClusters.map(({ communeCodes }) => ({ codes: communeCodes, dashed: false })),
      { codes: overInspectedArea.communeCodes, dashed: true },
    ],
  });
  writeFileSync(new URL(`../docs/maps/${file}.svg`, import.meta.url), svg);
}
