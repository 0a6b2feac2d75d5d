import { studentQuantile } from '../beta-distribution.ts';
import { wilsonInterval, Z_95 } from '../proportion-intervals.ts';

/** A commune's figure: 0 ≤ numerator ≤ denominator. */
export type Cluster = { numerator: number; denominator: number };

export type ClusteredShare =
  | { share: number; lower: number; upper: number; effectiveSize: number; reason: null }
  /** A share, but all its units or nearly all lie in one commune, so that nothing tells how communes differ. */
  | { share: number; lower: null; upper: null; effectiveSize: null; reason: 'one-commune' }
  | { share: null; lower: null; upper: null; effectiveSize: null; reason: 'no-units' };

const UPPER_TAIL = 0.975;

/**
 * The share of all units of several communes, with a 95 % interval that knows that units of one commune go together:
 * whoever sits in one session is reached at once, and a team inspects street by street.
 *
 * The share is the ratio p = Σy/Σx over the G communes that have units. Its variance between communes is the jackknife's,
 *
 *     v = (G − 1)/G · Σ ((yᵢ − p·xᵢ)/(Σx − xᵢ))²
 *
 * where each term is by how much p moves without commune i. Wilson's interval is taken at the effective size
 * n = p(1 − p)/v · (z/t)², at most Σx: so many independent units would tell as much (Korn & Graubard 1998, Surv. Methodol.
 * 24, 193–201; with Wilson's interval in place of the exact one, Dean & Pagano 2015, J. Surv. Stat. Methodol. 3, 484–503).
 * t is Student's with K − 1 degrees of freedom, K = (Σx)²/Σx² being Kish's effective number of communes: one city and
 * twenty hamlets tell no more than a few communes do.
 *
 * Where nobody or everybody is reached, v is 0 and says nothing. Then n = K, as if each commune were reached as a whole
 * or not at all. Where no commune has more than one unit (it is itself what is counted), this is Wilson's interval.
 *
 * Measured on 1,500 worlds each, 2 to 30 communes against the rest of 129, correlation 0.05 to 0.3 within a commune: the
 * difference lies in its interval in 95–98 % of them, 92 % near a share of 95 % with very uneven communes. Taylor's
 * variance with G − 1 degrees of freedom held 88–93 % where communes are uneven, intervals that know of no communes 19–45 %.
 */
export function clusteredShare(clusters: readonly Cluster[]): ClusteredShare {
  const counted = clusters.filter(({ denominator }) => denominator > 0);
  const units = sum(counted, ({ denominator }) => denominator);
  const none = { lower: null, upper: null, effectiveSize: null };
  if (units === 0) return { share: null, ...none, reason: 'no-units' };
  const share = sum(counted, ({ numerator }) => numerator) / units;
  const independent = counted.every(({ denominator }) => denominator <= 1);
  const communes = units ** 2 / sum(counted, ({ denominator }) => denominator ** 2);
  if (!independent && communes < 1.25) return { share, ...none, reason: 'one-commune' };
  const effectiveSize = independent ? units : effectiveSizeOf(counted, units, share, communes);
  const { lower, upper } = wilsonInterval({
    successes: Math.min(effectiveSize, share * effectiveSize),
    trials: effectiveSize,
  });
  return { share, lower: lower!, upper: upper!, effectiveSize, reason: null };
}

function effectiveSizeOf(
  counted: readonly Cluster[],
  units: number,
  share: number,
  communes: number,
): number {
  const spread = share * (1 - share);
  if (spread === 0) return communes;
  const squares = sum(
    counted,
    ({ numerator, denominator }) => ((numerator - share * denominator) / (units - denominator)) ** 2,
  );
  const variance = ((counted.length - 1) / counted.length) * squares;
  const narrowing = (Z_95 / studentQuantile(UPPER_TAIL, communes - 1)) ** 2;
  return Math.min(units, (spread / variance) * narrowing);
}

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
