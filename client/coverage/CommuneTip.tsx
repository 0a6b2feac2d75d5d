import { useLanguage } from '../i18n/language.ts';
import { communeTitle } from '../places/place-names.ts';
import type { CommuneRow } from './commune-rows.ts';
import { useTarget } from './target.ts';

export function CommuneTip({ row }: { row: CommuneRow }) {
  const { t, language, format } = useLanguage();
  const { target, classes } = useTarget();
  const { coverage } = row;
  return (
    <>
      <strong>{communeTitle(row, language, t(`communeType.${row.type}`))}</strong>
      {coverage === null ? (
        <span>{t('access.limits.others')}</span>
      ) : coverage.share === null ? (
        <span>{t('coverage.noEstablishments')}</span>
      ) : (
        <>
          <span className="tip-figure">
            <i
              className="swatch"
              style={{ background: classes.findLast(({ low }) => coverage.share! >= low)?.color }}
            />
            <b>{format.percent(coverage.share, target)}</b>
            {coverage.share >= target ? t('coverage.met') : t('coverage.notMet')}
          </span>
          <span>
            {t('coverage.inspectedOf', {
              inspected: format.integer(coverage.inspected),
              active: format.integer(coverage.active),
            })}
          </span>
          {coverage.missing > 0 && (
            <span>
              {t('coverage.missingOf', { count: coverage.missing, share: format.wholePercent(target) })}
            </span>
          )}
        </>
      )}
    </>
  );
}
