import { type CoordinateSystem, inVietnam, plausibleSystems } from './coordinate-systems.ts';
import { ImportRefused } from './import-refused.ts';
import type { IssueList } from './issue-list.ts';

const enoughRows = 200;

/**
 * Refuses a file as a whole when (nearly) all its positions lie outside Vietnam, and says in which system they would
 * lie in it. Called while rows come (then only once there are enough) and at the end.
 */
export function refuseWrongSystem(
  issues: IssueList,
  rows: number,
  system: CoordinateSystem,
  from: 'given' | 'file' | 'assumed',
  extent: readonly [number, number, number, number] | null,
  mapping: ReadonlyMap<string, string>,
): void {
  const outsideRows = issues.outsideRows();
  if (outsideRows === 0) return;
  const atEnd = rows === Number.POSITIVE_INFINITY;
  if (atEnd ? outsideRows * 2 < issues.badRows() : rows < enoughRows || outsideRows < rows * 0.9) return;
  const points = issues.outside();
  const [x, y] = points[0]!;
  const origin = {
    given: 'as given',
    file: 'as the file states',
    assumed: 'which is taken where a file states none',
  }[from];
  const what = `Positions lie outside Vietnam when read as ${system.name} (EPSG:${system.code}, ${origin}): the first is ${x}, ${y}.`;
  if (points.every(([lon, lat]) => inVietnam(lat, lon))) {
    const [lon, lat] = [mapping.get('lon'), mapping.get('lat')];
    throw new ImportRefused({
      what: `${what} Longitude and latitude seem to be exchanged.`,
      remedy:
        lon && lat ? `Give --map lon=${lat} --map lat=${lon}.` : 'Export the file with longitude first.',
    });
  }
  const plausible = plausibleSystems(points, extent).filter(({ code }) => code !== system.code);
  const metres = points.every(([px, py]) => Math.abs(px) > 1_000 && Math.abs(py) > 1_000);
  const [likeliest, ...others] = plausible;
  throw new ImportRefused({
    what: likeliest
      ? `${what} They look like ${metres ? `${likeliest.name.split(' / ')[0]} metres` : likeliest.name}.`
      : what,
    remedy: likeliest
      ? `Give --crs EPSG:${likeliest.code} (${likeliest.name})${
          others.length
            ? `, or the province's own: ${others
                .slice(0, 6)
                .map(({ code, name }) => `EPSG:${code} (${name})`)
                .join(', ')}`
            : ''
        }.`
      : 'Check the coordinates, or give the coordinate system with --crs.',
  });
}
