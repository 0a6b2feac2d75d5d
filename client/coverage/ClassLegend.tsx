import { useLanguage } from '../i18n/language.ts';
import { countByClass } from './coverage-classes.ts';
import type { IndicatorClasses } from './indicator-classes.ts';

const tallestBarPixels = 30;

type ClassLegendProps = {
  classes: IndicatorClasses;
  target: number | null;
  /** One for each commune, null where nothing is on record. */
  values: readonly (number | null)[];
  /** How many of those without a value have one that is not told, because it is a small number of people or reports. */
  suppressed?: number;
  /** What the classes are of; null where it is said beside the legend. */
  unit: string | null;
};

/** Classes with their bounds, the target between them, and how many communes are in each. */
export function ClassLegend({
  classes: { kind, classes },
  target,
  values,
  suppressed = 0,
  unit,
}: ClassLegendProps) {
  const { t, format } = useLanguage();
  const { counts, none: withoutValue } = countByClass(classes, values);
  const none = withoutValue - suppressed;
  const most = Math.max(1, ...counts);
  const bound = (low: number) => (kind === 'share' ? format.decimal(low * 100, 2) : format.integer(low));
  const rangeWords = (low: number, high: number | null) => {
    if (kind === 'done') return t(low === 1 ? 'plan.legend.done' : 'plan.legend.notDone');
    const written = (value: number) => (kind === 'share' ? `${bound(value)}\u00a0%` : bound(value));
    return high === null
      ? t('coverage.classFrom', { low: written(low) })
      : t('coverage.classBetween', { low: written(low), high: written(high) });
  };
  const sides = (['below', 'at', 'above'] as const)
    .map((side) => ({ side, count: classes.filter((one) => one.side === side).length }))
    .filter(({ count }) => count > 0);
  return (
    <div className="coverage-legend class-legend">
      {kind !== 'done' && unit !== null && <p className="legend-unit">{unit}</p>}
      {kind === 'done' ? (
        <ul className="legend-rows" aria-label={t('plan.legend.perClass')}>
          {[...classes].reverse().map(({ low, color }) => (
            <li key={low} className="legend-row">
              <i className="swatch" style={{ background: color }} />
              <span>
                {rangeWords(low, null)}:{' '}
                <b>
                  {t('coverage.communes', { count: counts[classes.findIndex((one) => one.low === low)]! })}
                </b>
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <>
          <ul className="class-bars" aria-label={t('plan.legend.perClass')}>
            {classes.map(({ low, high, color }, position) => (
              <li key={low}>
                <span className="visually-hidden">
                  {`${rangeWords(low, high)}: ${t('coverage.communes', { count: counts[position]! })}`}
                </span>
                <span className="class-count" aria-hidden="true">
                  {counts[position]}
                </span>
                <span
                  className="class-bar"
                  aria-hidden="true"
                  style={{ height: 6 + (tallestBarPixels * counts[position]!) / most, background: color }}
                />
              </li>
            ))}
          </ul>
          <div className="class-bounds" aria-hidden="true">
            {classes.map(({ low }) => (
              <span key={low} data-target={low === target}>
                {bound(low)}
              </span>
            ))}
          </div>
          {target !== null && (
            <div className="class-sides" aria-hidden="true">
              {sides.map(({ side, count }) => (
                <span key={side} style={{ flex: count }}>
                  {t(`plan.legend.${side}`)}
                </span>
              ))}
            </div>
          )}
        </>
      )}
      {suppressed > 0 && (
        <p className="legend-row">
          <i className="swatch swatch-none" />
          <span>
            {t('plan.small.legend')}: <b>{t('coverage.communes', { count: suppressed })}</b>{' '}
            <span className="quiet">({t('plan.small.why')})</span>
          </span>
        </p>
      )}
      {none > 0 && (
        <p className="legend-row">
          <i className="swatch swatch-none" />
          <span>
            {t('plan.legend.none')}: <b>{t('coverage.communes', { count: none })}</b>{' '}
            <span className="quiet">({t('plan.legend.noneHint')})</span>
          </span>
        </p>
      )}
    </div>
  );
}
