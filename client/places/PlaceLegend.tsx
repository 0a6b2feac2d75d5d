import { useLanguage } from '../i18n/language.ts';
import type { PlaceLayer } from '../map/layer-ids.ts';
import { PlaceSymbol } from './PlaceSymbol.tsx';
import { type GatheredLayer, hexagonClasses, hexagonOpacities, placeColor } from './place-layers.ts';

export function PlaceLegend({ layer }: { layer: PlaceLayer }) {
  const { t, format } = useLanguage();
  if (layer === 'border-areas') {
    return (
      <ul className="legend-rows">
        <li className="legend-row">
          <i className="swatch swatch-adjoining" /> {t('borders.adjoining')}
        </li>
        <li className="legend-row">
          <i className="swatch swatch-coastal" /> {t('borders.coastal')}
        </li>
      </ul>
    );
  }
  if (!(layer in hexagonClasses)) return null;
  const bounds = hexagonClasses[layer as GatheredLayer];
  return (
    <div className="place-legend">
      <ul className="hexagon-scale" aria-label={t('layers.gathered')}>
        {bounds.map((low, position) => {
          const next = bounds[position + 1];
          const range =
            next === undefined
              ? `≥ ${format.integer(low)}`
              : next - 1 === low
                ? format.integer(low)
                : `${format.integer(low)}–${format.integer(next - 1)}`;
          return (
            <li key={low}>
              <svg width="20" height="18" viewBox="0 0 20 18" aria-hidden="true" focusable="false">
                <path
                  d="M5.5 1h9l4.5 8-4.5 8h-9L1 9z"
                  fill={placeColor[layer]}
                  fillOpacity={hexagonOpacities[position]}
                />
              </svg>
              {range}
            </li>
          );
        })}
      </ul>
      <p className="quiet">{t('layers.gathered')}</p>
      <p className="legend-row quiet">
        <PlaceSymbol layer={layer} /> {t('layers.onePlace')}
      </p>
    </div>
  );
}
