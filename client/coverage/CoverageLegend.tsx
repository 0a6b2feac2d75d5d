import { useMemo } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { classRange } from './class-range.ts';
import type { CommuneRow } from './commune-rows.ts';
import { countByClass } from './coverage-classes.ts';
import { useTarget } from './target.ts';

const tallestBarPixels = 34;

type CoverageLegendProps = {
  rows: readonly CommuneRow[];
  /** For a corner of the map. */
  compact?: boolean;
};

/** Classes with their bounds, the target between them, and how many communes are in each. */
export function CoverageLegend({ rows, compact = false }: CoverageLegendProps) {
  const { t, format } = useLanguage();
  const { target, classes } = useTarget();
  const { counts, none } = useMemo(
    () =>
      countByClass(
        classes,
        rows.map(({ coverage }) => coverage?.share ?? null),
      ),
    [classes, rows],
  );
  const most = Math.max(1, ...counts);
  const belowCount = classes.filter(({ side }) => side === 'below').length;
  return (
    <div className="coverage-legend">
      {!compact && <p className="legend-unit">{t('coverage.unit')}</p>}
      <ul className="class-bars" aria-label={t('coverage.communesPerClass')}>
        {classes.map((one, position) => (
          <li key={one.low}>
            <span className="visually-hidden">
              {`${classRange(one, t, format)}: ${t('coverage.communes', { count: counts[position]! })}`}
            </span>
            <span className="class-count" aria-hidden="true">
              {counts[position]}
            </span>
            <span
              className="class-bar"
              aria-hidden="true"
              style={{
                height: 6 + ((compact ? 12 : tallestBarPixels) * counts[position]!) / most,
                background: one.color,
              }}
            />
          </li>
        ))}
      </ul>
      <div className="class-bounds" aria-hidden="true">
        {classes.map(({ low }) => (
          <span key={low} data-target={low === target}>
            {format.decimal(low * 100, 1)}
          </span>
        ))}
      </div>
      <div className="class-sides" aria-hidden="true">
        <span style={{ flex: belowCount }}>{t('coverage.sideBelow')}</span>
        <span style={{ flex: 1 }}>{t('coverage.sideAt')}</span>
        <span style={{ flex: classes.length - belowCount - 1 }}>{t('coverage.sideAbove')}</span>
      </div>
      {none > 0 && (
        <p className="legend-row">
          <i className="swatch swatch-none" />
          <span>
            {t('coverage.none')}: <b>{t('coverage.communes', { count: none })}</b>
            {!compact && <span className="quiet"> ({t('coverage.noneHint')})</span>}
          </span>
        </p>
      )}
    </div>
  );
}
