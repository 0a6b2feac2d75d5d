import { Button } from '@mantine/core';
import { useLanguage } from '../i18n/language.ts';
import { WarningIcon } from '../ui/icons.tsx';
import { ErrorText } from './FieldFrame.tsx';
import type { Refusal } from './server-errors.ts';

type FormRefusalProps = { refusal: Refusal; onAsNew: () => void; onList: () => void };

/** Why what was sent is not recorded, or not known to be, and what to do. */
export function FormRefusal({ refusal, onAsNew, onList }: FormRefusalProps) {
  const { t } = useLanguage();
  const title = {
    unreachable: t('activities.refused.unreachable'),
    'sent-before': t('activities.refused.sent-before'),
    withdrawn: t('activities.refused.withdrawn'),
    faults: t('activities.refused.other'),
    changed: t('activities.conflict.title'),
    'signed-out': t('access.refused.signedOut'),
    other: t('activities.refused.other'),
  }[refusal.kind];
  return (
    <div className="form-refusal" role="alert">
      <p className="form-refusal-title">
        <WarningIcon /> {title}
      </p>
      {refusal.kind === 'unreachable' && <p>{t('activities.refused.unreachableText')}</p>}
      {refusal.kind === 'signed-out' && <p>{t('access.refused.signedOutText')}</p>}
      {refusal.kind === 'withdrawn' && <p>{t('activities.refused.withdrawnText')}</p>}
      {refusal.kind === 'faults' &&
        refusal.rest.map((error) => (
          <p key={error.expected.en}>
            <ErrorText error={error} />
          </p>
        ))}
      {refusal.kind === 'other' && (
        <>
          <p>{refusal.problem.title}</p>
          {refusal.problem.detail && <p className="quiet">{refusal.problem.detail}</p>}
          {refusal.problem.remedy && <p className="quiet">{refusal.problem.remedy}</p>}
        </>
      )}
      {refusal.kind === 'sent-before' && (
        <>
          <p>{t('activities.refused.sentBeforeText')}</p>
          <div className="form-buttons">
            <Button size="sm" variant="default" onClick={onList}>
              {t('activities.recorded.list')}
            </Button>
            <Button size="sm" variant="default" onClick={onAsNew}>
              {t('activities.refused.asNew')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
