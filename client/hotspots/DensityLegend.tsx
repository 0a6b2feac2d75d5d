import { useLanguage } from '../i18n/language.ts';
import { type Density, type DensityBand, densityBands, digitsFor } from './density-bands.ts';

/** Bands in violations per km², and what was found, with the caution that the server states beside it. */
export function DensityLegend({ density }: { density: Density }) {
  const { t, language, format } = useLanguage();
  const bands = densityBands(density.contours.features.map(({ properties }) => properties));
  const digits = digitsFor(bands);
  const css = ([red, green, blue, alpha]: DensityBand['fill']) =>
    `rgb(${red} ${green} ${blue} / ${alpha / 255})`;
  return (
    <div className="density-legend">
      {bands.length > 0 && (
        <>
          <p className="legend-unit">{t('density.unit')}</p>
          <ol className="band-scale">
            {bands.map((band) => (
              <li key={band.low}>
                <span
                  className="band-swatch"
                  aria-hidden="true"
                  style={{ background: css(band.fill), borderColor: css(band.line) }}
                />
                <span>
                  <span className="visually-hidden">
                    {t('density.from', { low: format.decimal(band.low, digits) })}
                  </span>
                  <span aria-hidden="true">{format.decimal(band.low, digits)}</span>
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
      <p className="caution">{density.found[language]}</p>
      <p className="quiet">
        {t('density.method', { bandwidth: format.decimal(density.method.bandwidthMeters / 1000) })}
        {density.outside > 0 && ` ${t('density.outside', { count: density.outside })}`}
      </p>
    </div>
  );
}
