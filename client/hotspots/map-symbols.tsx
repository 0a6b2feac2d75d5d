import type { Translate } from '../i18n/language.ts';
import type { MapSymbols } from '../map/ProvinceMap.tsx';
import { type ProvinceDrawing, ringPath } from '../map/province-drawing.ts';
import type { Commune } from '../places/communes.ts';
import type { Comparison } from './comparison.ts';
import { clusterLevel, standingOut } from './comparison.ts';
import { contourLines, densityBands } from './density-bands.ts';
import { classColor, colors, patternColor } from './hotspot-classes.ts';
import type { Answers } from './question.ts';
import type { Answered } from './use-analysis.ts';

export const ground: MapSymbols = { fills: new Map(), hatched: new Set(), labels: [] };

type Position = [number, number];
type Polygons = Position[][][];

/** What an answer looks like on the map. */
export function symbolsOf(
  { name, answer }: Answered,
  drawing: ProvinceDrawing,
  communes: readonly Commune[],
  t: Translate,
): MapSymbols {
  switch (name) {
    case 'local':
      return {
        fills: new Map(answer.areas.map((area) => [area.id, classColor(area.class)])),
        hatched: new Set(answer.notTestable.map(({ id }) => id)),
        labels: namesOf(
          answer.areas
            .filter((area) => area.class !== 'not-significant')
            .sort((one, other) => Math.abs(other.z ?? 0) - Math.abs(one.z ?? 0))
            .map(({ id }) => id),
          drawing,
          communes,
        ),
      };
    case 'trend':
      return {
        fills: new Map(
          answer.areas.map(({ id, pattern, side }) => [
            id,
            pattern && side ? patternColor(pattern, side) : colors.neutral,
          ]),
        ),
        hatched: new Set(answer.notTestable.map(({ id }) => id)),
        // Three strengths of colour do not tell eight patterns apart: the word beside the name does.
        labels: answer.areas
          .filter(({ pattern }) => pattern)
          .flatMap(({ id, pattern }) =>
            namesOf([id], drawing, communes).map((label) => ({
              ...label,
              text: `${label.text}: ${t(`hotspots.patterns.${pattern!}`)}`,
            })),
          ),
      };
    case 'scan':
      return { ...ground, ...clusterSymbols(answer, drawing, communes) };
    case 'density':
      return {
        ...ground,
        labels: largestPlaces(drawing, communes),
        surface: densitySurface(answer, drawing),
      };
    case 'relative-risk':
      return { ...ground, labels: largestPlaces(drawing, communes), surface: riskSurface(answer, drawing) };
  }
}

/** Communes that stand out on this side alone, ringed, so that the difference is seen before it is read. */
export function foundOnlyMarks(
  found: Answered,
  comparison: Comparison | null,
  drawing: ProvinceDrawing,
): MapSymbols['marks'] {
  if (!comparison || found.name === 'scan' || !standingOut(found)) return undefined;
  const path = drawing.edgeOf(new Set(comparison.foundOnly));
  return () => (
    <>
      <path className="found-only-casing" d={path} />
      <path className="found-only" d={path} />
    </>
  );
}

function namesOf(codes: readonly string[], drawing: ProvinceDrawing, communes: readonly Commune[]) {
  const names = new Map(communes.map(({ code, name }) => [code, name]));
  const places = new Map(drawing.communes.map(({ code, label }) => [code, label]));
  return codes.flatMap((code) => {
    const [text, place] = [names.get(code), places.get(code)];
    return text && place ? [{ text, x: place[0], y: place[1] }] : [];
  });
}

/** Wards with the most people, to find one's way by where a surface covers the communes. */
const largestPlaces = (drawing: ProvinceDrawing, communes: readonly Commune[]) =>
  namesOf(
    communes
      .filter(({ type }) => type === 'phường')
      .sort((one, other) => (other.population ?? 0) - (one.population ?? 0))
      .slice(0, 12)
      .map(({ code }) => code),
    drawing,
    communes,
  );

function clusterSymbols(
  answer: Answers['scan'],
  drawing: ProvinceDrawing,
  communes: readonly Commune[],
): Partial<MapSymbols> {
  const clusters = answer.clusters.map((cluster, index) => ({
    ...cluster,
    rank: index + 1,
    sure: cluster.p <= clusterLevel,
    path: drawing.edgeOf(new Set(cluster.codes)),
    at: drawing.place(cluster.centre),
  }));
  const shown = [...clusters].reverse();
  return {
    fills: new Map(
      shown.flatMap(({ codes, sure }) =>
        codes.map((code) => [code, sure ? colors.hot[0] : '#efe6d8'] as const),
      ),
    ),
    labels: namesOf(
      clusters.filter(({ sure }) => sure).map(({ codes }) => codes[0]!),
      drawing,
      communes,
    ).map((label) => ({ ...label, below: true })),
    marks: (unitsPerPixel) =>
      shown.map(({ rank, sure, path, at: [x, y] }) => (
        <g key={rank} className="cluster" data-sure={sure}>
          <path d={path} />
          <circle cx={x} cy={y} r={10.5 * unitsPerPixel} />
          <text x={x} y={y} fontSize={12 * unitsPerPixel}>
            {rank}
          </text>
        </g>
      )),
  };
}

const polygonPath = (polygons: Polygons, place: ProvinceDrawing['place']) =>
  polygons.flatMap((rings) => rings.map((ring) => ringPath(ring.map(place)))).join('');

function densitySurface({ contours }: Answers['density'], { place }: ProvinceDrawing) {
  const bands = densityBands(contours.features.map(({ properties }) => properties));
  const css = ([red, green, blue, alpha]: readonly number[]) =>
    `rgb(${red} ${green} ${blue} / ${(alpha! / 255).toFixed(3)})`;
  const lines = contourLines(contours.features);
  return bands.map((band) => (
    <g key={band.low}>
      <path
        d={contours.features
          .filter(({ properties }) => properties.low === band.low)
          .map(({ geometry }) => polygonPath(geometry.coordinates as Polygons, place))
          .join('')}
        // Bands lie beside one another: on plain land each needs the strength that overlaid ones would have.
        fill={css([...band.fill.slice(0, 3), Math.min(255, band.fill[3] * 1.7)])}
      />
      <path
        className="contour"
        d={lines
          .filter(({ low }) => low === band.low)
          .map(({ path }) => ringPath(path.map(place)))
          .join('')}
        stroke={css(band.line)}
        strokeWidth={band.lineWidthPixels}
      />
    </g>
  ));
}

export const riskColor = (side: 'above' | 'below', level: number): string =>
  colors[side === 'above' ? 'hot' : 'cold'][level <= 0.01 ? 1 : 0];

function riskSurface({ tolerance }: Answers['relative-risk'], { place }: ProvinceDrawing) {
  return [...tolerance.features]
    .sort((one, other) => other.properties.level - one.properties.level)
    .map(({ properties: { level, side }, geometry }) => (
      <path
        key={`${side} ${level}`}
        className="tolerance"
        d={polygonPath(geometry.coordinates as Polygons, place)}
        fill={riskColor(side, level)}
        stroke={colors[side === 'above' ? 'hot' : 'cold'][2]}
      />
    ));
}
