/**
 * A commune's place by share, 1 the highest; equal shares share a rank and the next one is left out (1, 2, 2, 4).
 * `sharedBy` is how many have the rank, the commune itself among them.
 */
export type Rank = { rank: number; of: number; sharedBy: number };

/** Ranks of what has a share; what has none has no rank. */
export function rankByShare(communes: readonly { code: string; share: number | null }[]): Map<string, Rank> {
  const ranked = communes
    .filter((commune): commune is { code: string; share: number } => commune.share !== null)
    .sort((one, other) => other.share - one.share);
  const alike = new Map<number, number>();
  for (const { share } of ranked) alike.set(share, (alike.get(share) ?? 0) + 1);
  const ranks = new Map<string, Rank>();
  let rank = 0;
  for (const [position, { code, share }] of ranked.entries()) {
    if (position === 0 || share !== ranked[position - 1]!.share) rank = position + 1;
    ranks.set(code, { rank, of: ranked.length, sharedBy: alike.get(share)! });
  }
  return ranks;
}
