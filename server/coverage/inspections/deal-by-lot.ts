import { createRandom, nextBelow, type Random } from '../../hotspots/random.ts';
import { studentQuantile } from '../beta-distribution.ts';
import { weightedGini } from './gini.ts';

/** So many establishments of one commune that were active as long. */
export type EstablishmentLot = {
  communeCode: string;
  /** Days active in the period, at least 1. */
  days: number;
  establishments: number;
};
/** So many establishments that had as many inspections each. */
export type EstablishmentsHad = { inspections: number; establishments: number };

/** Mean over the deals, and the range in which 95 % of further deals are to be expected: few deals make it wider. */
export type GiniByLot = { gini: number; lower: number; upper: number };

export type Deals = { replications: number; establishments: GiniByLot; communes: GiniByLot };

export const dealSeed = 1;
// 500,000 draws take some 15 ms. With many inspections a few deals do: their Gini hardly varies (standard deviation 0.0007
// at 35,000 inspections of 98,000 establishments, and 0.002 over their 129 communes).
const drawsWanted = 500_000;
const replicationLimits = { least: 15, most: 999 };

/**
 * What the Gini coefficients would be if the same inspections were dealt by lot: one at a time, each establishment's
 * chance in proportion to the days that it was active, without regard to what it had before. An even-handed lottery gives
 * some of them two inspections and most none; its coefficient is what "even" can be held against.
 *
 * Multinomial, by seeded simulation: over establishments, and over communes as inspections per establishment weighted by
 * establishments. Equal input gives equal output.
 *
 * @param inspections how many are dealt.
 * @returns null without establishments or inspections.
 */
export function dealByLot(
  establishments: readonly EstablishmentLot[],
  inspections: number,
  seed = dealSeed,
): Deals | null {
  if (inspections === 0 || establishments.length === 0) return null;
  const lots = makeLots(establishments);
  const { commune, communeSizes } = lots;
  const { least, most } = replicationLimits;
  const replications = Math.min(most, Math.max(least, Math.floor(drawsWanted / inspections)));
  const had = new Int32Array(commune.length);
  const communeHad = new Int32Array(communeSizes.length);
  const overEstablishments: number[] = [];
  const overCommunes: number[] = [];
  for (let replication = 0; replication < replications; replication++) {
    had.fill(0);
    communeHad.fill(0);
    const random = createRandom(seed, replication);
    for (let dealt = 0; dealt < inspections; dealt++) {
      had[draw(lots, random)]!++;
    }
    let greatest = 0;
    for (let establishment = 0; establishment < had.length; establishment++) {
      const own = had[establishment]!;
      if (own === 0) continue;
      if (own > greatest) greatest = own;
      communeHad[commune[establishment]!]! += own;
    }
    // how many establishments had 0, 1, 2, … inspections
    const histogram = new Int32Array(greatest + 1);
    for (let establishment = 0; establishment < had.length; establishment++)
      histogram[had[establishment]!]!++;
    overEstablishments.push(
      weightedGini(
        Array.from(histogram, (_, own) => own),
        Array.from(histogram),
      )!,
    );
    overCommunes.push(
      weightedGini(
        communeSizes.map((size, position) => communeHad[position]! / size),
        communeSizes,
      )!,
    );
  }
  return { replications, establishments: summary(overEstablishments), communes: summary(overCommunes) };
}

type Lots = {
  /** For each establishment: its days active, and the position of its commune. */
  days: Int32Array;
  commune: Int32Array;
  communeSizes: number[];
  mostDays: number;
};

function makeLots(cells: readonly EstablishmentLot[]): Lots {
  const communes = [...new Set(cells.map(({ communeCode }) => communeCode))];
  const positions = new Map(communes.map((code, position) => [code, position]));
  const count = cells.reduce((sum, { establishments }) => sum + establishments, 0);
  const days = new Int32Array(count);
  const commune = new Int32Array(count);
  const communeSizes = communes.map(() => 0);
  let next = 0;
  for (const cell of cells) {
    if (cell.days < 1) throw new RangeError('Establishments that were not active cannot be dealt to.');
    const position = positions.get(cell.communeCode)!;
    days.fill(cell.days, next, next + cell.establishments);
    commune.fill(position, next, next + cell.establishments);
    communeSizes[position]! += cell.establishments;
    next += cell.establishments;
  }
  return {
    days,
    commune,
    communeSizes,
    mostDays: cells.reduce((most, cell) => Math.max(most, cell.days), 0),
  };
}

/** One of all, kept with a chance of its days over the most days: nearly always at the first try, since most were active throughout. */
function draw({ days, mostDays }: Lots, random: Random): number {
  for (;;) {
    const establishment = nextBelow(random, days.length);
    if (days[establishment] === mostDays || nextBelow(random, mostDays) < days[establishment]!)
      return establishment;
  }
}

function summary(values: readonly number[]): GiniByLot {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const reach = studentQuantile(0.975, count - 1) * Math.sqrt(variance * (1 + 1 / count));
  return { gini: mean, lower: Math.max(0, mean - reach), upper: Math.min(1, mean + reach) };
}

/** The coefficients as they are: over establishments, and over communes of their inspections per establishment. */
export const observedGini = (
  had: readonly EstablishmentsHad[],
  communes: readonly EstablishmentsHad[],
): { establishments: number | null; communes: number | null } => ({
  establishments: weightedGini(
    had.map(({ inspections }) => inspections),
    had.map(({ establishments }) => establishments),
  ),
  communes: weightedGini(
    communes.map(({ inspections, establishments }) => inspections / establishments),
    communes.map(({ establishments }) => establishments),
  ),
});
