import { parse } from 'csv-parse/sync';
import { nextUniform, type Random } from '../hotspots/random.ts';
import type { InputByKind } from '../imports/kinds.ts';
import { anywhere, type DemoCommune, polygonAt, turnedRectangle, wellWithin } from './demo-communes.ts';
import { chance, pick, pickWeighted, wholeAround, wholeBetween } from './draws.ts';
import { distance, type PlanePoint } from './plane.ts';

export type ParkFact = {
  name: string;
  areaHectares: number | null;
  communeName: string | null;
  formerProvince: string;
};
export type DemoPark = {
  input: InputByKind['industrial-parks'];
  communeCode: string;
  middle: PlanePoint;
  radiusMeters: number;
};

/** Reads `gis-data/ninh-binh/industrial-parks-partial.csv`; a row that sums several parks is not a park. */
export function parseParkFacts(csvText: string): ParkFact[] {
  const rows: Record<string, string>[] = parse(csvText, { columns: true, bom: true });
  return rows
    .filter((row) => !row.name!.includes('(tổng)'))
    .map((row) => ({
      name: row.name!,
      areaHectares: row.area_ha ? Number(row.area_ha) : null,
      communeName:
        row.current_communes_derived_from_NQ1674
          ?.split(';')[0]
          ?.replace(/^(Phường|Xã) /, '')
          .replace(/ \(một phần\)/, '')
          .trim() || null,
      formerProvince: row.former_province!,
    }));
}

const greatestHectares = 420;
const romanNumerals = ['I', 'II', 'III', 'IV', 'V', 'VI'];

/**
 * Sixty parks as turned rectangles. Names and sizes of the first ones lean on published facts; where they lie within
 * the commune, and everything about the others, is made up, and every name says so.
 */
export function makeIndustrialParks(
  random: Random,
  communes: readonly DemoCommune[],
  facts: readonly ParkFact[],
  count: number,
): DemoPark[] {
  const parks: DemoPark[] = [];
  const perCommune = new Map<string, number>();
  const weightOf = (commune: DemoCommune): number => {
    const already = perCommune.get(commune.fact.code) ?? 0;
    if (commune.mountainous || already >= 4) return 0.02;
    return ((commune.urban ? 3 : 1) * (commune.fact.formerProvince === 'Hà Nam' ? 1.6 : 1)) / (1 + already);
  };
  for (let number = 1; number <= count; number++) {
    const fact = facts[number - 1];
    const candidates = communes.filter(
      ({ fact: { name, formerProvince } }) =>
        !fact || (fact.communeName ? name === fact.communeName : formerProvince === fact.formerProvince),
    );
    for (let attempt = 0; ; attempt++) {
      const commune = pickWeighted(
        random,
        attempt < 60 && candidates.length > 0 ? candidates : communes,
        weightOf,
      );
      const hectares = Math.min(fact?.areaHectares ?? wholeAround(random, 120, 0.5), greatestHectares);
      const corners = placedRectangle(random, commune, hectares * 1e4 * 0.97 ** attempt, parks);
      if (!corners) continue;
      const already = perCommune.get(commune.fact.code) ?? 0;
      perCommune.set(commune.fact.code, already + 1);
      const name = fact?.name ?? `KCN ${commune.fact.name} ${romanNumerals[already] ?? already + 1}`;
      const workers = Math.round((hectares * wholeBetween(random, 12, 38)) / 10) * 10;
      parks.push({
        input: {
          record: {
            reference: `MP-KCN-${String(number).padStart(3, '0')}`,
            name: `${name} (mô phỏng)`,
            workers: chance(random, 0.05) ? null : workers,
          },
          geometry: polygonAt(corners),
        },
        communeCode: commune.fact.code,
        middle: [(corners[0]![0] + corners[2]![0]) / 2, (corners[0]![1] + corners[2]![1]) / 2],
        radiusMeters: distance(corners[0]!, corners[2]!) / 2,
      });
      break;
    }
  }
  return parks;
}

function placedRectangle(
  random: Random,
  commune: DemoCommune,
  areaSquareMeters: number,
  others: readonly DemoPark[],
): PlanePoint[] | null {
  for (let attempt = 0; attempt < 60; attempt++) {
    const ratio = 1.1 + 1.1 * nextUniform(random);
    const wide = Math.sqrt(areaSquareMeters / ratio);
    const long = wide * ratio;
    // Parks of one district lie along the same roads: two bearings per commune.
    const bearing = (Number(commune.fact.code) % 12) * (Math.PI / 12) + pick(random, [0, Math.PI / 2]);
    const middle = anywhere(random, commune);
    const reach = Math.hypot(long, wide) / 2;
    if (distance(middle, commune.town) < 700 + wide / 2) continue;
    if (others.some((park) => distance(park.middle, middle) < park.radiusMeters + reach + 150)) continue;
    const corners = turnedRectangle(middle, long, wide, bearing);
    const sides = corners.map((corner, k): PlanePoint => {
      const next = corners[(k + 1) % 4]!;
      return [(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2];
    });
    if ([...corners, ...sides].every((point) => wellWithin(commune, point))) return corners;
  }
  return null;
}
