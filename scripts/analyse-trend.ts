import { Command } from 'commander';
import { numberOrReason, printJson, runAnalysis } from '../server/hotspots/analyst/analyst-input.ts';
import { type AnalystSeries, alphaOf, readSeries } from '../server/hotspots/analyst/analyst-series.ts';
import { type EmergingClass, emergingClass } from '../server/hotspots/areas/emerging-hot-spots.ts';
import { adjustedByBenjaminiHochberg } from '../server/hotspots/areas/false-discovery-rate.ts';
import { mannKendall } from '../server/hotspots/areas/mann-kendall.ts';
import { normalTwoSided } from '../server/hotspots/normal-distribution.ts';
import { inputOf, parametersOf, printNotes, printTable } from './analyse-areas.ts';

type TrendFlags = { input: string; alpha: string; adjust?: boolean; json?: boolean };

type TrendResult = {
  id: string | number;
  n: number;
  missing: number;
  s: number;
  variance: number;
  tau: number;
  z: number;
  p: number;
  trend: 'rising' | 'falling' | 'none';
  alpha: number;
  class: EmergingClass | null;
  classReason: string | null;
};

export function trendCommand(): Command {
  return new Command('trend')
    .description('Mann–Kendall of each series and, for z-scores per time slice, its emerging hot spot class')
    .requiredOption('--input <file>', 'JSON: series with "z" (and "sig") or "values", oldest first')
    .option(
      '--alpha <level>',
      'level of the trend and, without "sig", of each slice; a series may give its own',
      '0.05',
    )
    .option('--adjust', 'without "sig": adjust the p of each slice over the series (Benjamini–Hochberg)')
    .option('--json', 'print one JSON document')
    .action((flags: TrendFlags) => runAnalysis(() => trend(flags)));
}

function trend(flags: TrendFlags): void {
  const alpha = alphaOf(numberOrReason(flags.alpha, '--alpha'), null);
  const all = readSeries(flags.input);
  const adjusted = flags.adjust ? adjustedSlices(all) : null;
  const notTestable: { id: string | number; reason: string }[] = [];
  const series: TrendResult[] = [];
  all.forEach((one, index) => {
    const level = one.alpha ?? alpha;
    const result = resultOf(one, level, adjusted?.[index] ?? null);
    if ('reason' in result) notTestable.push({ id: one.id, reason: result.reason });
    else series.push(result);
  });
  const warnings: string[] = [];
  const short = series.filter((one) => one.n < 10).length;
  if (short > 0) {
    warnings.push(
      `${short} series have fewer than 10 values: the normal approximation of Mann–Kendall is rough there.`,
    );
  }
  if (all.some((one) => one.kind === 'z' && !one.significant) && !flags.adjust) {
    warnings.push(
      'Slices without "sig" were judged by their own two-sided p, not adjusted for the number of areas (--adjust).',
    );
  }
  const document = {
    method: {
      name: 'trend',
      test: 'Mann–Kendall, tie-corrected variance, continuity correction, two-sided',
      classes: 'emerging hot spots, in the order of docs/methods.md',
    },
    parameters: parametersOf(flags),
    input: inputOf(flags.input, { rows: all as never }),
    crs: null,
    seed: null,
    replications: null,
    n: series.length,
    notTestable,
    warnings,
    series,
  };
  if (flags.json) printJson(document);
  else {
    printTable(
      ['id', 'n', 's', 'tau', 'p', 'trend', 'class'],
      series.map((one) => [one.id, one.n, one.s, one.tau, one.p, one.trend, one.class]),
    );
    printNotes(notTestable, warnings);
  }
}

function resultOf(
  one: AnalystSeries,
  alpha: number,
  adjusted: Float64Array | null,
): TrendResult | { reason: string } {
  const present = [...one.values.keys()].filter((slice) => !Number.isNaN(one.values[slice]!));
  const values = Float64Array.from(present, (slice) => one.values[slice]!);
  const test = mannKendall(values);
  if ('reason' in test) return test;
  const direction = test.p <= alpha ? Math.sign(test.s) : 0;
  const lastMissing = Number.isNaN(one.values[one.values.length - 1]!);
  const classReason =
    one.kind === 'values' ? 'a class needs z-scores ("z")' : lastMissing ? 'the last slice is missing' : null;
  const significant = present.map(
    (slice) => one.significant?.[slice] ?? (adjusted?.[slice] ?? normalTwoSided(one.values[slice]!)) <= alpha,
  );
  return {
    id: one.id,
    n: test.n,
    missing: one.values.length - test.n,
    s: test.s,
    variance: test.variance,
    tau: test.tau,
    z: test.z,
    p: test.p,
    trend: direction > 0 ? 'rising' : direction < 0 ? 'falling' : 'none',
    alpha,
    class: classReason ? null : emergingClass(values, significant, direction),
    classReason,
  };
}

/** The p of each slice adjusted over the series of z-scores; NaN where there is none. */
function adjustedSlices(all: readonly AnalystSeries[]): Float64Array[] {
  const result = all.map((one) => new Float64Array(one.values.length).fill(Number.NaN));
  const longest = Math.max(...all.map((one) => one.values.length));
  for (let slice = 0; slice < longest; slice++) {
    const p = Float64Array.from(all, (one) =>
      one.kind === 'z' && slice < one.values.length ? normalTwoSided(one.values[slice]!) : Number.NaN,
    );
    const adjusted = adjustedByBenjaminiHochberg(p);
    result.forEach((slices, index) => {
      if (slice < slices.length) slices[slice] = adjusted[index]!;
    });
  }
  return result;
}
