import type { InspectionPlaces } from './queries.ts';

export type Evidence = { violations: number; inspections: number };

/** Violations and inspections by whatever key each inspection has; keys without an inspection are absent. */
export function evidenceBy(keys: readonly string[], violations: readonly boolean[]): Map<string, Evidence> {
  const evidence = new Map<string, Evidence>();
  keys.forEach((key, index) => {
    const own = evidence.get(key) ?? { violations: 0, inspections: 0 };
    own.inspections += 1;
    if (violations[index]) own.violations += 1;
    evidence.set(key, own);
  });
  return evidence;
}

/** Each place as often as something was counted there: `counts` in the order of the places. */
export function repeated(
  { longitudes, latitudes }: Pick<InspectionPlaces, 'longitudes' | 'latitudes'>,
  counts: readonly number[],
) {
  const spread = { longitudes: [] as number[], latitudes: [] as number[] };
  counts.forEach((count, index) => {
    for (let one = 0; one < count; one++) {
      spread.longitudes.push(longitudes[index]!);
      spread.latitudes.push(latitudes[index]!);
    }
  });
  return spread;
}

/** One entry for each inspection: where, and whether it found a violation; of one place those that did come first. */
export function inspectionsAt(places: InspectionPlaces) {
  const violations: boolean[] = [];
  places.inspections.forEach((count, index) => {
    for (let one = 0; one < count; one++) violations.push(one < places.violations[index]!);
  });
  return { ...repeated(places, places.inspections), violations };
}
