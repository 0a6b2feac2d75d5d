import type { InspectionColumns } from './queries.ts';

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

/** The inspections of one kind of outcome. */
export function inspectionsWith(columns: InspectionColumns, violation: boolean) {
  const longitudes: number[] = [];
  const latitudes: number[] = [];
  columns.violations.forEach((found, index) => {
    if (found !== violation) return;
    longitudes.push(columns.longitudes[index]!);
    latitudes.push(columns.latitudes[index]!);
  });
  return { longitudes, latitudes };
}
