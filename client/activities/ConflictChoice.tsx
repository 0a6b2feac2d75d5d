import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { ActivityKind } from '../../contract/activities.ts';
import { useLanguage } from '../i18n/language.ts';
import { actorText, differences, momentText, type Shown } from './record-facts.ts';
import type { AnyAnswer } from './use-activities.ts';

type ConflictChoiceProps = {
  kind: ActivityKind;
  mine: Shown;
  theirs: AnyAnswer;
  sending: boolean;
  onMine: () => void;
  onTheirs: () => void;
  onEdit: () => void;
};

/** Two people corrected one record: both versions side by side, and the choice is the person's. */
export function ConflictChoice({
  kind,
  mine,
  theirs,
  sending,
  onMine,
  onTheirs,
  onEdit,
}: ConflictChoiceProps) {
  const words = useLanguage();
  const { t } = words;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const rows = differences(kind, mine, theirs, words);
  return (
    <section className="conflict" aria-label={t('activities.conflict.title')}>
      <h3 ref={heading} tabIndex={-1}>
        {t('activities.conflict.title')}
      </h3>
      {rows.length === 0 ? (
        <p>{t('activities.conflict.same')}</p>
      ) : (
        <>
          <p>{t('activities.conflict.text')}</p>
          <table className="versions">
            <thead>
              <tr>
                <th scope="col">{t('activities.conflict.field')}</th>
                <th scope="col">{t('activities.conflict.mine')}</th>
                <th scope="col">
                  {t('activities.conflict.theirs')}
                  {theirs.changed && (
                    <span className="quiet version-by">
                      {t('activities.conflict.by', {
                        at: momentText(theirs.changed.at),
                        by: actorText(theirs.changed.by, t),
                      })}
                    </span>
                  )}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ field, label, one, other }) => (
                <tr key={field}>
                  <th scope="row">{label}</th>
                  <td>{one ?? '–'}</td>
                  <td>{other ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <div className="form-buttons">
        {rows.length > 0 && (
          <Button size="md" onClick={onMine} aria-disabled={sending}>
            {t('activities.conflict.keepMine')}
          </Button>
        )}
        <Button size="md" variant="default" onClick={onTheirs}>
          {t('activities.conflict.keepTheirs')}
        </Button>
        <Button size="md" variant="default" onClick={onEdit}>
          {t('activities.conflict.edit')}
        </Button>
      </div>
    </section>
  );
}
