import { useLanguage } from '../i18n/language.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { ClassLegend } from './ClassLegend.tsx';
import { CoverageLegend } from './CoverageLegend.tsx';
import type { CommuneRow } from './commune-rows.ts';
import type { Colouring } from './use-colouring.ts';

/** The legend of what the map colours communes by. */
export function ColouringLegend({
  colouring: { chosen, shares, error, retry },
  isUsual,
  rows,
  compact = false,
}: {
  colouring: Colouring;
  isUsual: boolean;
  rows: readonly CommuneRow[];
  compact?: boolean;
}) {
  const { t } = useLanguage();
  // Of communes whose figure the account may see.
  if (isUsual)
    return <CoverageLegend rows={rows.filter(({ coverage }) => coverage !== null)} compact={compact} />;
  if (error) return <ReadFailed error={error} onRetry={retry} />;
  if (!chosen) return <p className="quiet">{t('common.loading')}</p>;
  const { description, classes } = chosen;
  return (
    <ClassLegend
      classes={classes}
      target={description.target}
      values={shares.map(({ share }) => share)}
      suppressed={[...chosen.figures.values()].filter(({ status }) => status === 'suppressed').length}
      unit={
        compact
          ? null
          : t(
              classes.kind === 'count'
                ? 'plan.legend.items'
                : description.unit === 'people'
                  ? 'plan.legend.surely'
                  : 'plan.legend.value',
            )
      }
    />
  );
}
