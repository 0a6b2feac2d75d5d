import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { AnalysisInputError } from '../server/hotspots/analysis-input-error.ts';
import {
  type AnalystTable,
  numberOrReason,
  printJson,
  readIds,
  readNumbers,
  readTable,
  refuseNoNumbers,
  runAnalysis,
} from '../server/hotspots/analyst/analyst-input.ts';
import {
  type AnalystWeights,
  analystWeights,
  parseWeightsChoice,
} from '../server/hotspots/analyst/analyst-weights.ts';
import {
  type LocalVariance,
  marshallGlobal,
  marshallLocal,
  rateModel,
} from '../server/hotspots/areas/empirical-bayes.ts';
import { analyseLocal, type LocalOptions } from '../server/hotspots/areas/local-analysis.ts';
import { neighbourCounts, weightsAmong } from '../server/hotspots/areas/weights.ts';

type LocalFlags = {
  input: string;
  id: string;
  value: string;
  denominator?: string;
  statistic: string;
  weights: string;
  style: string;
  p: string;
  moments: string;
  permutations?: string;
  seed: string;
  snap?: string;
  planar?: boolean;
  crs?: string;
  json?: boolean;
};

export function localCommand(): Command {
  return withCoordinates(
    new Command('local')
      .description('Gi*, Gi or local Moran of areas, with global Moran and the false-discovery rate')
      .requiredOption('--input <file>', 'GeoJSON or CSV, one row for each area')
      .requiredOption('--id <field>', 'field with the id')
      .requiredOption(
        '--value <field>',
        'field with the value, or with the count when there is a denominator',
      )
      .option(
        '--denominator <field>',
        'field with the denominator: the empirical-Bayes z of the rate is tested',
      )
      .option('--statistic <name>', 'gi-star, gi or moran', 'gi-star')
      .option(
        '--weights <kind>',
        'queen, rook, knn:K, distance:METERS or file:PATH (id_i,id_j[,weight])',
        'queen',
      )
      .option('--style <style>', 'binary (weights as they are) or row (each row adds up to 1)', 'row')
      .option('--p <kind>', 'analytic or permutation (conditional)', 'analytic')
      .option('--moments <kind>', 'of local Moran: conditional or total', 'conditional')
      .option('--permutations <R>', 'default 9999, above 1,000 areas 99999')
      .option('--seed <S>', 'whole number from 0', '1'),
  ).action((flags: LocalFlags) => runAnalysis(() => local(flags)));
}

function local(flags: LocalFlags): void {
  const options: LocalOptions = {
    statistic: oneOf(flags.statistic, '--statistic', ['gi-star', 'gi', 'moran']),
    style: oneOf(flags.style, '--style', ['binary', 'row']),
    p: oneOf(flags.p, '--p', ['analytic', 'permutation']),
    moments: oneOf(flags.moments, '--moments', ['conditional', 'total']),
    permutations:
      flags.permutations === undefined
        ? undefined
        : wholeNumber(flags.permutations, '--permutations', 1, 10_000_000),
    seed: wholeNumber(flags.seed, '--seed', 0, Number.MAX_SAFE_INTEGER),
  };
  const choice = parseWeightsChoice(flags.weights);
  const table = readTable(flags.input);
  const ids = readIds(table, flags.id);
  const values = readNumbers(table, flags.value, '--value');
  const denominators =
    flags.denominator === undefined ? null : readNumbers(table, flags.denominator, '--denominator');
  refuseNoNumbers(table, flags.value, values);
  if (denominators) refuseNoNumbers(table, flags.denominator!, denominators);
  const made = analystWeights(table, ids, choice, flags, snapOf(flags));
  const result = analyseLocal(
    {
      values: values.values,
      denominators: denominators?.values ?? null,
      missing: values.reasons.map((reason, i) => reason ?? denominators?.reasons[i] ?? null),
      weights: made.weights,
      label: (index) => table.rows[index]!.label,
      valueField: flags.value,
      denominatorField: flags.denominator ?? null,
    },
    options,
  );
  const permuted = options.p === 'permutation';
  const warnings = [...made.warnings, ...result.warnings];
  if (!denominators && looksLikeCounts(values.values)) {
    warnings.push(
      `${flags.value} looks like a count: it is high where there is more of everything, or where one looked more. For a rate give --denominator.`,
    );
  }
  const document = {
    method: {
      name: 'local',
      statistic: options.statistic,
      style: options.style,
      weights: made.description,
      p: options.p,
      pShown: result.pShown,
      alternative: 'two-sided',
      moments: options.statistic === 'moran' ? options.moments : null,
      adjustment: 'Benjamini-Hochberg',
      tested: denominators ? 'empirical-Bayes z (Assunção & Reis 1999)' : 'value',
    },
    parameters: parametersOf(flags),
    input: inputOf(flags.input, table),
    crs: made.crs,
    seed: permuted ? options.seed : null,
    replications: result.permutations,
    n: result.n,
    tests: result.tested,
    notTestable: result.notTestable.map(({ index, reason }) => ({ id: ids[index]!, reason })),
    warnings,
    rate: result.rateModel,
    global: {
      moran:
        'reason' in result.moran
          ? {
              i: null,
              expected: null,
              variance: null,
              z: null,
              p: null,
              pGreater: null,
              reason: result.moran.reason,
            }
          : result.moran,
    },
    areas: result.areas.map(({ index, ...area }) => ({ id: ids[index]!, ...area })),
  };
  if (flags.json) printJson(document);
  else {
    printTable(
      ['id', 'value', 'z', 'p', 'pAdjusted', 'class'],
      document.areas.map((area) => [area.id, area.value, area.z, area.p, area.pAdjusted, area.class]),
    );
    printNotes(document.notTestable, warnings);
  }
}

/** Whole numbers from 0, and more than one of them different: a column of 0 and 1 may be a share of something. */
function looksLikeCounts(values: Float64Array): boolean {
  let largest = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value) || value < 0) return false;
    largest = Math.max(largest, value);
  }
  return largest > 1;
}

type SmoothFlags = {
  input: string;
  id: string;
  cases: string;
  population: string;
  method: string;
  weights?: string;
  localVariance: string;
  snap?: string;
  planar?: boolean;
  crs?: string;
  json?: boolean;
};

export function smoothCommand(): Command {
  return withCoordinates(
    new Command('smooth')
      .description("rates for a map: Marshall's empirical-Bayes estimates, global or over neighbours")
      .requiredOption('--input <file>', 'GeoJSON or CSV, one row for each area')
      .requiredOption('--id <field>', 'field with the id')
      .requiredOption('--cases <field>', 'field with the count')
      .requiredOption('--population <field>', 'field with the denominator')
      .option('--method <name>', 'global or local', 'global')
      .option('--weights <kind>', 'for local: queen, rook, knn:K, distance:METERS or file:PATH')
      .option(
        '--local-variance <kind>',
        'for local: each-mean (as spdep and PySAL) or one-mean (as GeoDa)',
        'each-mean',
      ),
  ).action((flags: SmoothFlags) => runAnalysis(() => smooth(flags)));
}

function smooth(flags: SmoothFlags): void {
  const method = oneOf(flags.method, '--method', ['global', 'local']);
  const localVariance: LocalVariance = oneOf(flags.localVariance, '--local-variance', [
    'each-mean',
    'one-mean',
  ]);
  if (method === 'local' && flags.weights === undefined) {
    throw new AnalysisInputError({
      field: '--weights',
      problem: 'a local estimate needs neighbours.',
      remedy: 'Give --weights queen, rook, knn:K, distance:METERS or file:PATH.',
    });
  }
  const table = readTable(flags.input);
  const ids = readIds(table, flags.id);
  const cases = readNumbers(table, flags.cases, '--cases');
  const population = readNumbers(table, flags.population, '--population');
  refuseNoNumbers(table, flags.cases, cases);
  refuseNoNumbers(table, flags.population, population);
  const notTestable: { id: string | number; reason: string }[] = [];
  const kept: number[] = [];
  table.rows.forEach((row, i) => {
    refuseImpossible(flags, row.label, cases.values[i]!, population.values[i]!);
    const reason =
      cases.reasons[i] ??
      population.reasons[i] ??
      (population.values[i] === 0 ? `${flags.population} is 0: there is no rate` : null);
    if (reason) notTestable.push({ id: ids[i]!, reason });
    else kept.push(i);
  });
  const keptCases = Float64Array.from(kept, (i) => cases.values[i]!);
  const keptPopulation = Float64Array.from(kept, (i) => population.values[i]!);
  let made: AnalystWeights | null = null;
  let areas: { id: string | number; raw: number; estimate: number; mean?: number; variance?: number }[] = [];
  const model = kept.length > 0 ? rateModel(keptCases, keptPopulation) : { mean: null, variance: null };
  if (method === 'local') {
    made = analystWeights(table, ids, parseWeightsChoice(flags.weights!), flags, snapOf(flags));
    const weights = weightsAmong(made.weights, Int32Array.from(kept));
    const { estimates, means, variances } = marshallLocal(keptCases, keptPopulation, weights, localVariance);
    const degrees = neighbourCounts(weights);
    kept.forEach((i, at) => {
      if (degrees[at] === 0) {
        notTestable.push({ id: ids[i]!, reason: 'it has no neighbours with a rate to be smoothed over' });
        return;
      }
      areas.push({
        id: ids[i]!,
        raw: keptCases[at]! / keptPopulation[at]!,
        estimate: estimates[at]!,
        mean: means[at]!,
        variance: variances[at]!,
      });
    });
  } else if (kept.length > 0) {
    const { estimates } = marshallGlobal(keptCases, keptPopulation);
    areas = kept.map((i, at) => ({
      id: ids[i]!,
      raw: keptCases[at]! / keptPopulation[at]!,
      estimate: estimates[at]!,
    }));
  }
  const warnings = [...(made?.warnings ?? [])];
  if (kept.length < 30) warnings.push(`Only ${kept.length} areas have a rate: their variance is uncertain.`);
  const document = {
    method: {
      name: 'smooth',
      estimate: `Marshall (1991), ${method}`,
      weights: made?.description ?? null,
      localVariance: method === 'local' ? localVariance : null,
    },
    parameters: parametersOf(flags),
    input: inputOf(flags.input, table),
    crs: made?.crs ?? null,
    seed: null,
    replications: null,
    n: kept.length,
    notTestable,
    warnings,
    mean: model.mean,
    variance: model.variance,
    areas,
  };
  if (flags.json) printJson(document);
  else {
    printTable(
      ['id', 'raw', 'estimate'],
      areas.map((area) => [area.id, area.raw, area.estimate]),
    );
    printNotes(notTestable, warnings);
  }
}

function refuseImpossible(flags: SmoothFlags, row: string, cases: number, population: number): void {
  const negative = cases < 0 ? flags.cases : population < 0 ? flags.population : null;
  if (negative) {
    throw new AnalysisInputError({
      field: negative,
      row,
      problem: `the count ${cases < 0 ? cases : population} is negative.`,
      remedy: 'Correct the value, or empty the cell if it is not known.',
    });
  }
  if (cases > population) {
    throw new AnalysisInputError({
      field: flags.cases,
      row,
      problem: `${cases} is more than ${flags.population} ${population}.`,
      remedy: 'Correct one of them: the cases are a part of the population.',
    });
  }
}

function withCoordinates(command: Command): Command {
  return command
    .option(
      '--snap <distance>',
      'outlines this near touch: metres, with --planar units of the file (default 1 m)',
    )
    .option('--planar', "coordinates are in a plane, in the file's own units")
    .option('--crs <code>', 'coordinate system, e.g. EPSG:9210; longitude and latitude by default')
    .option('--json', 'print one JSON document');
}

function snapOf(flags: { snap?: string }): number | undefined {
  if (flags.snap === undefined) return undefined;
  const snap = numberOrReason(flags.snap, '--snap');
  if (typeof snap === 'number' && snap >= 0) return snap;
  throw new AnalysisInputError({
    field: '--snap',
    problem: `"${flags.snap}" is not a distance.`,
    remedy: 'Give a number of 0 or more.',
  });
}

export function oneOf<Choice extends string>(
  text: string,
  option: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new AnalysisInputError({
    field: option,
    problem: `"${text}" is not one of its choices.`,
    remedy: `Give ${choices.join(', ')}.`,
  });
}

export function wholeNumber(text: string, option: string, minimum: number, maximum: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  throw new AnalysisInputError({
    field: option,
    problem: `"${text}" is not a whole number from ${minimum} to ${maximum}.`,
    remedy: 'Give one.',
  });
}

/** The options as given, so that anyone can run the same again. */
export function parametersOf(flags: object): Record<string, unknown> {
  const { json: _json, ...parameters } = flags as Record<string, unknown>;
  return parameters;
}

/** Which data: the file with its hash stands for the data version of an analysis over the database. */
export function inputOf(
  path: string,
  table: Pick<AnalystTable, 'rows'>,
): { file: string; sha256: string; rows: number } {
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  return { file: path, sha256, rows: table.rows.length };
}

export function printTable(header: string[], rows: (string | number | null)[][]): void {
  const lines = [header, ...rows.map((row) => row.map(cell))].map((row) => row.join('\t'));
  process.stdout.write(`${lines.join('\n')}\n`);
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  return typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(6) : String(value);
}

export function printNotes(notTestable: { id: string | number; reason: string }[], warnings: string[]): void {
  for (const { id, reason } of notTestable) process.stderr.write(`not tested: ${id}: ${reason}\n`);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
}
