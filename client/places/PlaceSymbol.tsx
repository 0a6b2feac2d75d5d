import type { PlaceLayer } from '../map/layer-ids.ts';
import { palette } from '../map/palette.ts';
import { placeColor } from './place-layers.ts';

/** The sign of a kind of place, as the map draws it. */
export function PlaceSymbol({ layer }: { layer: PlaceLayer }) {
  const rim = { fill: placeColor[layer], stroke: '#fff', strokeWidth: 1.4, strokeLinejoin: 'round' } as const;
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 18 18"
      aria-hidden="true"
      focusable="false"
      className="place-symbol"
    >
      {layer === 'border-areas' && (
        <g stroke={palette.adjoining} strokeWidth="1.2" fill="none">
          <path d="M2 16 16 2M2 9l7-7M9 16l7-7" />
          <rect x="1.6" y="1.6" width="14.8" height="14.8" />
        </g>
      )}
      {layer === 'industrial-parks' && (
        <path d="M2 15.5v-7l4.2-3.300v3.300l4.4-3.300v3.300H13v-6h3v13z" {...rim} />
      )}
      {layer === 'dormitories' && <path d="M9 2.2 15.8 8v7.800H2.200V8z" {...rim} />}
      {layer === 'schools' && <path d="m9 1.8 7.4 13.600H1.600z" {...rim} />}
      {layer === 'establishments' && <circle cx="9" cy="9" r="5.5" {...rim} />}
    </svg>
  );
}
