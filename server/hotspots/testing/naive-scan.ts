/**
 * The scan statistic by its definition, window by window, without any of the bounds of the real one: what that is held to.
 * Tests only.
 */
export type NaiveWindow = { ratio: number; centre: number; members: number[]; from: number; to: number };

export type NaiveScan = {
  xs: ArrayLike<number>;
  ys: ArrayLike<number>;
  atRisk: ArrayLike<number>;
  share: number;
  /** cells[place][interval]; one interval for a purely spatial scan. */
  cells: number[][];
  /** Expected of a place over all time and share of each interval. */
  expected: ArrayLike<number>;
  intervalShares: ArrayLike<number>;
  longest: number;
  ratioOf: (cases: number, expected: number) => number;
};

export function naiveScan(scan: NaiveScan): NaiveWindow {
  const count = scan.xs.length;
  const intervals = scan.intervalShares.length;
  let total = 0;
  for (let i = 0; i < count; i++) total += scan.atRisk[i]!;
  let best: NaiveWindow = { ratio: 0, centre: -1, members: [], from: 0, to: 0 };
  for (let centre = 0; centre < count; centre++) {
    const distance = (i: number) =>
      Math.hypot(scan.xs[i]! - scan.xs[centre]!, scan.ys[i]! - scan.ys[centre]!);
    const order = Array.from({ length: count }, (_, i) => i).sort(
      (a, b) => distance(a) - distance(b) || scan.xs[a]! - scan.xs[b]! || scan.ys[a]! - scan.ys[b]!,
    );
    let held = 0;
    for (let size = 1; size <= count; size++) {
      held += scan.atRisk[order[size - 1]!]!;
      if (held > scan.share * total * (1 + 1e-12)) break;
      const members = order.slice(0, size);
      for (let from = 0; from < intervals; from++) {
        for (let to = from + 1; to <= Math.min(intervals, from + scan.longest); to++) {
          let cases = 0;
          let expected = 0;
          let span = 0;
          for (let t = from; t < to; t++) span += scan.intervalShares[t]!;
          for (const member of members) {
            expected += scan.expected[member]! * span;
            for (let t = from; t < to; t++) cases += scan.cells[member]![t]!;
          }
          if (cases < 2 || cases <= expected) continue;
          const ratio = scan.ratioOf(cases, expected);
          if (ratio > best.ratio + 1e-10) best = { ratio, centre, members, from, to };
        }
      }
    }
  }
  return best;
}

export function naivePoisson(total: number) {
  return (cases: number, expected: number) =>
    cases * Math.log(cases / expected) +
    (cases === total ? 0 : (total - cases) * Math.log((total - cases) / (total - expected)));
}

/** Kulldorff (1997), the Bernoulli likelihoods written out. */
export function naiveBernoulli(total: number, individuals: number) {
  const term = (a: number, b: number) => (a === 0 ? 0 : a * Math.log(a / b));
  return (cases: number, expected: number) => {
    const n = Math.round((expected * individuals) / total);
    const inside = term(cases, n) + term(n - cases, n);
    const outside =
      term(total - cases, individuals - n) + term(individuals - n - total + cases, individuals - n);
    return inside + outside - term(total, individuals) - term(individuals - total, individuals);
  };
}
