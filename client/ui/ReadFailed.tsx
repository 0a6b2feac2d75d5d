import { Button } from '@mantine/core';
import { isApiError } from '../api/call.ts';
import { type MessageName, useLanguage } from '../i18n/language.ts';
import { WarningIcon } from './icons.tsx';

/** Refusals of who asks or how often, which anybody may meet, in the language of the page. */
const refusals: Readonly<Record<number, MessageName>> = {
  401: 'access.refused.signedOut',
  403: 'access.refused.notYours',
  429: 'access.refused.tooMany',
};

/** What went wrong, where, and what to do, with a way to try again. */
export function ReadFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useLanguage();
  const problem = isApiError(error) ? error.problem : null;
  const refused = problem ? refusals[problem.status] : undefined;
  const title = refused
    ? t(refused)
    : problem && problem.title !== 'unreachable'
      ? problem.title
      : t('connection.unreachable');
  return (
    <div className="read-failed" role="alert">
      <p className="read-failed-title">
        <WarningIcon /> {t('connection.readFailed')}
      </p>
      <p>{title}</p>
      {!refused && problem?.detail && <p className="quiet">{problem.detail}</p>}
      {problem?.where && <p className="quiet">{t('connection.where', { where: problem.where })}</p>}
      {!refused && problem?.remedy && <p className="quiet">{problem.remedy}</p>}
      <Button variant="default" size="xs" onClick={onRetry}>
        {t('common.retry')}
      </Button>
    </div>
  );
}
