import type { LocalArea } from '../server/hotspots/areas/local-analysis.ts';

type Outline = { code: string; polygons: [number, number][][][] };

const colours: Record<string, string> = {
  'hot-99': '#8c2d04',
  'hot-95': '#d9772b',
  'hot-90': '#f3c08a',
  'not-significant': '#eceae4',
  'cold-90': '#b9d3e6',
  'cold-95': '#6aa3cb',
  'cold-99': '#20609a',
};
const width = 620;
const margin = 16;
const caption = 122;

/**
 * A map of hot and cold communes as SVG, with the outlines of what was planted: solid where the risk is truly higher,
 * dashed where one merely inspected more. Plain equirectangular at the middle latitude.
 */
export function methodsMap(input: {
  title: string;
  notes: readonly string[];
  communes: readonly Outline[];
  areas: readonly (LocalArea & { code: string })[];
  planted: readonly { codes: readonly string[]; dashed: boolean }[];
}): string {
  const points = input.communes.flatMap(({ polygons }) => polygons.flat(2));
  const longitudes = points.map(([x]) => x);
  const latitudes = points.map(([, y]) => y);
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = (width - 2 * margin) / ((east - west) * squeeze);
  const height = (north - south) * scale + 2 * margin + caption;
  const place = ([x, y]: [number, number]) =>
    `${(margin + (x - west) * squeeze * scale).toFixed(1)} ${(margin + caption + (north - y) * scale).toFixed(1)}`;
  const pathOf = ({ polygons }: Outline) =>
    polygons.flatMap((rings) => rings.map((ring) => `M${ring.map(place).join('L')}Z`)).join('');
  const classOf = new Map(input.areas.map((area) => [area.code, area.class]));
  const fills = input.communes.map((commune) => {
    const fill = colours[classOf.get(commune.code) ?? ''] ?? 'url(#untested)';
    return `<path d="${pathOf(commune)}" fill="${fill}" stroke="#fff" stroke-width=".7"/>`;
  });
  const outlines = input.planted.flatMap(({ codes, dashed }) =>
    input.communes
      .filter(({ code }) => codes.includes(code))
      .map(
        (commune) =>
          `<path d="${pathOf(commune)}" fill="none" stroke="#1f1f1f" stroke-width="1.4"${dashed ? ' stroke-dasharray="4 3"' : ''}/>`,
      ),
  );
  const legend = Object.entries(colours)
    .filter(([name]) => input.areas.some((area) => area.class === name))
    .map(
      ([name, fill], index) =>
        `<rect x="${margin + index * 118}" y="94" width="14" height="14" fill="${fill}"/><text x="${margin + 20 + index * 118}" y="106" font-size="12">${name}</text>`,
    )
    .join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height.toFixed(0)}" font-family="sans-serif">
<title>${input.title}</title>
<defs><pattern id="untested" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><path d="M0 0V6" stroke="#bbb" stroke-width="2"/></pattern></defs>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${margin}" y="34" font-size="20" font-weight="700">${input.title}</text>
${input.notes.map((note, line) => `<text x="${margin}" y="${58 + 18 * line}" font-size="13" fill="#444">${note}</text>`).join('\n')}
${legend}
${fills.join('\n')}
${outlines.join('\n')}
</svg>
`;
}
