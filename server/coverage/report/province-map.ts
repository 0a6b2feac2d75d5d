import type { Position } from 'geojson';
import { writeCount } from './figure-words.ts';

/** Greys from light to dark, told apart by lines as well: the paper is printed in black and white. */
const fills = {
  none: { colour: '#fff', lines: null },
  light: { colour: '#dedede', lines: null },
  lined: { colour: '#dedede', lines: 'horizontal' },
  grey: { colour: '#a0a0a0', lines: null },
  hatched: { colour: '#fff', lines: 'diagonal' },
} as const;
export type MapFill = keyof typeof fills;

export type MapClass = { fill: MapFill; words: string };
export type MapArea = {
  code: string;
  /** What stands in it: its number in the table. */
  label: string;
  polygons: readonly Position[][][];
  labelAt: Position;
  mapClass: MapClass;
};

// A unit is a tenth of a millimetre on paper.
const unitsPerMillimeter = 10;
const point = 3.528;
const margin = 20;
const legendRow = 62;
/** Beneath the map: the scale bar. */
const scaleRow = 64;
const legendType = 9.5 * point;

/**
 * A map of areas in web mercator metres as SVG, for paper: filled by class, numbered, with a legend in words and a scale
 * bar. Mercator keeps shapes; its scale at the middle latitude holds to within 1 % over a province.
 *
 * Lines are drawn and clipped, not filled as an SVG pattern: Chromium prints patterns as pixels, one picture an area
 * (3 MB a map).
 *
 * @param name begins the ids within the drawing: two on one page must not share them.
 * @param classes in the order of the legend; each is shown with how many areas it has.
 * @param highlighted an area drawn with a heavy outline, and what the legend says of it.
 */
export function provinceMapSvg(input: {
  name: string;
  areas: readonly MapArea[];
  classes: readonly MapClass[];
  highlighted: { code: string; words: string } | null;
  widthMillimeters: number;
  maximumHeightMillimeters: number;
  areaWords: string;
  /** Said on the drawing itself, which may be copied out of its document: that its data are simulated. */
  mark: string | null;
}): { svg: string; widthMillimeters: number; heightMillimeters: number } {
  const width = input.widthMillimeters * unitsPerMillimeter;
  const legendRows = input.classes.length + (input.highlighted ? 1 : 0);
  const legendColumns = 2;
  const legendHeight = Math.ceil(legendRows / legendColumns) * legendRow + 2 * margin;
  const roomHeight =
    input.maximumHeightMillimeters * unitsPerMillimeter - legendHeight - scaleRow - 2 * margin;

  const bounds = boundsOf(input.areas);
  const [spanX, spanY] = [bounds.east - bounds.west || 1, bounds.north - bounds.south || 1];
  const scale = Math.min((width - 2 * margin) / spanX, roomHeight / spanY);
  const left = (width - spanX * scale) / 2;
  const place = ([x = 0, y = 0]: Position): [number, number] => [
    left + (x - bounds.west) * scale,
    margin + (bounds.north - y) * scale,
  ];
  const mapHeight = spanY * scale + 2 * margin + scaleRow;
  const height = mapHeight + legendHeight;

  const drawn = input.areas.map((area) => ({ ...area, path: pathOf(area.polygons, place) }));
  const areas = drawn.map(
    ({ path, mapClass }) =>
      `<path d="${path}" fill="${fills[mapClass.fill].colour}" fill-rule="evenodd" stroke="none"/>`,
  );
  const lines = input.classes.flatMap((mapClass, index) => {
    const direction = fills[mapClass.fill].lines;
    const paths = drawn.filter((area) => area.mapClass === mapClass).map(({ path }) => path);
    if (!direction || paths.length === 0) return [];
    const id = `${input.name}-class-${index}`;
    return [
      `<clipPath id="${id}"><path d="${paths.join('')}" clip-rule="evenodd"/></clipPath><g clip-path="url(#${id})">${linesOver(direction, 0, 0, width, mapHeight)}</g>`,
    ];
  });
  const borders = drawn.map(
    ({ path }) => `<path d="${path}" fill="none" stroke="#000" stroke-width="1.6" stroke-linejoin="round"/>`,
  );
  const heavy = drawn
    .filter(({ code }) => code === input.highlighted?.code)
    .map(
      ({ path }) => `<path d="${path}" fill="none" stroke="#000" stroke-width="9" stroke-linejoin="round"/>`,
    );
  const labels = drawn.map(({ label, labelAt, polygons }) => {
    if (label === '') return '';
    const [x, y] = place(labelAt);
    // in a small ward the number shrinks, to 4 points at the least: still read on paper
    const room = Math.sqrt(areaOf(polygons)) * scale;
    const size = point * Math.min(7, Math.max(4, room / 16));
    return `<text x="${x.toFixed(1)}" y="${(y + size * 0.34).toFixed(1)}" font-size="${size.toFixed(1)}" text-anchor="middle" fill="#000" stroke="#fff" stroke-width="${(size / 6).toFixed(1)}" stroke-linejoin="round" paint-order="stroke">${escapeXml(label)}</text>`;
  });

  const counts = new Map<MapClass, number>();
  for (const { mapClass } of input.areas) counts.set(mapClass, (counts.get(mapClass) ?? 0) + 1);
  const entries = [
    ...input.classes.map((mapClass) => ({
      fill: mapClass.fill,
      strokeWidth: 1.6,
      words: `${mapClass.words}: ${writeCount(counts.get(mapClass) ?? 0)} ${input.areaWords}`,
    })),
    ...(input.highlighted ? [{ fill: 'none' as const, strokeWidth: 9, words: input.highlighted.words }] : []),
  ];
  const perColumn = Math.ceil(entries.length / legendColumns);
  const legend = entries.map(({ fill, strokeWidth, words }, index) => {
    const x = margin + Math.floor(index / perColumn) * (width / legendColumns);
    const y = mapHeight + margin + (index % perColumn) * legendRow;
    const [wide, high] = swatchSize;
    const { colour, lines: direction } = fills[fill];
    const id = `${input.name}-key-${index}`;
    const box = `x="${x}" y="${y.toFixed(1)}" width="${wide}" height="${high}"`;
    const inside = direction
      ? `<clipPath id="${id}"><rect ${box}/></clipPath><g clip-path="url(#${id})">${linesOver(direction, x, y, wide, high)}</g>`
      : '';
    return `<rect ${box} fill="${colour}"/>${inside}<rect ${box} fill="none" stroke="#000" stroke-width="${strokeWidth}"/><text x="${x + wide + 18}" y="${(y + 33).toFixed(1)}" font-size="${legendType.toFixed(1)}">${escapeXml(words)}</text>`;
  });

  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height.toFixed(0)}" width="${input.widthMillimeters}mm" height="${(height / unitsPerMillimeter).toFixed(1)}mm" font-family="Tinos, 'Times New Roman', serif">
${[...areas, ...lines, ...borders, ...heavy, ...labels.filter(Boolean)].join('\n')}
${scaleBar(bounds, scale, mapHeight)}
${north(mapHeight)}
${input.mark ? `<text x="${width - margin}" y="${(mapHeight - 10).toFixed(1)}" font-size="${(9 * point).toFixed(1)}" font-weight="700" text-anchor="end" fill="#000" stroke="#fff" stroke-width="6" paint-order="stroke">${escapeXml(input.mark)}</text>` : ''}
${legend.join('\n')}
</svg>
`,
    widthMillimeters: input.widthMillimeters,
    heightMillimeters: height / unitsPerMillimeter,
  };
}

const swatchSize = [70, 42] as const;

/** Parallel lines over a box, a millimetre apart. */
function linesOver(
  direction: 'horizontal' | 'diagonal',
  left: number,
  top: number,
  wide: number,
  high: number,
): string {
  const step = direction === 'horizontal' ? 10 : 14;
  const reach = direction === 'horizontal' ? high : high + wide;
  const drawn = Array.from({ length: Math.floor(reach / step) }, (_, index) => {
    const at = (index + 0.5) * step;
    return direction === 'horizontal'
      ? `M${left} ${(top + at).toFixed(1)}h${wide.toFixed(1)}`
      : `M${left} ${(top + at).toFixed(1)}l${at.toFixed(1)} ${(-at).toFixed(1)}`;
  });
  return `<path d="${drawn.join('')}" fill="none" stroke="#6a6a6a" stroke-width="2.2"/>`;
}

type Bounds = { west: number; south: number; east: number; north: number };
function boundsOf(areas: readonly MapArea[]): Bounds {
  const bounds = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (const { polygons } of areas) {
    for (const [x = 0, y = 0] of polygons.flat(2)) {
      bounds.west = Math.min(bounds.west, x);
      bounds.east = Math.max(bounds.east, x);
      bounds.south = Math.min(bounds.south, y);
      bounds.north = Math.max(bounds.north, y);
    }
  }
  return areas.length > 0 ? bounds : { west: 0, south: 0, east: 1, north: 1 };
}

const pathOf = (polygons: MapArea['polygons'], place: (position: Position) => [number, number]) =>
  polygons
    .flatMap((rings) =>
      rings.map((ring) => {
        const corners = ring.slice(0, -1).map((position) => {
          const [x, y] = place(position);
          return `${x.toFixed(1)} ${y.toFixed(1)}`;
        });
        return `M${corners.filter((corner, index) => corner !== corners[index - 1]).join('L')}Z`;
      }),
    )
    .join('');

/** Square metres on the projection's plane, holes taken off. */
const areaOf = (polygons: MapArea['polygons']): number =>
  polygons.reduce(
    (sum, rings) =>
      sum +
      rings.reduce((inner, ring, index) => inner + (index === 0 ? 1 : -1) * Math.abs(ringArea(ring)), 0),
    0,
  );
function ringArea(ring: readonly Position[]): number {
  let doubled = 0;
  for (const [index, [x1 = 0, y1 = 0]] of ring.entries()) {
    const [x2 = 0, y2 = 0] = ring[(index + 1) % ring.length] as Position;
    doubled += x1 * y2 - x2 * y1;
  }
  return doubled / 2;
}

const earthRadiusMeters = 6_378_137;
/** Metres on the ground to a mercator metre at the middle of the map: the cosine of its latitude. */
export const groundPerMercator = (northing: number): number => 1 / Math.cosh(northing / earthRadiusMeters);

const niceKilometers = [0.5, 1, 2, 5, 10, 20, 50, 100];
function scaleBar(bounds: Bounds, scale: number, mapHeight: number): string {
  const unitsPerKm = (1000 / groundPerMercator((bounds.north + bounds.south) / 2)) * scale;
  const kilometers = niceKilometers.findLast((length) => length * unitsPerKm <= 320) ?? niceKilometers[0]!;
  const length = kilometers * unitsPerKm;
  const [x, y] = [margin + 10, mapHeight - 8];
  const half = length / 2;
  const words = (amount: number) => String(amount).replace('.', ',');
  return `<g><rect x="${x}" y="${(y - 14).toFixed(1)}" width="${half.toFixed(1)}" height="12" fill="#000" stroke="#000" stroke-width="1.6"/><rect x="${(x + half).toFixed(1)}" y="${(y - 14).toFixed(1)}" width="${half.toFixed(1)}" height="12" fill="#fff" stroke="#000" stroke-width="1.6"/><text x="${x}" y="${(y - 24).toFixed(1)}" font-size="${(8 * point).toFixed(1)}" text-anchor="middle">0</text><text x="${(x + half).toFixed(1)}" y="${(y - 24).toFixed(1)}" font-size="${(8 * point).toFixed(1)}" text-anchor="middle">${words(kilometers / 2)}</text><text x="${(x + length).toFixed(1)}" y="${(y - 24).toFixed(1)}" font-size="${(8 * point).toFixed(1)}" text-anchor="middle">${words(kilometers)} km</text></g>`;
}

/** Right of the scale bar, which is 32 mm long at the most. */
const north = (mapHeight: number) => {
  const [x, y] = [margin + 480, mapHeight - 10];
  return `<g><path d="M${x - 16} ${y}L${x} ${y - 56}L${x + 16} ${y}L${x} ${y - 13}Z" fill="#000"/><text x="${x + 24}" y="${y - 4}" font-size="${(8 * point).toFixed(1)}">Bắc</text></g>`;
};

export const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
