import { audiences } from '../../../contract/activities.ts';
import { type ReachPopulation, reachedByAudience } from '../../../contract/coverage-reach.ts';
import type { Located } from './place-index.ts';

/** Every place at which outreach can be held, as columns; a place is named by its position in them. */
export type ReachPlaces = Located & {
  /** Position in `reachPopulations`: each population has a collection of places of its own. */
  populations: Uint8Array;
  /** Position in the list of communes. */
  communes: Int32Array;
  /** People who work, study or live there; -1 where the number is not on record. */
  people: Int32Array;
  /** 1 where the place counts on the day asked. A session at one that has closed since reaches those around it all the same. */
  counted: Uint8Array;
  /** Which audiences a session is for that reaches these people: bit i stands for `audiences[i]`. */
  accepts: Uint8Array;
};

/** Sessions of the window that were held at a place, alike ones together. Ordered by place. */
export type ReachSessions = {
  places: Int32Array;
  /** Metres; negative: the place itself alone. */
  radii: Float64Array;
  /** One bit: see `accepts`. */
  audiences: Uint8Array;
  /** Bit i: one was held in the i-th whole quarter of the window. */
  quarters: Int32Array;
  counts: Int32Array;
  /** The last day on which one of them was held. */
  lastHeldOn: readonly string[];
};

export const audienceBit = (audience: (typeof audiences)[number]): number => 1 << audiences.indexOf(audience);
export const everyAudience = (1 << audiences.length) - 1;

/** The audiences whose sessions reach a population at a kind of place (dormitories have kinds that matter). */
export function acceptedAudiences(population: ReachPopulation, kind: string | null): number {
  return audiences
    .filter((audience) =>
      reachedByAudience[audience].some(
        (reached) => reached.population === population && (reached.kinds?.includes(kind ?? '') ?? true),
      ),
    )
    .reduce((bits, audience) => bits | audienceBit(audience), 0);
}
