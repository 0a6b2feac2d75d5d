import { useLanguage } from '../i18n/language.ts';
import { type Density, type DensityBand, densityBands, digitsFor } from './density-bands.ts';

/** Bands in violations per km², what was counted, and the caution that goes with it. */
export function DensityLegend({ density }: { density: Density }) {
  const { t, language, format } = useLanguage();
  const bands = densityBands(density.contours.features.map(({ properties }) => properties));
  const digits = digitsFor(bands);
  const css = ([red, green, blue, alpha]: DensityBand['fill']) =>
    `rgb(${red} ${green} ${blue} / ${alpha / 255})`;
  return (
    <div className="density-legend">
      {bands.length === 0 ? (
        <p className="note">{t('density.nothing')}</p>
      ) : (
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
          <p className="found">{density.found[language]}</p>
        </>
      )}
      <p className="quiet">
        {t('density.facts', {
          n: format.integer(density.n),
          from: format.day(density.from),
          to: format.day(density.to),
          bandwidth: format.decimal(density.method.bandwidthMeters / 1000),
        })}
        {density.outside > 0 && ` ${t('density.outside', { count: density.outside })}`}
      </p>
      <p className="caution">{t('density.caution')}</p>
    </div>
  );
}
