import { useMay } from '../access/session.ts';
import { useLanguage } from '../i18n/language.ts';
import type { PlaceLayer } from '../map/layer-ids.ts';
import { PlaceSymbol } from './PlaceSymbol.tsx';
import { type GatheredLayer, gatheredClasses, gatheredPixels, placeColor } from './place-layers.ts';

export function PlaceLegend({ layer }: { layer: PlaceLayer }) {
  const { t, format } = useLanguage();
  const { sight } = useMay();
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
  if (!(layer in gatheredClasses)) return null;
  const bounds = gatheredClasses[layer as GatheredLayer];
  return (
    <div className="place-legend">
      <ul className="gathered-scale" aria-label={t('layers.gathered')}>
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
              <i
                className="disc"
                style={{
                  width: gatheredPixels[position],
                  height: gatheredPixels[position],
                  background: placeColor[layer],
                }}
              />
              {range}
            </li>
          );
        })}
      </ul>
      {sight(layer) === 'counts' ? (
        <p className="quiet">{t('access.limits.counts')}</p>
      ) : (
        <>
          <p className="quiet">{t('layers.gathered')}</p>
          <p className="legend-row quiet">
            <PlaceSymbol layer={layer} /> {t('layers.onePlace')}
          </p>
        </>
      )}
    </div>
  );
}
