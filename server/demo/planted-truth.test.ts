import { describe, expect, it } from 'vitest';
import { areaCentroid } from '../hotspots/areas/area-centroid.ts';
import { contiguityWeights } from '../hotspots/areas/contiguity.ts';
import { assuncaoReisZ } from '../hotspots/areas/empirical-bayes.ts';
import { getisOrd } from '../hotspots/areas/getis-ord.ts';
import { withSelfWeights } from '../hotspots/areas/weights.ts';
import { scanStatistic } from '../hotspots/scan/scan-statistic.ts';
import { demoCommunes } from './demo-communes.ts';
import { readCommuneFacts, readOutlines, readParkFacts } from './demo-files.ts';
import { generateDemo } from './generate.ts';
import { distance } from './plane.ts';
import { overInspectedArea, trueClusters } from './planted-truth.ts';

const facts = readCommuneFacts();
const outlines = readOutlines('communes');
const demo = generateDemo(facts, readParkFacts(), outlines);
const communes = demoCommunes(facts, outlines);
const indexOf = new Map(facts.map(({ code }, k) => [code, k]));
const codeOf = (licenseNumber: string): string => licenseNumber.slice(3, 8);

const inspected = new Float64Array(facts.length);
const violations = new Float64Array(facts.length);
for (const { licenseNumber, outcome } of demo.inspections) {
  const k = indexOf.get(codeOf(licenseNumber))!;
  inspected[k]! += 1;
  if (outcome !== 'no-violation') violations[k]! += 1;
}
const sum = (values: Float64Array, codes: readonly string[]): number =>
  codes.reduce((total, code) => total + values[indexOf.get(code)!]!, 0);

/** Wilson's score interval, 99 %. */
function wilson(found: number, of: number): [number, number] {
  const z = 2.5758293035489004;
  const middle = (found + (z * z) / 2) / (of + z * z);
  const half = (z * Math.sqrt((found * (of - found)) / of + (z * z) / 4)) / (of + z * z);
  return [middle - half, middle + half];
}

const planted = new Set([...trueClusters, overInspectedArea].flatMap(({ communeCodes }) => communeCodes));
const elsewhere = facts.map(({ code }) => code).filter((code) => !planted.has(code));
const restRate = sum(violations, elsewhere) / sum(inspected, elsewhere);

describe('the planted areas', () => {
  it('are circles of contiguous communes, apart from each other', () => {
    for (const { name, communeCodes } of [...trueClusters, overInspectedArea]) {
      const centre = communes[indexOf.get(communeCodes[0]!)!]!;
      expect(centre.fact.name).toBe(name);
      const nearest = [...communes].sort(
        (a, b) => distance(a.town, centre.town) - distance(b.town, centre.town),
      );
      expect(nearest.slice(0, communeCodes.length).map(({ fact }) => fact.code)).toEqual(communeCodes);
      const reached = new Set([communeCodes[0]!]);
      for (const code of reached) {
        for (const other of communes[indexOf.get(code)!]!.neighbours) {
          if (communeCodes.includes(other)) reached.add(other);
        }
      }
      expect(reached.size).toBe(communeCodes.length);
    }
    const all = [...trueClusters, overInspectedArea].flatMap(({ communeCodes }) => communeCodes);
    expect(new Set(all).size).toBe(all.length);
  });

  it('have a rate whose 99 % interval lies above twice that of the rest, in each true cluster', () => {
    for (const { communeCodes } of trueClusters) {
      const [low] = wilson(sum(violations, communeCodes), sum(inspected, communeCodes));
      expect(low).toBeGreaterThan(2 * restRate);
    }
  });

  it('have the rate of the rest where there are merely more inspections, at least four times as many', () => {
    const { communeCodes } = overInspectedArea;
    const [low, high] = wilson(sum(violations, communeCodes), sum(inspected, communeCodes));
    expect(low).toBeLessThan(restRate);
    expect(high).toBeGreaterThan(restRate);
    const premises = new Float64Array(facts.length);
    for (const { record } of demo.establishments) premises[indexOf.get(codeOf(record.licenseNumber))!]! += 1;
    const perPremises = (codes: readonly string[]): number => sum(inspected, codes) / sum(premises, codes);
    expect(perPremises(communeCodes)).toBeGreaterThan(4 * perPremises(elsewhere));
    // The true clusters are looked at as often as anywhere.
    for (const cluster of trueClusters) {
      const ratio = perPremises(cluster.communeCodes) / perPremises(elsewhere);
      expect(ratio).toBeGreaterThan(0.75);
      expect(ratio).toBeLessThan(1.33);
    }
  });
});

describe('what the analyses see', () => {
  const jaccard = (a: readonly string[], b: readonly string[]): number => {
    const common = a.filter((code) => b.includes(code)).length;
    return common / (a.length + b.length - common);
  };
  const significant = (positions: readonly (readonly number[])[]): string[][] =>
    scanStatistic(
      {
        model: 'bernoulli',
        xs: Float64Array.from(positions, ([lon]) => lon!),
        ys: Float64Array.from(positions, ([, lat]) => lat!),
        geographic: true,
        cases: violations,
        controls: inspected.map((count, k) => count - violations[k]!),
        maximumShare: 0.5,
      },
      999,
      1,
    )
      .clusters.filter(({ p }) => p !== null && p < 0.01)
      .map(({ rows }) => rows.map((row) => facts[row]!.code));

  it('a Bernoulli scan finds the three true clusters commune for commune, and nothing else', () => {
    const found = significant(facts.map(({ lon, lat }) => [lon, lat]));
    expect(found.map((codes) => [...codes].sort()).sort()).toEqual(
      trueClusters.map(({ communeCodes }) => [...communeCodes].sort()).sort(),
    );
  });

  it('a scan about the middles of the outlines finds the same three, nearly to the commune', () => {
    const found = significant(outlines.features.map(({ geometry }) => areaCentroid([geometry.coordinates])));
    expect(found).toHaveLength(3);
    for (const { communeCodes } of trueClusters) {
      expect(Math.max(...found.map((codes) => jaccard(codes, communeCodes)))).toBeGreaterThan(0.75);
    }
  });

  it('Gi* lights up the over-inspected area on counts of violations, and does not per inspection', () => {
    const weights = withSelfWeights(
      contiguityWeights(
        outlines.features.map(({ geometry }) => geometry.coordinates),
        'queen',
        0,
      ),
    );
    const byCount = getisOrd(violations, weights, 'gi-star').z;
    const byRate = getisOrd(assuncaoReisZ(violations, inspected).z, weights, 'gi-star').z;
    for (const code of overInspectedArea.communeCodes) {
      const k = indexOf.get(code)!;
      expect(byCount[k]).toBeGreaterThan(1.96);
      expect(byRate[k]).toBeLessThan(1.28);
    }
    for (const { communeCodes } of trueClusters) {
      expect(byRate[indexOf.get(communeCodes[0]!)!]).toBeGreaterThan(2.58);
    }
  });
});
