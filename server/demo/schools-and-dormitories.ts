import type { dormitoryKinds } from '../../contract/places.ts';
import { nextUniform, type Random } from '../hotspots/random.ts';
import type { InputByKind } from '../imports/kinds.ts';
import {
  type DemoCommune,
  pointAt,
  polygonAt,
  scattered,
  turnedRectangle,
  wellWithin,
} from './demo-communes.ts';
import { apportion, chance, pickWeighted, wholeAround } from './draws.ts';
import type { DemoPark } from './industrial-parks.ts';
import { type PlanePoint, toPlane } from './plane.ts';

export type DemoSchool = { input: InputByKind['schools']; communeCode: string };
export type DemoDormitory = { input: InputByKind['dormitories']; communeCode: string };
type DormitoryKind = (typeof dormitoryKinds)[number];

const reference = (prefix: string, number: number): string =>
  `MP-${prefix}-${String(number).padStart(4, '0')}`;

const schoolShares = [
  { kind: 'upper-secondary', share: 0.68, label: 'Trường THPT', medianStudents: 1_050, spread: 0.3 },
  {
    kind: 'vocational',
    share: 0.21,
    label: 'Trung tâm giáo dục nghề nghiệp',
    medianStudents: 420,
    spread: 0.5,
  },
  {
    kind: 'university-college',
    share: 0.11,
    label: 'Trường đại học, cao đẳng',
    medianStudents: 2_300,
    spread: 0.6,
  },
] as const;

/** Upper-secondary schools follow the residents, vocational ones the towns, universities the largest wards. */
export function makeSchools(random: Random, communes: readonly DemoCommune[], count: number): DemoSchool[] {
  const counts = apportion(
    count,
    schoolShares.map(({ share }) => share),
  );
  const schools: DemoSchool[] = [];
  schoolShares.forEach(({ kind, label, medianStudents, spread }, k) => {
    const perCommune = apportion(
      counts[k]!,
      communes.map(({ residents, urban }) => {
        if (kind === 'upper-secondary') return residents;
        if (kind === 'vocational') return residents * (urban ? 3 : 0.8);
        return urban ? residents ** 1.6 : 0;
      }),
    );
    communes.forEach((commune, c) => {
      for (let number = 1; number <= perCommune[c]!; number++) {
        const suffix = perCommune[c]! > 1 ? ` ${number}` : '';
        schools.push({
          input: {
            record: {
              reference: reference('TRH', schools.length + 1),
              name: `${label} ${commune.fact.name}${suffix} (mô phỏng)`,
              kind,
              students: chance(random, 0.04) ? null : wholeAround(random, medianStudents, spread),
            },
            geometry: pointAt(scattered(random, commune, commune.town, 0.4 * commune.radiusMeters)),
          },
          communeCode: commune.fact.code,
        });
      }
    });
  });
  return schools;
}

const dormitoryShares: {
  kind: DormitoryKind;
  share: number;
  label: string;
  medianResidents: number;
  polygons: number;
}[] = [
  {
    kind: 'workers-housing',
    share: 0.62,
    label: 'Khu nhà trọ công nhân',
    medianResidents: 90,
    polygons: 0.3,
  },
  { kind: 'student-dormitory', share: 0.13, label: 'Ký túc xá', medianResidents: 210, polygons: 0.5 },
  { kind: 'social-housing', share: 0.12, label: 'Nhà ở xã hội', medianResidents: 420, polygons: 0.6 },
  {
    kind: 'specialists-lodging',
    share: 0.13,
    label: 'Khu lưu trú chuyên gia',
    medianResidents: 45,
    polygons: 0.25,
  },
];

/** Workers and specialists live about the parks, students about their schools, social housing stands in towns. */
export function makeDormitories(
  random: Random,
  communes: readonly DemoCommune[],
  parks: readonly DemoPark[],
  schools: readonly DemoSchool[],
  count: number,
): DemoDormitory[] {
  const byCode = new Map(communes.map((commune) => [commune.fact.code, commune]));
  const boarding = schools.filter(({ input }) => input.record.kind !== 'upper-secondary');
  const centreFor = (kind: DormitoryKind): { commune: DemoCommune; centre: PlanePoint; spread: number } => {
    if (kind === 'workers-housing' || kind === 'specialists-lodging') {
      const park = pickWeighted(random, parks, ({ input }) => input.record.workers ?? 2_000);
      return { commune: byCode.get(park.communeCode)!, centre: park.middle, spread: park.radiusMeters + 600 };
    }
    if (kind === 'student-dormitory') {
      const school = pickWeighted(random, boarding, ({ input }) => input.record.students ?? 500);
      const centre = toPlane(school.input.geometry.coordinates);
      return { commune: byCode.get(school.communeCode)!, centre, spread: 500 };
    }
    const commune = pickWeighted(random, communes, ({ residents, urban }) => residents * (urban ? 5 : 0.5));
    return { commune, centre: commune.town, spread: 0.35 * commune.radiusMeters };
  };
  const counts = apportion(
    count,
    dormitoryShares.map(({ share }) => share),
  );
  const perName = new Map<string, number>();
  const dormitories: DemoDormitory[] = [];
  dormitoryShares.forEach(({ kind, label, medianResidents, polygons }, k) => {
    for (let made = 0; made < counts[k]!; made++) {
      const { commune, centre, spread } = centreFor(kind);
      const point = scattered(random, commune, centre, spread);
      const stem = `${label} ${commune.fact.name}`;
      const number = (perName.get(stem) ?? 0) + 1;
      perName.set(stem, number);
      const long = 45 + 90 * nextUniform(random);
      const corners = turnedRectangle(
        point,
        long,
        long * (0.4 + 0.5 * nextUniform(random)),
        Math.PI * nextUniform(random),
      );
      const asPolygon = chance(random, polygons) && corners.every((corner) => wellWithin(commune, corner));
      dormitories.push({
        input: {
          record: {
            reference: reference('KT', dormitories.length + 1),
            name: `${stem} ${number} (mô phỏng)`,
            kind,
            residents: chance(random, 0.06) ? null : wholeAround(random, medianResidents, 0.6),
          },
          geometry: asPolygon ? polygonAt(corners) : pointAt(point),
        },
        communeCode: commune.fact.code,
      });
    }
  });
  return dormitories;
}
