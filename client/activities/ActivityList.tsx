import { Button, NativeSelect, Skeleton, Switch } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ActivityKind } from '../../contract/activities.ts';
import { useLanguage } from '../i18n/language.ts';
import { BackIcon } from '../ui/icons.tsx';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { ActivityItem } from './ActivityItem.tsx';
import type { ActivityCommune } from './activity-commune.ts';
import { recordLines } from './record-facts.ts';
import { useRecordableKinds } from './recordable-kinds.ts';
import { type AnyActivity, useActivityList } from './use-activities.ts';

type ActivityListProps = {
  kind: ActivityKind;
  /** The record whose details are open at first. */
  open: number | null;
  commune: ActivityCommune;
  onKind: (kind: ActivityKind) => void;
  onRecord: (kind: ActivityKind) => void;
  onCorrect: (activity: AnyActivity) => void;
  onBack: () => void;
};

/** What was recorded of a commune, newest day first. */
export function ActivityList({
  kind,
  open,
  commune,
  onKind,
  onRecord,
  onCorrect,
  onBack,
}: ActivityListProps) {
  const words = useLanguage();
  const { t } = words;
  const kinds = useRecordableKinds();
  const [withWithdrawn, setWithWithdrawn] = useState(false);
  const [opened, setOpened] = useState(open);
  const list = useActivityList(kind, commune.code, withWithdrawn);
  const [justWithdrawn, setJustWithdrawn] = useState<{ day: string; title: string } | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);

  const pages = list.data?.pages ?? [];
  const items = pages.flatMap((page) => page.items);
  return (
    <section className="activity-list" aria-label={t('activities.records')}>
      <Button variant="subtle" size="compact-sm" leftSection={<BackIcon />} onClick={onBack}>
        {t('activities.back')}
      </Button>
      <h3 ref={heading} tabIndex={-1}>
        {t('activities.records')}
      </h3>
      <p role="status">{justWithdrawn && t('activities.withdraw.done', justWithdrawn)}</p>
      <div className="list-controls">
        <NativeSelect
          aria-label={t('activities.list.kind')}
          size="md"
          value={kind}
          data={kinds.map((value) => ({ value, label: t(`activities.kinds.${value}`) }))}
          onChange={({ currentTarget: { value } }) => {
            setJustWithdrawn(null);
            setOpened(null);
            onKind(value as ActivityKind);
          }}
        />
        <Button size="md" variant="default" onClick={() => onRecord(kind)}>
          {t('activities.record')}
        </Button>
      </div>
      <Switch
        label={t('activities.list.withdrawn')}
        checked={withWithdrawn}
        onChange={({ currentTarget: { checked } }) => setWithWithdrawn(checked)}
      />
      {list.isError && <ReadFailed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={160} mt="sm" aria-label={t('common.loading')} />}
      {pages[0] && (
        <p className="quiet" role="status">
          {pages[0].matched === 0
            ? t('activities.list.none')
            : t('activities.list.matched', { count: pages[0].matched })}
        </p>
      )}
      <ul className="activity-items">
        {items.map((activity) => (
          <ActivityItem
            key={activity.id}
            kind={kind}
            activity={activity}
            open={opened === activity.id}
            onOpen={(next) => setOpened(next ? activity.id : null)}
            onCorrect={() => onCorrect(activity)}
            onWithdrawn={() => {
              // The row may leave the list, and the focus would go with it.
              setJustWithdrawn(recordLines(kind, activity, words));
              heading.current?.focus();
            }}
          />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button
          variant="default"
          fullWidth
          size="md"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t('activities.list.more')}
        </Button>
      )}
    </section>
  );
}
