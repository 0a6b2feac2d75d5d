/**
 * What was put into the demo on purpose, so that the analyses can be held to it. Each area is a circle of communes: the
 * centre and the communes whose points are nearest to it. Written down for readers in gis-data/README.md.
 */
export type PlantedArea = {
  name: string;
  /** First the centre, then by distance. */
  communeCodes: readonly string[];
};

/** The chance that an inspection finds a violation, before the establishment's category moves it a little. */
export const baseViolationRisk = 0.1;

/** In these the chance is truly higher, by `riskRatio`; they are inspected no more than other communes. */
export const trueClusters: readonly (PlantedArea & { riskRatio: number })[] = [
  { name: 'Vĩnh Trụ', communeCodes: ['13597', '13594', '13591', '13504', '13579'], riskRatio: 3.4 },
  { name: 'Hải Hưng', communeCodes: ['14248', '14215', '14212', '14287'], riskRatio: 3.4 },
  {
    name: 'Quang Thiện',
    communeCodes: ['14647', '14638', '14620', '14653', '14674', '14611', '14677'],
    riskRatio: 3.2,
  },
];

/**
 * Here the chance is that of anywhere else, but each establishment is inspected `inspectionRatio` times as often. A map
 * of violations found lights up; violations per inspection do not.
 */
export const overInspectedArea: PlantedArea & { inspectionRatio: number } = {
  name: 'Vạn Thắng',
  communeCodes: ['13864', '13834', '13795', '13879', '13741'],
  inspectionRatio: 6,
};

const riskRatios = new Map(
  trueClusters.flatMap(({ communeCodes, riskRatio }) =>
    communeCodes.map((code) => [code, riskRatio] as const),
  ),
);

export function plantedRiskRatio(communeCode: string): number {
  return riskRatios.get(communeCode) ?? 1;
}

export function isOverInspected(communeCode: string): boolean {
  return overInspectedArea.communeCodes.includes(communeCode);
}
