import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { CommuneRow } from '../coverage/commune-rows.ts';
import { classOf } from '../coverage/coverage-classes.ts';
import { communeValueWords } from '../coverage/figure-words.ts';
import { useTarget } from '../coverage/target.ts';
import type { Colouring } from '../coverage/use-colouring.ts';
import { useLanguage } from '../i18n/language.ts';
import { communeTitle } from '../places/place-names.ts';
import { readPlaces } from '../places/read-places.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { outlinePaths } from './outline-paths.ts';
import { palette } from './palette.ts';

type SimpleMapProps = {
  rows: readonly CommuneRow[];
  colouring: Colouring;
  /** What the map shows, for those who do not see it. */
  label: string;
  selected: string | null;
  coverageVisible: boolean;
  onSelect: (code: string) => void;
};

/** The choropleth as a drawing, for machines that give no WebGL. */
export function SimpleMap({ rows, colouring, label, selected, coverageVisible, onSelect }: SimpleMapProps) {
  const words = useLanguage();
  const { t, language, format } = words;
  const { target } = useTarget();
  const { classes, chosen } = colouring;
  const outlines = useQuery({
    queryKey: ['places', 'commune-outlines'],
    queryFn: async ({ signal }) => (await readPlaces('communes', {}, signal)).features,
  });
  const drawing = useMemo(
    () =>
      outlines.data
        ? outlinePaths(outlines.data.map(({ properties, geometry }) => ({ code: properties.code, geometry })))
        : null,
    [outlines.data],
  );
  if (outlines.isError) return <ReadFailed error={outlines.error} onRetry={() => void outlines.refetch()} />;
  if (!drawing) return <p className="map-state">{t('map.loading')}</p>;
  const byCode = new Map(rows.map((row) => [row.code, row]));
  const shares = new Map(colouring.shares.map(({ code, share }) => [code, share]));
  const written = (code: string, share: number | null): string => {
    const figure = chosen?.figures.get(code);
    if (chosen)
      return (figure && communeValueWords(figure, chosen.description, words)) ?? t('common.notOnRecord');
    if (!shares.has(code)) return t('access.limits.others');
    return share === null ? t('coverage.noEstablishments') : format.percent(share, target);
  };
  const ordered = [...drawing.paths].sort(
    (one, other) => Number(one.code === selected) - Number(other.code === selected),
  );
  return (
    <svg
      className="simple-map"
      viewBox={`0 0 ${drawing.width} ${drawing.height}`}
      role="img"
      aria-label={label}
    >
      <defs>
        <pattern
          id="simple-none"
          width="8"
          height="8"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="8" height="8" fill={palette.none} />
          <line x1="0" y1="0" x2="0" y2="8" stroke={palette.hatch} strokeWidth="2" />
        </pattern>
      </defs>
      {ordered.map(({ code, path }) => {
        const row = byCode.get(code);
        const share = shares.get(code) ?? null;
        const fill =
          coverageVisible && shares.has(code)
            ? (classOf(classes, share)?.color ?? 'url(#simple-none)')
            : palette.land;
        return (
          // The table beside the drawing is what the keyboard uses.
          // biome-ignore lint/a11y/noStaticElementInteractions: see above
          <path
            key={code}
            d={path}
            fill={fill}
            stroke={code === selected ? palette.ink : palette.borderStrong}
            strokeWidth={code === selected ? 3 : 0.7}
            onClick={() => onSelect(code)}
          >
            <title>
              {row && `${communeTitle(row, language, t(`communeType.${row.type}`))}: ${written(code, share)}`}
            </title>
          </path>
        );
      })}
    </svg>
  );
}
