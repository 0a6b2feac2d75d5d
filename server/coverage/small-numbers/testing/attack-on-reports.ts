import { createRandom, nextUniform } from '../../../hotspots/random.ts';
import type { Found, Knowledge, Secret } from './attacker.ts';
import { findSecrets } from './attacker.ts';

/** Reports of one status by commune and the day on which they became due. */
export type DueReport = { commune: string; day: string };
/** What is told as of a day: by commune, and of the province; null: not told. */
export type Told = (asOf: string) => { communes: ReadonlyMap<string, Range>; province: Range | null };
/** The counts that may stand behind a number that is told. */
export type Range = readonly [low: number, high: number];

/**
 * Asks as of every day given, and solves for every count of 1–4 of a commune: what came up to each day asked, and what came
 * in between that day and each before. Gives those that it finds.
 *
 * @param countedUntil the day up to which a commune's number of a day counts.
 */
export async function attackReports(
  reports: readonly DueReport[],
  communes: readonly string[],
  days: readonly string[],
  told: Told,
  countedUntil: (asOf: string) => string | null,
): Promise<Found[]> {
  // One unknown for a commune and the time between two days asked.
  const at = (commune: number, interval: number) => commune * days.length + interval;
  const until = (day: string) => days.indexOf(day) + 1;
  const upTo = (commune: number, intervals: number) =>
    Array.from({ length: intervals }, (_, interval) => at(commune, interval));
  const knowledge: Knowledge = { unknowns: communes.length * days.length, told: [] };
  for (const day of days) {
    const { communes: ofCommunes, province } = told(day);
    const counted = countedUntil(day);
    if (counted !== null)
      communes.forEach((code, commune) => {
        const range = ofCommunes.get(code);
        if (range)
          knowledge.told.push({ terms: upTo(commune, until(counted)), low: range[0], high: range[1] });
      });
    if (province)
      knowledge.told.push({
        terms: communes.flatMap((_, commune) => upTo(commune, until(day))),
        low: province[0],
        high: province[1],
      });
  }
  const secrets: Secret[] = [];
  communes.forEach((code, commune) => {
    const own = reports.filter((report) => report.commune === code);
    for (let last = 0; last < days.length; last++)
      for (let first = 0; first <= last; first++) {
        const count = own.filter(
          ({ day }) => day <= days[last]! && (first === 0 || day > days[first - 1]!),
        ).length;
        // every count from 1 January, and those of the time between two days asked
        if (count >= 1 && count <= 4 && (first === 0 || last === first))
          secrets.push({
            name: `${code}: ${first === 0 ? '' : `after ${days[first - 1]} `}to ${days[last]}, ${count}`,
            terms: Array.from({ length: last - first + 1 }, (_, index) => at(commune, first + index)),
          });
      }
  });
  return findSecrets(knowledge, secrets);
}

/** Reports of a small province that are drawn at random: most communes have few, some more. */
export function drawReports(seed: number, communes: readonly string[], days: readonly string[]): DueReport[] {
  const random = createRandom(seed, 5);
  return communes.flatMap((commune) => {
    const mean = nextUniform(random) < 0.3 ? 14 : 5;
    const count = Math.floor(nextUniform(random) * 2 * mean);
    return Array.from({ length: count }, () => ({
      commune,
      day: days[Math.floor(nextUniform(random) * days.length)]!,
    }));
  });
}
