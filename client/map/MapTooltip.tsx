import type { PlaceCollection } from '../../contract/places.ts';
import { CommuneTip } from '../coverage/CommuneTip.tsx';
import type { CommuneRow } from '../coverage/commune-rows.ts';
import { PlaceTip } from '../places/PlaceTip.tsx';

export type Pointed = {
  /** Pixels within the map. */
  x: number;
  y: number;
  layer: string;
  collection: PlaceCollection;
  properties: Record<string, unknown>;
};

/** What lies under the pointer. The same facts are in the panel and the table, so it is hidden from screen readers. */
export function MapTooltip({ pointed, row }: { pointed: Pointed; row: CommuneRow | null }) {
  return (
    <div
      className="map-tooltip no-print"
      aria-hidden="true"
      // Held off the edges by half of its greatest width.
      style={{ left: `clamp(144px, ${pointed.x}px, calc(100% - 144px))`, top: pointed.y }}
      data-flip={pointed.y < 170 ? 'below' : 'above'}
    >
      {pointed.collection === 'communes' ? row && <CommuneTip row={row} /> : <PlaceTip {...pointed} />}
    </div>
  );
}
