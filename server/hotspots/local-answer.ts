import { cellToLatLng, gridDisk, latLngToCell } from 'h3-js';
import { contiguityWeights } from './areas/contiguity.ts';
import { distanceBand, nearestNeighbours } from './areas/distance-weights.ts';
import { marshallGlobal } from './areas/empirical-bayes.ts';
import { analyseLocal, type LocalAnalysis, type LocalOptions } from './areas/local-analysis.ts';
import { type SpatialWeights, weightsFromNeighbours } from './areas/weights.ts';
import { type Evidence, evidenceBy } from './evidence.ts';

type Commune = {
  code: string;
  name: string;
  longitude: number;
  latitude: number;
  polygons: [number, number][][][];
};
export type Measure = 'rate' | 'count';

/** Areas with their evidence, and who neighbours whom. */
export type EvidenceMap = { ids: string[]; names: string[]; evidence: Evidence[]; weights: SpatialWeights };

export type LocalAnswer = {
  ids: string[];
  names: string[];
  evidence: Evidence[];
  /** Marshall's global estimate of each area's rate; null without an inspection. */
  estimates: (number | null)[];
  analysis: LocalAnalysis;
};

const noEvidence: Evidence = { violations: 0, inspections: 0 };
/** About 5 km²: the cell in which reports are kept too. */
const cellResolution = 7;
/** Real outlines touch imperfectly. */
const snapMeters = 5;
const metersPerDegree = 111_195;

/**
 * Where violations per inspection (or, asked for, violations found) gather more than chance explains.
 *
 * @param codes the commune of each inspection; `violations` whether it found one; `longitudes`, `latitudes` in degrees.
 * @param unit communes, or H3 cells of resolution 7 that hold an inspection.
 */
export function provinceLocal(input: {
  communes: Commune[];
  codes: readonly string[];
  longitudes: readonly number[];
  latitudes: readonly number[];
  violations: readonly boolean[];
  unit: 'commune' | 'cell';
  measure: Measure;
  weights: string;
  options: LocalOptions;
}): LocalAnswer {
  const map = input.unit === 'commune' ? communesWithEvidence(input) : cellsWithEvidence(input);
  const { ids, names, evidence } = map;
  const analysis = analyseEvidence(map, input.measure, input.options);
  return { ids, names, evidence, estimates: estimatesOf(evidence), analysis };
}

/** The test of `analyseLocal` on evidence: rates through their empirical-Bayes z, counts as they are. */
export function analyseEvidence(map: EvidenceMap, measure: Measure, options: LocalOptions): LocalAnalysis {
  const inspections = Float64Array.from(map.evidence, (own) => own.inspections);
  return analyseLocal(
    {
      values: Float64Array.from(map.evidence, (own) => own.violations),
      denominators: measure === 'rate' ? inspections : null,
      missing: map.evidence.map((own) =>
        measure === 'rate' && own.inspections === 0 ? 'no inspection in the period: there is no rate' : null,
      ),
      weights: map.weights,
      label: (index) => map.names[index] ?? String(index),
      valueField: 'violations',
      denominatorField: measure === 'rate' ? 'inspections' : null,
    },
    options,
  );
}

function communesWithEvidence(input: Parameters<typeof provinceLocal>[0]): EvidenceMap {
  const { communes } = input;
  const evidence = evidenceBy(input.codes, input.violations);
  return {
    ids: communes.map(({ code }) => code),
    names: communes.map(({ name }) => name),
    evidence: communes.map(({ code }) => evidence.get(code) ?? noEvidence),
    weights: communeWeights(communes, input.weights),
  };
}

/** `queen`, `rook`, `knn:K` or `distance:METERS` among communes; distances along the ellipsoid between label points. */
export function communeWeights(communes: readonly Commune[], choice: string): SpatialWeights {
  const [kind, size] = choice.split(':');
  if (kind === 'queen' || kind === 'rook') {
    // An affine scaling to metres keeps edges straight, which a projection would not.
    const latitudes = communes.map(({ latitude }) => latitude);
    const middle = (Math.min(...latitudes) + Math.max(...latitudes)) / 2;
    const scaleX = metersPerDegree * Math.cos((middle * Math.PI) / 180);
    const rings = communes.map(({ polygons }) =>
      polygons.flat().map((ring) => ring.map(([x, y]) => [x * scaleX, y * metersPerDegree])),
    );
    return contiguityWeights(rings, kind, snapMeters);
  }
  return distanceWeights(
    communes.map(({ longitude }) => longitude),
    communes.map(({ latitude }) => latitude),
    kind === 'knn' ? 'knn' : 'distance',
    Number(size),
  );
}

function distanceWeights(xs: number[], ys: number[], kind: 'knn' | 'distance', size: number): SpatialWeights {
  const points = { kind: 'geographic' as const, xs: Float64Array.from(xs), ys: Float64Array.from(ys) };
  if (kind === 'distance') return distanceBand(points, size);
  return nearestNeighbours(points, Math.min(Math.max(size, 1), xs.length - 1)).weights;
}

function cellsWithEvidence(input: Parameters<typeof provinceLocal>[0]): EvidenceMap {
  const cells = input.longitudes.map((longitude, index) =>
    latLngToCell(input.latitudes[index]!, longitude, cellResolution),
  );
  const evidence = evidenceBy(cells, input.violations);
  const ids = [...evidence.keys()].sort();
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const [kind, size] = input.weights.split(':');
  const centres = ids.map((id) => cellToLatLng(id));
  const weights =
    kind === 'queen' || kind === 'rook'
      ? weightsFromNeighbours(
          ids.map((id) =>
            gridDisk(id, 1).flatMap((near) => {
              const index = indexOf.get(near);
              return near === id || index === undefined ? [] : [index];
            }),
          ),
        )
      : distanceWeights(
          centres.map(([, longitude]) => longitude),
          centres.map(([latitude]) => latitude),
          kind === 'knn' ? 'knn' : 'distance',
          Number(size),
        );
  return { ids, names: ids, evidence: ids.map((id) => evidence.get(id) ?? noEvidence), weights };
}

function estimatesOf(evidence: readonly Evidence[]): (number | null)[] {
  const looked = evidence.filter(({ inspections }) => inspections > 0);
  if (looked.length === 0) return evidence.map(() => null);
  const { estimates } = marshallGlobal(
    Float64Array.from(looked, ({ violations }) => violations),
    Float64Array.from(looked, ({ inspections }) => inspections),
  );
  let at = 0;
  return evidence.map(({ inspections }) => (inspections > 0 ? (estimates[at++] ?? null) : null));
}
