import loadHighs, { type LegacyHighs } from 'highs';

/**
 * What an attacker knows: whole numbers of 0 or more that nobody told, numbered from 0, and what was told of their sums.
 * `terms` are the numbers that are added; `low` and `high` hold the sum, both included.
 */
export type Knowledge = {
  unknowns: number;
  told: { terms: readonly number[]; low: number; high: number }[];
};
/** A sum that is not to be known. */
export type Secret = { name: string; terms: readonly number[] };
export type Found = { name: string; value: number };

let solver: LegacyHighs | undefined;

/**
 * Solves all that was told for each secret: the least and the greatest value that it can have in any world that agrees with
 * everything (two integer programmes, exact but for the solver's tolerance of 1e-6). Where both are one, it is found.
 *
 * @throws where nothing at all agrees with what was told: then the attacker has the rule wrong, and finding nothing would
 *   say nothing.
 */
export async function findSecrets(knowledge: Knowledge, secrets: readonly Secret[]): Promise<Found[]> {
  solver ??= await loadHighs();
  const found: Found[] = [];
  for (const { name, terms } of secrets) {
    const least = optimum(solver, 'Minimize', knowledge, terms);
    const greatest = optimum(solver, 'Maximize', knowledge, terms);
    if (least === greatest) found.push({ name, value: least });
  }
  return found;
}

function optimum(
  highs: LegacyHighs,
  direction: 'Minimize' | 'Maximize',
  { unknowns, told }: Knowledge,
  terms: readonly number[],
): number {
  const sum = (of: readonly number[]) => of.map((unknown) => `+ 1 x${unknown}`).join(' ');
  const rows = told
    .filter(({ terms: some }) => some.length > 0)
    .flatMap(({ terms: some, low, high }, index) => [
      `l${index}: ${sum(some)} >= ${low}`,
      ...(Number.isFinite(high) ? [`h${index}: ${sum(some)} <= ${high}`] : []),
    ]);
  const names = Array.from({ length: unknowns }, (_, index) => `x${index}`);
  // more of anything than 10,000 is not believed: without a bound a maximum need not exist
  const model = [
    direction,
    `goal: ${sum(terms)}`,
    'Subject To',
    ...rows,
    'Bounds',
    ...names.map((name) => `0 <= ${name} <= 10000`),
    'General',
    names.join('\n'),
    'End',
  ].join('\n');
  const { Status, ObjectiveValue } = highs.solve(model);
  if (Status !== 'Optimal') throw new Error(`nothing agrees with what was told: ${Status}`);
  return Math.round(ObjectiveValue);
}
