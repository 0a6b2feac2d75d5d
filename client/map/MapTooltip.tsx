import type { PlaceCollection } from '../../contract/places.ts';
import { CommuneTip } from '../coverage/CommuneTip.tsx';
import type { CommuneRow } from '../coverage/commune-rows.ts';
import { classOf } from '../coverage/coverage-classes.ts';
import { FigureTip } from '../coverage/FigureTip.tsx';
import { classedValue } from '../coverage/indicator-classes.ts';
import type { Colouring } from '../coverage/use-colouring.ts';
import { useLanguage } from '../i18n/language.ts';
import { PlaceTip } from '../places/PlaceTip.tsx';
import { communeTitle } from '../places/place-names.ts';

export type Pointed = {
  /** Pixels within the map. */
  x: number;
  y: number;
  layer: string;
  collection: PlaceCollection;
  properties: Record<string, unknown>;
};

/** What lies under the pointer. The same facts are in the panel and the table, so it is hidden from screen readers. */
export function MapTooltip({
  pointed,
  row,
  colouring,
}: {
  pointed: Pointed;
  row: CommuneRow | null;
  colouring: Colouring;
}) {
  return (
    <div
      className="map-tooltip no-print"
      aria-hidden="true"
      // Held off the edges by half of its greatest width.
      style={{ left: `clamp(144px, ${pointed.x}px, calc(100% - 144px))`, top: pointed.y }}
      data-flip={pointed.y < 170 ? 'below' : 'above'}
    >
      {pointed.collection === 'communes' ? (
        row && <CommuneUnderPointer row={row} colouring={colouring} />
      ) : (
        <PlaceTip {...pointed} />
      )}
    </div>
  );
}

function CommuneUnderPointer({ row, colouring: { chosen } }: { row: CommuneRow; colouring: Colouring }) {
  const { t, language } = useLanguage();
  if (!chosen) return <CommuneTip row={row} />;
  const figure = chosen.figures.get(row.code);
  const value = figure ? classedValue(chosen.classes.kind, figure) : null;
  return (
    <FigureTip
      name={communeTitle(row, language, t(`communeType.${row.type}`))}
      description={chosen.description}
      figure={figure}
      color={classOf(chosen.classes.classes, value)?.color}
      yearIsOver={chosen.yearIsOver}
    />
  );
}
