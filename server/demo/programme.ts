import {
  type CommunePlanRecord,
  integratedProgrammes,
  type PressItemRecord,
  type TrainingRecord,
} from '../../contract/activities.ts';
import type { Random } from '../hotspots/random.ts';
import { dayNumber, dayOf, demoPeriod, isSunday } from './days.ts';
import type { DemoCommune } from './demo-communes.ts';
import { chance, draw, wholeBetween } from './draws.ts';

function workday(random: Random, from: string, to: string): string {
  const day = wholeBetween(random, dayNumber(from), dayNumber(to));
  return dayOf(isSunday(day) ? day - 1 : day);
}

/** In 2025 plans came late, after the communes were formed in July; in 2026 a few communes have none, some a partial one. */
export function makeCommunePlans(random: Random, communes: readonly DemoCommune[]): CommunePlanRecord[] {
  const years = [
    { year: 2025, from: '2025-07-10', to: '2025-10-15', without: 17, integrated: 0.62 },
    { year: 2026, from: '2025-12-15', to: '2026-04-20', without: 6, integrated: 0.8 },
  ];
  return years.flatMap(({ year, from, to, without, integrated }) => {
    const lacking = new Set(draw(random, communes, without));
    return communes
      .filter((commune) => !lacking.has(commune))
      .map(
        ({ fact }): CommunePlanRecord => ({
          communeCode: fact.code,
          year,
          issuedOn: workday(random, from, to),
          integratedWith: chance(random, integrated)
            ? [...integratedProgrammes]
            : integratedProgrammes.filter(() => chance(random, 0.5)),
        }),
      );
  });
}

const provinceUnits = [
  { unit: 'Sở Y tế', officers: 34 },
  { unit: 'Công an tỉnh', officers: 62 },
  { unit: 'Sở Văn hóa và Thể thao', officers: 21 },
  { unit: 'Sở Du lịch', officers: 14 },
  { unit: 'Sở Nội vụ', officers: 16 },
  { unit: 'Sở Giáo dục và Đào tạo', officers: 18 },
  { unit: 'Bộ Chỉ huy Quân sự tỉnh', officers: 25 },
];

/** One training of each unit a year, but for the communes that have not held theirs. */
export function makeTrainings(random: Random, communes: readonly DemoCommune[]): TrainingRecord[] {
  const officersInPost = communes.map(({ urban }) => wholeBetween(random, urban ? 14 : 9, urban ? 26 : 17));
  const years = [
    { from: '2025-08-01', to: '2025-12-20', held: 0.6 },
    { from: '2026-03-01', to: demoPeriod.to, held: 0.78 },
  ];
  const made = years.flatMap(({ from, to, held }) => [
    ...provinceUnits.map(({ unit, officers }) => training(random, from, to, null, unit, officers)),
    ...communes.flatMap(({ fact, urban }, k) =>
      chance(random, held)
        ? [
            training(
              random,
              from,
              to,
              fact.code,
              `UBND ${urban ? 'phường' : 'xã'} ${fact.name}`,
              officersInPost[k]!,
            ),
          ]
        : [],
    ),
  ]);
  return made
    .sort((a, b) => (a.heldOn < b.heldOn ? -1 : a.heldOn > b.heldOn ? 1 : a.unit < b.unit ? -1 : 1))
    .map((record, k) => ({ ...record, reference: `MP-TAP-${String(k + 1).padStart(4, '0')}` }));
}

function training(
  random: Random,
  from: string,
  to: string,
  communeCode: string | null,
  unit: string,
  officersInPost: number,
): TrainingRecord {
  const absent = chance(random, 0.35) ? 0 : wholeBetween(random, 0, Math.ceil(officersInPost / 4));
  return {
    reference: 'to be numbered',
    heldOn: workday(random, from, to),
    communeCode,
    unit,
    officersAttending: officersInPost - absent,
    officersInPost,
  };
}

export function makePressItems(random: Random, count: number): PressItemRecord[] {
  return Array.from({ length: count }, () =>
    dayOf(wholeBetween(random, dayNumber(demoPeriod.from), dayNumber(demoPeriod.to))),
  )
    .sort()
    .map((publishedOn, k) => ({
      reference: `MP-BC-${String(k + 1).padStart(4, '0')}`,
      publishedOn,
      outletLevel: chance(random, 0.22) ? 'central' : 'local',
      communeCode: null,
    }));
}
