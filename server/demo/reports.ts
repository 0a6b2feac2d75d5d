import { latLngToCell } from 'h3-js';
import type { ReportRecord } from '../../contract/activities.ts';
import { nextUniform, type Random } from '../hotspots/random.ts';
import { dayNumber, dayOf, demoPeriod } from './days.ts';
import { anywhere, type DemoCommune, pointAt, scattered } from './demo-communes.ts';
import { apportion, chance, pick, wholeBetween } from './draws.ts';
import { plantedRiskRatio } from './planted-truth.ts';

const cellResolution = 7;

/**
 * Reports follow the residents and the towns, a little more where the risk is truly higher. Each is due in 15 to 30
 * days; most are resolved in time, about one in twenty-five late, and what came in last is still under way.
 */
export function makeReports(random: Random, communes: readonly DemoCommune[], count: number): ReportRecord[] {
  const perCommune = apportion(
    count,
    communes.map(
      ({ residents, urban, tourist, fact }) =>
        (0.6 + 0.8 * nextUniform(random)) *
        residents ** 0.75 *
        (urban ? 1.8 : 1) *
        (tourist ? 1.3 : 1) *
        (plantedRiskRatio(fact.code) > 1 ? 1.6 : 1),
    ),
  );
  const start = dayNumber(demoPeriod.from);
  const end = dayNumber(demoPeriod.to);
  return communes
    .flatMap((commune, k) =>
      Array.from({ length: perCommune[k]! }, () => ({ commune, received: wholeBetween(random, start, end) })),
    )
    .sort((a, b) => a.received - b.received || (a.commune.fact.code < b.commune.fact.code ? -1 : 1))
    .map(({ commune, received }, k) => {
      const point = chance(random, 0.6)
        ? scattered(random, commune, commune.town, 0.35 * commune.radiusMeters)
        : anywhere(random, commune);
      const [lon, lat] = pointAt(point).coordinates;
      return {
        reference: `MP-TB-${String(k + 1).padStart(5, '0')}`,
        receivedOn: dayOf(received),
        ...handling(random, received, end),
        communeCode: commune.fact.code,
        h3Cell: latLngToCell(lat, lon, cellResolution),
      };
    });
}

function handling(
  random: Random,
  received: number,
  end: number,
): Pick<ReportRecord, 'dueOn' | 'status' | 'resolvedOn'> {
  const allowed = pick(random, [15, 15, 20, 20, 30]);
  const due = received + allowed;
  const late = chance(random, 0.04);
  const resolved = late ? due + wholeBetween(random, 1, 25) : wholeBetween(random, received + 2, due);
  const forgotten = chance(random, 0.015);
  if (resolved <= end && !forgotten) {
    return { dueOn: dayOf(due), status: 'resolved', resolvedOn: dayOf(resolved) };
  }
  const progress = (end - received) / (resolved - received);
  const status = progress > 0.66 ? 'classified' : progress > 0.25 ? 'verified' : 'received';
  return { dueOn: dayOf(due), status, resolvedOn: null };
}
