import { Command } from 'commander';
import type { MultiPolygon, Polygon } from 'geojson';
import { AnalysisInputError } from '../server/hotspots/analysis-input-error.ts';
import {
  type AnalystTable,
  numberOrReason,
  printJson,
  readAllNumbers,
  readJsonFile,
  readPoints,
  readTable,
  runAnalysis,
} from '../server/hotspots/analyst/analyst-input.ts';
import {
  boundsOf,
  type CoordinateFrame,
  coordinateFrame,
} from '../server/hotspots/analyst/coordinate-frame.ts';
import { adaptiveBandwidths } from '../server/hotspots/density/adaptive-bandwidth.ts';
import { chooseBandwidth } from '../server/hotspots/density/bandwidth.ts';
import { densityContours } from '../server/hotspots/density/contours.ts';
import { densityAtPoints } from '../server/hotspots/density/density-at-points.ts';
import {
  type DensityWindow,
  gridForWindow,
  windowFromGeometry,
} from '../server/hotspots/density/density-window.ts';
import {
  EDGE_CORRECTIONS,
  type EdgeCorrection,
  type KernelDensity,
  kernelDensity,
} from '../server/hotspots/density/kernel-density.ts';
import { KERNEL_NAMES, type KernelName } from '../server/hotspots/density/smoothing-kernels.ts';
import { inputOf } from './analyse-areas.ts';

type DensityOptions = {
  input: string;
  window: string;
  kernel: string;
  sigma: string;
  edge: string;
  cell?: string;
  at?: string;
  weight?: string;
  adaptive?: boolean;
  contours?: string;
  planar?: boolean;
  crs?: string;
  json?: boolean;
};

const DEFAULT_CELLS = 256;
/** A grid that no one chose follows the bandwidth, four cells to each, as far as this: 2 MB of JSON each 100,000 cells. */
const MOST_DEFAULT_CELLS = 1024;

/** `analyse density`: kernel density of an analyst's points in a window. */
export function densityCommand(): Command {
  return new Command('density')
    .description(
      'Kernel density of points in a window. values[row × columns + column] is the density at (x0 + column·step, y0 + row·step), null outside the window',
    )
    .requiredOption('--input <file>', 'points: CSV with x,y (or longitude,latitude), or GeoJSON points')
    .requiredOption('--window <file>', 'GeoJSON Polygon or MultiPolygon; holes and several parts are fine')
    .option('--kernel <name>', KERNEL_NAMES.join(' | '), 'gaussian')
    .requiredOption(
      '--sigma <number>',
      'standard deviation in metres (units of the file with --planar), or "auto"',
    )
    .option('--edge <name>', EDGE_CORRECTIONS.join(' | '), 'diggle')
    .option(
      '--cell <number>',
      `cell size; by default a quarter of sigma, but from the longer side over ${MOST_DEFAULT_CELLS} to it over ${DEFAULT_CELLS}`,
    )
    .option('--at <file>', 'places to evaluate as well: CSV or GeoJSON points, exact to the outline')
    .option('--weight <field>', 'events that each point stands for')
    .option('--adaptive', "a bandwidth for each point by Abramson's law, with sigma as the typical one")
    .option('--contours <count>', 'contour areas at about so many round levels')
    .option('--planar', "coordinates are in the file's own plane, in any unit")
    .option('--crs <code>', 'EPSG code of the files; longitude and latitude otherwise')
    .option('--json', 'one JSON document on standard output')
    .action((options: DensityOptions) => runAnalysis(() => runDensity(options)));
}

function runDensity(options: DensityOptions): void {
  const kernel = oneOf('--kernel', options.kernel, KERNEL_NAMES) as KernelName;
  const edge = oneOf('--edge', options.edge, EDGE_CORRECTIONS) as EdgeCorrection;
  const geometry = readWindowGeometry(options.window);
  const frame = frameOfWindow(options, geometry);
  const window = windowFromGeometry(geometry, {
    field: '--window',
    project: (position) => frame.project(position[0]!, position[1]!),
  });
  const points = readTable(options.input);
  const { xs, ys } = readPlanePoints(points, frame, '--input');
  const weights = options.weight ? readAllNumbers(points, options.weight, '--weight', { minimum: 0 }) : null;
  const inputs = { xs, ys, weights, window, kernel, edge };
  const chosen = options.sigma === 'auto' ? chooseBandwidth(inputs) : null;
  const typical = chosen ? chosen.sigma : numberOption('--sigma', options.sigma);
  if (!(typical > 0)) throw notAboveZero('--sigma', typical);
  const grid = gridForWindow(
    window,
    options.cell === undefined
      ? { cellsAlongLongerSide: defaultCells(window, typical) }
      : { step: numberOption('--cell', options.cell) },
    '--cell',
  );
  const sigma = options.adaptive ? adaptiveBandwidths({ ...inputs, sigma: typical }) : typical;
  const density = kernelDensity({ ...inputs, sigma, grid });
  refuseNoPoints(density, points);
  const at = options.at === undefined ? null : evaluateAt(options.at, frame, { ...inputs, sigma });
  const levels = options.contours === undefined ? null : numberOption('--contours', options.contours);
  const document = {
    method: 'kernel density',
    parameters: { kernel, edge, sigma: typical, adaptive: options.adaptive === true, cell: grid.step },
    input: inputOf(options.input, points),
    n: density.n,
    integral: density.integral,
    unit: frame.unit === 'metre' ? 'events per square metre' : 'events per square unit of the file',
    crs: { input: frame.inputCrs, distances: frame.metricCrs },
    window: { area: window.area, parts: window.polygons.length },
    outside: outsideReport(density, points),
    bandwidth: chosen && {
      criterion: 'likelihood cross-validation',
      sigma: chosen.sigma,
      logLikelihood: chosen.logLikelihood,
      atEndOfRange: chosen.atEnd,
    },
    grid: {
      ...grid,
      registration: '(x0, y0) is the centre of the first cell; rows run north, columns east',
      values: Array.from(density.values, (value) => (Number.isNaN(value) ? null : value)),
    },
    at: at && Array.from(at, (value) => (Number.isNaN(value) ? null : value)),
    contours:
      levels === null ? null : densityContours(density, { count: levels, unproject: frame.unproject }),
  };
  if (density.outside > 0) {
    process.stderr.write(
      `warning: ${density.outside} of ${xs.length} points lie outside the window and were left out.\n`,
    );
  }
  if (options.json) printJson(document);
  else printSummary(document);
}

function defaultCells(window: DensityWindow, sigma: number): number {
  const longerSide = Math.max(window.xMax - window.xMin, window.yMax - window.yMin);
  return Math.min(MOST_DEFAULT_CELLS, Math.max(DEFAULT_CELLS, Math.ceil((4 * longerSide) / sigma)));
}

function printSummary(document: {
  n: number;
  integral: number;
  unit: string;
  crs: { input: string; distances: string };
  grid: { columns: number; rows: number; step: number; values: (number | null)[] };
}): void {
  let highest = 0;
  for (const value of document.grid.values) if (value !== null && value > highest) highest = value;
  process.stdout.write(
    `n ${document.n}, integral ${document.integral}, highest ${highest} ${document.unit}\n` +
      `grid ${document.grid.columns} × ${document.grid.rows}, cell ${document.grid.step}, in ${document.crs.distances}\n` +
      'Give --json for the surface.\n',
  );
}

function evaluateAt(
  path: string,
  frame: CoordinateFrame,
  inputs: Omit<Parameters<typeof densityAtPoints>[0], 'atXs' | 'atYs'>,
): Float64Array {
  const places = readPlanePoints(readTable(path, '--at'), frame, '--at');
  return densityAtPoints({ ...inputs, atXs: places.xs, atYs: places.ys }).values;
}

function outsideReport(density: KernelDensity, table: AnalystTable) {
  const rows: string[] = [];
  for (let i = 0; i < density.inside.length && rows.length < 10; i++) {
    if (density.inside[i] === 0) rows.push(table.rows[i]!.label);
  }
  return { count: density.outside, firstRows: rows };
}

function refuseNoPoints(density: KernelDensity, table: AnalystTable): void {
  if (density.outside < density.inside.length) return;
  throw new AnalysisInputError({
    field: '--input',
    problem: `all ${table.rows.length} points of "${table.path}" lie outside the window.`,
    remedy: 'Check that points and window are in the same coordinate system (--crs, --planar), x before y.',
  });
}

/** A Polygon or MultiPolygon, bare, in a Feature, or all those of a FeatureCollection as one window. */
function readWindowGeometry(path: string): Polygon | MultiPolygon {
  const document = readJsonFile(path, '--window') as Record<string, unknown> | null;
  const found: Polygon['coordinates'][] = [];
  const geometries =
    document?.type === 'FeatureCollection' && Array.isArray(document.features)
      ? (document.features as { geometry?: unknown }[]).map((feature) => feature?.geometry)
      : [document?.type === 'Feature' ? document.geometry : document];
  for (const [index, entry] of geometries.entries()) {
    const geometry = entry as { type?: string; coordinates?: unknown } | null;
    const parts =
      geometry?.type === 'Polygon'
        ? [geometry.coordinates]
        : geometry?.type === 'MultiPolygon'
          ? geometry.coordinates
          : null;
    if (!Array.isArray(parts) || !parts.every(isRings)) {
      throw new AnalysisInputError({
        field: '--window',
        row: geometries.length > 1 ? `feature ${index + 1}` : null,
        problem: `"${path}" holds ${geometry?.type ?? 'no geometry'}, not a sound Polygon or MultiPolygon.`,
        remedy: 'Give GeoJSON with the outline of the region in which events could have been seen.',
      });
    }
    found.push(...(parts as Polygon['coordinates'][]));
  }
  return { type: 'MultiPolygon', coordinates: found };
}

function isRings(part: unknown): boolean {
  return (
    Array.isArray(part) &&
    part.every((ring) => Array.isArray(ring) && ring.every((p) => Array.isArray(p) && p.length >= 2))
  );
}

function frameOfWindow(options: DensityOptions, geometry: Polygon | MultiPolygon): CoordinateFrame {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const positions = polygons.flat(2);
  if (positions.length === 0) {
    throw new AnalysisInputError({
      field: '--window',
      problem: 'the window is empty: it has no outline.',
      remedy: 'Give a Polygon or MultiPolygon with an area above zero.',
    });
  }
  const bounds = boundsOf(
    positions.map((position) => position[0]!),
    positions.map((position) => position[1]!),
  );
  return coordinateFrame({ planar: options.planar, crs: options.crs }, bounds);
}

function readPlanePoints(table: AnalystTable, frame: CoordinateFrame, option: string) {
  const { xs, ys } = readPoints(table, option);
  for (let i = 0; i < xs.length; i++) {
    if (frame.geographic && !(Math.abs(xs[i]!) <= 180 && Math.abs(ys[i]!) <= 90)) {
      throw new AnalysisInputError({
        field: 'x, y',
        row: table.rows[i]!.label,
        problem: `(${xs[i]}, ${ys[i]}) is not a longitude and latitude in degrees.`,
        remedy: 'Name the system of the files with --crs EPSG:…, or use --planar for their own units.',
      });
    }
    const [x, y] = frame.project(xs[i]!, ys[i]!);
    xs[i] = x;
    ys[i] = y;
  }
  return { xs, ys };
}

function oneOf(option: string, value: string, known: readonly string[]): string {
  if (known.includes(value)) return value;
  throw new AnalysisInputError({
    field: option,
    problem: `"${value}" is not known.`,
    remedy: `Choose ${known.join(', ')}.`,
  });
}

function numberOption(option: string, text: string): number {
  const parsed = numberOrReason(text, option);
  if (typeof parsed === 'string') {
    throw new AnalysisInputError({
      field: option,
      problem: `${parsed}.`,
      remedy: 'Give a number with a decimal point.',
    });
  }
  if (!(parsed > 0)) throw notAboveZero(option, parsed);
  return parsed;
}

function notAboveZero(option: string, value: number): AnalysisInputError {
  return new AnalysisInputError({
    field: option,
    problem: `${value} is not above zero.`,
    remedy: 'Give a length above zero, in metres (in units of the file with --planar).',
  });
}
