import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { AnalysisInputError } from '../server/hotspots/analysis-input-error.ts';
import {
  type AnalystTable,
  type AreaId,
  numberOrReason,
  printJson,
  readAllNumbers,
  readIds,
  readPoints,
  readTable,
  requireField,
  runAnalysis,
} from '../server/hotspots/analyst/analyst-input.ts';
import {
  boundsOf,
  type CoordinateFrame,
  coordinateFrame,
} from '../server/hotspots/analyst/coordinate-frame.ts';
import {
  finishScan,
  isSpaceTime,
  prepareScan,
  SCAN_MODELS,
  type ScanCluster,
  type ScanEvents,
  type ScanInput,
  type ScanModel,
} from '../server/hotspots/scan/scan-statistic.ts';
import { runReplicationsInThreads } from '../server/hotspots/scan/scan-threads.ts';
import {
  dateOfDay,
  daysOfDate,
  intervalOfDay,
  longestSpan,
  type StudyPeriod,
  spanOfUnit,
  studyPeriod,
  TIME_UNITS,
  type TimeUnit,
} from '../server/hotspots/scan/study-period.ts';
import { inputOf } from './analyse-areas.ts';

type ScanOptions = {
  input: string;
  model: string;
  maxShare: string;
  replications: string;
  seed: string;
  events?: string;
  timeUnit: string;
  maxDuration?: string;
  start?: string;
  end?: string;
  prospective?: boolean;
  threads?: string;
  planar?: boolean;
  crs?: string;
  json?: boolean;
};

/** `analyse scan`: the scan statistic on an analyst's areas. */
export function scanCommand(): Command {
  return new Command('scan')
    .description(
      "Kulldorff's scan statistic: clusters of high rates in circles, or in circles times spans of time",
    )
    .requiredOption(
      '--input <file>',
      'areas: CSV with id, x, y (or longitude, latitude), and cases, population (Poisson) or cases, controls (Bernoulli)',
    )
    .requiredOption('--model <name>', SCAN_MODELS.join(' | '))
    .option('--max-share <number>', 'greatest share of the population at risk in a circle', '0.5')
    .option('--replications <number>', 'Monte Carlo replications', '999')
    .option('--seed <number>', 'whole number from which the replications are drawn', '1')
    .option('--events <file>', 'space–time models: CSV with id, date[, cases]')
    .option('--time-unit <unit>', TIME_UNITS.join(' | '), 'day')
    .option(
      '--max-duration <number>',
      'longest span: time units, or below 1 a share of the study (0.5 by default)',
    )
    .option('--start <date>', 'first day of the study; by default that of the first event')
    .option('--end <date>', 'last day of the study; by default that of the last event')
    .option('--prospective', 'only clusters that reach the end of the study')
    .option('--threads <number>', 'worker threads; the result does not depend on it')
    .option('--planar', "coordinates are in the file's own plane, in any unit")
    .option('--crs <code>', 'EPSG code of the coordinates; longitude and latitude otherwise')
    .option('--json', 'one JSON document on standard output')
    .action((options: ScanOptions) => runAnalysis(() => runScan(options)));
}

async function runScan(options: ScanOptions): Promise<void> {
  if (!SCAN_MODELS.includes(options.model as ScanModel)) {
    throw new AnalysisInputError({
      field: '--model',
      problem: `"${options.model}" is not known.`,
      remedy: `Choose ${SCAN_MODELS.join(', ')}.`,
    });
  }
  const model = options.model as ScanModel;
  const maximumShare = numberOption('--max-share', options.maxShare, { above: 0 });
  const replications = numberOption('--replications', options.replications, { whole: true, least: 0 });
  const seed = numberOption('--seed', options.seed, { whole: true, least: 0 });
  const areas = readTable(options.input);
  const ids = readIds(areas, 'id', '--input');
  const place = readPlaces(areas, options);
  const counts = readCounts(areas, model);
  const time = isSpaceTime(model) ? readTime(options, ids) : null;
  const input: ScanInput = {
    model,
    ...place,
    ...counts,
    maximumShare,
    ...(time
      ? { events: time.events, longest: time.longest, prospective: options.prospective === true }
      : {}),
  };
  if (time && input.population) refuseEventsAbovePopulation(areas, time.events, input.population);
  const prepared = prepareScan(input);
  const threads =
    options.threads === undefined
      ? Math.min(4, availableParallelism())
      : numberOption('--threads', options.threads, { whole: true, least: 1 });
  const maxima = await runReplicationsInThreads(prepared.plan, replications, seed, threads);
  const result = finishScan(prepared, maxima);
  const document = {
    method: 'scan statistic',
    parameters: {
      model,
      maxShare: maximumShare,
      replications,
      seed,
      ...(time && {
        timeUnit: time.period.unit,
        maxDuration: time.longest,
        prospective: options.prospective === true,
      }),
    },
    input: inputOf(options.input, areas),
    events: time?.input ?? null,
    n: areas.rows.length,
    locations: result.locations,
    totalCases: result.totalCases,
    totalPopulation: result.totalPopulation,
    study: time && {
      from: dateOfDay(time.period.starts[0]!),
      to: dateOfDay(time.period.starts[time.period.days.length]! - 1),
      intervals: time.period.days.length,
    },
    crs: place.crs,
    radiusUnit: place.radiusUnit,
    outside: time ? { events: time.outside } : null,
    gumbel: result.gumbel,
    clusters: result.clusters.map((cluster) => clusterDocument(cluster, ids, time?.period ?? null)),
  };
  if (options.json) printJson(document);
  else process.stdout.write(summary(document.clusters, replications));
}

function clusterDocument(cluster: ScanCluster, ids: AreaId[], period: StudyPeriod | null) {
  const span = cluster.intervals;
  return {
    ids: cluster.rows.map((row) => ids[row]!),
    centerId: ids[cluster.centreRow]!,
    radius: cluster.radius,
    from: span && period ? dateOfDay(period.starts[span[0]]!) : null,
    to: span && period ? dateOfDay(period.starts[span[1] + 1]! - 1) : null,
    observed: cluster.observed,
    expected: cluster.expected,
    observedToExpected: cluster.observed / cluster.expected,
    relativeRisk: cluster.relativeRisk,
    population: cluster.population,
    logLikelihoodRatio: cluster.logLikelihoodRatio,
    p: cluster.p,
    pGumbel: cluster.pGumbel,
  };
}

function summary(clusters: ReturnType<typeof clusterDocument>[], replications: number): string {
  if (clusters.length === 0) return 'No window has a higher rate than the rest with 2 cases or more.\n';
  const lines = clusters.map((cluster, index) => {
    const when = cluster.from ? `, ${cluster.from} to ${cluster.to}` : '';
    const p = cluster.p === null ? '' : `, p ${cluster.p.toPrecision(2)}`;
    return `${index + 1}. about ${cluster.centerId}: ${cluster.ids.length} areas, radius ${cluster.radius.toFixed(2)}${when}: ${cluster.observed} cases, ${cluster.expected.toFixed(2)} expected, LLR ${cluster.logLikelihoodRatio.toFixed(3)}${p}`;
  });
  return `${lines.join('\n')}\n${replications} replications. Give --json for the members.\n`;
}

function readPlaces(areas: AnalystTable, options: ScanOptions) {
  const { xs, ys } = readPoints(areas);
  const frame: CoordinateFrame = coordinateFrame(
    { planar: options.planar, crs: options.crs },
    boundsOf(xs, ys),
  );
  if (frame.geographic) {
    return {
      xs,
      ys,
      geographic: true,
      crs: { input: frame.inputCrs, distances: 'great circle on a sphere of 6,367 km' },
      radiusUnit: 'metre',
    };
  }
  for (let i = 0; i < xs.length; i++) {
    const [x, y] = frame.project(xs[i]!, ys[i]!);
    xs[i] = x;
    ys[i] = y;
  }
  return {
    xs,
    ys,
    geographic: false,
    crs: { input: frame.inputCrs, distances: frame.metricCrs },
    radiusUnit: frame.unit,
  };
}

function readCounts(areas: AnalystTable, model: ScanModel) {
  const count = { minimum: 0, integer: true };
  if (model === 'space-time-permutation') return {};
  if (model === 'space-time-poisson') {
    return { population: readAllNumbers(areas, 'population', '--input', { minimum: 0 }) };
  }
  const cases = readAllNumbers(areas, 'cases', '--input', count);
  if (model === 'bernoulli') return { cases, controls: readAllNumbers(areas, 'controls', '--input', count) };
  const population = readAllNumbers(areas, 'population', '--input', { minimum: 0 });
  areas.rows.forEach((row, index) => {
    if (cases[index]! <= population[index]!) return;
    throw new AnalysisInputError({
      field: 'cases',
      row: row.label,
      problem: `${cases[index]} cases are more than the population of ${population[index]}.`,
      remedy: 'Correct one of the two, or leave the row out.',
    });
  });
  return { cases, population };
}

type TimeInput = {
  events: ScanEvents;
  input: ReturnType<typeof inputOf>;
  period: StudyPeriod;
  longest: number;
  outside: number;
};

function readTime(options: ScanOptions, ids: AreaId[]): TimeInput {
  if (options.events === undefined) {
    throw new AnalysisInputError({
      field: '--events',
      problem: `--model ${options.model} needs the events with their dates.`,
      remedy: 'Give a CSV with id, date and, where an event is not one case, cases.',
    });
  }
  if (!TIME_UNITS.includes(options.timeUnit as TimeUnit)) {
    throw new AnalysisInputError({
      field: '--time-unit',
      problem: `"${options.timeUnit}" is not known.`,
      remedy: `Choose ${TIME_UNITS.join(', ')}.`,
    });
  }
  const unit = options.timeUnit as TimeUnit;
  const table = readTable(options.events, '--events');
  requireField(table, 'id', '--events');
  requireField(table, 'date', '--events');
  const rowOfId = new Map(ids.map((id, row) => [String(id), row]));
  const counts = table.fields.includes('cases')
    ? readAllNumbers(table, 'cases', '--events', { minimum: 0, integer: true })
    : new Float64Array(table.rows.length).fill(1);
  const rows = new Int32Array(table.rows.length);
  const firsts = new Int32Array(table.rows.length);
  const lasts = new Int32Array(table.rows.length);
  table.rows.forEach((row, index) => {
    const area = rowOfId.get(String(row.values.id ?? ''));
    if (area === undefined) {
      throw new AnalysisInputError({
        field: 'id',
        row: `${row.label} of --events`,
        problem: `no area of --input has the id ${JSON.stringify(row.values.id ?? null)}.`,
        remedy: 'Add the area, or correct the id (leading zeros count).',
      });
    }
    const days = daysOfDate(String(row.values.date ?? ''));
    if (!days) {
      throw new AnalysisInputError({
        field: 'date',
        row: `${row.label} of --events`,
        problem: `${JSON.stringify(row.values.date ?? null)} is not a date.`,
        remedy: 'Write YYYY-MM-DD (or YYYY-MM, or YYYY, with a time unit no finer than that).',
      });
    }
    refuseCoarseDate(days, unit, `${row.label} of --events`);
    rows[index] = area;
    firsts[index] = days.first;
    lasts[index] = days.last;
  });
  const [first, last] = spanOfUnit(
    firsts.reduce((a, b) => Math.min(a, b)),
    lasts.reduce((a, b) => Math.max(a, b)),
    unit,
  );
  const period = studyPeriod(
    options.start === undefined ? first : dayOption('--start', options.start).first,
    options.end === undefined ? last : dayOption('--end', options.end).last,
    unit,
  );
  if (period.days.length < 2) {
    throw new AnalysisInputError({
      field: '--time-unit',
      problem: `the study is one ${unit} long, so that nothing can be early or late in it.`,
      remedy: 'Choose a finer unit, or a purely spatial model.',
    });
  }
  const kept: number[] = [];
  let outside = 0;
  for (let event = 0; event < rows.length; event++) {
    if (intervalOfDay(period, firsts[event]!) >= 0) kept.push(event);
    else outside += counts[event]!;
  }
  if (outside > 0) {
    process.stderr.write(`warning: ${outside} cases lie outside the study period and were left out.\n`);
  }
  const events: ScanEvents = {
    rows: Int32Array.from(kept, (event) => rows[event]!),
    intervals: Int32Array.from(kept, (event) => intervalOfDay(period, firsts[event]!)),
    counts: Int32Array.from(kept, (event) => counts[event]!),
    days: period.days,
  };
  const longest = longestOption(options.maxDuration, period);
  return { events, input: inputOf(options.events, table), period, longest, outside };
}

/** A date of a month or a year cannot be put into a week. */
function refuseCoarseDate(days: { first: number; last: number }, unit: TimeUnit, row: string): void {
  const length = days.last - days.first + 1;
  const most = unit === 'year' ? 366 : unit === 'month' ? 31 : 1;
  if (length <= most) return;
  throw new AnalysisInputError({
    field: 'date',
    row,
    problem: `the date covers ${length} days, more than a ${unit}.`,
    remedy: `Give dates to the ${unit === 'week' ? 'day' : unit}, or a longer --time-unit.`,
  });
}

function longestOption(text: string | undefined, period: StudyPeriod): number {
  const value = text === undefined ? 0.5 : numberOption('--max-duration', text, { above: 0 });
  return value < 1 ? longestSpan(period, value) : Math.floor(value);
}

function dayOption(option: string, text: string): { first: number; last: number } {
  const days = daysOfDate(text);
  if (days) return days;
  throw new AnalysisInputError({
    field: option,
    problem: `"${text}" is not a date.`,
    remedy: 'Write YYYY-MM-DD.',
  });
}

/** A place may have more cases than people over years, but none without people, and not more than all in one interval. */
function refuseEventsAbovePopulation(
  areas: AnalystTable,
  events: ScanEvents,
  population: Float64Array,
): void {
  const intervals = events.days.length;
  const held = new Map<number, number>();
  for (let event = 0; event < events.rows.length; event++) {
    const row = events.rows[event]!;
    const key = row * intervals + events.intervals[event]!;
    const cases = (held.get(key) ?? 0) + events.counts[event]!;
    held.set(key, cases);
    if (cases <= population[row]!) continue;
    throw new AnalysisInputError({
      field: 'population',
      row: areas.rows[row]!.label,
      problem: `${cases} cases in one interval are more than the population of ${population[row]}.`,
      remedy: 'Correct the population, or leave the events of this area out.',
    });
  }
}

function numberOption(
  option: string,
  text: string,
  limits: { whole?: boolean; least?: number; above?: number },
): number {
  const parsed = numberOrReason(text, option);
  const sound =
    typeof parsed === 'number' &&
    (!limits.whole || Number.isSafeInteger(parsed)) &&
    (limits.least === undefined || parsed >= limits.least) &&
    (limits.above === undefined || parsed > limits.above);
  if (sound) return parsed;
  const wanted = limits.whole
    ? `a whole number from ${limits.least ?? 0}`
    : `a number above ${limits.above ?? 0}`;
  throw new AnalysisInputError({
    field: option,
    problem: `"${text}" is not ${wanted}.`,
    remedy: `Give ${wanted}.`,
  });
}
