import type { OutreachRecord } from '../../contract/activities.ts';
import { nextUniform, type Random } from '../hotspots/random.ts';
import { dayOf, firstDayOf, isSunday, lastDayOf, monthsOfPeriod } from './days.ts';
import type { DemoCommune } from './demo-communes.ts';
import { apportion, chance, draw, pick, pickWeighted, wholeAround, wholeBetween } from './draws.ts';
import type { DemoEstablishment } from './establishments.ts';
import type { DemoPark } from './industrial-parks.ts';
import type { DemoDormitory, DemoSchool } from './schools-and-dormitories.ts';

type Place = OutreachRecord['place'];
type Local = {
  parks: readonly DemoPark[];
  dormitories: readonly DemoDormitory[];
  schools: readonly DemoSchool[];
  establishments: readonly DemoEstablishment[];
};

const formWeights: Readonly<
  Record<OutreachRecord['audience'], Partial<Record<OutreachRecord['form'], number>>>
> = {
  residents: { loudspeaker: 4, 'group-discussion': 2, direct: 2, leaflet: 2, online: 1, contest: 0.4 },
  'establishment-workers': { direct: 4, leaflet: 2, counselling: 2, 'group-discussion': 1 },
  'industrial-workers': { direct: 3, 'group-discussion': 2, leaflet: 2, loudspeaker: 1, online: 1 },
  students: { direct: 3, contest: 2, 'group-discussion': 1, online: 1 },
  officers: { direct: 1, 'group-discussion': 1 },
};
const medianAttendance: Readonly<Record<OutreachRecord['form'], number>> = {
  direct: 70,
  'group-discussion': 32,
  loudspeaker: 260,
  leaflet: 90,
  online: 110,
  contest: 150,
  counselling: 14,
};
const audienceWeights = {
  residents: 46,
  students: 20,
  'industrial-workers': 16,
  'establishment-workers': 16,
  officers: 2,
};
/** Sessions rise from month to month as the plan takes hold; the action month is November, school starts in September. */
const monthWeight = (month: string, k: number): number =>
  (1 + 0.02 * k) * ({ '02': 0.6, '07': 0.7, '09': 1.2, '11': 1.6, '12': 1.2 }[month.slice(5)] ?? 1);

/**
 * Towns hold more sessions than the country. In 2026 about three communes of ten miss at least one of the elapsed
 * quarters, so that the plan's "kept up in every quarter" is not met everywhere.
 */
export function makeOutreach(
  random: Random,
  communes: readonly DemoCommune[],
  places: {
    parks: readonly DemoPark[];
    dormitories: readonly DemoDormitory[];
    schools: readonly DemoSchool[];
    establishments: readonly DemoEstablishment[];
  },
  count: number,
): OutreachRecord[] {
  const missedQuarters = quartersMissed(random, communes);
  const perCommune = apportion(
    count,
    communes.map(
      ({ residents, urban, mountainous }) =>
        (0.5 + nextUniform(random)) * residents ** 0.6 * (urban ? 2 : 1) * (mountainous ? 0.6 : 1),
    ),
  );
  const sessions = communes.flatMap((commune, c) => {
    const own = <Item extends { communeCode: string }>(items: readonly Item[]): Item[] =>
      items.filter(({ communeCode }) => communeCode === commune.fact.code);
    const local: Local = {
      parks: own(places.parks),
      dormitories: own(places.dormitories),
      schools: own(places.schools),
      establishments: own(places.establishments),
    };
    const missed = missedQuarters.get(commune.fact.code);
    const months = monthsOfPeriod.filter((month) => !missed?.has(quarterOf(month)));
    return Array.from({ length: perCommune[c]! }, (_, n) => {
      // One session in each month first, so that a quarter is missed only where it was meant to be.
      const month =
        n < months.length
          ? months[n]!
          : pickWeighted(random, months, (candidate) =>
              monthWeight(candidate, monthsOfPeriod.indexOf(candidate)),
            );
      return session(random, commune, local, month);
    });
  });
  return sessions
    .sort((a, b) =>
      a.heldOn < b.heldOn ? -1 : a.heldOn > b.heldOn ? 1 : a.communeCode < b.communeCode ? -1 : 1,
    )
    .map((made, k) => ({ ...made, reference: `MP-TT-${String(k + 1).padStart(5, '0')}` }));
}

function session(random: Random, commune: DemoCommune, local: Local, month: string): OutreachRecord {
  const lastDay = lastDayOf(month);
  let day = wholeBetween(random, firstDayOf(month), lastDay);
  if (isSunday(day)) day += day === lastDay ? -1 : 1;
  const audience = pickWeighted(
    random,
    Object.keys(audienceWeights) as (keyof typeof audienceWeights)[],
    (candidate) => (canReach(candidate, local) ? audienceWeights[candidate] : 0),
  );
  const forms = formWeights[audience];
  const form = pickWeighted(
    random,
    Object.keys(forms) as OutreachRecord['form'][],
    (candidate) => forms[candidate]!,
  );
  const { place, people } = placeFor(random, audience, local, dayOf(day));
  const attendance = wholeAround(random, medianAttendance[form], 0.45);
  return {
    reference: 'to be numbered',
    heldOn: dayOf(day),
    form,
    audience,
    communeCode: commune.fact.code,
    place,
    attendance: people === null ? attendance : Math.min(attendance, Math.max(1, people)),
  };
}

function canReach(audience: OutreachRecord['audience'], local: Local): boolean {
  if (audience === 'students') return local.schools.length > 0;
  if (audience === 'industrial-workers') return local.parks.length > 0 || local.dormitories.length > 0;
  if (audience === 'establishment-workers') return local.establishments.length > 0;
  return true;
}

/** Where a session is held, and how many people there are to come (null: not bounded by the place). */
function placeFor(
  random: Random,
  audience: OutreachRecord['audience'],
  local: Local,
  day: string,
): { place: Place; people: number | null } {
  if (audience === 'students') {
    const { record } = pick(random, local.schools).input;
    return { place: { collection: 'schools', reference: record.reference }, people: record.students };
  }
  if (audience === 'industrial-workers') {
    if (local.parks.length > 0 && (local.dormitories.length === 0 || chance(random, 0.7))) {
      const { record } = pick(random, local.parks).input;
      return {
        place: { collection: 'industrial-parks', reference: record.reference },
        people: record.workers,
      };
    }
    const { record } = pick(random, local.dormitories).input;
    return { place: { collection: 'dormitories', reference: record.reference }, people: record.residents };
  }
  if (audience === 'establishment-workers') {
    const open = local.establishments.filter(
      ({ input: { record } }) =>
        record.activeFrom <= day && (record.activeTo === null || record.activeTo >= day),
    );
    // Workers of several establishments often come to one session of the commune.
    if (open.length > 0 && chance(random, 0.75)) {
      const { record } = pick(random, open).input;
      return {
        place: { collection: 'establishments', reference: record.licenseNumber },
        people: record.workers,
      };
    }
  }
  return { place: null, people: null };
}

export function quarterOf(month: string): string {
  return `${month.slice(0, 4)}-${Math.ceil(Number(month.slice(5, 7)) / 3)}`;
}

function quartersMissed(random: Random, communes: readonly DemoCommune[]): Map<string, Set<string>> {
  const rural = communes.filter(({ urban }) => !urban);
  const missing = [
    ...draw(random, rural, 33),
    ...draw(
      random,
      communes.filter(({ urban }) => urban),
      6,
    ),
  ];
  return new Map(
    missing.map((commune) => {
      const quarters = ['2026-1', '2026-2', '2026-3'];
      return [commune.fact.code, new Set(draw(random, quarters, chance(random, 0.3) ? 2 : 1))];
    }),
  );
}
