import type { InspectionRecord } from '../../contract/activities.ts';
import { nextUniform, type Random } from '../hotspots/random.ts';
import { dayNumber, dayOf, demoPeriod, firstDayOf, isSunday, lastDayOf, monthsOfPeriod } from './days.ts';
import type { DemoCommune } from './demo-communes.ts';
import { chance, draw, pick, pickWeighted, wholeBetween } from './draws.ts';
import { categories, type DemoEstablishment } from './establishments.ts';
import { baseViolationRisk, isOverInspected, overInspectedArea, plantedRiskRatio } from './planted-truth.ts';

type Ground = InspectionRecord['ground'];
type Visit = { establishment: DemoEstablishment; day: number; ground: Ground };

/** Teams go out before Tết, before the season of visitors and in autumn; little in the summer of the reorganisation. */
const monthWeights: Readonly<Record<string, number>> = {
  '01': 1.3,
  '02': 0.6,
  '03': 0.9,
  '04': 1.2,
  '05': 1.1,
  '06': 1,
  '07': 0.6,
  '08': 0.8,
  '09': 1.2,
  '10': 1.3,
  '11': 1.4,
  '12': 1.2,
};
const secondYear = dayNumber('2026-01-01');

/**
 * In 2025 a general review visits about four establishments of five; in 2026 communes go their own ways (some have not
 * begun, some are past 50 %). An establishment has at most one planned inspection in a calendar year. Further visits, on
 * a sign of violation or at random, go in 2026 only to establishments that were inspected that year already, so that
 * they do not move the share inspected.
 *
 * Only the commune's planted risk and the category move the chance of a violation, never the ground: a place that is
 * visited more often is not worse for it.
 */
export function makeInspections(
  random: Random,
  communes: readonly DemoCommune[],
  establishments: readonly DemoEstablishment[],
  count: number,
): InspectionRecord[] {
  const visits: Visit[] = [];
  const taken = new Set<string>();
  const visit = (establishment: DemoEstablishment, from: number, to: number, ground: Ground): boolean => {
    const day = inspectionDay(
      random,
      Math.max(from, establishment.firstDay),
      Math.min(to, establishment.lastDay),
    );
    if (day === null) return false;
    const key = `${establishment.input.record.licenseNumber} ${day}`;
    if (taken.has(key)) return false;
    taken.add(key);
    visits.push({ establishment, day, ground });
    return true;
  };

  const start = dayNumber(demoPeriod.from);
  const end = dayNumber(demoPeriod.to);
  const coveredThisYear = new Map<string, DemoEstablishment[]>();
  const shares = sharesInspected(random, communes);
  for (const commune of communes) {
    const own = establishments.filter(({ communeCode }) => communeCode === commune.fact.code);
    const thoroughness = 0.72 + 0.14 * nextUniform(random);
    for (const establishment of own) {
      if (chance(random, thoroughness)) visit(establishment, start, secondYear - 1, 'planned');
    }
    const active = own.filter(({ lastDay }) => lastDay >= end);
    const chosen = draw(random, active, Math.round(active.length * shares.get(commune.fact.code)!));
    coveredThisYear.set(
      commune.fact.code,
      chosen.filter((establishment) =>
        visit(establishment, secondYear, end, chance(random, 0.12) ? 'random' : 'planned'),
      ),
    );
  }

  const inArea = establishments.filter(({ communeCode }) => isOverInspected(communeCode));
  const outside = establishments.filter(({ communeCode }) => !isOverInspected(communeCode));
  const { inspectionRatio } = overInspectedArea;
  const wantedInArea = Math.round(
    (count * inspectionRatio * inArea.length) / (inspectionRatio * inArea.length + outside.length),
  );
  const further = (
    among: readonly DemoEstablishment[],
    inside: boolean,
    wanted: number,
    ground: () => Ground,
  ): void => {
    const covered = [...coveredThisYear].flatMap(([code, chosen]) =>
      isOverInspected(code) === inside ? chosen : [],
    );
    let made = visits.filter(
      ({ establishment }) => isOverInspected(establishment.communeCode) === inside,
    ).length;
    while (made < wanted) {
      const early = chance(random, 0.55);
      const done = early
        ? visit(pick(random, among), start, secondYear - 1, ground())
        : visit(pick(random, covered), secondYear, end, ground());
      if (done) made += 1;
    }
  };
  further(inArea, true, wantedInArea, () => (chance(random, 0.7) ? 'sign-of-violation' : 'random'));
  further(outside, false, count - wantedInArea, () =>
    chance(random, 0.85) ? 'sign-of-violation' : 'random',
  );

  return visits
    .sort(
      (a, b) =>
        a.day - b.day ||
        (a.establishment.input.record.licenseNumber < b.establishment.input.record.licenseNumber ? -1 : 1),
    )
    .map((made, k) => inspectionOf(random, made, k + 1));
}

function inspectionOf(
  random: Random,
  { establishment, day, ground }: Visit,
  number: number,
): InspectionRecord {
  const { risk, provinceTeam } = categories[establishment.category];
  const violation = chance(random, baseViolationRisk * risk * plantedRiskRatio(establishment.communeCode));
  const grave = chance(random, 0.18);
  return {
    reference: `MP-KT-${String(number).padStart(5, '0')}`,
    inspectedOn: dayOf(day),
    licenseNumber: establishment.input.record.licenseNumber,
    teamLevel: chance(random, provinceTeam) ? 'province' : 'commune',
    outcome: violation ? (grave ? 'referred' : 'administrative') : 'no-violation',
    ground,
  };
}

/**
 * The share of a commune's active establishments inspected in 2026: one commune in ten has not begun, one in twelve is
 * past 45 %, the others lie about 17 %; the over-inspected area is at 58 %.
 */
function sharesInspected(random: Random, communes: readonly DemoCommune[]): Map<string, number> {
  const ordinary = communes.filter(
    ({ fact: { code } }) => !isOverInspected(code) && plantedRiskRatio(code) === 1,
  );
  const shuffled = draw(random, ordinary, ordinary.length).map(({ fact }) => fact.code);
  const none = new Set(shuffled.slice(0, 13));
  const many = new Set(shuffled.slice(13, 23));
  return new Map(
    communes.map(({ fact: { code } }) => {
      if (isOverInspected(code)) return [code, 0.58];
      if (none.has(code)) return [code, 0];
      if (many.has(code)) return [code, 0.45 + 0.17 * nextUniform(random)];
      return [code, 0.05 + 0.22 * nextUniform(random)];
    }),
  );
}

function inspectionDay(random: Random, from: number, to: number): number | null {
  const months = monthsOfPeriod.filter((month) => lastDayOf(month) >= from && firstDayOf(month) <= to);
  if (months.length === 0) return null;
  for (let attempt = 0; attempt < 20; attempt++) {
    const month = pickWeighted(random, months, (candidate) => monthWeights[candidate.slice(5)]!);
    const day = wholeBetween(random, firstDayOf(month), lastDayOf(month));
    if (day >= from && day <= to && !isSunday(day)) return day;
  }
  return null;
}
