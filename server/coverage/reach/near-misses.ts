import type { NearMissesAnswer } from '../../../contract/coverage-reach.ts';
import { quartersOfYear } from './quarters.ts';

export type CommuneSessions = {
  code: string;
  name: string;
  terrain: string | null;
  /** Sessions in each quarter of the year, up to and with the day asked. */
  sessions: readonly [number, number, number, number];
};

/**
 * Communes that lack exactly one elapsed quarter of "at least one session in every quarter of the year that has elapsed". A
 * quarter has elapsed when its last day is on or before `asOf`. Before the first has, a commune keeps up with one session
 * in the year, and none can just miss it.
 */
export function nearMisses(
  communes: readonly CommuneSessions[],
  year: number,
  asOf: string,
): Pick<NearMissesAnswer, 'elapsedQuarters' | 'keptUp' | 'all' | 'communes'> {
  const begun = quartersOfYear(year).filter(({ firstDay }) => firstDay <= asOf);
  const elapsed = begun.filter(({ lastDay }) => lastDay <= asOf);
  const lacking = communes.map(({ sessions }) => elapsed.filter((_, quarter) => sessions[quarter] === 0));
  const isKeptUp = (commune: number) =>
    elapsed.length > 0
      ? lacking[commune]!.length === 0
      : communes[commune]!.sessions.some((sessions) => sessions > 0);
  return {
    elapsedQuarters: elapsed.map(({ name }) => name),
    keptUp: communes.filter((_, commune) => isKeptUp(commune)).length,
    all: communes.length,
    communes: communes.flatMap(({ code, name, terrain, sessions }, commune) => {
      const [quarter, ...more] = lacking[commune]!;
      if (!quarter || more.length > 0) return [];
      return [
        {
          code,
          name,
          terrain,
          missingQuarter: quarter.name,
          sessions: begun.map((held, index) => ({
            quarter: held.name,
            elapsed: held.lastDay <= asOf,
            sessions: sessions[index]!,
          })),
        },
      ];
    }),
  };
}
