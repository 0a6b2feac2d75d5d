import { useMay } from '../access/session.ts';
import { useLanguage } from '../i18n/language.ts';
import type { CommuneRow } from './commune-rows.ts';
import { ShareBar } from './ShareBar.tsx';
import { useTarget } from './target.ts';
import type { InspectionCoverageAnswer } from './use-coverage.ts';

/** Where the whole province stands against the plan. */
export function CoverageSummary({
  answer,
  rows,
}: {
  answer: InspectionCoverageAnswer;
  rows: readonly CommuneRow[];
}) {
  const { t, format } = useLanguage();
  const may = useMay();
  const { target, classes } = useTarget();
  const { total, year } = answer;
  const shares = rows.flatMap(({ coverage }) => (coverage?.share == null ? [] : [coverage.share]));
  const met = shares.filter((share) => share >= target).length;
  return (
    <section className="summary" aria-labelledby="summary-title">
      <h2 id="summary-title">{t('summary.title', { year })}</h2>
      <p className="summary-figure">
        <strong>{total.share === null ? '–' : format.percent(total.share, target)}</strong>
        <span>{t('summary.target', { share: format.wholePercent(target) })}</span>
      </p>
      <ShareBar share={total.share} target={target} classes={classes} height={10} />
      <p>
        {t('summary.progress', {
          inspected: format.integer(total.inspected),
          active: format.integer(total.active),
        })}
      </p>
      <p>{total.missing > 0 ? t('summary.missing', { count: total.missing }) : t('summary.met')}</p>
      {may.compareCommunes && <p>{t('summary.communesMet', { met, of: shares.length })}</p>}
    </section>
  );
}
