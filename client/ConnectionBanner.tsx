import { Button } from '@mantine/core';
import type { Problem } from '../contract/problem.ts';
import { useLanguage } from './i18n/language.ts';
import { WarningIcon } from './ui/icons.tsx';

type ConnectionBannerProps = { away: boolean; problem: Problem | null; onRetry: () => void };

export function ConnectionBanner({ away, problem, onRetry }: ConnectionBannerProps) {
  const { t } = useLanguage();
  return (
    // Always in the page, so that screen readers speak what comes into it.
    <div role="status" className="connection-banner" data-away={away}>
      {away && (
        <>
          <WarningIcon />
          <p>
            <b>{problem?.status === 503 ? t('connection.databaseTitle') : t('connection.awayTitle')}.</b>{' '}
            {t('connection.awayText')}
          </p>
          <Button variant="white" color="dark" size="compact-sm" onClick={onRetry}>
            {t('common.retry')}
          </Button>
        </>
      )}
    </div>
  );
}
