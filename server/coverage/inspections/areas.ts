import { type InspectionArea, inspectionAreas } from '../../../contract/coverage-inspections.ts';
import type { Sentence } from '../../../contract/provenance.ts';

/** A bit for each area, so that one number says in which of them an establishment lies. */
export const areaBit: Record<InspectionArea, number> = {
  'border-adjoining': 1,
  'border-coastal': 2,
  'near-industrial-park': 4,
  'near-dormitory': 8,
  elsewhere: 16,
};

export const areasOf = (bits: number): InspectionArea[] =>
  inspectionAreas.filter((area) => (bits & areaBit[area]) !== 0);

export function areaName(area: InspectionArea, radiusMeters: number): Sentence {
  const vi = radiusMeters.toLocaleString('vi-VN');
  const en = radiusMeters.toLocaleString('en-GB');
  const names: Record<InspectionArea, Sentence> = {
    'border-adjoining': { vi: 'Khu vực giáp ranh', en: 'Adjoining areas' },
    'border-coastal': { vi: 'Khu vực biên giới biển', en: 'Coastal border areas' },
    'near-industrial-park': {
      vi: `Trong vòng ${vi} m quanh khu công nghiệp`,
      en: `Within ${en} m of an industrial park`,
    },
    'near-dormitory': {
      vi: `Trong vòng ${vi} m quanh ký túc xá, khu trọ`,
      en: `Within ${en} m of a dormitory or boarding area`,
    },
    elsewhere: { vi: 'Các nơi còn lại', en: 'Elsewhere' },
  };
  return names[area];
}
