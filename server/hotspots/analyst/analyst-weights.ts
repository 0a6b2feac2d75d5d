import { AnalysisInputError } from '../analysis-input-error.ts';
import { areaCentroid } from '../areas/area-centroid.ts';
import { type AreaRings, contiguityWeights } from '../areas/contiguity.ts';
import { distanceBand, nearestNeighbours, type PointSet } from '../areas/distance-weights.ts';
import { type SpatialWeights, type WeightRow, weightsFromRecords } from '../areas/weights.ts';
import {
  type AnalystTable,
  numberOrReason,
  polygonsOf,
  readPoints,
  readTable,
  requireField,
} from './analyst-input.ts';
import {
  boundsOf,
  type CoordinateFrame,
  type CoordinateOptions,
  coordinateFrame,
} from './coordinate-frame.ts';

/** What `--weights` asks for. */
export type WeightsChoice =
  | { kind: 'queen' | 'rook' }
  | { kind: 'knn'; neighbours: number }
  | { kind: 'distance'; distance: number }
  | { kind: 'file'; path: string };

/** Weights for an analyst's table, with what has to be said of how they were made. */
export type AnalystWeights = {
  weights: SpatialWeights;
  description: {
    kind: WeightsChoice['kind'];
    neighbours?: number;
    distance?: number;
    file?: string;
    /** Snapping tolerance of outlines, in `unit`. */
    snap?: number;
    unit?: 'metre' | 'unit of the file';
    /** Points of areas are the centroids of their polygons. */
    points?: 'given' | 'centroids';
    distances?: 'plane' | 'ellipsoid WGS 84';
  };
  crs: string | null;
  warnings: string[];
};

export function parseWeightsChoice(text: string): WeightsChoice {
  const [kind, ...rest] = text.split(':');
  const argument = rest.join(':');
  if ((kind === 'queen' || kind === 'rook') && rest.length === 0) return { kind };
  if (kind === 'file' && argument !== '') return { kind, path: argument };
  const amount = numberOrReason(argument, '--weights');
  if (kind === 'knn' && typeof amount === 'number' && Number.isInteger(amount) && amount >= 1) {
    return { kind, neighbours: amount };
  }
  if (kind === 'distance' && typeof amount === 'number' && amount > 0) return { kind, distance: amount };
  throw new AnalysisInputError({
    field: '--weights',
    problem: `"${text}" is not a kind of weights.`,
    remedy: 'Give queen, rook, knn:K (a whole number from 1), distance:METERS (above 0) or file:PATH.',
  });
}

/**
 * Makes the weights of the table's rows. Contiguity needs polygons; nearest neighbours and bands need points or polygons
 * (their centroids); a file needs neither. `snap` is in metres, or in the file's units with `planar`; by default 1 m, or a
 * millionth of the diagonal of the whole.
 */
export function analystWeights(
  table: AnalystTable,
  ids: readonly (string | number)[],
  choice: WeightsChoice,
  coordinates: CoordinateOptions,
  snap: number | undefined,
): AnalystWeights {
  if (choice.kind === 'file') {
    const weights = weightsFromRecords(ids.map(String), readWeightRows(choice.path));
    return { weights, description: { kind: 'file', file: choice.path }, crs: null, warnings: [] };
  }
  if (choice.kind === 'knn' || choice.kind === 'distance') return distancesOf(table, choice, coordinates);
  return contiguityOf(table, choice.kind, coordinates, snap);
}

function contiguityOf(
  table: AnalystTable,
  kind: 'queen' | 'rook',
  coordinates: CoordinateOptions,
  snap: number | undefined,
): AnalystWeights {
  if (table.kind === 'csv') {
    throw new AnalysisInputError({
      field: '--weights',
      problem: `${kind} contiguity needs outlines, and "${table.path}" is a table without them.`,
      remedy: 'Give GeoJSON of polygons, or weights by knn:K, distance:METERS or file:PATH.',
    });
  }
  const areas = table.rows.map((row) => polygonsOf(row).flat());
  const frame = frameOf(
    areas.flat(2).map((position) => position[0]!),
    areas.flat(2).map((position) => position[1]!),
    coordinates,
  );
  const [minX, minY, maxX, maxY] = frame.bounds;
  // An affine scaling to metres keeps edges straight, which a projection would not: see contiguityWeights.
  const scaleY = frame.geographic ? 111_195 : 1;
  const scaleX = frame.geographic ? scaleY * Math.cos((((minY + maxY) / 2) * Math.PI) / 180) : 1;
  const scaled: AreaRings[] = frame.geographic
    ? areas.map((rings) => rings.map((ring) => ring.map((p) => [p[0]! * scaleX, p[1]! * scaleY])))
    : areas;
  const fallback = frame.unit === 'metre' ? 1 : 1e-6 * Math.hypot(maxX - minX, maxY - minY);
  const tolerance = snap ?? fallback;
  const weights = contiguityWeights(scaled, kind, tolerance);
  return {
    weights,
    description: { kind, snap: tolerance, unit: frame.unit },
    crs: frame.inputCrs,
    warnings: [],
  };
}

function distancesOf(
  table: AnalystTable,
  choice: { kind: 'knn'; neighbours: number } | { kind: 'distance'; distance: number },
  coordinates: CoordinateOptions,
): AnalystWeights {
  const polygons = table.rows.some(
    (row) => row.geometry?.type === 'Polygon' || row.geometry?.type === 'MultiPolygon',
  );
  const given = polygons ? centroidsOf(table) : readPoints(table);
  const frame = frameOf(given.xs, given.ys, coordinates);
  const points: PointSet = { kind: frame.geographic ? 'geographic' : 'planar', xs: given.xs, ys: given.ys };
  if (!frame.geographic && frame.metricCrs !== frame.inputCrs) {
    const projected = Array.from(given.xs, (x, i) => frame.project(x, given.ys[i]!));
    points.xs = Float64Array.from(projected, (position) => position[0]);
    points.ys = Float64Array.from(projected, (position) => position[1]);
  }
  const description = {
    ...choice,
    unit: frame.unit,
    points: polygons ? ('centroids' as const) : ('given' as const),
    distances: frame.geographic ? ('ellipsoid WGS 84' as const) : ('plane' as const),
  };
  const crs = frame.geographic ? frame.inputCrs : frame.metricCrs;
  if (choice.kind === 'distance') {
    return { weights: distanceBand(points, choice.distance), description, crs, warnings: [] };
  }
  const n = table.rows.length;
  if (choice.neighbours >= n) {
    throw new AnalysisInputError({
      field: '--weights',
      problem: `knn:${choice.neighbours} asks for as many neighbours as there are areas or more (${n}).`,
      remedy: `Give K from 1 to ${n - 1}.`,
    });
  }
  const { weights, ties } = nearestNeighbours(points, choice.neighbours);
  const warnings =
    ties > 0
      ? [
          `For ${ties} of ${n} areas several others tie for the last of the ${choice.neighbours} nearest: those first in the file were taken.`,
        ]
      : [];
  return { weights, description, crs, warnings };
}

function centroidsOf(table: AnalystTable): { xs: Float64Array; ys: Float64Array } {
  const centroids = table.rows.map((row) => areaCentroid(polygonsOf(row)));
  return {
    xs: Float64Array.from(centroids, (centroid) => centroid[0]),
    ys: Float64Array.from(centroids, (centroid) => centroid[1]),
  };
}

function frameOf(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  coordinates: CoordinateOptions,
): CoordinateFrame & { bounds: [number, number, number, number] } {
  const bounds = boundsOf(xs, ys);
  return { ...coordinateFrame(coordinates, bounds), bounds };
}

function readWeightRows(path: string): WeightRow[] {
  const table = readTable(path, '--weights file');
  requireField(table, 'id_i', '--weights file');
  requireField(table, 'id_j', '--weights file');
  const weighted = table.fields.includes('weight');
  return table.rows.map((row) => {
    const weight = weighted ? numberOrReason(row.values.weight, 'weight') : 1;
    const name = `${row.label} of the weights`;
    if (typeof weight === 'string') {
      throw new AnalysisInputError({
        field: 'weight',
        row: name,
        problem: `${weight}.`,
        remedy: 'Give a number with a decimal point, or leave the column away for weights of 1.',
      });
    }
    return { from: String(row.values.id_i ?? ''), to: String(row.values.id_j ?? ''), weight, row: name };
  });
}
