import { Skeleton } from '@mantine/core';
import type { ActivityKind } from '../../contract/activities.ts';
import { useLanguage } from '../i18n/language.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { actorText, differences, momentText } from './record-facts.ts';
import { type AnyActivity, useActivityHistory } from './use-activities.ts';

/** Every version that there was, the present one first, each with what it changed. */
export function ActivityHistory({ kind, activity }: { kind: ActivityKind; activity: AnyActivity }) {
  const words = useLanguage();
  const { t } = words;
  const history = useActivityHistory(kind, activity.id, activity.version);
  if (history.isError) return <ReadFailed error={history.error} onRetry={() => void history.refetch()} />;
  if (history.isPending) return <Skeleton height={60} aria-label={t('common.loading')} />;
  const versions = history.data;
  return (
    <ol className="activity-history" aria-label={t('activities.history.title')}>
      {versions.map((version, position) => {
        const older = versions[position + 1];
        const changes = older ? differences(kind, older, version, words) : [];
        return (
          <li key={version.version}>
            <p>
              {t('activities.history.line', {
                change: t(`activities.history.change.${version.change}`),
                at: momentText(version.at),
                by: actorText(version.by, t),
              })}
            </p>
            {version.change === 'withdrawn' && version.withdrawn && (
              <p className="quiet">{t(`activities.reasons.${version.withdrawn.reason}`)}</p>
            )}
            {changes.map(({ field, label, one, other }) => (
              <p key={field} className="quiet">
                {t('activities.history.was', { field: label, before: one ?? '–', after: other ?? '–' })}
              </p>
            ))}
          </li>
        );
      })}
    </ol>
  );
}
