import { Button } from '@mantine/core';
import { isApiError } from '../api/call.ts';
import { useLanguage } from '../i18n/language.ts';
import { WarningIcon } from './icons.tsx';

/** What went wrong, where, and what to do, with a way to try again. */
export function ReadFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useLanguage();
  const problem = isApiError(error) ? error.problem : null;
  const title = problem && problem.title !== 'unreachable' ? problem.title : t('connection.unreachable');
  return (
    <div className="read-failed" role="alert">
      <p className="read-failed-title">
        <WarningIcon /> {t('connection.readFailed')}
      </p>
      <p>{title}</p>
      {problem?.detail && <p className="quiet">{problem.detail}</p>}
      {problem?.where && <p className="quiet">{t('connection.where', { where: problem.where })}</p>}
      {problem?.remedy && <p className="quiet">{problem.remedy}</p>}
      <Button variant="default" size="xs" onClick={onRetry}>
        {t('common.retry')}
      </Button>
    </div>
  );
}
