import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import type { ActivityKind } from '../../contract/activities.ts';
import { useLanguage } from '../i18n/language.ts';
import { Facts } from '../ui/Facts.tsx';
import { ActivityHistory } from './ActivityHistory.tsx';
import { actorText, momentText, recordFacts, recordLines } from './record-facts.ts';
import type { AnyActivity } from './use-activities.ts';
import { WithdrawForm } from './WithdrawForm.tsx';

type ActivityItemProps = {
  kind: ActivityKind;
  activity: AnyActivity;
  open: boolean;
  onOpen: (open: boolean) => void;
  onCorrect: () => void;
  onWithdrawn: () => void;
};

export function ActivityItem({ kind, activity, open, onOpen, onCorrect, onWithdrawn }: ActivityItemProps) {
  const words = useLanguage();
  const { t } = words;
  const [below, setBelow] = useState<'history' | 'withdraw' | null>(null);
  const detailId = useId();
  const { withdrawn } = activity;
  const { day, title, detail } = recordLines(kind, activity, words);
  return (
    <li className="activity-item" data-withdrawn={withdrawn !== null}>
      <button
        type="button"
        className="activity-line"
        aria-expanded={open}
        aria-controls={open ? detailId : undefined}
        onClick={() => onOpen(!open)}
      >
        <span className="activity-day">{day}</span>
        <span className="activity-what">
          {withdrawn ? (
            <>
              <span className="withdrawn-mark">{t('activities.list.isWithdrawn')}</span> <s>{title}</s>
            </>
          ) : (
            title
          )}
          <span className="quiet">{withdrawn ? <s>{detail}</s> : detail}</span>
        </span>
      </button>
      {open && (
        <div className="activity-detail" id={detailId}>
          {withdrawn && (
            <p className="withdrawn-by">
              {t('activities.list.withdrawnFor', {
                at: momentText(withdrawn.at),
                by: actorText(withdrawn.by, t),
                reason: t(`activities.reasons.${withdrawn.reason}`).toLowerCase(),
              })}
            </p>
          )}
          <Facts facts={recordFacts(kind, activity, words).map(({ label, text }) => [label, text])} />
          {activity.simulated && <p className="quiet">{t('activities.list.simulated')}</p>}
          <div className="form-buttons">
            {!withdrawn && (
              <>
                <Button size="sm" variant="default" onClick={onCorrect}>
                  {t('activities.list.correct')}
                </Button>
                <Button
                  size="sm"
                  variant="default"
                  aria-expanded={below === 'withdraw'}
                  onClick={() => setBelow(below === 'withdraw' ? null : 'withdraw')}
                >
                  {t('activities.list.withdraw')}
                </Button>
              </>
            )}
            <Button
              size="sm"
              variant="default"
              aria-expanded={below === 'history'}
              onClick={() => setBelow(below === 'history' ? null : 'history')}
            >
              {t('activities.list.history')}
            </Button>
          </div>
          {below === 'withdraw' && !withdrawn && (
            <WithdrawForm
              kind={kind}
              activity={activity}
              onWithdrawn={() => {
                setBelow(null);
                onWithdrawn();
              }}
              onLeave={() => setBelow(null)}
            />
          )}
          {below === 'history' && <ActivityHistory kind={kind} activity={activity} />}
        </div>
      )}
    </li>
  );
}
