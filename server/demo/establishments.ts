import type { EstablishmentRecord } from '../../contract/places.ts';
import type { Random } from '../hotspots/random.ts';
import type { InputByKind } from '../imports/kinds.ts';
import { dayNumber, dayOf, demoPeriod } from './days.ts';
import { anywhere, type DemoCommune, outwardPoint, pointAt, scattered } from './demo-communes.ts';
import { apportion, chance, pick, pickWeighted, wholeAround, wholeBetween } from './draws.ts';
import type { DemoPark } from './industrial-parks.ts';
import { distance, type PlanePoint } from './plane.ts';

export type DemoEstablishment = {
  input: InputByKind['establishments'];
  communeCode: string;
  category: CategoryCode;
  /** Days since 1970-01-01; `lastDay` is the end of the demo where the establishment is still open. */
  firstDay: number;
  lastDay: number;
};

type Setting = 'urban' | 'rural' | 'tourist' | 'industrial';
type CategoryMaking = {
  leadAgency: EstablishmentRecord['leadAgency'];
  weight: number;
  in: Partial<Record<Setting, number>>;
  medianWorkers: number;
  /** Factor on the chance that an inspection finds a violation. */
  risk: number;
  /** Share of its inspections by the province's team. */
  provinceTeam: number;
};

/** The categories of the database, with what the demo assumes of each. */
export const categories = {
  hotel: {
    leadAgency: 'so-du-lich',
    weight: 5,
    in: { tourist: 4, urban: 1.6, rural: 0.4 },
    medianWorkers: 14,
    risk: 0.9,
    provinceTeam: 0.45,
  },
  'guest-house': {
    leadAgency: 'cong-an',
    weight: 18,
    in: { tourist: 1.7 },
    medianWorkers: 4,
    risk: 1.1,
    provinceTeam: 0.15,
  },
  'rented-lodging': {
    leadAgency: 'cong-an',
    weight: 20,
    in: { industrial: 2.4, tourist: 0.6 },
    medianWorkers: 2,
    risk: 0.95,
    provinceTeam: 0.05,
  },
  'tourist-site': {
    leadAgency: 'so-du-lich',
    weight: 0.7,
    in: { tourist: 9, urban: 0.6 },
    medianWorkers: 25,
    risk: 0.7,
    provinceTeam: 0.6,
  },
  restaurant: {
    leadAgency: 'so-y-te',
    weight: 17,
    in: { tourist: 1.5, urban: 1.2 },
    medianWorkers: 8,
    risk: 0.9,
    provinceTeam: 0.1,
  },
  karaoke: {
    leadAgency: 'so-van-hoa-the-thao',
    weight: 11,
    in: { urban: 1.3, industrial: 1.2 },
    medianWorkers: 7,
    risk: 1.2,
    provinceTeam: 0.4,
  },
  'dance-club-bar': {
    leadAgency: 'so-van-hoa-the-thao',
    weight: 0.7,
    in: { urban: 3, tourist: 1.5, rural: 0.2 },
    medianWorkers: 14,
    risk: 1.2,
    provinceTeam: 0.8,
  },
  'massage-sauna': {
    leadAgency: 'so-y-te',
    weight: 5.5,
    in: { urban: 1.7, tourist: 1.6, rural: 0.7 },
    medianWorkers: 8,
    risk: 1.2,
    provinceTeam: 0.45,
  },
  hairdresser: {
    leadAgency: 'so-y-te',
    weight: 11,
    in: {},
    medianWorkers: 3,
    risk: 0.95,
    provinceTeam: 0.03,
  },
  cafe: {
    leadAgency: 'so-van-hoa-the-thao',
    weight: 10,
    in: { urban: 1.3 },
    medianWorkers: 4,
    risk: 0.9,
    provinceTeam: 0.05,
  },
  other: { leadAgency: 'cong-an', weight: 1.6, in: {}, medianWorkers: 5, risk: 0.9, provinceTeam: 0.1 },
} as const satisfies Record<string, CategoryMaking>;
export type CategoryCode = keyof typeof categories;
const categoryCodes = Object.keys(categories) as CategoryCode[];

/**
 * Establishments follow the residents, crowd in wards and where visitors and workers come, and within a commune about
 * its town, its parks and, at the edge of the province, the way out of it.
 */
export function makeEstablishments(
  random: Random,
  communes: readonly DemoCommune[],
  parks: readonly DemoPark[],
  count: number,
): DemoEstablishment[] {
  const parksOf = (commune: DemoCommune): DemoPark[] =>
    parks.filter(({ communeCode }) => communeCode === commune.fact.code);
  const perCommune = apportion(
    count,
    communes.map((commune) => {
      const parkFactor = 1 + 0.12 * Math.min(parksOf(commune).length, 3);
      const borderFactor = commune.outermost ? 1.12 : 1;
      return (
        commune.residents ** 0.7 *
        (commune.urban ? 1.6 : 1) *
        (commune.tourist ? 2 : 1) *
        parkFactor *
        borderFactor
      );
    }),
  );
  return communes.flatMap((commune, k) => {
    const localParks = parksOf(commune);
    return Array.from({ length: perCommune[k]! }, (_, n) =>
      makeEstablishment(random, commune, localParks, n + 1),
    );
  });
}

function makeEstablishment(
  random: Random,
  commune: DemoCommune,
  parks: readonly DemoPark[],
  number: number,
): DemoEstablishment {
  const settings: Setting[] = [commune.urban ? 'urban' : 'rural'];
  if (commune.tourist) settings.push('tourist');
  if (parks.length > 0) settings.push('industrial');
  const category = pickWeighted(random, categoryCodes, (code) => {
    const making: CategoryMaking = categories[code];
    return settings.reduce((weight, setting) => weight * (making.in[setting] ?? 1), making.weight);
  });
  const { firstDay, closedOn } = openDays(random);
  const record: EstablishmentRecord = {
    licenseNumber: `MP-${commune.fact.code}-${String(number).padStart(4, '0')}`,
    category,
    leadAgency: categories[category].leadAgency,
    workers: chance(random, 0.03) ? null : wholeAround(random, categories[category].medianWorkers, 0.55),
    activeFrom: dayOf(firstDay),
    activeTo: closedOn === null ? null : dayOf(closedOn),
  };
  return {
    input: { record, geometry: pointAt(placeFor(random, commune, parks, category)) },
    communeCode: commune.fact.code,
    category,
    firstDay,
    lastDay: closedOn ?? dayNumber(demoPeriod.to),
  };
}

function placeFor(
  random: Random,
  commune: DemoCommune,
  parks: readonly DemoPark[],
  category: CategoryCode,
): PlanePoint {
  const nearParks =
    parks.length === 0 ? 0 : category === 'rented-lodging' || category === 'karaoke' ? 0.45 : 0.18;
  const where = pickWeighted(
    random,
    [
      { place: 'town', weight: commune.urban ? 0.62 : 0.55 },
      { place: 'park', weight: nearParks },
      { place: 'border', weight: commune.outermost ? 0.16 : 0 },
      { place: 'anywhere', weight: 0.2 },
    ] as const,
    ({ weight }) => weight,
  ).place;
  if (where === 'town') return scattered(random, commune, commune.town, 0.24 * commune.radiusMeters);
  if (where === 'park') {
    const park = pick(random, parks);
    return scattered(random, commune, park.middle, park.radiusMeters + 350);
  }
  if (where === 'border') {
    const outward = outwardPoint(commune);
    const share = Math.min(
      0.72,
      Math.min(0.75 * commune.radiusMeters, 3_400) / distance(outward, commune.town),
    );
    const towards: PlanePoint = [
      commune.town[0] + share * (outward[0] - commune.town[0]),
      commune.town[1] + share * (outward[1] - commune.town[1]),
    ];
    return scattered(random, commune, towards, 0.13 * commune.radiusMeters);
  }
  return anywhere(random, commune);
}

/** Most opened before the demo's period; about 6 in 100 opened and 7 in 100 closed within it. */
function openDays(random: Random): { firstDay: number; closedOn: number | null } {
  const start = dayNumber(demoPeriod.from);
  const end = dayNumber(demoPeriod.to);
  const firstDay = chance(random, 0.06)
    ? wholeBetween(random, start, end - 30)
    : wholeBetween(random, dayNumber('2012-01-01'), start - 1);
  const earliestClose = Math.max(firstDay + 60, start + 20);
  const closes = chance(random, 0.07) && earliestClose < end;
  return { firstDay, closedOn: closes ? wholeBetween(random, earliestClose, end - 1) : null };
}
